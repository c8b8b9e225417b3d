package desk

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/segment"
	"renxin/internal/staff"
)

// SegmentRow is a saved segment with its owner's name.
type SegmentRow struct {
	segment.Segment
	OwnerName string `json:"owner_name"`
}

// SegmentPath names a segment.
type SegmentPath struct {
	ID segment.ID `path:"id"`
}

// SegmentAsk is a tree that need not be saved.
type SegmentAsk struct {
	Tree  segment.Tree `json:"tree"`
	Exact bool         `json:"exact"` // count all instead of up to 10,000
}

type segmentDoor struct {
	segment *segment.Service
	staff   *staff.Service
	patient *patient.Service
}

// SegmentRoutes are the paths of segments: building, saving, exploring, key patients.
func SegmentRoutes(s *segment.Service, st *staff.Service, p *patient.Service) Routes {
	return func(d *Door) {
		x := segmentDoor{s, st, p}
		x.buildRoutes(d)
		x.savedRoutes(d)
		x.exploreRoutes(d)
		x.keyRoutes(d)
	}
}

// rows adds the owners' names.
func (x segmentDoor) rows(ctx context.Context, gs ...segment.Segment) ([]SegmentRow, error) {
	ids := make([]staff.ID, len(gs))
	for i, g := range gs {
		ids[i] = staff.ID(g.OwnerID)
	}
	names, err := x.staff.Names(ctx, ids)
	out := make([]SegmentRow, len(gs))
	for i, g := range gs {
		out[i] = SegmentRow{g, names[ids[i]]}
	}
	return out, err
}

func (x segmentDoor) row(ctx context.Context, g segment.Segment, err error) (SegmentRow, error) {
	if err != nil {
		return SegmentRow{}, err
	}
	rows, err := x.rows(ctx, g)
	if err != nil {
		return SegmentRow{}, err
	}
	return rows[0], nil
}

func (x segmentDoor) buildRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/segments/dimensions", Permission: segment.PermRead, Text: "What conditions can be about"}, func(ctx context.Context, _ *struct{}) (items[segment.Offer], error) {
		return listed(x.segment.Dimensions(ctx))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/segments/options", Permission: segment.PermRead, Text: "Values of a dimension by what was typed, or the names of given ones"}, func(ctx context.Context, in *struct {
		Body struct {
			Dim    string   `json:"dim"`
			Text   string   `json:"text"`
			Values []string `json:"values"`
		}
	}) (items[segment.Option], error) {
		return listed(x.segment.Options(ctx, in.Body.Dim, in.Body.Text, in.Body.Values))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/segments/count", Permission: segment.PermRead, Text: "How many patients in scope satisfy a tree, exact up to 10,000 or on demand"}, func(ctx context.Context, in *struct{ Body SegmentAsk }) (db.Total, error) {
		return x.segment.CountTree(ctx, in.Body.Tree, in.Body.Exact)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/segments/sample", Permission: segment.PermRead, Text: "Twenty of them, masked"}, func(ctx context.Context, in *struct{ Body SegmentAsk }) (items[patient.Brief], error) {
		return listed(x.segment.Sample(ctx, in.Body.Tree))
	})
}

func (x segmentDoor) savedRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/segments", Permission: segment.PermRead, Text: "Saved segments: one's own and the shared"}, func(ctx context.Context, in *struct {
		Kind  string `query:"kind"`
		State string `query:"state"`
	}) (items[SegmentRow], error) {
		gs, err := x.segment.List(ctx, in.Kind, in.State)
		if err != nil {
			return items[SegmentRow]{}, err
		}
		return listed(x.rows(ctx, gs...))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/segments", Permission: segment.PermRead, Text: "Save a segment, or a rule for key patients"}, func(ctx context.Context, in *struct{ Body segment.Input }) (SegmentRow, error) {
		g, err := x.segment.Create(ctx, in.Body)
		return x.row(ctx, g, err)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/segments/{id}", Permission: segment.PermRead, Text: "One segment"}, func(ctx context.Context, in *SegmentPath) (SegmentRow, error) {
		g, err := x.segment.Find(ctx, in.ID)
		return x.row(ctx, g, err)
	})
	add(d, Route{Method: "PUT", Path: "/api/v1/segments/{id}", Permission: segment.PermRead, Text: "Change a segment; a stale version is a conflict with the current one"}, func(ctx context.Context, in *struct {
		SegmentPath
		Body segment.Input
	}) (SegmentRow, error) {
		g, err := x.segment.Update(ctx, in.ID, in.Body)
		return x.row(ctx, g, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/segments/{id}/archive", Permission: segment.PermRead, Text: "Take a segment out of use, or back into it"}, func(ctx context.Context, in *struct {
		SegmentPath
		Body struct {
			Version  int64 `json:"version"`
			Archived bool  `json:"archived"`
		}
	}) (SegmentRow, error) {
		g, err := x.segment.Archive(ctx, in.ID, in.Body.Version, in.Body.Archived)
		return x.row(ctx, g, err)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/segments/{id}/versions", Permission: segment.PermRead, Text: "The history of a segment with what each version changed"}, func(ctx context.Context, in *SegmentPath) (items[segment.Version], error) {
		return listed(x.segment.Versions(ctx, in.ID))
	})
	add(d, Route{Method: "GET", Path: "/api/v1/segments/{id}/uses", Permission: segment.PermRead, Text: "What works with a segment"}, func(ctx context.Context, in *SegmentPath) (items[segment.Use], error) {
		return listed(x.segment.Uses(ctx, in.ID))
	})
}

