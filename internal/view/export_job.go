package view

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
)

// stride is after how many rows progress is told and a wish to stop is heard.
const stride = 1000

// maxSheetRows is what a worksheet holds, less the head and our own last rows.
const maxSheetRows = 1_048_576 - 4

// write is the job: it becomes the person who asked, with what they may do now, and writes the file under a name that nobody fetches until
// it is whole. A person who has left, or lost the permission, gets nothing.
func (s *Service) write(ctx context.Context, run *job.Run) error {
	var p struct {
		Export ExportID `json:"export"`
	}
	if err := run.Into(&p); err != nil {
		return err
	}
	e, err := findExport(ctx, s.DB.Read(ctx), p.Export)
	if err != nil {
		return err
	}
	err = s.writeAs(ctx, run, &e)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e.State = "done"
	switch {
	case errors.Is(err, job.ErrCancelled):
		e.State = "cancelled"
	case err != nil && fault.CodeOf(err) == fault.Internal:
		if run.Tries < 3 {
			return err
		}
		e.State, e.Error = "failed", "view.export.failed"
	case err != nil:
		e.State, e.Error = "failed", fault.KeyOf(err)
	}
	if err != nil {
		slog.Warn("export not made", "export", e.ID.String(), "error", err)
		os.Remove(s.path(e))
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		e.FinishedAt = tx.Now
		return s.settle(ctx, tx, e)
	})
}

func (s *Service) settle(ctx context.Context, tx *db.Tx, e Export) error {
	changed, err := endExport(ctx, tx, e)
	if err != nil || !changed {
		return err
	}
	if err := s.Trail.Append(ctx, trail.Entry{Action: "view.export.finish", Entity: "export", EntityID: int64(e.ID), Detail: map[string]any{"state": e.State, "rows": e.Done, "sha256": e.SHA256, "owner_id": e.OwnerID}}); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Exported{e.ID, e.OwnerID, e.State})
}

// writeAs opens the list as the export's owner and streams it into the file.
func (s *Service) writeAs(ctx context.Context, run *job.Run, e *Export) error {
	caller, _, err := s.Staff.Caller(ctx, e.OwnerID)
	if err != nil {
		return err
	}
	caller.Locale = e.Locale
	own := access.With(ctx, caller)
	if e.Words, err = s.scopeWords(own); err != nil {
		return err
	}
	started := false
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		started, err = startExport(ctx, tx, e.ID, e.Words)
		return err
	})
	if err != nil || !started {
		return orElse(err, job.ErrCancelled)
	}
	sheet, err := s.sources[e.Source](own, e.Request, e.Unmasked)
	if err != nil {
		return err
	}
	e.Total = max(e.Total, sheet.Total)
	return s.file(own, run, e, sheet, caller.Name)
}

func (s *Service) file(ctx context.Context, run *job.Run, e *Export, sheet Sheet, who string) error {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	part := s.path(*e) + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(part) // gone already when it was renamed
	defer f.Close()
	sum := sha256.New()
	count := &counter{w: io.MultiWriter(f, sum)}
	if err := s.rows(ctx, run, e, sheet, s.watermark(ctx, *e, who), count); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	e.Size, e.SHA256 = count.n, hex.EncodeToString(sum.Sum(nil))
	return os.Rename(part, s.path(*e))
}

func (s *Service) rows(ctx context.Context, run *job.Run, e *Export, sheet Sheet, mark string, to io.Writer) error {
	w, err := newWriter(e.Format, to, sheet, mark, s.Dir)
	if err != nil {
		return err
	}
	defer w.close()
	e.Done = 0
	err = sheet.Each(ctx, func(cells []string) error {
		if e.Format == "xlsx" && e.Done >= maxSheetRows {
			return fault.New(fault.TooLarge, "view.export.sheet_full", "limit", maxSheetRows)
		}
		if err := w.row(cells); err != nil {
			return err
		}
		if e.Done++; e.Done%stride != 0 {
			return nil
		}
		return s.progress(ctx, run, e)
	})
	if err != nil {
		return err
	}
	e.Total = e.Done
	return w.end(strings.ReplaceAll(mark, "{rows}", lang.Text(lang.From(ctx), "view.export.rows", map[string]any{"rows": e.Done})), decoy(sheet.Decoy, *e))
}

func (s *Service) progress(ctx context.Context, run *job.Run, e *Export) error {
	e.Total = max(e.Total, e.Done)
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return progressExport(ctx, tx, e.ID, e.Done, e.Total) })
	if err != nil {
		return err
	}
	if run.Cancelled(ctx) {
		return job.ErrCancelled
	}
	return run.Progress(ctx, int(e.Done), int(e.Total), "")
}

// watermark is the line that says whose copy this is; {rows} is filled in at the end.
func (s *Service) watermark(ctx context.Context, e Export, who string) string {
	return lang.Text(lang.From(ctx), "view.export.watermark", map[string]any{"who": who, "at": s.DB.Clock().Local(s.DB.Clock().Now()).Format("2006-01-02 15:04"), "scope": e.Words, "id": e.ID.String()})
}

// decoy fills the row that belongs to nobody.
func decoy(cells []string, e Export) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.NewReplacer("{name}", decoyName(e.ID), "{phone}", e.Canary, "{masked}", e.Canary[:3]+"****"+e.Canary[7:]).Replace(c)
	}
	return out
}

// decoyName is made of a rare surname and a given name, so that it reads like any other.
func decoyName(id ExportID) string {
	surnames, given := []rune("濮阚逄佘郏仉芮禚"), []rune("清远思安若宁承泽知微")
	n := uint64(id) >> 3
	return string(surnames[n%uint64(len(surnames))]) + string(given[n/8%uint64(len(given))]) + string(given[n/80%uint64(len(given))])
}

type counter struct {
	w io.Writer
	n int64
}

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
