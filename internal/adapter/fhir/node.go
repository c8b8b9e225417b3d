package fhir

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// node is a place in a JSON document. Asking for what is not there, or is of another type than expected, gives the empty
// node: senders differ, and an unknown or odd element must never keep the rest from being read (2.1.0.7).
type node struct{ v any }

// parse reads JSON keeping decimals as they are written (2.24.0.1).
func parse(raw []byte) (node, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return node{v}, err
}

// at walks down elements of objects.
func (n node) at(path ...string) node {
	for _, p := range path {
		m, ok := n.v.(map[string]any)
		if !ok {
			return node{}
		}
		n = node{m[p]}
	}
	return n
}

// either gives the first element that is there: the name of one version, else of another.
func (n node) either(names ...string) node {
	for _, name := range names {
		if x := n.at(name); x.v != nil {
			return x
		}
	}
	return node{}
}

// list gives the members of an array; a single value counts as an array of one, nothing as none.
func (n node) list() []node {
	switch v := n.v.(type) {
	case nil:
		return nil
	case []any:
		out := make([]node, len(v))
		for i := range v {
			out[i] = node{v[i]}
		}
		return out
	}
	return []node{n}
}

// first is the first member, or the value itself.
func (n node) first() node {
	if l := n.list(); len(l) > 0 {
		return l[0]
	}
	return node{}
}

// text gives a string, trimmed, or a number as written.
func (n node) text() string {
	switch v := n.v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}

func (n node) str(path ...string) string { return n.at(path...).text() }

// decimal reads a number exactly. Exponents beyond what money needs are refused, because writing them out would fill memory.
func (n node) decimal() (*big.Rat, bool) {
	s := n.text()
	if s == "" || len(s) > 40 {
		return nil, false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if x, err := strconv.Atoi(s[i+1:]); err != nil || x > 12 || x < -12 {
			return nil, false
		}
	}
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// concept reads a CodeableConcept or Coding: its best code and what it is called. Codings of the wanted systems win.
func (n node) concept(wanted ...string) (code, name string) {
	codings := n.at("coding").list()
	if len(codings) == 0 {
		codings = n.list()
	}
	name = n.str("text")
	best := node{}
	for _, c := range codings {
		if c.str("code") == "" && c.str("display") == "" {
			continue
		}
		if best.v == nil || ofSystem(c, wanted) && !ofSystem(best, wanted) {
			best = c
		}
	}
	code = best.str("code")
	for _, v := range []string{best.str("display"), code} {
		if name == "" {
			name = v
		}
	}
	return code, name
}

func ofSystem(c node, wanted []string) bool {
	system := oid(c.str("system"))
	for _, w := range wanted {
		if strings.HasPrefix(system, w) {
			return true
		}
	}
	return false
}

// codes gives every code of a list of concepts.
func (n node) codes() (out []string) {
	for _, x := range n.list() {
		for _, c := range append(x.at("coding").list(), x) {
			if v := c.str("code"); v != "" {
				out = append(out, v)
			}
		}
		if v := x.text(); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// oid strips the scheme of an OID, so that both writings meet one mapping.
func oid(system string) string { return strings.TrimPrefix(system, "urn:oid:") }

func (n node) int() (int, error) { return strconv.Atoi(n.text()) }
