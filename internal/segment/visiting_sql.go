package segment

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// visiting are the dimensions that visits answer.
func (s *Service) visiting() []Dimension {
	told := []string{"visit"}
	plain := func(find func(n Node, w When) Part) func(context.Context, Node, When) (Part, error) {
		return func(_ context.Context, n Node, w When) (Part, error) { return find(n, w), nil }
	}
	return []Dimension{
		{Name: "visited", Group: "visit", Takes: []string{During}, Needs: []string{During}, Aspects: []string{"last", "first", "any"}, Stirred: told, Find: plain(visited)},
		{Name: "department", Group: "visit", Takes: []string{Values, During}, Needs: []string{Values}, Options: s.departments, Check: idsOf[staff.DepartmentID], Care: true, Stirred: told,
			Find: plain(func(n Node, w When) Part {
				q := in(db.SQL("t.state <> 'cancelled' and"), "t.department_id in", keys(n.Values))
				return Having("visit_encounter t", w.Instants(q, "t.started_at", w.Span(n.Period)))
			})},
		{Name: "disease", Group: "visit", Takes: []string{Values, During}, Needs: []string{Values}, Aspects: []string{"any", "first"}, Free: true, Options: s.diseases, Check: diseaseValues,
			Need: visit.PermDiagnosis, Care: true, Stirred: told, Find: s.diseased},
		{Name: "procedure", Group: "visit", Takes: []string{Values, During}, Needs: []string{Values}, Free: true, Options: s.procedures, Need: visit.PermProcedure, Care: true, Stirred: told, Find: s.operated},
		{Name: "visits", Group: "visit", Takes: []string{Values, During, Range}, Needs: []string{Range}, Only: []string{"AMB", "IMP", "EMER", "CHK"}, Unit: "times", Care: true, Stirred: told,
			Find: plain(func(n Node, w When) Part {
				q := db.SQL("t.state <> 'cancelled'")
				if len(n.Values) > 0 {
					q = in(q.Add("and"), "t.class in", n.Values)
				}
				q = w.Instants(q, "t.started_at", w.Span(n.Period))
				return Part{Rows: &Rows{From: "visit_encounter t", Where: q, Sum: "count(*)", Min: n.From, Max: n.To}, Indexed: true}
			})},
		{Name: "report", Group: "visit", Takes: []string{Values, During}, Needs: []string{Values}, Only: []string{"abnormal", "critical"}, Need: visit.PermConclusion, Care: true, Stirred: told,
			Find: plain(func(n Node, w When) Part {
				return Having("visit_report t", w.Instants(in(db.SQL("t.abnormal <> '' and"), "t.abnormal in", n.Values), "t.at", w.Span(n.Period)))
			})},
		{Name: "spend", Group: "visit", Takes: []string{During, Range}, Needs: []string{Range}, Unit: "fen", Need: visit.PermReadCharges, Stirred: told, Find: plain(spent)},
		{Name: "missed", Group: "visit", Takes: []string{During, Range}, Unit: "times", Stirred: []string{"booking"}, Find: plain(func(n Node, w When) Part {
			q := w.Instants(db.SQL("t.state = 'missed'"), "t.starts_at", w.Span(n.Period))
			r := &Rows{From: "booking_appointment t", Where: q}
			if n.From != nil || n.To != nil {
				r.Sum, r.Min, r.Max = "count(*)", n.From, n.To
			}
			return Part{Rows: r, Indexed: true}
		})},
		{Name: "booked", Group: "visit", Takes: []string{During}, Needs: []string{During}, Stirred: []string{"booking"}, Find: plain(func(n Node, w When) Part {
			return Having("booking_appointment t", w.Instants(db.SQL("t.state = 'booked'"), "t.starts_at", w.Span(n.Period)))
		})},
	}
}

// visited asks for the day of the last, the first or any visit.
func visited(n Node, w When) Part {
	span := w.Span(n.Period)
	if n.Aspect == "last" {
		return Own(w.Instants(db.SQL("who.met_at > 0"), "who.seen_at", span), true)
	}
	q := w.Instants(db.SQL("t.state <> 'cancelled'"), "t.started_at", span)
	if n.Aspect == "first" && span.From != "" {
		q.Add("and not exists (select 1 from visit_encounter e where e.patient_id = t.patient_id and e.state <> 'cancelled' and e.started_at < ?)", w.start(span.From))
	}
	return Having("visit_encounter t", q)
}

// longSpan is from how many days on the charges of a period are most of all charges.
const longSpan = 120

