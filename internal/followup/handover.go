package followup

import (
	"context"
	"encoding/json"
	"slices"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// Holdings are a person's open tasks, promised calls among them, and the assignment rules that name them.
func (s *Service) Holdings() []staff.Holding {
	return []staff.Holding{
		{
			Key:     "followup.task",
			Columns: []string{"followup_task.owner_id"},
			Count:   func(ctx context.Context, of staff.ID) (int, error) { return countHeld(ctx, s.read(ctx), of) },
			Items: func(ctx context.Context, of staff.ID, after int64, limit int) ([]staff.Item, error) {
				return heldTasks(ctx, s.read(ctx), of, after, limit)
			},
			Give: s.giveTask,
		},
		{
			Key: "followup.rule",
			Count: func(ctx context.Context, of staff.ID) (int, error) {
				rs, err := s.rulesNaming(ctx, of)
				return len(rs), err
			},
			Items: func(ctx context.Context, of staff.ID, after int64, _ int) ([]staff.Item, error) {
				rs, err := s.rulesNaming(ctx, of)
				var out []staff.Item
				for _, r := range rs {
					if int64(r.ID) > after {
						out = append(out, staff.Item{ID: int64(r.ID)})
					}
				}
				return out, err
			},
			Give: s.giveRule,
			Lend: func(context.Context, int64, staff.ID, staff.ID, clock.Instant) error { return nil }, // rules pass over who is absent
			Back: func(context.Context, int64, staff.ID, staff.ID) error { return nil },
		},
	}
}

func (s *Service) giveTask(ctx context.Context, item int64, from, to staff.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		t, err := oneTask(ctx, tx, TaskID(item))
		if err != nil || t.OwnerID != from || t.State != "open" {
			return err
		}
		return s.hand(ctx, tx, &t, to, "assigned")
	})
}

type namingRule struct {
	ID   RuleID
	Body string
	rule AssignRule
}

// rulesNaming lists the rules that send cases to a person, by key.
func (s *Service) rulesNaming(ctx context.Context, of staff.ID) ([]namingRule, error) {
	all, err := ruleRows(ctx, s.read(ctx))
	var out []namingRule
	for _, r := range all {
		if err := json.Unmarshal([]byte(r.Body), &r.rule); err != nil {
			return nil, err
		}
		if slices.Contains(r.rule.Staff, of) {
			out = append(out, r)
		}
	}
	return out, err
}

func (s *Service) giveRule(ctx context.Context, item int64, from, to staff.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rs, err := s.rulesNaming(ctx, from)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if int64(r.ID) != item {
				continue
			}
			r.rule.Staff = slices.DeleteFunc(r.rule.Staff, func(id staff.ID) bool { return id == from })
			if !slices.Contains(r.rule.Staff, to) {
				r.rule.Staff = append(r.rule.Staff, to)
			}
			b, err := json.Marshal(r.rule)
			if err != nil {
				return err
			}
			if err := updateRule(ctx, tx, r.ID, string(b)); err != nil {
				return err
			}
			return s.Trail.Append(ctx, trail.Entry{Action: string(PermEditRules), Entity: "followup_rule", EntityID: item, Detail: map[string]any{"from": from, "to": to}})
		}
		return nil
	})
}
