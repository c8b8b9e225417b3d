package sms

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"renxin/internal/message"
	"renxin/internal/platform/clock"
)

// Frames written by hand from the tables of the specification.
func TestSM04_GoldenFrames(t *testing.T) {
	for _, c := range []struct {
		name, wire string
		f          frame
	}{
		{"enquire_link, §4.11", "00000010000000150000000000000001", frame{command: enquireLink, sequence: 1}},
		{"generic_nack, §4.3", "00000010800000000000000300000007", frame{command: genericNack, status: statusBadCommand, sequence: 7}},
		{"bind_transceiver, §4.1.5", "0000001b0000000900000000000000016e610063700000" + "34000000", frame{command: bindTransceiver, sequence: 1,
			body: bind{systemID: "na", password: "cp", version: interfaceVersion}.bytes()}},
		{"submit_sm_resp, §4.4.2", "0000001480000004000000000000000561623100", frame{command: submitSMResp, sequence: 5, body: []byte("ab1\x00")}},
	} {
		wire, err := hex.DecodeString(c.wire)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readFrame(bytes.NewReader(wire))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if c.f.command != 0 && (got.command != c.f.command || got.status != c.f.status || got.sequence != c.f.sequence || !bytes.Equal(got.body, c.f.body)) {
			t.Errorf("%s: %+v", c.name, got)
		}
		if !bytes.Equal(got.bytes(), wire) {
			t.Errorf("%s: written as %x", c.name, got.bytes())
		}
	}
}

func TestSM04_BindBody(t *testing.T) {
	b := bind{systemID: "renxin", password: "secret08", systemType: "HIS", version: interfaceVersion}
	want := "renxin\x00secret08\x00HIS\x00\x34\x00\x00\x00"
	if string(b.bytes()) != want {
		t.Errorf("%q", b.bytes())
	}
	got, ok := parseBind(b.bytes())
	if !ok || got != b {
		t.Errorf("%+v %v", got, ok)
	}
	if _, ok := parseBind([]byte("renxin\x00secret0890123\x00")); ok {
		t.Error("a password of more than eight octets was read")
	}
}

func TestSM04_SubmitBody(t *testing.T) {
	s := short{source: address{0, 1, "106900771"}, dest: address{1, 1, "8615400000001"}, registered: 1, coding: codingUCS2, message: []byte{0x4F, 0x60}}
	want := "00" + "0001" + hex.EncodeToString([]byte("106900771")) + "00" + "0101" + hex.EncodeToString([]byte("8615400000001")) + "00" +
		"000000" + "00" + "00" + "01000800" + "02" + "4f60"
	if got := hex.EncodeToString(s.bytes()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	back, ok := parseShort(s.bytes())
	if !ok || !reflect.DeepEqual(back, s) {
		t.Errorf("%+v", back)
	}
	long := short{message: bytes.Repeat([]byte{1}, 300)}
	if back, ok := parseShort(long.bytes()); !ok || len(back.message) != 300 {
		t.Error("message_payload does not come back")
	}
}

func TestSM04_FrameBounds(t *testing.T) {
	for _, wire := range []string{"0000000f000000150000000000000001", "ffffffff000000150000000000000001", "00000000000000150000000000000001"} {
		b, _ := hex.DecodeString(wire)
		if _, err := readFrame(bytes.NewReader(b)); !errors.Is(err, errFrame) {
			t.Errorf("%s: %v", wire, err)
		}
	}
}

func TestSM08_ConcatenationHeaders(t *testing.T) {
	for _, c := range []struct {
		octets string
		want   place
		rest   string
	}{
		{"050003070201", place{ref: 7, total: 2, index: 1}, ""},
		{"0608041234030241", place{ref: 0x1234, wide: true, total: 3, index: 2}, "41"},
		{"0b0504158200000003090201" + "41", place{ref: 9, total: 2, index: 1}, "41"},
		{"ff0003", place{}, "ff0003"},
		{"0500", place{}, "0500"},
		{"", place{}, ""},
	} {
		b, _ := hex.DecodeString(c.octets)
		p, rest := cutHeader(b)
		if p != c.want || hex.EncodeToString(rest) != c.rest {
			t.Errorf("%s: %+v %x", c.octets, p, rest)
		}
	}
	for _, p := range []place{{ref: 200, total: 3, index: 2}, {ref: 40000, wide: true, total: 4, index: 4}} {
		if got, _ := cutHeader(p.header()); got != p {
			t.Errorf("%+v came back as %+v", p, got)
		}
	}
}

func TestSM08_Decoding(t *testing.T) {
	for _, c := range []struct {
		coding byte
		octets string
		want   string
	}{
		{codingUCS2, "4f60d83ddc4d", "你👍"},
		{codingUCS2, "4f60d83d", "你\uFFFD"},
		{codingUCS2, "4f604f", "你"},
		{codingDefault, "68691b65", "hi€"},
		{codingDefault, "00", "@"},
		{codingLatin1, "e9", "é"},
		{codingGB, "c4e3bac3", "你好"},
		{codingBinary, "0102", "[2 octets]"},
	} {
		b, _ := hex.DecodeString(c.octets)
		if got, _ := decode(c.coding, b); got != c.want {
			t.Errorf("coding %d %s: %q", c.coding, c.octets, got)
		}
	}
}

func TestSM08_SurrogateCutBetweenParts(t *testing.T) {
	_, a := decode(codingUCS2, []byte{0x4F, 0x60, 0xD8, 0x3D})
	_, b := decode(codingUCS2, []byte{0xDC, 0x4D})
	text, ok := message.Join([]message.Part{{Index: 2, Total: 2, Units: b}, {Index: 1, Total: 2, Units: a}, {Index: 1, Total: 2, Units: a}})
	if !ok || text != "你👍" {
		t.Errorf("%q %v", text, ok)
	}
}

func TestSM03_ReceiptForms(t *testing.T) {
	zone := time.FixedZone("", 8*60*60)
	now := clock.At(time.Date(2026, 11, 23, 9, 0, 0, 0, zone))
	done := clock.At(time.Date(2026, 11, 23, 8, 59, 0, 0, zone))
	text := func(s string) short {
		return short{esmClass: esmReceipt, source: address{number: "15400000001"}, message: []byte(s)}
	}
	withState := func(s short, state byte) short {
		s.options = []tlv{{tagReceiptedID, []byte("AB12\x00")}, {tagMessageState, []byte{state}}}
		return s
	}
	for _, c := range []struct {
		name string
		s    short
		want message.Receipt
		ok   bool
	}{
		{"appendix B", text("id:0123456789 sub:001 dlvrd:001 submit date:2611230858 done date:2611230859 stat:DELIVRD err:000 Text:abc"),
			message.Receipt{ProviderID: "0123456789", State: message.ReceiptDelivered, Code: "DELIVRD", At: done}, true},
		{"seconds and error", text("id:77 done date:261123085900 stat:UNDELIV err:069"),
			message.Receipt{ProviderID: "77", State: message.ReceiptFailed, Code: "UNDELIV 069", At: done}, true},
		{"operator's own code", text("id:77 stat:MK:0012 err:000"),
			message.Receipt{ProviderID: "77", State: message.ReceiptFailed, Code: "MK:0012", At: now}, true},
		{"parameters win", withState(text("id:99 stat:UNDELIV"), 2),
			message.Receipt{ProviderID: "AB12", State: message.ReceiptDelivered, Code: "DELIVRD", At: now}, true},
		{"unknown", withState(text(""), 7), message.Receipt{ProviderID: "AB12", State: message.ReceiptUnknown, Code: "UNKNOWN", At: now}, true},
		{"on the way", withState(text(""), 1), message.Receipt{}, false},
		{"accepted only", text("id:77 stat:ACCEPTD"), message.Receipt{}, false},
		{"no id", text("stat:DELIVRD"), message.Receipt{}, false},
	} {
		got, ok := c.s.receipt(zone, now)
		c.want.Number = "15400000001"
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %+v %v", c.name, got, ok)
		}
	}
	if !withState(short{}, 2).isReceipt() {
		t.Error("a receipt with esm_class 0 was taken for a reply")
	}
	if (short{message: []byte("id:5 stat:DELIVRD")}).isReceipt() {
		t.Error("a patient's text was taken for a receipt")
	}
}

