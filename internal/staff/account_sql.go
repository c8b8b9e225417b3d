package staff

import (
	"context"
	"strings"

	"renxin/internal/platform/db"
)

const accountColumns = `id, login, code, name, pinyin, password_hash, role_id, department_id, post, languages, locale, state, absent_from, absent_until, seen_at, created_at, version`

func insertAccount(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := tx.Exec(ctx, `
		insert into staff_account (`+accountColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		a.ID, a.Login, a.Code, a.Name, a.Pinyin, a.PasswordHash, a.RoleID, a.DepartmentID, a.Post, a.Languages, a.Locale, a.State, a.AbsentFrom, a.AbsentUntil, a.SeenAt, a.CreatedAt, a.Version)
	return err
}

func updateAccount(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := tx.Exec(ctx, `
		update staff_account
		set name = $1, pinyin = $2, role_id = $3, department_id = $4, post = $5, languages = $6, state = $7, absent_from = $8, absent_until = $9, version = $10
		where id = $11`, a.Name, a.Pinyin, a.RoleID, a.DepartmentID, a.Post, a.Languages, a.State, a.AbsentFrom, a.AbsentUntil, a.Version, a.ID)
	return err
}

func findAccount(ctx context.Context, tx *db.Tx, id ID) (Account, error) {
	return db.One[Account](ctx, tx, `select `+accountColumns+` from staff_account where id = $1`, id)
}

func accountByLogin(ctx context.Context, tx *db.Tx, login string) (Account, error) {
	return db.One[Account](ctx, tx, `select `+accountColumns+` from staff_account where login = $1`, login)
}

func accountByCode(ctx context.Context, tx *db.Tx, code string) (ID, bool, error) {
	return db.First[ID](ctx, tx, `select id from staff_account where code = $1 order by id limit 1`, code)
}

func activeAccounts(ctx context.Context, tx *db.Tx, department DepartmentID) ([]Account, error) {
	q := db.SQL(`
		select `+accountColumns+`
		from staff_account a
		where state = 'active'
		and not exists (
			select 1
			from staff_handover h
			where h.staff_id = a.id
			and h.kind = 'leave'
			and h.state = 'running'
		)`).
		If(department != 0, `and department_id = ?`, department).
		Add(`order by id`)
	return db.Rows[Account](ctx, tx, q)
}

// accountFilter finds by a part of the name, the reading with or without its spaces, the sign-in name or the HIS code, or by initials.
func accountFilter(q *db.Query, f Filter) *db.Query {
	word := strings.ToLower(strings.TrimSpace(strings.NewReplacer("%", "", "_", "").Replace(f.Text)))
	t, initials := "%"+word+"%", strings.Join(strings.Split(strings.ReplaceAll(word, " ", ""), ""), "% ")+"%"
	return q.
		If(word != "", `and (lower(name) like ? or pinyin like ? or replace(pinyin, ' ', '') like ? or pinyin like ? or lower(login) like ? or lower(code) like ?)`, t, t, t, initials, t, t).
		If(f.State != "", `and state = ?`, f.State).
		If(f.DepartmentID != 0, `and department_id = ?`, f.DepartmentID)
}

func listAccounts(ctx context.Context, tx *db.Tx, f Filter) ([]Account, error) {
	q := accountFilter(db.SQL(`select `+accountColumns+` from staff_account where true`), f)
	if f.Cursor != "" {
		var key string
		var id int64
		if err := db.Uncursor(f.Cursor, &key, &id); err != nil {
			return nil, err
		}
		q.Add(`and (pinyin, id) > (?, ?)`, key, id)
	}
	return db.Rows[Account](ctx, tx, q.Add(`order by pinyin, id limit ?`, f.Limit+1))
}

func countAccounts(ctx context.Context, tx *db.Tx, f Filter) (int, error) {
	q := accountFilter(db.SQL(`select count(*) from (select 1 from staff_account where true`), f).Add(`limit ?) as capped`, db.CountCap+1)
	n, _, err := db.FirstOf[int](ctx, tx, q)
	return n, err
}

func setLocale(ctx context.Context, tx *db.Tx, id ID, locale string) error {
	_, err := tx.Exec(ctx, `update staff_account set locale = $1 where id = $2`, locale, id)
	return err
}

func setPassword(ctx context.Context, tx *db.Tx, id ID, hash string) error {
	n, err := tx.Exec(ctx, `update staff_account set password_hash = $1, version = version + 1 where id = $2`, hash, id)
	if err == nil && n == 0 {
		err = db.Missing()
	}
	return err
}

func setSeen(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `update staff_account set seen_at = $1 where id = $2`, tx.Now, id)
	return err
}

func accountNames(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]string, error) {
	out := map[ID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	q := db.In(db.SQL(`select id, name from staff_account where true`), ids, `and id in (%s)`)
	rows, err := db.Rows[struct {
		ID   ID
		Name string
	}](ctx, tx, q)
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}
