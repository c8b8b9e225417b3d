package desk

import (
	"context"

	"renxin/internal/view"
)

// ViewInput is a view to save, or the changes to one.
type ViewInput struct {
	Page   string  `json:"page"`
	Name   *string `json:"name"`
	Query  *string `json:"query"`
	Layout *string `json:"layout"`
	Shared *bool   `json:"shared"`
	Rank   *int    `json:"rank"`
}

// ViewRoutes are the paths of saved views.
func ViewRoutes(s *view.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/views", Own: true, Text: "Saved views of a page: one's own and the shared"}, func(ctx context.Context, in *struct {
			Page string `query:"page"`
		}) (items[view.View], error) {
			return listed(s.List(ctx, in.Page))
		})
		add(d, Route{Method: "POST", Path: "/api/v1/views", Own: true, Text: "Save a view"}, func(ctx context.Context, in *struct{ Body ViewInput }) (view.View, error) {
			b, v := in.Body, view.View{Page: in.Body.Page}
			v.Apply(view.Patch{Name: b.Name, Query: b.Query, Layout: b.Layout, Shared: b.Shared, Rank: b.Rank})
			return s.Create(ctx, v)
		})
		add(d, Route{Method: "PATCH", Path: "/api/v1/views/{id}", Own: true, Text: "Rename, share or reorder one's view"}, func(ctx context.Context, in *struct {
			ID   view.ID `path:"id"`
			Body ViewInput
		}) (None, error) {
			b := in.Body
			return None{}, s.Update(ctx, in.ID, view.Patch{Name: b.Name, Query: b.Query, Layout: b.Layout, Shared: b.Shared, Rank: b.Rank})
		})
		add(d, Route{Method: "DELETE", Path: "/api/v1/views/{id}", Own: true, Text: "Remove one's view"}, func(ctx context.Context, in *struct {
			ID view.ID `path:"id"`
		}) (None, error) {
			return None{}, s.Delete(ctx, in.ID)
		})
		trayRoutes(d, s)
	}
}
