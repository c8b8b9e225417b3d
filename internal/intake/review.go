package intake

import (
	"context"
	"encoding/json"
	"slices"

	"golang.org/x/text/encoding/simplifiedchinese"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Records lists what came in, newest first.
func (s *Service) Records(ctx context.Context, f RecordFilter) (db.Page[Message], error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return db.Page[Message]{}, err
	}
	limit := db.Limit(f.Limit)
	scope := func(q *db.Query) {
		if !everything(ctx) {
			s.Patient.InScope(ctx, q, "m.patient_id", "m.received_at")
		}
	}
	rows, err := listMessages(ctx, s.DB.Read(ctx), f, scope, limit)
	if err != nil {
		return db.Page[Message]{}, err
	}
	total, err := countMessages(ctx, s.DB.Read(ctx), f, scope)
	return db.Cut(rows, limit, total, func(m Message) string { return db.Cursor(int64(m.ID)) }), err
}

// everything: the caller's scope has no limit, so that records which belong to nobody yet are seen too.
func everything(ctx context.Context) bool {
	sc := access.ScopeOf(ctx)
	return sc.All() && sc.Days() == 0
}

// visible returns not_found unless the record's patient is in the caller's scope, or it is nobody's and the scope has no limit.
func (s *Service) visible(ctx context.Context, m Message) error {
	switch {
	case m.PatientID != 0:
		return s.Patient.Visible(ctx, m.PatientID)
	case everything(ctx):
		return nil
	}
	return db.Missing()
}

// Detail is one record with everything a person needs to decide about it.
type Detail struct {
	Message
	Text   string // the bytes as text; "" while masked
	Record Record // as it would be applied now
	Parts  []Part // of a message that can be mended part by part
}

// Record shows one record with the person's numbers and address masked, as everywhere else; Reveal shows all of it.
func (s *Service) Record(ctx context.Context, id RecordID) (Detail, error) {
	d, err := s.detail(ctx, id)
	if err != nil {
		return Detail{}, err
	}
	d.Text, d.Raw, d.Repaired, d.Record, d.Parts = "", "", "", d.Record.Masked(), hide(d.Parts)
	return d, s.Trail.Append(ctx, trail.Entry{Action: string(PermRead), Entity: "record", EntityID: int64(id), PatientID: int64(d.PatientID)})
}

// Reveal shows one record in the clear, with the bytes as received. It needs the right to look behind masks and a reason; the look is
// in the trail before it is answered.
func (s *Service) Reveal(ctx context.Context, id RecordID, reason string) (Detail, error) {
	if err := access.Need(ctx, patient.PermReveal); err != nil {
		return Detail{}, err
	}
	d, err := s.detail(ctx, id)
	if err != nil {
		return Detail{}, err
	}
	if err := s.Trail.AppendReveal(ctx, trail.Entry{Action: "intake.record.reveal", Entity: "record", EntityID: int64(id), PatientID: int64(d.PatientID), Reason: reason}); err != nil {
		return Detail{}, err
	}
	return d, nil
}

func (s *Service) detail(ctx context.Context, id RecordID) (Detail, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return Detail{}, err
	}
	m, err := findMessage(ctx, s.DB.Read(ctx), id)
	if err == nil {
		err = s.visible(ctx, m)
	}
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Message: m, Text: readable(m)}
	if m.Raw != "" {
		if d.Record, err = s.current(ctx, m); err != nil {
			d.Record = Record{Ref: m.Ref, Type: m.Type, Event: m.Event}
		}
		d.Parts = s.parts(m, d.Record.Mended)
	}
	return d, nil
}

// readable decodes bytes that are no UTF-8 for the screen.
func readable(m Message) string {
	if m.RawForm != "base64" {
		return m.Raw
	}
	b, err := simplifiedchinese.GB18030.NewDecoder().Bytes(m.Bytes())
	if err != nil {
		return ""
	}
	return string(b)
}

// current is the record as mended, else as read from its bytes.
func (s *Service) current(ctx context.Context, m Message) (Record, error) {
	r, err := s.reread(ctx, m)
	if m.Repaired == "" {
		return r, err
	}
	mended := Record{Raw: m.Bytes()}
	return mended, json.Unmarshal([]byte(m.Repaired), &mended)
}

// Rerun judges an open record again, after whatever stood against it was put right.
func (s *Service) Rerun(ctx context.Context, id RecordID) (Message, error) {
	return s.again(ctx, id, "intake.record.rerun", decision{}, func(*Record) error { return nil })
}

// Repair changes fields of an open record (see Set) and judges it again.
func (s *Service) Repair(ctx context.Context, id RecordID, changes map[string]string) (Message, error) {
	return s.again(ctx, id, string(PermRepair), decision{}, func(r *Record) error {
		wrong := fault.New(fault.Invalid, "intake.repair.invalid")
		for field, value := range changes {
			if err := r.Set(field, value); err != nil {
				wrong.With(field, fault.KeyOf(err))
			}
		}
		return wrong.Or()
	})
}

