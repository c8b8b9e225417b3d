package desk

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/lang"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// SettingRow is a setting with its words, its rule and its values.
type SettingRow struct {
	Key           string            `json:"key"`
	Room          string            `json:"room"`
	Name          string            `json:"name"`
	Help          string            `json:"help"`
	Kind          setting.Kind      `json:"kind"`
	Value         string            `json:"value"`
	Default       string            `json:"default"`
	Min           int               `json:"min"`
	Max           int               `json:"max"`
	Choices       []string          `json:"choices"`
	PerDepartment bool              `json:"per_department"`
	Overrides     []SettingOverride `json:"overrides"`
	Version       int64             `json:"version"`
	UpdatedAt     clock.Instant     `json:"updated_at"`
	UpdatedBy     string            `json:"updated_by"`
}

// SettingOverride is a department's own value.
type SettingOverride struct {
	DepartmentID staff.DepartmentID `json:"department_id"`
	Value        string             `json:"value"`
	Version      int64              `json:"version"`
}

// SettingPast is one change.
type SettingPast struct {
	DepartmentID staff.DepartmentID `json:"department_id"`
	setting.Past
}

// SettingRoutes are the paths of settings.
func SettingRoutes(s *setting.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/settings", Permission: setting.PermRead, Text: "Every setting with its value"}, func(ctx context.Context, _ *struct{}) (items[SettingRow], error) {
			return settings(ctx, s)
		})
		add(d, Route{Method: "PUT", Path: "/api/v1/settings/{key}", Permission: setting.PermUpdate, Text: "Change a setting of the hospital or of a department"}, func(ctx context.Context, in *struct {
			Key  string `path:"key"`
			Body struct {
				Value        string             `json:"value"`
				DepartmentID staff.DepartmentID `json:"department_id"`
				Version      int64              `json:"version"`
			}
		}) (None, error) {
			return None{}, s.Set(ctx, setting.Update{Key: in.Key, DepartmentID: int64(in.Body.DepartmentID), Value: in.Body.Value, Version: in.Body.Version})
		})
		add(d, Route{Method: "DELETE", Path: "/api/v1/settings/{key}", Permission: setting.PermUpdate, Text: "Take away a department's own value: the hospital's holds again"}, func(ctx context.Context, in *struct {
			Key          string             `path:"key"`
			DepartmentID staff.DepartmentID `query:"department_id"`
			Version      int64              `query:"version"`
		}) (None, error) {
			return None{}, s.Clear(ctx, in.Key, int64(in.DepartmentID), in.Version)
		})
		add(d, Route{Method: "GET", Path: "/api/v1/settings/{key}/history", Permission: setting.PermRead, Text: "Who changed a setting, when, from what to what"}, func(ctx context.Context, in *struct {
			Key string `path:"key"`
		}) (items[SettingPast], error) {
			past, err := s.History(ctx, in.Key)
			out := make([]SettingPast, 0, len(past))
			for _, p := range past {
				out = append(out, SettingPast{staff.DepartmentID(p.DepartmentID), p})
			}
			return listed(out, err)
		})
	}
}

func settings(ctx context.Context, s *setting.Service) (items[SettingRow], error) {
	all, err := s.List(ctx)
	l := lang.From(ctx)
	out := make([]SettingRow, 0, len(all))
	for _, it := range all {
		row := SettingRow{Key: it.Key, Room: it.Room(), Name: lang.Text(l, "setting."+it.Key+".name", nil), Help: lang.Text(l, "setting."+it.Key+".help", nil), Kind: it.Kind,
			Value: it.Current.Value, Default: it.Default, Min: it.Min, Max: it.Max, Choices: append([]string{}, it.Choices...), PerDepartment: it.PerDepartment,
			Overrides: []SettingOverride{}, Version: it.Current.Version, UpdatedAt: it.Current.UpdatedAt, UpdatedBy: it.Current.UpdatedBy}
		for _, o := range it.Overrides {
			row.Overrides = append(row.Overrides, SettingOverride{staff.DepartmentID(o.DepartmentID), o.Value, o.Version})
		}
		out = append(out, row)
	}
	return listed(out, err)
}
