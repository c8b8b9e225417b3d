package message

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
)

// Phone is a number that we wrote to, unmasked: only the demo's fictional phones are shown so.
type Phone struct {
	Number   string
	Name     string
	LastText string
	LastAt   clock.Instant
}

// Phones lists numbers that received something, the latest first, whose number or patient's name holds text. It reads every
// message and is for the demo hospital only; nobody but the house itself may call it.
func (s *Service) Phones(ctx context.Context, text string, limit int) ([]Phone, error) {
	if err := access.Need(ctx, "message.phone.read"); err != nil {
		return nil, err
	}
	return listPhones(ctx, s.DB.Read(ctx), text, limit)
}

// Phone gives what stands on one phone, oldest first; for the demo hospital only.
func (s *Service) Phone(ctx context.Context, number string) (Phone, []Line, error) {
	if err := access.Need(ctx, "message.phone.read"); err != nil {
		return Phone{}, nil, err
	}
	tx := s.DB.Read(ctx)
	out, err := phoneOut(ctx, tx, number)
	if err != nil {
		return Phone{}, nil, err
	}
	in, err := phoneIn(ctx, tx, number)
	if err != nil {
		return Phone{}, nil, err
	}
	p := Phone{Number: number}
	if len(out) > 0 {
		names, err := patientNames(ctx, tx, []patient.ID{out[0].PatientID})
		if err != nil {
			return p, nil, err
		}
		for _, n := range names {
			p.Name = n.Name
		}
	}
	lines := []Line{}
	for _, m := range out {
		lines = append(lines, Line{ID: m.ID.String(), Direction: "out", Text: m.Text, At: m.SendingAt, State: string(m.State)})
	}
	for _, r := range in {
		lines = append(lines, Line{ID: r.ID.String(), Direction: "in", Text: r.Text, At: r.ReceivedAt, State: string(r.State)})
	}
	sortLines(lines)
	return p, lines, nil
}

// LastExtension is the extension of the latest message to a number, "" when there is none; for the demo hospital only.
func (s *Service) LastExtension(ctx context.Context, number string) (string, error) {
	if err := access.Need(ctx, "message.phone.read"); err != nil {
		return "", err
	}
	list, err := phoneOut(ctx, s.DB.Read(ctx), number)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].Extension, nil
}
