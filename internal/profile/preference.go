package profile

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Severity says how loud a preference is shown.
type Severity string

// The severities, mildest first.
const (
	Note    Severity = "note"
	Caution Severity = "caution"
	Danger  Severity = "danger" // red
)

// Preference is something to respect when a patient is called, written to or treated: hours, language, channel, an allergy.
type Preference struct {
	ID         PreferenceID  `json:"id"`
	PatientID  patient.ID    `json:"-"`
	Kind       string        `json:"kind"`  // a key of Kinds
	Value      string        `json:"value"` // one of the kind's values, or hours "10:00-18:00"
	Note       string        `json:"note"`
	Severity   Severity      `json:"severity"`
	ValidUntil clock.Date    `json:"valid_until"` // last day, "" = no end
	Source     string        `json:"source"`      // "hand" or a feed
	CreatedBy  int64         `json:"-"`
	CreatedAt  clock.Instant `json:"created_at"`
	UpdatedAt  clock.Instant `json:"updated_at"`
	EndedBy    int64         `json:"-"`
	EndedAt    clock.Instant `json:"-"` // zero = stands
	Version    int64         `json:"version"`
	Hidden     bool          `json:"hidden" db:"-"`  // clinical, and the caller may not read it: value and note are empty
	Against    bool          `json:"against" db:"-"` // hours: a call at this moment would be against them
}

// Kind is a sort of preference.
type Kind struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"` // proposed
	Values   []string `json:"values"`   // the values to choose from, nil = none
	Hours    bool     `json:"hours"`    // the value is a time of day from-to
	Clinical bool     `json:"clinical"` // its text needs PermClinical
}

// Kinds are the sorts of preferences, in the order of the page.
var Kinds = []Kind{
	{Code: "call_hours", Severity: Caution, Hours: true},
	{Code: "no_call", Severity: Danger},
	{Code: "channel", Severity: Note, Values: []string{"call", "sms", "wechat", "email", "letter"}},
	{Code: "language", Severity: Caution, Values: []string{"mandarin", "cantonese", "shanghainese", "minnan", "hakka", "sichuanese", "mongolian", "tibetan", "uyghur", "zhuang", "korean", "english", "sign", "other"}},
	{Code: "address", Severity: Note},
	{Code: "allergy", Severity: Danger, Clinical: true},
	{Code: "contraindication", Severity: Danger, Clinical: true},
	{Code: "pregnant", Severity: Caution, Clinical: true},
	{Code: "infection", Severity: Caution, Clinical: true},
	{Code: "hearing", Severity: Caution},
	{Code: "vision", Severity: Caution},
	{Code: "wheelchair", Severity: Note},
	{Code: "privacy", Severity: Danger},
	{Code: "mood", Severity: Caution},
	{Code: "religion", Severity: Note},
	{Code: "other", Severity: Note},
}