func (x segmentDoor) exploreRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/segments/{id}/size", Permission: segment.PermRead, Text: "How many members of a segment the caller sees"}, func(ctx context.Context, in *struct {
		SegmentPath
		Exact bool `query:"exact"`
	}) (segment.Size, error) {
		return x.segment.Size(ctx, in.ID, in.Exact)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/segments/{id}/members", Permission: segment.PermRead, Text: "The members of a segment by key, for machines that walk them"}, func(ctx context.Context, in *struct {
		SegmentPath
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit"`
	}) (db.Page[patient.ID], error) {
		return x.segment.Members(ctx, in.ID, in.Cursor, in.Limit)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/segments/{id}/movement", Permission: segment.PermRead, Text: "Who came into a followed segment and left it in the last days"}, func(ctx context.Context, in *struct {
		SegmentPath
		Days int `query:"days"`
	}) (segment.Movement, error) {
		return x.segment.Moved(ctx, in.ID, in.Days)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/segments/{id}/demography", Permission: segment.PermRead, Text: "The members of a segment by sex, age, region and source"}, func(ctx context.Context, in *SegmentPath) (segment.Demography, error) {
		return x.segment.Demography(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/segments/overlap", Permission: segment.PermRead, Text: "How two or three segments share their members"}, func(ctx context.Context, in *struct {
		Body struct {
			IDs []segment.ID `json:"ids"`
		}
	}) (segment.Overlap, error) {
		return x.segment.Overlap(ctx, in.Body.IDs)
	})
}

// KeyRow is a key patient with the rules that flag them.
type KeyRow struct {
	patient.Brief
	Flags []segment.Belonging `json:"flags"`
}

func (x segmentDoor) keyRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/key-patients", Permission: segment.PermRead, Text: "Patients flagged by a clinical rule, with the reasons"}, func(ctx context.Context, in *struct {
		Rule   segment.ID `query:"rule"`
		Cursor string     `query:"cursor"`
		Limit  int        `query:"limit"`
	}) (db.Page[KeyRow], error) {
		return x.keyPatients(ctx, in.Rule, in.Cursor, in.Limit)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/segments", Permission: segment.PermRead, Text: "The segments and rules a patient is in, with the reasons"}, func(ctx context.Context, in *PatientPath) (items[segment.Belonging], error) {
		return listed(x.segment.Of(ctx, in.ID))
	})
}

func (x segmentDoor) keyPatients(ctx context.Context, rule segment.ID, cursor string, limit int) (db.Page[KeyRow], error) {
	out := db.Page[KeyRow]{Items: []KeyRow{}}
	if err := access.Need(ctx, patient.PermRead); err != nil {
		return out, err
	}
	page, err := x.patient.List(ctx, patient.Filter{Within: []patient.Within{{Kind: segment.Key, Key: int64(rule)}}, Cursor: cursor, Limit: limit})
	if err != nil {
		return out, err
	}
	ids := make([]patient.ID, len(page.Items))
	for i, r := range page.Items {
		ids[i] = r.ID
	}
	flags, err := x.segment.Flags(ctx, ids)
	for _, r := range page.Items {
		out.Items = append(out.Items, KeyRow{r.Brief, append([]segment.Belonging{}, flags[r.ID]...)})
	}
	out.Next, out.Total = page.Next, page.Total
	return out, err
}
