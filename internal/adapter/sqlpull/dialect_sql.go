package sqlpull

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"renxin/internal/intake"
)

// dialect is what one engine writes differently.
type dialect struct {
	name   string // as intake calls it
	driver string // as database/sql calls it
	port   int

	dsn     func(s intake.Source) (string, error)
	session func(timeout time.Duration) []setting // run once, on the connection
	views   string                                // gives "schema", "view"
	columns string                                // gives name and type of the columns of ($1 schema, $2 view)

	open, close string                     // quotation marks of names
	place       func(n int) string         // the n-th placeholder, from 1
	text        func(column string) string // a value as text
	stamp       func(column, kind string) string
	moment      func(place, kind string) string // reads what stamp wrote
	now         string                          // the engine's clock in the terms of its columns
	limit       func(query string, n int) string
	moments     *regexp.Regexp // names of types that hold date and time

	code       func(err error) string
	logins     []string // codes of a refused login
	slownesses []string // codes of a statement that took too long
}

// setting is a statement that shapes the session; an optional one may be unknown to a version of the engine.
type setting struct {
	text     string
	optional bool
}

var dialects = []*dialect{&postgres, &mysql, &sqlserver, &oracle}

func find(name string) (*dialect, bool) {
	for _, d := range dialects {
		if d.name == name {
			return d, true
		}
	}
	return nil, false
}

func (d *dialect) login(code string) bool { return has(d.logins, code) }
func (d *dialect) slow(code string) bool  { return has(d.slownesses, code) }

func has(list []string, code string) bool {
	for _, c := range list {
		if c == code {
			return true
		}
	}
	return false
}

// quote writes a name; a closing mark inside is doubled, so that no name can leave its quotation.
func (d *dialect) quote(name string) string {
	return d.open + strings.ReplaceAll(name, d.close, d.close+d.close) + d.close
}

func (d *dialect) quoteView(view string) string {
	schema, name, ok := strings.Cut(view, ".")
	if !ok {
		return d.quote(view)
	}
	return d.quote(schema) + "." + d.quote(name)
}

// page writes the question for the next rows and its arguments. Every row answers key, moment of change, whether that lies ahead, cells.
// Answers have names of their own: an engine would name the text of a column like the column, and then order by the text.
func (d *dialect) page(q intake.PageQuery) (string, []any) {
	key, mark := d.quote(q.Columns[0].Name), "''"
	ahead := "0"
	if q.Changed.Name != "" && !q.Unknown {
		changed := d.quote(q.Changed.Name)
		mark = d.text(changed)
		if q.Changed.Moment {
			mark = d.stamp(changed, q.Changed.Type)
			ahead = "case when " + changed + " > " + d.now + " then 1 else 0 end"
		}
	}
	cells := make([]string, 0, len(q.Columns))
	for _, c := range q.Columns {
		cell := d.text(d.quote(c.Name))
		if c.Moment {
			cell = d.stamp(d.quote(c.Name), c.Type)
		}
		cells = append(cells, cell+" as rx_"+strconv.Itoa(len(cells)+1))
	}
	where, order, args := d.where(q, key)
	text := "select " + d.text(key) + " as rx_key, " + mark + " as rx_mark, " + ahead + " as rx_ahead, " + strings.Join(cells, ", ") + " from " + d.quoteView(q.View)
	if where != "" {
		text += " where " + where
	}
	return d.limit(text+" order by "+order, q.Limit), args
}

func (d *dialect) where(q intake.PageQuery, key string) (where, order string, args []any) {
	if q.Changed.Name == "" || q.Unknown {
		var parts []string
		if q.Unknown {
			parts = append(parts, d.quote(q.Changed.Name)+" is null")
		}
		if q.After != "" {
			parts, args = append(parts, key+" > "+d.place(1)), append(args, q.After)
		}
		return strings.Join(parts, " and "), key, args
	}
	changed := d.quote(q.Changed.Name)
	at := func(n int) string {
		if !q.Changed.Moment {
			return d.place(n)
		}
		return d.moment(d.place(n), q.Changed.Type)
	}
	order = changed + ", " + key
	switch {
	case q.Mark == "":
		return changed + " is not null", order, nil
	case q.After == "":
		return changed + " >= " + at(1), order, []any{q.Mark}
	}
	return "(" + changed + " > " + at(1) + " or " + changed + " = " + at(2) + " and " + key + " > " + d.place(3) + ")", order, []any{q.Mark, q.Mark, q.After}
}

func dollar(n int) string            { return "$" + strconv.Itoa(n) }
func question(int) string            { return "?" }
func at(n int) string                { return "@p" + strconv.Itoa(n) }
func colon(n int) string             { return ":" + strconv.Itoa(n) }
func address(s intake.Source) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

func rows(query string, n int) string { return query + " limit " + strconv.Itoa(n) }

// fetch is the standard's way to say limit (SQL Server 2012, Oracle 12c).
func fetch(query string, n int) string {
	return query + " offset 0 rows fetch next " + strconv.Itoa(n) + " rows only"
}

func link(scheme string, s intake.Source, path string, query url.Values) string {
	u := url.URL{Scheme: scheme, User: url.UserPassword(s.Account, s.Password), Host: address(s), Path: path, RawQuery: query.Encode()}
	return u.String()
}

func milliseconds(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
