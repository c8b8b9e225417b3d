package field

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
)

// Limits of values.
const (
	maxText = 4000 // characters
	maxTerm = 100  // characters of a text that searches look at
	unit    = 10_000
)

// Values are a record's values by field. A field of several choices has several; an empty list means none.
type Values map[ID][]string

// value is one row of field_value.
type value struct {
	PatientID int64
	FieldID   ID
	Item      string
	Text      string
	Term      string
	Number    int64
	UpdatedAt clock.Instant
	UpdatedBy int64
}

// parseNumber reads a decimal with up to the given places as ten-thousandths.
func parseNumber(s string, places int) (int64, error) {
	s = strings.NewReplacer(",", "", "，", "", " ", "").Replace(strings.TrimSpace(s))
	sign := int64(1)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, sign = rest, -1
	}
	whole, part, _ := strings.Cut(s, ".")
	if len(part) > places || whole == "" || len(whole) > 12 {
		return 0, errors.New("malformed")
	}
	n, err := strconv.ParseUint(whole+part+strings.Repeat("0", 4-len(part)), 10, 62)
	return sign * int64(n), err
}

// numberText writes ten-thousandths without idle zeros.
func numberText(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatInt(n/unit, 10)
	if rest := n % unit; rest != 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(unit+rest, 10)[1:], "0")
	}
	return sign + s
}

// fold makes the form in which texts are searched.
func fold(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if utf8.RuneCountInString(s) > maxTerm {
		s = string([]rune(s)[:maxTerm])
	}
	return s
}

// read brings what was typed into stored rows; the key of a text says what is wrong.
func (d Definition) read(in []string) (rows []value, problem string, args []any) {
	var typed []string
	for _, v := range in {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(typed, v) {
			typed = append(typed, v)
		}
	}
	if len(typed) == 0 {
		if d.Required {
			return nil, "field.value.required", nil
		}
		return nil, "", nil
	}
	if d.Kind == MultiChoice {
		return d.readChoices(typed)
	}
	if len(typed) > 1 {
		return nil, "field.value.single", nil
	}
	r, problem, args := d.readOne(typed[0])
	return []value{r}, problem, args
}

func (d Definition) readOne(v string) (r value, problem string, args []any) {
	r = value{FieldID: d.ID, Text: v}
	switch d.Kind {
	case Text, LongText:
		problem, args = d.checkText(v)
	case Integer, Decimal:
		places := 0
		if d.Kind == Decimal {
			places = 4
		}
		n, err := parseNumber(v, places)
		if err != nil {
			return r, "field.value." + string(d.Kind), nil
		}
		r.Number, r.Text = n, numberText(n)
		problem, args = d.within(n)
	case Date:
		day, err := clock.ParseDate(v)
		if err != nil {
			return r, "field.value.date", nil
		}
		r.Text = string(day)
		problem, args = d.within(int64(day.Sub("1970-01-01")))
	case Boolean:
		if v != "true" && v != "false" {
			problem = "field.value.boolean"
		}
	case Choice:
		if !d.offers(v) {
			problem = "field.value.choice"
		}
	case Person:
		id, err := db.Key(v)
		if !err || staff.ID(id).String() != v {
			problem = "field.value.person"
		}
	}
	r.Term = fold(r.Text)
	return r, problem, args
}

func (d Definition) checkText(v string) (string, []any) {
	n := int64(utf8.RuneCountInString(v))
	lowest, _ := d.bound(d.Minimum)
	highest, _ := d.bound(d.Maximum)
	switch {
	case n > maxText || d.Maximum != "" && n > highest:
		if d.Maximum == "" {
			highest = maxText
		}
		return "field.value.too_long", []any{"limit", highest}
	case d.Minimum != "" && n < lowest:
		return "field.value.too_short", []any{"limit", lowest}
	case d.Kind == Text && strings.ContainsAny(v, "\r\n"):
		return "field.value.one_line", nil
	}
	if d.Pattern != "" {
		if re, err := regexp.Compile(`^(?:` + d.Pattern + `)$`); err != nil || !re.MatchString(v) {
			return "field.value.pattern", nil
		}
	}
	return "", nil
}

func (d Definition) within(n int64) (string, []any) {
	lowest, _ := d.bound(d.Minimum)
	highest, _ := d.bound(d.Maximum)
	if d.Minimum != "" && n < lowest {
		return "field.value.too_small", []any{"limit", d.Minimum}
	}
	if d.Maximum != "" && n > highest {
		return "field.value.too_large", []any{"limit", d.Maximum}
	}
	return "", nil
}

func (d Definition) readChoices(codes []string) (rows []value, problem string, args []any) {
	for _, c := range codes {
		if !d.offers(c) {
			return nil, "field.value.choice", nil
		}
		rows = append(rows, value{FieldID: d.ID, Item: c, Text: c, Term: fold(c)})
	}
	lowest, _ := d.bound(d.Minimum)
	highest, _ := d.bound(d.Maximum)
	n := int64(len(rows))
	if d.Minimum != "" && n < lowest {
		return nil, "field.value.too_few", []any{"limit", lowest}
	}
	if d.Maximum != "" && n > highest {
		return nil, "field.value.too_many", []any{"limit", highest}
	}
	return rows, "", nil
}

