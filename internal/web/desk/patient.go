package desk

import (
	"context"

	"renxin/internal/field"
	"renxin/internal/followup"
	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/segment"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// PatientRow is a patient in the list.
type PatientRow struct {
	patient.Brief
	Department    string          `json:"department"`
	Doctor        string          `json:"doctor"`
	Diagnosis     string          `json:"diagnosis"`
	SeenAt        clock.Instant   `json:"seen_at"`
	NextTaskAt    clock.Instant   `json:"next_task_at"`
	NextTaskTitle string          `json:"next_task_title"`
	OwnerID       staff.ID        `json:"owner_id"`
	OwnerName     string          `json:"owner_name"`
	Fields        []FieldValue    `json:"fields"` // custom fields that one's role sees
	Source        string          `json:"source"`
	Version       int64           `json:"version"`
	Why           []patient.Match `json:"why"` // what a search matched
}

// PatientFilter narrows the list.
type PatientFilter struct {
	DepartmentID     staff.DepartmentID `json:"department_id"`
	OwnerID          staff.ID           `json:"owner_id"`
	Source           string             `json:"source"`
	Tag              string             `json:"tag"`
	Sex              identity.Sex       `json:"sex"`
	Region           string             `json:"region"`
	AgeFrom          int                `json:"age_from"`
	AgeTo            int                `json:"age_to"`
	SeenFrom         clock.Date         `json:"seen_from"`
	SeenTo           clock.Date         `json:"seen_to"`
	ConditionGroupID visit.GroupID      `json:"condition_group_id"`
	Fields           []field.Condition  `json:"fields"`
	IDs              []patient.ID       `json:"ids"`
	SegmentID        segment.ID         `json:"segment_id"`
	Key              bool               `json:"key"` // those whom a clinical rule flags
}

// PatientSearch is a search in the body, because it may hold a name or a number.
type PatientSearch struct {
	Text   string        `json:"text"`
	Filter PatientFilter `json:"filter"`
	Sort   string        `json:"sort"`
	Limit  int           `json:"limit"`
	Cursor string        `json:"cursor"`
}

// PatientDetail is one patient's own data, masked.
type PatientDetail struct {
	patient.Brief
	Version     int64                `json:"version"`
	Occupation  string               `json:"occupation"`
	Ethnicity   string               `json:"ethnicity"`
	Marital     string               `json:"marital"`
	Address     string               `json:"address"`
	Region      *identity.Region     `json:"region"`
	Source      string               `json:"source"`
	Owner       *Named               `json:"owner"`
	Department  *Named               `json:"department"`
	Note        string               `json:"note"`
	Contacts    []patient.Contact    `json:"contacts"`
	Identifiers []patient.Identifier `json:"identifiers"`
	Proposals   []patient.Proposal   `json:"proposals"`
	CreatedAt   clock.Instant        `json:"created_at"`
	SeenAt      clock.Instant        `json:"seen_at"`
	MergedInto  patient.ID           `json:"merged_into"`
	DeceasedAt  string               `json:"deceased_at"`
}

// PatientContact is a contact point as typed.
type PatientContact struct {
	System string `json:"system"`
	Value  string `json:"value"`
	Owner  string `json:"owner"`
	Label  string `json:"label"`
}

// PatientNumber is an identifier as typed.
type PatientNumber struct {
	Kind   string `json:"kind"`
	Issuer string `json:"issuer"`
	Value  string `json:"value"`
}

// PatientInput is a new patient.
type PatientInput struct {
	Name         string             `json:"name"`
	Sex          string             `json:"sex"`
	BirthDate    string             `json:"birth_date"`
	Occupation   string             `json:"occupation"`
	Ethnicity    string             `json:"ethnicity"`
	Marital      string             `json:"marital"`
	Address      string             `json:"address"`
	RegionCode   string             `json:"region_code"`
	Source       string             `json:"source"`
	OwnerID      staff.ID           `json:"owner_id"`
	DepartmentID staff.DepartmentID `json:"department_id"`
	Note         string             `json:"note"`
	Alert        string             `json:"alert"`
	Contacts     []PatientContact   `json:"contacts"`
	Identifiers  []PatientNumber    `json:"identifiers"`
	Tags         []string           `json:"tags"`
	Fields       []FieldValue       `json:"fields"`
	ExcludeID    patient.ID         `json:"exclude_id"` // for duplicates: the patient being edited
}

// PatientPatch changes what is present.
type PatientPatch struct {
	Version      int64               `json:"version"`
	Name         *string             `json:"name"`
	Sex          *string             `json:"sex"`
	BirthDate    *string             `json:"birth_date"`
	Occupation   *string             `json:"occupation"`
	Ethnicity    *string             `json:"ethnicity"`
	Marital      *string             `json:"marital"`
	Address      *string             `json:"address"`
	RegionCode   *string             `json:"region_code"`
	Source       *string             `json:"source"`
	OwnerID      *staff.ID           `json:"owner_id"`
	DepartmentID *staff.DepartmentID `json:"department_id"`
	Note         *string             `json:"note"`
	Alert        *string             `json:"alert"`
	DeceasedAt   *string             `json:"deceased_at"`
}

// patientDoor answers for patients with what the rooms around them know.
type patientDoor struct {
	patient  *patient.Service
	staff    *staff.Service
	visit    *visit.Service
	followup *followup.Service
}

func (in PatientInput) draft() patient.Draft {
	d := patient.Draft{Name: in.Name, Sex: in.Sex, BirthDate: in.BirthDate, Occupation: in.Occupation, Ethnicity: in.Ethnicity, Marital: in.Marital, Address: in.Address,
		RegionCode: in.RegionCode, Source: in.Source, OwnerID: int64(in.OwnerID), DepartmentID: int64(in.DepartmentID), Note: in.Note, Alert: in.Alert, Tags: in.Tags, Fields: fieldValues(in.Fields)}
	for _, c := range in.Contacts {
		d.Contacts = append(d.Contacts, patient.ContactInput(c))
	}
	for _, n := range in.Identifiers {
		d.Identifiers = append(d.Identifiers, patient.IdentifierInput(n))
	}
	return d
}

func (in PatientPatch) patch() patient.Patch {
	p := patient.Patch{Version: in.Version, Name: in.Name, Sex: in.Sex, BirthDate: in.BirthDate, Occupation: in.Occupation, Ethnicity: in.Ethnicity, Marital: in.Marital,
		Address: in.Address, RegionCode: in.RegionCode, Source: in.Source, Note: in.Note, Alert: in.Alert, DeceasedAt: in.DeceasedAt}
	if in.OwnerID != nil {
		v := int64(*in.OwnerID)
		p.OwnerID = &v
	}
	if in.DepartmentID != nil {
		v := int64(*in.DepartmentID)
		p.DepartmentID = &v
	}
	return p
}

// filter turns the body of a search into the room's filter.
func (d patientDoor) filter(ctx context.Context, in PatientSearch) (patient.Filter, error) {
	f := in.Filter
	out := patient.Filter{Text: in.Text, DepartmentID: int64(f.DepartmentID), OwnerID: int64(f.OwnerID), Source: f.Source, Tag: f.Tag, Sex: f.Sex, Region: f.Region,
		AgeFrom: f.AgeFrom, AgeTo: f.AgeTo, SeenFrom: f.SeenFrom, SeenTo: f.SeenTo, Fields: f.Fields, IDs: f.IDs, Sort: in.Sort, Limit: in.Limit, Cursor: in.Cursor}
	if f.ConditionGroupID != 0 {
		out.Within = append(out.Within, patient.Within{Kind: "condition_group", Key: int64(f.ConditionGroupID)})
	}
	if f.SegmentID != 0 {
		out.Within = append(out.Within, patient.Within{Kind: segment.Plain, Key: int64(f.SegmentID)})
	}
	if f.Key {
		out.Within = append(out.Within, patient.Within{Kind: segment.Key})
	}
	return out, nil
}

// rows adds to a page what visits, follow-up and staff know of its patients.
func (d patientDoor) rows(ctx context.Context, p db.Page[patient.Entry]) (db.Page[PatientRow], error) {
	out := db.Page[PatientRow]{Items: []PatientRow{}, Next: p.Next, Total: p.Total}
	ids, owners := make([]patient.ID, len(p.Items)), make([]staff.ID, len(p.Items))
	for i, r := range p.Items {
		ids[i], owners[i] = r.ID, staff.ID(r.OwnerID)
	}
	last, err := d.visit.LastFor(ctx, ids)
	if err != nil {
		return out, err
	}
	next, err := d.followup.NextFor(ctx, ids)
	if err != nil {
		return out, err
	}
	custom, err := d.patient.FieldsOf(ctx, ids)
	if err != nil {
		return out, err
	}
	names, err := d.staff.Names(ctx, owners)
	for _, r := range p.Items {
		l, n := last[r.ID], next[r.ID]
		out.Items = append(out.Items, PatientRow{Brief: r.Brief, Department: l.Department, Doctor: l.Doctor, Diagnosis: l.Diagnosis, SeenAt: r.SeenAt,
			NextTaskAt: n.DueAt, NextTaskTitle: n.Title, OwnerID: staff.ID(r.OwnerID), OwnerName: names[staff.ID(r.OwnerID)], Fields: fieldList(custom[r.ID]), Source: r.Source, Version: r.Version, Why: append([]patient.Match{}, r.Why...)})
	}
	return out, err
}

// detail writes a patient as the contract has it.
func (d patientDoor) detail(ctx context.Context, p patient.Detail, err error) (PatientDetail, error) {
	if err != nil {
		return PatientDetail{}, err
	}
	bs, err := d.patient.Briefs(ctx, []patient.ID{p.ID})
	if err != nil {
		return PatientDetail{}, err
	}
	out := PatientDetail{Brief: bs[p.ID], Version: p.Version, Occupation: p.Occupation, Ethnicity: p.Ethnicity, Marital: p.Marital, Address: p.Address, Source: p.Source, Note: p.Note,
		Contacts: p.Contacts, Identifiers: p.Identifiers, Proposals: p.Proposals, CreatedAt: p.CreatedAt, SeenAt: p.MetAt, MergedInto: p.MergedInto, DeceasedAt: p.DeceasedAt}
	out.ID = p.ID
	if p.RegionCode != "" {
		out.Region = &identity.Region{Code: p.RegionCode, Name: identity.RegionName(p.RegionCode)}
	}
	if p.OwnerID != 0 {
		names, err := d.staff.Names(ctx, []staff.ID{staff.ID(p.OwnerID)})
		if err != nil {
			return out, err
		}
		out.Owner = &Named{staff.ID(p.OwnerID).String(), names[staff.ID(p.OwnerID)]}
	}
	if p.DepartmentID != 0 {
		id := staff.DepartmentID(p.DepartmentID)
		names, err := d.staff.DepartmentNames(ctx, []staff.DepartmentID{id})
		if err != nil {
			return out, err
		}
		out.Department = &Named{id.String(), names[id]}
	}
	return out, nil
}