// KindOf finds a kind by its code.
func KindOf(code string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// PreferenceInput is a preference as typed; Severity "" takes the kind's.
type PreferenceInput struct {
	Kind       string     `json:"kind"`
	Value      string     `json:"value"`
	Note       string     `json:"note"`
	Severity   Severity   `json:"severity"`
	ValidUntil clock.Date `json:"valid_until"`
	Version    int64      `json:"version"` // of the one being changed
}

var hours = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$`)

const longestNote = 200 // characters

// check reads what was typed into p.
func (in PreferenceInput) check(p *Preference, today clock.Date) error {
	f := fault.New(fault.Invalid, "profile.preference.invalid")
	k, ok := KindOf(in.Kind)
	in.Value, in.Note = strings.TrimSpace(in.Value), strings.TrimSpace(in.Note)
	switch {
	case !ok:
		f.With("kind", "profile.preference.unknown_kind")
	case k.Hours && (!hours.MatchString(in.Value) || in.Value[:5] >= in.Value[6:]):
		f.With("value", "profile.preference.hours")
	case k.Values != nil && !slices.Contains(k.Values, in.Value):
		f.With("value", "profile.preference.choose")
	case !k.Hours && k.Values == nil && in.Value != "":
		f.With("value", "profile.preference.choose")
	case (k.Code == "allergy" || k.Code == "contraindication" || k.Code == "other" || k.Code == "address") && in.Note == "":
		f.With("note", "profile.preference.say_what")
	}
	if len([]rune(in.Note)) > longestNote {
		f.With("note", "profile.preference.too_long", "limit", longestNote)
	}
	if in.Severity == "" {
		in.Severity = k.Severity
	}
	if !slices.Contains([]Severity{Note, Caution, Danger}, in.Severity) {
		f.With("severity", "profile.preference.choose")
	}
	if d, err := clock.ParseDate(string(in.ValidUntil)); in.ValidUntil != "" && (err != nil || d < today) {
		f.With("valid_until", "profile.preference.past")
	}
	p.Kind, p.Value, p.Note, p.Severity, p.ValidUntil = in.Kind, in.Value, in.Note, in.Severity, in.ValidUntil
	return f.Or()
}

// stands tells whether the preference holds on day.
func (p Preference) stands(day clock.Date) bool {
	return p.EndedAt == 0 && (p.ValidUntil == "" || p.ValidUntil >= day)
}

// against tells whether a call at the local time hh:mm would be against the preference.
func (p Preference) against(at string) bool {
	switch {
	case p.Kind == "no_call":
		return true
	case p.Kind == "call_hours" && len(p.Value) == 11:
		return at < p.Value[:5] || at >= p.Value[6:]
	}
	return false
}

// Preferences lists what stands for a patient today, loudest first. The text of clinical ones needs PermClinical; that they exist is
// told to everybody who speaks with the patient.
func (s *Service) Preferences(ctx context.Context, id patient.ID) ([]Preference, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	id, err := s.Patient.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := preferencesOf(ctx, s.read(ctx), id)
	if err != nil {
		return nil, err
	}
	c := s.DB.Clock()
	today, at := c.Today(), c.Local(c.Now()).Format("15:04")
	out := []Preference{}
	for _, p := range rows {
		if !p.stands(today) {
			continue
		}
		p.Against = p.against(at)
		out = append(out, p.shown(ctx))
	}
	slices.SortStableFunc(out, func(a, b Preference) int { return loud[b.Severity] - loud[a.Severity] })
	return out, nil
}

var loud = map[Severity]int{Note: 0, Caution: 1, Danger: 2}

// shown hides the text of what the caller may not read.
func (p Preference) shown(ctx context.Context) Preference {
	if k, _ := KindOf(p.Kind); k.Clinical && !access.From(ctx).Can(PermClinical) {
		p.Hidden, p.Value, p.Note = true, "", ""
	}
	return p
}

// AddPreference notes something to respect.
func (s *Service) AddPreference(ctx context.Context, id patient.ID, in PreferenceInput) (PreferenceID, error) {
	var p Preference
	err := s.change(ctx, PermUpdate, id, func(ctx context.Context, tx *db.Tx, id patient.ID) error {
		p = Preference{ID: db.New[preferenceKind](s.DB), PatientID: id, Source: "hand", CreatedBy: access.From(ctx).StaffID, CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1}
		if err := in.check(&p, s.DB.Clock().Today()); err != nil {
			return err
		}
		if err := insertPreference(ctx, tx, p); err != nil {
			return err
		}
		return s.tell(ctx, p, "create")
	})
	return p.ID, err
}

// UpdatePreference changes one that stands. Errors: conflict when somebody changed it since.
func (s *Service) UpdatePreference(ctx context.Context, id patient.ID, which PreferenceID, in PreferenceInput) error {
	return s.change(ctx, PermUpdate, id, func(ctx context.Context, tx *db.Tx, id patient.ID) error {
		p, err := findPreference(ctx, tx, id, which)
		if err != nil {
			return err
		}
		if p.Version != in.Version {
			return db.Stale(p.shown(ctx))
		}
		if err := in.check(&p, s.DB.Clock().Today()); err != nil {
			return err
		}
		p.UpdatedAt, p.Version = tx.Now, p.Version+1
		if err := updatePreference(ctx, tx, p); err != nil {
			return err
		}
		return s.tell(ctx, p, "update")
	})
}

// EndPreference says that it no longer holds; Restore takes that back.
func (s *Service) EndPreference(ctx context.Context, id patient.ID, which PreferenceID) error {
	return s.end(ctx, id, which, true)
}

// RestorePreference lets one hold again that was ended.
func (s *Service) RestorePreference(ctx context.Context, id patient.ID, which PreferenceID) error {
	return s.end(ctx, id, which, false)
}

func (s *Service) end(ctx context.Context, id patient.ID, which PreferenceID, ended bool) error {
	return s.change(ctx, PermUpdate, id, func(ctx context.Context, tx *db.Tx, id patient.ID) error {
		p, err := findPreference(ctx, tx, id, which)
		if err != nil || (p.EndedAt != 0) == ended {
			return err
		}
		p.EndedAt, p.EndedBy, p.UpdatedAt, p.Version = 0, 0, tx.Now, p.Version+1
		action := "restore"
		if ended {
			p.EndedAt, p.EndedBy, action = tx.Now, access.From(ctx).StaffID, "end"
		}
		if err := updatePreference(ctx, tx, p); err != nil {
			return err
		}
		return s.tell(ctx, p, action)
	})
}

// tell writes the trail and the fact of a change.
func (s *Service) tell(ctx context.Context, p Preference, verb string) error {
	err := s.Trail.Append(ctx, trail.Entry{Action: "profile.preference." + verb, Entity: "preference", EntityID: int64(p.ID), PatientID: int64(p.PatientID),
		Detail: map[string]string{"kind": p.Kind, "severity": string(p.Severity), "valid_until": string(p.ValidUntil)}})
	if err != nil {
		return err
	}
	return s.Board.Publish(ctx, PreferenceChanged{p.PatientID, p.Kind})
}
