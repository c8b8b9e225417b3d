// Package match (匹配) judges whether two records mean one person: Fellegi–Sunter weights of evidence, vetoes and blocking keys.
// It is pure (no table, no clock, no I/O): rooms normalise their fields, ask for a score and decide what to do with it.
//
// The weights are fixed and shipped. Learning them from a hospital's own pairs was measured to merge families,
// who share telephones and addresses (precision 0.72), so learning may advise but never decides.
package match

import "renxin/internal/platform/clock"

// Record is what is known of one person, already normalised by the caller. An empty field is "not known" and counts neither for nor against.
type Record struct {
	Name      string     // normalised: no spaces inside a Chinese name
	Pinyin    string     // full pinyin of Name, lower case, no spaces
	NameShare float64    // share of the hospital's patients with this name, 0…1; 0 = not known
	Birth     clock.Date // YYYY-MM-DD; also YYYY-MM or YYYY where the source knows no more
	Sex       string     // "male" or "female"; anything else is "not known"
	ID        string     // identity card, 18 characters, upper case
	IDValid   bool       // ID passes GB 11643 (form, date, checksum)
	Numbers   []Number   // hospital numbers and other documents
	Mobiles   []string   // 11 digits
	Landlines []string   // area code and number, digits only, no extension
	Address   string     // as written
}

// Number is an identifier with the kind and issuer that make it comparable.
type Number struct {
	Kind   string // card outpatient inpatient health_card checkup passport permit other
	Issuer string // assigning authority; a hospital number without one proves nothing
	Value  string
}

// Zone says what may be done with a pair.
type Zone string

// The three zones: join without asking, ask a person, leave apart.
const (
	Auto   Zone = "auto"
	Review Zone = "review"
	None   Zone = "none"
)

// AutoBits is the evidence, in bits, from which a pair may be joined without asking; ReviewBits that from which a person is asked.
const (
	AutoBits   = 6.6
	ReviewBits = -3.0
)

// Field names the evidence a reason speaks of.
type Field string

// The compared fields.
const (
	FieldName     Field = "name"
	FieldBirth    Field = "birth_date"
	FieldSex      Field = "sex"
	FieldID       Field = "id_card"
	FieldNumber   Field = "number"
	FieldMobile   Field = "mobile"
	FieldLandline Field = "phone"
	FieldAddress  Field = "address"
	FieldPrior    Field = "prior"
)

// Outcome says how a field compared.
type Outcome string

// The outcomes. Veto forbids a join whatever the other fields say; Newborn marks "…之女" against its mother.
const (
	Same    Outcome = "same"
	Similar Outcome = "similar"
	Near    Outcome = "near"
	Differs Outcome = "differs"
	Veto    Outcome = "veto"
	Newborn Outcome = "newborn"
	Base    Outcome = "base"
)

// Reason is one line of the judgement, for the person who reviews it. It holds no value of either record.
type Reason struct {
	Field   Field   `json:"field"`
	Outcome Outcome `json:"outcome"`
	Kind    string  `json:"kind,omitempty"` // kind of the number, for FieldNumber
	Bits    float64 `json:"bits"`
}

// Result is the judgement of a pair.
type Result struct {
	Bits    float64  `json:"bits"` // log2 odds that the two are one person
	Zone    Zone     `json:"zone"`
	Vetoed  bool     `json:"vetoed,omitempty"` // two different valid identity cards: never one person
	Mother  bool     `json:"mother,omitempty"` // one is the new-born child of the other: relate them, never join them
	Reasons []Reason `json:"reasons"`
}

// Has reports whether a field compared with the given outcome.
func (r Result) Has(f Field, o Outcome) bool {
	for _, x := range r.Reasons {
		if x.Field == f && x.Outcome == o {
			return true
		}
	}
	return false
}
