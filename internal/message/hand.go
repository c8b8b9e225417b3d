package message

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"renxin/internal/consent"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const (
	atOnce      = 64               // Sends under way at once
	sendTimeout = 30 * time.Second // one Send; shorter than any lease
)

// batchSize is how many messages one claim takes: about a quarter of a second's worth, because what a dying process holds
// becomes unknown.
func batchSize(sender Sender) int {
	if sender == nil || sender.Ability().MaxPerSecond == 0 {
		return 128
	}
	return min(max(sender.Ability().MaxPerSecond/4, 8), 128)
}

// handOver takes one batch from the queue to the provider and tells how many rows it looked at. The rows are durable as
// "sending" before the first octet leaves: whatever happens later, nobody sends them a second time.
func (s *Service) handOver(ctx context.Context) (int, error) {
	looked := 0
	var taken []Message
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		taken, looked, err = s.take(ctx, tx)
		return err
	})
	if err != nil || len(taken) == 0 {
		return looked, err
	}
	sender := s.route(taken[0].Channel)
	results := sendMany(context.WithoutCancel(ctx), sender, taken)
	return looked, s.DB.Tx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		return s.record(ctx, tx, sender.Name(), results)
	})
}

// take asks the gate once more and marks what may go as sending.
func (s *Service) take(ctx context.Context, tx *db.Tx) (taken []Message, looked int, err error) {
	sender := s.route("sms")
	due, err := dueMessages(ctx, tx, "sms", batchSize(sender))
	if err != nil || len(due) == 0 {
		return nil, 0, err
	}
	if sender == nil {
		for _, m := range due {
			if err := s.postpone(ctx, tx, m, tx.Now.Add(time.Minute), "no_route"); err != nil {
				return nil, 0, err
			}
		}
		return nil, len(due), nil
	}
	ready, err := s.recheck(ctx, tx, due)
	if err != nil {
		return nil, 0, err
	}
	taken, err = markSending(ctx, tx, ready, sender.Name(), tx.Now.Add(s.Lease))
	return taken, len(due), err
}

// recheck keeps the messages that the gate still lets through; the others are blocked or postponed.
func (s *Service) recheck(ctx context.Context, tx *db.Tx, due []Message) (ready []Message, err error) {
	held := make([]consent.Held, len(due))
	for i, m := range due {
		held[i] = consent.Held{ReservationID: m.ReservationID, Request: consent.Request{PatientID: m.PatientID, Channel: m.Channel,
			Purpose: m.Purpose, Address: m.Address, Topic: m.TemplateCode, Urgent: m.Urgent, Ref: int64(m.ID)}}
	}
	decisions, err := s.Consent.RecheckAll(ctx, held)
	if err != nil {
		return nil, err
	}
	for i, d := range decisions {
		switch {
		case !d.Allowed:
			err = s.block(ctx, tx, due[i], d.Code)
		case d.NotBefore > tx.Now:
			err = s.postpone(ctx, tx, due[i], d.NotBefore, d.Code)
		default:
			ready = append(ready, due[i])
		}
		if err != nil {
			return nil, err
		}
	}
	return ready, nil
}

func (s *Service) block(ctx context.Context, tx *db.Tx, m Message, code string) error {
	done, err := endMessage(ctx, tx, m, StateQueued, StateBlocked, code, "")
	if err != nil || !done {
		return err
	}
	if err := dropQuestion(ctx, tx, m); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Blocked{PatientID: m.PatientID, MessageID: m.ID, Room: m.Room, Ref: m.Ref, Code: code})
}

func (s *Service) postpone(ctx context.Context, tx *db.Tx, m Message, at clock.Instant, reason string) error {
	if err := delayMessage(ctx, tx, m, at, reason); err != nil {
		return err
	}
	return s.wakeAt(ctx, at)
}

// result is what became of one Send.
type result struct {
	Message
	accepted Accepted
	err      error
}

