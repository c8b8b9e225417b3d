package desk

import (
	"context"
	"errors"

	"renxin/internal/followup"
	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// PatientPath names a patient.
type PatientPath struct {
	ID patient.ID `path:"id"`
}

// PatientRoutes are the paths of patients: lists, forms, contact points, looks at masked values, duplicates and merges.
func PatientRoutes(p *patient.Service, st *staff.Service, v *visit.Service, f *followup.Service) Routes {
	return func(d *Door) {
		door := patientDoor{p, st, v, f}
		door.findRoutes(d)
		door.editRoutes(d)
		door.contactRoutes(d)
		door.mergeRoutes(d)
		door.exportRoutes(d)
		door.listRoutes(d)
		door.assignRoutes(d)
	}
}

func (x patientDoor) findRoutes(d *Door) {
	add(d, Route{Method: "POST", Path: "/api/v1/patients/search", Permission: patient.PermRead, Text: "Patients in the caller's scope, filtered and sorted"}, func(ctx context.Context, in *struct{ Body PatientSearch }) (db.Page[PatientRow], error) {
		f, err := x.filter(ctx, in.Body)
		if err != nil {
			return db.Page[PatientRow]{}, err
		}
		p, err := x.patient.List(ctx, f)
		if err != nil {
			return db.Page[PatientRow]{}, err
		}
		return x.rows(ctx, p)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/pick", Permission: patient.PermRead, Text: "Patients for a type-ahead field: name, pinyin, initials, digits"}, func(ctx context.Context, in *struct {
		Body struct {
			Text  string `json:"text"`
			Limit int    `json:"limit"`
		}
	}) (items[patient.Hit], error) {
		return listed(x.patient.Pick(ctx, in.Body.Text, in.Body.Limit))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/duplicates", Permission: patient.PermRead, Text: "Patients whom a form being typed may already be"}, func(ctx context.Context, in *struct{ Body PatientInput }) (PatientDoubles, error) {
		found, outside, err := x.patient.Duplicates(ctx, in.Body.draft(), in.Body.ExcludeID)
		return PatientDoubles{found, outside}, err
	})
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}", Permission: patient.PermRead, Text: "One patient, masked"}, func(ctx context.Context, in *PatientPath) (PatientDetail, error) {
		p, err := x.patient.Find(ctx, in.ID)
		return x.detail(ctx, p, err)
	})
}

// PatientDoubles are the possible duplicates of a form.
type PatientDoubles struct {
	Items   []patient.Double `json:"items"`
	Outside int              `json:"outside"` // certain ones beyond the caller's scope
}

func (x patientDoor) editRoutes(d *Door) {
	add(d, Route{Method: "POST", Path: "/api/v1/patients", Permission: patient.PermCreate, Text: "Record a patient"}, func(ctx context.Context, in *struct{ Body PatientInput }) (PatientDetail, error) {
		id, err := x.patient.Create(ctx, in.Body.draft())
		if err != nil {
			return PatientDetail{}, err
		}
		p, err := x.patient.Find(ctx, id)
		return x.detail(ctx, p, err)
	})
	add(d, Route{Method: "PATCH", Path: "/api/v1/patients/{id}", Permission: patient.PermUpdate, Text: "Change fields of a patient; a stale version is a conflict with the current row"}, func(ctx context.Context, in *struct {
		PatientPath
		Body PatientPatch
	}) (PatientDetail, error) {
		p, err := x.patient.Update(ctx, in.ID, in.Body.patch())
		if e, ok := errors.AsType[*fault.Error](err); ok && e.Code == fault.Conflict {
			if now, ok := e.Data.(patient.Detail); ok {
				if row, err := x.detail(ctx, now, nil); err == nil {
					e.Data = row
				}
			}
		}
		return x.detail(ctx, p, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/tags", Permission: patient.PermUpdate, Text: "Add and remove tags"}, func(ctx context.Context, in *struct {
		PatientPath
		Body struct {
			Add    []string `json:"add"`
			Remove []string `json:"remove"`
		}
	}) (PatientDetail, error) {
		p, err := x.patient.Tag(ctx, in.ID, in.Body.Add, in.Body.Remove)
		return x.detail(ctx, p, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/bulk", Permission: patient.PermUpdate, Text: "Tag, untag or assign many patients"}, func(ctx context.Context, in *struct {
		Body struct {
			IDs     []patient.ID `json:"ids"`
			Action  string       `json:"action"`
			Tag     string       `json:"tag"`
			OwnerID staff.ID     `json:"owner_id"`
		}
	}) (Done, error) {
		n, err := x.patient.ApplyBulk(ctx, patient.Bulk{IDs: in.Body.IDs, Action: in.Body.Action, Tag: in.Body.Tag, OwnerID: int64(in.Body.OwnerID)})
		return Done{n}, err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/proposals/{proposal_id}", Permission: patient.PermUpdate, Text: "Accept or reject a feed's value for a verified field"}, func(ctx context.Context, in *struct {
		PatientPath
		ProposalID patient.ProposalID `path:"proposal_id"`
		Body       struct {
			Accept bool `json:"accept"`
		}
	}) (PatientDetail, error) {
		p, err := x.patient.Decide(ctx, in.ID, in.ProposalID, in.Body.Accept)
		return x.detail(ctx, p, err)
	})
}

