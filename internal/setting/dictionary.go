package setting

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
)

// PermDictionary lets a person add, change, retire and merge the entries of dictionaries.
const PermDictionary access.Permission = "setting.dictionary.update"

type (
	entryKind struct{}
	mergeKind struct{}
)

// Prefix implements db.Kind.
func (entryKind) Prefix() string { return "de" }

// Prefix implements db.Kind.
func (mergeKind) Prefix() string { return "dm" }

// The identifiers of dictionaries' rows.
type (
	EntryID      = db.ID[entryKind] // an entry
	EntryMergeID = db.ID[mergeKind] // a merge of two entries
)

// Dictionaries lists the dictionaries of the house (字典). Each name has the text "setting.dictionary.<name>"; those with levels let an entry stand
// under another.
var Dictionaries = []Dictionary{
	{"source", true}, {"relation", false}, {"communication", false}, {"interest", true}, {"product", true}, {"intent", false}, {"status", false}, {"plan_type", false},
	{"occupation", false}, {"ethnicity", false}, {"marital", false}, {"membership", false}, {"tag_group", false}, {"attachment_category", false},
}

// Dictionary is a list that a hospital edits.
type Dictionary struct {
	Name   string `json:"name"`
	Levels bool   `json:"levels"` // entries have a second level
}

// Entry is one word of a dictionary. Records hold its code, which never changes.
type Entry struct {
	ID         EntryID       `json:"id"`
	Dictionary string        `json:"dictionary"`
	Code       string        `json:"code"`
	ZH         string        `json:"zh" db:"zh"`
	EN         string        `json:"en" db:"en"`
	Pinyin     string        `json:"pinyin"` // full and initials, for pickers
	Parent     string        `json:"parent"` // code of the entry above, "" = the first level
	Position   int64         `json:"position"`
	Active     bool          `json:"active"`      // offered by pickers
	MergedInto string        `json:"merged_into"` // code of the entry that took its place
	Version    int64         `json:"version"`
	CreatedAt  clock.Instant `json:"created_at"`
	UpdatedAt  clock.Instant `json:"updated_at"`
}

// DictionaryChanged is published when an entry was added, changed or merged.
type DictionaryChanged struct {
	Dictionary string `json:"dictionary"`
}

// FactName implements event.Fact.
func (DictionaryChanged) FactName() string { return "setting.dictionary_changed" }

// FactPatient implements event.Fact.
func (DictionaryChanged) FactPatient() int64 { return 0 }

func declareDictionaries(b *event.Board) { event.Declare[DictionaryChanged](b) }

