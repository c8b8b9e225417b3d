package demo

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/intake"
	"renxin/internal/match"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
)

// patients stores the registrations of a block that do not come through the feed, and gives every registration its key.
func (l *Loader) patients(ctx context.Context, people []Person) ([]known, error) {
	ids := make([]known, len(people))
	var rows []patient.LoadRow
	for i, p := range people {
		ids[i] = make(known, len(p.Registrations))
		for n, r := range p.Registrations {
			ids[i][n] = ids[i][0]
			if n > 0 && l.Feed && p.Story == "" {
				continue
			}
			ids[i][n] = patient.ID(l.DB.NextID())
			rows = append(rows, l.patientRow(p, n, r, ids[i][n]))
		}
	}
	return ids, chunks(rows, patientsAtOnce, func(part []patient.LoadRow) error { return l.Patient.Load(ctx, part) })
}

func (l *Loader) patientRow(p Person, n int, r Registration, id patient.ID) patient.LoadRow {
	told := p.told(n, r.At)
	met := p.metBefore(n, l.split)
	row := patient.LoadRow{
		Patient: patient.Patient{
			ID: id, Name: identity.NormalName(r.Name), Sex: identity.ParseSex(r.Sex), BirthDate: r.Birth, Occupation: p.Occupation, Ethnicity: "汉族", Marital: p.Marital, Address: r.Address,
			RegionCode: r.RegionCode, Source: p.Source, CreatedAt: r.At, MetAt: met,
		},
		Access: l.access(p),
	}
	row.Identifiers, row.Contacts = identifiersOf(told.Identifiers), contactsOf(told.Telecoms)
	if p.Story == "zhaoqiang" {
		row.Patient.Alert = "有未结投诉，联系前请先与客服科长沟通"
		row.Tags = []string{"投诉"}
	}
	return row
}

// identifiersOf brings numbers into stored form; first-generation cards are widened as the feed does it.
func identifiersOf(told []intake.Identifier) []patient.Identifier {
	var all []patient.Identifier
	for _, x := range told {
		n := patient.Identifier{Kind: identity.IdentifierKind(x.Kind), Issuer: x.Issuer, Value: x.Value, Source: FeedName}
		if n.Kind == identity.KindIDCard {
			if c, _ := identity.ParseIDCard(x.Value); c.Number != "" {
				n.Value = c.Number
			}
		}
		all = append(all, n)
	}
	return all
}

// contactsOf brings numbers into stored form; placeholders are left out.
func contactsOf(told []intake.Telecom) []patient.Contact {
	var all []patient.Contact
	for _, x := range told {
		if match.IsPlaceholder(x.Value) {
			continue
		}
		for _, n := range identity.ParsePhones(x.Value, "0531") {
			all = append(all, patient.Contact{System: n.System, Value: n.String(), Number: n.Key(), Ext: n.Ext, Owner: x.Owner, Source: FeedName})
		}
	}
	return all
}

// metBefore is the start of the last visit before the split, zero without one.
func (p Person) metBefore(registration int, split clock.Instant) clock.Instant {
	var last clock.Instant
	for _, v := range p.Visits {
		if toldAt(v) < split && (v.Registration == registration || len(p.Registrations) == 1) {
			last = max(last, v.Encounter.StartedAt)
		}
	}
	return last
}

// access gives the departments that saw the person, and the nurses who followed up there, their sight of the record.
func (l *Loader) access(p Person) []patient.Access {
	var all []patient.Access
	seen := map[string]bool{}
	for _, v := range p.Visits {
		code := v.Encounter.DepartmentCode
		if nurse := l.owners[code]; nurse != 0 && !seen["nurse "+code] && p.follows(v) {
			seen["nurse "+code] = true
			all = append(all, patient.Access{Kind: "staff", Key: nurse, Role: "followup"})
		}
		if !seen[code] && toldAt(v) < l.split {
			seen[code] = true
			all = append(all, patient.Access{Kind: "department", Key: int64(l.departments[code]), Role: "encounter"})
		}
	}
	return all
}

// follows says whether a task of the history belongs to the visit.
func (p Person) follows(v Visit) bool {
	for _, t := range p.Tasks {
		if t.Visit == v.Encounter.Number {
			return true
		}
	}
	return false
}