// Done is how many rows a bulk change reached.
type Done struct {
	Done int `json:"done"`
}

// ContactPath names a contact point of a patient.
type ContactPath struct {
	ID        patient.ID        `path:"id"`
	ContactID patient.ContactID `path:"contact_id"`
}

// contactNow finds the contact point to answer with: the one named, else the newest.
func contactNow(p patient.Detail, id patient.ContactID) patient.Contact {
	var out patient.Contact
	for _, c := range p.Contacts {
		if c.ID == id || id == 0 && c.ID > out.ID {
			out = c
		}
	}
	return out
}

func (x patientDoor) contactRoutes(d *Door) {
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/contacts", Permission: patient.PermUpdate, Text: "Add a contact point"}, func(ctx context.Context, in *struct {
		PatientPath
		Body PatientContact
	}) (patient.Contact, error) {
		p, err := x.patient.AddContact(ctx, in.ID, patient.ContactInput(in.Body))
		return contactNow(p, 0), err
	})
	add(d, Route{Method: "PATCH", Path: "/api/v1/patients/{id}/contacts/{contact_id}", Permission: patient.PermUpdate, Text: "Change a contact point; state wrong marks its number for everybody, ok verifies it again"}, func(ctx context.Context, in *struct {
		ContactPath
		Body struct {
			State *string `json:"state"`
			Owner *string `json:"owner"`
			Label *string `json:"label"`
			Rank  *int64  `json:"rank"`
		}
	}) (patient.Contact, error) {
		p, err := x.patient.UpdateContact(ctx, in.ID, in.ContactID, patient.ContactPatch{State: in.Body.State, Owner: in.Body.Owner, Label: in.Body.Label, Rank: in.Body.Rank})
		return contactNow(p, in.ContactID), err
	})
	add(d, Route{Method: "DELETE", Path: "/api/v1/patients/{id}/contacts/{contact_id}", Permission: patient.PermUpdate, Text: "Remove a contact point"}, func(ctx context.Context, in *ContactPath) (None, error) {
		_, err := x.patient.RemoveContact(ctx, in.ID, in.ContactID)
		return None{}, err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/identifiers", Permission: patient.PermUpdate, Text: "Add a number"}, func(ctx context.Context, in *struct {
		PatientPath
		Body PatientNumber
	}) (PatientDetail, error) {
		p, err := x.patient.AddIdentifier(ctx, in.ID, patient.IdentifierInput(in.Body))
		return x.detail(ctx, p, err)
	})
	add(d, Route{Method: "DELETE", Path: "/api/v1/patients/{id}/identifiers/{identifier_id}", Permission: patient.PermUpdate, Text: "Remove a number"}, func(ctx context.Context, in *struct {
		PatientPath
		IdentifierID patient.IdentifierID `path:"identifier_id"`
	}) (PatientDetail, error) {
		p, err := x.patient.RemoveIdentifier(ctx, in.ID, in.IdentifierID)
		return x.detail(ctx, p, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/reveal", Permission: patient.PermReveal, Text: "Look at one masked value; the reason is recorded first"}, func(ctx context.Context, in *struct {
		PatientPath
		Body struct {
			Field  string `json:"field"`
			Ref    string `json:"ref"`
			Reason string `json:"reason"`
		}
	}) (Revealed, error) {
		v, err := x.patient.Reveal(ctx, in.ID, patient.RevealInput{Field: in.Body.Field, Ref: in.Body.Ref, Reason: in.Body.Reason})
		return Revealed{v, patient.RevealSeconds}, err
	})
}

