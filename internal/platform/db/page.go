package db

import (
	"encoding/base64"
	"encoding/json"

	"renxin/internal/platform/fault"
)

// Page limits.
const (
	DefaultLimit = 50
	MaxLimit     = 200
	CountCap     = 1000 // totals are exact up to here; beyond it the list says "1,000+"
)

// Limit clamps a wished page size to 1…MaxLimit, DefaultLimit for zero.
func Limit(n int) int {
	if n <= 0 {
		return DefaultLimit
	}
	return min(n, MaxLimit)
}

// Total is how many rows a list has: exact, or at least Value.
type Total struct {
	Value int  `json:"value"`
	Exact bool `json:"exact"`
}

// Capped reads a count that stopped at CountCap+1 rows.
func Capped(n int) Total { return Total{Value: min(n, CountCap), Exact: n <= CountCap} }

// Page is one page of a list; Next is the cursor of the following page, "" at the end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
	Total Total  `json:"total"`
}

// Cursor packs the sort keys of a page's last row into an opaque text.
func Cursor(keys ...any) string {
	b, err := json.Marshal(keys)
	if err != nil {
		panic(err) // keys are numbers and strings
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Uncursor unpacks a cursor into pointers; a cursor that is not ours is an invalid fault.
func Uncursor(s string, keys ...any) error {
	bad := fault.New(fault.Invalid, "db.cursor.malformed")
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return bad
	}
	var parts []json.RawMessage
	if json.Unmarshal(b, &parts) != nil || len(parts) != len(keys) {
		return bad
	}
	for i, k := range keys {
		if json.Unmarshal(parts[i], k) != nil {
			return bad
		}
	}
	return nil
}

// Cut turns limit+1 fetched rows into a page: the extra row proves that there is more.
func Cut[T any](rows []T, limit int, total Total, cursor func(T) string) Page[T] {
	p := Page[T]{Items: rows, Total: total}
	if len(rows) > limit {
		p.Items = rows[:limit]
		p.Next = cursor(rows[limit-1])
	}
	return p
}