// spent sums what was charged, returns included. Over a long time only the sum itself can tell who spent much.
func spent(n Node, w When) Part {
	span := w.Span(n.Period)
	col := "t.date"
	if span.From == "" || w.Today.Sub(span.From) > longSpan {
		col += " || ''" // so long a time is summed patient by patient, in the order of that index, until enough are found
	}
	q := Days(db.SQL("true"), col, span)
	return Part{Rows: &Rows{From: "visit_charge t", Where: q, Sum: "cast(coalesce(sum(t.amount_fen), 0) as bigint)", Min: n.From, Max: n.To}, Indexed: true}
}

// diseaseValues accepts ICD beginnings and condition groups.
func diseaseValues(n Node) string {
	for _, v := range n.Values {
		if c := visit.PlainCode(v); !strings.Contains(v, "_") && (len(c) > 12 || len(c) == 0) {
			return "segment.condition.values"
		}
	}
	return ""
}

// diseased finds the diagnoses on record that the values cover and asks for one of them.
func (s *Service) diseased(ctx context.Context, n Node, w When) (Part, error) {
	prefixes, err := s.prefixes(ctx, n.Values)
	if err != nil {
		return Part{}, err
	}
	held, err := held(ctx, s.DB.Read(ctx), "visit_condition", prefixes)
	if err != nil {
		return Part{}, err
	}
	span := w.Span(n.Period)
	q := w.Instants(in(db.SQL(""), "t.code in", held), "t.at", span)
	if n.Aspect == "first" && span.From != "" && len(held) > 0 {
		in(q.Add("and not exists (select 1 from visit_condition e where e.patient_id = t.patient_id and e.at < ? and", w.start(span.From)), "e.code in", held).Add(")")
	}
	return Having("visit_condition t", q), nil
}

// prefixes turns groups into the beginnings they stand for.
func (s *Service) prefixes(ctx context.Context, values []string) ([]string, error) {
	groups, err := s.Visit.Groups(access.AsSystem(ctx, "segment"))
	var out []string
	for _, v := range values {
		if !strings.Contains(v, "_") {
			out = append(out, v)
			continue
		}
		for _, g := range groups {
			if g.ID.String() == v {
				out = append(out, g.Codes...)
			}
		}
	}
	return out, err
}

// held lists the codes in use that begin with one of the prefixes; dots, blanks and case do not matter.
func held(ctx context.Context, tx *db.Tx, table string, prefixes []string) ([]string, error) {
	used, err := distinct(ctx, tx, table, "code", "true")
	g := visit.Group{Codes: prefixes}
	return slices.DeleteFunc(used, func(c string) bool { return !g.Covers(c) }), err
}

func (s *Service) operated(ctx context.Context, n Node, w When) (Part, error) {
	held, err := held(ctx, s.DB.Read(ctx), "visit_procedure", n.Values)
	if err != nil {
		return Part{}, err
	}
	return Having("visit_procedure t", Days(in(db.SQL(""), "t.code in", held), "t.date", w.Span(n.Period))), nil
}

// diseases offers condition groups and diagnoses on record.
func (s *Service) diseases(ctx context.Context, text string, values []string) ([]Option, error) {
	groups, err := s.Visit.Groups(access.AsSystem(ctx, "segment"))
	if err != nil {
		return nil, err
	}
	out := []Option{}
	for _, g := range groups {
		out = append(out, Option{g.ID.String(), g.Name})
	}
	if len(values) > 0 {
		for _, v := range values {
			if !strings.Contains(v, "_") {
				out = append(out, Option{v, v})
			}
		}
		return chosen(out, "", values), nil
	}
	named, err := diagnosesNamed(ctx, s.DB.Read(ctx), text)
	return append(matching(out, text), named...), err
}

func (s *Service) procedures(ctx context.Context, text string, values []string) ([]Option, error) {
	if len(values) > 0 {
		return same(values), nil
	}
	return proceduresNamed(ctx, s.DB.Read(ctx), text)
}

// diagnosesNamed offers codes in use that begin with text, each with one of its names.
func diagnosesNamed(ctx context.Context, tx *db.Tx, text string) ([]Option, error) {
	return named(ctx, tx, "visit_condition", text)
}

func proceduresNamed(ctx context.Context, tx *db.Tx, text string) ([]Option, error) {
	return named(ctx, tx, "visit_procedure", text)
}

// nameLooks bounds how many codes are looked at for a word of their name.
const nameLooks = 1500

func named(ctx context.Context, tx *db.Tx, table, text string) ([]Option, error) {
	used, err := distinct(ctx, tx, table, "code", "true")
	out := []Option{}
	plain := visit.PlainCode(text)
	for i, c := range used {
		if err != nil || len(out) == maxOptions || i == nameLooks {
			break
		}
		var name string
		name, _, err = db.First[string](ctx, tx, `select name from `+table+` where code = $1 limit 1`, c)
		if strings.HasPrefix(visit.PlainCode(c), plain) || strings.Contains(name, text) {
			out = append(out, Option{c, c + " " + name})
		}
	}
	return out, err
}
