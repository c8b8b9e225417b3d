package patient

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/match"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Feed is what one record of a source says about a person. A nil text leaves what we hold alone, "" deletes it.
type Feed struct {
	Source      string        // the feed's name; provenance is kept per source
	OccurredAt  clock.Instant // when the source said it; older words never overwrite newer ones of the same source
	Identifiers []Identifier  // Kind, Issuer, Value as sent
	Name        *string
	Sex         *string
	BirthDate   *string
	Address     *string
	RegionCode  *string
	Occupation  *string
	Ethnicity   *string
	Marital     *string
	Channel     *string // how they came to us
	DeceasedAt  *string
	Note        *string
	Telecoms    []ContactInput // an empty Value takes back what this source has told of that System and Owner
	PatientID   ID             // a person decided: it is this patient
	AsNew       bool           // a person decided: it is a new patient
}

// Verdict says what a record does to the patients.
type Verdict string

// The verdicts.
const (
	VerdictNew       Verdict = "new"
	VerdictUpdated   Verdict = "updated"
	VerdictUnchanged Verdict = "unchanged"
	VerdictReview    Verdict = "review"
)

// Change is one field that a record changes. An address is masked.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Outcome is the judgement of a record, and after Apply what was done.
type Outcome struct {
	Verdict    Verdict        `json:"verdict"`
	ID         ID             `json:"patient_id"`
	Key        string         `json:"key"`  // what found the patient: a kind of number, id_card, mobile, name …
	Code       string         `json:"code"` // text key of why a person must look
	Reasons    []match.Reason `json:"reasons"`
	Candidates []Candidate    `json:"candidates"`
	Changed    []string       `json:"changed"`
	Changes    []Change       `json:"changes"`
	Held       []string       `json:"held"` // fields that a person verified: proposed, not applied
}

// Why a record waits for a person.
const (
	CodeNumbers = "patient.review.numbers_disagree" // its numbers belong to several patients
	CodeKeys    = "patient.review.keys_disagree"    // a number says one patient, a telephone or card another
	CodeCard    = "patient.review.id_card_differs"  // the number's owner has another valid identity card
	CodePerson  = "patient.review.person_differs"   // the number's owner has another name or birth date
	CodeSeveral = "patient.review.several"          // several patients fit equally
	CodeUnsure  = "patient.review.unsure"           // one may be the same person
	CodeIssuer  = "patient.review.issuer_missing"   // merged numbers have no authority in common
)

// stated is a record brought into the room's own terms.
type stated struct {
	fields   map[string]string // set fields, normalised
	contacts []Contact
	cleared  []Contact // System and Owner whose contact points the source takes back
	numbers  []Identifier
	evidence match.Record
	digest   string // of all the above; the same twice from one source needs no second look
	owner    *owned // what was read of the owner of its numbers
}

func (s *Service) state(ctx context.Context, f Feed) stated {
	st := stateOf(f, s.area(ctx))
	s.readSource(ctx, st)
	st.owner = &owned{}
	st.evidence.NameShare = s.share(ctx, st.evidence.Name)
	return st
}

func stateOf(f Feed, area string) stated {
	st := stated{fields: map[string]string{}}
	for field, v := range map[string]*string{"name": f.Name, "sex": f.Sex, "birth_date": f.BirthDate, "address": f.Address, "region_code": f.RegionCode, "occupation": f.Occupation,
		"ethnicity": f.Ethnicity, "marital": f.Marital, "source": f.Channel, "deceased_at": f.DeceasedAt, "note": f.Note} {
		if v != nil {
			st.fields[field] = normalField(field, *v)
		}
	}
	seen := map[string]bool{}
	for _, t := range f.Telecoms {
		if strings.TrimSpace(t.Value) == "" {
			st.cleared = append(st.cleared, clearing(t))
			continue
		}
		for _, c := range readContact(t, area) {
			if !seen[c.Number] && !match.IsPlaceholder(c.Number) {
				seen[c.Number] = true
				c.Source = f.Source
				st.contacts = append(st.contacts, c)
			}
		}
	}
	for _, n := range f.Identifiers {
		if x, ok := statedNumber(n); ok {
			x.Source = f.Source
			st.numbers = append(st.numbers, x)
		}
	}
	p := Patient{Sex: identity.UnknownSex}
	for field, v := range st.fields {
		setField(&p, field, v)
	}
	p.derive(st.numbers)
	st.fill(p)
	st.evidence = evidenceOf(p, st.contacts, st.numbers)
	st.digest = st.hash()
	return st
}

