package patient

import (
	"context"

	"renxin/internal/match"
	"renxin/internal/platform/db"
)

// owned is what was read of the patient whose number a record carries, so that it is read once.
type owned struct {
	patient Patient
	hanging hangings
}

// own reads the owner of a record's number.
func (s *Service) own(ctx context.Context, tx *db.Tx, id ID, st stated) (err error) {
	if st.owner.patient, err = findPatient(ctx, tx, id); err == nil {
		st.owner.hanging, err = s.hangings(ctx, tx, []ID{id})
	}
	return err
}

// ownerAlone scores a record against the owner of its number only, where the record shares no blocking key with anybody who does not
// share it with the owner too: such a one was compared with the owner when the key came to them. ok is false where the record brings a
// key that is new to the owner, so that everybody has to be asked.
func ownerAlone(st stated) (Candidate, bool) {
	p := st.owner.patient
	e := evidenceOf(p, st.owner.hanging.contacts[p.ID], st.owner.hanging.numbers[p.ID])
	held := map[match.Key]bool{}
	for _, k := range match.Keys(e) {
		held[k] = true
	}
	for _, k := range match.Keys(st.evidence) {
		if !held[k] {
			return Candidate{}, false
		}
	}
	x := match.Score(st.evidence, e)
	return Candidate{ID: p.ID, Bits: x.Bits, Zone: x.Zone, Mother: x.Mother, Reasons: x.Reasons, vetoed: x.Vetoed}, true
}
