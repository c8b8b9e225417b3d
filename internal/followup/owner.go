package followup

import (
	"context"
	"encoding/json"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// posts of people who may be given follow-up without being named by a rule.
var posts = []string{"nurse", "head_nurse", "doctor", "head", "agent", "consultant"}

// crew is who may do follow-up now, read once for a run of assignments.
type crew struct {
	rules  []AssignRule
	people []Candidate
}

func (s *Service) crew(ctx context.Context, tx *db.Tx) (*crew, error) {
	c := &crew{}
	var err error
	if c.rules, err = s.rules(ctx, tx); err != nil {
		return nil, err
	}
	members, err := s.Staff.Members(ctx, 0)
	if err != nil {
		return nil, err
	}
	load, err := openByOwner(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		c.people = append(c.people, Candidate{ID: m.ID, Departments: []staff.DepartmentID{m.DepartmentID}, Roles: []string{m.Post}, Languages: m.Languages,
			Load: load[m.ID], Away: m.Absent})
	}
	return c, nil
}

// find chooses who gets a case: the hospital's rules first, then the step's wish within the department, then the wish anywhere, then by
// department and load among those who do follow-up. It counts the case as the person's.
func (c *crew) find(of Case, post string, owner staff.ID) (staff.ID, bool) {
	rules := slices.Clone(c.rules)
	if post == "owner" && owner != 0 {
		rules = append(rules, AssignRule{Staff: []staff.ID{owner}})
	}
	if post == "" || post == "owner" {
		post = RoleNurse
	}
	rules = append(rules, AssignRule{Roles: []string{post}, Within: true})
	if post == RoleNurse {
		rules = append(rules, AssignRule{Roles: []string{RoleNurse, RoleHeadNurse}, Within: true})
	}
	rules = append(rules, AssignRule{Roles: []string{post}})
	p, ok := Assign(rules, c.people, of)
	if ok && p.Rule < 0 { // nobody of that post is present: anybody who does follow-up, before anybody at all
		able := slices.DeleteFunc(slices.Clone(c.people), func(x Candidate) bool { return !overlap(posts, x.Roles) })
		if q, found := Assign(nil, able, of); found {
			p = q
		}
	}
	c.count(p.Staff, 1)
	return p.Staff, ok
}

func (c *crew) count(id staff.ID, n int) {
	for i := range c.people {
		if c.people[i].ID == id {
			c.people[i].Load += n
		}
	}
}

// caseOf is what the rules look at for a task.
func (s *Service) caseOf(ctx context.Context, t Task) (Case, staff.ID, error) {
	c := Case{Department: t.DepartmentID, Severity: t.Severity}
	if t.EncounterID != 0 {
		st, err := s.Visit.Story(ctx, t.PatientID, t.EncounterID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return c, 0, err
		}
		c.Groups, c.Ward = st.Groups, st.Ward
		for _, x := range st.Conditions {
			c.ICD = append(c.ICD, x.Code)
		}
		if c.Department == 0 {
			c.Department = st.DepartmentID
		}
	}
	d, err := s.Patient.Find(access.AsSystem(ctx, "followup"), t.PatientID)
	if err != nil {
		return c, 0, err
	}
	c.Languages = d.Tags // a language is written as a tag: 粤语, 维吾尔语
	if c.Previous = staff.ID(d.OwnerID); c.Department == 0 {
		c.Department = staff.DepartmentID(d.DepartmentID)
	}
	return c, staff.ID(d.OwnerID), nil
}

func (s *Service) ownerFor(ctx context.Context, tx *db.Tx, t Task, post string) (staff.ID, error) {
	c, err := s.crew(ctx, tx)
	if err != nil {
		return 0, err
	}
	return s.choose(ctx, c, t, post)
}

func (s *Service) choose(ctx context.Context, c *crew, t Task, post string) (staff.ID, error) {
	of, owner, err := s.caseOf(ctx, t)
	if err != nil {
		return 0, err
	}
	of.Languages = slices.DeleteFunc(slices.Clone(of.Languages), func(l string) bool {
		return !slices.ContainsFunc(c.people, func(p Candidate) bool { return slices.Contains(p.Languages, l) })
	})
	id, _ := c.find(of, post, owner)
	return id, nil
}

// RunAssign gives every open task without an owner to somebody, and takes tasks from people who are absent or gone (FU-27). It tells how
// many tasks it moved. Only when nobody is present at all does anything stay unassigned.
func (s *Service) RunAssign(ctx context.Context) (int, error) {
	moved := 0
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		moved = 0
		c, err := s.crew(ctx, tx)
		if err != nil {
			return err
		}
		owners, err := ownersWithOpen(ctx, tx)
		if err != nil {
			return err
		}
		gone := []staff.ID{0}
		for _, id := range owners {
			if !slices.ContainsFunc(c.people, func(p Candidate) bool { return p.ID == id && !p.Away }) {
				gone = append(gone, id)
			}
		}
		for _, id := range gone {
			n, err := s.moveAll(ctx, tx, c, id)
			if err != nil {
				return err
			}
			moved += n
		}
		return nil
	})
	return moved, err
}