func (st stated) hash() string {
	h := sha256.New()
	for _, f := range fieldNames {
		if v, ok := st.fields[f]; ok {
			fmt.Fprintf(h, "%s %d %s;", f, len(v), v)
		}
	}
	for _, c := range st.contacts {
		fmt.Fprintf(h, "%s %s %s %s;", c.System, c.Number, c.Owner, c.Label)
	}
	for _, c := range st.cleared {
		fmt.Fprintf(h, "no %s %s;", c.System, c.Owner)
	}
	for _, n := range st.numbers {
		fmt.Fprintf(h, "%s %s %s;", n.Kind, n.Issuer, n.Value)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// repeated reports that the source said exactly this of the patient the last time.
func repeated(ctx context.Context, tx *db.Tx, id ID, f Feed, st stated) (bool, error) {
	text, ok, err := findProvenance(ctx, tx, id, f.Source)
	return ok && strings.Contains(text, `"":{"v":"`+st.digest+`"`), err
}

// fill adds what the identity card and the address tell where the record itself is silent.
func (st stated) fill(p Patient) {
	for field, v := range map[string]string{"birth_date": string(p.BirthDate), "region_code": p.RegionCode} {
		if st.fields[field] == "" && v != "" {
			st.fields[field] = v
		}
	}
	if sex := st.fields["sex"]; (sex == "" || sex == string(identity.UnknownSex)) && p.Sex != identity.UnknownSex {
		st.fields["sex"] = string(p.Sex)
	}
}

func normalField(field, v string) string {
	switch field {
	case "name":
		return identity.NormalName(v)
	case "sex":
		return string(identity.ParseSex(v))
	case "birth_date":
		if v = strings.TrimSpace(v); !validBirth(clock.Date(v)) {
			return ""
		}
		return v
	case "region_code":
		if _, ok := identity.FindRegion(v); !ok {
			return ""
		}
		return v
	case "note":
		return strings.TrimSpace(v)
	}
	return clean(v)
}

// statedNumber normalises a number of a feed. A malformed identity card is kept as written, since its owner may have no better one.
func statedNumber(n Identifier) (Identifier, bool) {
	x, problem := readIdentifier(IdentifierInput{Kind: string(n.Kind), Issuer: n.Issuer, Value: n.Value})
	if match.IsPlaceholder(x.Value) || x.Value == "" || len(x.Value) > 64 || !x.Kind.Valid() {
		return x, false
	}
	if problem != "" && x.Kind == identity.KindIDCard {
		c, _ := identity.ParseIDCard(n.Value)
		x.Value, x.Issuer = c.Number, ""
		return x, c.Number != "" && len(c.Number) <= 64
	}
	return x, problem == ""
}

// Judge tells what Apply would do, without doing it: for previews.
func (s *Service) Judge(ctx context.Context, f Feed) (Outcome, error) {
	tx := s.DB.Read(ctx)
	st := s.state(ctx, f)
	o, err := s.judgeFeed(ctx, tx, f, st)
	if err != nil || o.Verdict != VerdictUpdated {
		return o, err
	}
	plan, err := s.plan(ctx, tx, o.ID, f, st)
	o.take(plan)
	return o, err
}

// Apply judges a record and carries the judgement out: a new patient, a changed one, or nothing while a person must look.
// Applying the same record twice changes nothing the second time.
func (s *Service) Apply(ctx context.Context, f Feed) (Outcome, error) {
	var o Outcome
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		st := s.state(ctx, f)
		var err error
		o, err = s.judgeFeed(ctx, tx, f, st)
		if err != nil || o.Verdict == VerdictReview || o.Verdict == VerdictUnchanged {
			return err
		}
		if o.Verdict == VerdictNew {
			o.ID, err = s.admit(ctx, tx, f, st)
			return err
		}
		plan, err := s.plan(ctx, tx, o.ID, f, st)
		if err != nil {
			return err
		}
		o.take(plan)
		if err := s.carry(ctx, tx, plan, f); err != nil {
			return err
		}
		return s.suspectOthers(ctx, tx, o)
	})
	return o, err
}

