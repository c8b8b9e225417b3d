package desk

import (
	"context"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

// HookRow is a system that pushes to us, with how what it sends is read.
type HookRow struct {
	ID        intake.HookID     `json:"id"`
	FeedID    intake.FeedID     `json:"feed_id"`
	Name      string            `json:"name"`
	Format    string            `json:"format"` // fhir or v3
	Path      string            `json:"path"`   // below the address of this server
	Active    bool              `json:"active"` // it has a token
	Allow     string            `json:"allow"`
	Issuer    string            `json:"issuer"`
	Systems   map[string]string `json:"systems"`
	Paths     map[string]string `json:"paths"`
	CreatedAt clock.Instant     `json:"created_at"`
	RotatedAt clock.Instant     `json:"rotated_at"`
	SeenAt    clock.Instant     `json:"seen_at"`
	Version   int64             `json:"version"`
}

// HookToken is a sender with its new token, which is shown this once.
type HookToken struct {
	HookRow
	Token string `json:"token"`
}

// HookInput is what an administrator says of a sender.
type HookInput struct {
	Name    string            `json:"name"`
	Format  string            `json:"format"`
	Allow   string            `json:"allow"`
	Issuer  string            `json:"issuer"`
	Systems map[string]string `json:"systems"`
	Paths   map[string]string `json:"paths"`
	Version int64             `json:"version"`
}

func (in HookInput) room() intake.HookInput {
	return intake.HookInput{Name: in.Name, Format: in.Format, Allow: in.Allow, Issuer: in.Issuer, Systems: in.Systems, Paths: in.Paths, Version: in.Version}
}

func hookRow(h intake.Hook) HookRow {
	row := HookRow{ID: h.ID, FeedID: h.FeedID, Name: h.Name, Format: h.Format, Path: "/hook/" + h.Format, Active: h.TokenHash != "", Allow: h.Allow,
		Issuer: h.Options.Issuer, Systems: h.Options.Systems, Paths: h.Options.Paths, CreatedAt: h.CreatedAt, RotatedAt: h.RotatedAt, SeenAt: h.SeenAt, Version: h.Version}
	if row.Systems == nil {
		row.Systems = map[string]string{}
	}
	if row.Paths == nil {
		row.Paths = map[string]string{}
	}
	return row
}

// HookRoutes are the paths by which an administrator admits systems that push.
func HookRoutes(s *intake.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/intake/hooks", Permission: intake.PermFeeds, Text: "Systems that push to us over HTTP"}, func(ctx context.Context, in *struct{}) (items[HookRow], error) {
			hooks, err := s.Hooks(ctx)
			out := make([]HookRow, 0, len(hooks))
			for _, h := range hooks {
				out = append(out, hookRow(h))
			}
			return listed(out, err)
		})
		add(d, Route{Method: "POST", Path: "/api/v1/intake/hooks", Permission: setting.PermUpdate, Secret: true, Text: "Admit a system; the answer holds its token, once"}, func(ctx context.Context, in *struct{ Body HookInput }) (HookToken, error) {
			h, token, err := s.CreateHook(ctx, in.Body.room())
			return HookToken{hookRow(h), token}, err
		})
		add(d, Route{Method: "PATCH", Path: "/api/v1/intake/hooks/{id}", Permission: setting.PermUpdate, Text: "Change from where a system may call and how what it sends is read"}, func(ctx context.Context, in *struct {
			ID   intake.HookID `path:"id"`
			Body HookInput
		}) (HookRow, error) {
			h, err := s.UpdateHook(ctx, in.ID, in.Body.room())
			return hookRow(h), err
		})
		add(d, Route{Method: "POST", Path: "/api/v1/intake/hooks/{id}/rotate", Permission: setting.PermUpdate, Secret: true, Text: "Make a new token; the old one ends at once"}, func(ctx context.Context, in *struct {
			ID intake.HookID `path:"id"`
		}) (HookToken, error) {
			h, token, err := s.RotateHook(ctx, in.ID)
			return HookToken{hookRow(h), token}, err
		})
		add(d, Route{Method: "POST", Path: "/api/v1/intake/hooks/{id}/revoke", Permission: setting.PermUpdate, Text: "End a system's token"}, func(ctx context.Context, in *struct {
			ID intake.HookID `path:"id"`
		}) (HookRow, error) {
			h, err := s.RevokeHook(ctx, in.ID)
			return hookRow(h), err
		})
	}
}
