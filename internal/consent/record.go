package consent

import (
	"context"
	"slices"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Record is one decision of a patient. Records are never changed; a newer one supersedes.
type Record struct {
	ID           RecordID      `json:"id"`
	PatientID    patient.ID    `json:"patient_id"`
	Purpose      Purpose       `json:"purpose"`
	Channel      string        `json:"channel"`  // any, or one channel
	Decision     string        `json:"decision"` // granted or denied
	Proof        string        `json:"proof"`
	Source       string        `json:"source"`
	DecidedBy    int64         `json:"-"` // staff
	DecidedAt    clock.Instant `json:"decided_at"`
	Until        clock.Instant `json:"until"`         // zero = no end
	SupersededAt clock.Instant `json:"superseded_at"` // zero = in force
}

var channels = []string{Any, "sms", "call", "wechat", "email", "letter"}

// Decide records what the patient granted or denied for some purposes. A denial for all channels also supersedes what was
// said for single ones.
func (s *Service) Decide(ctx context.Context, p patient.ID, channel string, purposes []Purpose, decision, source, proof string) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	bad := fault.New(fault.Invalid, "consent.record.malformed")
	if !slices.Contains(channels, channel) {
		bad.With("channel", "consent.record.channel")
	}
	if decision != "granted" && decision != "denied" {
		bad.With("decision", "consent.record.decision")
	}
	for _, purpose := range purposes {
		if !slices.Contains(Purposes, purpose) {
			bad.With("purposes", "consent.record.purpose")
		}
	}
	if err := bad.Or(); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Standing(ctx, p)
		if err != nil {
			return err
		}
		for _, purpose := range purposes {
			r := Record{ID: db.New[recordKind](s.DB), PatientID: p, Purpose: purpose, Channel: channel, Decision: decision,
				Proof: proof, Source: source, DecidedBy: access.From(ctx).StaffID, DecidedAt: tx.Now}
			if err := s.narrow(ctx, tx, r); err != nil {
				return err
			}
			if err := supersede(ctx, tx, r); err != nil {
				return err
			}
			if err := insertRecord(ctx, tx, r); err != nil {
				return err
			}
			if err := s.Board.Publish(ctx, Changed{PatientID: p, Purpose: purpose, Channel: channel, Decision: decision}); err != nil {
				return err
			}
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "consent.record.update", Entity: "consent", PatientID: int64(p),
			Detail: map[string]any{"channel": channel, "purposes": purposes, "decision": decision, "source": source}})
	})
}

// narrow turns an older decision for all channels into one for each channel that r does not speak of, so that a patient who
// refused everything may allow one channel again.
func (s *Service) narrow(ctx context.Context, tx *db.Tx, r Record) error {
	if r.Channel == Any {
		return nil
	}
	wide, err := wideRecords(ctx, tx, r)
	if err != nil {
		return err
	}
	for _, old := range wide {
		if old.Decision == r.Decision {
			continue
		}
		if err := endRecord(ctx, tx, old); err != nil {
			return err
		}
		for _, channel := range channels {
			if channel == Any || channel == r.Channel {
				continue
			}
			old.ID, old.Channel = db.New[recordKind](s.DB), channel
			if err := insertRecord(ctx, tx, old); err != nil {
				return err
			}
		}
	}
	return nil
}

// OptOut records that the patient wants no more contact for these purposes; proof says how we know ("reply mi_…").
func (s *Service) OptOut(ctx context.Context, p patient.ID, channel string, purposes []Purpose, proof string) error {
	return s.Decide(ctx, p, channel, purposes, "denied", "reply", proof)
}

// List gives the decisions of a patient, newest first.
func (s *Service) List(ctx context.Context, p patient.ID) ([]Record, error) {
	if err := access.Need(ctx, PermList); err != nil {
		return nil, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return nil, err
	}
	return listRecords(ctx, s.DB.Read(ctx), p)
}

// Block stops survey and promotion to a patient until an instant, or until lifted when until is zero; the reason "deceased"
// stops everything. The same reason from the same source stands once.
func (s *Service) Block(ctx context.Context, p patient.ID, reason, source string, until clock.Instant) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Resolve(ctx, p)
		if err != nil {
			return err
		}
		if err := liftBlock(ctx, tx, p, reason, source); err != nil {
			return err
		}
		return insertBlock(ctx, tx, db.New[blockKind](s.DB), p, reason, source, until, access.From(ctx).StaffID)
	})
}

// Lift ends a block.
func (s *Service) Lift(ctx context.Context, p patient.ID, reason, source string) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Resolve(ctx, p)
		if err != nil {
			return err
		}
		return liftBlock(ctx, tx, p, reason, source)
	})
}
