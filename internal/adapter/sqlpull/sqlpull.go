// Package sqlpull reads views of other systems' databases (数据库视图接入): PostgreSQL, MySQL and MariaDB, SQL Server, Oracle. It opens
// one connection, read-only where the engine knows such a thing, asks one view at a time, never joins and never writes.
//
// The drivers of all engines but PostgreSQL come with the build tag "connect", so that the usual program stays small.
package sqlpull

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Puller implements intake.Puller.
type Puller struct {
	// Allow gives the hosts and networks that may be reached, separated by blanks or commas; asked at every connection.
	Allow func(ctx context.Context) string
	// Lookup resolves a host's name; nil means the system's resolver.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
}

// connectTimeout bounds the way to the other database.
const connectTimeout = 10 * time.Second

// Drivers implements intake.Puller.
func (p Puller) Drivers() []intake.Driver {
	present := sql.Drivers()
	var out []intake.Driver
	for _, d := range dialects {
		out = append(out, intake.Driver{Name: d.name, Present: slices.Contains(present, d.driver), Port: d.port})
	}
	return out
}

// Open implements intake.Puller.
func (p Puller) Open(ctx context.Context, s intake.Source) (intake.Database, error) {
	if db.InTx(ctx) {
		return nil, errors.New("sqlpull: called inside a transaction")
	}
	d, ok := find(s.Driver)
	if !ok {
		return nil, fault.New(fault.Invalid, "intake.pull.driver_unknown").With("driver", "intake.pull.driver_unknown")
	}
	if !slices.Contains(sql.Drivers(), d.driver) {
		return nil, fault.New(fault.Invalid, "intake.pull.driver_missing").With("driver", "intake.pull.driver_missing")
	}
	host, err := p.allowed(ctx, s.Host)
	if err != nil {
		return nil, err
	}
	if s.Port == 0 {
		s.Port = d.port
	}
	s.Host = host
	dsn, err := d.dsn(s)
	if err != nil {
		return nil, fault.New(fault.Invalid, "intake.pull.source_invalid")
	}
	pool, err := sql.Open(d.driver, dsn)
	if err != nil {
		return nil, fault.New(fault.Invalid, "intake.pull.source_invalid")
	}
	pool.SetMaxOpenConns(1)
	c := &connection{dialect: d, pool: pool, timeout: s.Timeout}
	if c.timeout <= 0 {
		c.timeout = 30 * time.Second
	}
	if err := c.begin(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// allowed gives the address to connect to. A host that the list names is trusted by name; any other must resolve to listed networks
// only, and is then reached by the address that was checked.
func (p Puller) allowed(ctx context.Context, host string) (string, error) {
	denied := fault.New(fault.Invalid, "intake.pull.host_denied").With("host", "intake.pull.host_denied")
	words := strings.FieldsFunc(p.Allow(ctx), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' })
	if host == "" || strings.ContainsAny(host, "/@?#\\ ") {
		return "", denied
	}
	if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, host) }) {
		return host, nil
	}
	addrs, err := p.lookup(ctx, host)
	if err != nil || len(addrs) == 0 {
		return "", fault.New(fault.Invalid, "intake.pull.host_unknown").With("host", "intake.pull.host_unknown")
	}
	for _, a := range addrs {
		if !listed(words, a.Unmap()) {
			return "", denied
		}
	}
	return addrs[0].Unmap().String(), nil
}

func (p Puller) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if p.Lookup != nil {
		return p.Lookup(ctx, host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

func listed(words []string, a netip.Addr) bool {
	for _, w := range words {
		if n, err := netip.ParsePrefix(w); err == nil && n.Contains(a) {
			return true
		}
		if x, err := netip.ParseAddr(w); err == nil && x.Unmap() == a {
			return true
		}
	}
	return false
}

// connection implements intake.Database.
type connection struct {
	*dialect
	pool    *sql.DB
	conn    *sql.Conn
	timeout time.Duration
}

func (c *connection) begin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	var err error
	if c.conn, err = c.pool.Conn(ctx); err != nil {
		return c.refused(ctx, err)
	}
	for _, s := range c.session(c.timeout) {
		if _, err := c.conn.ExecContext(ctx, s.text); err != nil && !s.optional {
			return c.refused(ctx, err)
		}
	}
	return nil
}

// Close implements intake.Database.
func (c *connection) Close() error {
	if c.conn != nil {
		c.conn.Close()
	}
	return c.pool.Close()
}

// refused turns a driver's error into a fault. Its text stays out: it may repeat values of rows or the account.
func (c *connection) refused(ctx context.Context, err error) error {
	code := c.code(err)
	slog.Warn("pull refused", "driver", c.name, "code", code)
	var opening *net.OpError
	switch {
	case ctx.Err() == context.Canceled:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded), c.slow(code):
		return fault.New(fault.Invalid, "intake.pull.slow")
	case errors.As(err, &opening), errors.Is(err, driver.ErrBadConn):
		return fault.New(fault.Invalid, "intake.pull.unreachable").With("host", "intake.pull.unreachable")
	case c.login(code):
		return fault.New(fault.Invalid, "intake.pull.refused").With("account", "intake.pull.refused")
	case code == "":
		return fault.New(fault.Invalid, "intake.pull.unreachable").With("host", "intake.pull.unreachable")
	}
	return fault.New(fault.Invalid, "intake.pull.failed", "code", code)
}
