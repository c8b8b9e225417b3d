package demo

import (
	"context"
	"testing"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

func TestStructureIsBuiltOnce(t *testing.T) {
	d, _ := dbtest.New(t)
	board, log := event.NewBoard(d), trail.New(d)
	s := staff.New(staff.Deps{DB: d, Board: board, Trail: log, Setting: setting.New(setting.Deps{DB: d, Board: board, Trail: log})})
	ctx := access.AsSystem(context.Background(), "test")
	for range 2 {
		if err := structure(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Departments(ctx)
	if err != nil || len(all) != len(departments)+len(wards) {
		t.Fatalf("%d departments and wards, want %d (%v)", len(all), len(departments)+len(wards), err)
	}
	members, err := s.Members(ctx, 0)
	if err != nil || len(members) != len(cast) {
		t.Fatalf("%d accounts, want %d (%v)", len(members), len(cast), err)
	}
	if a, err := s.SignIn(ctx, "linjing", Password, "127.0.0.1"); err != nil || a.Name != "林静" {
		t.Errorf("林静 cannot sign in: %v", err)
	}
}
