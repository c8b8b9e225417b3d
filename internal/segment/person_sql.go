package segment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// personal are the dimensions that the patient's own record answers.
func (s *Service) personal() []Dimension {
	own := func(name string, d Dimension, find func(n Node, w When) Part) Dimension {
		d.Name, d.Group = name, "person"
		d.Find = func(_ context.Context, n Node, w When) (Part, error) { return find(n, w), nil }
		return d
	}
	return []Dimension{
		own("sex", Dimension{Takes: []string{Values}, Needs: []string{Values}, Only: []string{"female", "male", "other", "unknown"}, Care: true}, func(n Node, _ When) Part {
			return Own(in(db.SQL(""), "who.sex in", n.Values), false)
		}),
		own("age", Dimension{Takes: []string{Range}, Needs: []string{Range}, Unit: "year", Care: true, Daily: true}, byAge),
		own("region", Dimension{Takes: []string{Values}, Needs: []string{Values}, Options: regions, Check: knownRegions}, byRegion),
		own("source", Dimension{Takes: []string{Values}, Needs: []string{Values}, Free: true, Options: s.sources}, func(n Node, _ When) Part {
			return Own(in(db.SQL(""), "who.source in", n.Values), true)
		}),
		own("registered", Dimension{Takes: []string{During}, Needs: []string{During}}, func(n Node, w When) Part {
			return Own(w.Instants(db.SQL("true"), "who.created_at", w.Span(n.Period)), true)
		}),
		own("occupation", Dimension{Takes: []string{Words}, Needs: []string{Words}}, func(n Node, _ When) Part {
			return Own(db.SQL("who.occupation like ? escape '!'", like(n.Text)), false)
		}),
		own("address", Dimension{Takes: []string{Words}, Needs: []string{Words}}, func(n Node, _ When) Part {
			return Own(db.SQL("who.address like ? escape '!'", like(n.Text)), false)
		}),
		own("deceased", Dimension{Takes: []string{Values}, Needs: []string{Values}, Only: []string{"yes", "no"}, Care: true}, func(n Node, _ When) Part {
			yes, no := slices.Contains(n.Values, "yes"), slices.Contains(n.Values, "no")
			return Own(db.SQL("who.deceased_at <> '' and ? or who.deceased_at = '' and ?", yes, no), false)
		}),
		own("owner", Dimension{Takes: []string{Values}, Needs: []string{Values}, Options: s.owners, Check: idsOf[staff.ID]}, func(n Node, _ When) Part {
			return Own(in(db.SQL("who.owner_id is not null and"), "who.owner_id in", keys(n.Values)), true)
		}),
		own("tag", Dimension{Takes: []string{Values}, Needs: []string{Values}, Free: true, Options: s.tags}, func(n Node, _ When) Part {
			return Having("patient_tag t", in(db.SQL(""), "t.tag in", n.Values))
		}),
	}
}

// byAge turns ages on the day into days of birth; where only the year or the month of birth is known it counts from its first day.
func byAge(n Node, w When) Part {
	oldest := "0" // an index is entered by one lower bound only
	if n.To != nil {
		oldest = yearsBefore(w.Today, *n.To+1)
	}
	q := db.SQL("who.birth_date > ?", oldest)
	if n.From != nil {
		q.Add("and who.birth_date <= ?", yearsBefore(w.Today, *n.From))
	}
	return Own(q, true)
}

// yearsBefore moves a day back by whole years as text, so that 29 February needs no rule of its own.
func yearsBefore(d clock.Date, years int64) string {
	return fmt.Sprintf("%04d%s", max(int64(d.Time().Year())-years, 0), d[4:])
}

// byRegion finds a province, prefecture or county with everything below it.
func byRegion(n Node, _ When) Part {
	q := db.SQL("")
	for i, v := range n.Values {
		prefix := strings.TrimRight(v, "0")
		prefix += strings.Repeat("0", len(prefix)%2)
		q.If(i > 0, "or")
		q.Add("who.region_code >= ? and who.region_code < ?", prefix, prefix[:len(prefix)-1]+string(prefix[len(prefix)-1]+1))
	}
	return Own(q, true)
}

func knownRegions(n Node) string {
	for _, v := range n.Values {
		if _, ok := identity.FindRegion(v); !ok {
			return "segment.condition.values"
		}
	}
	return ""
}

// maxOptions bounds what a picker is given.
const maxOptions = 50

// regions finds divisions by a part of their full name.
func regions(_ context.Context, text string, values []string) ([]Option, error) {
	out := []Option{}
	for _, v := range values {
		if name := identity.RegionName(v); name != "" {
			out = append(out, Option{v, name})
		}
	}
	if len(values) > 0 {
		return out, nil
	}
	for _, p := range identity.RegionsUnder("") {
		out = regionsBelow(out, p, text)
	}
	slices.SortStableFunc(out, func(a, b Option) int { return len(a.Label) - len(b.Label) })
	return out[:min(len(out), maxOptions)], nil
}

