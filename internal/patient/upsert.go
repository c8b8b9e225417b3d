package patient

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/match"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// upsert is what a record will change on a known patient.
type upsert struct {
	old, fresh Patient
	told       provenance // what the source has said, with this record
	news       bool       // told differs from what is stored
	held       []Change   // fields that a person verified
	touched    string     // a source after the first
	contacts   []Contact
	gone       []Contact // the source took them back
	numbers    []Identifier
	verified   bool // a contact point was verified by hand, so a feed's new one does not go before it
}

func (o *Outcome) take(u upsert) {
	o.Changed = changed(u.old, u.fresh)
	for _, f := range o.Changed {
		c := Change{f, fieldOf(u.old, f), fieldOf(u.fresh, f)}
		if f == "address" {
			c.From, c.To = identity.MaskAddress(c.From), identity.MaskAddress(c.To)
		}
		o.Changes = append(o.Changes, c)
	}
	if len(u.contacts)+len(u.gone) > 0 {
		o.Changed = append(o.Changed, "contacts")
		for _, c := range u.gone {
			o.Changes = append(o.Changes, Change{"contacts", identity.MaskContact(c.System, c.Value), ""})
		}
		for _, c := range u.contacts {
			o.Changes = append(o.Changes, Change{"contacts", "", identity.MaskContact(c.System, c.Value)})
		}
	}
	if len(u.numbers) > 0 {
		o.Changed = append(o.Changed, "identifiers")
		for _, n := range u.numbers {
			o.Changes = append(o.Changes, Change{"identifiers", "", n.Masked().Value})
		}
	}
	for _, h := range u.held {
		o.Held = append(o.Held, h.Field)
	}
	if o.Verdict = VerdictUpdated; len(o.Changed)+len(o.Held) == 0 {
		o.Verdict = VerdictUnchanged
	}
}

// plan compares a record with the patient. A field moves only when the source says something else than it said before; a field that a
// person verified is held back for a decision; an older record than the last of the same source changes nothing.
func (s *Service) plan(ctx context.Context, tx *db.Tx, id ID, f Feed, st stated) (upsert, error) {
	u := upsert{}
	var err error
	if u.old = st.owner.patient; u.old.ID != id {
		if err := s.own(ctx, tx, id, st); err != nil {
			return u, err
		}
		u.old = st.owner.patient
	}
	if u.told, err = readProvenance(ctx, tx, id, f.Source); err != nil {
		return u, err
	}
	byHand, err := readProvenance(ctx, tx, id, hand)
	if err != nil {
		return u, err
	}
	u.fresh = u.old
	for _, field := range fieldNames {
		if v, ok := st.fields[field]; ok {
			u.hear(field, v, f, byHand)
		}
	}
	late := f.OccurredAt < u.told[""].At
	if !late && u.told[""].Value != st.digest {
		u.told[""], u.news = told{st.digest, f.OccurredAt}, true
	}
	u.fresh.derive(nil)
	return u, s.planHangings(ctx, tx, &u, f.Source, st, late)
}

func (u *upsert) hear(field, v string, f Feed, byHand provenance) {
	last, spoken := u.told[field]
	if spoken && (last.Value == v || f.OccurredAt < last.At) {
		return
	}
	u.told[field], u.news = told{v, f.OccurredAt}, true
	was := fieldOf(u.old, field)
	if was == v || v == "" && !spoken || v == string(identity.UnknownSex) {
		return
	}
	if field == "source" && was != "" { // the first source stands; this one is a later contact
		u.touched = v
		return
	}
	if _, verified := byHand[field]; verified && was != "" {
		u.held = append(u.held, Change{field, was, v})
		return
	}
	setField(&u.fresh, field, v)
}

// planHangings compares contact points and numbers; a late record, older than the last of its source, takes nothing back.
func (s *Service) planHangings(ctx context.Context, tx *db.Tx, u *upsert, source string, st stated, late bool) error {
	h := st.owner.hanging
	known := map[string]bool{}
	for _, c := range h.contacts[u.old.ID] {
		known[c.Number] = true
		u.verified = u.verified || c.VerifiedAt > 0
	}
	for _, n := range strings.Fields(u.told["contacts"].Value) {
		known[n] = true // told before: if a person took it away since, it stays away
	}
	for _, c := range st.contacts {
		if !known[c.Number] {
			u.contacts = append(u.contacts, c)
		}
	}
	if !late {
		u.clear(h.contacts[u.old.ID], st, source)
	}
	if numbers := st.numbersTold(u.told["contacts"].Value); numbers != u.told["contacts"].Value {
		u.told["contacts"], u.news = told{Value: numbers}, true
	}
	for _, n := range st.numbers {
		same := func(x Identifier) bool { return x.Kind == n.Kind && x.Issuer == n.Issuer && x.Value == n.Value }
		if slices.ContainsFunc(h.numbers[u.old.ID], same) {
			continue
		}
		if n.Issuer != "" {
			taken, err := numbersByValue(ctx, tx, n.Kind, n.Issuer, n.Value)
			if err != nil {
				return err
			}
			if len(taken) > 0 {
				continue // a merged record's number, or a person's decision against the number
			}
		}
		u.numbers = append(u.numbers, n)
	}
	return nil
}

