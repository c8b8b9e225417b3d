package patient

import (
	"context"
	"fmt"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// ContactState says whether a contact point may be used.
type ContactState string

// The states of a contact point. Wrong belongs to the number, whoever carries it.
const (
	ContactOK         ContactState = "ok"
	ContactWrong      ContactState = "wrong"
	ContactUnverified ContactState = "unverified"
)

// Contact is one way to reach a patient.
type Contact struct {
	ID         ContactID       `json:"id"`
	PatientID  ID              `json:"-"`
	System     identity.System `json:"system"`
	Value      string          `json:"value"` // masked when it leaves the room
	Number     string          `json:"-"`     // normalised: digits of a phone, else the value. Never shown
	Ext        string          `json:"-"`
	Owner      string          `json:"owner"` // self, or whose number it is: daughter, mother …
	Label      string          `json:"label"`
	State      ContactState    `json:"state" db:"-"`
	Rank       int64           `json:"rank"` // 1 is tried first
	VerifiedAt clock.Instant   `json:"verified_at"`
	ValidUntil clock.Instant   `json:"valid_until"`
	Source     string          `json:"source"` // "hand" or the feed
	CreatedAt  clock.Instant   `json:"-"`
	WrongAt    clock.Instant   `json:"-"`
}

// ContactInput is a contact point as typed; a text with several numbers makes several contact points.
type ContactInput struct {
	System string
	Value  string
	Owner  string
	Label  string
}

// ContactPatch changes the fields that are not nil. State "wrong" marks the number for everybody, "ok" verifies it again.
type ContactPatch struct {
	State *string
	Owner *string
	Label *string
	Rank  *int64
	Until *clock.Instant
}

func (c Contact) state() ContactState {
	switch {
	case c.WrongAt > 0:
		return ContactWrong
	case c.VerifiedAt > 0:
		return ContactOK
	}
	return ContactUnverified
}

// Masked is the contact point as it may leave the room.
func (c Contact) Masked() Contact {
	c.State = c.state()
	c.Value = identity.MaskContact(c.System, c.Value)
	return c
}

func (s *Service) area(ctx context.Context) string {
	return s.Setting.Text(ctx, "patient.phone.area_code", 0)
}

func (s *Service) readContacts(ctx context.Context, in []ContactInput, wrong *fault.Error) []Contact {
	var out []Contact
	seen := map[string]bool{}
	for i, c := range in {
		if strings.TrimSpace(c.Value) == "" {
			continue
		}
		read := readContact(c, s.area(ctx))
		if len(read) == 0 {
			wrong.With(fmt.Sprintf("contacts.%d.value", i), "patient.contact.malformed")
		}
		for _, x := range read {
			if !seen[x.Number] {
				seen[x.Number] = true
				x.Source = "hand"
				out = append(out, x)
			}
		}
	}
	return out
}

// readContact normalises one typed value; several telephone numbers in it give several contacts.
func readContact(c ContactInput, area string) []Contact {
	owner := strings.TrimSpace(c.Owner)
	if owner == "" {
		owner = "self"
	}
	sys := identity.System(c.System)
	if !sys.Valid() {
		return nil
	}
	if sys != identity.Mobile && sys != identity.Landline {
		p, ok := identity.NormalContact(sys, c.Value, area)
		if !ok {
			return nil
		}
		return []Contact{{System: sys, Value: p.Number, Number: p.Number, Owner: owner, Label: clean(c.Label)}}
	}
	var out []Contact
	for _, p := range identity.ParsePhones(c.Value, area) {
		label := clean(c.Label)
		if label == "" {
			label = p.Note
		}
		out = append(out, Contact{System: p.System, Value: p.String(), Number: p.Key(), Ext: p.Ext, Owner: owner, Label: label})
	}
	return out
}

// AddContact adds what was typed to a patient; a number the patient already has is left as it is.
func (s *Service) AddContact(ctx context.Context, id ID, in ContactInput) (Detail, error) {
	return s.edit(ctx, id, "patient.contact.create", "contacts", func(ctx context.Context, tx *db.Tx, id ID) error {
		wrong := fault.New(fault.Invalid, "patient.patient.invalid")
		cs := s.readContacts(ctx, []ContactInput{in}, wrong)
		if len(cs) == 0 {
			wrong.With("value", "patient.contact.malformed")
		}
		if err := wrong.Or(); err != nil {
			return err
		}
		_, err := s.addContacts(ctx, tx, id, cs, false)
		return err
	})
}

// addContacts appends those that the patient does not have; first puts them before the present ones. It tells how many were new.
func (s *Service) addContacts(ctx context.Context, tx *db.Tx, id ID, cs []Contact, first bool) (int, error) {
	have, err := contactsOf(ctx, tx, []ID{id})
	if err != nil {
		return 0, err
	}
	known := map[string]bool{}
	for _, h := range have {
		known[h.Number] = true
	}
	n := 0
	for _, c := range cs {
		if known[c.Number] {
			continue
		}
		known[c.Number] = true
		n++
		c.ID, c.PatientID, c.CreatedAt, c.Rank = db.New[contactKind](s.DB), id, tx.Now, int64(len(have)+n)
		if err := insertContact(ctx, tx, c); err != nil {
			return n, err
		}
		if first {
			if err := rankFirst(ctx, tx, id, c.ID); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// UpdateContact changes owner, label, order or state of a contact point.
func (s *Service) UpdateContact(ctx context.Context, id ID, contact ContactID, p ContactPatch) (Detail, error) {
	return s.edit(ctx, id, "patient.contact.update", "contacts", func(ctx context.Context, tx *db.Tx, id ID) error {
		c, err := findContact(ctx, tx, id, contact)
		if err != nil {
			return err
		}
		if p.Owner != nil {
			c.Owner = clean(*p.Owner)
		}
		if p.Label != nil {
			c.Label = clean(*p.Label)
		}
		if p.Until != nil {
			c.ValidUntil = *p.Until
		}
		if p.State != nil {
			if err := s.judge(ctx, tx, &c, ContactState(*p.State)); err != nil {
				return err
			}
		}
		if err := updateContact(ctx, tx, c); err != nil {
			return err
		}
		if p.Rank != nil && *p.Rank <= 1 {
			return rankFirst(ctx, tx, id, contact)
		}
		return nil
	})
}

func (s *Service) judge(ctx context.Context, tx *db.Tx, c *Contact, to ContactState) error {
	switch to {
	case ContactWrong:
		c.VerifiedAt = 0
		return markWrong(ctx, tx, c.Number, "marked", access.From(ctx).StaffID)
	case ContactOK:
		c.VerifiedAt = tx.Now
		return clearWrong(ctx, tx, c.Number)
	case ContactUnverified:
		c.VerifiedAt = 0
		return clearWrong(ctx, tx, c.Number)
	}
	return fault.New(fault.Invalid, "patient.patient.invalid").With("state", "patient.contact.state_unknown")
}

// RemoveContact takes a contact point away from a patient.
func (s *Service) RemoveContact(ctx context.Context, id ID, contact ContactID) (Detail, error) {
	return s.edit(ctx, id, "patient.contact.delete", "contacts", func(ctx context.Context, tx *db.Tx, id ID) error {
		if _, err := findContact(ctx, tx, id, contact); err != nil {
			return err
		}
		return deleteContact(ctx, tx, id, contact)
	})
}

// edit runs a change of what hangs on a patient, with permission, scope, search terms, version, trail and fact.
func (s *Service) edit(ctx context.Context, id ID, action, field string, fn func(ctx context.Context, tx *db.Tx, id ID) error) (Detail, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return Detail{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.Resolve(ctx, id)
		if err != nil {
			return err
		}
		if err := s.Visible(ctx, id); err != nil {
			return err
		}
		return s.rewrite(ctx, tx, id, action, field, func(ctx context.Context) error { return fn(ctx, tx, id) })
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Find(ctx, id)
}

// rewrite runs a change and brings search terms, version, trail and fact up to it.
func (s *Service) rewrite(ctx context.Context, tx *db.Tx, id ID, action, field string, fn func(ctx context.Context) error) error {
	p, err := findPatient(ctx, tx, id)
	if err != nil {
		return err
	}
	before, err := termsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := fn(ctx); err != nil {
		return err
	}
	if err := reindex(ctx, tx, id, before); err != nil {
		return err
	}
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	if err := s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "patient", EntityID: int64(id), PatientID: int64(id)}); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Updated{id, []string{field}})
}

// BestMobile is the contact point that calls and texts about care go to: of the person designated by a relation, else the patient's first
// mobile number by rank that is not marked wrong and still valid. Its Number is not masked; only senders inside the house may ask.
// Errors: not_found where there is none.
func (s *Service) BestMobile(ctx context.Context, id ID) (Contact, error) {
	r, err := s.ReachFor(ctx, id, "care")
	return r.Contact, err
}

// ContactOf gives one contact point with its unmasked Number, for senders inside the house.
func (s *Service) ContactOf(ctx context.Context, id ID, contact ContactID) (Contact, error) {
	tx := s.DB.Read(ctx)
	id, err := resolve(ctx, tx, id)
	if err != nil {
		return Contact{}, err
	}
	c, err := findContact(ctx, tx, id, contact)
	return c.Masked(), err
}

// ByNumber lists the live patients who have a telephone number, whatever the scope; the number in any written form.
func (s *Service) ByNumber(ctx context.Context, number string) ([]ID, error) {
	return byNumber(ctx, s.DB.Read(ctx), s.normal(ctx, number))
}

// normal is the normalised form of a number, the text itself where it is none.
func (s *Service) normal(ctx context.Context, number string) string {
	if ps := identity.ParsePhones(number, s.area(ctx)); len(ps) > 0 {
		return ps[0].Key()
	}
	return strings.TrimSpace(number)
}

// MarkWrong marks a number as wrong for everybody who has it, until somebody verifies it again.
func (s *Service) MarkWrong(ctx context.Context, number, reason string) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n := s.normal(ctx, number)
		if err := markWrong(ctx, tx, n, reason, access.From(ctx).StaffID); err != nil {
			return err
		}
		ids, err := byNumber(ctx, tx, n)
		for _, id := range ids {
			if err := s.Trail.Append(ctx, trail.Entry{Action: "patient.contact.mark_wrong", Entity: "patient", EntityID: int64(id), PatientID: int64(id), Reason: reason}); err != nil {
				return err
			}
		}
		return err
	})
}

// IsWrong tells whether a number is marked wrong.
func (s *Service) IsWrong(ctx context.Context, number string) (bool, error) {
	return isWrong(ctx, s.DB.Read(ctx), s.normal(ctx, number))
}
