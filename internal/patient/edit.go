package patient

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"renxin/internal/field"
	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Draft is a patient to be recorded by hand.
type Draft struct {
	Name         string
	Sex          string // as ParseSex reads it
	BirthDate    string // YYYY-MM-DD, YYYY-MM, YYYY or ""
	Occupation   string
	Ethnicity    string
	Marital      string
	Address      string
	RegionCode   string
	Source       string
	OwnerID      int64 // staff.ID, 0 = nobody yet
	DepartmentID int64 // staff.DepartmentID, 0 = none
	Note         string
	Alert        string
	Contacts     []ContactInput
	Identifiers  []IdentifierInput
	Tags         []string
	Fields       field.Values // custom fields
}

// Patch changes the fields that are not nil. Version is the version the editor saw.
type Patch struct {
	Version      int64
	Name         *string
	Sex          *string
	BirthDate    *string
	Occupation   *string
	Ethnicity    *string
	Marital      *string
	Address      *string
	RegionCode   *string
	Source       *string
	OwnerID      *int64
	DepartmentID *int64
	Note         *string
	Alert        *string
	DeceasedAt   *string
}

// Create records a patient by hand. The caller's own access comes with it, so that nobody loses sight of whom they just recorded.
// Errors: invalid with the wrong fields; conflict where a hospital number belongs to somebody else.
func (s *Service) Create(ctx context.Context, d Draft) (ID, error) {
	if err := access.Need(ctx, PermCreate); err != nil {
		return 0, err
	}
	p, contacts, numbers, err := s.read(ctx, d)
	if err != nil {
		return 0, err
	}
	who := access.From(ctx)
	p.CreatedBy = who.StaffID
	p.ID = db.New[kind](s.DB)
	terms := identity.Terms(searchText(p, contacts, numbers)) // before the transaction: the writer is one for everybody
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p.CreatedAt, p.UpdatedAt, p.SeenAt, p.Version = tx.Now, tx.Now, tx.Now, 1
		if err := s.insert(ctx, tx, p, contacts, numbers, d.Tags, terms); err != nil {
			return err
		}
		if err := s.grantOwn(ctx, tx, p); err != nil {
			return err
		}
		if err := firstByHand(ctx, tx, p.ID, handFields(p), tx.Now); err != nil {
			return err
		}
		if err := s.writeFields(ctx, tx, p.ID, d.Fields, true); err != nil {
			return err
		}
		if err := s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.create", Entity: "patient", EntityID: int64(p.ID), PatientID: int64(p.ID)}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Created{PatientID: p.ID, ByHand: true})
	})
	return p.ID, err
}

// grantOwn gives the recorder, the owner and the department their access.
func (s *Service) grantOwn(ctx context.Context, tx *db.Tx, p Patient) error {
	for _, a := range []Access{{Kind: "staff", Key: p.CreatedBy, Role: "creator"}, {Kind: "staff", Key: p.OwnerID, Role: "owner"}, {Kind: "department", Key: p.DepartmentID, Role: "owner"}} {
		if a.Key == 0 {
			continue
		}
		if err := grant(ctx, tx, p.ID, a); err != nil {
			return err
		}
	}
	return nil
}

// insert writes the patient with everything that hangs on it.
func (s *Service) insert(ctx context.Context, tx *db.Tx, p Patient, cs []Contact, ns []Identifier, tags, terms []string) error {
	if err := insertPatient(ctx, tx, p); err != nil {
		return err
	}
	for i, c := range cs {
		c.ID, c.PatientID, c.Rank, c.CreatedAt = db.New[contactKind](s.DB), p.ID, int64(i+1), tx.Now
		if err := insertContact(ctx, tx, c); err != nil {
			return err
		}
	}
	for _, n := range inOrder(ns) {
		n.ID, n.PatientID, n.CreatedAt = db.New[numberKind](s.DB), p.ID, tx.Now
		if err := addIdentifier(ctx, tx, n); err != nil {
			return err
		}
	}
	for _, t := range cleanTags(tags) {
		if err := insertTag(ctx, tx, p.ID, t, access.From(ctx).StaffID); err != nil {
			return err
		}
	}
	if err := insertTerms(ctx, tx, p.ID, terms); err != nil {
		return err
	}
	return s.linkNewborn(ctx, tx, p, cs)
}

