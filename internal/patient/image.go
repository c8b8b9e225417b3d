package patient

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sort"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/platform/db"
)

// Image is everything the tables of some rooms hold of one patient, row by row, each under its table and key.
type Image map[string]Row

// RowChange is what happened to one row between two images. A row that came into being has no Before; one that went away has no After.
type RowChange struct {
	Table  string          `json:"t"`
	Key    Row             `json:"k"`           // what identifies the row
	Before json.RawMessage `json:"b,omitempty"` // the whole row as it was
	After  string          `json:"a,omitempty"` // hash of the row as it is now
}

// UnmarshalJSON reads whole numbers as such: keys do not fit a float.
func (r *Row) UnmarshalJSON(b []byte) error {
	row, err := parseRow(string(b))
	*r = row
	return err
}

// Reversal is one row that TakeBack put back, for the room that owns it: Was is what it was until now, Now what it is again. nil = no row.
type Reversal struct {
	Table    string
	Was, Now Row
}

// imageTables are the declared tables of the named rooms whose rows an import can write, the patient's own row first. Derived rows are
// made anew and history stays.
func (s *Service) imageTables(rooms []string) []Table {
	out := []Table{{Name: "patient_patient", Key: []string{"id"}}}
	for _, t := range s.tables {
		room, _, _ := strings.Cut(t.Name, "_")
		if slices.Contains(rooms, room) && (t.Rule == Move || t.Name == "patient_pair") {
			out = append(out, t)
		}
	}
	return out
}

// Images reads what the tables of the named rooms hold of many patients: an import keeps the image before and the difference after, so
// that it can be taken back. Unknown patients have no image. The caller has decided who may be read.
func (s *Service) Images(ctx context.Context, rooms []string, ids []ID) (map[ID]Image, error) {
	out := make(map[ID]Image, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	tx := s.DB.Read(ctx)
	for _, t := range s.imageTables(rooms) {
		rows, err := rowsOfMany(ctx, tx, t.Name, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			owner := ownerOf(t.Name, r, ids)
			if out[owner] == nil {
				out[owner] = Image{}
			}
			out[owner][t.place(r)] = r
		}
	}
	return out, nil
}

// ownerOf is the patient under whom a row stands; a pair of two patients stands under the one that was asked for.
func ownerOf(table string, r Row, ids []ID) ID {
	if table == "patient_patient" {
		return ID(number(r["id"]))
	}
	owner := ID(number(r["patient_id"]))
	if table == "patient_pair" && !slices.Contains(ids, owner) {
		return ID(number(r["other_id"]))
	}
	return owner
}

// place names a row within an image.
func (t Table) place(r Row) string {
	key := Row{}
	for _, c := range t.Key {
		key[c] = r[c]
	}
	return t.Name + key.text()
}

// Difference lists what turned one image into the other, in the order of the tables, so that rows come after those they refer to.
func (s *Service) Difference(rooms []string, before, after Image) []RowChange {
	var out []RowChange
	for _, t := range s.imageTables(rooms) {
		var places []string
		for p := range before {
			if t.holds(p) {
				places = append(places, p)
			}
		}
		for p := range after {
			if _, both := before[p]; !both && t.holds(p) {
				places = append(places, p)
			}
		}
		sort.Strings(places)
		for _, p := range places {
			was, now := before[p], after[p]
			if was.hash() == now.hash() {
				continue
			}
			c := RowChange{Table: t.Name, After: now.hash(), Key: t.where(orRow(was, now))}
			if was != nil {
				c.Before = json.RawMessage(was.text())
			}
			out = append(out, c)
		}
	}
	return out
}

func (t Table) holds(place string) bool { return strings.HasPrefix(place, t.Name+"{") }

func orRow(a, b Row) Row {
	if a != nil {
		return a
	}
	return b
}

// hash tells rows apart, "" for no row.
func (r Row) hash() string {
	if r == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(r.text()))
	return hex.EncodeToString(sum[:8])
}

