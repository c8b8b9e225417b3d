package patient

import (
	"context"
	"encoding/json"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// hand is the source name of what a person typed or verified.
const hand = "hand"

// told is what a source last said about a field.
type told struct {
	Value string        `json:"v"`
	At    clock.Instant `json:"at"`
}

// provenance is everything one source said about one patient, by field.
type provenance map[string]told

func readProvenance(ctx context.Context, tx *db.Tx, id ID, source string) (provenance, error) {
	text, ok, err := findProvenance(ctx, tx, id, source)
	p := provenance{}
	if err != nil || !ok {
		return p, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

func (p provenance) write(ctx context.Context, tx *db.Tx, id ID, source string, at clock.Instant) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return putProvenance(ctx, tx, id, source, string(b), at)
}

// firstByHand is rememberHand for a patient who is new, so that nothing need be read.
func firstByHand(ctx context.Context, tx *db.Tx, id ID, fields map[string]string, at clock.Instant) error {
	p := make(provenance, len(fields))
	for f, v := range fields {
		p[f] = told{v, at}
	}
	return p.write(ctx, tx, id, hand, at)
}

// rememberHand marks fields as verified by a person.
func rememberHand(ctx context.Context, tx *db.Tx, id ID, fields map[string]string, at clock.Instant) error {
	if len(fields) == 0 {
		return nil
	}
	p, err := readProvenance(ctx, tx, id, hand)
	if err != nil {
		return err
	}
	for f, v := range fields {
		p[f] = told{v, at}
	}
	return p.write(ctx, tx, id, hand, at)
}

// Proposal is a feed's changed value for a field that a person verified. It waits until somebody decides.
type Proposal struct {
	ID        ProposalID    `json:"id"`
	PatientID ID            `json:"-"`
	Field     string        `json:"field"`
	Value     string        `json:"value"` // an address is masked
	Source    string        `json:"source"`
	At        clock.Instant `json:"at"`
}

func (s *Service) openProposals(ctx context.Context, tx *db.Tx, id ID) ([]Proposal, error) {
	ps, err := proposalsOf(ctx, tx, id)
	for i := range ps {
		if ps[i].Field == "address" {
			ps[i].Value = identity.MaskAddress(ps[i].Value)
		}
	}
	return ps, err
}

// Decide accepts or rejects a feed's proposal.
func (s *Service) Decide(ctx context.Context, id ID, proposal ProposalID, accept bool) (Detail, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return Detail{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.Standing(ctx, id)
		if err != nil {
			return err
		}
		p, err := findProposal(ctx, tx, id, proposal)
		if err != nil {
			return err
		}
		state := "rejected"
		if accept {
			state = "accepted"
			old, err := findPatient(ctx, tx, id)
			if err != nil {
				return err
			}
			fresh := old
			setField(&fresh, p.Field, p.Value)
			fresh.derive(nil)
			if err := s.save(ctx, tx, old, fresh, true); err != nil {
				return err
			}
		}
		n, err := closeProposal(ctx, tx, id, proposal, state, access.From(ctx).StaffID)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "patient.proposal.decided")
		}
		if err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "patient.proposal." + state, Entity: "patient", EntityID: int64(id), PatientID: int64(id), Detail: map[string]string{"field": p.Field, "source": p.Source}})
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Find(ctx, id)
}