// sendMany hands a batch over, many at once. Every Send ends within sendTimeout.
func sendMany(ctx context.Context, sender Sender, batch []Message) []result {
	results := make([]result, len(batch))
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, m := range batch {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			ctx, cancel := context.WithTimeout(ctx, sendTimeout)
			defer cancel()
			results[i] = sendOne(ctx, sender, m)
		})
	}
	all.Wait()
	return results
}

// sendOne turns a panic of a sender into an unknown outcome: it says nothing about what left.
func sendOne(ctx context.Context, sender Sender, m Message) (r result) {
	r = result{Message: m, err: errors.New("message: the sender broke down")}
	defer func() {
		if p := recover(); p != nil {
			slog.Error("sender broke down", "route", sender.Name(), "error", fmt.Sprint(p))
		}
	}()
	r.accepted, r.err = sender.Send(ctx, m.outgoing())
	return r
}

func (m Message) outgoing() Outgoing {
	o := Outgoing{ID: int64(m.ID), To: m.Address, Text: m.Text, TemplateCode: m.TemplateCode, Signature: m.Signature, Extension: m.Extension}
	if m.Params != "" {
		json.Unmarshal([]byte(m.Params), &o.Params) // written by ourselves; a provider without it refuses
	}
	return o
}

// record writes what became of a batch, and matches receipts that came before it.
func (s *Service) record(ctx context.Context, tx *db.Tx, route string, results []result) error {
	settled := []consent.ReservationID{}
	var parts []part
	for _, r := range results {
		next, reason, code := s.outcome(ctx, tx, r)
		if err := s.apply(ctx, tx, r.Message, next, reason, code); err != nil {
			return err
		}
		if next == StateAccepted || next == StateUnknown {
			settled = append(settled, r.ReservationID)
		}
		for i, id := range r.accepted.ProviderIDs {
			p := part{PatientID: r.PatientID, MessageID: r.ID, Part: int64(i + 1), Route: route, ProviderID: id, ProviderKey: ProviderKey(id)}
			if err := insertPart(ctx, tx, p); err != nil {
				return err
			}
			parts = append(parts, p)
		}
	}
	if err := s.Consent.SettleAll(ctx, settled); err != nil {
		return err
	}
	return s.matchEarly(ctx, tx, route, parts)
}

// outcome reads the error of a Send as its contract says.
func (s *Service) outcome(ctx context.Context, tx *db.Tx, r result) (next State, reason, code string) {
	if r.err == nil {
		return StateAccepted, "", ""
	}
	refused, isRefused := errors.AsType[*Refused](r.err)
	_, unsent := errors.AsType[*NotSent](r.err)
	tooLate := tx.Now.Sub(r.CreatedAt) > time.Duration(s.Setting.Int(ctx, "message.retry.hours", 0))*time.Hour && r.Tries > 3
	switch {
	case isRefused && refused.Permanent:
		return StateFailed, "refused", refused.Code
	case (isRefused || unsent) && tooLate:
		return StateFailed, "gave_up", ""
	case isRefused:
		return StateQueued, "throttled", refused.Code
	case unsent:
		return StateQueued, "no_route", ""
	}
	return StateUnknown, "no_answer", ""
}

func (s *Service) apply(ctx context.Context, tx *db.Tx, m Message, next State, reason, code string) error {
	switch next {
	case StateAccepted:
		return acceptMessage(ctx, tx, m)
	case StateQueued:
		at := tx.Now.Add(min(time.Second<<min(m.Tries, 8), 5*time.Minute))
		if err := requeueMessage(ctx, tx, m, at, reason, code); err != nil {
			return err
		}
		return s.wakeAt(ctx, at)
	}
	done, err := endMessage(ctx, tx, m, StateSending, next, reason, code)
	if err != nil || !done {
		return err
	}
	if next == StateFailed {
		if err := s.Consent.Release(ctx, m.ReservationID); err != nil {
			return err
		}
		if err := dropQuestion(ctx, tx, m); err != nil {
			return err
		}
	}
	m.State, m.Reason = next, reason
	return s.publishSettled(ctx, m)
}