func regionsBelow(out []Option, r identity.Region, text string) []Option {
	name := identity.RegionName(r.Code)
	if text == "" || strings.Contains(name, text) {
		out = append(out, Option{r.Code, name})
	}
	if text == "" && strings.HasSuffix(r.Code, "0000") {
		return out
	}
	for _, k := range identity.RegionsUnder(r.Code) {
		out = regionsBelow(out, k, text)
	}
	return out
}

// sources lists the codes in use by their names in the dictionary.
func (s *Service) sources(ctx context.Context, text string, values []string) ([]Option, error) {
	names, err := s.Setting.Labels(ctx, "source")
	if err != nil {
		return nil, err
	}
	used := values
	if len(values) == 0 {
		if used, err = sourcesInUse(ctx, s.DB.Read(ctx)); err != nil {
			return nil, err
		}
	}
	out := same(used)
	for i, o := range out {
		out[i].Label = orElse(names[o.Value], o.Value)
	}
	return chosen(out, text, values), nil
}

func (s *Service) tags(ctx context.Context, text string, values []string) ([]Option, error) {
	if len(values) > 0 {
		return same(values), nil
	}
	used, err := s.Patient.Tags(ctx)
	return matching(same(used), text), err
}

func same(values []string) []Option {
	out := make([]Option, len(values))
	for i, v := range values {
		out[i] = Option{v, v}
	}
	return out
}

// matching keeps what holds text, at most maxOptions.
func matching(all []Option, text string) []Option {
	text = strings.ToLower(strings.TrimSpace(text))
	out := slices.DeleteFunc(all, func(o Option) bool { return text != "" && !strings.Contains(strings.ToLower(o.Label), text) })
	return out[:min(len(out), maxOptions)]
}

// chosen keeps the given values, or what holds text.
func chosen(all []Option, text string, values []string) []Option {
	if len(values) == 0 {
		return matching(all, text)
	}
	return slices.DeleteFunc(all, func(o Option) bool { return !slices.Contains(values, o.Value) })
}

func (s *Service) owners(ctx context.Context, text string, values []string) ([]Option, error) {
	ms, err := s.Staff.Members(ctx, 0)
	out := make([]Option, len(ms))
	for i, m := range ms {
		out[i] = Option{m.ID.String(), m.Name}
	}
	return chosen(out, text, values), err
}

func (s *Service) departments(ctx context.Context, text string, values []string) ([]Option, error) {
	ds, err := s.Staff.Departments(ctx)
	out := make([]Option, len(ds))
	for i, d := range ds {
		out[i] = Option{d.ID.String(), d.Name}
	}
	return chosen(out, text, values), err
}

// keys reads values that are IDs; check has seen that they are.
func keys(values []string) []int64 {
	out := make([]int64, 0, len(values))
	for _, v := range values {
		if k, ok := db.Key(v); ok {
			out = append(out, k)
		}
	}
	return out
}

type prefixed interface{ String() string }

// idsOf refuses values that are no IDs of kind T.
func idsOf[T interface {
	~int64
	prefixed
}](n Node) string {
	for _, v := range n.Values {
		if k, ok := db.Key(v); !ok || T(k).String() != v {
			return "segment.condition.values"
		}
	}
	return ""
}

// sourcesInUse walks the index from one word to the next, so that its cost is that of the words.
func sourcesInUse(ctx context.Context, tx *db.Tx) ([]string, error) {
	return distinct(ctx, tx, "patient_patient", "source", "merged_into is null and deleted_at is null")
}

// distinct lists the values of an indexed column in order, without reading its rows; table, column and cond come from code.
func distinct(ctx context.Context, tx *db.Tx, table, col, cond string) ([]string, error) {
	return db.List[string](ctx, tx, `
		with recursive v (x) as (
			select (select min(`+col+`) from `+table+` where `+cond+`)
			union all
			select (select min(n.`+col+`) from `+table+` n where n.`+col+` > v.x and `+cond+`)
			from v
			where v.x is not null
		)
		select x
		from v
		where x is not null and x <> ''
		limit 20000`)
}

// ages are the bands of a demography: the first year of each.
var ages = []int64{0, 18, 30, 45, 60, 75}

// bandText names the band that begins with ages[i].
func bandText(l lang.Locale, i int) string {
	if i < 0 {
		return lang.Text(l, "segment.band.unknown", nil)
	}
	if i == len(ages)-1 {
		return lang.Text(l, "segment.band.from", map[string]any{"from": ages[i]})
	}
	return lang.Text(l, "segment.band.between", map[string]any{"from": ages[i], "to": ages[i+1] - 1})
}
