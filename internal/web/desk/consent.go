package desk

import (
	"context"

	"renxin/internal/consent"
	"renxin/internal/patient"
)

// ConsentInput is what a patient granted or denied.
type ConsentInput struct {
	Channel  string   `json:"channel"` // any, or one channel
	Purposes []string `json:"purposes"`
	Decision string   `json:"decision"` // granted or denied
	Proof    string   `json:"proof"`    // how we know
}

// consentRoutes are the paths of what patients allow and refuse.
func (r messageDoor) consentRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/consents", Permission: consent.PermList, Text: "What a patient granted and denied, latest first"}, func(ctx context.Context, in *struct {
		ID patient.ID `path:"id"`
	}) (items[consent.Record], error) {
		return listed(r.Consent.List(ctx, in.ID))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/consents", Permission: consent.PermUpdate, Text: "Record what a patient granted or denied"}, func(ctx context.Context, in *struct {
		ID   patient.ID `path:"id"`
		Body ConsentInput
	}) (items[consent.Record], error) {
		b := in.Body
		if err := r.Consent.Decide(ctx, in.ID, b.Channel, b.Purposes, b.Decision, "desk", b.Proof); err != nil {
			return items[consent.Record]{}, err
		}
		return listed(r.Consent.List(ctx, in.ID))
	})
}
