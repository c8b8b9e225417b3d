package intake

import (
	"context"
	"strings"

	"renxin/internal/booking"
	"renxin/internal/patient"
	"renxin/internal/visit"
)

// decision is what a person said about a record in review; the zero decision leaves it to the matching.
type decision struct {
	patient patient.ID // the record is this patient's
	fresh   bool       // the record is a person we do not know
}

// apply writes one record through the rooms. It runs in a savepoint of the caller's transaction: what it returns as Review or
// Rejected leaves nothing behind.
func (s *Service) apply(ctx context.Context, feed string, r Record, d decision) (Outcome, error) {
	if o, settled := settledByHand(r, d); settled {
		return o, nil
	}
	switch r.Event {
	case Ignored:
		return Outcome{Verdict: Unchanged, Code: r.Reason}, nil
	case PatientMerge:
		return s.applyMerge(ctx, feed, r)
	case AccountMove:
		if r.Move != nil && foreign(r.Move.From, r.Patient.Identifiers) {
			return Outcome{Verdict: Review, Code: "intake.review.move"}, nil
		}
	case IdentifierChange:
		for _, m := range r.Merges { // the person keeps the old number as an alias and gains the new one
			if !comparable(m.From, m.Into) && d.patient == 0 {
				return Outcome{Verdict: Review, Code: "intake.review.issuer"}, nil
			}
			r.Patient.Identifiers = union(m.From, r.Patient.Identifiers)
		}
	}
	mark := s.Patient.Mark()
	o, err := s.applyPerson(ctx, feed, r, d)
	if err != nil || o.Verdict == Review || o.Verdict == Rejected {
		return o, err
	}
	if err := s.applyRelatives(ctx, feed, r, &o); err != nil {
		return o, err
	}
	changed, err := s.applyVisit(ctx, o.PatientID, r)
	if err != nil {
		return o, err
	}
	o.Changed = append(o.Changed, changed...)
	if len(changed) > 0 && o.Verdict == Unchanged {
		o.Verdict = Updated
	}
	return o, s.Patient.Trace(ctx, o.PatientID, mark, numbers(r.Patient.Identifiers))
}

// settledByHand: a merge or a move that waited is not carried out from here. A person merged the patients, or moved the visit,
// where that is done (or decided that it is wrong) and closes the record by naming the patient, or nobody.
func settledByHand(r Record, d decision) (Outcome, bool) {
	moves := r.Event == PatientMerge || r.Event == AccountMove
	switch {
	case moves && d.patient != 0:
		return Outcome{Verdict: Unchanged, Code: "intake.settled.by_hand", PatientID: d.patient}, true
	case d.fresh && (moves || r.Event == IdentifierChange):
		return Outcome{Verdict: Unchanged, Code: "intake.settled.not_followed"}, true
	}
	return Outcome{}, false
}

// applyMerge joins persons pair by pair, then takes what the message says of the survivor.
func (s *Service) applyMerge(ctx context.Context, feed string, r Record) (Outcome, error) {
	total := Outcome{Verdict: Unchanged}
	for _, m := range r.Merges {
		if !comparable(m.From, m.Into) {
			return Outcome{Verdict: Review, Code: "intake.review.issuer"}, nil
		}
		o, err := s.mergeNumbers(ctx, m, r)
		if err != nil || o.Verdict == Review || o.Verdict == Rejected {
			return o, err
		}
		if o.Verdict == Updated {
			total.Verdict, total.Changed = Updated, []string{"merge"}
		}
		total.PatientID, total.Key = o.PatientID, o.Key
	}
	if r.Patient.Name == nil && total.PatientID == 0 { // both numbers are strangers and nobody is named: the alias is all
		return total, nil
	}
	o, err := s.applyPerson(ctx, feed, r, decision{})
	if err != nil || o.Verdict == Review || o.Verdict == Rejected {
		return o, err
	}
	o.Changed = append(total.Changed, o.Changed...)
	if o.Verdict == Unchanged {
		o.Verdict = total.Verdict
	}
	return o, nil
}

// comparable: one authority must have given a number of both sides, else nobody says that they mean the same counting.
func comparable(from, into []Identifier) bool {
	for _, a := range from {
		for _, b := range into {
			if a.Kind == b.Kind && a.Issuer == b.Issuer {
				return true
			}
		}
	}
	return false
}

// foreign: the numbers of the giving side are not the receiving side's own.
func foreign(from, into []Identifier) bool {
	for _, a := range from {
		for _, b := range into {
			if a == b {
				return false
			}
		}
	}
	return len(from) > 0
}

func union(a, b []Identifier) []Identifier {
	out := append([]Identifier(nil), a...)
	for _, x := range b {
		if foreign([]Identifier{x}, a) {
			out = append(out, x)
		}
	}
	return out
}

// issuer is who counts a record's visits and appointments: the authority of the patient's own number, because billing and
// registration systems use the same; else the sending application.
func (r Record) issuer(feed string) string {
	for _, id := range r.Patient.Identifiers {
		if id.Issuer != "" {
			return id.Issuer
		}
	}
	return r.source(feed)
}

// source is whose word it is.
func (r Record) source(feed string) string {
	if app, _, _ := strings.Cut(r.Sender, "/"); app != "" {
		return app
	}
	return feed
}

