package patient

import "fmt"

// Rule says what a merge does with a table's rows of the patient who ceases.
type Rule string

// The rules.
const (
	Move    Rule = "move"    // rows go to the survivor; where a unique key clashes the survivor's row stays and the other is kept in the journal
	Stay    Rule = "stay"    // rows never move: trail, outbox, and history that readers resolve
	Derived Rule = "derived" // rows are computed by their room from others and are made anew
)

// Row is a row of any table, by column.
type Row map[string]any

// Table declares a table that carries patient_id, for merges. Rooms declare theirs at wiring; CheckTables compares with the live schema.
type Table struct {
	Name   string
	Key    []string   // columns that identify a row, without patient_id
	Unique [][]string // further unique keys that contain patient_id; list their other columns
	Rule   Rule       // "" = Move
	// Combine decides a clash of unique keys: it gets the survivor's and the other row and gives the row that stays (strictest consent,
	// union of opt-outs). nil keeps the survivor's.
	Combine func(survivor, other Row) Row
	// Number is the column with the telephone number or address by which a row came: after an unmerge it tells whose a later row is.
	Number string
}

// Declare registers tables for merges. A table declared twice is a programming error.
func (s *Service) Declare(tables ...Table) {
	for _, t := range tables {
		if t.Rule == "" {
			t.Rule = Move
		}
		for _, have := range s.tables {
			if have.Name == t.Name {
				panic(fmt.Sprintf("patient: table %s declared twice", t.Name))
			}
		}
		s.tables = append(s.tables, t)
	}
}

func (s *Service) declareOwn() {
	id := []string{"id"}
	s.Declare(
		Table{Name: "patient_identifier", Key: id},
		Table{Name: "patient_contact", Key: id, Unique: [][]string{{"number", "system"}}},
		Table{Name: "patient_relation", Key: id},
		Table{Name: "patient_tag", Key: []string{"tag"}},
		Table{Name: "patient_touch", Key: id},
		Table{Name: "field_value", Key: []string{"field_id", "item"}}, // the survivor's value stays; choices add up
		Table{Name: "attachment_file", Key: id},
		Table{Name: "patient_access", Key: []string{"kind", "key", "role"}, Combine: laterEnd},
		Table{Name: "patient_search", Key: []string{"term"}, Rule: Derived},
		Table{Name: "patient_provenance", Key: []string{"source"}},
		Table{Name: "patient_proposal", Key: id},
		Table{Name: "patient_pair", Key: id, Rule: Stay},
		Table{Name: "patient_merge", Key: id, Rule: Stay},
		Table{Name: "patient_transfer_row", Key: []string{"transfer_id"}, Rule: Stay},
		Table{Name: "patient_merge_row", Key: []string{"merge_id", "seq"}, Rule: Stay},
		Table{Name: "patient_origin", Key: []string{"table_name", "row_id", "identifier_id"}},
		Table{Name: "event_fact", Key: id, Rule: Stay},
		Table{Name: "event_delivery", Key: []string{"fact_id", "listener"}, Rule: Stay},
		Table{Name: "trail_entry", Key: id, Rule: Stay},
	)
}

// Newest is a Combine that takes the other row's content where its column, an instant, is later.
func Newest(column string) func(survivor, other Row) Row {
	return func(survivor, other Row) Row {
		if number(other[column]) > number(survivor[column]) {
			return Other(survivor, other)
		}
		return survivor
	}
}

// Other is the survivor's row with the other's content; whose row it is, and since when, remains.
func Other(survivor, other Row) Row {
	out := Row{}
	for c, v := range other {
		out[c] = v
	}
	for _, c := range []string{"id", "patient_id", "created_at"} {
		if v, ok := survivor[c]; ok {
			out[c] = v
		}
	}
	return out
}

// laterEnd keeps the longer of two accesses.
func laterEnd(survivor, other Row) Row {
	a, b := number(survivor["until"]), number(other["until"])
	out := Row{}
	for k, v := range survivor {
		out[k] = v
	}
	if a != 0 && (b == 0 || b > a) {
		out["until"] = b
	}
	return out
}

// Tables names every declared table, in order of declaration.
func (s *Service) Tables() []string {
	out := make([]string, len(s.tables))
	for i, t := range s.tables {
		out[i] = t.Name
	}
	return out
}
