package organization

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Roles are what a member is to the organisation.
var Roles = []string{"employee", "insured", "dependant", "retired", "student", "resident", "other"}

// Member says that a patient belongs to an organisation from one day to another.
type Member struct {
	PatientID      patient.ID    `json:"patient_id"`
	OrganizationID ID            `json:"organization_id"`
	Role           string        `json:"role"`
	Number         string        `json:"number"` // staff or policy number there
	Unit           string        `json:"unit"`   // department of the organisation
	ValidFrom      clock.Date    `json:"valid_from"`
	ValidTo        clock.Date    `json:"valid_to"` // last day, "" = no end
	CreatedBy      int64         `json:"-"`
	CreatedAt      clock.Instant `json:"created_at"`
	UpdatedAt      clock.Instant `json:"updated_at"`
	Version        int64         `json:"version"`
	Former         bool          `json:"former" db:"-"` // its last day is over
}

// MemberInput is a membership as typed; ValidFrom "" = today.
type MemberInput struct {
	Role      string     `json:"role"`
	Number    string     `json:"number"`
	Unit      string     `json:"unit"`
	ValidFrom clock.Date `json:"valid_from"`
	ValidTo   clock.Date `json:"valid_to"`
}

// Joined is published when a patient became a member, or one again.
type Joined struct {
	PatientID      patient.ID `json:"patient_id"`
	OrganizationID ID         `json:"organization_id"`
}

// Left is published when a member was taken off or given a last day.
type Left struct {
	PatientID      patient.ID `json:"patient_id"`
	OrganizationID ID         `json:"organization_id"`
}

// FactName implements event.Fact.
func (Joined) FactName() string { return "organization.joined" }

// FactName implements event.Fact.
func (Left) FactName() string { return "organization.left" }

// FactPatient implements event.Fact.
func (f Joined) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Left) FactPatient() int64 { return int64(f.PatientID) }

// longerMember keeps, of two records of one person in one organisation, the one that lasts longer.
func longerMember(survivor, other patient.Row) patient.Row {
	a, b := text(survivor["valid_to"]), text(other["valid_to"])
	if a != "" && (b == "" || b > a) {
		out := patient.Row{}
		for k, v := range other {
			out[k] = v
		}
		out["patient_id"] = survivor["patient_id"]
		return out
	}
	return survivor
}

func text(v any) string {
	switch s := v.(type) {
	case string:
		return s
	case []byte:
		return string(s)
	}
	return ""
}

func (in MemberInput) check(m *Member, today clock.Date) error {
	f := fault.New(fault.Invalid, "organization.member.invalid")
	if in.Role == "" {
		in.Role = "other"
	}
	if in.ValidFrom == "" {
		in.ValidFrom = today
	}
	m.Role, m.Number, m.Unit, m.ValidFrom, m.ValidTo = in.Role, strings.TrimSpace(in.Number), strings.TrimSpace(in.Unit), in.ValidFrom, in.ValidTo
	if !slices.Contains(Roles, m.Role) {
		f.With("role", "organization.member.unknown_role")
	}
	if len([]rune(m.Number)) > 40 {
		f.With("number", "organization.text.too_long", "limit", 40)
	}
	if len([]rune(m.Unit)) > 80 {
		f.With("unit", "organization.text.too_long", "limit", 80)
	}
	if _, err := clock.ParseDate(string(m.ValidFrom)); err != nil {
		f.With("valid_from", "organization.member.day")
	}
	if _, err := clock.ParseDate(string(m.ValidTo)); m.ValidTo != "" && (err != nil || m.ValidTo < m.ValidFrom) {
		f.With("valid_to", "organization.member.order")
	}
	return f.Or()
}

// SetMember makes a patient a member, or changes what is known of the membership.
func (s *Service) SetMember(ctx context.Context, id ID, p patient.ID, in MemberInput) error {
	return s.changeMember(ctx, id, p, func(ctx context.Context, tx *db.Tx, p patient.ID) error {
		m := Member{PatientID: p, OrganizationID: id, CreatedBy: access.From(ctx).StaffID, CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1}
		if err := in.check(&m, s.DB.Clock().Today()); err != nil {
			return err
		}
		if err := upsertMember(ctx, tx, m); err != nil {
			return err
		}
		return s.tell(ctx, m, "set")
	})
}

