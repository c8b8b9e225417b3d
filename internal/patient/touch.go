package patient

import (
	"context"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// PermSource lets a person correct a patient's first source, which nothing else changes.
const PermSource access.Permission = "patient.source.update"

type touchKind struct{}

// Prefix implements db.Kind.
func (touchKind) Prefix() string { return "to" }

// TouchID is the key of a later contact through a source.
type TouchID = db.ID[touchKind]

// Touch is one way a patient came to us (触点). The first is the patient's own source, set once; every later one is added.
type Touch struct {
	ID        TouchID       `json:"id"` // zero for the first
	PatientID ID            `json:"-"`
	Source    string        `json:"source"` // code of the dictionary source, or a feed's own word
	Note      string        `json:"note"`
	Origin    string        `json:"origin"` // hand, or the feed's name
	At        clock.Instant `json:"at"`
	CreatedBy staff.ID      `json:"-"`
	First     bool          `json:"first" db:"-"`
}

// Touches lists how a patient came to us: the first source, then every later contact in order of time, those of merged records among them.
func (s *Service) Touches(ctx context.Context, id ID) ([]Touch, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	if err := s.Visible(ctx, id); err != nil {
		return nil, err
	}
	tx := s.DB.Read(ctx)
	p, err := findPatient(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	out := []Touch{}
	if p.Source != "" {
		out = append(out, Touch{PatientID: id, Source: p.Source, At: p.CreatedAt, CreatedBy: staff.ID(p.CreatedBy), First: true})
	}
	later, err := touchesOf(ctx, tx, id)
	return append(out, later...), err
}

// AddTouch records that a patient came to us again through a source. The first source stays. Errors: not_found out of scope; invalid without a
// known source.
func (s *Service) AddTouch(ctx context.Context, id ID, source, note string) (TouchID, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return 0, err
	}
	code := s.Setting.Read(ctx, "source", clean(source))
	if code == "" {
		return 0, fault.New(fault.Invalid, "patient.patient.invalid").With("source", "patient.source.unknown")
	}
	if len([]rune(note)) > 200 {
		return 0, fault.New(fault.Invalid, "patient.patient.invalid").With("note", "patient.text.too_long", "limit", 200)
	}
	t := Touch{ID: db.New[touchKind](s.DB), Source: code, Note: strings.TrimSpace(note), Origin: hand, CreatedBy: staff.ID(access.From(ctx).StaffID)}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if t.PatientID, err = s.Standing(ctx, id); err != nil {
			return err
		}
		t.At = tx.Now
		if err := insertTouch(ctx, tx, t); err != nil {
			return err
		}
		if err := s.Trail.Append(ctx, trail.Entry{Action: "patient.touch.create", Entity: "patient", EntityID: int64(t.PatientID), PatientID: int64(t.PatientID), Detail: map[string]any{"source": code}}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Updated{t.PatientID, []string{"touches"}})
	})
	return t.ID, err
}

