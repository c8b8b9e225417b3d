package segment

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// clinical refuses a rule for key patients that asks anything but clinical questions; what somebody spent is named outright.
func (s *Service) clinical(t Tree) error {
	f := fault.New(fault.Invalid, "segment.key.not_clinical")
	for _, n := range t.Conditions() {
		d := s.dims[n.Dim]
		switch {
		case d.Care:
		case d.Unit == "fen":
			f.Key = "segment.key.revenue"
			f.With("tree", "segment.key.revenue")
		default:
			f.With("tree", "segment.key.not_clinical")
		}
	}
	return f.Or()
}

// rules lists the rules in use for key patients.
func (s *Service) rules(ctx context.Context) ([]Segment, error) {
	return keySegments(ctx, s.DB.Read(ctx))
}

// Reason is one condition and whether a patient meets it.
type Reason struct {
	Text string `json:"text"`
	Met  bool   `json:"met"`
}

// Belonging says that a patient is in a segment, or flagged by a rule, and why.
type Belonging struct {
	ID      ID            `json:"id"`
	Kind    string        `json:"kind"`
	Name    string        `json:"name"`
	Since   clock.Instant `json:"since"` // zero where the segment is not followed
	Reasons []Reason      `json:"reasons"`
}

// Flags tells for patients which rules flag them as needing more care, each with its conditions and which of them are met.
func (s *Service) Flags(ctx context.Context, ids []patient.ID) (map[patient.ID][]Belonging, error) {
	if err := exactly(ctx); err != nil {
		return nil, err
	}
	rules, err := s.rules(ctx)
	if err != nil {
		return nil, err
	}
	return s.belong(ctx, rules, ids)
}

// Of lists the segments and rules that the caller sees and a patient is in. What the caller may not ask is left out.
func (s *Service) Of(ctx context.Context, id patient.ID) ([]Belonging, error) {
	if err := exactly(ctx); err != nil {
		return nil, err
	}
	id, err := s.Patient.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	gs, err := listSegments(ctx, s.DB.Read(ctx), access.From(ctx).StaffID, Active)
	if err != nil {
		return nil, err
	}
	in, err := s.belong(ctx, gs, []patient.ID{id})
	return some(in[id]), err
}

func (s *Service) belong(ctx context.Context, gs []Segment, ids []patient.ID) (map[patient.ID][]Belonging, error) {
	out := map[patient.ID][]Belonging{}
	if len(ids) == 0 {
		return out, nil
	}
	for _, g := range gs {
		p, err := s.ready(ctx, g.Tree)
		if fault.Is(err, fault.Forbidden) || gone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		in, err := s.among(ctx, p, ids)
		if err != nil {
			return nil, err
		}
		if len(in) == 0 {
			continue
		}
		since, err := sinceWhen(ctx, s.DB.Read(ctx), g.ID, ids)
		if err != nil {
			return nil, err
		}
		why, err := s.reasons(ctx, g, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if in[id] {
				out[id] = append(out[id], Belonging{g.ID, g.Kind, g.Name, since[id], why[id]})
			}
		}
	}
	return out, nil
}

// reasons writes every condition of a segment and tells for each patient whether it is met.
func (s *Service) reasons(ctx context.Context, g Segment, ids []patient.ID) (map[patient.ID][]Reason, error) {
	out := map[patient.ID][]Reason{}
	return out, s.reasonsOf(ctx, g.Tree.Root, false, ids, out)
}

func (s *Service) reasonsOf(ctx context.Context, n Node, not bool, ids []patient.ID, out map[patient.ID][]Reason) error {
	if n.Op != Is {
		for _, k := range n.Nodes {
			if err := s.reasonsOf(ctx, k, not != (n.Op == Not), ids, out); err != nil {
				return err
			}
		}
		return nil
	}
	text, err := s.line(ctx, n)
	if err != nil {
		return err
	}
	if not {
		text = lang.Text(lang.From(ctx), "segment.words.not", map[string]any{"what": text})
	}
	whole, err := s.expandNode(ctx, n, 0)
	if err != nil {
		return err
	}
	p, err := s.compile(ctx, whole, s.now())
	if err != nil {
		return err
	}
	met, err := s.among(ctx, p, ids)
	for _, id := range ids {
		out[id] = append(out[id], Reason{text, met[id] != not})
	}
	return err
}

// Explain tells for one patient which conditions of a segment are met, whether or not they are a member.
func (s *Service) Explain(ctx context.Context, id ID, p patient.ID) ([]Reason, error) {
	if err := exactly(ctx); err != nil {
		return nil, err
	}
	_, g, err := s.use(ctx, id)
	if err != nil {
		return nil, err
	}
	if p, err = s.Patient.Standing(ctx, p); err != nil {
		return nil, err
	}
	why, err := s.reasons(ctx, g, []patient.ID{p})
	return some(why[p]), err
}
