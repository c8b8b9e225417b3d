package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
)

// States of an encounter.
const (
	StateOpen      = "open"
	StateFinished  = "finished"
	StateCancelled = "cancelled"
)

// Encounter is a visit or stay.
type Encounter struct {
	ID           EncounterID
	PatientID    patient.ID
	Issuer       string
	Number       string
	Class        string // AMB outpatient, IMP inpatient, EMER emergency, CHK check-up
	State        string
	DepartmentID staff.DepartmentID
	Ward         string
	Bed          string
	DoctorID     staff.ID
	DoctorName   string
	Disposition  string
	StartedAt    clock.Instant
	EndedAt      clock.Instant // 0 while open
	ToldAt       clock.Instant // message time of the last word; an older word changes nothing
	CreatedAt    clock.Instant
	UpdatedAt    clock.Instant
}

// EncounterInput is one word of the HIS about an encounter. Empty fields leave what is known alone.
type EncounterInput struct {
	Issuer         string // who counts the visit numbers
	Number         string // the issuer's key
	Class          string // AMB IMP EMER CHK, default AMB
	DepartmentCode string
	DepartmentName string
	Ward           string
	Bed            string
	DoctorCode     string
	DoctorName     string
	Disposition    string
	StartedAt      clock.Instant
	EndedAt        clock.Instant
	ToldAt         clock.Instant // message time; orders words, arrival does not. 0 = now
}

// verb is what a word does to the state.
type verb int

const (
	tell verb = iota
	finish
	withdraw
	reopen
)

// UpsertEncounter opens or updates an encounter; with EndedAt it is finished.
func (s *Service) UpsertEncounter(ctx context.Context, p patient.ID, in EncounterInput) (EncounterID, Change, error) {
	return s.hear(ctx, p, in, tell)
}

// Close ends an encounter at EndedAt, or at the message time (A03).
func (s *Service) Close(ctx context.Context, p patient.ID, in EncounterInput) (EncounterID, Change, error) {
	return s.hear(ctx, p, in, finish)
}

// Cancel says that the encounter never was (A11). One that is not yet known is remembered as cancelled, so that its late opening does nothing.
func (s *Service) Cancel(ctx context.Context, p patient.ID, in EncounterInput) (EncounterID, Change, error) {
	return s.hear(ctx, p, in, withdraw)
}

// Reopen takes a discharge back (A13).
func (s *Service) Reopen(ctx context.Context, p patient.ID, in EncounterInput) (EncounterID, Change, error) {
	return s.hear(ctx, p, in, reopen)
}

func (s *Service) hear(ctx context.Context, p patient.ID, in EncounterInput, v verb) (id EncounterID, c Change, err error) {
	if in.Number == "" {
		return 0, "", fault.New(fault.Invalid, "visit.encounter.no_number").With("number", "visit.encounter.no_number")
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if in.ToldAt == 0 {
			in.ToldAt = tx.Now
		}
		old, known, err := findEncounter(ctx, tx, p, in.Issuer, in.Number)
		if err != nil {
			return err
		}
		id, c = old.ID, Unchanged
		if known && in.ToldAt < old.ToldAt {
			return nil
		}
		now, err := s.learn(ctx, tx, old, p, in)
		if err != nil {
			return err
		}
		now.turn(old, in, v)
		id, c, err = s.keepEncounter(ctx, tx, old, now)
		return err
	})
	return id, c, err
}

// learn gives the encounter as it stands after the fields of in.
func (s *Service) learn(ctx context.Context, tx *db.Tx, old Encounter, p patient.ID, in EncounterInput) (Encounter, error) {
	e := old
	e.PatientID, e.Issuer, e.Number, e.ToldAt = p, in.Issuer, in.Number, in.ToldAt
	take(&e.Ward, in.Ward)
	take(&e.Bed, in.Bed)
	take(&e.DoctorName, in.DoctorName)
	take(&e.Disposition, in.Disposition)
	switch in.Class {
	case "AMB", "IMP", "EMER", "CHK":
		e.Class = in.Class
	case "":
	default:
		return e, fault.New(fault.Invalid, "visit.encounter.bad_class").With("class", "visit.encounter.bad_class")
	}
	if e.Class == "" {
		e.Class = "AMB"
	}
	if in.StartedAt != 0 {
		e.StartedAt = in.StartedAt
	}
	if e.StartedAt == 0 {
		e.StartedAt = in.ToldAt
	}
	if in.DepartmentCode != "" || in.DepartmentName != "" {
		d, err := s.Staff.DepartmentFrom(ctx, in.Issuer, in.DepartmentCode, in.DepartmentName)
		if err != nil {
			return e, err
		}
		e.DepartmentID = d
	}
	if in.DoctorCode != "" {
		doctor, ok, err := s.Staff.ByCode(ctx, in.DoctorCode)
		if err != nil {
			return e, err
		}
		if ok {
			e.DoctorID = doctor
		}
	}
	return e, nil
}

