package attachment

import (
	"bytes"
	"context"
	"io"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// File is one attachment. Two attachments may share their content without anybody telling.
type File struct {
	ID        ID            `json:"id"`
	PatientID int64         `json:"-"`
	OwnerKind string        `json:"owner_kind"`
	OwnerID   int64         `json:"-"`
	Content   string        `json:"-"` // SHA-256
	Media     string        `json:"media"`
	Size      int64         `json:"size"` // bytes
	Name      string        `json:"name"` // as it was called where it came from
	Title     string        `json:"title"`
	Category  string        `json:"category"` // code of the dictionary attachment_category
	CreatedBy staff.ID      `json:"-"`
	By        string        `json:"by" db:"-"`
	CreatedAt clock.Instant `json:"created_at"`
	DeletedBy int64         `json:"-"`
	DeletedAt clock.Instant `json:"deleted_at"`
}

// Draft is a file to be attached.
type Draft struct {
	PatientID int64
	OwnerKind string // "" = Patient
	OwnerID   int64
	Name      string
	Title     string // "" = the name without its ending
	Category  string
}

// allow checks permission, scope and the case.
func (s *Service) allow(ctx context.Context, p access.Permission, patient int64, ownerKind string, owner int64) (int64, error) {
	if err := access.Need(ctx, p); err != nil {
		return 0, err
	}
	id, err := s.stand(ctx, patient)
	if err != nil || ownerKind == Patient {
		return id, err
	}
	check := s.owns[ownerKind]
	if check == nil {
		return 0, db.Missing()
	}
	return id, check(ctx, id, owner)
}

// Attach stores content and gives it to a patient. Errors: not_found out of scope; too_large beyond the setting; invalid for a type that is
// not allowed, or whose content is not what its name says.
func (s *Service) Attach(ctx context.Context, d Draft, r io.Reader) (File, error) {
	if d.OwnerKind == "" {
		d.OwnerKind = Patient
	}
	id, err := s.allow(ctx, PermCreate, d.PatientID, d.OwnerKind, d.OwnerID)
	if err != nil {
		return File{}, err
	}
	f := File{ID: db.New[kind](s.DB), PatientID: id, OwnerKind: d.OwnerKind, OwnerID: d.OwnerID, Name: fileName(d.Name), Category: strings.TrimSpace(d.Category), CreatedBy: staff.ID(access.From(ctx).StaffID)}
	if f.Title, err = titleOf(d.Title, f.Name); err != nil {
		return f, err
	}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return f, err
	}
	if f.Media, err = mediaOf(f.Name, head[:n]); err != nil {
		return f, err
	}
	limit := int64(s.Setting.Int(ctx, "attachment.file.max_mb", 0)) << 20
	if f.Content, f.Size, err = s.store.Put(io.MultiReader(bytes.NewReader(head[:n]), r), limit); err != nil {
		return f, err
	}
	if err := s.look(f); err != nil {
		return f, s.refuse(ctx, f, err)
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f.CreatedAt = tx.Now
		if err := insertFile(ctx, tx, f); err != nil {
			return err
		}
		if err := s.tell(ctx, "attachment.file.create", f); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Attached{f.PatientID, f.ID, f.OwnerKind})
	})
	return f, err
}

func (s *Service) tell(ctx context.Context, action string, f File) error {
	return s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "attachment", EntityID: int64(f.ID), PatientID: f.PatientID, Detail: map[string]any{"media": f.Media, "size": f.Size, "content": f.Content[:12], "owner": f.OwnerKind}})
}

// refuse takes back content that nobody else has and gives the reason on.
func (s *Service) refuse(ctx context.Context, f File, reason error) error {
	used, err := contentUsed(ctx, s.DB.Read(ctx), f.Content)
	if err == nil && !used {
		err = s.store.Remove(f.Content, s.DB.Clock().Now().Add(unsettled).Time())
	}
	if err != nil {
		return err
	}
	return reason
}

// look checks what only the whole content tells.
func (s *Service) look(f File) error {
	c, err := s.store.Get(f.Content)
	if err != nil {
		return err
	}
	defer c.Close()
	return checkWhole(f.Media, c, f.Size)
}

func titleOf(title, name string) (string, error) {
	if title = strings.Join(strings.Fields(title), " "); title == "" {
		title = strings.TrimSuffix(name, path.Ext(name))
	}
	if n := utf8.RuneCountInString(title); n == 0 || n > 100 {
		return "", fault.New(fault.Invalid, "attachment.file.invalid").With("title", "attachment.file.title")
	}
	return title, nil
}

