package view

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// keepExport is how long a file may be fetched.
const keepExport = 7 * 24 * time.Hour

// maxWaiting bounds the exports of one person that are not finished.
const maxWaiting = 5

// Export is a list that becomes, or became, a file. Only its owner sees and fetches it.
type Export struct {
	ID         ExportID      `json:"id"`
	OwnerID    staff.ID      `json:"-"`
	Source     string        `json:"source"` // patients
	Format     string        `json:"format"` // csv, xlsx
	Request    string        `json:"-"`      // may hold a name or a number: never shown, never logged
	Reason     string        `json:"reason"`
	Unmasked   bool          `json:"unmasked"`
	Words      string        `json:"words"` // whose data
	Locale     string        `json:"-"`
	State      string        `json:"state"` // waiting, running, done, failed, cancelled, expired
	Error      string        `json:"-"`     // text key of what went wrong
	JobID      int64         `json:"-"`
	Done       int64         `json:"done"`
	Total      int64         `json:"total"` // 0 = not known
	Size       int64         `json:"size"`  // bytes
	SHA256     string        `json:"sha256" db:"sha256"`
	Canary     string        `json:"-"`
	Downloads  int64         `json:"downloads"`
	CreatedAt  clock.Instant `json:"created_at"`
	StartedAt  clock.Instant `json:"started_at"`
	FinishedAt clock.Instant `json:"finished_at"`
	ExpiresAt  clock.Instant `json:"expires_at"`
}

// Sheet is a list ready to be written. Each walks it in pages, so that a million rows need no more memory than a thousand; it stops with
// the first error that row gives.
type Sheet struct {
	Title string
	Heads []string
	Decoy []string // a row like the others that belongs to nobody, with {name} and {phone} in the cells for them; nil = none
	Total int64    // 0 = not known beforehand
	Each  func(ctx context.Context, row func(cells []string) error) error
}

// Source opens a list for an export. It runs as the person who asked, with their permissions and scope of this moment.
type Source func(ctx context.Context, request string, unmasked bool) (Sheet, error)

// Offer declares a list that can be exported, at wiring. A name offered twice is a programming error.
func (s *Service) Offer(name string, open Source) {
	if s.sources[name] != nil {
		panic("view: offered twice: " + name)
	}
	s.sources[name] = open
}

// Order is a wished export. The room of the list has checked that the caller may.
type Order struct {
	Source   string
	Format   string
	Request  string
	Reason   string
	Unmasked bool
	Total    int64
	Detail   map[string]any // for the trail: names of filters and columns, no values
}

// Export puts a file into the caller's tray; a job writes it. Errors: invalid for an unknown format or without a reason; too_many while
// five others are being written.
func (s *Service) Export(ctx context.Context, o Order) (Export, error) {
	if o.Format != "csv" && o.Format != "xlsx" {
		return Export{}, fault.New(fault.Invalid, "view.export.format_unknown").With("format", "view.export.format_unknown")
	}
	if s.sources[o.Source] == nil {
		return Export{}, db.Missing()
	}
	me := access.From(ctx)
	e := Export{ID: db.New[exportKind](s.DB), OwnerID: staff.ID(me.StaffID), Source: o.Source, Format: o.Format, Request: o.Request, Reason: strings.TrimSpace(o.Reason), Unmasked: o.Unmasked,
		Locale: string(lang.From(ctx)), State: "waiting", Total: o.Total}
	e.Canary = decoyPhone(e.ID)
	var err error
	if e.Words, err = s.scopeWords(ctx); err != nil {
		return e, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if n, err := unfinished(ctx, tx, e.OwnerID); err != nil || n >= maxWaiting {
			return orElse(err, fault.New(fault.TooMany, "view.export.too_many", "limit", maxWaiting))
		}
		detail := map[string]any{"source": o.Source, "format": o.Format, "unmasked": o.Unmasked}
		for k, v := range o.Detail {
			detail[k] = v
		}
		if err := s.Trail.AppendReveal(ctx, trail.Entry{Action: "view.export.create", Entity: "export", EntityID: int64(e.ID), Reason: e.Reason, Detail: detail}); err != nil {
			return err
		}
		e.CreatedAt, e.ExpiresAt = tx.Now, tx.Now.Add(keepExport)
		if e.JobID, err = s.Jobs.Enqueue(ctx, "view.export", map[string]any{"export": e.ID}, job.Option{Key: e.ID.String(), Total: int(e.Total)}); err != nil {
			return err
		}
		return insertExport(ctx, tx, e)
	})
	return e, err
}

// Exports lists the caller's tray, newest first.
func (s *Service) Exports(ctx context.Context) ([]Export, error) {
	return exportsOf(ctx, s.DB.Read(ctx), staff.ID(access.From(ctx).StaffID))
}

// own finds an export of the caller; another's is missing.
func (s *Service) ownExport(ctx context.Context, tx *db.Tx, id ExportID) (Export, error) {
	e, err := findExport(ctx, tx, id)
	if err == nil && int64(e.OwnerID) != access.From(ctx).StaffID {
		err = db.Missing()
	}
	return e, err
}

