package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"renxin/internal/adapter/fhir"
	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// postFHIR takes a resource, a Bundle or NDJSON. A transaction is taken whole or not at all; everything else record by record.
func (d *Door) postFHIR(w http.ResponseWriter, req *http.Request, c call) {
	ctx, route := req.Context(), Route{Format: intake.HookFHIR}
	if head := bytes.TrimSpace(c.body); len(head) > 0 && head[0] == '<' {
		d.refuse(w, req, route, fault.New(fault.Invalid, "intake.hook.json_only"))
		return
	}
	b, err := fhir.Read(c.body, d.Intake.OptionsOf(ctx, c.hook))
	if err == nil {
		err = fits(b, req.PathValue("type"), req.PathValue("id"))
	}
	if err != nil {
		d.refuse(w, req, route, err)
		return
	}
	out, err := d.Intake.Push(ctx, intake.Push{Hook: c.hook, Address: c.address, Charset: "UTF-8", Records: b.Records, Whole: b.Type == "transaction"})
	if err != nil {
		d.refuse(w, req, route, err)
		return
	}
	d.answerFHIR(ctx, w, b, out)
}

// fits compares the address of a create or update with its content (3.1.0.4, 3.1.0.8).
func fits(b fhir.Bundle, kind, id string) error {
	if kind == "" {
		return nil
	}
	if b.Type != "" || len(b.Entries) != 1 || b.Entries[0].Type != kind || id != "" && b.Entries[0].ID != id {
		return fault.New(fault.Invalid, "intake.hook.wrong_address")
	}
	return nil
}

func (d *Door) answerFHIR(ctx context.Context, w http.ResponseWriter, b fhir.Bundle, out []intake.Outcome) {
	switch {
	case b.Type == "transaction" && slices.ContainsFunc(out, torn):
		var issues []issue
		for i, e := range b.Entries {
			if e.Record >= 0 && torn(out[e.Record]) {
				issues = append(issues, issuesOf(ctx, out[e.Record], "Bundle.entry["+itoa(i)+"]")...)
			}
		}
		answerJSON(w, http.StatusUnprocessableEntity, outcome(issues...))
	case b.Type == "" && len(b.Entries) == 1:
		status, issues := judged(ctx, b.Entries[0], out)
		answerJSON(w, status, outcome(issues...))
	default:
		answerJSON(w, http.StatusOK, response(ctx, b, out))
	}
}

func torn(o intake.Outcome) bool {
	return o.Verdict == intake.Rejected || o.Verdict == intake.Duplicate && o.Was == intake.Rejected
}

type entryAnswer struct {
	Response struct {
		Status   string `json:"status"`
		Location string `json:"location,omitempty"`
		Outcome  any    `json:"outcome,omitempty"`
	} `json:"response"`
}

// response lists what became of every entry, in the order of the request (3.1.0.11.2).
func response(ctx context.Context, b fhir.Bundle, out []intake.Outcome) any {
	kind := "batch-response"
	if b.Type == "transaction" {
		kind = "transaction-response"
	}
	entries := make([]entryAnswer, len(b.Entries))
	for i, e := range b.Entries {
		status, issues := judged(ctx, e, out)
		entries[i].Response.Status = itoa(status) + " " + http.StatusText(status)
		entries[i].Response.Outcome = outcome(issues...)
		if e.ID != "" && status < 300 {
			entries[i].Response.Location = e.Type + "/" + e.ID
		}
	}
	return map[string]any{"resourceType": "Bundle", "type": kind, "entry": entries}
}

// judged turns the outcome of an entry's record into a status: 201 where it brought a person we did not know, 200 where it was
// taken or is of no use to us, 422 where it was rejected.
func judged(ctx context.Context, e fhir.Entry, out []intake.Outcome) (int, []issue) {
	if e.Record < 0 {
		return http.StatusOK, []issue{{severity: "information", code: "not-supported", text: said(ctx, e.Reason), key: e.Reason}}
	}
	o := out[e.Record]
	switch {
	case torn(o):
		return http.StatusUnprocessableEntity, issuesOf(ctx, o, e.Type)
	case o.Verdict == intake.Added:
		return http.StatusCreated, issuesOf(ctx, o, e.Type)
	}
	return http.StatusOK, issuesOf(ctx, o, e.Type)
}