func take(to *string, v string) {
	if v != "" {
		*to = v
	}
}

// turn applies the verb to state and end.
func (e *Encounter) turn(old Encounter, in EncounterInput, v verb) {
	switch v {
	case finish:
		e.State = StateFinished
		if in.EndedAt != 0 {
			e.EndedAt = in.EndedAt
		}
		if e.EndedAt == 0 {
			e.EndedAt = in.ToldAt
		}
	case withdraw:
		e.State = StateCancelled
	case reopen:
		e.State, e.EndedAt = StateOpen, 0
	default:
		if old.State == "" || old.State == StateCancelled && in.ToldAt > old.ToldAt {
			e.State = StateOpen
		}
		if in.EndedAt != 0 && e.State != StateCancelled {
			e.State, e.EndedAt = StateFinished, in.EndedAt
		}
	}
}

func (s *Service) keepEncounter(ctx context.Context, tx *db.Tx, old, now Encounter) (EncounterID, Change, error) {
	if old.ID == 0 {
		now.ID, now.CreatedAt, now.UpdatedAt = db.New[encounterKind](s.DB), tx.Now, tx.Now
		if err := insertEncounter(ctx, tx, now); err != nil {
			return 0, "", err
		}
		return now.ID, Created, s.followEncounter(ctx, old, now)
	}
	same := old
	same.ToldAt = now.ToldAt
	if same == now {
		if old.ToldAt != now.ToldAt {
			return old.ID, Unchanged, updateEncounter(ctx, tx, now)
		}
		return old.ID, Unchanged, nil
	}
	now.UpdatedAt = tx.Now
	if err := updateEncounter(ctx, tx, now); err != nil {
		return 0, "", err
	}
	return now.ID, Updated, s.followEncounter(ctx, old, now)
}

// followEncounter gives the department and the doctor access and tells the facts.
func (s *Service) followEncounter(ctx context.Context, old, now Encounter) error {
	if now.State != StateCancelled {
		if err := s.admit(ctx, old, now); err != nil {
			return err
		}
	}
	p, e := now.PatientID, now.ID
	switch {
	case now.State == StateCancelled:
		if old.ID == 0 || old.State == StateCancelled {
			return nil
		}
		return s.Board.Publish(ctx, Cancelled{p, e})
	case old.ID == 0 || old.State == StateCancelled:
		if err := s.Board.Publish(ctx, Opened{p, e}); err != nil || now.State == StateOpen {
			return err
		}
		return s.Board.Publish(ctx, Discharged{p, e, s.date(now.EndedAt)})
	case now.State == StateFinished && (old.State != StateFinished || s.date(old.EndedAt) != s.date(now.EndedAt)):
		return s.Board.Publish(ctx, Discharged{p, e, s.date(now.EndedAt)})
	case now.State == StateOpen && old.State == StateFinished:
		return s.Board.Publish(ctx, DischargeCancelled{p, e})
	}
	return s.Board.Publish(ctx, Changed{p, e})
}

func (s *Service) admit(ctx context.Context, old, now Encounter) error {
	if now.DepartmentID != 0 && now.DepartmentID != old.DepartmentID {
		if err := s.Patient.Grant(ctx, now.PatientID, patient.Access{Kind: "department", Key: int64(now.DepartmentID), Role: "encounter"}); err != nil {
			return err
		}
	}
	if now.DoctorID != 0 && now.DoctorID != old.DoctorID {
		if err := s.Patient.Grant(ctx, now.PatientID, patient.Access{Kind: "staff", Key: int64(now.DoctorID), Role: "doctor"}); err != nil {
			return err
		}
	}
	return s.Patient.Saw(ctx, now.PatientID, now.StartedAt)
}