// numbersTold joins the contact points a source has told so far with those of this record.
func (st stated) numbersTold(before string) string {
	all := strings.Fields(before)
	for _, c := range st.contacts {
		if !slices.Contains(all, c.Number) && !strings.Contains(c.Number, " ") {
			all = append(all, c.Number)
		}
	}
	return strings.Join(all, " ")
}

// carry writes what was planned.
func (s *Service) carry(ctx context.Context, tx *db.Tx, u upsert, f Feed) error {
	if u.news {
		if err := u.told.write(ctx, tx, u.old.ID, f.Source, f.OccurredAt); err != nil {
			return err
		}
	}
	for _, h := range u.held {
		if err := dropProposals(ctx, tx, u.old.ID, h.Field, f.Source); err != nil {
			return err
		}
		if err := insertProposal(ctx, tx, Proposal{db.New[proposalKind](s.DB), u.old.ID, h.Field, h.To, f.Source, tx.Now}); err != nil {
			return err
		}
	}
	if err := s.touchedBy(ctx, tx, u, f); err != nil {
		return err
	}
	if err := s.save(ctx, tx, u.old, u.fresh, false); err != nil {
		return err
	}
	if len(u.contacts)+len(u.numbers)+len(u.gone) == 0 {
		return nil
	}
	return s.hang(ctx, tx, u)
}

func (s *Service) hang(ctx context.Context, tx *db.Tx, u upsert) error {
	id := u.old.ID
	p, err := findPatient(ctx, tx, id)
	if err != nil {
		return err
	}
	before, err := termsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	var fields []string
	for _, c := range u.gone {
		if err := deleteContact(ctx, tx, id, c.ID); err != nil {
			return err
		}
	}
	if len(u.contacts)+len(u.gone) > 0 {
		fields = append(fields, "contacts")
		if _, err := s.addContacts(ctx, tx, id, u.contacts, !u.verified); err != nil {
			return err
		}
	}
	numbers, err := withAliases(ctx, tx, u.numbers)
	if err != nil {
		return err
	}
	for _, n := range inOrder(numbers) {
		n.ID, n.PatientID, n.CreatedAt = db.New[numberKind](s.DB), id, tx.Now
		if err := addIdentifier(ctx, tx, n); err != nil {
			return err
		}
	}
	if len(u.numbers) > 0 {
		fields = append(fields, "identifiers")
	}
	if err := reindex(ctx, tx, id, before); err != nil {
		return err
	}
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Updated{id, fields})
}

// admit records a new patient from a feed.
func (s *Service) admit(ctx context.Context, tx *db.Tx, f Feed, st stated) (ID, error) {
	p := Patient{ID: db.New[kind](s.DB), Sex: identity.UnknownSex, CreatedAt: tx.Now, UpdatedAt: tx.Now, SeenAt: tx.Now, Version: 1}
	said := provenance{"": told{st.digest, f.OccurredAt}, "contacts": told{Value: st.numbersTold("")}}
	for field, v := range st.fields {
		setField(&p, field, v)
		said[field] = told{v, f.OccurredAt}
	}
	p.derive(st.numbers)
	numbers := st.numbers
	if f.AsNew {
		numbers = nil // a person decided against the number's owner: free numbers only
		for _, n := range st.numbers {
			if id, err := owner(ctx, tx, n); err != nil {
				return 0, err
			} else if id == 0 || n.Issuer == "" {
				numbers = append(numbers, n)
			}
		}
	}
	numbers, err := withAliases(ctx, tx, numbers)
	if err != nil {
		return 0, err
	}
	if err := s.insert(ctx, tx, p, st.contacts, numbers, nil, identity.Terms(searchText(p, st.contacts, numbers))); err != nil {
		return 0, err
	}
	if err := said.write(ctx, tx, p.ID, f.Source, f.OccurredAt); err != nil {
		return 0, err
	}
	return p.ID, s.Board.Publish(ctx, Created{PatientID: p.ID})
}