var entryCode = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,59}$`)

func findDictionary(name string) (Dictionary, bool) {
	i := slices.IndexFunc(Dictionaries, func(d Dictionary) bool { return d.Name == name })
	if i < 0 {
		return Dictionary{}, false
	}
	return Dictionaries[i], true
}

// Entries gives a dictionary in order, also what is retired or merged, since history is read with it. Everybody signed in may ask.
func (s *Service) Entries(ctx context.Context, dictionary string) ([]Entry, error) {
	if _, ok := findDictionary(dictionary); !ok {
		return nil, db.Missing()
	}
	s.mu.RLock()
	es, cached := s.entries[dictionary]
	s.mu.RUnlock()
	if cached {
		return es, nil
	}
	es, err := listEntries(ctx, s.DB.Read(ctx), dictionary)
	if err == nil && !db.InTx(ctx) { // a transaction may see what nobody else ever will
		s.mu.Lock()
		if s.entries == nil {
			s.entries = map[string][]Entry{}
		}
		s.entries[dictionary] = es
		s.mu.Unlock()
	}
	return es, err
}

// Labels maps the codes of a dictionary to their names in the reader's language; what was merged has the name of what took its place, and an
// entry of the second level follows its first: "网络 / 短视频".
func (s *Service) Labels(ctx context.Context, dictionary string) (map[string]string, error) {
	es, err := s.Entries(ctx, dictionary)
	byCode, out := make(map[string]Entry, len(es)), make(map[string]string, len(es))
	for _, e := range es {
		byCode[e.Code] = e
	}
	l := lang.From(ctx)
	for _, e := range es {
		at := e
		if into, ok := byCode[e.MergedInto]; ok {
			at = into
		}
		out[e.Code] = at.label(l)
		if above, ok := byCode[at.Parent]; ok {
			out[e.Code] = above.label(l) + " / " + out[e.Code]
		}
	}
	return out, err
}

func (e Entry) label(l lang.Locale) string {
	if l == lang.EN && e.EN != "" {
		return e.EN
	}
	return e.ZH
}

// Read finds the code that a word means: a code, or a name in either language; what was merged gives what took its place. "" where the
// dictionary does not know the word.
func (s *Service) Read(ctx context.Context, dictionary, word string) string {
	es, err := s.Entries(ctx, dictionary)
	if err != nil || word == "" {
		return ""
	}
	_, second, nested := strings.Cut(word, " / ")
	for _, e := range es {
		if e.Code == word || e.ZH == word || strings.EqualFold(e.EN, word) || nested && e.Parent != "" && (e.ZH == second || strings.EqualFold(e.EN, second)) {
			if e.MergedInto != "" {
				return e.MergedInto
			}
			return e.Code
		}
	}
	return ""
}

func (e *Entry) check(entries []Entry) error {
	bad := fault.New(fault.Invalid, "setting.entry.invalid")
	d, known := findDictionary(e.Dictionary)
	if !known {
		bad.With("dictionary", "setting.entry.dictionary_unknown")
	}
	e.ZH, e.EN, e.Code = strings.TrimSpace(e.ZH), strings.TrimSpace(e.EN), strings.TrimSpace(e.Code)
	if n := len([]rune(e.ZH)); n == 0 || n > 40 {
		bad.With("zh", "setting.entry.name")
	}
	if len([]rune(e.EN)) > 60 {
		bad.With("en", "setting.entry.name_en")
	}
	if e.Code == "" {
		e.Code = e.ZH
	}
	if !entryCode.MatchString(e.Code) {
		bad.With("code", "setting.entry.code")
	}
	e.checkParent(d, entries, bad)
	e.Pinyin = readings(e.ZH)
	return bad.Or()
}

func (e *Entry) checkParent(d Dictionary, entries []Entry, bad *fault.Error) {
	if e.Parent == "" {
		return
	}
	i := slices.IndexFunc(entries, func(x Entry) bool { return x.Code == e.Parent })
	hasChildren := slices.ContainsFunc(entries, func(x Entry) bool { return x.Parent == e.Code && x.MergedInto == "" })
	if !d.Levels || i < 0 || entries[i].Parent != "" || e.Parent == e.Code || hasChildren {
		bad.With("parent", "setting.entry.parent")
	}
}

// readings are the pinyin of a name, whole and by initials: "dasheng ds".
func readings(zh string) string {
	var full, initials strings.Builder
	for _, r := range zh {
		if p := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(p) > 0 {
			full.WriteString(p[0])
			initials.WriteByte(p[0][0])
			continue
		}
		full.WriteRune(r)
		initials.WriteRune(r)
	}
	return strings.ToLower(full.String() + " " + initials.String())
}

// CreateEntry adds a word at the end. Errors: invalid; conflict where the code is taken.
func (s *Service) CreateEntry(ctx context.Context, e Entry) (Entry, error) {
	if err := access.Need(ctx, PermDictionary); err != nil {
		return e, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		all, err := listEntries(ctx, tx, e.Dictionary)
		if err != nil {
			return err
		}
		if err := e.check(all); err != nil {
			return err
		}
		e.ID, e.Active, e.Version, e.CreatedAt, e.UpdatedAt, e.MergedInto = db.New[entryKind](s.DB), true, 1, tx.Now, tx.Now, ""
		for _, x := range all {
			e.Position = max(e.Position, x.Position+10)
		}
		if err := insertEntry(ctx, tx, e); err != nil {
			if db.IsUnique(err) {
				return fault.New(fault.Conflict, "setting.entry.taken").With("code", "setting.entry.taken")
			}
			return err
		}
		return s.tellEntry(ctx, "setting.dictionary.create", e, nil)
	})
	return e, err
}

func (s *Service) tellEntry(ctx context.Context, action string, e Entry, detail map[string]any) error {
	d := map[string]any{"dictionary": e.Dictionary, "code": e.Code}
	for k, v := range detail {
		d[k] = v
	}
	if err := s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "dictionary", EntityID: int64(e.ID), Detail: d}); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		tx.After(s.Forget)
		return s.Board.Publish(ctx, DictionaryChanged{e.Dictionary})
	})
}

// EntryPatch changes what is not nil. Code and dictionary stay.
type EntryPatch struct {
	Version int64
	ZH      *string
	EN      *string
	Parent  *string
	Active  *bool
}

// UpdateEntry renames, moves, retires or restores a word; records that hold its code show the new name and keep the code. Errors: not_found;
// invalid; conflict with the current entry as data when the version is stale, or when the entry was merged.
func (s *Service) UpdateEntry(ctx context.Context, id EntryID, p EntryPatch) (Entry, error) {
	var e Entry
	if err := access.Need(ctx, PermDictionary); err != nil {
		return e, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if e, err = findEntry(ctx, tx, id); err != nil {
			return err
		}
		if e.Version != p.Version {
			return db.Stale(e)
		}
		if e.MergedInto != "" {
			return fault.New(fault.Conflict, "setting.entry.merged")
		}
		was := e
		for from, to := range map[*string]*string{p.ZH: &e.ZH, p.EN: &e.EN, p.Parent: &e.Parent} {
			if from != nil {
				*to = *from
			}
		}
		if p.Active != nil {
			e.Active = *p.Active
		}
		all, err := listEntries(ctx, tx, e.Dictionary)
		if err != nil {
			return err
		}
		if err := e.check(all); err != nil {
			return err
		}
		e.Version, e.UpdatedAt = e.Version+1, tx.Now
		if err := updateEntry(ctx, tx, e); err != nil {
			return err
		}
		return s.tellEntry(ctx, "setting.dictionary.update", e, map[string]any{"from": was.ZH, "to": e.ZH, "active": e.Active, "parent": e.Parent})
	})
	return e, err
}

// ArrangeEntries puts the words of a dictionary into the order of their codes.
func (s *Service) ArrangeEntries(ctx context.Context, dictionary string, codes []string) error {
	if err := access.Need(ctx, PermDictionary); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for i, c := range codes {
			if err := placeEntry(ctx, tx, dictionary, c, int64(i+1)*10); err != nil {
				return err
			}
		}
		return s.tellEntry(ctx, "setting.dictionary.arrange", Entry{Dictionary: dictionary}, nil)
	})
}

// Shipped is a word that a new hospital finds in a dictionary.
type Shipped struct{ Dictionary, Code, Parent, ZH, EN string }

// EnsureEntries adds the shipped words to the dictionaries that are empty; it never changes one that a hospital has edited.
func (s *Service) EnsureEntries(ctx context.Context) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		filled, err := filledDictionaries(ctx, tx)
		if err != nil {
			return err
		}
		for i, w := range shippedEntries() {
			if slices.Contains(filled, w.Dictionary) {
				continue
			}
			e := Entry{ID: db.New[entryKind](s.DB), Dictionary: w.Dictionary, Code: w.Code, ZH: w.ZH, EN: w.EN, Pinyin: readings(w.ZH), Parent: w.Parent, Position: int64(i+1) * 10,
				Active: true, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
			if err := insertEntry(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