// judgeFeed decides who the record is about.
func (s *Service) judgeFeed(ctx context.Context, tx *db.Tx, f Feed, st stated) (Outcome, error) {
	if f.PatientID != 0 {
		id, err := resolve(ctx, tx, f.PatientID)
		return Outcome{Verdict: VerdictUpdated, ID: id, Key: "decided"}, err
	}
	owners, key, err := s.owners(ctx, tx, st.numbers)
	if err != nil {
		return Outcome{}, err
	}
	if len(owners) == 1 && !f.AsNew {
		if same, err := repeated(ctx, tx, owners[0], f, st); err != nil || same {
			return Outcome{Verdict: VerdictUnchanged, ID: owners[0], Key: key}, err
		}
		if err := s.own(ctx, tx, owners[0], st); err != nil {
			return Outcome{}, err
		}
		if mine, ok := ownerAlone(st); ok {
			o, err := s.judgeOwner(ctx, tx, Outcome{}, owners[0], key, st, []Candidate{mine})
			if err != nil || o.Verdict != VerdictReview { // whoever has to decide is shown everybody
				return o, err
			}
		}
	}
	found, err := s.compare(ctx, tx, st.evidence, false)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Candidates: worth(found)}
	switch {
	case f.AsNew:
		o.Verdict = VerdictNew
	case len(owners) > 1:
		o.Verdict, o.Code = VerdictReview, CodeNumbers
	case len(owners) == 1:
		return s.judgeOwner(ctx, tx, o, owners[0], key, st, found)
	default:
		judgeOpen(&o, found)
	}
	if o.Verdict == VerdictNew && st.fields["name"] == "" {
		return o, fault.New(fault.Invalid, "patient.patient.invalid").With("name", "patient.name.required")
	}
	return o, nil
}

// worth keeps the candidates a person would want to see.
func worth(found []Candidate) []Candidate {
	var out []Candidate
	for _, c := range found {
		if c.Zone != match.None || c.vetoed || c.Bits > -7 {
			out = append(out, c)
		}
	}
	return out[:min(len(out), maxDoubles)]
}

// judgeOwner: a hospital number already has an owner. The number alone does not prove that the record means the owner.
func (s *Service) judgeOwner(ctx context.Context, tx *db.Tx, o Outcome, owner ID, key string, st stated, found []Candidate) (Outcome, error) {
	o.ID, o.Key, o.Verdict = owner, key, VerdictUpdated
	mine, err := s.against(ctx, tx, owner, st, found)
	if err != nil {
		return o, err
	}
	o.Reasons = mine.Reasons
	r := match.Result{Reasons: mine.Reasons}
	switch {
	case mine.vetoed:
		o.Verdict, o.Code = VerdictReview, CodeCard
	case mine.Mother, differs(r) && mine.Bits < match.AutoBits:
		o.Verdict, o.Code = VerdictReview, CodePerson
	case disagreeing(owner, mine, found):
		o.Verdict, o.Code = VerdictReview, CodeKeys
	}
	if o.Verdict == VerdictReview {
		o.ID = 0
	}
	return o, nil
}

func (s *Service) against(ctx context.Context, tx *db.Tx, id ID, st stated, found []Candidate) (Candidate, error) {
	for _, c := range found {
		if c.ID == id {
			return c, nil
		}
	}
	p, err := findPatient(ctx, tx, id)
	if err != nil {
		return Candidate{}, err
	}
	es, err := s.evidence(ctx, tx, []Patient{p})
	x := match.Score(st.evidence, es[id])
	return Candidate{ID: id, Bits: x.Bits, Zone: x.Zone, Mother: x.Mother, Reasons: x.Reasons, vetoed: x.Vetoed}, err
}

