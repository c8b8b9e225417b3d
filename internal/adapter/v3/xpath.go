package v3

import (
	"errors"
	"strconv"
	"strings"
)

// ErrPath means an XPath that is outside the subset.
var ErrPath = errors.New("v3: XPath cannot be read")

// Bounds of a path.
const (
	maxPath  = 600
	maxSteps = 24
)

// path is a compiled expression of the subset of XPath 1.0 that mappings need: /a/b, //a, .//a, *, @attribute or text() at the
// end, predicates [2], [@a], [@a='x'] and [@a!='x'], and alternatives separated by |. A value is that of the first alternative
// which gives one; a list is what all of them select.
type path struct{ alternatives []alternative }

type alternative struct {
	absolute bool
	steps    []step
	attr     string // value of this attribute; else the element's text
}

type step struct {
	deep       bool // any depth below
	name       string
	predicates []predicate
}

type predicate struct {
	position int // from 1; else an attribute is asked
	attr     string
	value    string
	compare  byte // 0 exists, '=' equals, '!' differs
}

// compile reads an expression.
func compile(s string) (path, error) {
	var p path
	if len(s) > maxPath {
		return p, ErrPath
	}
	for _, part := range split(s, '|') {
		a, err := compileOne(strings.TrimSpace(part))
		if err != nil {
			return p, err
		}
		p.alternatives = append(p.alternatives, a)
	}
	return p, nil
}

// split cuts at sep outside brackets and quotes.
func split(s string, sep byte) []string {
	var out []string
	depth, from, quote := 0, 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == sep && depth == 0:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

func compileOne(s string) (a alternative, err error) {
	switch {
	case s == "":
		return a, ErrPath
	case strings.HasPrefix(s, ".//"):
		s = s[1:]
	case strings.HasPrefix(s, "./"):
		s = s[2:]
	case strings.HasPrefix(s, "//"):
		a.absolute = true
	case strings.HasPrefix(s, "/"):
		a.absolute, s = true, s[1:]
	}
	parts := split(s, '/')
	for i := 0; i < len(parts); i++ {
		deep := false
		if parts[i] == "" { // the empty part between two slashes; at the beginning there are two of them
			deep = true
			if i == 0 && len(parts) > 1 && parts[1] == "" {
				i++
			}
			if i++; i >= len(parts) {
				return a, ErrPath
			}
		}
		last := i == len(parts)-1
		part := strings.TrimSpace(parts[i])
		switch {
		case last && strings.HasPrefix(part, "@") && identifier(part[1:]) && !deep:
			a.attr = part[1:]
		case last && part == "text()" && !deep:
		case part == "." && !deep && len(parts) == 1:
		default:
			st, err := compileStep(part)
			if err != nil || len(a.steps) == maxSteps {
				return a, ErrPath
			}
			st.deep = deep
			a.steps = append(a.steps, st)
		}
	}
	return a, nil
}

func compileStep(s string) (st step, err error) {
	name, rest, bracketed := strings.Cut(s, "[")
	if st.name = strings.TrimSpace(name); st.name != "*" && !identifier(st.name) {
		return st, ErrPath
	}
	if i := strings.LastIndexByte(st.name, ':'); i >= 0 { // a prefix says nothing to us
		st.name = st.name[i+1:]
	}
	for bracketed {
		end := closing(rest)
		if end < 0 {
			return st, ErrPath
		}
		p, err := compilePredicate(rest[:end])
		if err != nil {
			return st, err
		}
		st.predicates = append(st.predicates, p)
		rest = strings.TrimSpace(rest[end+1:])
		if bracketed = strings.HasPrefix(rest, "["); bracketed {
			rest = rest[1:]
		} else if rest != "" {
			return st, ErrPath
		}
	}
	return st, nil
}

// closing finds the bracket that ends a predicate, outside quotes.
func closing(s string) int {
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ']':
			return i
		}
	}
	return -1
}

func compilePredicate(s string) (p predicate, err error) {
	s = strings.TrimSpace(s)
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return predicate{position: n}, nil
	}
	if !strings.HasPrefix(s, "@") {
		return p, ErrPath
	}
	name, value, equals := strings.Cut(s[1:], "=")
	name = strings.TrimSpace(name)
	if equals {
		p.compare = '='
		if strings.HasSuffix(name, "!") {
			p.compare, name = '!', strings.TrimSpace(strings.TrimSuffix(name, "!"))
		}
		value = strings.TrimSpace(value)
		if len(value) < 2 || value[0] != value[len(value)-1] || value[0] != '\'' && value[0] != '"' || strings.IndexByte(value[1:len(value)-1], value[0]) >= 0 {
			return p, ErrPath
		}
		p.value = value[1 : len(value)-1]
	}
	if p.attr = name; !identifier(name) {
		return p, ErrPath
	}
	return p, nil
}

func identifier(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':')) {
			return false
		}
	}
	return s != ""
}

// nodes gives the elements that every alternative selects, each once, in order.
func (p path) nodes(root, at *element) []*element {
	var out []*element
	seen := map[*element]bool{}
	for _, a := range p.alternatives {
		for _, e := range a.nodes(root, at) {
			if !seen[e] {
				seen[e] = true
				out = append(out, e)
			}
		}
	}
	return out
}

// one gives the first element that any alternative selects.
func (p path) one(root, at *element) *element {
	for _, a := range p.alternatives {
		if l := a.nodes(root, at); len(l) > 0 {
			return l[0]
		}
	}
	return nil
}

// value gives the first value that is not empty.
func (p path) value(root, at *element) string {
	for _, a := range p.alternatives {
		for _, v := range a.values(root, at) {
			return v
		}
	}
	return ""
}

// values gives the values of the first alternative that has any.
func (p path) values(root, at *element) []string {
	for _, a := range p.alternatives {
		if l := a.values(root, at); len(l) > 0 {
			return l
		}
	}
	return nil
}

func (a alternative) values(root, at *element) (out []string) {
	for _, e := range a.nodes(root, at) {
		v := strings.TrimSpace(e.text)
		if a.attr != "" {
			v, _ = e.attr(a.attr)
		}
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

func (a alternative) nodes(root, at *element) []*element {
	set := []*element{at}
	if a.absolute {
		set = []*element{root}
	}
	for _, s := range a.steps {
		var next []*element
		seen := map[*element]bool{}
		for _, e := range set {
			for _, x := range s.from(e) {
				if !seen[x] {
					seen[x] = true
					next = append(next, x)
				}
			}
		}
		set = next
	}
	return set
}

// from selects below one element; a position counts within it.
func (s step) from(e *element) []*element {
	var found []*element
	if s.deep {
		descend(e, s.name, &found)
	} else {
		for _, c := range e.children {
			if s.name == "*" || c.name == s.name {
				found = append(found, c)
			}
		}
	}
	for _, p := range s.predicates {
		var kept []*element
		for i, c := range found {
			if p.holds(c, i+1) {
				kept = append(kept, c)
			}
		}
		found = kept
	}
	return found
}

func descend(e *element, name string, out *[]*element) {
	for _, c := range e.children {
		if name == "*" || c.name == name {
			*out = append(*out, c)
		}
		descend(c, name, out)
	}
}

func (p predicate) holds(e *element, position int) bool {
	if p.attr == "" {
		return position == p.position
	}
	v, ok := e.attr(p.attr)
	switch p.compare {
	case '=':
		return ok && v == p.value
	case '!':
		return v != p.value
	}
	return ok
}
