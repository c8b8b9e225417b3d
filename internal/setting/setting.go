// Package setting keeps what a hospital decides for itself (系统设置): typed settings with history and per-department
// override, dictionaries and business-day calendars.
package setting

import (
	"context"
	"sort"
	"strconv"
	"strings"
	"sync"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

// Permissions of the room.
const (
	PermRead   access.Permission = "setting.setting.read"
	PermUpdate access.Permission = "setting.setting.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead, PermUpdate, PermDictionary}

// Kind is the type of a setting's value.
type Kind string

// Kinds of settings. Time is "HH:MM" in the hospital's zone; Choice is one of Definition.Choices.
const (
	Int    Kind = "int"
	Text   Kind = "text"
	Bool   Kind = "bool"
	Time   Kind = "time"
	Choice Kind = "choice"
)

// Definition declares a setting. Its name and help are the texts "setting.<key>.name" and "setting.<key>.help".
type Definition struct {
	Key           string   // "followup.reminder.hours_before"
	Kind          Kind     //
	Default       string   // a safe value
	Min, Max      int      // for Int, inclusive; both 0 = unbounded
	Choices       []string // for Choice
	PerDepartment bool     // whether a department may have its own value
}

// Room is the first part of the key, for grouping.
func (d Definition) Room() string { r, _, _ := strings.Cut(d.Key, "."); return r }

// Validate checks a value against the definition.
func (d Definition) Validate(v string) error {
	bad := fault.New(fault.Invalid, "setting.value.malformed").With("value", "setting.value."+string(d.Kind), "min", d.Min, "max", d.Max, "choices", strings.Join(d.Choices, " / "))
	switch d.Kind {
	case Int:
		n, err := strconv.Atoi(v)
		if err != nil || (d.Min != 0 || d.Max != 0) && (n < d.Min || n > d.Max) {
			return bad
		}
	case Bool:
		if v != "true" && v != "false" {
			return bad
		}
	case Time:
		if _, _, ok := ParseTime(v); !ok {
			return bad
		}
	case Choice:
		for _, c := range d.Choices {
			if c == v {
				return nil
			}
		}
		return bad
	case Text:
		if len(v) > 2000 {
			return bad
		}
	}
	return nil
}

// ParseTime reads "HH:MM", 00:00 to 24:00.
func ParseTime(s string) (hour, minute int, ok bool) {
	h, m, found := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	ok = found && len(m) == 2 && err1 == nil && err2 == nil && hour >= 0 && minute >= 0 && minute < 60 && hour*60+minute <= 24*60
	return hour, minute, ok
}

// Deps is what the room needs.
type Deps struct {
	DB    *db.DB
	Board *event.Board
	Trail *trail.Log
}

// Service is the room.
type Service struct {
	Deps
	mu      sync.RWMutex
	defs    map[string]Definition
	values  map[string]map[int64]Value // cache; nil until first read
	entries map[string][]Entry         // cache of dictionaries, by name
	uses    []Use                      // columns with codes of dictionaries
	jobs    *job.Runner                // of merges; set by Work
}

// New makes the room.
func New(d Deps) *Service {
	event.Declare[Changed](d.Board)
	declareDictionaries(d.Board)
	s := &Service{Deps: d, defs: map[string]Definition{}}
	s.Define(
		Definition{Key: "setting.hospital.name", Kind: Text, Default: "仁安医院"},
		Definition{Key: "setting.hospital.signature", Kind: Text, Default: "仁安医院"},
	)
	return s
}

// Changed is published when a setting got a new value.
type Changed struct {
	Key          string `json:"key"`
	DepartmentID int64  `json:"department_id"`
}

// FactName implements event.Fact.
func (Changed) FactName() string { return "setting.changed" }

// FactPatient implements event.Fact.
func (Changed) FactPatient() int64 { return 0 }

// Define declares settings at wiring. A key defined twice, or a default that its own rule refuses, is a programming error.
func (s *Service) Define(defs ...Definition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range defs {
		if _, twice := s.defs[d.Key]; twice {
			panic("setting: defined twice: " + d.Key)
		}
		if err := d.Validate(d.Default); err != nil {
			panic("setting: default of " + d.Key + ": " + err.Error())
		}
		s.defs[d.Key] = d
	}
}

// Value is a stored value.
type Value struct {
	Key          string
	DepartmentID int64
	Value        string
	Version      int64
	UpdatedAt    clock.Instant
	UpdatedBy    string
}

// Text is the value of key for a department (0 = hospital): its own, else the hospital's, else the default.
func (s *Service) Text(ctx context.Context, key string, department int64) string {
	s.mu.RLock()
	def, known := s.defs[key]
	s.mu.RUnlock()
	if !known {
		panic("setting: not defined: " + key)
	}
	vals := s.load(ctx)[key]
	if v, ok := vals[department]; ok && def.PerDepartment {
		return v.Value
	}
	if v, ok := vals[0]; ok {
		return v.Value
	}
	return def.Default
}

// Int is Text as a number.
func (s *Service) Int(ctx context.Context, key string, department int64) int {
	n, _ := strconv.Atoi(s.Text(ctx, key, department))
	return n
}

// Bool is Text as a truth value.
func (s *Service) Bool(ctx context.Context, key string, department int64) bool {
	return s.Text(ctx, key, department) == "true"
}

// load gives all stored values from the cache. Inside a transaction it reads afresh, so that a change is seen by itself.
func (s *Service) load(ctx context.Context) map[string]map[int64]Value {
	s.mu.RLock()
	m := s.values
	s.mu.RUnlock()
	if m != nil {
		return m
	}
	rows, err := listValues(ctx, s.DB.Read(ctx))
	if err != nil {
		return nil // defaults are safe
	}
	m = map[string]map[int64]Value{}
	for _, v := range rows {
		if m[v.Key] == nil {
			m[v.Key] = map[int64]Value{}
		}
		m[v.Key][v.DepartmentID] = v
	}
	s.mu.Lock()
	s.values = m
	s.mu.Unlock()
	return m
}

// Forget drops the cache; called after a change and when another process tells of one.
func (s *Service) Forget() {
	s.mu.Lock()
	s.values, s.entries = nil, nil
	s.mu.Unlock()
}

// Update is a wished change.
type Update struct {
	Key          string
	DepartmentID int64
	Value        string
	Version      int64 // of the value being replaced, 0 when it had none
}

// Set changes a value, with history, trail and fact. A stale Version is a conflict.
func (s *Service) Set(ctx context.Context, u Update) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	s.mu.RLock()
	def, ok := s.defs[u.Key]
	s.mu.RUnlock()
	if !ok || u.DepartmentID != 0 && !def.PerDepartment {
		return db.Missing()
	}
	if err := def.Validate(u.Value); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, _, err := findValue(ctx, tx, u.Key, u.DepartmentID)
		if err != nil {
			return err
		}
		if old.Version != u.Version {
			return db.Stale(old)
		}
		by := access.From(ctx).Name
		if err := putValue(ctx, tx, u, old.Version+1, by); err != nil {
			return err
		}
		if old.Version == 0 {
			old.Value = def.Default
		}
		if err := addHistory(ctx, tx, s.DB.NextID(), u, old.Value, by); err != nil {
			return err
		}
		tx.After(s.Forget)
		if err := s.Trail.Append(ctx, trail.Entry{Action: "setting.setting.update", Entity: "setting", Detail: map[string]any{"key": u.Key, "department_id": u.DepartmentID, "from": old.Value, "to": u.Value}}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Changed{u.Key, u.DepartmentID})
	})
}

