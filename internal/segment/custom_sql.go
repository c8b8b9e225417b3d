package segment

import (
	"context"
	"strings"

	"renxin/internal/field"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// custom asks the values of fields that the hospital added. Which field is the condition's key; who may not see the field can neither
// build nor use such a condition.
func (s *Service) custom() Dimension {
	return Dimension{Name: "field", Group: "field", Takes: []string{Values, Range, Words}, Aspects: []string{string(field.Is), string(field.StartsWith), string(field.Between), string(field.Filled), string(field.Empty)},
		Stirred: []string{"field"}, Offers: s.fieldOffers, Find: s.fieldFind}
}

func (s *Service) fieldFind(ctx context.Context, n Node, _ When) (Part, error) {
	var id field.ID
	if id.UnmarshalText([]byte(n.Key)) != nil {
		return Part{}, fault.New(fault.Invalid, "segment.dimension.unknown")
	}
	m, err := s.Field.Match(ctx, field.Condition{FieldID: id, Op: field.Op(n.Aspect), Values: n.Values})
	if err != nil {
		return Part{}, err
	}
	q := db.SQL("")
	m.Where(q, "t")
	if !m.Not {
		return Having("field_value t", q), nil
	}
	return Own(db.SQL("not exists (select 1 from field_value t where t.patient_id = who.id and").Add(q.Raw(), q.Args()...).Add(")"), false), nil
}

// fieldOffers lists the fields that the caller sees, each as something to build conditions of.
func (s *Service) fieldOffers(ctx context.Context) ([]Offer, error) {
	ds, err := s.Field.Definitions(ctx, field.Patient)
	if err != nil {
		return nil, err
	}
	l, out := lang.From(ctx), []Offer{}
	staff, err := s.owners(ctx, "", nil)
	for _, d := range ds {
		o := Offer{Name: "field", Key: d.ID.String(), Label: d.Label(l), Group: lang.Text(l, "segment.group.field", nil), Takes: []string{Values}, Needs: []string{}, Aspects: []Option{}, Only: []Option{}, Unit: string(d.Kind)}
		ops := []field.Op{field.Is}
		switch d.Kind {
		case field.Text, field.LongText:
			ops, o.Free = []field.Op{field.StartsWith, field.Is}, true
		case field.Integer, field.Decimal, field.Date:
			ops = []field.Op{field.Between}
		case field.Choice, field.MultiChoice:
			for _, c := range d.Options {
				o.Only = append(o.Only, Option{c.Code, d.Show(l, []string{c.Code})})
			}
		case field.Boolean:
			for _, v := range []string{"true", "false"} {
				o.Only = append(o.Only, Option{v, d.Show(l, []string{v})})
			}
		case field.Person:
			o.Only = staff
		}
		for _, op := range append(ops, field.Filled, field.Empty) {
			o.Aspects = append(o.Aspects, Option{string(op), lang.Text(l, "segment.aspect."+string(op), nil)})
		}
		out = append(out, o)
	}
	return out, err
}

// fieldLine writes a condition on a field.
func (s *Service) fieldLine(ctx context.Context, n Node) (string, error) {
	ds, err := s.Field.Definitions(ctx, field.Patient)
	l, label, values := lang.From(ctx), n.Key, strings.Join(n.Values, "–")
	for _, d := range ds {
		if d.ID.String() != n.Key {
			continue
		}
		label = d.Label(l)
		if n.Aspect == string(field.Is) {
			values = d.Show(l, n.Values)
		}
	}
	return label + lang.Text(l, "segment.words.colon", nil) + strings.TrimSpace(lang.Text(l, "segment.aspect."+n.Aspect, nil)+" "+values), err
}
