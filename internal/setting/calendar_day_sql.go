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
