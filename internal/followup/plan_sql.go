package followup

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/visit"
)

const planColumns = `p.id, p.patient_id, p.key, p.template_id, p.template_version, p.name, p.encounter_id, p.kind, p.department_id, p.day0,
	p.state, p.reason, p.steps, p.done, p.next_at, p.created_at, p.ended_at`

const stepColumns = `id, patient_id, plan_id, key, title, kind, day, nominal, date, until, act_at, clash, shut, state, rung, message_id,
	message_state, task_id, answer, outcome, done_at`

// insertPlan tells whether the plan is new; its key decides.
func insertPlan(ctx context.Context, tx *db.Tx, p Plan) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into followup_plan (id, patient_id, key, template_id, template_version, name, encounter_id, kind, department_id, day0,
			state, reason, steps, done, next_at, created_at, ended_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, $14, 0)
		on conflict (patient_id, key) do nothing`, p.ID, p.PatientID, p.Key, p.TemplateID, p.TemplateVersion, p.Name, p.EncounterID, p.Kind,
		p.DepartmentID, p.Day0, p.State, p.Reason, p.Steps, p.CreatedAt)
	return n == 1, err
}

// refreshPlan recounts a plan from its steps and ends it when none is open.
func refreshPlan(ctx context.Context, tx *db.Tx, p patient.ID, id PlanID) error {
	if _, err := tx.Exec(ctx, `
		update followup_plan
		set steps = (select count(*) from followup_step s where s.patient_id = $1 and s.plan_id = $2),
		done = (select count(*) from followup_step s where s.patient_id = $1 and s.plan_id = $2 and s.state in ('done', 'skipped', 'cancelled')),
		next_at = coalesce((select min(s.act_at) from followup_step s where s.patient_id = $1 and s.plan_id = $2 and s.state = 'pending'), 0)
		where patient_id = $1 and id = $2`, p, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		update followup_plan
		set state = 'done',
		ended_at = $3
		where patient_id = $1 and id = $2 and state = 'active' and done = steps`, p, id, tx.Now)
	return err
}

func onePlan(ctx context.Context, tx *db.Tx, id PlanID) (Plan, error) {
	return db.One[Plan](ctx, tx, `select `+planColumns+` from followup_plan p where p.id = $1`, id)
}

func plansOfEncounter(ctx context.Context, tx *db.Tx, p patient.ID, e visit.EncounterID) ([]Plan, error) {
	return db.List[Plan](ctx, tx, `select `+planColumns+` from followup_plan p where p.patient_id = $1 and p.encounter_id = $2 order by p.id`, p, e)
}

func plansOfPatient(ctx context.Context, tx *db.Tx, p patient.ID, state string) ([]Plan, error) {
	return db.List[Plan](ctx, tx, `select `+planColumns+` from followup_plan p where p.patient_id = $1 and p.state = $2 order by p.id desc`, p, state)
}

func plansBehind(ctx context.Context, tx *db.Tx, id TemplateID, version int) ([]Plan, error) {
	return db.List[Plan](ctx, tx, `select `+planColumns+` from followup_plan p
		where p.template_id = $1 and p.state = 'active' and p.template_version <> $2 order by p.id`, id, version)
}

func endPlan(ctx context.Context, tx *db.Tx, p Plan, state, reason string) error {
	ended := tx.Now
	if state == PlanActive {
		ended = 0
	}
	_, err := tx.Exec(ctx, `update followup_plan set state = $1, reason = $2, ended_at = $3 where patient_id = $4 and id = $5`,
		state, reason, ended, p.PatientID, p.ID)
	return err
}

func setDay0(ctx context.Context, tx *db.Tx, p Plan, day0 clock.Date) error {
	_, err := tx.Exec(ctx, `update followup_plan set day0 = $1 where patient_id = $2 and id = $3`, day0, p.PatientID, p.ID)
	return err
}

func setPlanVersion(ctx context.Context, tx *db.Tx, p Plan, version int) error {
	_, err := tx.Exec(ctx, `update followup_plan set template_version = $1 where patient_id = $2 and id = $3`, version, p.PatientID, p.ID)
	return err
}

