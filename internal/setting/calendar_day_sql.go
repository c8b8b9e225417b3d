package setting

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func daysOf(ctx context.Context, tx *db.Tx, department int64) ([]dayRow, error) {
	return db.List[dayRow](ctx, tx, `
		select department_id, day, open, name
		from setting_day
		where department_id in (0, $1)
		order by department_id, day`, department)
}

func clearDays(ctx context.Context, tx *db.Tx, department int64, first, last clock.Date) error {
	_, err := tx.Exec(ctx, `delete from setting_day where department_id = $1 and day >= $2 and day <= $3`, department, first, last)
	return err
}

func insertDay(ctx context.Context, tx *db.Tx, department int64, d CalendarDay) error {
	_, err := tx.Exec(ctx, `insert into setting_day (department_id, day, open, name) values ($1, $2, $3, $4)`,
		department, d.Date, d.Kind == DayWork, d.Name)
	return err
}

func insertDayImport(ctx context.Context, tx *db.Tx, d DayImport) error {
	_, err := tx.Exec(ctx, `
		insert into setting_day_history (id, department_id, first_day, last_day, off_days, work_days, at, by_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, d.ID, d.DepartmentID, d.FirstDay, d.LastDay, d.OffDays, d.WorkDays, d.At, d.ByName)
	return err
}

func dayImports(ctx context.Context, tx *db.Tx, department int64) ([]DayImport, error) {
	return db.List[DayImport](ctx, tx, `
		select id, department_id, first_day, last_day, off_days, work_days, at, by_name
		from setting_day_history
		where department_id = $1
		order by id desc
		limit 50`, department)
}
