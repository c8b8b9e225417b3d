package desk

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/visit"
)

// ItemPath names a treatment item of a patient.
type ItemPath struct {
	ID     patient.ID   `path:"id"`
	ItemID visit.ItemID `path:"item_id"`
}

// ItemRoutes are the paths of treatment items and of the treatment summary.
func ItemRoutes(s *visit.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/summary", Permission: visit.PermRead, Text: "A patient's treatment, as much as the reader's role may know"},
			func(ctx context.Context, in *PatientPath) (visit.Summary, error) { return s.Summary(ctx, in.ID) })
		add(d, Route{Method: "POST", Path: "/api/v1/diseases/pick", Permission: visit.PermDiagnose, Text: "Diagnoses by code, name or pinyin"},
			func(ctx context.Context, in *struct {
				Body struct {
					Text  string `json:"text"`
					Limit int    `json:"limit"`
				}
			}) (items[visit.Disease], error) {
				return listed(s.Diseases(ctx, in.Body.Text, in.Body.Limit))
			})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/items", Permission: visit.PermItems, Text: "A patient's treatment items"},
			func(ctx context.Context, in *PatientPath) (items[visit.Item], error) {
				return listed(s.Items(ctx, in.ID))
			})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/items/{item_id}/sessions", Permission: visit.PermItems, Text: "What was used and given back of an item"},
			func(ctx context.Context, in *ItemPath) (items[visit.Session], error) {
				return listed(s.Sessions(ctx, in.ID, in.ItemID))
			})
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/items", Permission: visit.PermEditItems, Text: "Record a treatment item"},
			func(ctx context.Context, in *struct {
				PatientPath
				Body visit.ItemInput
			}) (struct {
				ID visit.ItemID `json:"id"`
			}, error) {
				id, err := s.AddItem(ctx, in.ID, in.Body)
				return struct {
					ID visit.ItemID `json:"id"`
				}{id}, err
			})
		add(d, Route{Method: "PUT", Path: "/api/v1/patients/{id}/items/{item_id}", Permission: visit.PermEditItems, Text: "Change a treatment item"},
			func(ctx context.Context, in *struct {
				ItemPath
				Body visit.ItemInput
			}) (None, error) {
				return None{}, s.UpdateItem(ctx, in.ID, in.ItemID, in.Body)
			})
		sessionRoutes(d, s)
	}
}

func sessionRoutes(d *Door, s *visit.Service) {
	type note struct {
		ItemPath
		Body struct {
			Note string `json:"note"`
		}
	}
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/items/{item_id}/use", Permission: visit.PermEditItems, Text: "One session took place"},
		func(ctx context.Context, in *note) (visit.Item, error) {
			return s.UseSession(ctx, in.ID, in.ItemID, in.Body.Note)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/items/{item_id}/return", Permission: visit.PermEditItems, Text: "Give one session back"},
		func(ctx context.Context, in *note) (visit.Item, error) {
			return s.ReturnSession(ctx, in.ID, in.ItemID, in.Body.Note)
		})
}
