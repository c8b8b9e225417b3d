package patient

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// RevealInput names one masked value and why it is looked at.
type RevealInput struct {
	Field  string // contact, identifier, address
	Ref    string // ID of the contact point or identifier
	Reason string
	Task   string // the assigned task that is the reason, "" for a free look
}

// RevealSeconds is how long a page may show a revealed value.
const RevealSeconds = 30

// Reveal gives one value unmasked. The trail entry is committed before the value is answered; without a reason, or inside a transaction
// that could still be undone, there is no look.
func (s *Service) Reveal(ctx context.Context, id ID, in RevealInput) (string, error) {
	if err := access.Need(ctx, PermReveal); err != nil {
		return "", err
	}
	if db.InTx(ctx) {
		return "", fault.New(fault.Internal, "fault.internal")
	}
	id, err := s.Standing(ctx, id)
	if err != nil {
		return "", err
	}
	value, entity, err := s.secret(ctx, id, in)
	if err != nil {
		return "", err
	}
	err = s.Trail.AppendReveal(ctx, trail.Entry{Action: "patient.detail.reveal", Entity: in.Field, EntityID: entity, PatientID: int64(id), Reason: in.Reason,
		Detail: map[string]string{"field": in.Field, "task": in.Task}})
	if err != nil {
		return "", err
	}
	return value, nil
}

func (s *Service) secret(ctx context.Context, id ID, in RevealInput) (value string, entity int64, err error) {
	tx := s.DB.Read(ctx)
	switch in.Field {
	case "contact":
		ref, err := db.ParseID[contactKind](in.Ref)
		if err != nil {
			return "", 0, err
		}
		c, err := findContact(ctx, tx, id, ref)
		return c.Value, int64(ref), err
	case "identifier":
		ref, err := db.ParseID[numberKind](in.Ref)
		if err != nil {
			return "", 0, err
		}
		n, err := findIdentifier(ctx, tx, id, ref)
		return n.Value, int64(ref), err
	case "address":
		p, err := findPatient(ctx, tx, id)
		return p.Address, int64(id), err
	}
	return "", 0, fault.New(fault.Invalid, "patient.patient.invalid").With("field", "patient.reveal.unknown")
}
