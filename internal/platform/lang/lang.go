// Package lang holds every text a person reads that the server writes, in Chinese and English, by key.
package lang

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"renxin/internal/platform/fault"
)

//go:embed text/*.json
var files embed.FS

// Locale is a language the product speaks.
type Locale string

// The languages. Chinese is the first and the fallback.
const (
	ZH Locale = "zh-CN"
	EN Locale = "en"
)

type entry struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

var catalogue = load()

func load() map[string]entry {
	out := map[string]entry{}
	names, err := files.ReadDir("text")
	if err != nil {
		panic(err)
	}
	for _, n := range names {
		b, err := files.ReadFile("text/" + n.Name())
		if err != nil {
			panic(err)
		}
		part := map[string]entry{}
		if err := json.Unmarshal(b, &part); err != nil {
			panic(fmt.Sprintf("lang: text/%s: %v", n.Name(), err))
		}
		for k, e := range part {
			if _, twice := out[k]; twice {
				panic("lang: key written twice: " + k)
			}
			out[k] = e
		}
	}
	return out
}

// Parse picks the language of an Accept-Language header or of a stored preference; Chinese unless English comes first.
func Parse(s string) Locale {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(s)), "en") {
		return EN
	}
	return ZH
}

// Text is the text of key in l with {name} replaced by args. An unknown key is returned as it is, which a test finds.
func Text(l Locale, key string, args map[string]any) string {
	e, ok := catalogue[key]
	if !ok {
		return key
	}
	s := e.ZH
	if l == EN {
		s = e.EN
	}
	for k, v := range args {
		s = strings.ReplaceAll(s, "{"+k+"}", fmt.Sprint(v))
	}
	return s
}

// Has reports whether key has a text in both languages.
func Has(key string) bool {
	e, ok := catalogue[key]
	return ok && e.ZH != "" && e.EN != ""
}

// Fault writes err for a person: title and detail. Errors that are not faults say only that we failed.
func Fault(l Locale, err error) (title, detail string) {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		e = &fault.Error{Code: fault.Internal, Key: "fault.internal"}
	}
	args := e.Args
	if p, ok := args["permission"].(string); ok && Has("permission."+p) { // people know what a permission allows, not its key
		args = maps.Clone(args)
		args["permission"] = Text(l, "permission."+p, nil)
	}
	return Text(l, "fault.code."+string(e.Code), nil), Text(l, e.Key, args)
}

type ctxKey struct{}

// With puts the reader's language into ctx.
func With(ctx context.Context, l Locale) context.Context { return context.WithValue(ctx, ctxKey{}, l) }

// From is the reader's language; Chinese when nobody said.
func From(ctx context.Context) Locale {
	if l, ok := ctx.Value(ctxKey{}).(Locale); ok {
		return l
	}
	return ZH
}