// fileName keeps the last part of what a browser calls the file, without control characters.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < 32 || r == 127 || strings.ContainsRune(`"<>|:*?`, r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	return name
}

// List gives the attachments of a patient, newest first; ownerKind "" gives those of all owners that the caller may see as the patient's.
func (s *Service) List(ctx context.Context, patient int64, ownerKind string, owner int64) ([]File, error) {
	if ownerKind == "" {
		ownerKind = Patient
	}
	id, err := s.allow(ctx, PermRead, patient, ownerKind, owner)
	if err != nil {
		return nil, err
	}
	fs, err := filesOf(ctx, s.DB.Read(ctx), id, ownerKind, owner)
	if err != nil {
		return nil, err
	}
	by := make([]staff.ID, len(fs))
	for i, f := range fs {
		by[i] = f.CreatedBy
	}
	names, err := s.Staff.Names(ctx, by)
	for i, f := range fs {
		fs[i].By = names[f.CreatedBy]
	}
	return fs, err
}

func (s *Service) find(ctx context.Context, p access.Permission, patient int64, id ID) (File, error) {
	if err := access.Need(ctx, p); err != nil {
		return File{}, err
	}
	at, err := s.stand(ctx, patient)
	if err != nil {
		return File{}, err
	}
	f, err := findFile(ctx, s.DB.Read(ctx), at, id)
	if err != nil || f.OwnerKind == Patient {
		return f, err
	}
	check := s.owns[f.OwnerKind]
	if check == nil {
		return f, db.Missing()
	}
	return f, check(ctx, at, f.OwnerID)
}

// Open gives the content of an attachment; the trail knows of it before the first byte. The caller closes the file. Errors: not_found out of
// scope or removed.
func (s *Service) Open(ctx context.Context, patient int64, id ID) (File, *os.File, error) {
	f, err := s.find(ctx, PermRead, patient, id)
	if err != nil {
		return f, nil, err
	}
	if f.DeletedAt != 0 {
		return f, nil, db.Missing()
	}
	c, err := s.store.Get(f.Content)
	if err != nil {
		return f, nil, err
	}
	if err := s.tell(ctx, "attachment.file.read", f); err != nil {
		c.Close()
		return f, nil, err
	}
	return f, c, nil
}

// Patch changes what is not nil.
type Patch struct {
	Title    *string
	Category *string
}

// Update changes title and category.
func (s *Service) Update(ctx context.Context, patient int64, id ID, p Patch) (File, error) {
	f, err := s.find(ctx, PermCreate, patient, id)
	if err != nil {
		return f, err
	}
	if p.Title != nil {
		if f.Title, err = titleOf(*p.Title, f.Name); err != nil {
			return f, err
		}
	}
	if p.Category != nil {
		f.Category = strings.TrimSpace(*p.Category)
	}
	return f, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := updateFile(ctx, tx, f); err != nil {
			return err
		}
		return s.tell(ctx, "attachment.file.update", f)
	})
}

// Remove takes an attachment away, or with back brings it back within 30 days.
func (s *Service) Remove(ctx context.Context, patient int64, id ID, back bool) error {
	f, err := s.find(ctx, PermDelete, patient, id)
	if err != nil || (f.DeletedAt == 0) == back {
		return err
	}
	action := "attachment.file.delete"
	if back {
		action = "attachment.file.restore"
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f.DeletedAt, f.DeletedBy = tx.Now, access.From(ctx).StaffID
		if back {
			f.DeletedAt, f.DeletedBy = 0, 0
		}
		if err := setDeleted(ctx, tx, f); err != nil {
			return err
		}
		return s.tell(ctx, action, f)
	})
}

// Prune ends what was removed 30 days ago: the rows first, then every content to which no row points. Content put within the last hour stays,
// since its row may be on the way.
func (s *Service) Prune(ctx context.Context) error {
	if s.store == nil {
		return nil
	}
	var free []string
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := longDeleted(ctx, tx, tx.Now.Add(-keepDeleted))
		if err != nil {
			return err
		}
		free = free[:0]
		for _, f := range old {
			if err := dropFile(ctx, tx, f); err != nil {
				return err
			}
			used, err := contentUsed(ctx, tx, f.Content)
			if err != nil {
				return err
			}
			if !used {
				free = append(free, f.Content)
			}
		}
		return nil
	})
	for _, c := range free {
		if err == nil {
			err = s.store.Remove(c, s.DB.Clock().Now().Add(-unsettled).Time())
		}
	}
	return err
}
