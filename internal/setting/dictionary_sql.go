package setting

import (
	"context"

	"renxin/internal/platform/db"
)

const entryColumns = `id, dictionary, code, zh, en, pinyin, parent, position, active, merged_into, version, created_at, updated_at`

func listEntries(ctx context.Context, tx *db.Tx, dictionary string) ([]Entry, error) {
	return db.List[Entry](ctx, tx, `
		select `+entryColumns+`
		from setting_entry
		where dictionary = $1
		order by position, id`, dictionary)
}

func findEntry(ctx context.Context, tx *db.Tx, id EntryID) (Entry, error) {
	return db.One[Entry](ctx, tx, `select `+entryColumns+` from setting_entry where id = $1`, id)
}

func entryByCode(ctx context.Context, tx *db.Tx, dictionary, code string) (Entry, error) {
	return db.One[Entry](ctx, tx, `select `+entryColumns+` from setting_entry where dictionary = $1 and code = $2`, dictionary, code)
}

func filledDictionaries(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.List[string](ctx, tx, `select distinct dictionary from setting_entry`)
}

func insertEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `
		insert into setting_entry (`+entryColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.ID, e.Dictionary, e.Code, e.ZH, e.EN, e.Pinyin, e.Parent, e.Position, e.Active, e.MergedInto, e.Version, e.CreatedAt, e.UpdatedAt)
	return err
}

func updateEntry(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `
		update setting_entry
		set zh = $1,
		en = $2,
		pinyin = $3,
		parent = $4,
		active = $5,
		merged_into = $6,
		version = $7,
		updated_at = $8
		where id = $9`, e.ZH, e.EN, e.Pinyin, e.Parent, e.Active, e.MergedInto, e.Version, e.UpdatedAt, e.ID)
	return err
}

func placeEntry(ctx context.Context, tx *db.Tx, dictionary, code string, position int64) error {
	_, err := tx.Exec(ctx, `update setting_entry set position = $1 where dictionary = $2 and code = $3`, position, dictionary, code)
	return err
}

// follow re-points the merges into an entry that is itself merged, so that every merged entry names the one that stands.
func follow(ctx context.Context, tx *db.Tx, dictionary, from, into string) error {
	_, err := tx.Exec(ctx, `update setting_entry set merged_into = $1 where dictionary = $2 and merged_into = $3`, into, dictionary, from)
	return err
}

func adopt(ctx context.Context, tx *db.Tx, dictionary, from, into string) error {
	_, err := tx.Exec(ctx, `update setting_entry set parent = $1 where dictionary = $2 and parent = $3`, into, dictionary, from)
	return err
}

const mergeColumns = `id, dictionary, from_code, into_code, state, moved, by_name, at, undone_at`

func insertMerge(ctx context.Context, tx *db.Tx, m EntryMerge) error {
	_, err := tx.Exec(ctx, `
		insert into setting_entry_merge (`+mergeColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, m.ID, m.Dictionary, m.FromCode, m.IntoCode, m.State, m.Moved, m.ByName, m.At, m.UndoneAt)
	return err
}

func findMerge(ctx context.Context, tx *db.Tx, id EntryMergeID) (EntryMerge, error) {
	return db.One[EntryMerge](ctx, tx, `select `+mergeColumns+` from setting_entry_merge where id = $1`, id)
}

func listMerges(ctx context.Context, tx *db.Tx, dictionary string) ([]EntryMerge, error) {
	return db.List[EntryMerge](ctx, tx, `
		select `+mergeColumns+`
		from setting_entry_merge
		where dictionary = $1
		order by id desc
		limit 100`, dictionary)
}

func setMerge(ctx context.Context, tx *db.Tx, m EntryMerge) error {
	_, err := tx.Exec(ctx, `
		update setting_entry_merge
		set state = $1,
		moved = $2,
		undone_at = $3
		where id = $4`, m.State, m.Moved, m.UndoneAt, m.ID)
	return err
}

func journalMoved(ctx context.Context, tx *db.Tx, id EntryMergeID, place string, keys []string) error {
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{id, place, k}
	}
	return tx.Insert(ctx, "setting_entry_moved", "merge_id, place, row_key", rows)
}

func movedRows(ctx context.Context, tx *db.Tx, id EntryMergeID, place string, limit int) ([]string, error) {
	return db.List[string](ctx, tx, `
		select row_key
		from setting_entry_moved
		where merge_id = $1
		and place = $2
		order by row_key
		limit $3`, id, place, limit)
}

func forgetMoved(ctx context.Context, tx *db.Tx, id EntryMergeID, place string, keys []string) error {
	for _, k := range keys {
		if _, err := tx.Exec(ctx, `delete from setting_entry_moved where merge_id = $1 and place = $2 and row_key = $3`, id, place, k); err != nil {
			return err
		}
	}
	return nil
}
