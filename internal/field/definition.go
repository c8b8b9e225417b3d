package field

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
)

// Kind is the type of a field's values.
type Kind string

// The kinds. Person is a member of staff.
const (
	Text        Kind = "text"
	LongText    Kind = "long_text"
	Integer     Kind = "integer"
	Decimal     Kind = "decimal" // at most four places
	Date        Kind = "date"
	Choice      Kind = "choice"
	MultiChoice Kind = "multi_choice"
	Boolean     Kind = "boolean"
	Person      Kind = "person"
)

// Kinds lists them in the order they are offered.
var Kinds = []Kind{Text, LongText, Integer, Decimal, Date, Choice, MultiChoice, Boolean, Person}

// Bounds of definitions.
const (
	maxFields  = 500 // per entity
	maxOptions = 500 // per field
)

// Definition is one field. Its kind never changes; a field that is not active is hidden everywhere and keeps its values.
type Definition struct {
	ID         ID            `json:"id"`
	Entity     string        `json:"entity"`
	Key        string        `json:"key"` // small letters, digits and _; stays
	LabelZH    string        `json:"label_zh"`
	LabelEN    string        `json:"label_en"`
	Kind       Kind          `json:"kind"`
	HelpZH     string        `json:"help_zh"`
	HelpEN     string        `json:"help_en"`
	Section    string        `json:"section"`
	Position   int64         `json:"position"`
	Required   bool          `json:"required"`
	Minimum    string        `json:"minimum"`    // of the value, or of the length of texts; "" = none
	Maximum    string        `json:"maximum"`    //
	Pattern    string        `json:"pattern"`    // RE2, for texts; must match as a whole
	Dictionary string        `json:"dictionary"` // of which choices take their entries; "" = Options
	Options    []Option      `json:"options" db:"-"`
	Sees       []string      `json:"sees" db:"-"`     // role IDs; none = every role
	Edits      []string      `json:"edits" db:"-"`    // role IDs; none = every role that may change the record
	Editable   bool          `json:"editable" db:"-"` // by the caller
	Active     bool          `json:"active"`
	Version    int64         `json:"version"`
	CreatedAt  clock.Instant `json:"created_at"`
	UpdatedAt  clock.Instant `json:"updated_at"`

	StoredOptions string `json:"-" db:"options"`
	StoredSees    string `json:"-" db:"sees"`
	StoredEdits   string `json:"-" db:"edits"`
}

