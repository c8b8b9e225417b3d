package patient

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/match"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
)

// Reach is where a contact about a patient goes.
type Reach struct {
	PatientID  ID      // whom it is about
	Contact    Contact // its Number is not masked; zero where there is none
	Relation   string  // who is reached to the patient: mother …; "" = the patient
	RelativeID ID      // the patient whose number it is, zero for somebody who is none
	Name       string  // who is reached, "" = the patient
}

// Wrong tells that every number there is has been marked wrong; Contact is one of those.
func (r Reach) Wrong() bool { return r.Contact.WrongAt != 0 }

// Greeting is how a text addresses whom it reaches: the patient by name, 王小宝妈妈 where it goes to the mother.
func (r Reach) Greeting(name string) string {
	switch r.Relation {
	case "":
		return name
	case "mother", "father":
		return lang.Text(lang.ZH, "patient.greeting."+r.Relation, map[string]any{"name": name})
	}
	return lang.Text(lang.ZH, "patient.greeting.family", map[string]any{"name": name})
}

// designated tells whether a purpose goes to whom the relation designates. Promotion goes to nobody but the patient.
func (r Relation) designated(purpose string) bool {
	switch purpose {
	case "care", "survey":
		return r.Care
	case "notice":
		return r.Notice
	}
	return false
}