func (s *Service) planFilter(ctx context.Context, q *db.Query, f PlanFilter) *db.Query {
	q.If(f.PatientID != 0, `and p.patient_id = ?`, f.PatientID)
	q.If(f.TemplateID != 0, `and p.template_id = ?`, f.TemplateID)
	q.If(f.State != "", `and p.state = ?`, f.State)
	s.Patient.InScope(ctx, q, "p.patient_id", "p.created_at")
	return q
}

func (s *Service) listPlans(ctx context.Context, f PlanFilter) ([]Plan, db.Total, error) {
	tx := s.read(ctx)
	few := s.planFilter(ctx, db.SQL(`select count(*) from (select 1 from followup_plan p where true`), f).Add(`limit ?) as few`, db.CountCap+1)
	n, _, err := db.FirstOf[int](ctx, tx, few)
	if err != nil {
		return nil, db.Total{}, err
	}
	q := s.planFilter(ctx, db.SQL(`select `+planColumns+` from followup_plan p where true`), f)
	if f.Cursor != "" {
		var id int64
		if err := db.Uncursor(f.Cursor, &id); err != nil {
			return nil, db.Total{}, err
		}
		q.Add(`and p.id < ?`, id)
	}
	q.Add(`order by p.id desc limit ?`, f.Limit+1)
	rows, err := db.Rows[Plan](ctx, tx, q)
	return rows, db.Capped(n), err
}

func insertStep(ctx context.Context, tx *db.Tx, s PlanStep) error {
	_, err := tx.Exec(ctx, `
		insert into followup_step (`+stepColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		s.ID, s.PatientID, s.PlanID, s.Key, s.Title, s.Kind, s.Day, s.Nominal, s.Date, s.Until, s.ActAt, s.Clash, s.Shut, s.State, s.Rung,
		null(s.MessageID), s.MessageState, s.TaskID, s.Answer, s.Outcome, s.DoneAt)
	return err
}

func updateStep(ctx context.Context, tx *db.Tx, s PlanStep) error {
	_, err := tx.Exec(ctx, `
		update followup_step
		set nominal = $1,
		date = $2,
		until = $3,
		act_at = $4,
		clash = $5,
		shut = $6,
		state = $7,
		rung = $8,
		message_id = $9,
		message_state = $10,
		task_id = $11,
		answer = $12,
		outcome = $13,
		done_at = $14
		where patient_id = $15 and id = $16`,
		s.Nominal, s.Date, s.Until, s.ActAt, s.Clash, s.Shut, s.State, s.Rung, null(s.MessageID), s.MessageState, s.TaskID, s.Answer,
		s.Outcome, s.DoneAt, s.PatientID, s.ID)
	return err
}

func stepsOf(ctx context.Context, tx *db.Tx, p patient.ID, plan PlanID) ([]PlanStep, error) {
	return db.List[PlanStep](ctx, tx, `select `+stepColumns+` from followup_step where patient_id = $1 and plan_id = $2 order by day, key`, p, plan)
}

func oneStep(ctx context.Context, tx *db.Tx, p patient.ID, id StepID) (PlanStep, bool, error) {
	return db.First[PlanStep](ctx, tx, `select `+stepColumns+` from followup_step where patient_id = $1 and id = $2`, p, id)
}

func dueSteps(ctx context.Context, tx *db.Tx, now clock.Instant, limit int) ([]PlanStep, error) {
	return db.List[PlanStep](ctx, tx, `select `+stepColumns+` from followup_step
		where state in ('pending', 'sent') and act_at <= $1 order by act_at, id limit $2`, now, limit)
}

// reviewSteps gives the patient's open steps that a visit may fulfil.
func reviewSteps(ctx context.Context, tx *db.Tx, p patient.ID) ([]PlanStep, error) {
	return db.List[PlanStep](ctx, tx, `select `+stepColumns+` from followup_step
		where patient_id = $1 and kind = 'review' and state in ('pending', 'sent', 'task') order by date, id`, p)
}

func cancelPlanTasks(ctx context.Context, tx *db.Tx, p Plan) error {
	_, err := tx.Exec(ctx, `
		update followup_task
		set state = 'cancelled',
		done_at = $1
		where patient_id = $2 and plan_id = $3 and state = 'open' and kind <> 'flag'`, tx.Now, p.PatientID, p.ID)
	return err
}
