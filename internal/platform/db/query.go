package db

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Query is a statement under construction. Its text uses `?`; String renumbers them to $1, $2 … in order.
type Query struct {
	text strings.Builder
	args []any
}

// SQL starts a query.
func SQL(text string, args ...any) *Query {
	q := &Query{}
	return q.Add(text, args...)
}

// Add appends text and its arguments.
func (q *Query) Add(text string, args ...any) *Query {
	if q.text.Len() > 0 {
		q.text.WriteByte('\n')
	}
	q.text.WriteString(text)
	q.args = append(q.args, args...)
	return q
}

// If appends only when cond holds.
func (q *Query) If(cond bool, text string, args ...any) *Query {
	if cond {
		q.Add(text, args...)
	}
	return q
}

// In appends text with its one %s replaced by placeholders for every item; nothing is appended for an empty list, because
// an empty filter means "no filter". Use Add("and false") where empty means "none".
func In[T any](q *Query, items []T, text string) *Query {
	if len(items) == 0 {
		return q
	}
	args := make([]any, len(items))
	for i, v := range items {
		args[i] = v
	}
	return q.Add(fmt.Sprintf(text, strings.TrimSuffix(strings.Repeat("?, ", len(items)), ", ")), args...)
}

// Text is the finished statement with numbered placeholders.
func (q *Query) Text() string {
	rest := q.text.String()
	b := make([]byte, 0, len(rest)+4*len(q.args))
	for n := 1; ; n++ {
		i := strings.IndexByte(rest, '?')
		if i < 0 {
			return string(append(b, rest...))
		}
		b = append(append(b, rest[:i]...), '$')
		b = strconv.AppendInt(b, int64(n), 10)
		rest = rest[i+1:]
	}
}

// Raw is the text so far, to become a part of another query.
func (q *Query) Raw() string { return q.text.String() }

// Args are the arguments in order.
func (q *Query) Args() []any { return q.args }

// Rows runs q and scans every row into a T: a struct whose fields are matched to columns by `db` tag or snake_case name, or a scalar.
func Rows[T any](ctx context.Context, t *Tx, q *Query) ([]T, error) {
	return List[T](ctx, t, q.Text(), q.args...)
}

// List is Rows for a fixed text with $n placeholders.
func List[T any](ctx context.Context, t *Tx, text string, args ...any) ([]T, error) {
	out := []T{}
	err := each(ctx, t, text, args, func(v T) error { out = append(out, v); return nil })
	return out, err
}

// One gives the first row, or a not_found fault.
func One[T any](ctx context.Context, t *Tx, text string, args ...any) (T, error) {
	v, ok, err := First[T](ctx, t, text, args...)
	if err == nil && !ok {
		err = Missing()
	}
	return v, err
}

// First gives the first row and whether there is one.
func First[T any](ctx context.Context, t *Tx, text string, args ...any) (v T, ok bool, err error) {
	err = each(ctx, t, text, args, func(x T) error {
		if !ok {
			v, ok = x, true
		}
		return nil
	})
	return v, ok, err
}

// FirstOf is First for a query under construction.
func FirstOf[T any](ctx context.Context, t *Tx, q *Query) (T, bool, error) {
	return First[T](ctx, t, q.Text(), q.args...)
}

func each[T any](ctx context.Context, t *Tx, text string, args []any, fn func(T) error) error {
	rows, err := t.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var sample T
	scan, err := scanner(rows, reflect.TypeOf(&sample).Elem())
	if err != nil {
		return err
	}
	for rows.Next() {
		var v T
		if err := scan(reflect.ValueOf(&v).Elem()); err != nil {
			return err
		}
		if err := fn(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

var scannerType = reflect.TypeOf((*sql.Scanner)(nil)).Elem()

func scanner(rows *sql.Rows, t reflect.Type) (func(reflect.Value) error, error) {
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(scannerType) {
		return func(v reflect.Value) error { return rows.Scan(v.Addr().Interface()) }, nil
	}
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	fields := fieldsOf(t)
	paths := make([][]int, len(cols))
	for i, c := range cols {
		p, ok := fields[c]
		if !ok {
			return nil, fmt.Errorf("db: column %q has no field in %s", c, t)
		}
		paths[i] = p
	}
	dest := make([]any, len(cols))
	return func(v reflect.Value) error {
		for i, p := range paths {
			dest[i] = nullable(v.FieldByIndex(p))
		}
		return rows.Scan(dest...)
	}, nil
}

// nullable lets NULL become the zero value of plain kinds, so that structs need no sql.Null types.
func nullable(f reflect.Value) any {
	switch f.Kind() {
	case reflect.String, reflect.Int64, reflect.Int, reflect.Bool, reflect.Float64:
		if !reflect.PointerTo(f.Type()).Implements(scannerType) {
			return zeroOnNull{f}
		}
	}
	return f.Addr().Interface()
}

type zeroOnNull struct{ f reflect.Value }

// Scan implements sql.Scanner.
func (z zeroOnNull) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		z.f.SetZero()
		return nil
	case int64:
		switch z.f.Kind() {
		case reflect.Int64, reflect.Int:
			z.f.SetInt(v)
			return nil
		case reflect.Bool:
			z.f.SetBool(v != 0)
			return nil
		}
	case string:
		if z.f.Kind() == reflect.String {
			z.f.SetString(v)
			return nil
		}
	}
	n := reflect.New(z.f.Type())
	var null sql.Null[string]
	switch z.f.Kind() {
	case reflect.Bool:
		var b sql.NullBool
		if err := b.Scan(src); err != nil {
			return err
		}
		n.Elem().SetBool(b.Bool)
	case reflect.Float64:
		var x sql.NullFloat64
		if err := x.Scan(src); err != nil {
			return err
		}
		n.Elem().SetFloat(x.Float64)
	case reflect.Int64, reflect.Int:
		var x sql.NullInt64
		if err := x.Scan(src); err != nil {
			return err
		}
		n.Elem().SetInt(x.Int64)
	default:
		if err := null.Scan(src); err != nil {
			return err
		}
		n.Elem().SetString(null.V)
	}
	z.f.Set(n.Elem())
	return nil
}

var fieldCache sync.Map // reflect.Type → map[string][]int

func fieldsOf(t reflect.Type) map[string][]int {
	if m, ok := fieldCache.Load(t); ok {
		return m.(map[string][]int)
	}
	m := map[string][]int{}
	collect(t, nil, m)
	fieldCache.Store(t, m)
	return m
}

func collect(t reflect.Type, path []int, m map[string][]int) {
	for i := range t.NumField() {
		f := t.Field(i)
		p := append(append([]int{}, path...), i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			collect(f.Type, p, m)
			continue
		}
		name := f.Tag.Get("db")
		if name == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = snake(f.Name)
		}
		m[name] = p
	}
}

// snake turns PatientID into patient_id.
func snake(s string) string {
	var b strings.Builder
	rs := []rune(s)
	for i, r := range rs {
		up := r >= 'A' && r <= 'Z'
		if up && i > 0 && (rs[i-1] < 'A' || rs[i-1] > 'Z' || i+1 < len(rs) && rs[i+1] >= 'a' && rs[i+1] <= 'z') {
			b.WriteByte('_')
		}
		if up {
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
