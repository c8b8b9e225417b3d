package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"renxin/internal/platform/fault"
)

// SQLite primary and extended result codes (sqlite.org/rescode.html).
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
)

// transient reports errors after which the same transaction may succeed.
func transient(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == sqliteBusy || e.Code()&0xff == sqliteLocked
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "40001" || e.Code == "40P01" || e.Code == "55P03"
	}
	return false
}

// IsUnique reports that err is a violated unique key.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqliteUnique || e.Code() == sqlitePrimaryKey
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	return false
}

// Missing is the fault of a row that is absent or out of scope; the two are told apart by nobody.
func Missing() error { return fault.New(fault.NotFound, "db.row.missing") }

// Stale is the fault of an edit based on an older version; data is the row as it is now, for a field-by-field merge.
func Stale(data any) error {
	e := fault.New(fault.Conflict, "db.version.conflict")
	e.Data = data
	return e
}
