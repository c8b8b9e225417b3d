package fhir

import (
	"bytes"
	"encoding/json"
	"strings"
)

// strip gives a resource's text; bare leaves out what a result says: values of observations, narratives and attached forms.
// Conclusion and flags stay.
func strip(e *entry, bare bool) []byte {
	if !bare || e.kind != "Observation" && e.kind != "DiagnosticReport" {
		return e.raw
	}
	n, err := parse(e.raw)
	if err != nil || !silence(n.v) {
		return e.raw
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(n.v) != nil {
		return e.raw
	}
	return bytes.TrimSpace(out.Bytes())
}

// silence removes the text of results from a resource and those it contains, and tells whether there was any.
func silence(v any) (changed bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for k := range m {
		if k == "text" || k == "presentedForm" || k == "component" || k == "note" || strings.HasPrefix(k, "value") || strings.HasPrefix(k, "_value") {
			delete(m, k)
			changed = true
		}
	}
	for _, c := range (node{m["contained"]}).list() {
		changed = silence(c.v) || changed
	}
	return changed
}

// bare is what of an ignored text may be kept where results may not; nil where there is nothing to leave out.
func (d *document) bare(e *entry, raw []byte) []byte {
	if d.bundled {
		return nil
	}
	if kept := strip(e, true); !bytes.Equal(kept, raw) {
		return kept
	}
	return nil
}
