package organization

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

type (
	contractKind struct{}
	contactKind  struct{}
	callKind     struct{}
)

// Prefix implements db.Kind.
func (contractKind) Prefix() string { return "oc" }

// Prefix implements db.Kind.
func (contactKind) Prefix() string { return "op" }

// Prefix implements db.Kind.
func (callKind) Prefix() string { return "ov" }

// Typed IDs of what hangs on an organisation.
type (
	ContractID = db.ID[contractKind] // a contract
	ContactID  = db.ID[contactKind]  // a contact person
	CallID     = db.ID[callKind]     // a visit or call by our staff
)

// Contract is what was agreed with an organisation.
type Contract struct {
	ID             ContractID    `json:"id"`
	OrganizationID ID            `json:"-"`
	Number         string        `json:"number"`
	Title          string        `json:"title"`
	ValidFrom      clock.Date    `json:"valid_from"`
	ValidTo        clock.Date    `json:"valid_to"` // last day, "" = no end
	AmountFen      int64         `json:"amount_fen"`
	Terms          string        `json:"terms"`
	CreatedBy      int64         `json:"-"`
	CreatedAt      clock.Instant `json:"created_at"`
	UpdatedAt      clock.Instant `json:"updated_at"`
	Version        int64         `json:"version"`
	Current        bool          `json:"current" db:"-"` // holds today
}

// Contact is somebody at the organisation with whom we speak.
type Contact struct {
	ID             ContactID     `json:"id"`
	OrganizationID ID            `json:"-"`
	Name           string        `json:"name"`
	Post           string        `json:"post"`
	Phone          string        `json:"phone"`
	Email          string        `json:"email"`
	Main           bool          `json:"main"`
	Note           string        `json:"note"`
	UpdatedAt      clock.Instant `json:"updated_at"`
	Version        int64         `json:"version"`
}

// Call is one visit, telephone call or meeting of our staff with an organisation.
type Call struct {
	ID             CallID        `json:"id"`
	OrganizationID ID            `json:"-"`
	Kind           string        `json:"kind"` // visit, phone, meeting, event
	At             clock.Instant `json:"at"`
	Text           string        `json:"text"`
	NextDate       clock.Date    `json:"next_date"` // when to come again, "" = not agreed
	StaffID        int64         `json:"-"`
	Staff          string        `json:"staff"`
	CreatedAt      clock.Instant `json:"created_at"`
}

// Card is an organisation with what hangs on it.
type Card struct {
	Organization
	Contracts []Contract
	Contacts  []Contact
	Calls     []Call
}

// Card gives an organisation with its contracts, contacts and the last hundred visits.
func (s *Service) Card(ctx context.Context, id ID) (Card, error) {
	o, err := s.Find(ctx, id)
	if err != nil {
		return Card{}, err
	}
	c := Card{Organization: o}
	tx := s.read(ctx)
	if c.Contracts, err = contractsOf(ctx, tx, id); err != nil {
		return c, err
	}
	today := s.DB.Clock().Today()
	for i, x := range c.Contracts {
		c.Contracts[i].Current = x.ValidFrom <= today && (x.ValidTo == "" || x.ValidTo >= today)
	}
	if c.Contacts, err = contactsOf(ctx, tx, id); err != nil {
		return c, err
	}
	c.Calls, err = callsOf(ctx, tx, id)
	return c, err
}

// SaveContract adds a contract, or changes the one that in names; of a changed one Version must be the present.
func (s *Service) SaveContract(ctx context.Context, id ID, in Contract) (ContractID, error) {
	f := fault.New(fault.Invalid, "organization.organization.invalid")
	in.Number, in.Title, in.Terms = strings.TrimSpace(in.Number), strings.TrimSpace(in.Title), strings.TrimSpace(in.Terms)
	if in.Title == "" || len([]rune(in.Title)) > 80 {
		f.With("title", "organization.contract.title")
	}
	if _, err := clock.ParseDate(string(in.ValidFrom)); err != nil {
		f.With("valid_from", "organization.member.day")
	}
	if _, err := clock.ParseDate(string(in.ValidTo)); in.ValidTo != "" && (err != nil || in.ValidTo < in.ValidFrom) {
		f.With("valid_to", "organization.member.order")
	}
	if in.AmountFen < 0 {
		f.With("amount_fen", "organization.contract.amount")
	}
	if len([]rune(in.Terms)) > 2000 {
		f.With("terms", "organization.text.too_long", "limit", 2000)
	}
	err := s.hang(ctx, id, "contract", f, func(ctx context.Context, tx *db.Tx) (int64, error) {
		in.OrganizationID, in.UpdatedAt = id, tx.Now
		if in.ID == 0 {
			in.ID, in.CreatedBy, in.CreatedAt, in.Version = db.New[contractKind](s.DB), access.From(ctx).StaffID, tx.Now, 1
			return int64(in.ID), insertContract(ctx, tx, in)
		}
		return int64(in.ID), updateContract(ctx, tx, in)
	})
	return in.ID, err
}

