package message

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"renxin/internal/consent"
	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

// InboxState is where an incoming message stands.
type InboxState string

// The states of an incoming message.
const (
	InboxNew    InboxState = "new"          // to be read
	InboxCoded  InboxState = "coded"        // understood and handed to the room that asked
	InboxPerson InboxState = "needs_person" // somebody must decide
	InboxDone   InboxState = "done"         // dealt with
)

// Reply is a message that came in, as stored. PatientID is zero while nobody knows whose number it is.
type Reply struct {
	ID          IncomingID
	PatientID   patient.ID
	Route       string
	ProviderID  string
	Address     string // normalised number; never leaves the house unmasked
	Number      string // our number as dialled
	Extension   string
	Text        string
	ReceivedAt  clock.Instant
	State       InboxState
	Reason      string // why a person is needed
	Code        string
	CodeLabel   string
	Provisional bool
	OptOut      bool
	QuestionID  ID
	MessageID   ID
	OwnerID     int64
	DoneBy      int64
	DoneAt      clock.Instant
}

// Why a person is needed.
const (
	ReasonUnclear   = "unclear"   // the text is no accepted answer
	ReasonAmbiguous = "ambiguous" // several questions are open and nothing tells which is meant
	ReasonLate      = "late"      // the question is past its time
	ReasonChanged   = "changed"   // the question was answered before, and differently
	ReasonUnmatched = "unmatched" // nobody has this number
	ReasonShared    = "shared"    // several patients have this number
	ReasonOptOut    = "opt_out"   // the writer refuses messages
)

// OnIncoming implements Inlet: it returns after the commit. Parts of long messages are kept until all are there.
func (s *Service) OnIncoming(ctx context.Context, in Incoming) error {
	ctx = access.AsSystem(ctx, "message.incoming")
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		address := normal(in.From)
		if in.Part.Total > 1 {
			if err := keepPart(ctx, tx, in, address); err != nil {
				return err
			}
			parts, err := keptParts(ctx, tx, in.Route, address, in.Part.Ref, in.Part.Total)
			if err != nil {
				return err
			}
			whole, ok := Join(parts)
			if !ok || whole == "" {
				return nil // more to come, or a repeat of what is done
			}
			if err := emptyParts(ctx, tx, in.Route, address, in.Part.Ref, in.Part.Total); err != nil {
				return err
			}
			in.Text = whole
		}
		return s.receive(ctx, tx, in, address)
	})
}

// normal is the number as our own rows write it.
func normal(number string) string {
	if list := identity.ParsePhones(number, ""); len(list) > 0 {
		return list[0].Key()
	}
	return strings.TrimPrefix(strings.TrimSpace(number), "+")
}

// receive stores a whole message, finds out whom and what it answers, and tells the rooms.
func (s *Service) receive(ctx context.Context, tx *db.Tx, in Incoming, address string) error {
	again, err := repeated(ctx, tx, in, address, tx.Now.Add(-2*time.Minute))
	if err != nil || again {
		return err
	}
	r := Reply{ID: db.New[incomingKind](s.DB), Route: in.Route, ProviderID: in.ProviderID, Address: address, Number: in.To,
		Text: clean(in.Text), ReceivedAt: tx.Now, State: InboxNew}
	asked, err := s.resolve(ctx, tx, &r)
	if err != nil {
		return err
	}
	reading := s.understand(&r, asked)
	if reading.OptOut {
		if err := s.refuse(ctx, &r); err != nil {
			return err
		}
	}
	if err := insertReply(ctx, tx, r); err != nil {
		return err
	}
	if asked.ok && r.Code != "" {
		if err := s.answer(ctx, tx, r, asked); err != nil {
			return err
		}
	}
	return s.Board.Publish(ctx, Received{IncomingID: r.ID, PatientID: r.PatientID, OwnerID: staff.ID(r.OwnerID)})
}

// clean drops what no database text may hold.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

// pending is a question as stored.
type pending struct {
	MessageID ID
	PatientID patient.ID
	Extension string
	Choices   string
	Room      string
	Ref       int64
	State     string
	ExpiresAt clock.Instant
	Code      string
	SenderID  int64
}

func (p pending) choices() (list []Choice) {
	json.Unmarshal([]byte(p.Choices), &list) // written by insertQuestion
	return list
}

