package followup

import (
	"math/rand/v2"
	"testing"

	"renxin/internal/platform/clock"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

func TestFU27_RulesChooseWhoCares(t *testing.T) {
	people := []Candidate{
		{ID: 1, Departments: []staff.DepartmentID{10}, Roles: []string{"nurse"}, Load: 5},
		{ID: 2, Departments: []staff.DepartmentID{10}, Roles: []string{"nurse"}, Load: 2, Languages: []string{"yue"}},
		{ID: 3, Departments: []staff.DepartmentID{20}, Roles: []string{"head_nurse"}, Load: 0},
		{ID: 4, Departments: []staff.DepartmentID{10}, Roles: []string{"doctor"}, Load: 1},
	}
	rules := []AssignRule{
		{MinSeverity: SeverityGrave, Roles: []string{"doctor"}},
		{ICD: []string{"N87"}, Staff: []staff.ID{1}},
		{Wards: []string{"W3"}, Staff: []staff.ID{2}},
		{Groups: []visit.GroupID{77}, Roles: []string{"head_nurse"}},
	}
	for _, c := range []struct {
		name string
		c    Case
		away staff.ID
		want staff.ID
		why  string
		rule int
	}{
		{"severity first", Case{ICD: []string{"N87.1"}, Severity: 2, Department: 10}, 0, 4, "rule", 0},
		{"disease", Case{ICD: []string{"n871"}, Department: 10}, 0, 1, "rule", 1},
		{"disease, but she is away: least load of the department", Case{ICD: []string{"N87.1"}, Department: 10}, 1, 4, "department", -1},
		{"ward", Case{Ward: "W3", Department: 10}, 0, 2, "rule", 2},
		{"group", Case{Groups: []visit.GroupID{77}, Department: 10}, 0, 3, "rule", 3},
		{"language beats load", Case{Languages: []string{"yue"}, Department: 10}, 0, 2, "department", -1},
		{"unknown department: least load of all", Case{Department: 99}, 0, 3, "least_load", -1},
	} {
		list := append([]Candidate(nil), people...)
		for i := range list {
			list[i].Away = list[i].ID == c.away
		}
		got, ok := Assign(rules, list, c.c)
		if !ok || got != (Pick{c.want, c.why, c.rule}) {
			t.Errorf("%s: %+v %v", c.name, got, ok)
		}
	}
}

// As long as anybody is present nothing stays unassigned, nobody absent is chosen, and equal input gives equal output.
func TestFU27_NothingStaysUnassigned(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 1))
	for range 5000 {
		var people []Candidate
		present := false
		for i := range 1 + r.IntN(6) {
			p := Candidate{ID: staff.ID(i + 1), Departments: []staff.DepartmentID{staff.DepartmentID(r.IntN(3))}, Load: r.IntN(4), Away: r.IntN(3) == 0}
			present = present || !p.Away
			people = append(people, p)
		}
		rules := []AssignRule{{Departments: []staff.DepartmentID{staff.DepartmentID(r.IntN(3))}, Staff: []staff.ID{staff.ID(1 + r.IntN(6))}}, {MinSeverity: 1, Roles: []string{"nurse"}, Within: true}}
		c := Case{Department: staff.DepartmentID(r.IntN(4)), Severity: Severity(r.IntN(4)), Previous: staff.ID(r.IntN(7))}
		got, ok := Assign(rules, people, c)
		if ok != present {
			t.Fatal("unassigned although somebody is present, or the reverse", people, got)
		}
		if ok && people[got.Staff-1].Away {
			t.Fatal("an absent person was chosen")
		}
		if again, _ := Assign(rules, people, c); again != got {
			t.Fatal("not deterministic")
		}
	}
}

func TestFU01_WhatStartsAPlan(t *testing.T) {
	stay := Happening{Class: "IMP", DepartmentID: 10, Started: "2026-11-20", Discharged: "2026-11-23",
		Diagnoses:  []Coded{{"N87.100", "宫颈中度不典型增生", "2026-11-20"}},
		Groups:     []visit.GroupID{5},
		Procedures: []Coded{{"67.3200", "子宫颈LEEP术", "2026-11-22"}, {"67.3200", "子宫颈LEEP术", "2026-11-21"}}}
	open, cancelled := stay, stay
	open.Discharged, cancelled.Cancelled = "", true
	visited := Happening{Class: "AMB", Started: "2026-11-23", Diagnoses: []Coded{{"E11.9", "2型糖尿病", "2026-11-23"}}}
	for _, c := range []struct {
		name string
		t    Trigger
		h    Happening
		want clock.Date
	}{
		{"LEEP by code, first procedure", Trigger{Kind: KindProcedure, Code: "67.32"}, stay, "2026-11-21"},
		{"LEEP by word", Trigger{Kind: KindProcedure, Name: "leep"}, stay, "2026-11-21"},
		{"code and word must agree", Trigger{Kind: KindProcedure, Code: "67.32", Name: "锥切"}, stay, ""},
		{"another procedure", Trigger{Kind: KindProcedure, Code: "47.01"}, stay, ""},
		{"discharge", Trigger{Kind: KindDischarge}, stay, "2026-11-23"},
		{"discharge of another department", Trigger{Kind: KindDischarge, DepartmentID: 11}, stay, ""},
		{"discharge with diagnosis", Trigger{Kind: KindDischarge, Code: "N87"}, stay, "2026-11-23"},
		{"discharge with another diagnosis", Trigger{Kind: KindDischarge, Code: "I10"}, stay, ""},
		{"discharge with group", Trigger{Kind: KindDischarge, GroupID: 5}, stay, "2026-11-23"},
		{"not yet discharged", Trigger{Kind: KindDischarge}, open, ""},
		{"cancelled", Trigger{Kind: KindProcedure, Code: "67.32"}, cancelled, ""},
		{"diagnosis", Trigger{Kind: KindCondition, Code: "E11"}, visited, "2026-11-23"},
		{"outpatients are not discharged", Trigger{Kind: KindDischarge}, visited, ""},
		{"visit", Trigger{Kind: KindVisit, Classes: []string{"AMB"}}, visited, "2026-11-23"},
		{"wrong class", Trigger{Kind: KindVisit, Classes: []string{"IMP"}}, visited, ""},
	} {
		if got, ok := c.t.Anchor(c.h); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %v", c.name, got, ok)
		}
	}
}

func TestFU01_APlanStaysAnchoredOnWhatStartedIt(t *testing.T) {
	d := Definition{Triggers: []Trigger{{Kind: KindDischarge}, {Kind: KindProcedure, Code: "67.32"}}}
	h := Happening{Class: "IMP", Procedures: []Coded{{"67.32", "LEEP", "2026-11-20"}}}
	kind, day, ok := d.Anchor(h)
	if kind != KindProcedure || day != "2026-11-20" || !ok {
		t.Fatal(kind, day)
	}
	h.Discharged = "2026-11-23"
	if day, ok := d.AnchorOf(kind, h); day != "2026-11-20" || !ok {
		t.Error("the later discharge must not move it", day)
	}
	if kind, _, _ := d.Anchor(h); kind != KindDischarge {
		t.Error("the first trigger that fits starts a plan", kind)
	}
}
