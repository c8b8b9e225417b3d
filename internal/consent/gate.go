package consent

import (
	"context"
	"slices"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Turn makes the running transaction the only one that decides about contacts of these patients until it ends: whoever
// checks something before reserving takes it first.
func (s *Service) Turn(ctx context.Context, ids []patient.ID) error {
	if s.DB.Engine() != db.Postgres || len(ids) == 0 {
		return nil // SQLite has one writer
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return takeTurns(ctx, tx, slices.Compact(ids)) })
}

// Ask judges without a trace, for previews.
func (s *Service) Ask(ctx context.Context, r Request) (Decision, error) {
	tx := s.DB.Read(ctx)
	known, err := s.look(ctx, tx, []Request{r})
	if err != nil {
		return Decision{}, err
	}
	return s.policy(ctx).judge(r, *known.of(r), known.wrong[r.Address], tx.Now), nil
}

// Reserve decides about one contact and writes the decision into the ledger, in the caller's transaction.
func (s *Service) Reserve(ctx context.Context, r Request) (Decision, error) {
	list, err := s.ReserveAll(ctx, []Request{r})
	if err != nil {
		return Decision{}, err
	}
	return list[0], nil
}

// ReserveAll is Reserve for many, in order; contacts of one call count against each other's caps.
func (s *Service) ReserveAll(ctx context.Context, requests []Request) (list []Decision, err error) {
	for _, r := range requests {
		if !slices.Contains(Purposes, r.Purpose) || r.PatientID == 0 || r.Channel == "" {
			return nil, fault.New(fault.Invalid, "consent.request.malformed")
		}
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = make([]Decision, 0, len(requests))
		known, err := s.lookLocked(ctx, tx, requests)
		if err != nil {
			return err
		}
		p := s.policy(ctx)
		for _, r := range requests {
			d := p.judge(r, *known.of(r), known.wrong[r.Address], tx.Now)
			d.ReservationID = db.New[contactKind](s.DB)
			day := p.clock.Date(max(d.NotBefore, r.At, tx.Now))
			if d.Allowed && !r.Urgent {
				known.of(r).add(r, day, 1)
			}
			if err := insertContact(ctx, tx, r, d, day); err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// Held is a reservation that is about to be used.
type Held struct {
	Request
	ReservationID ReservationID
}

// RecheckAll judges reservations again at the moment of sending, in the caller's transaction, because an opt-out, a wrong
// number or the end of the hours may have come since. What it refuses or postpones is written into the ledger.
func (s *Service) RecheckAll(ctx context.Context, held []Held) (list []Decision, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = make([]Decision, 0, len(held))
		requests := make([]Request, len(held))
		ids := make([]ReservationID, len(held))
		for i, h := range held {
			requests[i], ids[i] = h.Request, h.ReservationID
		}
		known, err := s.lookLocked(ctx, tx, requests)
		if err != nil {
			return err
		}
		days, err := contactDays(ctx, tx, ids)
		if err != nil {
			return err
		}
		p := s.policy(ctx)
		for _, h := range held {
			d, err := s.recheck(ctx, tx, p, h, known, days[h.ReservationID])
			if err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// recheck takes the contact's own place out of the counts, judges, and puts it back where it now belongs.
func (s *Service) recheck(ctx context.Context, tx *db.Tx, p policy, h Held, known *known, day clock.Date) (Decision, error) {
	r := h.Request
	r.At = 0
	st := known.of(r)
	if day != "" && !r.Urgent {
		st.add(r, day, -1)
	}
	d := p.judge(r, *st, known.wrong[r.Address], tx.Now)
	d.ReservationID = h.ReservationID
	now := p.clock.Date(max(d.NotBefore, tx.Now))
	if d.Allowed && !r.Urgent {
		st.add(r, now, 1)
	}
	switch {
	case !d.Allowed:
		return d, changeContact(ctx, tx, h.PatientID, h.ReservationID, "refused", d.Code)
	case now != day:
		return d, moveContact(ctx, tx, h.PatientID, h.ReservationID, now)
	}
	return d, nil
}

// Settle says that the contact took place.
func (s *Service) Settle(ctx context.Context, id ReservationID) error {
	return s.SettleAll(ctx, []ReservationID{id})
}

// SettleAll is Settle for many.
func (s *Service) SettleAll(ctx context.Context, ids []ReservationID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return settleContacts(ctx, tx, ids) })
}

// Release says that the contact will not take place; it counts under no cap any more.
func (s *Service) Release(ctx context.Context, id ReservationID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return changeContact(ctx, tx, 0, id, "released", "")
	})
}

// known is what the gate knows of the patients and numbers of one call.
type known struct {
	by    map[patient.ID]*standing
	wrong map[string]bool
}

func (k *known) of(r Request) *standing {
	st := k.by[r.PatientID]
	if st == nil {
		st = &standing{}
		k.by[r.PatientID] = st
	}
	return st
}

// lookLocked is look after taking each patient's turn, so that on PostgreSQL two transactions cannot both fill the last
// place. SQLite has one writer anyway.
func (s *Service) lookLocked(ctx context.Context, tx *db.Tx, requests []Request) (*known, error) {
	if err := s.Turn(ctx, patientsOf(requests)); err != nil {
		return nil, err
	}
	return s.look(ctx, tx, requests)
}

func (s *Service) look(ctx context.Context, tx *db.Tx, requests []Request) (*known, error) {
	k := &known{by: map[patient.ID]*standing{}, wrong: map[string]bool{}}
	since := s.DB.Clock().Date(tx.Now).Add(-7)
	for ids := range slices.Chunk(patientsOf(requests), chunk) {
		if err := k.load(ctx, tx, ids, since); err != nil {
			return nil, err
		}
		if err := s.lookHolders(ctx, tx, k, ids); err != nil {
			return nil, err
		}
	}
	numbers := []string{}
	for _, r := range requests {
		if r.Address != "" {
			numbers = append(numbers, r.Address)
		}
	}
	for list := range slices.Chunk(numbers, chunk) {
		marked, err := wrongNumbers(ctx, tx, list)
		if err != nil {
			return nil, err
		}
		for _, n := range marked {
			k.wrong[n] = true
		}
	}
	return k, nil
}

// lookHolders adds what the relatives decided for themselves who are reached in the place of patients.
func (s *Service) lookHolders(ctx context.Context, tx *db.Tx, k *known, ids []patient.ID) error {
	holders, err := s.Patient.Holders(ctx, ids)
	if err != nil || len(holders) == 0 {
		return err
	}
	people := make([]patient.ID, len(holders))
	for i, h := range holders {
		people[i] = h.HolderID
	}
	records, err := recordsInForce(ctx, tx, people)
	for _, h := range holders {
		st := k.by[h.PatientID]
		if st.holders == nil {
			st.holders = map[string][]inForce{}
		}
		for _, r := range records {
			if r.PatientID == h.HolderID {
				st.holders[h.Number] = append(st.holders[h.Number], r)
			}
		}
	}
	return err
}

// patientsOf lists the patients once and in order, so that turns are taken in one order everywhere.
func patientsOf(requests []Request) []patient.ID {
	ids := make([]patient.ID, 0, len(requests))
	for _, r := range requests {
		ids = append(ids, r.PatientID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (k *known) load(ctx context.Context, tx *db.Tx, ids []patient.ID, since clock.Date) error {
	dead, err := deceased(ctx, tx, ids)
	if err != nil {
		return err
	}
	records, err := recordsInForce(ctx, tx, ids)
	if err != nil {
		return err
	}
	blocks, err := blocksInForce(ctx, tx, ids)
	if err != nil {
		return err
	}
	counts, err := contactCounts(ctx, tx, ids, since)
	if err != nil {
		return err
	}
	for _, id := range ids {
		k.by[id] = &standing{}
	}
	for _, id := range dead {
		k.by[id].deceased = true
	}
	for _, r := range records {
		k.by[r.PatientID].records = append(k.by[r.PatientID].records, r)
	}
	for _, b := range blocks {
		k.by[b.PatientID].blocks = append(k.by[b.PatientID].blocks, b.Reason)
	}
	for _, c := range counts {
		k.by[c.PatientID].counts = append(k.by[c.PatientID].counts, c)
	}
	return nil
}
