package booking

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func loadRow(a Appointment) []any {
	return []any{a.ID, a.PatientID, a.Issuer, a.Number, a.Placer, a.State, a.DepartmentID, a.DoctorID, a.DoctorName, a.StartsAt, a.EndsAt, a.Date,
		a.Reason, a.EncounterID, a.ToldAt, a.CreatedAt, a.UpdatedAt}
}

func loadChange(id int64, a Appointment, what string, at clock.Instant) []any {
	return []any{id, a.PatientID, a.ID, what, int64(0), a.StartsAt, "", "load", at}
}

func load(ctx context.Context, tx *db.Tx, rows, changes [][]any) error {
	if err := tx.Insert(ctx, "booking_appointment", columns, rows); err != nil {
		return err
	}
	return tx.Insert(ctx, "booking_change", "id, patient_id, appointment_id, what, from_at, to_at, reason, actor, at", changes)
}

func countAll(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.One[int64](ctx, tx, `select count(*) from booking_appointment`)
}
