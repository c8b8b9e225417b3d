package fhir

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// entry is one resource with where it stood.
type entry struct {
	place   int // 1-based, in the text
	url     string
	kind    string // resource type
	id      string
	method  string
	include bool // only there so that others can point to it (3.1.1.5.4)
	raw     json.RawMessage
	said    clock.Instant // time of the bundle around it
	cached  *node
	broken  bool

	record int // 1-based place among the records, 0 for none
	reason string
}

// address is what references call it: "Patient/123", "" without an id.
func (e *entry) address() string {
	if e == nil || e.id == "" {
		return ""
	}
	return e.kind + "/" + e.id
}

func (e *entry) node() node {
	if e.cached == nil {
		n, _ := parse(e.raw) // it was parsed once before
		e.cached = &n
	}
	return *e.cached
}

// document is a text being read.
type document struct {
	options  intake.ReadOptions
	kind     string // Bundle.type
	sender   string
	entries  []*entry
	index    map[string]*entry // by full URL, "Type/id", and "Type|system|value"
	bundled  bool
	groups   []*group
	lists    map[list]*group
	finished []intake.Record
}

// load cuts the text into resources; false when there is none.
func (d *document) load(raw []byte) bool {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	if json.Valid(raw) {
		return d.resource(raw, 1)
	}
	good := false
	for i, line := range bytes.Split(raw, []byte("\n")) { // NDJSON: one resource a line
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case json.Valid(line) && d.resource(line, i+1):
			good = true
		default:
			d.add(&entry{place: i + 1, raw: json.RawMessage(line), broken: true})
		}
	}
	return good
}

type head struct {
	ResourceType string
	ID           any
}

// resource adds one resource or the entries of a bundle.
func (d *document) resource(raw []byte, place int) bool {
	var h head
	if json.Unmarshal(raw, &h) != nil || h.ResourceType == "" {
		return false
	}
	if h.ResourceType == "Bundle" {
		d.bundled = true
		return d.open(raw)
	}
	d.add(&entry{place: place, kind: h.ResourceType, id: node{h.ID}.text(), raw: raw})
	return true
}

func (d *document) open(raw []byte) bool {
	var b struct {
		Type      any
		Timestamp any
		Entry     []json.RawMessage
	}
	if json.Unmarshal(raw, &b) != nil {
		return false
	}
	d.kind = node{b.Type}.text()
	said, _ := instant(node{b.Timestamp}.text(), d.options.Zone)
	for i, part := range b.Entry {
		var e struct {
			FullURL  any
			Resource json.RawMessage
			Request  struct{ Method, URL any }
			Search   struct{ Mode any }
		}
		if json.Unmarshal(part, &e) != nil {
			d.add(&entry{place: i + 1, raw: part, broken: true})
			continue
		}
		var h head
		if len(e.Resource) > 0 {
			_ = json.Unmarshal(e.Resource, &h) // what is no object has no type and is passed over
		}
		d.add(&entry{place: i + 1, url: node{e.FullURL}.text(), kind: h.ResourceType, id: node{h.ID}.text(), raw: e.Resource, said: said,
			method: strings.ToUpper(node{e.Request.Method}.text()), include: node{e.Search.Mode}.text() == "include"})
	}
	return true
}

func (d *document) add(e *entry) {
	d.entries = append(d.entries, e)
	if e.url != "" {
		d.index[e.url] = e
	}
	if a := e.address(); a != "" {
		d.index[a] = e
	}
	if !named[e.kind] || e.broken {
		return
	}
	for _, n := range e.node().at("identifier").list() {
		if v := n.str("value"); v != "" {
			d.index[e.kind+"|"+oid(n.str("system"))+"|"+v] = e
		}
	}
}

// named are the types that references may name by business identifier.
var named = map[string]bool{"Patient": true, "Encounter": true, "Practitioner": true, "PractitionerRole": true, "Organization": true, "Location": true}

// pointer is where a reference leads: to a resource in the text, to one inside the resource, or only to a name.
type pointer struct {
	entry   *entry // in the text
	node    node   // the resource itself, of entry or contained
	address string // "Patient/123" as others would say it; "" where it has none
	number  node   // Reference.identifier
	display string
}

// follow resolves a Reference of type kind (2.3.0.1) that stands in from: contained, urn:uuid, relative, absolute, or by
// identifier alone.
func (d *document) follow(from node, ref node, kinds ...string) pointer {
	if r := ref.at("reference"); r.text() == "" && r.v != nil { // CodeableReference of R5
		ref = r
	}
	p := pointer{display: ref.str("display"), number: ref.at("identifier")}
	s := ref.str("reference")
	switch {
	case strings.HasPrefix(s, "#"):
		for _, c := range from.at("contained").list() {
			if id := c.str("id"); id != "" && (id == s[1:] || id == s) {
				p.node = c
			}
		}
		return p
	case s != "":
		s, _, _ = strings.Cut(s, "/_history/")
		p.address = tail(s)
		p.entry = d.index[s]
		if p.entry == nil {
			p.entry = d.index[p.address]
		}
	default:
		for _, kind := range append(kinds, ref.str("type")) {
			if e := d.index[kind+"|"+oid(p.number.str("system"))+"|"+p.number.str("value")]; e != nil && p.number.v != nil {
				p.entry = e
			}
		}
	}
	if p.entry != nil {
		p.node = p.entry.node()
		if a := p.entry.address(); a != "" {
			p.address = a
		}
	}
	return p
}

// tail gives the last two steps of an address: "http://host/fhir/Patient/123" and "Patient/123" are one.
func tail(s string) string {
	if strings.HasPrefix(s, "urn:") {
		return s
	}
	parts := strings.Split(strings.TrimRight(s, "/"), "/")
	if len(parts) < 2 {
		return s
	}
	return strings.Join(parts[len(parts)-2:], "/")
}

func (d *document) bundle() Bundle {
	b := Bundle{Type: d.kind, Records: d.finished}
	for _, e := range d.entries {
		b.Entries = append(b.Entries, Entry{Type: e.kind, ID: e.id, Method: e.method, Record: e.record - 1, Reason: e.reason})
	}
	return b
}

func place(e *entry) string { return strconv.Itoa(e.place) }
