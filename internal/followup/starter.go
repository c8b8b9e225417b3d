package followup

import (
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
)

//go:embed starter/*.json
var starterFiles embed.FS

// Starter is a template that ships with the product as a draft: a hospital reads it, names its reviewer and a valid-until date, and activates it.
type Starter struct {
	Code       string // file name without suffix: "leep"
	Definition Definition
}

// Starters lists the shipped templates by code.
func Starters() []Starter {
	names, err := fs.Glob(starterFiles, "starter/*.json")
	if err != nil {
		panic("followup: " + err.Error())
	}
	out := make([]Starter, 0, len(names))
	for _, n := range names {
		b, err := starterFiles.ReadFile(n)
		if err != nil {
			panic("followup: " + err.Error())
		}
		var d Definition
		if err := json.Unmarshal(b, &d); err != nil {
			panic("followup: " + n + ": " + err.Error())
		}
		out = append(out, Starter{strings.TrimSuffix(strings.TrimPrefix(n, "starter/"), ".json"), d})
	}
	return out
}
