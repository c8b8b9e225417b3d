package intake

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

type mappingKind struct{}

// Prefix implements db.Kind.
func (mappingKind) Prefix() string { return "im" }

// MappingID identifies a saved mapping.
type MappingID = db.ID[mappingKind]

// Mapping is how the columns of a kind of file are read, saved by name.
type Mapping struct {
	ID          MappingID
	Name        string
	Fingerprint string
	Options     string
	Uses        int
	UsedAt      clock.Instant
	CreatedAt   clock.Instant
	CreatedBy   int64
	Actor       string
}

// Read gives the options that the mapping holds: the columns, the date order and the issuer of numbers. Departments are remembered by
// themselves, character set and sheet are the file's own.
func (m Mapping) Read() (ReadOptions, error) {
	var o ReadOptions
	err := json.Unmarshal([]byte(m.Options), &o)
	return o, err
}

// Mappings lists what was saved, the last used first.
func (s *Service) Mappings(ctx context.Context) ([]Mapping, error) {
	if err := access.Need(ctx, PermImport); err != nil {
		return nil, err
	}
	return listMappings(ctx, s.DB.Read(ctx))
}

// RemoveMapping forgets a saved mapping; imports that used it stay. Errors: not_found.
func (s *Service) RemoveMapping(ctx context.Context, id MappingID) error {
	if err := access.Need(ctx, PermImport); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := deleteMapping(ctx, tx, id)
		if err == nil && n == 0 {
			err = db.Missing()
		}
		if err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "intake.mapping.remove", Entity: "mapping", EntityID: int64(id)})
	})
}

// mappingFor finds the mapping last used for a table with these headings.
func (s *Service) mappingFor(ctx context.Context, r Reading) (Mapping, bool, error) {
	if r.Fingerprint == "" {
		return Mapping{}, false, nil
	}
	return mappingByFingerprint(ctx, s.DB.Read(ctx), r.Fingerprint)
}

// saveMapping keeps how a table was read under a name, or counts that the mapping was used; an empty name saves nothing new.
func (s *Service) saveMapping(ctx context.Context, tx *db.Tx, name string, r Reading, o ReadOptions) error {
	name = strings.TrimSpace(name)
	if name == "" {
		return touchMapping(ctx, tx, r.Fingerprint)
	}
	if utf8.RuneCountInString(name) > 80 {
		return fault.New(fault.Invalid, "intake.mapping.long").With("save_as", "intake.mapping.long")
	}
	m := Mapping{ID: db.New[mappingKind](s.DB), Name: name, Fingerprint: r.Fingerprint, Uses: 1, UsedAt: tx.Now, CreatedAt: tx.Now,
		Options: encode(ReadOptions{Mapping: o.Mapping, DateOrder: o.DateOrder, Issuer: o.Issuer})}
	m.CreatedBy, m.Actor = access.From(ctx).StaffID, access.From(ctx).Name
	if err := putMapping(ctx, tx, m); err != nil {
		return err
	}
	return s.Trail.Append(ctx, trail.Entry{Action: "intake.mapping.save", Entity: "mapping", EntityID: int64(m.ID), Detail: map[string]any{"columns": len(o.Mapping)}})
}

// mapping is how the columns are read as a whole, so that a single row reads the same later.
func (r Reading) mapping() map[string]string {
	if len(r.Columns) == 0 {
		return nil
	}
	out := make(map[string]string, len(r.Columns))
	for _, c := range r.Columns {
		out[c.Heading] = c.Field
	}
	return out
}
