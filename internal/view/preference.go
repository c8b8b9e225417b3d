package view

import (
	"context"
	"regexp"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Bounds of what one person may keep.
const (
	maxPreference  = 16 << 10 // bytes of one value
	maxPreferences = 200      // values of one person
)

// Preference is one thing a person arranged: the columns of a table, the density, the view a page opens with. The page that wrote the
// value is the only one that reads it.
type Preference struct {
	Key       string        `json:"key"` // table.patients, view.patients, density …
	Value     string        `json:"value"`
	UpdatedAt clock.Instant `json:"updated_at"`
}

var preferenceKey = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,79}$`)

// Preferences gives everything the caller arranged, which is also what they may take with them as a file.
func (s *Service) Preferences(ctx context.Context) ([]Preference, error) {
	return preferences(ctx, s.DB.Read(ctx), access.From(ctx).StaffID)
}

// Prefer keeps a value for the caller; "" forgets it. Errors: invalid for a strange key, a value over 16 kB or more than 200 values.
func (s *Service) Prefer(ctx context.Context, key, value string) error {
	me := access.From(ctx).StaffID
	if me == 0 {
		return fault.New(fault.Unauthorized, "access.caller.missing")
	}
	if !preferenceKey.MatchString(key) || len(value) > maxPreference {
		return fault.New(fault.Invalid, "view.preference.invalid").With("value", "view.preference.invalid")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if value == "" {
			return dropPreference(ctx, tx, me, key)
		}
		if n, err := countPreferences(ctx, tx, me, key); err != nil || n >= maxPreferences {
			return orElse(err, fault.New(fault.Invalid, "view.preference.too_many"))
		}
		return putPreference(ctx, tx, me, key, value)
	})
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
