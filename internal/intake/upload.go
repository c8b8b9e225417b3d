package intake

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

// MaxUpload is the largest file taken, in bytes.
const MaxUpload = 64 << 20

// Upload is a file somebody brought.
type Upload struct {
	ID        UploadID
	Name      string
	Content   string // SHA-256
	Size      int64
	Format    string
	Charset   string
	Records   int
	CreatedAt clock.Instant
	CreatedBy int64
	Actor     string
}

// Upload stores a file and says what is in it. Nothing of it is applied.
func (s *Service) Upload(ctx context.Context, name string, r io.Reader) (Upload, Reading, error) {
	if err := access.Need(ctx, PermImport); err != nil {
		return Upload{}, Reading{}, err
	}
	content, size, err := s.Files.Put(r, MaxUpload)
	if err != nil {
		return Upload{}, Reading{}, err
	}
	raw, err := s.content(content)
	if err != nil {
		return Upload{}, Reading{}, err
	}
	reading, err := s.open(ctx, raw, ReadOptions{})
	if err != nil {
		return Upload{}, reading, err
	}
	u := Upload{ID: db.New[uploadKind](s.DB), Name: fileName(name), Content: content, Size: size, Format: reading.Format, Charset: reading.Charset, Records: reading.Total}
	u.CreatedBy, u.Actor = access.From(ctx).StaffID, access.From(ctx).Name
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u.CreatedAt = tx.Now
		if err := insertUpload(ctx, tx, u); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermImport), Entity: "upload", EntityID: int64(u.ID), Detail: map[string]any{"size": size, "records": reading.Total, "content": content}})
	})
	return u, reading, err
}

// FindUpload gives a file again, read with the given options.
func (s *Service) FindUpload(ctx context.Context, id UploadID, o ReadOptions) (Upload, Reading, error) {
	u, raw, err := s.upload(ctx, id)
	if err != nil {
		return u, Reading{}, err
	}
	reading, err := s.open(ctx, raw, o)
	return u, reading, err
}

// Offer is FindUpload with the mapping that was saved for such a table, where the options choose none and there is one.
func (s *Service) Offer(ctx context.Context, id UploadID, o ReadOptions) (Upload, Reading, Mapping, error) {
	u, raw, err := s.upload(ctx, id)
	if err != nil {
		return u, Reading{}, Mapping{}, err
	}
	reading, err := s.open(ctx, raw, o)
	if err != nil || o.Mapping != nil {
		return u, reading, Mapping{}, err
	}
	m, ok, err := s.mappingFor(ctx, reading)
	if err != nil || !ok {
		return u, reading, Mapping{}, err
	}
	saved, err := m.Read()
	if err != nil {
		return u, reading, m, err
	}
	o.Mapping, o.DateOrder, o.Issuer = saved.Mapping, cmp.Or(o.DateOrder, saved.DateOrder), cmp.Or(o.Issuer, saved.Issuer)
	reading, err = s.open(ctx, raw, o)
	return u, reading, m, err
}

func (s *Service) upload(ctx context.Context, id UploadID) (Upload, []byte, error) {
	if err := access.Need(ctx, PermImport); err != nil {
		return Upload{}, nil, err
	}
	u, err := findUpload(ctx, s.DB.Read(ctx), id)
	if err != nil {
		return u, nil, err
	}
	raw, err := s.content(u.Content)
	return u, raw, err
}

func (s *Service) content(name string) ([]byte, error) {
	f, err := s.Files.Get(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// fileName keeps the last part of what a browser calls the file.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120])
	}
	return name
}

func contentHash(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// uploadFeed is the feed of files that people bring.
const uploadFeed = "文件导入"

// Apply starts the import of an upload and gives its run; a job does the work.
func (s *Service) Apply(ctx context.Context, id UploadID, o ReadOptions) (Run, error) {
	return s.ApplyAs(ctx, id, o, "")
}

// ApplyAs is Apply, and saves the mapping under a name where one is given. Errors: invalid where dates can be read both ways, where a
// department is neither known nor decided, or where no column feeds anything.
func (s *Service) ApplyAs(ctx context.Context, id UploadID, o ReadOptions, saveAs string) (Run, error) {
	u, reading, err := s.FindUpload(ctx, id, o)
	if err != nil {
		return Run{}, err
	}
	if err := reading.mapped(); err != nil {
		return Run{}, err
	}
	if len(reading.Ambiguous) > 0 {
		return Run{}, fault.New(fault.Invalid, "intake.upload.ambiguous").With("date_order", "intake.upload.ambiguous")
	}
	if err := reading.answered(); err != nil {
		return Run{}, err
	}
	o = reading.fixedOptions(o)
	o.Issuer = cmp.Or(o.Issuer, s.Setting.Text(ctx, "intake.table.issuer", 0))
	run := Run{ID: db.New[runKind](s.DB), UploadID: u.ID, File: u.Name, Content: u.Content, Options: encode(o), State: RunWaiting, Total: reading.Total}
	run.ActorID, run.Actor = access.From(ctx).StaffID, access.From(ctx).Name
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := s.feed(ctx, tx, uploadFeed, FeedUpload, "")
		if err != nil {
			return err
		}
		if err := s.rememberPlaces(ctx, tx, o, reading.Places); err != nil {
			return err
		}
		if err := s.saveMapping(ctx, tx, saveAs, reading, o); err != nil {
			return err
		}
		run.FeedID, run.Feed, run.CreatedAt = f.ID, f.Name, tx.Now
		if err := insertRun(ctx, tx, run); err != nil {
			return err
		}
		if run.JobID, err = s.Jobs.Enqueue(ctx, jobApply, applyPayload{run.ID}, job.Option{Key: run.ID.String(), Total: run.Total}); err != nil {
			return err
		}
		if err := linkRunJob(ctx, tx, run.ID, run.JobID); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "intake.upload.apply", Entity: "run", EntityID: int64(run.ID), Detail: map[string]any{"records": run.Total}})
	})
	return run, err
}

// reread gives the single record of stored bytes, read as its run read them.
func (s *Service) reread(ctx context.Context, m Message) (Record, error) {
	o, format := ReadOptions{}, formatOf(m.Bytes())
	if format == "table" {
		format = "hl7" // without a header it is a broken message, unless its type says otherwise
	}
	if m.RunID == 0 {
		h, ok, err := hookOfFeed(ctx, s.DB.Read(ctx), m.FeedID)
		if err == nil && ok {
			err = h.unpack()
		}
		if err != nil {
			return Record{}, err
		}
		if o = h.Options; !ok {
			if o, err = pullOptions(ctx, s.DB.Read(ctx), m.FeedID); err != nil {
				return Record{}, err
			}
		}
		o.Charset, o.Zone = m.Charset, s.DB.Clock().Zone()
	}
	if m.RunID != 0 {
		run, err := findRun(ctx, s.DB.Read(ctx), m.RunID)
		if err != nil {
			return Record{}, err
		}
		if o, err = readOptions(run.Options, s.DB.Clock().Zone()); err != nil {
			return Record{}, err
		}
	}
	if m.Type == "csv" || m.Type == "xlsx" { // a staged row is UTF-8 whatever its file was
		o.Charset, format = "", "table"
	}
	reading, err := s.openAs(ctx, format, bytes.TrimSpace(m.Bytes()), o)
	if err != nil {
		return Record{}, err
	}
	for r := range reading.Records {
		r.Ref, r.Raw, r.Type = m.Ref, m.Bytes(), m.Type
		return r, nil
	}
	return Record{}, fault.New(fault.Invalid, "intake.file.empty")
}
