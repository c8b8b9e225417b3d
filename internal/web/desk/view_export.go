package desk

import (
	"context"
	"io"
	"os"

	"renxin/internal/platform/lang"
	"renxin/internal/view"
)

// ExportPath names a file of one's tray.
type ExportPath struct {
	ID view.ExportID `path:"id"`
}

// TrayRow is a file in the tray with what went wrong, in words.
type TrayRow struct {
	view.Export
	Problem string `json:"problem"`
}

var exportMedia = map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

func trayRoutes(d *Door, s *view.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/exports", Own: true, Text: "One's tray of exported files, newest first"}, func(ctx context.Context, _ *struct{}) (items[TrayRow], error) {
		es, err := s.Exports(ctx)
		out := make([]TrayRow, 0, len(es))
		for _, e := range es {
			r := TrayRow{Export: e}
			if e.Error != "" {
				r.Problem = lang.Text(lang.From(ctx), e.Error, nil)
			}
			out = append(out, r)
		}
		return listed(out, err)
	})
	addFile(d, Route{Method: "GET", Path: "/api/v1/exports/{id}/file", Own: true, Text: "Fetch a finished file; every fetch is recorded"}, func(ctx context.Context, in *ExportPath) (File, error) {
		e, f, err := s.Download(ctx, in.ID)
		if err != nil {
			return File{}, err
		}
		return fileOf(f, e.Source+"-"+string(s.DB.Clock().Date(e.CreatedAt))+"."+e.Format, exportMedia[e.Format]), nil
	})
	add(d, Route{Method: "POST", Path: "/api/v1/exports/{id}/cancel", Own: true, Text: "Stop an export that is being written"}, func(ctx context.Context, in *ExportPath) (None, error) {
		return None{}, s.Cancel(ctx, in.ID)
	})
	add(d, Route{Method: "DELETE", Path: "/api/v1/exports/{id}", Own: true, Text: "Remove a file from one's tray"}, func(ctx context.Context, in *ExportPath) (None, error) {
		return None{}, s.Discard(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/exports/trace", Permission: view.PermTrace, Text: "Find the export from which a leaked row came, by its telephone or name"}, func(ctx context.Context, in *struct {
		Body struct {
			Text string `json:"text"`
		}
	}) (items[view.Traced], error) {
		return listed(s.Trace(ctx, in.Body.Text))
	})
	add(d, Route{Method: "GET", Path: "/api/v1/preferences", Own: true, Text: "Everything one has arranged: columns, widths, density, first views"}, func(ctx context.Context, _ *struct{}) (items[view.Preference], error) {
		return listed(s.Preferences(ctx))
	})
	add(d, Route{Method: "PUT", Path: "/api/v1/preferences/{key}", Own: true, Text: "Keep something arranged; an empty value forgets it"}, func(ctx context.Context, in *struct {
		Key  string `path:"key"`
		Body struct {
			Value string `json:"value"`
		}
	}) (None, error) {
		return None{}, s.Prefer(ctx, in.Key, in.Body.Value)
	})
}

// fileOf sends an open file and closes it.
func fileOf(f *os.File, name, media string) File {
	return File{Name: name, Type: media, Write: func(w io.Writer) error {
		defer f.Close()
		_, err := io.Copy(w, f)
		return err
	}}
}