func (d Definition) offers(code string) bool {
	return slices.ContainsFunc(d.Options, func(o Option) bool { return o.Code == code && o.Active })
}

// Of gives the values of records that the caller's role sees, by record and field. The record's room has checked the scope.
func (s *Service) Of(ctx context.Context, entity string, records []int64) (map[int64]Values, error) {
	out := map[int64]Values{}
	if len(records) == 0 {
		return out, nil
	}
	defs, err := s.Definitions(ctx, entity)
	if err != nil || len(defs) == 0 {
		return out, err
	}
	seen := make(map[ID]bool, len(defs))
	for _, d := range defs {
		seen[d.ID] = true
	}
	rows, err := valuesOf(ctx, s.DB.Read(ctx), records)
	for _, r := range rows {
		if !seen[r.FieldID] {
			continue
		}
		if out[r.PatientID] == nil {
			out[r.PatientID] = Values{}
		}
		out[r.PatientID][r.FieldID] = append(out[r.PatientID][r.FieldID], r.Text)
	}
	return out, err
}

// Check reads values as Write would, without writing; with whole also that no required field is missing. Errors: invalid, naming each wrong
// field as "fields.<id>".
func (s *Service) Check(ctx context.Context, entity string, in Values, whole bool) error {
	_, err := s.read(ctx, entity, nil, in, whole)
	return err
}

// read checks values against the fields that the caller may change. A choice that is not offered any more may stay where it stands already.
func (s *Service) read(ctx context.Context, entity string, have []value, in Values, whole bool) (map[ID][]value, error) {
	defs, err := s.Definitions(ctx, entity)
	if err != nil {
		return nil, err
	}
	bad := fault.New(fault.Invalid, "field.value.invalid")
	out, known := map[ID][]value{}, map[ID]bool{}
	for _, d := range defs {
		known[d.ID] = true
		typed, given := in[d.ID]
		if !given && !(whole && d.Required && d.Editable) {
			continue
		}
		at := "fields." + d.ID.String()
		if given && !d.Editable {
			bad.With(at, "field.value.forbidden")
			continue
		}
		d.Options = d.keeping(have)
		rows, problem, args := d.read(typed)
		if problem != "" {
			bad.With(at, problem, args...)
		}
		out[d.ID] = rows
	}
	for id := range in {
		if !known[id] {
			bad.With("fields."+id.String(), "field.value.unknown")
		}
	}
	return out, bad.Or()
}

// keeping offers also the choices that a record has.
func (d Definition) keeping(have []value) []Option {
	out := d.Options
	for _, v := range have {
		if v.FieldID == d.ID && (d.Kind == Choice || d.Kind == MultiChoice) && !d.offers(v.Text) {
			out = append(slices.Clip(out), Option{Code: v.Text, Active: true})
		}
	}
	return out
}

// Change is what Write did to one field, for the trail and for timelines. Words of free text are not told.
type Change struct {
	FieldID ID       `json:"field_id"`
	Key     string   `json:"key"`
	From    []string `json:"from"`
	To      []string `json:"to"`
}

// Write stores values of one patient in the running transaction and publishes Changed; fields not named stay. The patient's room has checked
// permission, scope and version, and writes the trail. Errors: as Check.
func (s *Service) Write(ctx context.Context, patient int64, in Values, whole bool) ([]Change, error) {
	var out []Change
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		have, err := valuesOf(ctx, tx, []int64{patient})
		if err != nil {
			return err
		}
		fresh, err := s.read(ctx, Patient, have, in, whole)
		if err != nil {
			return err
		}
		out = out[:0]
		for id, rows := range fresh {
			c := Change{FieldID: id, From: texts(have, id), To: texts(rows, id)}
			if slices.Equal(c.From, c.To) {
				continue
			}
			if err := replaceValues(ctx, tx, patient, id, rows, access.From(ctx).StaffID); err != nil {
				return err
			}
			out = append(out, c)
		}
		if len(out) == 0 {
			return nil
		}
		if err := s.name(ctx, tx, out); err != nil {
			return err
		}
		slices.SortFunc(out, func(a, b Change) int { return int(min(1, max(-1, a.FieldID-b.FieldID))) })
		f := Changed{PatientID: patient}
		for _, c := range out {
			f.Fields = append(f.Fields, c.FieldID)
		}
		return s.Board.Publish(ctx, f)
	})
	return out, err
}

// name adds the fields' keys and takes the words of free text away.
func (s *Service) name(ctx context.Context, tx *db.Tx, cs []Change) error {
	for i, c := range cs {
		d, err := findDefinition(ctx, tx, c.FieldID)
		if err != nil {
			return err
		}
		if cs[i].Key = d.Key; d.Searchable() {
			cs[i].From, cs[i].To = nil, nil
		}
	}
	return nil
}

// texts are the values of one field in order.
func texts(rows []value, id ID) []string {
	out := []string{}
	for _, r := range rows {
		if r.FieldID == id {
			out = append(out, r.Text)
		}
	}
	slices.Sort(out)
	return out
}