func TestSM05_PaceNeverExceedsRate(t *testing.T) {
	const rate = 7
	p := newPace(rate)
	start := time.Unix(1000, 0)
	var at []time.Time
	for i := range 200 { // callers come in bursts
		now := start.Add(time.Duration(i/40) * 900 * time.Millisecond)
		at = append(at, now.Add(p.place(now)))
		if i == 100 {
			p.slower(now)
		}
	}
	for i, from := range at {
		n := 0
		for _, x := range at[i:] {
			if x.Sub(from) < time.Second-time.Millisecond {
				n++
			}
		}
		if n > rate {
			t.Fatalf("%d places within a second after %v", n, from)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(short{source: address{0, 1, "1069"}, dest: address{1, 1, "15400000001"}, esmClass: esmUDHI, coding: codingUCS2,
		message: []byte{5, 0, 3, 1, 2, 1, 0x4F, 0x60}, options: []tlv{{tagMessageState, []byte{2}}}}.bytes())
	f.Add(bind{systemID: "a", password: "b"}.bytes())
	f.Add([]byte(strings.Repeat("\x00", 20)))
	f.Fuzz(func(t *testing.T, body []byte) {
		if b, ok := parseBind(body); ok {
			if again, ok := parseBind(b.bytes()); !ok || again != b {
				t.Fatalf("bind %+v came back as %+v", b, again)
			}
		}
		s, ok := parseShort(body)
		if !ok {
			return
		}
		s.open()
		s.receipt(time.UTC, 1)
		again, ok := parseShort(s.bytes())
		if !ok || again.source != s.source || again.dest != s.dest || !bytes.Equal(again.message, s.message) {
			t.Fatalf("%+v came back as %+v", s, again)
		}
	})
}

func FuzzReadFrame(f *testing.F) {
	f.Add(frame{command: deliverSM, sequence: 3, body: []byte("x")}.bytes())
	f.Fuzz(func(t *testing.T, wire []byte) {
		fr, err := readFrame(bytes.NewReader(wire))
		if err == nil && !bytes.HasPrefix(wire, fr.bytes()) {
			t.Fatal("a frame came back differently")
		}
	})
}
