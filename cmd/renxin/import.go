package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/lang"
)

// importCommand reads files, or every file of a folder, one after the other. A file that cannot be read does not keep the
// next one from being read; the command fails at the end.
func importCommand(ctx context.Context, a *app, args []string) error {
	var paths []string
	dry, asJSON, feed := false, false, "命令导入"
	for _, arg := range args {
		switch {
		case arg == "--dry-run" || arg == "-dry-run":
			dry = true
		case arg == "--json" || arg == "-json":
			asJSON = true
		case strings.HasPrefix(arg, "--feed="):
			feed = strings.TrimPrefix(arg, "--feed=")
		case strings.HasPrefix(arg, "-"):
			return fmt.Errorf("import: unknown option %s (see: renxin help)", arg)
		default:
			if !filepath.IsAbs(arg) {
				arg = filepath.Join(a.dir, arg)
			}
			paths = append(paths, arg)
		}
	}
	files, err := importFiles(paths)
	if err != nil {
		return err
	}
	failed := 0
	each := func(ctx context.Context) error {
		for _, path := range files {
			if err := a.importFile(ctx, path, feed, dry, asJSON); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				failed++
				fmt.Fprintf(a.err, "%s: %s\n", filepath.Base(path), explain(err))
			}
		}
		return nil
	}
	if dry && a.alone { // the files of one dry run see each other, as they would in earnest
		err = houseOf(ctx).Intake.Rehearsal(ctx, each)
	} else {
		err = each(ctx)
	}
	if err == nil && failed > 0 {
		err = fmt.Errorf("import: %d of %d files could not be read", failed, len(files))
	}
	return err
}

// importFiles lists the files behind the arguments, those of a folder in order of name.
func importFiles(paths []string) ([]string, error) {
	if len(paths) == 0 {
		return nil, errors.New("import: name at least one file or folder")
	}
	var out []string
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return slices.Compact(out), nil
}

func (a *app) importFile(ctx context.Context, path, feed string, dry, asJSON bool) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > 8*intake.MaxUpload {
		return fmt.Errorf("larger than %d MB; split it", 8*intake.MaxUpload>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	out := json.NewEncoder(a.out)
	out.SetEscapeHTML(false)
	name, l := filepath.Base(path), lang.Parse(os.Getenv("LANG"))
	run, err := houseOf(ctx).Intake.Import(ctx, raw, intake.Options{Feed: feed, Kind: intake.FeedCommand, File: name, DryRun: dry,
		OnChunk: func(ctx context.Context, done, total int) bool { return ctx.Err() == nil },
		Heard: func(r intake.Record, o intake.Outcome) {
			v := judged{File: name, Outcome: o, Record: r}
			if o.Code != "" {
				v.Reason = lang.Text(l, o.Code, nil)
			}
			if asJSON {
				out.Encode(v)
				return
			}
			fmt.Fprintln(a.out, v.line(l))
		}})
	if err != nil {
		return err
	}
	if asJSON {
		return out.Encode(imported{File: name, Run: run.ID.String(), State: run.State, DryRun: dry, Done: run.Done, Total: run.Total, Counts: run.Counts})
	}
	fmt.Fprintf(a.out, "%s: %s\n", name, countsText(run.Counts))
	return nil
}

// judged is one record with its verdict and the canonical facts it means: one line of --json.
type judged struct {
	File   string `json:"file"`
	Reason string `json:"reason,omitempty"` // the code in words
	intake.Outcome
	Record intake.Record `json:"record"`
}

// line is the verdict for a person: what the record tells, without names and numbers; --json has all of it.
func (v judged) line(l lang.Locale) string {
	r := v.Record
	s := fmt.Sprintf("%s #%s %-8s %-18s %s", v.File, r.Ref, r.Type, r.Event, lang.Text(l, "intake.verdict."+string(v.Verdict), nil))
	for _, part := range []struct {
		what string
		n    int
	}{{"condition", len(r.Conditions)}, {"procedure", len(r.Procedures)}, {"charge", len(r.Charges)}, {"report", len(r.Reports)}, {"merge", len(r.Merges)}} {
		if part.n > 0 {
			s += fmt.Sprintf(" %s×%d", part.what, part.n)
		}
	}
	if v.Key != "" {
		s += " ← " + v.Key
	}
	if v.Code != "" {
		s += " [" + v.Code + "] " + v.Reason
	}
	return s
}

// imported is the last line of a file in --json.
type imported struct {
	File   string        `json:"file"`
	Run    string        `json:"run_id,omitempty"`
	State  string        `json:"state"`
	DryRun bool          `json:"dry_run"`
	Done   int           `json:"done"`
	Total  int           `json:"total"`
	Counts intake.Counts `json:"counts"`
}

func countsText(c intake.Counts) string {
	l := lang.Parse(os.Getenv("LANG"))
	var parts []string
	for _, x := range []struct {
		verdict intake.Verdict
		n       int
	}{{intake.Added, c.New}, {intake.Updated, c.Updated}, {intake.Unchanged, c.Unchanged}, {intake.Review, c.Review}, {intake.Duplicate, c.Duplicate}, {intake.Rejected, c.Rejected}} {
		parts = append(parts, fmt.Sprintf("%s %d", lang.Text(l, "intake.verdict."+string(x.verdict), nil), x.n))
	}
	return strings.Join(parts, "  ")
}
