package message

import (
	"context"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// heard is a receipt with the route it came by.
type heard struct {
	Route string
	Receipt
}

// OnReceipt implements Inlet. Receipts that come together are committed together.
func (s *Service) OnReceipt(_ context.Context, route string, r Receipt) error {
	return s.receipts.do(heard{route, r})
}

func (s *Service) commitReceipts(list []heard) error {
	ctx := access.AsSystem(context.Background(), "message.receipt")
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.hear(ctx, tx, list, true) })
}

// hear applies receipts to the parts they speak of. What matches nothing is kept when keep is set: the receipt may have
// overtaken the provider's own answer.
func (s *Service) hear(ctx context.Context, tx *db.Tx, list []heard, keep bool) error {
	known, err := partsOf(ctx, tx, list)
	if err != nil {
		return err
	}
	touched := map[ID]sentPart{}
	codes := map[ID]string{}
	for _, h := range list {
		p, ok := match(h, known[h.Route])
		if !ok {
			if keep {
				err = keepReceipt(ctx, tx, s.DB.NextID(), h)
			}
		} else if p.takes(h.State) {
			p.State = string(h.State)
			touched[p.MessageID] = *p
			codes[p.MessageID] = h.Code
			err = markPart(ctx, tx, p.part, h)
		}
		if err != nil {
			return err
		}
	}
	return s.fold(ctx, tx, touched, codes)
}

// sentPart is a part with what is known of its message.
type sentPart struct {
	part
	Address string
	Parts   int64
	Message State
	Room    string
	Ref     int64
}

// takes tells that a receipt says something new about the part.
func (p *sentPart) takes(r ReceiptState) bool {
	return p.State == "open" || p.State == string(ReceiptUnknown) && r != ReceiptUnknown
}

// match finds the part that a receipt speaks of. The id as text counts most: first where the number agrees too, then, for
// centres that write other numbers into receipts, where a part still waits. Other forms of the id hit strangers, so with
// them the number must agree.
func match(h heard, parts map[string][]*sentPart) (*sentPart, bool) {
	keys := ProviderKeys(h.ProviderID)
	for _, key := range keys {
		for _, p := range parts[key] {
			if h.Number != "" && sameNumber(h.Number, p.Address) {
				return p, true
			}
		}
	}
	for _, p := range parts[keys[0]] {
		if h.Number == "" || p.takes(h.State) {
			return p, true
		}
	}
	return nil, false
}

// sameNumber compares numbers that may carry a country code.
func sameNumber(a, b string) bool {
	a, b = strings.TrimPrefix(a, "+"), strings.TrimPrefix(b, "+")
	return a != "" && b != "" && (a == b || len(a) > len(b) && strings.HasSuffix(a, b) || len(b) > len(a) && strings.HasSuffix(b, a))
}

// fold decides what the receipts of its parts mean for each message.
func (s *Service) fold(ctx context.Context, tx *db.Tx, touched map[ID]sentPart, codes map[ID]string) error {
	long := []ID{}
	for id, p := range touched {
		if p.Parts > 1 {
			long = append(long, id)
		}
	}
	others, err := partStates(ctx, tx, long)
	if err != nil {
		return err
	}
	for id, p := range touched {
		states := others[id]
		if p.Parts <= 1 {
			states = []ReceiptState{ReceiptState(p.State)}
		}
		outcome, ok := Whole(states, int(p.Parts))
		if !ok {
			continue
		}
		next, ok := p.Message.After(outcome)
		if !ok {
			continue
		}
		m := Message{ID: id, PatientID: p.PatientID, Room: p.Room, Ref: p.Ref, State: next, Reason: codes[id]}
		done, err := endMessage(ctx, tx, m, p.Message, next, "", codes[id])
		if err != nil {
			return err
		}
		if done {
			if err := s.publishSettled(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// matchEarly applies kept receipts to parts that are known only now.
func (s *Service) matchEarly(ctx context.Context, tx *db.Tx, route string, parts []part) error {
	keys := []string{}
	for _, p := range parts {
		keys = append(keys, ProviderKeys(p.ProviderID)...)
	}
	kept, err := keptReceipts(ctx, tx, route, keys)
	if err != nil || len(kept) == 0 {
		return err
	}
	list := make([]heard, len(kept))
	for i, k := range kept {
		list[i] = heard{route, Receipt{ProviderID: k.ProviderID, Number: k.Number, State: ReceiptState(k.State), Code: k.Code, At: k.At}}
	}
	known, err := partsOf(ctx, tx, list)
	if err != nil {
		return err
	}
	matched, ids := []heard{}, []int64{}
	for i, h := range list {
		if _, ok := match(h, known[route]); ok {
			matched, ids = append(matched, h), append(ids, kept[i].ID)
		}
	}
	if err := s.hear(ctx, tx, matched, false); err != nil {
		return err
	}
	return forgetReceipts(ctx, tx, ids)
}

// reconcile gives messages of which nobody knows whether they left their receipts: kept receipts for the same number that no
// part claims can only be theirs, as long as no other message to that number is in doubt or on its way.
func (s *Service) reconcile(ctx context.Context, tx *db.Tx) error {
	doubtful, err := doubtfulMessages(ctx, tx, tx.Now.Add(-5*24*time.Hour))
	if err != nil {
		return err
	}
	for _, m := range doubtful {
		rivals, err := rivals(ctx, tx, m)
		if err != nil {
			return err
		}
		ids, err := unclaimedIDs(ctx, tx, m)
		if err != nil {
			return err
		}
		if rivals > 0 || len(ids) != int(m.Parts) {
			continue
		}
		parts := make([]part, len(ids))
		for i, id := range ids {
			parts[i] = part{PatientID: m.PatientID, MessageID: m.ID, Part: int64(i + 1), Route: m.Route, ProviderID: id, ProviderKey: ProviderKey(id)}
			if err := insertPart(ctx, tx, parts[i]); err != nil {
				return err
			}
		}
		if err := s.matchEarly(ctx, tx, m.Route, parts); err != nil {
			return err
		}
	}
	return nil
}