// Reaches says for a purpose (care, notice, survey, promotion) where contacts about patients go: to the person designated by a relation,
// if they live and have a mobile that works, else to the patient's own first mobile. Patients without any number are absent. For senders
// inside the house; the caller has already decided who may be contacted.
func (s *Service) Reaches(ctx context.Context, ids []ID, purpose string) (map[ID]Reach, error) {
	tx := s.DB.Read(ctx)
	rows, err := designations(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	if rows, err = standing(ctx, tx, rows); err != nil {
		return nil, err
	}
	chosen, people := map[ID]Relation{}, append([]ID{}, ids...)
	for _, r := range rows {
		if _, have := chosen[r.PatientID]; !have && r.designated(purpose) {
			chosen[r.PatientID] = r
			if r.RelativeID != 0 {
				people = append(people, r.RelativeID)
			}
		}
	}
	cs, err := contactsOf(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	own := map[ID][]Contact{}
	for _, c := range cs {
		own[c.PatientID] = append(own[c.PatientID], c)
	}
	out := map[ID]Reach{}
	for _, id := range ids {
		if r, ok, err := s.throughRelative(ctx, tx, chosen[id], own); err != nil {
			return nil, err
		} else if ok {
			out[id] = r
			continue
		}
		if c, ok := best(own[id], tx); ok {
			out[id] = Reach{PatientID: id, Contact: c}
		}
	}
	return out, nil
}

// throughRelative is the reach of a designation, if it has a number that works.
func (s *Service) throughRelative(ctx context.Context, tx *db.Tx, r Relation, own map[ID][]Contact) (Reach, bool, error) {
	out := Reach{PatientID: r.PatientID, Relation: r.Kind, RelativeID: r.RelativeID, Name: r.Name}
	switch {
	case r.ID == 0:
		return out, false, nil
	case r.RelativeID == 0:
		wrong, err := isWrong(ctx, tx, r.Number)
		out.Contact = Contact{System: identity.Mobile, Value: r.Number, Number: r.Number, Owner: r.Kind, Label: r.Name, Rank: 1, VerifiedAt: r.VerifiedAt, Source: r.Source}
		if identity.ParseMobile(r.Number) == "" {
			out.Contact.System = identity.Landline
		}
		return out, err == nil && !wrong && r.Number != "", err
	}
	p, err := findPatient(ctx, tx, r.RelativeID)
	if err != nil || p.DeceasedAt != "" {
		return out, false, missingIsFine(err)
	}
	c, ok := best(own[r.RelativeID], tx)
	out.Name, out.Contact = p.Name, c
	out.Contact.Owner, out.Contact.Label = r.Kind, p.Name
	return out, ok && c.WrongAt == 0, nil
}

func missingIsFine(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// best is the first mobile by rank that is valid and not marked wrong; a wrong one where there is no other.
func best(cs []Contact, tx *db.Tx) (Contact, bool) {
	var wrong Contact
	for _, c := range cs {
		switch {
		case c.System != identity.Mobile || c.ValidUntil != 0 && c.ValidUntil <= tx.Now:
		case c.WrongAt == 0:
			return c, true
		case wrong.ID == 0:
			wrong = c
		}
	}
	return wrong, wrong.ID != 0
}

// ReachFor is Reaches for one patient. Errors: not_found where no number works.
func (s *Service) ReachFor(ctx context.Context, id ID, purpose string) (Reach, error) {
	id, err := s.Resolve(ctx, id)
	if err != nil {
		return Reach{}, err
	}
	all, err := s.Reaches(ctx, []ID{id}, purpose)
	r := all[id]
	if err == nil && (r.Contact.Number == "" || r.Wrong()) {
		err = fault.New(fault.NotFound, "patient.contact.none")
	}
	r.Contact = r.Contact.Masked()
	return r, err
}

// RevealReach gives the one number that a call about a patient goes to, unmasked, with the task as the reason. The trail entry is
// committed before the number is answered.
func (s *Service) RevealReach(ctx context.Context, id ID, reason, task string) (string, Reach, error) {
	if err := access.Need(ctx, PermReveal); err != nil {
		return "", Reach{}, err
	}
	if db.InTx(ctx) {
		return "", Reach{}, fault.New(fault.Internal, "fault.internal")
	}
	id, err := s.Standing(ctx, id)
	if err != nil {
		return "", Reach{}, err
	}
	r, err := s.ReachFor(ctx, id, "care")
	if err != nil {
		return "", r, err
	}
	err = s.Trail.AppendReveal(ctx, trail.Entry{Action: "patient.detail.reveal", Entity: "contact", EntityID: int64(r.Contact.ID), PatientID: int64(id), Reason: reason,
		Detail: map[string]string{"field": "contact", "task": task, "relation": r.Relation, "relative": r.RelativeID.String()}})
	if err != nil {
		return "", r, err
	}
	if r.Contact.ID == 0 {
		return r.Contact.Number, r, nil
	}
	holder := r.RelativeID
	if holder == 0 {
		holder = id
	}
	c, err := findContact(ctx, s.DB.Read(ctx), holder, r.Contact.ID)
	return c.Value, r, err
}

// linkNewborn relates a child that a ward names after its mother (王丽之女) to the one patient of that name who shares a number with it, and
// lets the mother be called and written to. Where nobody or several fit nothing is guessed.
func (s *Service) linkNewborn(ctx context.Context, tx *db.Tx, p Patient, cs []Contact) error {
	mother, ok := match.MotherOf(p.Name)
	if !ok {
		return nil
	}
	found := map[ID]bool{}
	for _, c := range cs {
		ids, err := byNumber(ctx, tx, c.Number)
		if err != nil {
			return err
		}
		people, err := findPatients(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, m := range people {
			if m.ID != p.ID && m.Name == mother && m.Sex != identity.Male && (m.BirthDate == "" || m.BirthDate < p.BirthDate) {
				found[m.ID] = true
			}
		}
	}
	if len(found) != 1 {
		return nil
	}
	for m := range found {
		_, err := s.relate(ctx, tx, p.ID, RelationInput{Kind: "mother", RelativeID: m, Care: true, Notice: true, Household: true}, "newborn")
		return err
	}
	return nil
}

// Holder is a relative who may be reached in a patient's place, with one of their numbers.
type Holder struct {
	PatientID ID
	HolderID  ID
	Number    string // normalised
}

// Holders lists the relatives, patients themselves, to whom contacts about patients may go, with every number they have: their own no to
// a channel holds there too.
func (s *Service) Holders(ctx context.Context, ids []ID) ([]Holder, error) {
	tx := s.DB.Read(ctx)
	rows, err := designations(ctx, tx, ids)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if rows, err = standing(ctx, tx, rows); err != nil {
		return nil, err
	}
	var out []Holder
	for _, r := range rows {
		if r.RelativeID == 0 {
			continue
		}
		cs, err := contactsOf(ctx, tx, []ID{r.RelativeID})
		if err != nil {
			return nil, err
		}
		for _, c := range cs {
			out = append(out, Holder{r.PatientID, r.RelativeID, c.Number})
		}
	}
	return out, nil
}
