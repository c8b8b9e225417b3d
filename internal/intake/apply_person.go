package intake

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/patient"
)

// applyPerson finds whose record it is and writes what it says of the person.
func (s *Service) applyPerson(ctx context.Context, feed string, r Record, d decision) (Outcome, error) {
	f := r.Patient.feed()
	f.Source, f.OccurredAt = r.source(feed), r.OccurredAt
	f.PatientID, f.AsNew = d.patient, d.fresh
	if f.OccurredAt == 0 { // a row of a table speaks of today
		f.OccurredAt = s.DB.Read(ctx).Now
	}
	o, err := s.Patient.Apply(ctx, f)
	return outcomeOf(o), err
}

// applyRelatives records whom a source names as the patient's family.
func (s *Service) applyRelatives(ctx context.Context, feed string, r Record, o *Outcome) error {
	for _, x := range r.Patient.Relatives {
		changed, err := s.Patient.RelateFrom(ctx, o.PatientID, patient.RelationInput{Kind: x.Kind, Name: x.Name, Phone: x.Phone}, r.source(feed))
		if err != nil {
			return err
		}
		if changed {
			o.Changed = append(o.Changed, "relation")
			if o.Verdict == Unchanged {
				o.Verdict = Updated
			}
		}
	}
	return nil
}

func (s *Service) mergeNumbers(ctx context.Context, m MergePair, r Record) (Outcome, error) {
	o, err := s.Patient.MergeNumbers(ctx, numbers(m.From), numbers(m.Into), r.OccurredAt)
	return outcomeOf(o), err
}

func outcomeOf(o patient.Outcome) Outcome {
	out := Outcome{Verdict: Verdict(o.Verdict), Code: o.Code, Key: o.Key, PatientID: o.ID, Changed: o.Changed, Changes: o.Changes, Candidates: o.Candidates}
	for _, h := range o.Held {
		out.Reasons = append(out.Reasons, Reason{Code: "intake.record.held", Field: h})
	}
	return out
}

func (p Person) feed() patient.Feed {
	f := patient.Feed{Identifiers: numbers(p.Identifiers), Name: p.Name, Sex: p.Sex, BirthDate: p.BirthDate, Address: p.Address, RegionCode: p.RegionCode,
		Occupation: p.Occupation, Ethnicity: p.Ethnicity, Marital: p.Marital, Channel: p.Source, DeceasedAt: p.DeceasedAt, Note: p.Note}
	for _, t := range p.Telecoms {
		f.Telecoms = append(f.Telecoms, patient.ContactInput{System: t.System, Value: t.Value, Owner: t.Owner})
	}
	return f
}

func numbers(ids []Identifier) []patient.Identifier {
	out := make([]patient.Identifier, 0, len(ids))
	for _, id := range ids {
		out = append(out, patient.Identifier{Kind: identity.IdentifierKind(id.Kind), Issuer: id.Issuer, Value: id.Value})
	}
	return out
}