// SaveContact adds a contact person, or changes the one that in names; a main one takes the place of the last.
func (s *Service) SaveContact(ctx context.Context, id ID, in Contact) (ContactID, error) {
	f := fault.New(fault.Invalid, "organization.organization.invalid")
	in.Name, in.Post, in.Phone, in.Email, in.Note = strings.TrimSpace(in.Name), strings.TrimSpace(in.Post), strings.TrimSpace(in.Phone), strings.TrimSpace(in.Email), strings.TrimSpace(in.Note)
	if in.Name == "" || len([]rune(in.Name)) > 40 {
		f.With("name", "organization.contact.name")
	}
	for path, v := range map[string]string{"post": in.Post, "phone": in.Phone, "email": in.Email, "note": in.Note} {
		if len([]rune(v)) > 120 {
			f.With(path, "organization.text.too_long", "limit", 120)
		}
	}
	err := s.hang(ctx, id, "contact", f, func(ctx context.Context, tx *db.Tx) (int64, error) {
		in.OrganizationID, in.UpdatedAt = id, tx.Now
		if in.Main {
			if err := demoteContacts(ctx, tx, id); err != nil {
				return 0, err
			}
		}
		if in.ID == 0 {
			in.ID, in.Version = db.New[contactKind](s.DB), 1
			return int64(in.ID), insertContact(ctx, tx, in)
		}
		return int64(in.ID), updateContact(ctx, tx, in)
	})
	return in.ID, err
}

// RemoveContact takes a contact person away.
func (s *Service) RemoveContact(ctx context.Context, id ID, contact ContactID) error {
	return s.hang(ctx, id, "contact", nil, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return int64(contact), deleteContact(ctx, tx, id, contact)
	})
}

// RemoveContract takes a contract away that was recorded by mistake.
func (s *Service) RemoveContract(ctx context.Context, id ID, contract ContractID) error {
	return s.hang(ctx, id, "contract", nil, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return int64(contract), deleteContract(ctx, tx, id, contract)
	})
}

// LogCall writes down a visit or call by the caller; At zero = now.
func (s *Service) LogCall(ctx context.Context, id ID, in Call) (CallID, error) {
	f := fault.New(fault.Invalid, "organization.organization.invalid")
	if in.Text = strings.TrimSpace(in.Text); in.Text == "" || len([]rune(in.Text)) > 2000 {
		f.With("text", "organization.call.text")
	}
	if !slices.Contains([]string{"visit", "phone", "meeting", "event"}, in.Kind) {
		f.With("kind", "organization.organization.unknown_kind")
	}
	if _, err := clock.ParseDate(string(in.NextDate)); in.NextDate != "" && err != nil {
		f.With("next_date", "organization.member.day")
	}
	err := s.hang(ctx, id, "call", f, func(ctx context.Context, tx *db.Tx) (int64, error) {
		in.ID, in.OrganizationID, in.StaffID, in.CreatedAt = db.New[callKind](s.DB), id, access.From(ctx).StaffID, tx.Now
		if in.At == 0 || in.At > tx.Now {
			in.At = tx.Now
		}
		return int64(in.ID), insertCall(ctx, tx, in)
	})
	return in.ID, err
}

// hang changes something that hangs on an organisation, after what was typed is found right, and writes the trail.
func (s *Service) hang(ctx context.Context, id ID, what string, typed *fault.Error, fn func(ctx context.Context, tx *db.Tx) (int64, error)) error {
	return s.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		if typed != nil {
			if err := typed.Or(); err != nil {
				return err
			}
		}
		if _, err := find(ctx, tx, id); err != nil {
			return err
		}
		row, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "organization." + what + ".update", Entity: "organization", EntityID: int64(id), Detail: map[string]int64{what: row}})
	})
}