// moveMost is how many tasks one transaction moves; the next run goes on.
const moveMost = 500

func (s *Service) moveAll(ctx context.Context, tx *db.Tx, c *crew, from staff.ID) (int, error) {
	tasks, err := tasksToMove(ctx, tx, from, moveMost)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, t := range tasks {
		to, err := s.choose(ctx, c, t, s.wish(ctx, t))
		if err != nil {
			return moved, err
		}
		if to == 0 || to == from {
			continue
		}
		if err := s.hand(ctx, tx, &t, to, "assigned"); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
}

// wish is the post that the task's step asks for.
func (s *Service) wish(ctx context.Context, t Task) string {
	def, err := s.stepDefinition(ctx, t)
	if err != nil {
		return RoleNurse
	}
	return def.Assign
}

// hand gives a task to somebody and writes it down.
func (s *Service) hand(ctx context.Context, tx *db.Tx, t *Task, to staff.ID, code string) error {
	t.OwnerID = to
	if err := updateTask(ctx, tx, *t); err != nil {
		return err
	}
	names, err := s.Staff.Names(ctx, []staff.ID{to})
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, *t, code, names[to], ""); err != nil {
		return err
	}
	return s.granted(ctx, *t)
}

// Move takes the open tasks of one person who is absent or gone.
func (s *Service) Move(ctx context.Context, id staff.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err := s.crew(ctx, tx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(c.people, func(p Candidate) bool { return p.ID == id && !p.Away }) {
			return nil // back at work
		}
		for {
			n, err := s.moveAll(ctx, tx, c, id)
			if err != nil || n < moveMost {
				return err
			}
		}
	})
}

// AssignTask gives a task to a person by hand.
func (s *Service) AssignTask(ctx context.Context, id TaskID, to staff.ID) (Task, error) {
	if err := access.Need(ctx, PermAssign); err != nil {
		return Task{}, err
	}
	return s.change(ctx, id, PermAssign, func(ctx context.Context, tx *db.Tx, t *Task) error {
		a, err := s.Staff.Find(ctx, to)
		if err != nil {
			return err
		}
		if a.State != "active" {
			return fault.New(fault.Conflict, "followup.task.owner_gone")
		}
		return s.hand(ctx, tx, t, to, "assigned")
	})
}

func (s *Service) rules(ctx context.Context, tx *db.Tx) ([]AssignRule, error) {
	bodies, err := listRules(ctx, tx)
	out := make([]AssignRule, len(bodies))
	for i, b := range bodies {
		if e := json.Unmarshal([]byte(b), &out[i]); e != nil {
			return nil, e
		}
	}
	return out, err
}

// Rules lists the hospital's assignment rules in order.
func (s *Service) Rules(ctx context.Context) ([]AssignRule, error) {
	if err := access.Need(ctx, PermReadRules); err != nil {
		return nil, err
	}
	return s.rules(ctx, s.read(ctx))
}

// SetRules replaces the hospital's assignment rules. They hold for tasks that come after, and for those that move.
func (s *Service) SetRules(ctx context.Context, rules []AssignRule) error {
	if err := access.Need(ctx, PermEditRules); err != nil {
		return err
	}
	for _, r := range rules {
		if !r.Valid() {
			return fault.New(fault.Invalid, "followup.rule.nobody")
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := clearRules(ctx, tx); err != nil {
			return err
		}
		for i, r := range rules {
			b, err := json.Marshal(r)
			if err != nil {
				return err
			}
			if err := insertRule(ctx, tx, db.New[ruleKind](s.DB), i, string(b)); err != nil {
				return err
			}
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermEditRules), Entity: "followup_rule", Detail: rules})
	})
}

// Load is how much somebody has to do.
type Load struct {
	OwnerID   staff.ID
	Due       int
	Overdue   int
	DoneToday int
}

// Workload tells everybody's open and finished tasks of today, of patients in the caller's scope.
func (s *Service) Workload(ctx context.Context) ([]Load, error) {
	if err := access.Need(ctx, PermList); err != nil {
		return nil, err
	}
	c := s.DB.Clock()
	return s.workload(ctx, c.On(c.Today(), 0, 0), c.On(c.Today().Add(1), 0, 0))
}
