package booking

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const columns = `id, patient_id, issuer, number, placer, state, department_id, doctor_id, doctor_name, starts_at, ends_at, date,
	reason, encounter_id, told_at, created_at, updated_at`

func find(ctx context.Context, tx *db.Tx, p patient.ID, issuer, number string) (Appointment, bool, error) {
	return db.First[Appointment](ctx, tx, `select `+columns+` from booking_appointment
		where patient_id = $1 and issuer = $2 and number = $3`, p, issuer, number)
}

func one(ctx context.Context, tx *db.Tx, p patient.ID, id AppointmentID) (Appointment, error) {
	return db.One[Appointment](ctx, tx, `select `+columns+` from booking_appointment where patient_id = $1 and id = $2`, p, id)
}

func insert(ctx context.Context, tx *db.Tx, a Appointment) error {
	_, err := tx.Exec(ctx, `
		insert into booking_appointment (`+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		a.ID, a.PatientID, a.Issuer, a.Number, a.Placer, a.State, a.DepartmentID, a.DoctorID, a.DoctorName, a.StartsAt, a.EndsAt, a.Date,
		a.Reason, a.EncounterID, a.ToldAt, a.CreatedAt, a.UpdatedAt)
	return err
}

func update(ctx context.Context, tx *db.Tx, a Appointment) error {
	_, err := tx.Exec(ctx, `
		update booking_appointment
		set placer = $1,
		state = $2,
		department_id = $3,
		doctor_id = $4,
		doctor_name = $5,
		starts_at = $6,
		ends_at = $7,
		date = $8,
		reason = $9,
		encounter_id = $10,
		told_at = $11,
		updated_at = $12
		where patient_id = $13 and id = $14`,
		a.Placer, a.State, a.DepartmentID, a.DoctorID, a.DoctorName, a.StartsAt, a.EndsAt, a.Date, a.Reason, a.EncounterID,
		a.ToldAt, a.UpdatedAt, a.PatientID, a.ID)
	return err
}

func insertChange(ctx context.Context, tx *db.Tx, id int64, a Appointment, from clock.Instant, what, reason, actor string) error {
	_, err := tx.Exec(ctx, `
		insert into booking_change (id, patient_id, appointment_id, what, from_at, to_at, reason, actor, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, a.PatientID, a.ID, what, from, a.StartsAt, reason, actor, tx.Now)
	return err
}

func bookedOn(ctx context.Context, tx *db.Tx, p patient.ID, day clock.Date) ([]Appointment, error) {
	return db.List[Appointment](ctx, tx, `select `+columns+` from booking_appointment
		where patient_id = $1 and date = $2 and state = 'booked' order by starts_at, id`, p, day)
}

func upcoming(ctx context.Context, tx *db.Tx, at clock.Instant, after AppointmentID, limit int) ([]Appointment, error) {
	return db.List[Appointment](ctx, tx, `select `+columns+` from booking_appointment
		where state = 'booked' and (starts_at, id) > ($1, $2) order by starts_at, id limit $3`, at, int64(after), limit)
}

func list(ctx context.Context, tx *db.Tx, p patient.ID, cursor string, limit int) ([]Appointment, db.Total, error) {
	n, err := db.One[int](ctx, tx, `select count(*) from (select 1 from booking_appointment where patient_id = $1 limit $2) as few`, p, db.CountCap+1)
	if err != nil {
		return nil, db.Total{}, err
	}
	q := db.SQL(`select `+columns+` from booking_appointment where patient_id = ?`, p)
	if cursor != "" {
		var at clock.Instant
		var id int64
		if err := db.Uncursor(cursor, &at, &id); err != nil {
			return nil, db.Total{}, err
		}
		q.Add(`and (starts_at, id) < (?, ?)`, at, id)
	}
	q.Add(`order by starts_at desc, id desc limit ?`, limit+1)
	rows, err := db.Rows[Appointment](ctx, tx, q)
	return rows, db.Capped(n), err
}
