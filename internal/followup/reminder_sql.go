package followup

import (
	"context"

	"renxin/internal/booking"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const reminderColumns = `id, patient_id, appointment_id, department_id, starts_at, send_at, hours, state, message_id, updated_at`

func reminderOf(ctx context.Context, tx *db.Tx, p patient.ID, a booking.AppointmentID) (Reminder, bool, error) {
	return db.First[Reminder](ctx, tx, `select `+reminderColumns+` from followup_reminder where patient_id = $1 and appointment_id = $2`, p, a)
}

func insertReminder(ctx context.Context, tx *db.Tx, r Reminder) error {
	_, err := tx.Exec(ctx, `
		insert into followup_reminder (`+reminderColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.ID, r.PatientID, r.AppointmentID, r.DepartmentID, r.StartsAt, r.SendAt, r.Hours, r.State, r.MessageID, r.UpdatedAt)
	return err
}

func updateReminder(ctx context.Context, tx *db.Tx, r Reminder) error {
	_, err := tx.Exec(ctx, `
		update followup_reminder
		set department_id = $1,
		starts_at = $2,
		send_at = $3,
		hours = $4,
		state = $5,
		message_id = $6,
		updated_at = $7
		where patient_id = $8 and id = $9`, r.DepartmentID, r.StartsAt, r.SendAt, r.Hours, r.State, r.MessageID, r.UpdatedAt, r.PatientID, r.ID)
	return err
}

func dueReminders(ctx context.Context, tx *db.Tx, now clock.Instant, limit int) ([]Reminder, error) {
	return db.List[Reminder](ctx, tx, `select `+reminderColumns+` from followup_reminder
		where state = 'pending' and send_at <= $1 order by send_at, id limit $2`, now, limit)
}