// read checks a draft and brings it into stored form; every wrong field is named.
func (s *Service) read(ctx context.Context, d Draft) (Patient, []Contact, []Identifier, error) {
	wrong := fault.New(fault.Invalid, "patient.patient.invalid")
	p := Patient{Name: identity.NormalName(d.Name), Sex: identity.ParseSex(d.Sex), BirthDate: clock.Date(strings.TrimSpace(d.BirthDate)),
		Occupation: clean(d.Occupation), Ethnicity: clean(d.Ethnicity), Marital: clean(d.Marital), Address: clean(d.Address), RegionCode: d.RegionCode,
		Source: clean(d.Source), OwnerID: d.OwnerID, DepartmentID: d.DepartmentID, Note: strings.TrimSpace(d.Note), Alert: clean(d.Alert)}
	p.Source = orWord(s.Setting.Read(ctx, "source", p.Source), p.Source)
	contacts := s.readContacts(ctx, d.Contacts, wrong)
	numbers := readIdentifiers(d.Identifiers, wrong)
	p.derive(numbers)
	p.check(wrong, s.DB.Clock().Today())
	return p, contacts, numbers, wrong.Or()
}

// derive fills birth date, sex and region that a valid identity card or the address tells, where nobody said otherwise.
func (p *Patient) derive(ns []Identifier) {
	if p.RegionCode == "" {
		p.RegionCode = identity.ReadRegion(p.Address)
	}
	for _, n := range ns {
		if n.Kind != identity.KindIDCard {
			continue
		}
		c, problem := identity.ParseIDCard(n.Value)
		if problem != "" {
			continue
		}
		if p.BirthDate == "" {
			p.BirthDate = c.Birth
		}
		if p.Sex == identity.UnknownSex {
			p.Sex = c.Sex
		}
	}
	if r := identity.Pinyin(p.Name); len(r) > 0 {
		p.Pinyin = r[0].Full()
	} else {
		p.Pinyin = strings.ToLower(p.Name)
	}
}

func (p *Patient) check(wrong *fault.Error, today clock.Date) {
	if p.Name == "" {
		wrong.With("name", "patient.name.required")
	}
	if utf8.RuneCountInString(p.Name) > 100 {
		wrong.With("name", "patient.text.too_long", "limit", 100)
	}
	if !validBirth(p.BirthDate) || p.BirthDate > today {
		wrong.With("birth_date", "patient.birth_date.malformed")
	}
	if _, known := identity.FindRegion(p.RegionCode); p.RegionCode != "" && !known {
		wrong.With("region_code", "patient.region.unknown")
	}
	for path, text := range map[string]string{"address": p.Address, "note": p.Note, "alert": p.Alert, "occupation": p.Occupation, "source": p.Source} {
		if utf8.RuneCountInString(text) > 2000 {
			wrong.With(path, "patient.text.too_long", "limit", 2000)
		}
	}
}