// Cancel stops an export of the caller that is not finished.
func (s *Service) Cancel(ctx context.Context, id ExportID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := s.ownExport(ctx, tx, id)
		if err != nil || e.State != "waiting" && e.State != "running" {
			return err
		}
		if err := s.Jobs.Cancel(ctx, e.JobID); err != nil {
			return err
		}
		e.State, e.FinishedAt = "cancelled", tx.Now
		return s.settle(ctx, tx, e)
	})
}

// Discard takes a finished export out of the caller's tray, file and all.
func (s *Service) Discard(ctx context.Context, id ExportID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := s.ownExport(ctx, tx, id)
		if err != nil {
			return err
		}
		if e.State == "waiting" || e.State == "running" {
			return fault.New(fault.Conflict, "view.export.unfinished")
		}
		tx.After(func() { os.Remove(s.path(e)) })
		return setState(ctx, tx, e.ID, "expired")
	})
}

// Download opens a finished file of the caller; the trail knows of it before the first byte. The caller closes the file. Errors: not_found
// for another's or an expired one, conflict where it is not finished.
func (s *Service) Download(ctx context.Context, id ExportID) (Export, *os.File, error) {
	e, err := s.ownExport(ctx, s.DB.Read(ctx), id)
	if err != nil {
		return e, nil, err
	}
	if e.State == "waiting" || e.State == "running" {
		return e, nil, fault.New(fault.Conflict, "view.export.unfinished")
	}
	if e.State != "done" || e.ExpiresAt <= s.DB.Clock().Now() {
		return e, nil, fault.New(fault.NotFound, "view.export.gone")
	}
	f, err := os.Open(s.path(e))
	if err != nil {
		return e, nil, fault.Wrap(err, fault.NotFound, "view.export.gone")
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := countDownload(ctx, tx, e.ID); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "view.export.fetch", Entity: "export", EntityID: int64(e.ID), Reason: e.Reason, Detail: map[string]any{"rows": e.Done, "sha256": e.SHA256}})
	})
	if err != nil {
		f.Close()
		return e, nil, err
	}
	return e, f, nil
}

// Traced is the export a row came from.
type Traced struct {
	Export
	Owner string `json:"owner"`
}

// Trace finds the exports whose row that belongs to nobody holds this telephone, or, where the numbers are masked, this name. Errors: not_found.
func (s *Service) Trace(ctx context.Context, word string) ([]Traced, error) {
	if err := access.Need(ctx, PermTrace); err != nil {
		return nil, err
	}
	word = strings.TrimSpace(word)
	found, err := exportsByCanary(ctx, s.DB.Read(ctx), word)
	if err == nil && len(found) == 0 {
		var recent []Export
		recent, err = recentExports(ctx, s.DB.Read(ctx))
		for _, e := range recent {
			if decoyName(e.ID) == word {
				found = append(found, e)
			}
		}
	}
	if err != nil || len(found) == 0 {
		return nil, orElse(err, fault.New(fault.NotFound, "view.export.untraced"))
	}
	var owners []staff.ID
	for _, e := range found {
		owners = append(owners, e.OwnerID)
	}
	names, err := s.Staff.Names(ctx, owners)
	if err != nil {
		return nil, err
	}
	var out []Traced
	for _, e := range found {
		out = append(out, Traced{e, names[e.OwnerID]})
		if err := s.Trail.Append(ctx, trail.Entry{Action: "view.export.trace", Entity: "export", EntityID: int64(e.ID)}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Prune removes the files whose time is over and what a crash left behind.
func (s *Service) Prune(ctx context.Context) error {
	var old []Export
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if old, err = expiring(ctx, tx, tx.Now); err != nil {
			return err
		}
		for _, e := range old {
			if err := setState(ctx, tx, e.ID, "expired"); err != nil {
				return err
			}
		}
		return nil
	})
	for _, e := range old {
		if e := os.Remove(s.path(e)); e != nil && !os.IsNotExist(e) && err == nil {
			err = e
		}
	}
	return err
}

func (s *Service) path(e Export) string { return filepath.Join(s.Dir, e.ID.String()+"."+e.Format) }

// scopeWords says in the reader's language whose data the caller sees.
func (s *Service) scopeWords(ctx context.Context) (string, error) {
	l, sc := lang.From(ctx), access.ScopeOf(ctx)
	key, args := "view.scope.own", map[string]any{}
	switch {
	case sc.All():
		key = "view.scope.all"
	case len(sc.Departments()) > 0:
		key = "view.scope.departments"
		ids := make([]staff.DepartmentID, 0, len(sc.Departments()))
		for _, d := range sc.Departments() {
			ids = append(ids, staff.DepartmentID(d))
		}
		names, err := s.Staff.DepartmentNames(ctx, ids)
		if err != nil {
			return "", err
		}
		var list []string
		for _, id := range ids {
			list = append(list, names[id])
		}
		args["names"] = strings.Join(list, "、")
	case len(sc.Sites()) > 0:
		key = "view.scope.site"
	}
	words := lang.Text(l, key, args)
	if sc.Days() > 0 {
		words += lang.Text(l, "view.scope.days", map[string]any{"days": sc.Days()})
	}
	return words, nil
}

// decoyPhone is a number that no network gives out (prefix 154 belongs to the fictional) and that no other export has, but for one in
// a hundred million.
func decoyPhone(id ExportID) string {
	mixed := uint64(id) * 0x9e3779b97f4a7c15
	return fmt.Sprintf("154%08d", mixed>>20%100_000_000)
}
