package followup

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

func runningPlans(ctx context.Context, tx *db.Tx, department staff.DepartmentID, after PlanID, limit int) ([]Plan, error) {
	q := db.SQL(`select `+planColumns+` from followup_plan p where p.state = 'active' and p.id > ?`, int64(after)) // a zero key would be null
	q.If(department != 0, `and p.department_id = ?`, department)
	return db.Rows[Plan](ctx, tx, q.Add(`order by p.id limit ?`, limit))
}

// pendingSteps gives the pending steps of plans, by plan and key.
func pendingSteps(ctx context.Context, tx *db.Tx, plans []Plan) (map[PlanID]map[string]PlanStep, error) {
	ids := make([]PlanID, len(plans))
	for i, p := range plans {
		ids[i] = p.ID
	}
	q := db.SQL(`
		select s.id, s.patient_id, s.plan_id, s.key, s.title, s.date
		from followup_plan p
		join followup_step s on s.patient_id = p.patient_id and s.plan_id = p.id and s.state = 'pending'
		where true`)
	rows, err := db.Rows[PlanStep](ctx, tx, db.In(q, ids, `and p.id in (%s)`))
	out := map[PlanID]map[string]PlanStep{}
	for _, st := range rows {
		if out[st.PlanID] == nil {
			out[st.PlanID] = map[string]PlanStep{}
		}
		out[st.PlanID][st.Key] = st
	}
	return out, err
}
