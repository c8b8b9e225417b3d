package message

import (
	"context"
	"regexp"
	"slices"

	"renxin/internal/consent"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Template is a text to send again and again. Only approved ones are sent by code; every change makes a version.
type Template struct {
	ID        TemplateID      `json:"id"`
	Code      string          `json:"code"` // a-z, 0-9, dots and hyphens
	Name      string          `json:"name"`
	Family    string          `json:"family"` // holiday, instruction, tip, review, season, notice, survey, promotion
	Purpose   consent.Purpose `json:"purpose"`
	Text      string          `json:"text"`
	State     string          `json:"state"` // draft, approved or retired
	Version   int64           `json:"version"`
	Variables []string        `json:"variables" db:"-"`
	UpdatedAt clock.Instant   `json:"updated_at"`
}

var (
	templateCode   = regexp.MustCompile(`^[a-z][a-z0-9.\-]{1,60}$`)
	templateStates = []string{"draft", "approved", "retired"}
)

// Templates lists all templates by family and name.
func (s *Service) Templates(ctx context.Context) ([]Template, error) {
	if err := access.Need(ctx, PermTemplateList); err != nil {
		return nil, err
	}
	list, err := listTemplates(ctx, s.DB.Read(ctx))
	for i := range list {
		list[i].Variables = Variables(list[i].Text)
	}
	return list, err
}

// FindTemplate gives one template.
func (s *Service) FindTemplate(ctx context.Context, id TemplateID) (Template, error) {
	if err := access.Need(ctx, PermTemplateList); err != nil {
		return Template{}, err
	}
	t, ok, err := findTemplate(ctx, s.DB.Read(ctx), id)
	if err == nil && !ok {
		err = db.Missing()
	}
	t.Variables = Variables(t.Text)
	return t, err
}

// CreateTemplate stores a new template; an empty state means draft.
func (s *Service) CreateTemplate(ctx context.Context, t Template) (TemplateID, error) {
	if err := access.Need(ctx, PermTemplateUpdate); err != nil {
		return 0, err
	}
	if t.State == "" {
		t.State = "draft"
	}
	t.ID, t.Version = db.New[templateKind](s.DB), 1
	if err := s.checkTemplate(ctx, t); err != nil {
		return 0, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertTemplate(ctx, tx, t, access.From(ctx).StaffID); err != nil {
			return err
		}
		return s.keepVersion(ctx, tx, t)
	})
	if db.IsUnique(err) {
		return 0, fault.New(fault.Conflict, "message.template.code_taken").With("code", "message.template.code_taken")
	}
	return t.ID, err
}

// UpdateTemplate replaces a template; t.Version is the version being replaced.
func (s *Service) UpdateTemplate(ctx context.Context, t Template) error {
	if err := access.Need(ctx, PermTemplateUpdate); err != nil {
		return err
	}
	if err := s.checkTemplate(ctx, t); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, ok, err := findTemplate(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if !ok {
			return db.Missing()
		}
		if old.Version != t.Version {
			old.Variables = Variables(old.Text)
			return db.Stale(old)
		}
		t.Version++
		if err := updateTemplate(ctx, tx, t, access.From(ctx).StaffID); err != nil {
			return err
		}
		return s.keepVersion(ctx, tx, t)
	})
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "message.template.code_taken").With("code", "message.template.code_taken")
	}
	return err
}

func (s *Service) keepVersion(ctx context.Context, tx *db.Tx, t Template) error {
	if err := insertTemplateVersion(ctx, tx, t, access.From(ctx).StaffID); err != nil {
		return err
	}
	return s.Trail.Append(ctx, trail.Entry{Action: "message.template.update", Entity: "message_template", EntityID: int64(t.ID),
		Detail: map[string]any{"code": t.Code, "version": t.Version, "state": t.State}})
}

// checkTemplate refuses what could never be sent; the lint binds approved templates only, so that a draft can be worked on.
func (s *Service) checkTemplate(ctx context.Context, t Template) error {
	bad := fault.New(fault.Invalid, "message.template.malformed")
	if !templateCode.MatchString(t.Code) {
		bad.With("code", "message.template.code")
	}
	if t.Name == "" || len([]rune(t.Name)) > 80 {
		bad.With("name", "message.template.name")
	}
	if !slices.Contains(consent.Purposes, t.Purpose) {
		bad.With("purpose", "message.draft.purpose")
	}
	if !slices.Contains(templateStates, t.State) {
		bad.With("state", "message.template.state")
	}
	if t.Text == "" || len([]rune(t.Text)) > maxText {
		bad.With("text", "message.draft.long", "max", maxText)
	}
	if err := bad.Or(); err != nil || t.State != "approved" {
		return err
	}
	signature := s.Setting.Text(ctx, "setting.hospital.signature", 0)
	if found := Lint(Copy{Text: Signed(t.Text, signature), Purpose: t.Purpose, Signature: signature}); Blocks(found) {
		return lintFault(found)
	}
	return nil
}