// Option is one choice.
type Option struct {
	Code   string `json:"code"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Active bool   `json:"active"` // not offered any more when false; values keep it
}

// Label is the field's name in a language.
func (d Definition) Label(l lang.Locale) string {
	if l == lang.EN && d.LabelEN != "" {
		return d.LabelEN
	}
	return d.LabelZH
}

// Show writes values for a reader: choices by their names, yes and no in words.
func (d Definition) Show(l lang.Locale, values []string) string {
	words := make([]string, 0, len(values))
	for _, v := range values {
		switch d.Kind {
		case Choice, MultiChoice:
			if i := slices.IndexFunc(d.Options, func(o Option) bool { return o.Code == v }); i >= 0 {
				v = d.Options[i].label(l)
			}
		case Boolean:
			v = lang.Text(l, "field.value."+v, nil)
		}
		words = append(words, v)
	}
	return strings.Join(words, "、")
}

func (o Option) label(l lang.Locale) string {
	switch {
	case l == lang.EN && o.EN != "":
		return o.EN
	case o.ZH != "":
		return o.ZH
	}
	return o.Code
}

// Searchable reports whether values are found by their words.
func (d Definition) Searchable() bool { return d.Kind == Text || d.Kind == LongText }

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (d *Definition) check() error {
	bad := fault.New(fault.Invalid, "field.definition.invalid")
	d.LabelZH, d.LabelEN, d.Section = strings.TrimSpace(d.LabelZH), strings.TrimSpace(d.LabelEN), strings.TrimSpace(d.Section)
	if !slices.Contains(Entities, d.Entity) {
		bad.With("entity", "field.entity.unknown")
	}
	if !keyForm.MatchString(d.Key) {
		bad.With("key", "field.key.malformed")
	}
	if n := len([]rune(d.LabelZH)); n == 0 || n > 40 {
		bad.With("label_zh", "field.label.required")
	}
	if len([]rune(d.LabelEN)) > 60 || len([]rune(d.Section)) > 40 || len([]rune(d.HelpZH)) > 300 || len([]rune(d.HelpEN)) > 300 {
		bad.With("help_zh", "field.text.too_long")
	}
	if !slices.Contains(Kinds, d.Kind) {
		bad.With("kind", "field.kind.unknown")
	}
	d.checkBounds(bad)
	d.checkOptions(bad)
	if _, err := regexp.Compile(d.Pattern); err != nil || len(d.Pattern) > 300 {
		bad.With("pattern", "field.pattern.malformed")
	}
	return bad.Or()
}

// checkBounds reads minimum and maximum as the kind has them: lengths for texts, numbers of choices, days.
func (d *Definition) checkBounds(bad *fault.Error) {
	lowest, ok1 := d.bound(d.Minimum)
	highest, ok2 := d.bound(d.Maximum)
	if !ok1 {
		bad.With("minimum", "field.bound.malformed")
	}
	if !ok2 {
		bad.With("maximum", "field.bound.malformed")
	}
	if ok1 && ok2 && d.Minimum != "" && d.Maximum != "" && lowest > highest {
		bad.With("maximum", "field.bound.crossed")
	}
}

// bound reads a limit in the unit in which values are compared: ten-thousandths, characters, choices, or days since 1970-01-01.
func (d *Definition) bound(s string) (int64, bool) {
	if s == "" {
		return 0, true
	}
	switch d.Kind {
	case Integer, Decimal:
		n, err := parseNumber(s, 4)
		return n, err == nil
	case Date:
		day, err := clock.ParseDate(s)
		return int64(day.Sub("1970-01-01")), err == nil
	case Text, LongText, MultiChoice:
		n, err := strconv.ParseInt(s, 10, 32)
		return n, err == nil && n >= 0
	}
	return 0, false
}

func (d *Definition) checkOptions(bad *fault.Error) {
	if d.Kind != Choice && d.Kind != MultiChoice {
		d.Options, d.Dictionary = nil, ""
		return
	}
	if d.Dictionary != "" {
		d.Options = nil
		return
	}
	seen := map[string]bool{}
	for i, o := range d.Options {
		o.Code, o.ZH, o.EN = strings.TrimSpace(o.Code), strings.TrimSpace(o.ZH), strings.TrimSpace(o.EN)
		if o.Code == "" {
			o.Code = o.ZH
		}
		if o.Code == "" || len([]rune(o.Code)) > 60 || seen[o.Code] {
			bad.With("options."+strconv.Itoa(i), "field.option.malformed")
		}
		seen[o.Code] = true
		d.Options[i] = o
	}
	if len(d.Options) == 0 || len(d.Options) > maxOptions {
		bad.With("options", "field.option.required", "limit", maxOptions)
	}
}

func (d Definition) packed() Definition {
	d.StoredOptions, d.StoredSees, d.StoredEdits = encode(d.Options), encode(d.Sees), encode(d.Edits)
	return d
}

func encode[T any](list []T) string {
	if list == nil {
		list = []T{}
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // text always encodes
	}
	return string(b)
}

func (d Definition) unpacked() (Definition, error) {
	d.Options, d.Sees, d.Edits = []Option{}, []string{}, []string{}
	for text, to := range map[string]any{d.StoredOptions: &d.Options, d.StoredSees: &d.Sees, d.StoredEdits: &d.Edits} {
		if text == "[]" {
			continue
		}
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return d, err
		}
	}
	return d, nil
}

// All lists every field of an entity in the order of the form, also those that are not active, for who maintains them.
func (s *Service) All(ctx context.Context, entity string) ([]Definition, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return nil, err
	}
	return s.definitions(ctx, entity)
}

// Definitions lists the active fields of an entity that the caller's role sees, in the order of the form, with the entries of dictionaries as
// options.
func (s *Service) Definitions(ctx context.Context, entity string) ([]Definition, error) {
	all, err := s.definitions(ctx, entity)
	if err != nil {
		return nil, err
	}
	out := []Definition{}
	if len(all) == 0 {
		return out, nil
	}
	role, err := s.role(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if !d.Active || !allows(d.Sees, role) {
			continue
		}
		d.Editable = allows(d.Edits, role)
		if d.Dictionary != "" {
			if d.Options, err = s.entries(ctx, d.Dictionary); err != nil {
				return nil, err
			}
		}
		out = append(out, d)
	}
	return out, nil
}

func allows(roles []string, role string) bool {
	return len(roles) == 0 || role == "" || slices.Contains(roles, role)
}

func (s *Service) entries(ctx context.Context, dictionary string) ([]Option, error) {
	es, err := s.Setting.Entries(ctx, dictionary)
	out := make([]Option, 0, len(es))
	for _, e := range es {
		out = append(out, Option{Code: e.Code, ZH: e.ZH, EN: e.EN, Active: e.Active && e.MergedInto == ""})
	}
	return out, err
}

func (s *Service) definitions(ctx context.Context, entity string) ([]Definition, error) {
	rows, err := listDefinitions(ctx, s.DB.Read(ctx), entity)
	for i := range rows {
		if err == nil {
			rows[i], err = rows[i].unpacked()
		}
	}
	return rows, err
}

// Create adds a field at the end of the form. Errors: invalid; conflict where the key is taken; too_large beyond 500 fields.
func (s *Service) Create(ctx context.Context, d Definition) (Definition, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return d, err
	}
	if err := d.check(); err != nil {
		return d, err
	}
	d.ID, d.Version, d.Active = db.New[kind](s.DB), 1, true
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, last, err := extent(ctx, tx, d.Entity)
		if err != nil || n >= maxFields {
			return orElse(err, fault.New(fault.TooLarge, "field.definition.too_many", "limit", maxFields))
		}
		d.CreatedAt, d.UpdatedAt, d.Position = tx.Now, tx.Now, last+10
		if err := insertDefinition(ctx, tx, d.packed()); err != nil {
			if db.IsUnique(err) {
				return fault.New(fault.Conflict, "field.key.taken").With("key", "field.key.taken")
			}
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "field.definition.create", Entity: "field", EntityID: int64(d.ID), Detail: map[string]any{"entity": d.Entity, "key": d.Key, "kind": d.Kind}})
	})
	return d, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Update changes a field but for its entity, key and kind. Errors: not_found; invalid; conflict with the current field as data when the
// version is stale.
func (s *Service) Update(ctx context.Context, d Definition) (Definition, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return d, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := s.find(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if old.Version != d.Version {
			return db.Stale(old)
		}
		d.Entity, d.Key, d.Kind, d.CreatedAt, d.UpdatedAt, d.Position = old.Entity, old.Key, old.Kind, old.CreatedAt, tx.Now, old.Position
		if err := d.check(); err != nil {
			return err
		}
		d.Version++
		if err := updateDefinition(ctx, tx, d.packed()); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "field.definition.update", Entity: "field", EntityID: int64(d.ID), Detail: map[string]any{"key": d.Key, "active": d.Active}})
	})
	return d, err
}

// Arrange puts the fields of an entity into the given order, each under its section: the layout of the form. Fields not named keep their place
// after those.
func (s *Service) Arrange(ctx context.Context, entity string, places []Place) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for i, p := range places {
			if len([]rune(p.Section)) > 40 {
				return fault.New(fault.Invalid, "field.definition.invalid").With("section", "field.text.too_long")
			}
			if err := placeDefinition(ctx, tx, entity, p, int64(i+1)*10); err != nil {
				return err
			}
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "field.definition.arrange", Entity: "field", Detail: map[string]any{"entity": entity, "fields": len(places)}})
	})
}

// Place is where a field stands in the form.
type Place struct {
	ID      ID     `json:"id"`
	Section string `json:"section"`
}

func (s *Service) find(ctx context.Context, tx *db.Tx, id ID) (Definition, error) {
	d, err := findDefinition(ctx, tx, id)
	if err != nil {
		return d, err
	}
	return d.unpacked()
}
