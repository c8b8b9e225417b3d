package followup

import (
	"slices"
	"strings"

	"renxin/internal/staff"
	"renxin/internal/visit"
)

// AssignRule sends cases to people. Filled conditions must all agree; an empty rule fits every case.
type AssignRule struct {
	ICD         []string             `json:"icd,omitempty"`          // diagnosis prefixes
	Groups      []visit.GroupID      `json:"groups,omitempty"`       // condition groups
	Departments []staff.DepartmentID `json:"departments,omitempty"`  // department of the encounter
	Wards       []string             `json:"wards,omitempty"`        // ward codes
	MinSeverity Severity             `json:"min_severity,omitempty"` // the case is at least this grave
	Languages   []string             `json:"languages,omitempty"`    // the patient speaks one of these
	Staff       []staff.ID           `json:"staff,omitempty"`        // to one of these people
	Roles       []string             `json:"roles,omitempty"`        // or to one who holds one of these posts
	Within      bool                 `json:"within,omitempty"`       // only people of the encounter's department
}

// Valid tells whether the rule names somebody.
func (r AssignRule) Valid() bool { return len(r.Staff) > 0 || len(r.Roles) > 0 || r.Within }

// Case is what the rules look at.
type Case struct {
	ICD        []string
	Groups     []visit.GroupID
	Department staff.DepartmentID
	Ward       string
	Severity   Severity
	Languages  []string // what the patient speaks beside the hospital's language
	Previous   staff.ID // who cared for the patient last, preferred at equal load; 0 none
}

// Candidate is somebody who may do follow-up today.
type Candidate struct {
	ID          staff.ID
	Departments []staff.DepartmentID
	Roles       []string
	Languages   []string
	Load        int  // open tasks
	Away        bool // absent, signed off, deactivated
}

// Pick is who gets a case and why.
type Pick struct {
	Staff staff.ID
	Why   string // "rule 2", "department", "least load"
	Rule  int    // index of the rule, -1 when no rule named somebody present
}

// Assign finds the person for a case: the first rule that fits and names somebody present; else anybody of the department; else anybody.
// Among several it prefers one who speaks the patient's language, then the least load, then the person who cared before, then the lowest id,
// so that equal input gives equal output. False only when nobody is present at all.
func Assign(rules []AssignRule, people []Candidate, c Case) (Pick, bool) {
	present := slices.DeleteFunc(slices.Clone(people), func(p Candidate) bool { return p.Away })
	for i, r := range rules {
		if !r.fits(c) {
			continue
		}
		if p, ok := pickOne(present, c, r.names(c)); ok {
			return Pick{p, "rule", i}, true
		}
	}
	if p, ok := pickOne(present, c, func(p Candidate) bool { return slices.Contains(p.Departments, c.Department) }); ok {
		return Pick{p, "department", -1}, true
	}
	p, ok := pickOne(present, c, func(Candidate) bool { return true })
	return Pick{p, "least_load", -1}, ok
}

func (r AssignRule) fits(c Case) bool {
	return anyPrefix(r.ICD, c.ICD) && overlap(r.Groups, c.Groups) &&
		(len(r.Departments) == 0 || slices.Contains(r.Departments, c.Department)) &&
		(len(r.Wards) == 0 || slices.Contains(r.Wards, c.Ward)) &&
		overlap(r.Languages, c.Languages) &&
		c.Severity >= r.MinSeverity
}

func (r AssignRule) names(c Case) func(Candidate) bool {
	return func(p Candidate) bool {
		return slices.Contains(r.Staff, p.ID) || len(r.Staff) == 0 && overlap(r.Roles, p.Roles) &&
			(!r.Within || slices.Contains(p.Departments, c.Department))
	}
}

func pickOne(people []Candidate, c Case, suits func(Candidate) bool) (staff.ID, bool) {
	var best Candidate
	found := false
	for _, p := range people {
		if suits(p) && (!found || better(p, best, c)) {
			best, found = p, true
		}
	}
	return best.ID, found
}

func better(a, b Candidate, c Case) bool {
	if len(c.Languages) > 0 {
		if x, y := overlap(c.Languages, a.Languages), overlap(c.Languages, b.Languages); x != y {
			return x
		}
	}
	if a.Load != b.Load {
		return a.Load < b.Load
	}
	if (a.ID == c.Previous) != (b.ID == c.Previous) {
		return a.ID == c.Previous
	}
	return a.ID < b.ID
}

// overlap tells whether the lists share an entry; an empty want asks for nothing.
func overlap[T comparable](want, have []T) bool {
	return len(want) == 0 || slices.ContainsFunc(want, func(w T) bool { return slices.Contains(have, w) })
}

// anyPrefix tells whether any code begins with any prefix; no prefixes ask for nothing.
func anyPrefix(prefixes, codes []string) bool {
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return hasCodePrefix(c, p) })
	})
}

// hasCodePrefix compares codes without regard to case, dots and blanks, because feeds write N87.1, n871 and "N87.100".
func hasCodePrefix(code, prefix string) bool {
	p := visit.PlainCode(prefix)
	return p != "" && strings.HasPrefix(visit.PlainCode(code), p)
}
