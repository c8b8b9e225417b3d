package desk

import (
	"context"
	"sort"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
	"renxin/internal/setting"
)

// DictionaryRow is a dictionary with its name.
type DictionaryRow struct {
	setting.Dictionary
	Title string `json:"title"`
}

// EntryUse is how many records hold a word, in one place.
type EntryUse struct {
	Place string   `json:"place"`
	Total db.Total `json:"total"`
}

// DictionaryPath names a dictionary.
type DictionaryPath struct {
	Name string `path:"name"`
}

// DictionaryRoutes are the paths of dictionaries and of patients' sources.
func DictionaryRoutes(s *setting.Service, p *patient.Service) Routes {
	return func(d *Door) {
		entryRoutes(d, s)
		touchRoutes(d, p)
	}
}

func entryRoutes(d *Door, s *setting.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/dictionaries", Own: true, Text: "The dictionaries"}, func(ctx context.Context, _ *struct{}) (items[DictionaryRow], error) {
		out := []DictionaryRow{}
		for _, x := range setting.Dictionaries {
			out = append(out, DictionaryRow{x, lang.Text(lang.From(ctx), "setting.dictionary."+x.Name, nil)})
		}
		return listed(out, nil)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/dictionaries/{name}", Own: true, Text: "The words of a dictionary in order, also retired and merged ones"}, func(ctx context.Context, in *DictionaryPath) (items[setting.Entry], error) {
		return listed(s.Entries(ctx, in.Name))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/dictionaries/{name}", Permission: setting.PermDictionary, Text: "Add a word"}, func(ctx context.Context, in *struct {
		DictionaryPath
		Body struct {
			Code   string `json:"code"`
			ZH     string `json:"zh"`
			EN     string `json:"en"`
			Parent string `json:"parent"`
		}
	}) (setting.Entry, error) {
		return s.CreateEntry(ctx, setting.Entry{Dictionary: in.Name, Code: in.Body.Code, ZH: in.Body.ZH, EN: in.Body.EN, Parent: in.Body.Parent})
	})
	add(d, Route{Method: "PATCH", Path: "/api/v1/dictionary-entries/{id}", Permission: setting.PermDictionary, Text: "Rename, move, retire or restore a word"}, func(ctx context.Context, in *struct {
		ID   setting.EntryID `path:"id"`
		Body struct {
			Version int64   `json:"version"`
			ZH      *string `json:"zh"`
			EN      *string `json:"en"`
			Parent  *string `json:"parent"`
			Active  *bool   `json:"active"`
		}
	}) (setting.Entry, error) {
		b := in.Body
		return s.UpdateEntry(ctx, in.ID, setting.EntryPatch{Version: b.Version, ZH: b.ZH, EN: b.EN, Parent: b.Parent, Active: b.Active})
	})
	add(d, Route{Method: "POST", Path: "/api/v1/dictionaries/{name}/arrange", Permission: setting.PermDictionary, Text: "Put the words of a dictionary into order"}, func(ctx context.Context, in *struct {
		DictionaryPath
		Body struct {
			Codes []string `json:"codes"`
		}
	}) (None, error) {
		return None{}, s.ArrangeEntries(ctx, in.Name, in.Body.Codes)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/dictionaries/{name}/usage", Permission: setting.PermDictionary, Text: "How many records hold a word"}, func(ctx context.Context, in *struct {
		DictionaryPath
		Body struct {
			Code string `json:"code"`
		}
	}) (items[EntryUse], error) {
		used, err := s.Usage(ctx, in.Name, in.Body.Code)
		out := []EntryUse{}
		for place, n := range used {
			out = append(out, EntryUse{place, n})
		}
		sort.Slice(out, func(i, j int) bool { return out[i].Place < out[j].Place })
		return listed(out, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/dictionaries/{name}/merge", Permission: setting.PermDictionary, Text: "Let one word take the place of another in every record; can be undone"}, func(ctx context.Context, in *struct {
		DictionaryPath
		Body struct {
			From string `json:"from"`
			Into string `json:"into"`
		}
	}) (setting.EntryMerge, error) {
		return s.MergeEntries(ctx, in.Name, in.Body.From, in.Body.Into)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/dictionaries/{name}/merges", Permission: setting.PermDictionary, Text: "Merges of a dictionary, newest first"}, func(ctx context.Context, in *DictionaryPath) (items[setting.EntryMerge], error) {
		return listed(s.Merges(ctx, in.Name))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/dictionary-merges/{id}/undo", Permission: setting.PermDictionary, Text: "Turn a merge of two words back"}, func(ctx context.Context, in *struct {
		ID setting.EntryMergeID `path:"id"`
	}) (None, error) {
		return None{}, s.UndoMerge(ctx, in.ID)
	})
}

func touchRoutes(d *Door, p *patient.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/touches", Permission: patient.PermRead, Text: "How a patient came to us: the first source, then every later contact"}, func(ctx context.Context, in *PatientPath) (items[patient.Touch], error) {
		return listed(p.Touches(ctx, in.ID))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/touches", Permission: patient.PermUpdate, Text: "Add a later contact through a source"}, func(ctx context.Context, in *struct {
		PatientPath
		Body struct {
			Source string `json:"source"`
			Note   string `json:"note"`
		}
	}) (None, error) {
		_, err := p.AddTouch(ctx, in.ID, in.Body.Source, in.Body.Note)
		return None{}, err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/source", Permission: patient.PermSource, Text: "Correct the first source, with a reason"}, func(ctx context.Context, in *struct {
		PatientPath
		Body struct {
			Version int64  `json:"version"`
			Source  string `json:"source"`
			Reason  string `json:"reason"`
		}
	}) (FieldsDone, error) {
		now, err := p.CorrectSource(ctx, in.ID, in.Body.Version, in.Body.Source, in.Body.Reason)
		return FieldsDone{now.Version}, err
	})
}