// asked is the question that a reply belongs to.
type asked struct {
	pending
	ok        bool
	ambiguous bool // one of several; the latest
	late      bool // past its time, or answered before
}

// resolve finds patient, message, question and owner: by the extension that was dialled, else by the only open question of
// the number, else by who has the number.
func (s *Service) resolve(ctx context.Context, tx *db.Tx, r *Reply) (a asked, err error) {
	sent, err := sentTo(ctx, tx, r.Address, tx.Now.Add(-60*24*time.Hour))
	if err != nil {
		return a, err
	}
	questions, err := questionsOf(ctx, tx, r.Address, tx.Now.Add(-60*24*time.Hour))
	if err != nil {
		return a, err
	}
	if m, ok := dialled(sent, r.Number); ok {
		r.Extension, r.PatientID, r.MessageID, r.OwnerID = m.Extension, m.PatientID, m.ID, m.SenderID
		a = questionFor(questions, m, tx.Now)
	}
	if !a.ok {
		a = onlyOpen(questions, *r, tx.Now)
	}
	if a.ok {
		r.QuestionID, r.MessageID, r.PatientID, r.OwnerID = a.MessageID, a.MessageID, a.PatientID, a.SenderID
	}
	return a, s.findWriter(ctx, tx, r, sent)
}

// dialled is the latest message whose extension ends the number that the writer dialled.
func dialled(sent []Message, number string) (Message, bool) {
	for _, m := range sent {
		if m.Extension != "" && strings.HasSuffix(number, m.Extension) && len(number) > len(m.Extension) {
			return m, true
		}
	}
	return Message{}, false
}

// questionFor is the question of exactly this message.
func questionFor(questions []pending, m Message, now clock.Instant) asked {
	for _, q := range questions {
		if q.MessageID == m.ID {
			return asked{pending: q, ok: true, late: q.State != "open" || q.ExpiresAt <= now}
		}
	}
	return asked{}
}

// onlyOpen is the only open question of the number, or of the patient that the extension told; of several the latest, as
// ambiguous; without an open one the latest that was closed, as late.
func onlyOpen(questions []pending, r Reply, now clock.Instant) asked {
	var open, closed []pending
	for _, q := range questions {
		if r.PatientID != 0 && q.PatientID != r.PatientID {
			continue
		}
		if q.State == "open" && q.ExpiresAt > now {
			open = append(open, q)
		} else if q.State != "dropped" {
			closed = append(closed, q)
		}
	}
	switch {
	case len(open) > 0:
		return asked{pending: open[0], ok: true, ambiguous: len(open) > 1}
	case len(closed) > 0:
		return asked{pending: closed[0], ok: true, late: true}
	}
	return asked{}
}

// findWriter completes patient and owner, and says why a person must look when they stay unknown.
func (s *Service) findWriter(ctx context.Context, tx *db.Tx, r *Reply, sent []Message) error {
	if r.PatientID == 0 {
		owners, err := s.Patient.ByNumber(ctx, r.Address)
		if err != nil {
			return err
		}
		switch {
		case len(owners) == 1:
			r.PatientID = owners[0]
		case len(owners) > 1 && len(sent) > 0:
			r.PatientID, r.State, r.Reason = sent[0].PatientID, InboxPerson, ReasonShared
		case len(owners) > 1:
			r.State, r.Reason = InboxPerson, ReasonShared
		default:
			r.State, r.Reason = InboxPerson, ReasonUnmatched
		}
	}
	if r.PatientID == 0 {
		return nil
	}
	id, err := s.Patient.Resolve(ctx, r.PatientID)
	if err != nil {
		return err
	}
	r.PatientID = id
	if r.MessageID == 0 && len(sent) > 0 && sent[0].PatientID == id {
		r.MessageID, r.OwnerID = sent[0].ID, sent[0].SenderID
	}
	if r.OwnerID == 0 {
		r.OwnerID, err = ownerOf(ctx, tx, id)
	}
	return err
}