// RemoveMember takes a patient off the list who was put there by mistake.
func (s *Service) RemoveMember(ctx context.Context, id ID, p patient.ID) error {
	return s.changeMember(ctx, id, p, func(ctx context.Context, tx *db.Tx, p patient.ID) error {
		n, err := deleteMember(ctx, tx, id, p)
		if err != nil || n == 0 {
			return err
		}
		return s.tell(ctx, Member{PatientID: p, OrganizationID: id, ValidTo: "0000-00-00"}, "delete")
	})
}

func (s *Service) changeMember(ctx context.Context, id ID, p patient.ID, fn func(ctx context.Context, tx *db.Tx, p patient.ID) error) error {
	if err := access.Need(ctx, PermEditMembers); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := find(ctx, tx, id); err != nil {
			return err
		}
		p, err := s.Patient.Standing(ctx, p)
		if err != nil {
			return err
		}
		return fn(ctx, tx, p)
	})
}

// tell writes the trail and the fact of a change.
func (s *Service) tell(ctx context.Context, m Member, verb string) error {
	err := s.Trail.Append(ctx, trail.Entry{Action: "organization.member." + verb, Entity: "organization", EntityID: int64(m.OrganizationID), PatientID: int64(m.PatientID),
		Detail: map[string]string{"role": m.Role, "valid_to": string(m.ValidTo)}})
	if err != nil {
		return err
	}
	if m.ValidTo != "" && m.ValidTo < s.DB.Clock().Today() {
		return s.Board.Publish(ctx, Left{m.PatientID, m.OrganizationID})
	}
	return s.Board.Publish(ctx, Joined{m.PatientID, m.OrganizationID})
}

// MemberFilter narrows Members.
type MemberFilter struct {
	OrganizationID ID
	Former         bool // those whose time is over, else those of today
	Text           string
	Limit          int
	Cursor         string
}

// Members lists the members in the caller's scope by their number there; with a text, those patients whom it finds.
func (s *Service) Members(ctx context.Context, f MemberFilter) (db.Page[Member], error) {
	var page db.Page[Member]
	if err := access.Need(ctx, PermMembers); err != nil {
		return page, err
	}
	if _, err := find(ctx, s.read(ctx), f.OrganizationID); err != nil {
		return page, err
	}
	f.Limit = db.Limit(f.Limit)
	if strings.TrimSpace(f.Text) != "" {
		return s.searchMembers(ctx, f)
	}
	rows, total, err := s.listMembers(ctx, f, s.DB.Clock().Today())
	if err != nil {
		return page, err
	}
	for i := range rows {
		rows[i].Former = f.Former
	}
	return db.Cut(rows, f.Limit, total, func(m Member) string { return db.Cursor(m.Number, int64(m.PatientID)) }), nil
}

// searchMembers finds members as the patient list does: by name, pinyin, initials, digits.
func (s *Service) searchMembers(ctx context.Context, f MemberFilter) (db.Page[Member], error) {
	var page db.Page[Member]
	today := s.DB.Clock().Today()
	found, err := s.Patient.List(ctx, patient.Filter{Text: f.Text, Limit: f.Limit, Cursor: f.Cursor, Also: func(q *db.Query, col string) { belonging(q, col, f, today) }})
	if err != nil {
		return page, err
	}
	ids := make([]patient.ID, len(found.Items))
	for i, p := range found.Items {
		ids[i] = p.ID
	}
	rows, err := membersAmong(ctx, s.read(ctx), f.OrganizationID, ids)
	page.Next, page.Total, page.Items = found.Next, found.Total, []Member{}
	for _, id := range ids {
		if i := slices.IndexFunc(rows, func(m Member) bool { return m.PatientID == id }); i >= 0 {
			rows[i].Former = f.Former
			page.Items = append(page.Items, rows[i])
		}
	}
	return page, err
}

// Belonging is a patient's membership with the organisation's name.
type Belonging struct {
	Member
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// Of lists the organisations of a patient, those of today first.
func (s *Service) Of(ctx context.Context, p patient.ID) ([]Belonging, error) {
	if err := access.Need(ctx, PermMembers); err != nil {
		return nil, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return nil, err
	}
	rows, err := belongingsOf(ctx, s.read(ctx), p)
	today := s.DB.Clock().Today()
	for i := range rows {
		rows[i].Former = rows[i].ValidTo != "" && rows[i].ValidTo < today
	}
	slices.SortStableFunc(rows, func(a, b Belonging) int { return map[bool]int{true: 1}[a.Former] - map[bool]int{true: 1}[b.Former] })
	return rows, err
}
