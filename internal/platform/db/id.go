package db

import (
	"database/sql/driver"
	"strings"
	"sync"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
)

// Kind names what an ID identifies; Prefix is two or three letters unique in the house ("pt").
type Kind interface{ Prefix() string }

// ID is a row's key: 41 bits of milliseconds since 2024-01-01, 10 bits of node, 12 bits of sequence, made by the
// application. Outside the process it is the kind's prefix and 13 base32 digits: "pt_0a4k2m8q3c1zd". Zero means "none".
type ID[K Kind] int64

const epoch clock.Instant = 1704067200000 // 2024-01-01T00:00:00Z

const base32 = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's digits: no i l o u

// String is the outside form, "" for zero.
func (i ID[K]) String() string {
	if i == 0 {
		return ""
	}
	var k K
	var b [13]byte
	v := uint64(i)
	for n := 12; n >= 0; n-- {
		b[n] = base32[v&31]
		v >>= 5
	}
	return k.Prefix() + "_" + string(b[:])
}

// MarshalText writes the outside form.
func (i ID[K]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the outside form; "" gives zero; anything else is an invalid fault.
func (i *ID[K]) UnmarshalText(b []byte) error {
	v, err := ParseID[K](string(b))
	*i = v
	return err
}

// Value implements driver.Valuer: zero is NULL.
func (i ID[K]) Value() (driver.Value, error) {
	if i == 0 {
		return nil, nil
	}
	return int64(i), nil
}

// ParseID reads the outside form.
func ParseID[K Kind](s string) (ID[K], error) {
	if s == "" {
		return 0, nil
	}
	var k K
	v, ok := Key(s)
	if !ok || !strings.HasPrefix(s, k.Prefix()+"_") {
		return 0, fault.New(fault.Invalid, "db.id.malformed")
	}
	return ID[K](v), nil
}

// Key reads the outside form of an ID of any kind.
func Key(s string) (int64, bool) {
	prefix, digits, ok := strings.Cut(s, "_")
	if !ok || len(prefix) < 2 || len(prefix) > 3 || len(digits) != 13 {
		return 0, false
	}
	var v uint64
	for _, c := range digits {
		d := strings.IndexRune(base32, c)
		if d < 0 {
			return 0, false
		}
		v = v<<5 | uint64(d)
	}
	return int64(v), v != 0 && v>>63 == 0
}

// New makes the next ID of kind K.
func New[K Kind](d *DB) ID[K] { return ID[K](d.NextID()) }

// NextID makes the next key; keys of one process only rise.
func (d *DB) NextID() int64 { return d.ids.next() }

// KeysAfter makes every further key greater than last, whatever the clock says: a process that starts within the millisecond in which
// another ended, or on a clock that was put back, must not make that one's keys again.
func (d *DB) KeysAfter(last int64) { d.ids.after(last) }

// SetNode gives this process its node number, 0 to 1023; several instances on one database need different ones.
func (d *DB) SetNode(n int) { d.ids.node = int64(n & 1023) }

// ids makes keys. When a millisecond's 4,096 are used up, or the clock stands still or goes back, it borrows from the next millisecond.
type ids struct {
	mu    sync.Mutex
	clock *clock.Clock
	node  int64
	ms    int64
	seq   int64
}

func (g *ids) after(last int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ms := last >> 22; ms >= g.ms {
		g.ms, g.seq = ms, 4095
	}
}

func (g *ids) next() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := int64(g.clock.Now() - epoch)
	if now > g.ms {
		g.ms, g.seq = now, 0
	} else if g.seq++; g.seq > 4095 {
		g.ms, g.seq = g.ms+1, 0
	}
	return g.ms<<22 | g.node<<12 | g.seq
}