// Decide says whose a record in review is: a patient's, or (zero) nobody's whom we know. The record is applied at once.
func (s *Service) Decide(ctx context.Context, id RecordID, p patient.ID) (Message, error) {
	if p != 0 {
		var err error
		if p, err = s.Patient.Standing(ctx, p); err != nil {
			return Message{}, err
		}
	}
	return s.again(ctx, id, "intake.record.decide", decision{patient: p, fresh: p == 0}, func(*Record) error { return nil })
}

func (s *Service) again(ctx context.Context, id RecordID, action string, d decision, mend func(*Record) error) (Message, error) {
	if err := access.Need(ctx, PermRepair); err != nil {
		return Message{}, err
	}
	var m Message
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if m, err = findMessage(ctx, tx, id); err != nil {
			return err
		}
		if err := s.visible(ctx, m); err != nil {
			return err
		}
		if m.Verdict != Review && m.Verdict != Rejected || m.UndoneAt != 0 {
			return fault.New(fault.Conflict, "intake.record.settled")
		}
		r, err := s.current(ctx, m)
		if err != nil {
			return err
		}
		before := encode(r)
		if err := mend(&r); err != nil {
			return err
		}
		if after := encode(r); after != before {
			m.Repaired = after
		}
		f, err := feedByID(ctx, tx, m.FeedID)
		if err == nil {
			err = s.resolve(ctx, tx, f, &r)
		}
		if err != nil {
			return err
		}
		if r.OccurredAt == 0 && r.Origin != nil { // it was said when it came, not now
			r.OccurredAt = m.ReceivedAt
		}
		o, err := s.judgeJournalled(access.AsSystem(ctx, "intake"), tx, m.RunID, f.Name, r, d)
		if err != nil {
			return err
		}
		if o.Verdict != Rejected {
			if err := s.remember(ctx, tx, f, r); err != nil {
				return err
			}
		}
		m.settle(o)
		m.Event, m.Attempts, m.ProcessedAt, m.DecidedBy = r.Event, m.Attempts+1, tx.Now, access.From(ctx).StaffID
		if err := updateMessage(ctx, tx, m); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "record", EntityID: int64(id), PatientID: int64(o.PatientID), Detail: map[string]any{"verdict": o.Verdict, "code": o.Code}})
	})
	return m, err
}

// Set changes one field of a record by hand and takes back the problem that stood in its way.
func (r *Record) Set(field, value string) error {
	p := &r.Patient
	switch field {
	case "patient.name":
		p.Name = &value
	case "patient.sex":
		p.Sex = &value
	case "patient.birth_date":
		p.BirthDate = &value
	case "patient.address":
		p.Address = &value
	case "patient.mobile", "patient.phone", "patient.email":
		p.setTelecom(field[len("patient."):], value)
	case "patient.id_card", "patient.card", "patient.outpatient", "patient.inpatient", "patient.checkup", "patient.passport", "patient.permit", "patient.health_card", "patient.other":
		p.setNumber(field[len("patient."):], value)
	case "encounter.number":
		if r.Encounter == nil {
			return fault.New(fault.Invalid, "intake.repair.no_encounter")
		}
		r.Encounter.Number = value
	default:
		return fault.New(fault.Invalid, "intake.repair.unknown_field")
	}
	r.Problems = slices.DeleteFunc(r.Problems, func(x Problem) bool { return x.Fatal && mends(x.Code) })
	return nil
}

// mends: a hand-made change answers these; a broken frame or a torn row stays what it is.
func mends(code string) bool {
	switch code {
	case "intake.record.lost_digits", "intake.record.no_patient", "intake.record.ambiguous_date", "intake.record.no_number":
		return true
	}
	return false
}

func (p *Person) setTelecom(system, value string) {
	p.Telecoms = slices.DeleteFunc(p.Telecoms, func(t Telecom) bool { return t.System == system && (t.Owner == "" || t.Owner == "self") })
	if value != "" {
		p.Telecoms = append(p.Telecoms, Telecom{System: system, Value: value, Owner: "self"})
	}
}

// setNumber replaces the number of a kind; its issuer is that of the number it replaces, else of the patient's other numbers.
func (p *Person) setNumber(kind, value string) {
	issuer := ""
	for _, id := range p.Identifiers {
		if id.Kind == kind || issuer == "" {
			issuer = id.Issuer
		}
	}
	p.Identifiers = slices.DeleteFunc(p.Identifiers, func(id Identifier) bool { return id.Kind == kind })
	if value == "" {
		return
	}
	switch kind {
	case "id_card", "passport", "permit", "health_card":
		issuer = ""
	}
	p.Identifiers = append(p.Identifiers, Identifier{Kind: kind, Issuer: issuer, Value: value})
}