// Clear takes away a department's own value, so that the hospital's holds again; for department 0 it takes away the hospital's, so that
// the default holds. History and trail keep what was there. A value that is not there is missing, a stale version is a conflict.
func (s *Service) Clear(ctx context.Context, key string, department, version int64) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	s.mu.RLock()
	def, ok := s.defs[key]
	s.mu.RUnlock()
	if !ok {
		return db.Missing()
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, found, err := findValue(ctx, tx, key, department)
		if err != nil {
			return err
		}
		if !found {
			return db.Missing()
		}
		if old.Version != version {
			return db.Stale(old)
		}
		holds := def.Default
		if department != 0 {
			hospital, found, err := findValue(ctx, tx, key, 0)
			if err != nil {
				return err
			}
			if found {
				holds = hospital.Value
			}
		}
		if err := dropValue(ctx, tx, key, department); err != nil {
			return err
		}
		if err := addHistory(ctx, tx, s.DB.NextID(), Update{Key: key, DepartmentID: department, Value: holds}, old.Value, access.From(ctx).Name); err != nil {
			return err
		}
		tx.After(s.Forget)
		if err := s.Trail.Append(ctx, trail.Entry{Action: "setting.setting.clear", Entity: "setting", Detail: map[string]any{"key": key, "department_id": department, "from": old.Value, "to": holds}}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Changed{key, department})
	})
}

// Item is a setting with its values, for the settings page.
type Item struct {
	Definition
	Current   Value
	Overrides []Value
}

// List gives every setting in order of key.
func (s *Service) List(ctx context.Context) ([]Item, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	vals := s.load(ctx)
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Item, 0, len(s.defs))
	for key, d := range s.defs {
		it := Item{Definition: d, Current: Value{Key: key, Value: d.Default}}
		for dep, v := range vals[key] {
			if dep == 0 {
				it.Current = v
			} else {
				it.Overrides = append(it.Overrides, v)
			}
		}
		sort.Slice(it.Overrides, func(i, j int) bool { return it.Overrides[i].DepartmentID < it.Overrides[j].DepartmentID })
		out = append(out, it)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out, nil
}

// Past is one change of a setting.
type Past struct {
	ID           int64         `json:"-"`
	Key          string        `json:"key"`
	DepartmentID int64         `json:"-"`
	OldValue     string        `json:"old_value"`
	NewValue     string        `json:"new_value"`
	At           clock.Instant `json:"at"`
	ByName       string        `json:"by_name"`
}

// History lists the changes of a setting, newest first.
func (s *Service) History(ctx context.Context, key string) ([]Past, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	return listHistory(ctx, s.DB.Read(ctx), key)
}
