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
	Issuer    string            `json:"issuer,omitempty"`     // assigning authority of numbers whose source names none
	Systems   map[string]string `json:"systems,omitempty"`    // identifier system (URL or OID) → "kind", "kind@issuer" or "visit@issuer"; FHIR and V3
	Paths     map[string]string `json:"paths,omitempty"`      // field key → XPath that is tried before the preset's; V3
}

// Checker is a Reader that can tell whether a feed's options are usable before anything is read with them.
type Checker interface {
	// Check returns an invalid fault that names the first wrong option.
	Check(o ReadOptions) error
}

// Reading is an opened file: what it is, and its records one after the other.
type Reading struct {
	Format    string   `json:"format"` // hl7 csv xlsx
	Charset   string   `json:"charset"`
	Columns   []Column `json:"columns,omitempty"`    // of a table, in file order
	Fields    []string `json:"fields,omitempty"`     // every field a column may feed
	Ambiguous []Column `json:"ambiguous,omitempty"`  // columns whose dates can be d/m or m/d, with examples: a person must say
	DateOrder string   `json:"date_order,omitempty"` // as inferred or given, to read a single row again later
	Total     int      `json:"total"`                // records in the file
	Unread    int      `json:"unread,omitempty"`     // broken frames that were left out

	Records iter.Seq[Record] `json:"-"` // may be walked once
}

// Column is one heading of a table and the field it feeds.
type Column struct {
	Heading string   `json:"name"`
	Field   string   `json:"field"` // key of the canonical field, "" where nothing takes the column
	Samples []string `json:"samples"`
	Sure    bool     `json:"sure"` // the dictionary knows the heading, or a person chose the field
}
