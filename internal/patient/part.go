package patient

import (
	"context"

	"renxin/internal/platform/db"
)

// parting shares out the rows that came after a merge between the two records it joined.
type parting struct {
	mine, theirs map[int64]bool  // rows known to be the survivor's, and the other's, by ID
	mineNumbers  map[string]bool // telephone numbers of the survivor
	theirNumbers map[string]bool // and of the other
	brought      map[string][]ID // identifiers under which a row came, by table and ID; see Trace
	open         []movedRow      // rows of which nothing is known yet
	follow       []movedRow
}

// part gives the other record what came for it since the merge, once the journal is undone.
func (s *Service) part(ctx context.Context, tx *db.Tx, m merge, out *Undone) error {
	p := parting{mine: map[int64]bool{}, theirs: map[int64]bool{}}
	for _, t := range s.moving() {
		if !t.byID() {
			continue
		}
		rows, err := rowsSince(ctx, tx, t.Name, m)
		if err != nil {
			return err
		}
		for _, r := range rows {
			p.open = append(p.open, movedRow{t, r})
		}
	}
	if len(p.open) == 0 {
		return nil
	}
	if err := s.learn(ctx, tx, m, &p); err != nil {
		return err
	}
	for p.round() {
	}
	if err := p.hand(ctx, tx, m, out); err != nil {
		return err
	}
	for _, o := range p.open {
		out.Kept[o.table.Name]++
		out.Rows = append(out.Rows, KeptRow{o.table.Name, db.Born(number(o.row["id"]))})
	}
	return nil
}

// learn reads whose the rows are that stood at the merge, and whose the numbers.
func (s *Service) learn(ctx context.Context, tx *db.Tx, m merge, p *parting) error {
	for _, t := range s.moving() {
		if !t.byID() {
			continue
		}
		for id, into := range map[ID]map[int64]bool{m.PatientID: p.mine, m.LoserID: p.theirs} {
			have, err := rowIDs(ctx, tx, t.Name, id)
			if err != nil {
				return err
			}
			for _, x := range have {
				into[x] = true
			}
		}
	}
	for _, o := range p.open {
		delete(p.mine, number(o.row["id"]))
	}
	cs, err := contactsOf(ctx, tx, []ID{m.PatientID, m.LoserID})
	if err != nil {
		return err
	}
	p.mineNumbers, p.theirNumbers = map[string]bool{}, map[string]bool{}
	for _, c := range cs {
		if c.PatientID == m.PatientID {
			p.mineNumbers[c.Number] = true
		} else {
			p.theirNumbers[c.Number] = true
		}
	}
	p.brought, err = originsOf(ctx, tx, m.PatientID)
	return err
}

// round decides what it can and reports whether that may let it decide more.
func (p *parting) round() bool {
	var still []movedRow
	for _, o := range p.open {
		id := number(o.row["id"])
		switch p.whose(o) {
		case 1:
			p.mine[id] = true
		case -1:
			p.theirs[id] = true
			p.follow = append(p.follow, o)
		default:
			still = append(still, o)
		}
	}
	decided := len(still) < len(p.open)
	p.open = still
	return decided
}

// whose is 1 for the survivor's, −1 for the other's, 0 for not known: the number under which the row came decides, else the rows it names,
// else its telephone number.
func (p *parting) whose(o movedRow) int {
	mine, theirs := false, false
	for _, n := range p.brought[origin(o.table.Name, number(o.row["id"]))] {
		mine, theirs = mine || p.mine[int64(n)], theirs || p.theirs[int64(n)]
	}
	if mine == theirs {
		for c, v := range o.row {
			if n, ok := v.(int64); ok && c != "id" && c != "patient_id" {
				mine, theirs = mine || p.mine[n], theirs || p.theirs[n]
			}
		}
	}
	if mine == theirs && o.table.Number != "" {
		n, _ := o.row[o.table.Number].(string)
		mine, theirs = p.mineNumbers[n], p.theirNumbers[n]
	}
	switch {
	case mine == theirs:
		return 0
	case mine:
		return 1
	}
	return -1
}

// hand moves what follows to the other record; where that holds such a row already, it stays and is listed.
func (p *parting) hand(ctx context.Context, tx *db.Tx, m merge, out *Undone) error {
	shelves := map[string]*shelf{}
	for _, f := range p.follow {
		s := shelves[f.table.Name]
		if s == nil {
			var err error
			if s, err = f.table.shelf(ctx, tx, m.LoserID); err != nil {
				return err
			}
			shelves[f.table.Name] = s
		}
		if s.find(f.row) != nil {
			p.open = append(p.open, f)
			continue
		}
		s.put(f.row)
		if err := setRow(ctx, tx, f.table.Name, f.table.where(f.row), Row{"patient_id": int64(m.LoserID)}); err != nil {
			return err
		}
		if err := moveOrigin(ctx, tx, m, f.table.Name, number(f.row["id"])); err != nil {
			return err
		}
		out.Followed[f.table.Name]++
	}
	return nil
}