func differs(r match.Result) bool {
	return r.Has(match.FieldName, match.Differs) || r.Has(match.FieldBirth, match.Differs) || r.Has(match.FieldSex, match.Differs)
}

// disagreeing: the record's number names one patient, but its telephone or identity card names another, and what else the record says
// does not settle it for the number's owner.
func disagreeing(owner ID, mine Candidate, found []Candidate) bool {
	m := match.Result{Reasons: mine.Reasons}
	if m.Has(match.FieldID, match.Same) {
		return false
	}
	settled := mine.Bits-12 >= match.AutoBits
	for _, c := range found {
		x := match.Result{Reasons: c.Reasons}
		if c.ID == owner {
			continue
		}
		if x.Has(match.FieldID, match.Same) {
			return true
		}
		if x.Has(match.FieldMobile, match.Same) && !m.Has(match.FieldMobile, match.Same) && !settled {
			return true
		}
		if x.Has(match.FieldLandline, match.Same) && !m.Has(match.FieldLandline, match.Same) && !m.Has(match.FieldMobile, match.Same) && !settled {
			return true
		}
	}
	return false
}

// judgeOpen: no number has an owner; the weight of the evidence decides.
func judgeOpen(o *Outcome, found []Candidate) {
	o.Verdict = VerdictNew
	var sure, unsure []Candidate
	for _, c := range found {
		switch c.Zone {
		case match.Auto:
			sure = append(sure, c)
		case match.Review:
			unsure = append(unsure, c)
		}
	}
	switch {
	case len(sure) == 1, len(sure) > 1 && sure[0].Bits-sure[1].Bits >= match.AutoBits:
		o.Verdict, o.ID, o.Reasons, o.Key = VerdictUpdated, sure[0].ID, sure[0].Reasons, strongest(sure[0].Reasons)
	case len(sure) > 1:
		o.Verdict, o.Code = VerdictReview, CodeSeveral
	case len(unsure) > 0:
		o.Verdict, o.Code, o.Reasons = VerdictReview, CodeUnsure, unsure[0].Reasons
	}
}

// strongest names the field that weighed most.
func strongest(rs []match.Reason) string {
	best, key := 0.0, ""
	for _, r := range rs {
		if r.Bits > best {
			best, key = r.Bits, string(r.Field)
			if r.Kind != "" {
				key = r.Kind
			}
		}
	}
	return key
}

// suspectOthers queues other records that surely are the same person as the one just found.
func (s *Service) suspectOthers(ctx context.Context, tx *db.Tx, o Outcome) error {
	for _, c := range o.Candidates {
		if c.ID == o.ID || c.Zone != match.Auto {
			continue
		}
		if err := s.suspect(ctx, tx, o.ID, c); err != nil {
			return err
		}
	}
	return nil
}

// owners lists the patients to whom the hospital numbers belong, aliases followed; key is the kind of the first that has one.
func (s *Service) owners(ctx context.Context, tx *db.Tx, ns []Identifier) (out []ID, key string, err error) {
	for _, n := range ns {
		if n.Issuer == "" {
			continue
		}
		id, err := owner(ctx, tx, n)
		if err != nil {
			return nil, "", err
		}
		if id == 0 {
			continue
		}
		if key == "" {
			key = string(n.Kind)
		}
		out = append(out, id)
	}
	return unique64(out), key, nil
}

// owner finds whose number it is now, following numbers that were merged before anybody knew them; zero = nobody's.
func owner(ctx context.Context, tx *db.Tx, n Identifier) (ID, error) {
	for range 16 {
		o, known, err := findOwner(ctx, tx, n)
		if err != nil {
			return 0, err
		}
		if known && o.MergedInto == 0 {
			return o.ID, nil
		}
		if known {
			return resolve(ctx, tx, o.MergedInto)
		}
		a, ok, err := findAlias(ctx, tx, n.Kind, n.Issuer, n.Value)
		if err != nil || !ok {
			return 0, err
		}
		n.Kind, n.Issuer, n.Value = a.IntoKind, a.IntoIssuer, a.IntoValue
	}
	return 0, nil
}
