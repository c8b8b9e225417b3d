package desk

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
)

// RelationPath names a relation of a patient.
type RelationPath struct {
	ID         patient.ID         `path:"id"`
	RelationID patient.RelationID `path:"relation_id"`
}

// CallReach is where a call about a patient goes, masked.
type CallReach struct {
	Value      string        `json:"value"`
	Relation   string        `json:"relation"` // "" = the patient's own number
	RelativeID patient.ID    `json:"relative_id"`
	Name       string        `json:"name"`
	VerifiedAt clock.Instant `json:"verified_at"`
}

func callReach(r patient.Reach) CallReach {
	return CallReach{r.Contact.Value, r.Relation, r.RelativeID, r.Name, r.Contact.VerifiedAt}
}

// RelationRoutes are the paths of relatives and households, of how fresh numbers are, and of patients by region.
func RelationRoutes(s *patient.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/relations", Permission: patient.PermRead, Text: "Who belongs to a patient"},
			func(ctx context.Context, in *PatientPath) (items[patient.Relative], error) {
				return listed(s.Relatives(ctx, in.ID))
			})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/household", Permission: patient.PermRead, Text: "Who lives with a patient"},
			func(ctx context.Context, in *PatientPath) (items[patient.Member], error) {
				return listed(s.Household(ctx, in.ID))
			})
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/relations", Permission: patient.PermUpdate, Text: "Record who somebody is to a patient, from both sides"},
			func(ctx context.Context, in *struct {
				PatientPath
				Body patient.RelationInput
			}) (struct {
				ID patient.RelationID `json:"id"`
			}, error) {
				id, err := s.Relate(ctx, in.ID, in.Body)
				return struct {
					ID patient.RelationID `json:"id"`
				}{id}, err
			})
		add(d, Route{Method: "PUT", Path: "/api/v1/patients/{id}/relations/{relation_id}", Permission: patient.PermUpdate, Text: "Change a relation"},
			func(ctx context.Context, in *struct {
				RelationPath
				Body patient.RelationInput
			}) (None, error) {
				return None{}, s.UpdateRelation(ctx, in.ID, in.RelationID, in.Body)
			})
		add(d, Route{Method: "DELETE", Path: "/api/v1/patients/{id}/relations/{relation_id}", Permission: patient.PermUpdate, Text: "Take a relation away from both sides"},
			func(ctx context.Context, in *RelationPath) (None, error) {
				return None{}, s.Unrelate(ctx, in.ID, in.RelationID)
			})
		freshRoutes(d, s)
	}
}

func freshRoutes(d *Door, s *patient.Service) {
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/reach/confirm", Permission: patient.PermUpdate, Text: "The number that a call about a patient went to is right"},
		func(ctx context.Context, in *PatientPath) (CallReach, error) {
			r, err := s.ConfirmReach(ctx, in.ID)
			return callReach(r), err
		})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/reach/unconfirm", Permission: patient.PermUpdate, Text: "Take a confirmation back"},
		func(ctx context.Context, in *struct {
			PatientPath
			Body struct {
				VerifiedAt clock.Instant `json:"verified_at"`
			}
		}) (CallReach, error) {
			r, err := s.UnconfirmReach(ctx, in.ID, in.Body.VerifiedAt)
			return callReach(r), err
		})
	add(d, Route{Method: "GET", Path: "/api/v1/patients/freshness", Permission: patient.PermRead, Text: "How many telephone numbers somebody verified within a year"},
		func(ctx context.Context, _ *struct{}) (patient.Freshness, error) { return s.Freshness(ctx) })
	add(d, Route{Method: "GET", Path: "/api/v1/patients/regions", Permission: patient.PermRead, Text: "Patients by region, one level at a time"},
		func(ctx context.Context, in *struct {
			Code string `query:"code"`
		}) (patient.RegionTotal, error) {
			return s.ByRegion(ctx, in.Code)
		})
}
