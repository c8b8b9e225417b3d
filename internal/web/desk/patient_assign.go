package desk

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

// CarerRow is who has to do with a patient, and why.
type CarerRow struct {
	Kind   string        `json:"kind"` // staff, department, site
	Key    string        `json:"key"`
	Name   string        `json:"name"`
	Role   string        `json:"role"`
	Until  clock.Instant `json:"until"`
	By     string        `json:"by"`
	At     clock.Instant `json:"at"`
	ByHand bool          `json:"by_hand"` // a person may take it away
	Mine   bool          `json:"mine"`    // given by the caller
}

// AssignInput is a relation to give or to end.
type AssignInput struct {
	Kind  string        `json:"kind"`
	Key   string        `json:"key"`
	Role  string        `json:"role"`
	Until clock.Instant `json:"until"`
}

func (in AssignInput) access() patient.Access {
	key, _ := db.Key(in.Key) // a malformed key is nobody's, which the room says
	return patient.Access{Kind: in.Kind, Key: key, Role: in.Role, Until: in.Until}
}

// TransferInput hands patients over: those named, else all of the list.
type TransferInput struct {
	IDs    []patient.ID  `json:"ids"`
	Text   string        `json:"text"`
	Filter PatientFilter `json:"filter"`
	ToID   staff.ID      `json:"to_id"`
	Reason string        `json:"reason"`
}

// TransferPath names a transfer.
type TransferPath struct {
	ID patient.TransferID `path:"id"`
}

func (x patientDoor) assignRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/access", Permission: patient.PermRead, Text: "Who has to do with a patient, until when and why"}, func(ctx context.Context, in *PatientPath) (items[CarerRow], error) {
		return x.carers(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/access", Permission: patient.PermShare, Text: "Make somebody responsible, give a relation, or share for a while"}, func(ctx context.Context, in *struct {
		PatientPath
		Body AssignInput
	}) (items[CarerRow], error) {
		if err := x.patient.Assign(ctx, in.ID, in.Body.access()); err != nil {
			return items[CarerRow]{}, err
		}
		return x.carers(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/access/end", Permission: patient.PermShare, Text: "End a relation that a person gave"}, func(ctx context.Context, in *struct {
		PatientPath
		Body AssignInput
	}) (items[CarerRow], error) {
		if err := x.patient.Release(ctx, in.ID, in.Body.access()); err != nil {
			return items[CarerRow]{}, err
		}
		return x.carers(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/transfers", Permission: patient.PermAssign, Text: "Hand many patients over to a colleague; a job moves them"}, func(ctx context.Context, in *struct{ Body TransferInput }) (patient.Transfer, error) {
		f, err := x.filter(ctx, PatientSearch{Text: in.Body.Text, Filter: in.Body.Filter})
		if err != nil {
			return patient.Transfer{}, err
		}
		return x.patient.Reassign(ctx, in.Body.IDs, f, int64(in.Body.ToID), in.Body.Reason)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/transfers/{id}", Permission: patient.PermAssign, Text: "How far a transfer is"}, func(ctx context.Context, in *TransferPath) (patient.Transfer, error) {
		return x.patient.FindTransfer(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/transfers/{id}/undo", Permission: patient.PermAssign, Text: "Give back what a transfer moved"}, func(ctx context.Context, in *TransferPath) (patient.Transfer, error) {
		return x.patient.UndoTransfer(ctx, in.ID)
	})
}

func (x patientDoor) carers(ctx context.Context, id patient.ID) (items[CarerRow], error) {
	rs, err := x.patient.Carers(ctx, id)
	if err != nil {
		return items[CarerRow]{}, err
	}
	n, err := x.namesOf(ctx, rs)
	if err != nil {
		return items[CarerRow]{}, err
	}
	me := int64(staffOf(ctx))
	out := make([]CarerRow, 0, len(rs))
	for _, r := range rs {
		row := CarerRow{Kind: r.Kind, Role: r.Role, Until: r.Until, By: n.staff[staff.ID(r.ByID)], At: r.At, ByHand: r.ByHand(), Mine: r.ByID != 0 && r.ByID == me}
		switch r.Kind {
		case "staff":
			row.Key, row.Name = staff.ID(r.Key).String(), n.staff[staff.ID(r.Key)]
		case "department":
			row.Key, row.Name = staff.DepartmentID(r.Key).String(), n.departments[staff.DepartmentID(r.Key)]
		case "site":
			row.Key, row.Name = staff.SiteID(r.Key).String(), n.sites[staff.SiteID(r.Key)]
		}
		out = append(out, row)
	}
	return listed(out, nil)
}

// carerNames are the names of whoever stands in some relations.
type carerNames struct {
	staff       map[staff.ID]string
	departments map[staff.DepartmentID]string
	sites       map[staff.SiteID]string
}

func (x patientDoor) namesOf(ctx context.Context, rs []patient.Carer) (n carerNames, err error) {
	var people []staff.ID
	var departments []staff.DepartmentID
	for _, r := range rs {
		if r.ByID != 0 {
			people = append(people, staff.ID(r.ByID))
		}
		switch r.Kind {
		case "staff":
			people = append(people, staff.ID(r.Key))
		case "department":
			departments = append(departments, staff.DepartmentID(r.Key))
		}
	}
	if n.staff, err = x.staff.Names(ctx, people); err != nil {
		return n, err
	}
	if n.departments, err = x.staff.DepartmentNames(ctx, departments); err != nil {
		return n, err
	}
	sites, err := x.staff.Sites(ctx)
	n.sites = map[staff.SiteID]string{}
	for _, s := range sites {
		n.sites[s.ID] = s.Name
	}
	return n, err
}
