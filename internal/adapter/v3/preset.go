package v3

import (
	"embed"
	"encoding/json"
	"strings"
	"sync"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

//go:embed preset/*.json
var presetFiles embed.FS

// preset is a mapping as shipped: which interaction means what, and where each field stands. A feed's own paths are tried
// before the preset's.
type preset struct {
	Name         string              `json:"name"`
	Systems      map[string]string   `json:"systems"`
	Interactions []interaction       `json:"interactions"`
	Fields       map[string]string   `json:"fields"`
	Words        map[string][]string `json:"words"`
}

type interaction struct {
	Names  []string     `json:"names"` // beginnings of interaction ids, service codes and names
	Event  intake.Event `json:"event"`
	Reason string       `json:"reason"`
	Class  string       `json:"class"` // of a visit whose message does not say
}

// mapping is a preset with its paths compiled.
type mapping struct {
	preset
	paths map[string]path
}

var shipped = sync.OnceValue(func() mapping {
	b, err := presetFiles.ReadFile("preset/ws846.json")
	if err != nil {
		panic(err)
	}
	m := mapping{paths: map[string]path{}}
	if err := json.Unmarshal(b, &m.preset); err != nil {
		panic(err)
	}
	for field, s := range m.Fields {
		p, err := compile(s)
		if err != nil {
			panic("v3: preset " + field)
		}
		m.paths[field] = p
	}
	return m
})

// mapped is the shipped mapping with a feed's own paths before it.
func mapped(o intake.ReadOptions) (mapping, error) {
	m := shipped()
	if len(o.Paths) == 0 {
		return m, nil
	}
	own := make(map[string]path, len(m.paths))
	for field, p := range m.paths {
		own[field] = p
	}
	for field, s := range o.Paths {
		before, err := compile(s)
		if _, known := m.paths[field]; !known || err != nil {
			return m, fault.New(fault.Invalid, "intake.hook.bad_path").With("paths", "intake.hook.bad_path")
		}
		own[field] = path{append(before.alternatives, m.paths[field].alternatives...)}
	}
	m.paths = own
	return m, nil
}

// Check implements intake.Checker.
func (rd Reader) Check(o intake.ReadOptions) error {
	for system, target := range o.Systems {
		if kind, _, _ := strings.Cut(target, "@"); system == "" || !kinds[kind] {
			return fault.New(fault.Invalid, "intake.hook.bad_system").With("systems", "intake.hook.bad_system")
		}
	}
	_, err := mapped(o)
	return err
}

// kinds are what a mapping of identifier systems may name.
var kinds = map[string]bool{"id_card": true, "card": true, "outpatient": true, "inpatient": true, "passport": true, "permit": true,
	"health_card": true, "checkup": true, "other": true}

// interaction finds what a message means by what it calls itself: its interaction id, its root, or the service that was called.
func (m mapping) interaction(names ...string) (interaction, bool) {
	for _, name := range names {
		name = strings.ToUpper(strings.TrimSpace(name))
		for _, x := range m.Interactions {
			for _, n := range x.Names {
				if name != "" && strings.HasPrefix(name, strings.ToUpper(n)) {
					return x, true
				}
			}
		}
	}
	return interaction{}, false
}

// word tells whether a value is one of a meaning: equal for codes, containing for words.
func (m mapping) word(meaning, value string) bool {
	v := strings.ToLower(strings.TrimSpace(value))
	for _, w := range m.Words[meaning] {
		w = strings.ToLower(w)
		if v != "" && (v == w || strings.TrimLeft(v, "0") == w || len(w) > 1 && strings.Contains(v, w)) {
			return true
		}
	}
	return false
}