// understand reads the text and fills code and state.
func (s *Service) understand(r *Reply, a asked) Reading {
	choices := a.choices()
	reading := Read(r.Text, choices)
	r.OptOut = reading.OptOut
	if !a.ok || reading.OptOut {
		return reading
	}
	r.Code = reading.Code
	r.State = InboxCoded
	needs := func(reason string) { r.State, r.Reason, r.Provisional = InboxPerson, reason, true }
	switch {
	case reading.Code == "" && a.late && reading.Guess == "":
		r.State = InboxNew // small talk long after
	case reading.Code == "":
		r.Code = reading.Guess
		needs(ReasonUnclear)
	case a.State == "answered" && a.Code == reading.Code:
		r.State = InboxCoded // said again
	case a.State == "answered":
		needs(ReasonChanged)
	case a.late:
		needs(ReasonLate)
	case a.ambiguous:
		needs(ReasonAmbiguous)
	}
	for _, c := range choices {
		if c.Code == r.Code {
			r.CodeLabel = c.Label
		}
	}
	return reading
}

// answer closes the question when the answer is clear, and tells the room that asked. A provisional one stays open for a
// clearer word.
func (s *Service) answer(ctx context.Context, tx *db.Tx, r Reply, a asked) error {
	if a.State == "answered" && a.Code == r.Code {
		return nil
	}
	if !r.Provisional {
		if err := closeQuestion(ctx, tx, a.pending, r); err != nil {
			return err
		}
	}
	return s.Board.Publish(ctx, Answered{PatientID: r.PatientID, MessageID: a.MessageID, IncomingID: r.ID, Room: a.Room, Ref: a.Ref,
		Code: r.Code, Provisional: r.Provisional})
}

// refuse records an opt-out for everybody who has the number: no promotion and no survey on any channel. Care and notices
// go on unless a person withdraws them too, so somebody looks when the refused message was one of those.
func (s *Service) refuse(ctx context.Context, r *Reply) error {
	list, err := s.Patient.ByNumber(ctx, r.Address)
	if err != nil {
		return err
	}
	if r.PatientID != 0 {
		list = append(list, r.PatientID)
	}
	seen := map[patient.ID]bool{}
	for _, id := range list {
		if seen[id] {
			continue
		}
		seen[id] = true
		if err := s.Consent.OptOut(ctx, id, consent.Any, []consent.Purpose{consent.Survey, consent.Promotion}, "reply "+r.ID.String()); err != nil {
			return err
		}
	}
	r.State, r.Reason = InboxPerson, ReasonOptOut
	return nil
}

// giveUpParts lets incomplete long messages through with a mark where a part is missing, so that nothing a patient wrote is lost.
func (s *Service) giveUpParts(ctx context.Context, tx *db.Tx) error {
	torn, err := tornParts(ctx, tx, tx.Now.Add(-10*time.Minute))
	if err != nil {
		return err
	}
	for _, t := range torn {
		parts, err := keptParts(ctx, tx, t.Route, t.Address, t.Ref, t.Total)
		if err != nil {
			return err
		}
		if whole, ok := Join(parts); ok && whole == "" { // done long ago
			if err := dropParts(ctx, tx, t.Route, t.Address, t.Ref, t.Total); err != nil {
				return err
			}
			continue
		}
		have := map[int]bool{}
		for _, p := range parts {
			have[p.Index] = true
		}
		for i := 1; i <= t.Total; i++ {
			if !have[i] {
				parts = append(parts, Part{Index: i, Total: t.Total, Units: Units(EncodeUCS2("[…]"))})
			}
		}
		text, ok := Join(parts)
		if !ok {
			return errors.New("message: parts do not join")
		}
		if err := dropParts(ctx, tx, t.Route, t.Address, t.Ref, t.Total); err != nil {
			return err
		}
		if err := s.receive(ctx, tx, Incoming{Route: t.Route, From: t.Address, Text: text, At: tx.Now}, t.Address); err != nil {
			return err
		}
	}
	return nil
}

// hexUnits and unhex store UTF-16 units as text, four digits each.
func hexUnits(units []uint16) string {
	var b strings.Builder
	for _, u := range units {
		fmt.Fprintf(&b, "%04x", u)
	}
	return b.String()
}

func unhex(s string) []uint16 {
	units := make([]uint16, 0, len(s)/4)
	for i := 0; i+4 <= len(s); i += 4 {
		u, err := strconv.ParseUint(s[i:i+4], 16, 16)
		if err != nil {
			return units
		}
		units = append(units, uint16(u))
	}
	return units
}
