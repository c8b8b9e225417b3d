package sms

import (
	"regexp"
	"strings"
	"time"

	"renxin/internal/message"
	"renxin/internal/platform/clock"
)

// isReceipt tells a delivery receipt from a reply: by esm_class, §5.2.12, or by receipted_message_id, which some centres
// send with esm_class 0.
func (s short) isReceipt() bool {
	kind := s.esmClass & esmTypeMask
	_, receipted := s.option(tagReceiptedID)
	return kind == esmReceipt || kind == esmIntermediate || kind == 0 && receipted
}

// fields of the text form, appendix B: "id:… sub:001 dlvrd:001 submit date:… done date:YYMMDDhhmm stat:DELIVRD err:000 text:…".
var (
	receiptID   = regexp.MustCompile(`(?i)\bid:\s*([^\s]{1,64})`)
	receiptStat = regexp.MustCompile(`(?i)\bstat:\s*([^\s]{1,16})`)
	receiptErr  = regexp.MustCompile(`(?i)\berr:\s*([^\s]{1,16})`)
	receiptDone = regexp.MustCompile(`(?i)\bdone date:\s*(\d{10,14})`)
)

// receipt reads a delivery receipt; parameters win over text, §5.3.2.12 and §5.3.2.35. ok is false for states on the way
// (ENROUTE, ACCEPTD) and for receipts without an id, which say nothing that could be used.
func (s short) receipt(zone *time.Location, now clock.Instant) (r message.Receipt, ok bool) {
	text, _, _ := s.open()
	r = message.Receipt{ProviderID: s.text(tagReceiptedID), Number: s.source.number, At: doneAt(text, zone, now)}
	if r.ProviderID == "" {
		r.ProviderID = first(receiptID, text)
	}
	stat := stateNames[s.number(tagMessageState)]
	if stat == "" {
		stat = strings.ToUpper(first(receiptStat, text))
	}
	r.Code = stat
	if e := first(receiptErr, text); e != "" && strings.Trim(e, "0") != "" {
		r.Code += " " + e
	}
	var final bool
	r.State, final = outcome(stat)
	return r, final && r.ProviderID != ""
}

// stateNames are the message_state values, §5.2.28, in the words of appendix B.
var stateNames = map[int]string{
	1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD",
}

// outcome maps a stat; Chinese operators put their own codes ("MK:0012", "DB:0141") there, and all of those are failures.
func outcome(stat string) (state message.ReceiptState, final bool) {
	switch stat {
	case "DELIVRD", "DELIVERED":
		return message.ReceiptDelivered, true
	case "ENROUTE", "ACCEPTD", "BUFFRED", "":
		return "", false
	case "UNKNOWN":
		return message.ReceiptUnknown, true
	}
	return message.ReceiptFailed, true
}

// doneAt reads "done date", which is YYMMDDhhmm or YYMMDDhhmmss in the centre's zone; now when absent or odd.
func doneAt(text string, zone *time.Location, now clock.Instant) clock.Instant {
	digits := first(receiptDone, text)
	layout := map[int]string{10: "0601021504", 12: "060102150405", 14: "20060102150405"}[len(digits)]
	t, err := time.ParseInLocation(layout, digits, zone)
	if layout == "" || err != nil {
		return now
	}
	return clock.At(t)
}

func first(re *regexp.Regexp, text string) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
