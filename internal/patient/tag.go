package patient

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// cleanTags trims, drops empty and double ones and clips a tag to 30 characters.
func cleanTags(in []string) []string {
	var out []string
	for _, t := range in {
		t = strings.TrimSpace(identity.NormalName(t))
		if utf8.RuneCountInString(t) > 30 {
			t = string([]rune(t)[:30])
		}
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// Tag adds and removes tags of one patient.
func (s *Service) Tag(ctx context.Context, id ID, add, remove []string) (Detail, error) {
	return s.edit(ctx, id, "patient.tag.update", "tags", func(ctx context.Context, tx *db.Tx, id ID) error {
		for _, t := range cleanTags(add) {
			if err := insertTag(ctx, tx, id, t, access.From(ctx).StaffID); err != nil {
				return err
			}
		}
		for _, t := range cleanTags(remove) {
			if err := deleteTag(ctx, tx, id, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tags lists the tags in use, in order.
func (s *Service) Tags(ctx context.Context) ([]string, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	return tagsInUse(ctx, s.DB.Read(ctx))
}

// Bulk is one change of many patients.
type Bulk struct {
	IDs     []ID
	Action  string // tag, untag, assign
	Tag     string
	OwnerID int64 // for assign
}

// maxBulk bounds one bulk change.
const maxBulk = 1000

// ApplyBulk makes a bulk change on those of the patients that the caller sees, and tells how many.
func (s *Service) ApplyBulk(ctx context.Context, b Bulk) (int, error) {
	need := PermUpdate
	if b.Action == "assign" {
		need = PermAssign
	}
	if err := access.Need(ctx, need); err != nil {
		return 0, err
	}
	if len(b.IDs) > maxBulk {
		return 0, fault.New(fault.TooLarge, "patient.bulk.too_many", "limit", maxBulk)
	}
	tags := cleanTags([]string{b.Tag})
	if b.Action != "assign" && len(tags) == 0 {
		return 0, fault.New(fault.Invalid, "patient.patient.invalid").With("tag", "patient.tag.required")
	}
	done := 0
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ids, err := s.VisibleIDs(ctx, b.IDs)
		if err != nil {
			return err
		}
		done = len(ids)
		for _, id := range ids {
			if err := s.bulkOne(ctx, tx, id, b, tags); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

func (s *Service) bulkOne(ctx context.Context, tx *db.Tx, id ID, b Bulk, tags []string) error {
	switch b.Action {
	case "assign":
		old, err := findPatient(ctx, tx, id)
		if err != nil {
			return err
		}
		fresh := old
		fresh.OwnerID = b.OwnerID
		return s.save(ctx, tx, old, fresh, true)
	case "tag":
		if err := insertTag(ctx, tx, id, tags[0], access.From(ctx).StaffID); err != nil {
			return err
		}
	case "untag":
		if err := deleteTag(ctx, tx, id, tags[0]); err != nil {
			return err
		}
	default:
		return fault.New(fault.Invalid, "patient.patient.invalid").With("action", "patient.bulk.unknown")
	}
	return s.Trail.Append(ctx, trail.Entry{Action: "patient.tag.update", Entity: "patient", EntityID: int64(id), PatientID: int64(id)})
}