// CorrectSource changes the first source of a patient, which only a recorded reason allows. Errors: not_found out of scope; invalid without a
// reason or a known source; conflict with the current patient as data when the version is stale.
func (s *Service) CorrectSource(ctx context.Context, id ID, version int64, source, reason string) (Detail, error) {
	if err := access.Need(ctx, PermSource); err != nil {
		return Detail{}, err
	}
	code := s.Setting.Read(ctx, "source", clean(source))
	if code == "" {
		return Detail{}, fault.New(fault.Invalid, "patient.patient.invalid").With("source", "patient.source.unknown")
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Visible(ctx, id); err != nil {
			return err
		}
		old, err := findPatient(ctx, tx, id)
		if err != nil {
			return err
		}
		if old.Version != version || old.MergedInto != 0 {
			now, err := s.detail(ctx, tx, id)
			if err != nil {
				return err
			}
			return db.Stale(now)
		}
		fresh := old
		fresh.Source = code
		if err := s.Trail.AppendReveal(ctx, trail.Entry{Action: "patient.source.update", Entity: "patient", EntityID: int64(id), PatientID: int64(id), Reason: strings.TrimSpace(reason),
			Detail: map[string]any{"from": old.Source, "to": code}}); err != nil {
			return err
		}
		return s.save(ctx, tx, old, fresh, true)
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Find(ctx, id)
}

// frozen refuses a change of a first source that stands.
func frozen(old, fresh Patient, wrong *fault.Error) {
	if old.Source != "" && fresh.Source != old.Source {
		wrong.With("source", "patient.source.frozen")
	}
}

// readSource turns a feed's word for a source into the code it means; a word nobody knows stays.
func (s *Service) readSource(ctx context.Context, st stated) {
	if v := st.fields["source"]; v != "" {
		st.fields["source"] = orWord(s.Setting.Read(ctx, "source", v), v)
	}
}

// touchedBy adds what a feed told of a source after the first; the same source of the same feed counts once.
func (s *Service) touchedBy(ctx context.Context, tx *db.Tx, u upsert, f Feed) error {
	if u.touched == "" {
		return nil
	}
	known, err := touchKnown(ctx, tx, u.old.ID, u.touched)
	if err != nil || known {
		return err
	}
	return insertTouch(ctx, tx, Touch{ID: db.New[touchKind](s.DB), PatientID: u.old.ID, Source: u.touched, Origin: f.Source, At: f.OccurredAt})
}

// declareUses tells the dictionaries where their codes stand.
func (s *Service) declareUses() {
	for dictionary, column := range map[string]string{"source": "source", "occupation": "occupation", "ethnicity": "ethnicity", "marital": "marital"} {
		s.Setting.Uses(s.usePatient(dictionary, column))
	}
	s.Setting.Uses(s.useTouch(), s.useOwner())
}

func (s *Service) usePatient(dictionary, column string) setting.Use {
	return setting.Use{Dictionary: dictionary, Place: "patient_patient." + column,
		Count: func(ctx context.Context, code string, limit int) (int, error) {
			return countWord(ctx, s.DB.Read(ctx), "patient_patient", column, code, limit)
		},
		Move: func(ctx context.Context, from, into string, limit int) ([]string, error) {
			return moveWord(ctx, s.DB.Read(ctx), "patient_patient", column, from, into, limit)
		},
		Back: func(ctx context.Context, from, into string, keys []string) error {
			return backWord(ctx, s.DB.Read(ctx), "patient_patient", column, from, into, keys)
		}}
}

func (s *Service) useTouch() setting.Use {
	u := s.usePatient("source", "source")
	u.Place = "patient_touch.source"
	u.Count = func(ctx context.Context, code string, limit int) (int, error) {
		return countWord(ctx, s.DB.Read(ctx), "patient_touch", "source", code, limit)
	}
	u.Move = func(ctx context.Context, from, into string, limit int) ([]string, error) {
		return moveWord(ctx, s.DB.Read(ctx), "patient_touch", "source", from, into, limit)
	}
	u.Back = func(ctx context.Context, from, into string, keys []string) error {
		return backWord(ctx, s.DB.Read(ctx), "patient_touch", "source", from, into, keys)
	}
	return u
}

// useOwner is whose number a contact point is.
func (s *Service) useOwner() setting.Use {
	return setting.Use{Dictionary: "relation", Place: "patient_contact.owner",
		Count: func(ctx context.Context, code string, limit int) (int, error) {
			return countWord(ctx, s.DB.Read(ctx), "patient_contact", "owner", code, limit)
		},
		Move: func(ctx context.Context, from, into string, limit int) ([]string, error) {
			return moveWord(ctx, s.DB.Read(ctx), "patient_contact", "owner", from, into, limit)
		},
		Back: func(ctx context.Context, from, into string, keys []string) error {
			return backWord(ctx, s.DB.Read(ctx), "patient_contact", "owner", from, into, keys)
		}}
}
