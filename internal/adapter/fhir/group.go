package fhir

import (
	"encoding/json"
	"slices"
	"strings"

	"renxin/internal/intake"
)

// group is what becomes one record: a visit with what happened in it, an appointment, a report, or a person.
type group struct {
	event   string // resource type that gives the record its sense
	patient pointer
	visit   pointer
	lead    *entry   // first of the entries it is about
	about   []*entry // in the order of the text
	aids    []*entry // pointed to: persons, places, doctors, observations
}

func (g *group) need(p pointer) pointer {
	if p.entry != nil && !slices.Contains(g.about, p.entry) && !slices.Contains(g.aids, p.entry) {
		g.aids = append(g.aids, p.entry)
	}
	return p
}

// gather sorts the resources into groups and turns each into a record.
func (d *document) gather() {
	d.lists = map[list]*group{}
	visits := map[*entry]*group{}
	for _, e := range d.entries {
		if e.kind == "Encounter" && d.usable(e) {
			visits[e] = d.group(e, "Encounter", d.follow(e.node(), e.node().either("subject", "patient"), "Patient"))
		}
	}
	for _, e := range d.entries {
		if e.kind != "Encounter" && d.usable(e) {
			d.assign(e, visits)
		}
	}
	d.persons()
	slices.SortStableFunc(d.groups, func(a, b *group) int { return a.lead.place - b.lead.place })
	for _, g := range d.groups {
		d.finish(g)
	}
	d.leftovers()
}

// usable tells what is looked at; the rest has a reason.
func (d *document) usable(e *entry) bool {
	switch {
	case e.broken, e.include:
		return false
	case e.method == "DELETE":
		e.reason = reasonDelete
		return false
	case e.kind == "MessageHeader":
		d.sender = e.node().str("source", "name")
	}
	return true
}

func (d *document) group(e *entry, event string, patient pointer) *group {
	g := &group{event: event, patient: patient, lead: e, about: []*entry{e}}
	g.need(patient)
	d.groups = append(d.groups, g)
	return g
}

// assign puts a resource into the group of its visit, or into one of its own.
func (d *document) assign(e *entry, visits map[*entry]*group) {
	n := e.node()
	patient := func() pointer { return d.follow(n, n.either("subject", "patient"), "Patient") }
	switch e.kind {
	case "Condition", "Procedure", "ChargeItem":
		v := d.follow(n, n.either("encounter", "context"), "Encounter")
		if g := visits[v.entry]; v.entry != nil && g != nil {
			g.about = append(g.about, e)
			return
		}
		d.join(e, e.kind, patient(), v)
	case "DiagnosticReport":
		d.join(e, e.kind, patient(), pointer{})
	case "Appointment":
		d.group(e, e.kind, d.appointee(n))
	case "RelatedPerson":
		p := patient()
		if p.entry == nil || p.entry.include {
			d.group(e, e.kind, p)
		}
	case "Patient":
		if len(d.links(n)) > 0 {
			d.group(e, "link", pointer{entry: e, node: n, address: e.address()})
		}
	}
}

// list tells apart the groups that hold lines of one kind, person and visit.
type list struct{ event, visit, patient string }

// join adds a resource to the group of the same kind, person and visit, so that a list of lines is one record.
func (d *document) join(e *entry, event string, patient, visit pointer) {
	if event == "Procedure" {
		event = "Condition"
	}
	key := list{event, visit.name(), patient.name()}
	if g := d.lists[key]; g != nil && d.bundled && key.patient != "" {
		g.about = append(g.about, e)
		return
	}
	g := d.group(e, event, patient)
	g.visit = g.need(visit)
	d.lists[key] = g
}

// name is what a pointer is compared by.
func (p pointer) name() string {
	if p.entry != nil {
		return "#" + place(p.entry)
	}
	return p.address
}

