package followup

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/db"
	"renxin/internal/segment"
)

// Dimensions are what segments may ask of follow-up: red flags, outcomes and running plans.
func (s *Service) Dimensions() []segment.Dimension {
	told := []string{"followup"}
	return []segment.Dimension{
		{Name: "flag", Group: "care", Takes: []string{segment.During}, Need: PermList, Care: true, Stirred: told, Find: func(_ context.Context, n segment.Node, w segment.When) (segment.Part, error) {
			return segment.Having("followup_task t", w.Instants(db.SQL("t.kind = 'flag'"), "t.raised_at", w.Span(n.Period))), nil
		}},
		{Name: "outcome", Group: "care", Takes: []string{segment.Values, segment.During}, Free: true, Need: PermList, Care: true, Stirred: told, Options: s.outcomes, Find: func(_ context.Context, n segment.Node, w segment.When) (segment.Part, error) {
			q := db.SQL("t.state <> 'open' and t.outcome <> ''")
			db.In(q, n.Values, "and t.outcome in (%s)")
			return segment.Having("followup_task t", w.Instants(q, "t.done_at", w.Span(n.Period))), nil
		}},
		{Name: "plan", Group: "care", Takes: []string{segment.Values}, Need: PermReadPlans, Care: true, Stirred: told, Options: s.planned, Check: templateIDs, Find: func(_ context.Context, n segment.Node, _ segment.When) (segment.Part, error) {
			q := db.SQL("t.state = 'active'")
			keys := make([]int64, 0, len(n.Values))
			for _, v := range n.Values {
				if k, ok := db.Key(v); ok {
					keys = append(keys, k)
				}
			}
			return segment.Having("followup_plan t", db.In(q, keys, "and t.template_id in (%s)")), nil
		}},
	}
}

func templateIDs(n segment.Node) string {
	if slices.ContainsFunc(n.Values, func(v string) bool {
		k, ok := db.Key(v)
		return !ok || TemplateID(k).String() != v
	}) {
		return "segment.condition.values"
	}
	return ""
}

// outcomes offers the codes that the latest tasks ended with.
func (s *Service) outcomes(ctx context.Context, text string, values []string) ([]segment.Option, error) {
	codes := values
	if len(values) == 0 {
		var err error
		codes, err = db.List[string](ctx, s.read(ctx), `
			select distinct outcome
			from (
				select outcome
				from followup_task
				where state <> 'open'
				order by done_at desc
				limit 5000
			) x
			where outcome <> ''
			order by outcome`)
		if err != nil {
			return nil, err
		}
	}
	out := []segment.Option{}
	for _, c := range codes {
		if strings.Contains(c, text) {
			out = append(out, segment.Option{Value: c, Label: c})
		}
	}
	return out, nil
}

func (s *Service) planned(ctx context.Context, text string, values []string) ([]segment.Option, error) {
	ts, err := listTemplates(ctx, s.read(ctx))
	out := []segment.Option{}
	for _, t := range ts {
		if (len(values) == 0 || slices.Contains(values, t.ID.String())) && strings.Contains(t.Name, text) {
			out = append(out, segment.Option{Value: t.ID.String(), Label: t.Name})
		}
	}
	return out, err
}
