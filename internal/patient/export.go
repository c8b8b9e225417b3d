package patient

import (
	"context"
	"strconv"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
)

// ExportOptions says why a list leaves the house and how much of it.
type ExportOptions struct {
	Reason   string
	Unmasked bool // needs its own permission
}

// MaxExport bounds one export, in patients.
const MaxExport = 50000

// ExportColumns are the columns that Export gives, as text keys "patient.export.<column>".
var ExportColumns = []string{"name", "sex", "birth_date", "age", "mobile", "phone", "id_card", "outpatient", "inpatient", "address", "region", "source", "tags", "seen_at", "created_at"}

// Export streams the listed patients of the caller's scope to row, masked unless asked and permitted otherwise. The trail entry is
// committed before the first row. Errors: invalid without a reason.
func (s *Service) Export(ctx context.Context, f Filter, o ExportOptions, row func(cells []string) error) error {
	if err := access.Need(ctx, PermExport); err != nil {
		return err
	}
	if o.Unmasked {
		if err := access.Need(ctx, PermUnmasked); err != nil {
			return err
		}
	}
	if db.InTx(ctx) {
		return fault.New(fault.Internal, "fault.internal")
	}
	err := s.Trail.AppendReveal(ctx, trail.Entry{Action: "patient.patient.export", Entity: "patient", Reason: o.Reason, Detail: map[string]any{"unmasked": o.Unmasked, "filtered": f.filtered()}})
	if err != nil {
		return err
	}
	f.Limit, f.Cursor = db.MaxLimit, ""
	for n := 0; n < MaxExport; {
		ps, next, err := s.exportPage(ctx, f)
		if err != nil {
			return err
		}
		h, err := s.hangings(ctx, s.DB.Read(ctx), idsOf(ps))
		if err != nil {
			return err
		}
		for _, p := range ps {
			if err := row(s.cells(lang.From(ctx), p, h, o.Unmasked)); err != nil {
				return err
			}
		}
		if n += len(ps); next == "" {
			return nil
		}
		f.Cursor = next
	}
	return nil
}

// filtered names the filters in use, without their values.
func (f Filter) filtered() []string {
	out := []string{}
	for name, on := range map[string]bool{"text": f.Text != "", "department": f.DepartmentID != 0, "owner": f.OwnerID != 0, "source": f.Source != "", "tag": f.Tag != "", "sex": f.Sex != "",
		"region": f.Region != "", "age": f.AgeFrom+f.AgeTo > 0, "seen": f.SeenFrom+f.SeenTo != "", "within": len(f.Within) > 0, "fields": len(f.Fields) > 0, "selected": len(f.IDs) > 0} {
		if on {
			out = append(out, name)
		}
	}
	return out
}

func (s *Service) exportPage(ctx context.Context, f Filter) ([]Patient, string, error) {
	got, err := s.search(ctx, s.DB.Read(ctx), f, f.Limit+1)
	ps := got.patients
	if err != nil || len(ps) <= f.Limit {
		return ps, "", err
	}
	ps = ps[:f.Limit]
	last := ps[len(ps)-1]
	return ps, got.cursor(f.Sort, last.ID), nil
}

func idsOf(ps []Patient) []ID {
	out := make([]ID, len(ps))
	for i, p := range ps {
		out[i] = p.ID
	}
	return out
}

// cells writes one patient in the order of ExportColumns.
func (s *Service) cells(l lang.Locale, p Patient, h hangings, plain bool) []string {
	c := s.DB.Clock()
	first := func(sys identity.System) string {
		for _, x := range h.contacts[p.ID] {
			if x.System == sys && x.WrongAt == 0 {
				if plain {
					return x.Value
				}
				return identity.MaskContact(sys, x.Value)
			}
		}
		return ""
	}
	num := func(k identity.IdentifierKind) string {
		for _, x := range h.numbers[p.ID] {
			if x.Kind == k && plain {
				return x.Value
			}
			if x.Kind == k {
				return x.Masked().Value
			}
		}
		return ""
	}
	address, years, seen, tags := p.Address, "", "", ""
	if !plain {
		address = identity.MaskAddress(address)
	}
	if a := age(p.BirthDate, c.Today()); a >= 0 {
		years = strconv.Itoa(a)
	}
	if p.MetAt > 0 {
		seen = string(c.Date(p.MetAt))
	}
	for i, t := range h.tags[p.ID] {
		if i > 0 {
			tags += " "
		}
		tags += t
	}
	return []string{p.Name, lang.Text(l, "patient.sex."+string(p.Sex), nil), string(p.BirthDate), years, first(identity.Mobile), first(identity.Landline), num(identity.KindIDCard), num(identity.KindOutpatient), num(identity.KindInpatient),
		address, identity.RegionName(p.RegionCode), p.Source, tags, seen, string(c.Date(p.CreatedAt))}
}
