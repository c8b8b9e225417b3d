package intake

import (
	"iter"
	"time"
)

// Reader reads files of one format. Adapters implement it; the house registers them as "hl7" and "table".
type Reader interface {
	// Open reads a file. One that cannot be read at all is an invalid fault with a text that names the remedy.
	Open(raw []byte, o ReadOptions) (Reading, error)
}

// ReadOptions are a feed's settings for reading its files.
type ReadOptions struct {
	Zone      *time.Location    `json:"-"`                    // of times without offset; nil means UTC+8
	Charset   string            `json:"charset,omitempty"`    // "" detects; else overrides what the file declares
	Mapping   map[string]string `json:"mapping,omitempty"`    // column heading → field key, "" leaves the column out; tables only
	DateOrder string            `json:"date_order,omitempty"` // dmy or mdy where a table's dates can be read both ways
	Sheet     string            `json:"sheet,omitempty"`      // of a workbook; "" takes the first that has rows
	// Departments says what names or codes of departments in a table mean: one of our codes, CreateDepartment, or "" to leave the
	// department of those rows out.
	Departments map[string]string `json:"departments,omitempty"`
	Header      bool              `json:"header,omitempty"`  // the first line of a table is its heading, whatever the others look like
	Issuer      string            `json:"issuer,omitempty"`  // assigning authority of numbers whose source names none
	Systems     map[string]string `json:"systems,omitempty"` // identifier system (URL or OID) → "kind", "kind@issuer" or "visit@issuer"; FHIR and V3
	Paths       map[string]string `json:"paths,omitempty"`   // field key → XPath that is tried before the preset's; V3
}

// Checker is a Reader that can tell whether a feed's options are usable before anything is read with them.
type Checker interface {
	// Check returns an invalid fault that names the first wrong option.
	Check(o ReadOptions) error
}

// Reading is an opened file: what it is, and its records one after the other.
type Reading struct {
	Format    string         `json:"format"` // hl7 csv xlsx
	Charset   string         `json:"charset"`
	Columns   []Column       `json:"columns,omitempty"`    // of a table, in file order
	Fields    []string       `json:"fields,omitempty"`     // every field a column may feed
	Ambiguous []Column       `json:"ambiguous,omitempty"`  // columns whose dates can be d/m or m/d, with examples: a person must say
	DateOrder string         `json:"date_order,omitempty"` // as inferred or given, to read a single row again later
	Total     int            `json:"total"`                // records in the file
	Sheets    []string       `json:"sheets,omitempty"`     // of a workbook
	Sheet     string         `json:"sheet,omitempty"`      // the one that was read
	Bare      bool           `json:"bare,omitempty"`       // a table without a heading line: columns go by what their values look like
	Places    []Place        `json:"places,omitempty"`     // departments that a table names
	Unknown   []UnknownPlace `json:"-"`                    // of these, those that neither we know nor a person said anything about
	First     [][]string     `json:"-"`                    // the first lines of a table as they are read
	// Fingerprint is equal for tables with the same headings; a mapping saved for one serves the other. "" without headings.
	Fingerprint string `json:"fingerprint,omitempty"`
	Unread      int    `json:"unread,omitempty"` // broken frames that were left out

	Records iter.Seq[Record] `json:"-"` // may be walked once
}

// Column is one heading of a table and the field it feeds.
type Column struct {
	Heading string   `json:"name"`
	Field   string   `json:"field"` // key of the canonical field, "" where nothing takes the column
	Samples []string `json:"samples"`
	Type    string   `json:"type"`   // what most values look like: mobile phone id_card date sex name amount number text, "" where all are empty
	Filled  int      `json:"filled"` // cells with something in them
	Sure    bool     `json:"sure"`   // the dictionary knows the heading, or a person chose the field
}

// fixedOptions are the options with everything settled that the reading inferred.
func (r Reading) fixedOptions(o ReadOptions) ReadOptions {
	o.DateOrder, o.Mapping, o.Sheet = r.DateOrder, r.mapping(), r.Sheet
	return o
}

// Place is a department as a table names it.
type Place struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Rows int    `json:"rows"`
}