// Revealed is a value for a short look.
type Revealed struct {
	Value   string `json:"value"`
	Seconds int    `json:"seconds"`
}

// MergeDone names a merge, so that it can be undone.
type MergeDone struct {
	MergeID patient.MergeID `json:"merge_id"`
}

func (x patientDoor) mergeRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/patients/review", Permission: patient.PermMerge, Text: "Pairs of records that may be one person; apart gives those that look alike and must not be joined"}, func(ctx context.Context, in *struct {
		Apart  bool   `query:"apart"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit"`
	}) (db.Page[patient.Pair], error) {
		return x.patient.Pairs(ctx, in.Apart, in.Cursor, in.Limit)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/patients/scan", Permission: patient.PermMerge, Text: "How far the search for duplicates among all patients is"}, func(ctx context.Context, _ *struct{}) (patient.ScanState, error) {
		return x.patient.ScanState(ctx)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/scan", Permission: patient.PermMerge, Text: "Look for duplicates among all patients"}, func(ctx context.Context, _ *struct{}) (patient.ScanState, error) {
		return x.patient.StartScan(ctx)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/scan/stop", Permission: patient.PermMerge, Text: "Stop the search for duplicates; what it found stays"}, func(ctx context.Context, _ *struct{}) (patient.ScanState, error) {
		return x.patient.StopScan(ctx)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/access-log", Permission: patient.PermAccessLog, Text: "Who looked at, revealed, exported or changed a patient's data, newest first; follows merges"}, func(ctx context.Context, in *struct {
		PatientPath
		Kind   string `query:"kind" doc:"look: looks, reveals, exports and plays; change: what was written; empty: all"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit"`
	}) (db.Page[patient.AccessEntry], error) {
		return x.patient.AccessLog(ctx, in.ID, in.Kind, in.Cursor, in.Limit)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/pairs/{id}/different", Permission: patient.PermMerge, Text: "Decide that a pair is two persons"}, func(ctx context.Context, in *struct {
		ID patient.PairID `path:"id"`
	}) (None, error) {
		return None{}, x.patient.Different(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/merge", Permission: patient.PermMerge, Text: "Make one patient of two; can be undone"}, func(ctx context.Context, in *struct {
		Body struct {
			SurvivorID patient.ID `json:"survivor_id"`
			LoserID    patient.ID `json:"loser_id"`
			Reason     string     `json:"reason"`
			Take       []string   `json:"take,omitempty" doc:"fields in which the loser's value survives"`
		}
	}) (MergeDone, error) {
		m, err := x.patient.Merge(ctx, in.Body.SurvivorID, in.Body.LoserID, in.Body.Reason, in.Body.Take...)
		return MergeDone{m}, err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/merges/{id}/undo", Permission: patient.PermMerge, Text: "Undo a merge, also when later ones stand on it; kept lists the rows that came after it and stay with the survivor"}, func(ctx context.Context, in *struct {
		ID patient.MergeID `path:"id"`
	}) (patient.Undone, error) {
		return x.patient.Unmerge(ctx, in.ID)
	})
}

func (x patientDoor) listRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/regions", Own: true, Text: "Administrative divisions under a code"}, func(_ context.Context, in *struct {
		Parent string `query:"parent"`
	}) (items[identity.Region], error) {
		return listed(identity.RegionsUnder(in.Parent), nil)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/tags", Permission: patient.PermRead, Text: "Tags in use"}, func(ctx context.Context, _ *struct{}) (items[string], error) {
		return listed(x.patient.Tags(ctx))
	})
}