// Touched names the tables in which somebody changed since what the changes had written: rows that differ now, and, where the patient
// came into being with them, rows that came after. Empty means that the changes can be taken back exactly.
func (s *Service) Touched(rooms []string, fresh bool, changes []RowChange, now Image) []string {
	wrote, out := map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		t := s.imageTable(rooms, c.Table)
		p := t.place(c.Key)
		wrote[p] = true
		if now[p].hash() != c.After {
			out[c.Table] = true
		}
	}
	for _, t := range s.imageTables(rooms) {
		for p, r := range now {
			if t.holds(p) && !wrote[p] && (fresh && t.Name != "patient_pair" || hangsOn(r, changes)) {
				out[t.Name] = true
			}
		}
	}
	names := make([]string, 0, len(out))
	for n := range out {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// hangsOn: the row belongs to an encounter that the changes brought, and would hang in the air without it.
func hangsOn(r Row, changes []RowChange) bool {
	e := number(r["encounter_id"])
	return e != 0 && slices.ContainsFunc(changes, func(c RowChange) bool {
		return c.Table == "visit_encounter" && c.Before == nil && number(c.Key["id"]) == e
	})
}

func (s *Service) imageTable(rooms []string, name string) Table {
	for _, t := range s.imageTables(rooms) {
		if t.Name == name {
			return t
		}
	}
	return Table{Name: name, Key: []string{"id"}}
}

// Attached tells which of the patients other tables than those of the named rooms still refer to, so that their own row must stay.
func (s *Service) Attached(ctx context.Context, rooms []string, ids []ID) (map[ID]bool, error) {
	out := map[ID]bool{}
	for _, t := range s.tables {
		room, _, _ := strings.Cut(t.Name, "_")
		if slices.Contains(rooms, room) && t.Rule != Stay || t.Name == "patient_pair" || slices.Contains([]string{"event", "trail", "intake"}, room) {
			continue
		}
		have, err := patientsIn(ctx, s.DB.Read(ctx), t.Name, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range have {
			out[id] = true
		}
	}
	return out, nil
}

// TakeBack undoes changes exactly: now is the patient's image, which Touched found unchanged since. A patient who came into being with
// the changes (fresh) goes away; where something still refers to the row (keepRow), it stays as deleted. Facts: patient.removed, or
// patient.updated where the person's own rows moved. The caller has checked the permission and tells the rooms of the reversals.
func (s *Service) TakeBack(ctx context.Context, rooms []string, id ID, fresh, keepRow bool, changes []RowChange, now Image) ([]Reversal, error) {
	var out []Reversal
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = out[:0]
		terms := imageTerms(now)
		for i := len(changes) - 1; i >= 0; i-- {
			c := changes[i]
			t := s.imageTable(rooms, c.Table)
			was := now[t.place(c.Key)]
			back, err := parseRow(string(c.Before))
			if err != nil {
				return err
			}
			if fresh && keepRow && c.Table == "patient_patient" {
				if err := markDeleted(ctx, tx, id); err != nil {
					return err
				}
			} else if err := t.put(ctx, tx, c.Key, was, back); err != nil {
				return err
			}
			out = append(out, Reversal{c.Table, was, back})
		}
		if fresh {
			if err := dropPairs(ctx, tx, id); err != nil {
				return err
			}
			if err := deleteTerms(ctx, tx, id, terms); err != nil {
				return err
			}
			return s.Board.Publish(ctx, Removed{id, keepRow})
		}
		if err := reindex(ctx, tx, id, terms); err != nil {
			return err
		}
		if fields := moved(out); len(fields) > 0 {
			return s.Board.Publish(ctx, Updated{id, fields})
		}
		return nil
	})
	return out, err
}

// put brings one row back: away, there again, or to what it was.
func (t Table) put(ctx context.Context, tx *db.Tx, key, was, back Row) error {
	switch {
	case was == nil && back == nil:
		return nil
	case back == nil:
		return deleteRow(ctx, tx, t.Name, key)
	case was == nil:
		return insertRow(ctx, tx, t.Name, back)
	}
	return setRow(ctx, tx, t.Name, key, back)
}

// moved names the fields of the person that reversals changed, as patient.updated does.
func moved(list []Reversal) []string {
	var out []string
	for _, r := range list {
		switch r.Table {
		case "patient_patient":
			for _, f := range fieldNames {
				if r.Was[f] != r.Now[f] {
					out = append(out, f)
				}
			}
		case "patient_contact":
			out = append(out, "contacts")
		case "patient_identifier":
			out = append(out, "identifiers")
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// imageTerms are the search terms of the patient as an image shows it.
func imageTerms(now Image) []string {
	var p Patient
	var cs []Contact
	var ns []Identifier
	for place, r := range now {
		table, _, _ := strings.Cut(place, "{")
		switch table {
		case "patient_patient":
			p.Name = word(r["name"])
		case "patient_contact":
			cs = append(cs, Contact{ID: ContactID(number(r["id"])), System: identity.System(word(r["system"])), Number: word(r["number"])})
		case "patient_identifier":
			ns = append(ns, Identifier{ID: IdentifierID(number(r["id"])), Kind: identity.IdentifierKind(word(r["kind"])), Value: word(r["value"])})
		}
	}
	slices.SortFunc(ns, func(a, b Identifier) int { return int(a.ID - b.ID) })
	return identity.Terms(searchText(p, cs, ns))
}

func word(v any) string {
	s, _ := v.(string)
	return s
}
