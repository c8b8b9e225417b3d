package intake

import (
	"context"
	"time"
)

// Source is where another system's database is and how it is reached.
type Source struct {
	Driver     string // postgres mysql sqlserver oracle
	Host       string
	Port       int // 0 = the driver's usual one
	Database   string
	Account    string
	Password   string
	Encryption string        // off, on (any certificate), verified
	Timeout    time.Duration // of one statement
}

// Driver is an engine we know, and whether this program was built with its driver.
type Driver struct {
	Name    string
	Present bool
	Port    int
}

// Puller reads views of other systems' databases: read-only, one connection, one view at a time. adapter/sqlpull implements it.
type Puller interface {
	Drivers() []Driver
	// Open connects. Its faults name what to put right and hold nothing of the password.
	Open(ctx context.Context, s Source) (Database, error)
}

// Database is one open connection. Its methods must not be called while a transaction of ours is open.
type Database interface {
	Views(ctx context.Context) ([]string, error) // "schema.view", in order of name
	Columns(ctx context.Context, view string) ([]ViewColumn, error)
	Page(ctx context.Context, q PageQuery) ([]PulledRow, error)
	Close() error
}

// ViewColumn is a column of a view.
type ViewColumn struct {
	Name   string
	Type   string // as the engine calls it
	Moment bool   // a date with time: fit to tell when a row changed
}

// PageQuery asks for the next rows of one view. There is never a join and never a condition but these.
type PageQuery struct {
	View    string
	Columns []ViewColumn // the first is the key
	Changed ViewColumn   // tells when a row changed; no Name = the rows come in order of the key
	Mark    string       // rows changed at this moment or later; "" = all
	After   string       // with Mark: of rows changed at that very moment only those whose key is greater; without: rows whose key is greater
	Unknown bool         // instead: rows whose moment of change is not known, in order of the key
	Limit   int
}

// PulledRow is one row as text.
type PulledRow struct {
	Key   string
	Mark  string   // its moment of change as the source writes it, "" where not known
	Ahead bool     // that moment lies in the source's own future
	Cells []string // in the order of Columns; "" for NULL
}
