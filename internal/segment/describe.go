package segment

import (
	"context"
	"fmt"
	"strings"

	"renxin/internal/platform/lang"
)

// lines writes the conditions of a node in the reader's language, one line each; a group around them is told by its word.
func (s *Service) lines(ctx context.Context, n Node) ([]string, error) {
	if n.Op == Is {
		l, err := s.line(ctx, n)
		return []string{l}, err
	}
	var out []string
	for _, k := range n.Nodes {
		ls, err := s.lines(ctx, k)
		if err != nil {
			return nil, err
		}
		for _, l := range ls {
			if n.Op == Not {
				l = lang.Text(lang.From(ctx), "segment.words.not", map[string]any{"what": l})
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// line writes a condition in the reader's language: "疾病：2 型糖尿病；首次诊断 一年以前".
func (s *Service) line(ctx context.Context, n Node) (string, error) {
	l, d := lang.From(ctx), s.dims[n.Dim]
	parts := []string{}
	if d.Offers != nil {
		return s.fieldLine(ctx, n)
	}
	if n.Aspect != "" {
		parts = append(parts, lang.Text(l, "segment.aspect."+n.Aspect, nil))
	}
	if len(n.Values) > 0 {
		names, err := s.names(ctx, d, n.Values)
		if err != nil {
			return "", err
		}
		parts = append(parts, strings.Join(names, lang.Text(l, "segment.words.comma", nil)))
	}
	if n.Text != "" {
		parts = append(parts, lang.Text(l, "segment.words.holds", map[string]any{"text": n.Text}))
	}
	if n.From != nil || n.To != nil {
		parts = append(parts, d.rangeText(l, n))
	}
	if n.Period != nil {
		parts = append(parts, n.Period.text(l))
	}
	return d.label(l) + lang.Text(l, "segment.words.colon", nil) + strings.Join(parts, " · "), nil
}

func (s *Service) names(ctx context.Context, d Dimension, values []string) ([]string, error) {
	labels := map[string]string{}
	if d.Options != nil {
		known, err := d.Options(ctx, "", values)
		if err != nil {
			return nil, err
		}
		for _, o := range known {
			labels[o.Value] = o.Label
		}
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v
		if label, ok := labels[v]; ok {
			out[i] = label
		} else if len(d.Only) > 0 {
			out[i] = d.valueText(lang.From(ctx), v)
		}
	}
	return out, nil
}

func (d Dimension) rangeText(l lang.Locale, n Node) string {
	show := func(v int64) string {
		if d.Unit == "fen" {
			return strings.TrimSuffix(fmt.Sprintf("%d.%02d", v/100, v%100), ".00")
		}
		return fmt.Sprint(v)
	}
	args := map[string]any{"unit": lang.Text(l, "segment.unit."+d.Unit, nil)}
	key := "segment.range.between"
	if n.From != nil {
		args["from"] = show(*n.From)
	} else {
		key = "segment.range.to"
	}
	if n.To != nil {
		args["to"] = show(*n.To)
	} else {
		key = "segment.range.from"
	}
	return lang.Text(l, key, args)
}

// text writes a period in the reader's language.
func (p Period) text(l lang.Locale) string {
	if p.Kind != Between {
		return lang.Text(l, "segment.period."+p.Kind, map[string]any{"n": p.N, "unit": lang.Text(l, "segment.period.unit."+p.Unit, nil)})
	}
	key := "segment.period.between"
	switch {
	case p.From == "":
		key = "segment.period.until"
	case p.To == "":
		key = "segment.period.since"
	}
	return lang.Text(l, key, map[string]any{"from": p.From, "to": p.To})
}
