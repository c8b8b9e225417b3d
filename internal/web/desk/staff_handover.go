package desk

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// StaffPath names an account.
type StaffPath struct {
	ID staff.ID `path:"id"`
}

// HandoverInput says what somebody leaves for and who receives their work.
type HandoverInput struct {
	Kind      string        `json:"kind"` // leave, absence
	Way       string        `json:"way"`  // person, evenly, department
	Receivers []staff.ID    `json:"receivers"`
	Until     clock.Instant `json:"until"`
}

// HeldRow is how many items of one kind a person holds.
type HeldRow struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	N    int    `json:"n"`
}

// HandoverLook is what a person holds, and the hand-overs there were.
type HandoverLook struct {
	Held  []HeldRow        `json:"held"`
	Total int              `json:"total"`
	Past  []staff.Handover `json:"past"`
}

func (r staffDoor) handoverRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/staff/{id}/handover", Permission: staff.PermUpdate, Text: "What a person holds, and how far a hand-over is"}, r.lookHandover)
	add(d, Route{Method: "POST", Path: "/api/v1/staff/{id}/handover", Permission: staff.PermUpdate, Text: "Hand over everything a person holds; a leaver's account then closes"}, func(ctx context.Context, in *struct {
		StaffPath
		Body HandoverInput
	}) (staff.Handover, error) {
		b := in.Body
		return r.HandOver(ctx, staff.Handover{StaffID: in.ID, Kind: b.Kind, Way: b.Way, Receivers: append([]staff.ID{}, b.Receivers...), Until: b.Until})
	})
	add(d, Route{Method: "POST", Path: "/api/v1/handovers/{id}/return", Permission: staff.PermUpdate, Text: "End an absence early: what is still open comes back"}, func(ctx context.Context, in *struct {
		ID staff.HandoverID `path:"id"`
	}) (None, error) {
		return None{}, r.ReturnHandover(ctx, in.ID)
	})
}

func (r staffDoor) lookHandover(ctx context.Context, in *StaffPath) (HandoverLook, error) {
	p, err := r.PreviewHandover(ctx, in.ID)
	if err != nil {
		return HandoverLook{}, err
	}
	out := HandoverLook{Held: []HeldRow{}, Total: p.Total}
	for _, h := range p.Held {
		out.Held = append(out.Held, HeldRow{h.Key, lang.Text(lang.From(ctx), "staff.holding."+h.Key, nil), h.N})
	}
	past, err := r.Handovers(ctx, in.ID)
	out.Past = append([]staff.Handover{}, past...)
	return out, err
}
