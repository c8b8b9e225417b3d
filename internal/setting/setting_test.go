package setting_test

import (
	"context"
	"testing"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

func TestSettingHasOverrideHistoryAndVersion(t *testing.T) {
	d, _ := dbtest.New(t)
	b := event.NewBoard(d)
	s := setting.New(setting.Deps{DB: d, Board: b, Trail: trail.New(d)})
	s.Define(setting.Definition{Key: "test.reminder.hours", Kind: setting.Int, Default: "24", Min: 0, Max: 168, PerDepartment: true},
		setting.Definition{Key: "test.house.only", Kind: setting.Bool, Default: "false"})
	ctx := access.AsSystem(context.Background(), "test")
	heard := []setting.Changed{}
	event.On(b, "test.on_changed", func(_ context.Context, f setting.Changed) error { heard = append(heard, f); return nil })

	if n := s.Int(ctx, "test.reminder.hours", 7); n != 24 {
		t.Error("default:", n)
	}
	for _, u := range []setting.Update{{Key: "test.reminder.hours", Value: "48"}, {Key: "test.reminder.hours", DepartmentID: 7, Value: "2"}} {
		if err := s.Set(ctx, u); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := s.Int(ctx, "test.reminder.hours", 7), s.Int(ctx, "test.reminder.hours", 8); a != 2 || b != 48 {
		t.Error("department, hospital:", a, b)
	}
	for name, c := range map[string]struct {
		u    setting.Update
		code fault.Code
	}{
		"stale version":         {setting.Update{Key: "test.reminder.hours", Value: "5"}, fault.Conflict},
		"out of range":          {setting.Update{Key: "test.reminder.hours", Value: "169", Version: 1}, fault.Invalid},
		"not a number":          {setting.Update{Key: "test.reminder.hours", Value: "soon", Version: 1}, fault.Invalid},
		"no department of that": {setting.Update{Key: "test.house.only", Value: "true", DepartmentID: 7}, fault.NotFound},
		"unknown":               {setting.Update{Key: "test.no.such", Value: "1"}, fault.NotFound},
	} {
		if err := s.Set(ctx, c.u); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Set(context.Background(), setting.Update{Key: "test.reminder.hours", Value: "1", Version: 1}); !fault.Is(err, fault.Unauthorized) {
		t.Error("nobody may change a setting without signing in:", err)
	}
	past, err := s.History(ctx, "test.reminder.hours")
	if err != nil || len(past) != 2 || past[1].OldValue != "24" || past[1].NewValue != "48" || past[0].DepartmentID != 7 {
		t.Errorf("%+v %v", past, err)
	}
	if _, err := b.Drain(ctx); err != nil || len(heard) != 2 {
		t.Error("facts:", heard, err)
	}
}

func TestSY01_ClearedOverrideFollowsTheHospitalAgain(t *testing.T) {
	d, _ := dbtest.New(t)
	b := event.NewBoard(d)
	s := setting.New(setting.Deps{DB: d, Board: b, Trail: trail.New(d)})
	s.Define(setting.Definition{Key: "test.reminder.hours", Kind: setting.Int, Default: "24", Min: 0, Max: 168, PerDepartment: true})
	ctx := access.AsSystem(context.Background(), "test")
	heard := 0
	event.On(b, "test.on_changed", func(context.Context, setting.Changed) error { heard++; return nil })
	for _, u := range []setting.Update{{Key: "test.reminder.hours", Value: "48"}, {Key: "test.reminder.hours", DepartmentID: 7, Value: "2"}} {
		if err := s.Set(ctx, u); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Clear(context.Background(), "test.reminder.hours", 7, 1); !fault.Is(err, fault.Unauthorized) {
		t.Error("nobody may clear a setting without signing in:", err)
	}
	if err := s.Clear(ctx, "test.reminder.hours", 7, 2); !fault.Is(err, fault.Conflict) {
		t.Error("stale version:", err)
	}
	if err := s.Clear(ctx, "test.reminder.hours", 8, 1); !fault.Is(err, fault.NotFound) {
		t.Error("no value of its own:", err)
	}
	if n := s.Int(ctx, "test.reminder.hours", 7); n != 2 {
		t.Error("a refused clearing changes nothing:", n)
	}
	if err := s.Clear(ctx, "test.reminder.hours", 7, 1); err != nil {
		t.Fatal(err)
	}
	if n := s.Int(ctx, "test.reminder.hours", 7); n != 48 {
		t.Error("the hospital's value:", n)
	}
	past, err := s.History(ctx, "test.reminder.hours")
	if err != nil || len(past) != 3 || past[0].DepartmentID != 7 || past[0].OldValue != "2" || past[0].NewValue != "48" {
		t.Errorf("%+v %v", past, err)
	}
	if err := s.Set(ctx, setting.Update{Key: "test.reminder.hours", DepartmentID: 7, Value: "3"}); err != nil || s.Int(ctx, "test.reminder.hours", 7) != 3 {
		t.Error("a value can be given again:", err)
	}
	if err := s.Clear(ctx, "test.reminder.hours", 0, 1); err != nil || s.Int(ctx, "test.reminder.hours", 8) != 24 {
		t.Error("without the hospital's value the default holds:", err)
	}
	if _, err := b.Drain(ctx); err != nil || heard != 5 {
		t.Error("facts:", heard, err)
	}
}

func TestTimeOfDay(t *testing.T) {
	for in, good := range map[string]bool{"00:00": true, "24:00": true, "08:30": true, "8:30": true, "24:01": false, "12:60": false, "12:5": false, "noon": false, "-1:00": false} {
		if _, _, ok := setting.ParseTime(in); ok != good {
			t.Error(in, ok)
		}
	}
}
