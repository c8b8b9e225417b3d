package timeline

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// source is one table's events. Its query gives rows x with patient_id, at and id; everything is selected for one patient by an index.
type source struct {
	kind   Kind
	rows   string // select … from … where x.patient_id = ? : columns patient_id, id, at, what, title, body, status, actor, amount_fen, extra, until, count
	counts string // the same rows, cheap to count
}

var sources = []source{
	{KindFollowup, `
		select t.patient_id, t.id, case when t.state = 'open' then t.created_at else t.done_at end as at, t.kind as what, t.title,
			case when t.notes <> '' then t.notes else t.answer_text end as body, t.state as status,
			coalesce(a.name, '') as actor, 0 as amount_fen, t.outcome as extra, t.due_at as until, t.severity as count
		from followup_task t
		left join staff_account a on a.id = coalesce(t.done_by, t.owner_id)
		where t.patient_id = ?`,
		`select t.patient_id, case when t.state = 'open' then t.created_at else t.done_at end as at from followup_task t where t.patient_id = ?`},
	{KindFollowup, `
		select p.patient_id, p.id, p.created_at as at, 'plan' as what, p.name as title, '' as body, p.state as status, '' as actor,
			0 as amount_fen, p.reason as extra, p.next_at as until, p.steps as count
		from followup_plan p
		where p.patient_id = ?`,
		`select p.patient_id, p.created_at as at from followup_plan p where p.patient_id = ?`},
	{KindMessage, `
		select m.patient_id, m.id, m.created_at as at, 'out' as what, m.purpose as title, m.text as body, m.state as status,
			coalesce(a.name, '') as actor, m.cost_fen as amount_fen, m.reason as extra, m.settled_at as until, m.parts as count
		from message_message m
		left join staff_account a on a.id = m.sender_id
		where m.patient_id = ?`,
		`select m.patient_id, m.created_at as at from message_message m where m.patient_id = ?`},
	{KindMessage, `
		select i.patient_id, i.id, i.received_at as at, 'in' as what, '' as title, i.text as body, i.state as status, '' as actor,
			0 as amount_fen, i.code_label as extra, 0 as until, 0 as count
		from message_incoming i
		where i.patient_id = ?`,
		`select i.patient_id, i.received_at as at from message_incoming i where i.patient_id = ?`},
	{KindEncounter, `
		select e.patient_id, e.id, e.started_at as at, e.class as what, coalesce(d.name, '') as title,
			coalesce((select c.name from visit_condition c where c.patient_id = e.patient_id and c.encounter_id = e.id
				order by case c.kind when 'discharge' then 0 when 'outpatient' then 1 when 'working' then 2 else 3 end, c.rank, c.id limit 1), '') as body,
			e.state as status, e.doctor_name as actor, 0 as amount_fen, e.ward as extra, e.ended_at as until, 0 as count
		from visit_encounter e
		left join staff_department d on d.id = e.department_id
		where e.patient_id = ? and e.state <> 'cancelled'`,
		`select e.patient_id, e.started_at as at from visit_encounter e where e.patient_id = ? and e.state <> 'cancelled'`},
	{KindCharge, `
		select c.patient_id, max(c.id) as id, max(c.at) as at, 'day' as what, c.date as title, '' as body, '' as status, '' as actor,
			cast(sum(c.amount_fen) as bigint) as amount_fen, '' as extra, 0 as until, count(*) as count
		from visit_charge c
		where c.patient_id = ?
		group by c.patient_id, c.date`,
		`select c.patient_id, max(c.at) as at from visit_charge c where c.patient_id = ? group by c.patient_id, c.date`},
	{KindReport, `
		select r.patient_id, r.id, r.at, r.kind as what, r.name as title,
			case when r.result = '' then r.conclusion else r.conclusion || '
' || r.result end as body,
			r.abnormal as status, r.issuer as actor, 0 as amount_fen, r.number as extra, 0 as until, 0 as count
		from visit_report r
		where r.patient_id = ?`,
		`select r.patient_id, r.at from visit_report r where r.patient_id = ?`},
	{KindAppointment, `
		select b.patient_id, b.id, b.created_at as at, b.state as what, coalesce(d.name, '') as title, b.reason as body, b.state as status,
			b.doctor_name as actor, 0 as amount_fen, b.date as extra, b.starts_at as until, 0 as count
		from booking_appointment b
		left join staff_department d on d.id = b.department_id
		where b.patient_id = ?`,
		`select b.patient_id, b.created_at as at from booking_appointment b where b.patient_id = ?`},
	{KindRecord, `
		select p.id as patient_id, p.id, p.created_at as at, 'created' as what, '' as title, '' as body, '' as status,
			coalesce(a.name, '') as actor, 0 as amount_fen, p.source as extra, 0 as until, 0 as count
		from patient_patient p
		left join staff_account a on a.id = p.created_by
		where p.id = ?`,
		`select p.id as patient_id, p.created_at as at from patient_patient p where p.id = ?`},
	{KindRecord, `
		select m.patient_id, m.id, m.merged_at as at, case when m.undone_at > 0 then 'unmerged' else 'merged' end as what, '' as title,
			m.reason as body, '' as status, coalesce(a.name, '') as actor, 0 as amount_fen, '' as extra, m.undone_at as until, 0 as count
		from patient_merge m
		left join staff_account a on a.id = m.merged_by
		where m.patient_id = ?`,
		`select m.patient_id, m.merged_at as at from patient_merge m where m.patient_id = ?`},
}

// row is what a source's query gives.
type row struct {
	PatientID patient.ID
	Event
}

func (s *Service) load(ctx context.Context, src source, p patient.ID, before key, limit int) ([]Event, error) {
	q := db.SQL(`select x.patient_id, x.id, x.at, x.what, x.title, x.body, x.status, x.actor, x.amount_fen, x.extra, x.until, x.count from (`+src.rows+`) as x`, p)
	q.Add(`where (x.at, x.id) < (?, ?)`, before.At, before.ID)
	s.Patient.InScope(ctx, q, "x.patient_id", "x.at")
	q.Add(`order by x.at desc, x.id desc limit ?`, limit)
	rows, err := db.Rows[row](ctx, s.DB.Read(ctx), q)
	out := make([]Event, len(rows))
	for i, r := range rows {
		out[i] = r.Event
		out[i].Kind = src.kind
		out[i] = out[i].masked(ctx)
	}
	return out, err
}

func (s *Service) count(ctx context.Context, src source, p patient.ID) (int, error) {
	q := db.SQL(`select count(*) from (`+src.counts+`) as x where true`, p)
	s.Patient.InScope(ctx, q, "x.patient_id", "x.at")
	n, _, err := db.FirstOf[int](ctx, s.DB.Read(ctx), q)
	return n, err
}

func (s *Service) spent(ctx context.Context, p patient.ID) (int64, error) {
	q := db.SQL(`select coalesce(cast(sum(x.amount_fen) as bigint), 0) from visit_charge x where x.patient_id = ?`, p)
	s.Patient.InScope(ctx, q, "x.patient_id", "x.at")
	n, _, err := db.FirstOf[int64](ctx, s.DB.Read(ctx), q)
	return n, err
}