// Story is an encounter with what happened in it, for rules.
type Story struct {
	Encounter
	Conditions []Condition
	Procedures []Procedure
	Groups     []GroupID // groups of the conditions
}

// Story gives one encounter for the house's own rules; doors use Encounters.
func (s *Service) Story(ctx context.Context, p patient.ID, e EncounterID) (Story, error) {
	var st Story
	var err error
	if st.Encounter, err = oneEncounter(ctx, s.read(ctx), p, e); err != nil {
		return st, err
	}
	if st.Conditions, err = conditionsOf(ctx, s.read(ctx), p, e); err != nil {
		return st, err
	}
	if st.Procedures, err = proceduresOf(ctx, s.read(ctx), p, e); err != nil {
		return st, err
	}
	codes := make([]string, len(st.Conditions))
	for i, c := range st.Conditions {
		codes[i] = c.Code
	}
	groups, err := s.GroupsOf(ctx, codes...)
	for _, g := range groups {
		st.Groups = append(st.Groups, g.ID)
	}
	return st, err
}

// Visit is an encounter as a list shows it.
type Visit struct {
	Encounter
	Department string
	Diagnosis  string // principal diagnosis
	TotalFen   int64
	Hidden     bool // the caller may not read diagnoses
}

// Encounters lists a patient's visits, newest first. The caller must see the patient.
func (s *Service) Encounters(ctx context.Context, p patient.ID, cursor string, limit int) (db.Page[Visit], error) {
	var page db.Page[Visit]
	if err := access.Need(ctx, PermRead); err != nil {
		return page, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return page, err
	}
	limit = db.Limit(limit)
	rows, total, err := s.listEncounters(ctx, p, cursor, limit)
	if err != nil {
		return page, err
	}
	out, err := s.dress(ctx, p, rows)
	if err != nil {
		return page, err
	}
	return db.Cut(out, limit, total, func(v Visit) string { return db.Cursor(v.StartedAt, int64(v.ID)) }), nil
}

// dress adds names, diagnosis and sums to encounters of one patient.
func (s *Service) dress(ctx context.Context, p patient.ID, rows []Encounter) ([]Visit, error) {
	ids, deps := make([]EncounterID, len(rows)), []staff.DepartmentID{}
	for i, e := range rows {
		ids[i] = e.ID
		deps = append(deps, e.DepartmentID)
	}
	names, err := s.Staff.PastNames(ctx, deps)
	if err != nil {
		return nil, err
	}
	principal, err := principals(ctx, s.read(ctx), []patient.ID{p}, ids)
	if err != nil {
		return nil, err
	}
	sums, err := encounterSums(ctx, s.read(ctx), p, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Visit, len(rows))
	for i, e := range rows {
		out[i] = Visit{Encounter: e, Department: names.At(e.DepartmentID, e.StartedAt), Diagnosis: principal[e.ID], TotalFen: sums[e.ID]}
		out[i].Hidden = hide(ctx, PermDiagnosis, &out[i].Diagnosis)
		if !access.From(ctx).Can(PermReadCharges) {
			out[i].TotalFen = 0
		}
	}
	return out, nil
}

// Last is a patient's newest encounter in words.
type Last struct {
	EncounterID EncounterID
	Class       string
	Department  string
	Doctor      string
	Diagnosis   string
	At          clock.Instant
	EndedAt     clock.Instant
}

// LastFor gives the newest encounter of each patient, for lists that have already been scoped.
func (s *Service) LastFor(ctx context.Context, ids []patient.ID) (map[patient.ID]Last, error) {
	out := map[patient.ID]Last{}
	rows, err := lastEncounters(ctx, s.read(ctx), ids)
	if err != nil || len(rows) == 0 {
		return out, err
	}
	var encounters []EncounterID
	var deps []staff.DepartmentID
	for _, e := range rows {
		encounters, deps = append(encounters, e.ID), append(deps, e.DepartmentID)
	}
	principal, err := principals(ctx, s.read(ctx), ids, encounters)
	if err != nil {
		return nil, err
	}
	names, err := s.Staff.PastNames(ctx, deps)
	for _, e := range rows {
		l := Last{e.ID, e.Class, names.At(e.DepartmentID, e.StartedAt), e.DoctorName, principal[e.ID], e.StartedAt, e.EndedAt}
		hide(ctx, PermDiagnosis, &l.Diagnosis)
		out[e.PatientID] = l
	}
	return out, err
}