// validBirth accepts a day, a month, a year or nothing.
func validBirth(d clock.Date) bool {
	full := map[int]string{10: "", 7: "-01", 4: "-01-01"}
	rest, ok := full[len(d)]
	if d == "" {
		return true
	}
	if !ok {
		return false
	}
	_, err := clock.ParseDate(string(d) + rest)
	return err == nil && d >= "1850"
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// Update changes a patient by hand; what it changes is marked as verified by a person. Errors: not_found outside the scope; invalid;
// conflict with the current row as data when the version is not the one edited.
func (s *Service) Update(ctx context.Context, id ID, patch Patch) (Detail, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return Detail{}, err
	}
	if (patch.OwnerID != nil || patch.DepartmentID != nil) && !access.From(ctx).Can(PermAssign) {
		return Detail{}, access.Need(ctx, PermAssign)
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Visible(ctx, id); err != nil {
			return err
		}
		old, err := findPatient(ctx, tx, id)
		if err != nil {
			return err
		}
		if old.Version != patch.Version || old.MergedInto != 0 {
			now, err := s.detail(ctx, tx, id)
			if err != nil {
				return err
			}
			return db.Stale(now)
		}
		fresh := old
		patch.apply(&fresh)
		wrong := fault.New(fault.Invalid, "patient.patient.invalid")
		fresh.derive(nil)
		fresh.check(wrong, s.DB.Clock().Today())
		frozen(old, fresh, wrong)
		if err := wrong.Or(); err != nil {
			return err
		}
		return s.save(ctx, tx, old, fresh, true)
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Find(ctx, id)
}

func (c Patch) apply(p *Patient) {
	for from, to := range map[*string]*string{c.Occupation: &p.Occupation, c.Ethnicity: &p.Ethnicity, c.Marital: &p.Marital, c.Address: &p.Address,
		c.Source: &p.Source, c.Alert: &p.Alert, c.DeceasedAt: &p.DeceasedAt} {
		if from != nil {
			*to = clean(*from)
		}
	}
	if c.Name != nil {
		p.Name = identity.NormalName(*c.Name)
	}
	if c.Sex != nil {
		p.Sex = identity.ParseSex(*c.Sex)
	}
	if c.BirthDate != nil {
		p.BirthDate = clock.Date(strings.TrimSpace(*c.BirthDate))
	}
	if c.Note != nil {
		p.Note = strings.TrimSpace(*c.Note)
	}
	if c.RegionCode != nil {
		p.RegionCode = *c.RegionCode
	} else if c.Address != nil {
		p.RegionCode = ""
	}
	if c.OwnerID != nil {
		p.OwnerID = *c.OwnerID
	}
	if c.DepartmentID != nil {
		p.DepartmentID = *c.DepartmentID
	}
}

// save writes the difference of two states of one patient: row, search terms, access, provenance, trail and fact.
func (s *Service) save(ctx context.Context, tx *db.Tx, old, fresh Patient, byHand bool) error {
	fields := changed(old, fresh)
	if len(fields) == 0 {
		return nil
	}
	renamed, before := slices.Contains(fields, "name"), []string(nil)
	if renamed {
		var err error
		if before, err = termsOf(ctx, tx, old); err != nil {
			return err
		}
	}
	fresh.Version, fresh.UpdatedAt = old.Version+1, tx.Now
	if err := updatePatient(ctx, tx, fresh, old.Version); err != nil {
		return err
	}
	if renamed {
		if err := reindex(ctx, tx, fresh.ID, before); err != nil {
			return err
		}
	}
	if err := s.moveOwner(ctx, tx, old, fresh); err != nil {
		return err
	}
	if byHand {
		verified := map[string]string{}
		for _, f := range fields {
			verified[f] = fieldOf(fresh, f)
		}
		if err := rememberHand(ctx, tx, fresh.ID, verified, tx.Now); err != nil {
			return err
		}
		if err := s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.update", Entity: "patient", EntityID: int64(fresh.ID), PatientID: int64(fresh.ID), Detail: map[string]any{"fields": fields}}); err != nil {
			return err
		}
	}
	return s.Board.Publish(ctx, Updated{fresh.ID, fields})
}

func (s *Service) moveOwner(ctx context.Context, tx *db.Tx, old, fresh Patient) error {
	for _, m := range []struct {
		kind     string
		from, to int64
	}{{"staff", old.OwnerID, fresh.OwnerID}, {"department", old.DepartmentID, fresh.DepartmentID}} {
		if m.from == m.to {
			continue
		}
		if err := revoke(ctx, tx, fresh.ID, Access{Kind: m.kind, Key: m.from, Role: "owner"}); err != nil {
			return err
		}
		if m.to != 0 {
			if err := grant(ctx, tx, fresh.ID, Access{Kind: m.kind, Key: m.to, Role: "owner"}); err != nil {
				return err
			}
		}
	}
	return nil
}