// applyVisit writes everything but the person and names what changed.
func (s *Service) applyVisit(ctx context.Context, p patient.ID, r Record) (changed []string, err error) {
	note := func(what string, c visit.Change) {
		if c != visit.Unchanged && c != "" {
			changed = append(changed, what)
		}
	}
	e, c, err := s.applyEncounter(ctx, p, r)
	if err != nil {
		return nil, err
	}
	note("encounter", c)
	for _, x := range r.Conditions {
		_, c, err := s.Visit.UpsertCondition(ctx, p, e, visit.ConditionInput{Code: x.Code, Name: x.Name, Kind: x.Kind, Rank: x.Rank, At: x.At})
		if err != nil {
			return nil, err
		}
		note("condition", c)
	}
	issuer := r.issuer("")
	for _, x := range r.Procedures {
		_, c, err := s.Visit.UpsertProcedure(ctx, p, e, visit.ProcedureInput{Issuer: issuer, Number: procedureKey(r, x), Code: x.Code, Name: x.Name, Doctor: x.Doctor, At: x.At})
		if err != nil {
			return nil, err
		}
		note("procedure", c)
	}
	for _, x := range r.Charges {
		if x.Currency != "" { // a foreign amount in a sum of yuan would be a wrong number
			continue
		}
		_, c, err := s.Visit.UpsertCharge(ctx, p, e, visit.ChargeInput{Issuer: issuer, Number: x.Number, Code: x.Code, Name: x.Name,
			Category: x.Category, Quantity: x.Quantity, AmountFen: x.AmountFen, At: x.At})
		if err != nil {
			return nil, err
		}
		note("charge", c)
	}
	for _, x := range r.Reports {
		_, c, err := s.Visit.UpsertReport(ctx, p, e, visit.ReportInput{Issuer: issuer, Number: x.Number, Kind: x.Kind, Name: x.Name,
			Conclusion: x.Conclusion, Abnormal: x.Abnormal, Result: s.kept(ctx, x.Result), At: x.At})
		if err != nil {
			return nil, err
		}
		note("report", c)
	}
	c, err = s.applyAppointment(ctx, p, r)
	note("appointment", c)
	return changed, err
}

// kept is the text of a result where the hospital keeps such texts.
func (s *Service) kept(ctx context.Context, result string) string {
	if result == "" || !s.keepsResults(ctx) {
		return ""
	}
	return result
}

// procedureKey: code@time names a procedure within its visit only.
func procedureKey(r Record, x Procedure) string {
	if r.Encounter != nil && strings.Contains(x.Number, "@") {
		return r.Encounter.Number + "/" + x.Number
	}
	return x.Number
}

// applyEncounter tells the visit room. Charges and reports only mention a visit: their word is older than any that opens or
// closes it, and reports, which come from other systems with their own numbering, name none at all.
func (s *Service) applyEncounter(ctx context.Context, p patient.ID, r Record) (visit.EncounterID, visit.Change, error) {
	x := r.Encounter
	if x == nil || x.Number == "" || r.Event == ReportReady {
		return 0, visit.Unchanged, nil
	}
	in := visit.EncounterInput{Issuer: x.Issuer, Number: x.Number, Class: x.Class, DepartmentCode: x.DepartmentCode, DepartmentName: x.DepartmentName,
		Ward: x.WardCode, Bed: x.Bed, DoctorCode: x.DoctorCode, DoctorName: x.DoctorName, Disposition: x.Disposition,
		StartedAt: x.StartedAt, EndedAt: x.EndedAt, ToldAt: r.OccurredAt}
	if in.Issuer == "" {
		in.Issuer = r.issuer("")
	}
	if in.EndedAt != 0 && in.EndedAt < in.StartedAt {
		in.EndedAt = in.StartedAt
	}
	switch r.Event {
	case EncounterClose:
		return s.Visit.Close(ctx, p, in)
	case EncounterCancel:
		return s.Visit.Cancel(ctx, p, in)
	case EncounterReopen:
		in.EndedAt = 0
		return s.Visit.Reopen(ctx, p, in)
	case ChargePost, DiagnosisTell:
		in.ToldAt = 1
		if in.StartedAt == 0 {
			in.StartedAt = r.OccurredAt
		}
	}
	return s.Visit.UpsertEncounter(ctx, p, in)
}

func (s *Service) applyAppointment(ctx context.Context, p patient.ID, r Record) (visit.Change, error) {
	x := r.Appointment
	if x == nil {
		return visit.Unchanged, nil
	}
	state := booking.StateBooked
	switch r.Event {
	case AppointmentCancel:
		state = booking.StateCancelled
	case AppointmentNoShow:
		state = booking.StateMissed
	}
	_, c, err := s.Booking.Upsert(ctx, p, booking.AppointmentInput{Issuer: r.issuer(""), Number: x.Number, Placer: x.Placer, State: state,
		DepartmentCode: x.DepartmentCode, DepartmentName: x.DepartmentName, DoctorCode: x.DoctorCode, DoctorName: x.DoctorName,
		StartsAt: x.StartsAt, EndsAt: x.EndsAt, Reason: x.Reason, ToldAt: r.OccurredAt})
	return c, err
}
