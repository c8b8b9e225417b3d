package patient

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"renxin/internal/field"
	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/view"
)

// ExportOptions says why a list leaves the house, in which form and how much of it.
type ExportOptions struct {
	Format   string // csv or xlsx
	Reason   string
	Unmasked bool     // needs its own permission
	Columns  []string // of OwnColumns, of AddColumn, or "field:<key>"; none = OwnColumns
}

// exportPage is how many patients are read at once.
const exportPage = 1000

// OwnColumns are what the room itself gives to an export, as text keys "patient.export.<column>".
var OwnColumns = []string{"name", "sex", "birth_date", "age", "mobile", "phone", "id_card", "outpatient", "inpatient", "address", "region", "source", "tags", "seen_at", "created_at"}

// Columns are what a later room adds to the list's export, loaded together for a page of patients.
type Columns struct {
	Keys []string // with the texts "patient.export.<key>"
	Load func(ctx context.Context, ids []ID) (map[ID][]string, error)
}

// AddColumns lets a later room add columns, at wiring. A key added twice is a programming error.
func (s *Service) AddColumns(c Columns) {
	for _, k := range c.Keys {
		if slices.Contains(s.ExportColumns(), k) {
			panic("patient: column added twice: " + k)
		}
	}
	s.columns = append(s.columns, c)
}

// ExportColumns lists the columns that an export may have, besides custom fields.
func (s *Service) ExportColumns() []string {
	out := slices.Clone(OwnColumns)
	for _, c := range s.columns {
		out = append(out, c.Keys...)
	}
	return out
}

// exportRequest is what the tray keeps of a wished export.
type exportRequest struct {
	Filter  Filter   `json:"filter"`
	Columns []string `json:"columns"`
}

// Export puts the listed patients of the caller's scope into their tray of files; a job writes them, with the scope that the caller has then.
// Errors: invalid for an unknown column or without a reason; forbidden.
func (s *Service) Export(ctx context.Context, f Filter, o ExportOptions) (view.Export, error) {
	if err := s.mayExport(ctx, o.Unmasked); err != nil {
		return view.Export{}, err
	}
	if len(o.Columns) == 0 {
		o.Columns = OwnColumns
	}
	if _, err := s.exportColumns(ctx, o.Columns, o.Unmasked); err != nil {
		return view.Export{}, err
	}
	f.Limit, f.Cursor = 0, ""
	total, err := s.Count(ctx, f)
	if err != nil {
		return view.Export{}, err
	}
	if !total.Exact {
		total.Value = 0
	}
	request, err := json.Marshal(exportRequest{f, o.Columns})
	if err != nil {
		return view.Export{}, err
	}
	return s.View.Export(ctx, view.Order{Source: "patients", Format: o.Format, Request: string(request), Reason: o.Reason, Unmasked: o.Unmasked, Total: int64(total.Value),
		Detail: map[string]any{"filtered": f.filtered(), "columns": o.Columns}})
}

func (s *Service) mayExport(ctx context.Context, unmasked bool) error {
	if err := access.Need(ctx, PermExport); err != nil || !unmasked {
		return err
	}
	return access.Need(ctx, PermUnmasked)
}

// sheet opens a wished export for the person in ctx, who may do less by now than when they asked.
func (s *Service) sheet(ctx context.Context, request string, unmasked bool) (view.Sheet, error) {
	var r exportRequest
	if err := json.Unmarshal([]byte(request), &r); err != nil {
		return view.Sheet{}, err
	}
	if err := s.mayExport(ctx, unmasked); err != nil {
		return view.Sheet{}, err
	}
	cols, err := s.exportColumns(ctx, r.Columns, unmasked)
	if err != nil {
		return view.Sheet{}, err
	}
	out := view.Sheet{Title: lang.Text(lang.From(ctx), "patient.export.title", nil)}
	for _, c := range cols {
		out.Heads, out.Decoy = append(out.Heads, c.head), append(out.Decoy, c.decoy)
	}
	if out.Total, err = s.countAll(ctx, r.Filter); err != nil {
		return out, err
	}
	out.Each = func(ctx context.Context, row func([]string) error) error { return s.each(ctx, r.Filter, cols, row) }
	return out, nil
}

// each walks the list page by page.
func (s *Service) each(ctx context.Context, f Filter, cols []exportColumn, row func([]string) error) error {
	f.Cursor, f.uncounted = "", true
	cells := make([]string, len(cols))
	for {
		got, err := s.search(ctx, s.DB.Read(ctx), f, exportPage+1)
		if err != nil {
			return err
		}
		ps := got.patients[:min(len(got.patients), exportPage)]
		pg, err := s.exported(ctx, ps, cols)
		if err != nil {
			return err
		}
		for _, p := range ps {
			for i, c := range cols {
				cells[i] = c.cell(p, pg)
			}
			if err := row(cells); err != nil {
				return err
			}
		}
		if len(got.patients) <= exportPage {
			return nil
		}
		f.Cursor = got.cursor(f.Sort, ps[len(ps)-1].ID)
	}
}

// exported is what the columns need to know of the patients of a page.
type exported struct {
	hangings
	fields map[ID]field.Values
	more   map[int]map[ID][]string // by place in the list of later rooms' columns
}

