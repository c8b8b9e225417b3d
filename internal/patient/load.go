package patient

import (
	"context"
	"slices"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// LoadRow is one patient of a bulk load, already in stored form. A zero ID, creation instant, version or pinyin is filled in.
type LoadRow struct {
	Patient     Patient
	Contacts    []Contact
	Identifiers []Identifier
	Tags        []string
	Access      []Access
}

// loadBatch patients go into one transaction, so that others may write in between.
const loadBatch = 2000

// Load writes many new patients at once, for demonstrations, benchmarks and moves from another system: no matching, no facts, no trail.
// IDs and rows are completed in place, so that callers can hang their own rows on them.
func (s *Service) Load(ctx context.Context, rows []LoadRow) error {
	if err := access.Need(ctx, PermCreate); err != nil {
		return err
	}
	for batch := range slices.Chunk(rows, loadBatch) {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i := range batch {
				s.complete(&batch[i], tx.Now)
			}
			return insertLoad(ctx, tx, batch)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// complete fills what the caller left to us.
func (s *Service) complete(r *LoadRow, now clock.Instant) {
	p := &r.Patient
	if p.ID == 0 {
		p.ID = db.New[kind](s.DB)
	}
	if p.Sex == "" {
		p.Sex = identity.UnknownSex
	}
	if p.Pinyin == "" {
		p.derive(r.Identifiers)
	}
	if p.CreatedAt == 0 {
		p.CreatedAt = now
	}
	p.UpdatedAt, p.Version = max(p.UpdatedAt, p.CreatedAt), max(p.Version, 1)
	if p.SeenAt = p.CreatedAt; p.MetAt > 0 {
		p.SeenAt = p.MetAt
	}
	for i := range r.Contacts {
		s.completeContact(&r.Contacts[i], p, int64(i+1))
	}
	for i := range r.Identifiers {
		n := &r.Identifiers[i]
		if n.ID == 0 {
			n.ID = db.New[numberKind](s.DB)
		}
		n.PatientID, n.CreatedAt = p.ID, p.CreatedAt
	}
}

func (s *Service) completeContact(c *Contact, p *Patient, rank int64) {
	if c.ID == 0 {
		c.ID = db.New[contactKind](s.DB)
	}
	c.PatientID, c.Rank, c.CreatedAt = p.ID, rank, p.CreatedAt
	if c.Owner == "" {
		c.Owner = "self"
	}
	if c.Number != "" {
		return
	}
	if n, ok := identity.NormalContact(c.System, c.Value, ""); ok {
		c.Value, c.Number, c.Ext = n.String(), n.Key(), n.Ext
	}
}