// issue is one line of an OperationOutcome. It holds no value of the resource.
type issue struct {
	severity, code, text, key, where string
}

// issuesOf says what became of a record: why it was rejected, that somebody has to look, what was left out of it.
func issuesOf(ctx context.Context, o intake.Outcome, where string) (out []issue) {
	switch {
	case torn(o):
		out = append(out, issue{"error", "processing", said(ctx, o.Code), o.Code, where})
	case o.Verdict == intake.Review, o.Verdict == intake.Duplicate && o.Was == intake.Review:
		out = append(out, issue{"warning", "informational", said(ctx, orKey(o.Code, "intake.verdict.review")), orKey(o.Code, "intake.verdict.review"), where})
	case o.Verdict == intake.Duplicate:
		out = append(out, issue{"information", "duplicate", said(ctx, "intake.record.duplicate"), "intake.record.duplicate", where})
	default:
		key := orKey(o.Code, "intake.verdict."+string(o.Verdict))
		out = append(out, issue{"information", "informational", said(ctx, key), key, where})
	}
	for _, r := range o.Reasons {
		if r.Code != o.Code && r.Code != "" {
			out = append(out, issue{"warning", "value", said(ctx, r.Code), r.Code, strings.Trim(where+"."+r.Field, ".")})
		}
	}
	return out
}

func orKey(key, fallback string) string {
	if key == "" {
		return fallback
	}
	return key
}

// outcome writes an OperationOutcome (2.12).
func outcome(issues ...issue) any {
	type line struct {
		Severity    string            `json:"severity"`
		Code        string            `json:"code"`
		Details     map[string]string `json:"details,omitempty"`
		Diagnostics string            `json:"diagnostics,omitempty"`
		Expression  []string          `json:"expression,omitempty"`
	}
	lines := make([]line, 0, len(issues)+1)
	for _, i := range issues {
		l := line{Severity: i.severity, Code: i.code, Diagnostics: i.key}
		if i.text != "" {
			l.Details = map[string]string{"text": i.text}
		}
		if i.where != "" {
			l.Expression = []string{i.where}
		}
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		lines = append(lines, line{Severity: "information", Code: "informational"})
	}
	return map[string]any{"resourceType": "OperationOutcome", "issue": lines}
}

func issueCode(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "login"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusRequestEntityTooLarge:
		return "too-long"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return "throttled"
	case http.StatusUnprocessableEntity:
		return "processing"
	}
	return "exception"
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil { // plain structs
		panic(err)
	}
	w.Header().Set("Content-Type", "application/fhir+json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b)
}

// metadata tells what the door takes (5.1). It is the same for everybody.
func (d *Door) metadata(w http.ResponseWriter, req *http.Request, _ call) {
	type resource struct {
		Type        string              `json:"type"`
		Interaction []map[string]string `json:"interaction"`
	}
	var list []resource
	for _, t := range []string{"Appointment", "ChargeItem", "Condition", "DiagnosticReport", "Encounter", "Patient", "Procedure", "RelatedPerson"} {
		list = append(list, resource{t, []map[string]string{{"code": "create"}, {"code": "update"}}})
	}
	answerJSON(w, http.StatusOK, map[string]any{
		"resourceType": "CapabilityStatement", "status": "active", "date": "2026-01-01", "kind": "instance", "fhirVersion": "4.0.1",
		"software": map[string]string{"name": "Renxin"}, "implementation": map[string]string{"description": "Renxin takes what a hospital's systems tell"},
		"format": []string{"application/fhir+json"},
		"rest":   []any{map[string]any{"mode": "server", "resource": list, "interaction": []map[string]string{{"code": "transaction"}, {"code": "batch"}}}},
	})
}