// withAliases adds the numbers that these were merged into before anybody had them.
func withAliases(ctx context.Context, tx *db.Tx, ns []Identifier) ([]Identifier, error) {
	out := ns
	for i := 0; i < len(out) && len(out) < len(ns)+16; i++ {
		a, ok, err := findAlias(ctx, tx, out[i].Kind, out[i].Issuer, out[i].Value)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		taken, err := numbersByValue(ctx, tx, a.IntoKind, a.IntoIssuer, a.IntoValue)
		if err != nil {
			return nil, err
		}
		same := func(x Identifier) bool {
			return x.Kind == a.IntoKind && x.Issuer == a.IntoIssuer && x.Value == a.IntoValue
		}
		if len(taken) == 0 && !slices.ContainsFunc(out, same) {
			out = append(slices.Clip(out), Identifier{Kind: a.IntoKind, Issuer: a.IntoIssuer, Value: a.IntoValue, Source: out[i].Source})
		}
	}
	return out, nil
}

// MergeNumbers carries out a feed's word that the person of the numbers from is the person of the numbers into (HL7 A40), also before
// either is known: then an alias waits for them. Numbers are matched by assigning authority.
func (s *Service) MergeNumbers(ctx context.Context, from, into []Identifier, at clock.Instant) (Outcome, error) {
	var o Outcome
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, b, ok := sameAuthority(from, into)
		if !ok {
			o = Outcome{Verdict: VerdictReview, Code: CodeIssuer}
			return nil
		}
		loser, err := owner(ctx, tx, a)
		if err != nil {
			return err
		}
		survivor, err := owner(ctx, tx, b)
		if err != nil {
			return err
		}
		o, err = s.mergeOwners(ctx, tx, a, b, loser, survivor, at)
		return err
	})
	return o, err
}

func (s *Service) mergeOwners(ctx context.Context, tx *db.Tx, from, into Identifier, loser, survivor ID, at clock.Instant) (Outcome, error) {
	o := Outcome{Verdict: VerdictUpdated, ID: survivor, Key: string(into.Kind)}
	switch {
	case loser == 0 && survivor == 0:
		o.Code = "patient.merge.alias_kept"
		a, known, err := findAlias(ctx, tx, from.Kind, from.Issuer, from.Value)
		if known && a == (alias{into.Kind, into.Issuer, into.Value}) || err != nil {
			o.Verdict = VerdictUnchanged
			return o, err
		}
		return o, putAlias(ctx, tx, from, into, at)
	case loser == survivor:
		o.Verdict = VerdictUnchanged
		return o, nil
	case loser == 0:
		return o, s.addNumber(ctx, tx, survivor, from)
	case survivor == 0:
		o.ID = loser
		return o, s.addNumber(ctx, tx, loser, into)
	}
	ps, err := findPatients(ctx, tx, []ID{survivor, loser})
	if err != nil {
		return o, err
	}
	if len(ps) == 2 {
		two, err := s.twoPersons(ctx, tx, ps[0], ps[1])
		if err != nil {
			return o, err
		}
		if two {
			es, err := s.evidence(ctx, tx, ps)
			if err != nil {
				return o, err
			}
			x := match.Score(es[survivor], es[loser])
			return Outcome{Verdict: VerdictReview, Code: CodeCard, Reasons: x.Reasons, Candidates: []Candidate{{ID: survivor, Bits: x.Bits, Zone: x.Zone, Reasons: x.Reasons}, {ID: loser, Bits: x.Bits, Zone: x.Zone, Reasons: x.Reasons}}}, nil
		}
	}
	_, err = s.merge(ctx, tx, survivor, loser, "feed", nil)
	return o, err
}

// addNumber gives a patient one more number of a feed.
func (s *Service) addNumber(ctx context.Context, tx *db.Tx, id ID, n Identifier) error {
	p, err := findPatient(ctx, tx, id)
	if err != nil {
		return err
	}
	n.Source = hand
	return s.hang(ctx, tx, upsert{old: p, fresh: p, numbers: []Identifier{n}, verified: true})
}

// sameAuthority finds a pair of numbers of one kind and issuer.
func sameAuthority(from, into []Identifier) (a, b Identifier, ok bool) {
	for _, x := range from {
		for _, y := range into {
			p, okP := statedNumber(x)
			q, okQ := statedNumber(y)
			if okP && okQ && p.Kind == q.Kind && p.Issuer == q.Issuer && p.Issuer != "" {
				return p, q, true
			}
		}
	}
	return a, b, false
}
