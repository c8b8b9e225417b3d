package desk

import (
	"context"

	"renxin/internal/field"
	"renxin/internal/patient"
)

// FieldValue is what one custom field of a record holds.
type FieldValue struct {
	FieldID field.ID `json:"field_id"`
	Values  []string `json:"values"`
}

// FieldInput is a custom field to add or to change.
type FieldInput struct {
	Entity     string         `json:"entity"`
	Key        string         `json:"key"`
	LabelZH    string         `json:"label_zh"`
	LabelEN    string         `json:"label_en"`
	Kind       field.Kind     `json:"kind"`
	HelpZH     string         `json:"help_zh"`
	HelpEN     string         `json:"help_en"`
	Section    string         `json:"section"`
	Required   bool           `json:"required"`
	Minimum    string         `json:"minimum"`
	Maximum    string         `json:"maximum"`
	Pattern    string         `json:"pattern"`
	Dictionary string         `json:"dictionary"`
	Options    []field.Option `json:"options"`
	Sees       []string       `json:"sees"`
	Edits      []string       `json:"edits"`
	Active     bool           `json:"active"`
	Version    int64          `json:"version"`
}

func (in FieldInput) definition() field.Definition {
	return field.Definition{Entity: in.Entity, Key: in.Key, LabelZH: in.LabelZH, LabelEN: in.LabelEN, Kind: in.Kind, HelpZH: in.HelpZH, HelpEN: in.HelpEN, Section: in.Section, Required: in.Required,
		Minimum: in.Minimum, Maximum: in.Maximum, Pattern: in.Pattern, Dictionary: in.Dictionary, Options: in.Options, Sees: in.Sees, Edits: in.Edits, Active: in.Active, Version: in.Version}
}

func fieldValues(in []FieldValue) field.Values {
	out := field.Values{}
	for _, v := range in {
		out[v.FieldID] = v.Values
	}
	return out
}

func fieldList(in field.Values) []FieldValue {
	out := []FieldValue{}
	for id, v := range in {
		out = append(out, FieldValue{id, v})
	}
	return out
}

// FieldRoutes are the paths of custom fields and of patients' values.
func FieldRoutes(s *field.Service, p *patient.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/fields", Own: true, Text: "Custom fields of an entity that one's role sees, in the order of the form"}, func(ctx context.Context, in *struct {
			Entity string `query:"entity"`
		}) (items[field.Definition], error) {
			return listed(s.Definitions(ctx, in.Entity))
		})
		add(d, Route{Method: "GET", Path: "/api/v1/fields/all", Permission: field.PermUpdate, Text: "Every custom field of an entity, also inactive ones"}, func(ctx context.Context, in *struct {
			Entity string `query:"entity"`
		}) (items[field.Definition], error) {
			return listed(s.All(ctx, in.Entity))
		})
		add(d, Route{Method: "POST", Path: "/api/v1/fields", Permission: field.PermUpdate, Text: "Add a custom field"}, func(ctx context.Context, in *struct{ Body FieldInput }) (field.Definition, error) {
			return s.Create(ctx, in.Body.definition())
		})
		add(d, Route{Method: "PUT", Path: "/api/v1/fields/{id}", Permission: field.PermUpdate, Text: "Change a custom field; its key and kind stay"}, func(ctx context.Context, in *struct {
			ID   field.ID `path:"id"`
			Body FieldInput
		}) (field.Definition, error) {
			f := in.Body.definition()
			f.ID = in.ID
			return s.Update(ctx, f)
		})
		add(d, Route{Method: "POST", Path: "/api/v1/fields/arrange", Permission: field.PermUpdate, Text: "Put custom fields into order and under headings"}, func(ctx context.Context, in *struct {
			Body struct {
				Entity string        `json:"entity"`
				Places []field.Place `json:"places"`
			}
		}) (None, error) {
			return None{}, s.Arrange(ctx, in.Body.Entity, in.Body.Places)
		})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/fields", Permission: patient.PermRead, Text: "A patient's custom fields that one's role sees"}, func(ctx context.Context, in *PatientPath) (items[FieldValue], error) {
			v, err := p.Fields(ctx, in.ID)
			return listed(fieldList(v), err)
		})
		add(d, Route{Method: "PATCH", Path: "/api/v1/patients/{id}/fields", Permission: patient.PermUpdate, Text: "Change a patient's custom fields; those not named stay"}, func(ctx context.Context, in *struct {
			PatientPath
			Body struct {
				Version int64        `json:"version"`
				Fields  []FieldValue `json:"fields"`
			}
		}) (FieldsDone, error) {
			now, err := p.SetFields(ctx, in.ID, in.Body.Version, fieldValues(in.Body.Fields))
			return FieldsDone{now.Version}, err
		})
	}
}

// FieldsDone is the version of the patient after a change of custom fields.
type FieldsDone struct {
	Version int64 `json:"version"`
}