func (s *Service) exported(ctx context.Context, ps []Patient, cols []exportColumn) (exported, error) {
	ids := idsOf(ps)
	h, err := s.hangings(ctx, s.DB.Read(ctx), ids)
	if err != nil {
		return exported{}, err
	}
	out := exported{hangings: h, more: map[int]map[ID][]string{}}
	for _, c := range cols {
		switch {
		case c.later > 0 && out.more[c.later] == nil:
			out.more[c.later], err = s.columns[c.later-1].Load(ctx, ids)
		case c.field && out.fields == nil:
			out.fields, err = s.FieldsOf(ctx, ids)
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

func idsOf(ps []Patient) []ID {
	out := make([]ID, len(ps))
	for i, p := range ps {
		out[i] = p.ID
	}
	return out
}

// exportColumn is one column of a file: its head, how a patient's cell is written, and what the row that belongs to nobody shows.
type exportColumn struct {
	head, decoy string
	cell        func(p Patient, x exported) string
	later       int // place in the list of later rooms' columns, from 1
	field       bool
}

func (s *Service) exportColumns(ctx context.Context, keys []string, plain bool) ([]exportColumn, error) {
	l := lang.From(ctx)
	var custom []field.Definition
	var out []exportColumn
	for _, key := range keys {
		c := exportColumn{head: lang.Text(l, "patient.export."+key, nil)}
		name, isField := strings.CutPrefix(key, "field:")
		i := slices.IndexFunc(s.columns, func(x Columns) bool { return slices.Contains(x.Keys, key) })
		switch {
		case slices.Contains(OwnColumns, key):
			var err error
			if c.cell, err = s.ownCell(ctx, key, l, plain); err != nil {
				return nil, err
			}
			c.decoy = decoyCell(key, l, plain)
		case i >= 0:
			c.later = i + 1
			at := slices.Index(s.columns[i].Keys, key)
			c.cell = func(p Patient, x exported) string {
				if cells := x.more[c.later][p.ID]; at < len(cells) {
					return cells[at]
				}
				return ""
			}
		case isField && s.Field != nil:
			if custom == nil {
				var err error
				if custom, err = s.Field.Definitions(ctx, field.Patient); err != nil {
					return nil, err
				}
			}
			j := slices.IndexFunc(custom, func(d field.Definition) bool { return d.Key == name })
			if j < 0 {
				continue // retired or hidden meanwhile
			}
			d := custom[j]
			c.field, c.head = true, d.Label(l)
			c.cell = func(p Patient, x exported) string { return d.Show(l, x.fields[p.ID][d.ID]) }
		default:
			return nil, fault.New(fault.Invalid, "patient.export.column_unknown").With("columns", "patient.export.column_unknown")
		}
		out = append(out, c)
	}
	return out, nil
}

// decoyCell is what the row that belongs to nobody shows.
func decoyCell(key string, l lang.Locale, plain bool) string {
	switch key {
	case "name":
		return "{name}"
	case "mobile":
		if plain {
			return "{phone}"
		}
		return "{masked}"
	case "sex":
		return lang.Text(l, "patient.sex.female", nil)
	}
	return ""
}

// ownCell says how one of the room's own columns is written.
func (s *Service) ownCell(ctx context.Context, key string, l lang.Locale, plain bool) (func(p Patient, x exported) string, error) {
	c := s.DB.Clock()
	contact := func(sys identity.System) func(Patient, exported) string {
		return func(p Patient, x exported) string { return firstContact(x.contacts[p.ID], sys, plain) }
	}
	number := func(k identity.IdentifierKind) func(Patient, exported) string {
		return func(p Patient, x exported) string { return firstNumber(x.numbers[p.ID], k, plain) }
	}
	switch key {
	case "sex":
		return func(p Patient, _ exported) string { return lang.Text(l, "patient.sex."+string(p.Sex), nil) }, nil
	case "birth_date":
		return func(p Patient, _ exported) string { return string(p.BirthDate) }, nil
	case "age":
		today := c.Today()
		return func(p Patient, _ exported) string {
			if a := age(p.BirthDate, today); a >= 0 {
				return strconv.Itoa(a)
			}
			return ""
		}, nil
	case "mobile":
		return contact(identity.Mobile), nil
	case "phone":
		return contact(identity.Landline), nil
	case "id_card":
		return number(identity.KindIDCard), nil
	case "outpatient":
		return number(identity.KindOutpatient), nil
	case "inpatient":
		return number(identity.KindInpatient), nil
	case "address":
		return func(p Patient, _ exported) string {
			if plain {
				return p.Address
			}
			return identity.MaskAddress(p.Address)
		}, nil
	case "region":
		return func(p Patient, _ exported) string { return identity.RegionName(p.RegionCode) }, nil
	case "source":
		names, err := s.Setting.Labels(ctx, "source")
		return func(p Patient, _ exported) string { return orWord(names[p.Source], p.Source) }, err
	case "tags":
		return func(p Patient, x exported) string { return strings.Join(x.tags[p.ID], " ") }, nil
	case "seen_at":
		return func(p Patient, _ exported) string {
			if p.MetAt == 0 {
				return ""
			}
			return string(c.Date(p.MetAt))
		}, nil
	case "created_at":
		return func(p Patient, _ exported) string { return string(c.Date(p.CreatedAt)) }, nil
	}
	return func(p Patient, _ exported) string { return p.Name }, nil
}

func orWord(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func firstContact(cs []Contact, sys identity.System, plain bool) string {
	for _, x := range cs {
		if x.System != sys || x.WrongAt != 0 {
			continue
		}
		if plain {
			return x.Value
		}
		return identity.MaskContact(sys, x.Value)
	}
	return ""
}

func firstNumber(ns []Identifier, k identity.IdentifierKind, plain bool) string {
	for _, x := range ns {
		if x.Kind != k {
			continue
		}
		if plain {
			return x.Value
		}
		return x.Masked().Value
	}
	return ""
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
	slices.Sort(out)
	return out
}

// countAll counts a list to the end, which only jobs may; 0 where a search by words has no count before it is walked.
func (s *Service) countAll(ctx context.Context, f Filter) (int64, error) {
	if strings.TrimSpace(f.Text) != "" {
		return 0, nil
	}
	return s.countExactly(ctx, s.DB.Read(ctx), f)
}