// persons makes a record of everybody who stands in no other, and puts the relatives beside the person.
func (d *document) persons() {
	carried, relatives := map[*entry]bool{}, map[*entry][]*entry{}
	for _, g := range d.groups {
		carried[g.patient.entry] = true
	}
	for _, e := range d.entries {
		switch {
		case e.kind == "Patient" && e.reason == "" && !e.include && !carried[e]:
			d.group(e, "Patient", pointer{entry: e, node: e.node(), address: e.address()})
		case e.kind == "RelatedPerson" && !e.broken:
			if p := d.follow(e.node(), e.node().at("patient"), "Patient"); p.entry != nil {
				relatives[p.entry] = append(relatives[p.entry], e)
			}
		}
	}
	for _, g := range d.groups {
		for _, e := range relatives[g.patient.entry] {
			if g.event != "link" && !slices.Contains(g.about, e) {
				g.aids = append(g.aids, e)
			}
		}
	}
}

// finish makes the record and notes on the entries which one carries them.
func (d *document) finish(g *group) {
	r := d.translate(g)
	number := len(d.finished) + 1
	for _, e := range append(slices.Clone(g.about), g.aids...) {
		if e.record == 0 && (slices.Contains(g.about, e) || e.kind == "Patient" || e.kind == "RelatedPerson") {
			e.record = number
		}
	}
	r.Ref, r.Raw = place(g.lead), d.bytes(g, false)
	if kept := d.bytes(g, true); string(kept) != string(r.Raw) {
		r.Kept = kept
	}
	d.finished = append(d.finished, r)
}

// bytes are the group's own text: the resource as it came, or a search result (3.1.1.5.4) of the resources it is about with
// those they point to, which reads again as this one record. bare leaves out the text of results.
func (d *document) bytes(g *group, bare bool) []byte {
	if !d.bundled && len(g.about) == 1 && len(g.aids) == 0 {
		return strip(g.lead, bare)
	}
	type part struct {
		FullURL  string            `json:"fullUrl,omitempty"`
		Resource json.RawMessage   `json:"resource"`
		Search   map[string]string `json:"search"`
	}
	out := struct {
		ResourceType string `json:"resourceType"`
		Type         string `json:"type"`
		Timestamp    string `json:"timestamp,omitempty"`
		Entry        []part `json:"entry"`
	}{ResourceType: "Bundle", Type: "searchset"}
	if g.lead.said != 0 {
		out.Timestamp = g.lead.said.Time().UTC().Format("2006-01-02T15:04:05.000Z")
	}
	for i, e := range append(slices.Clone(g.about), g.aids...) {
		mode := "match"
		if i >= len(g.about) {
			mode = "include"
		}
		out.Entry = append(out.Entry, part{FullURL: e.url, Resource: strip(e, bare), Search: map[string]string{"mode": mode}})
	}
	b, err := json.Marshal(out)
	if err != nil { // raw messages that were valid stay valid
		return g.lead.raw
	}
	return b
}

// leftovers reports broken entries as rejected, and a text of which nothing is taken as ignored.
func (d *document) leftovers() {
	for _, e := range d.entries {
		switch {
		case e.broken:
			d.finished = append(d.finished, intake.Record{Ref: place(e), Type: "FHIR", Event: intake.Ignored, Raw: e.raw,
				Problems: []intake.Problem{{Code: problemJSON, Field: "resource", Fatal: true}}})
			e.record = len(d.finished)
		case e.record == 0 && e.reason == "":
			e.reason = reasonType
		}
	}
	if len(d.finished) > 0 || len(d.entries) == 0 {
		return
	}
	e := d.entries[0]
	raw := []byte(e.raw)
	if d.bundled {
		raw, _ = json.Marshal(map[string]any{"resourceType": "Bundle", "type": d.kind, "entry": []any{}}) // nothing of it is wanted
	}
	d.finished = append(d.finished, intake.Record{Ref: place(e), Type: strings.TrimSpace("FHIR " + e.kind), Event: intake.Ignored, Reason: e.reason, Raw: raw, Kept: d.bare(e, raw)})
	e.record = 1
}
