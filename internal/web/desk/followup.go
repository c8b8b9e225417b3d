package desk

import (
	"context"

	"renxin/internal/followup"
	"renxin/internal/staff"
)

// FollowupRoutes are the paths of templates, plans, worklists and tasks, and of the calendar they are planned over.
func FollowupRoutes(s *followup.Service, st *staff.Service) Routes {
	return func(d *Door) {
		templateRoutes(d, s, st)
		planRoutes(d, s)
		worklistRoutes(d, s, st)
		taskRoutes(d, s, st)
		ruleRoutes(d, s)
		CalendarRoutes(s.Setting, s)(d)
	}
}

func ruleRoutes(d *Door, s *followup.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/followup/rules", Permission: followup.PermReadRules, Text: "Who gets which task, in order"},
		func(ctx context.Context, _ *struct{}) (items[followup.AssignRule], error) {
			return listed(s.Rules(ctx))
		})
	add(d, Route{Method: "PUT", Path: "/api/v1/followup/rules", Permission: followup.PermEditRules, Text: "Replace the assignment rules"},
		func(ctx context.Context, in *struct {
			Body struct {
				Items []followup.AssignRule `json:"items"`
			}
		}) (items[followup.AssignRule], error) {
			if err := s.SetRules(ctx, in.Body.Items); err != nil {
				return items[followup.AssignRule]{}, err
			}
			return listed(s.Rules(ctx))
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/rules/run", Permission: followup.PermAssign, Text: "Give every task without a present owner to somebody now"},
		func(ctx context.Context, _ *struct{}) (struct {
			Moved int `json:"moved"`
		}, error) {
			n, err := s.RunAssign(ctx)
			return struct {
				Moved int `json:"moved"`
			}{n}, err
		})
}
