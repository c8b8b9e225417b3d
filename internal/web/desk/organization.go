package desk

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/organization"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

// OrganizationRow is an organisation in a list; Members counts those in the reader's scope.
type OrganizationRow struct {
	organization.Organization
	Region  string `json:"region"`
	Owner   *Named `json:"owner"`
	Members int    `json:"members"`
	Former  int    `json:"former"`
}

// OrganizationCard is an organisation with its contracts, contacts and visits.
type OrganizationCard struct {
	OrganizationRow
	Contracts []organization.Contract `json:"contracts"`
	Contacts  []organization.Contact  `json:"contacts"`
	Calls     []organization.Call     `json:"calls"`
}

// MemberRow is a member in a list.
type MemberRow struct {
	organization.Member
	Patient patient.Brief `json:"patient"`
}

// OrganizationPath names an organisation.
type OrganizationPath struct {
	ID organization.ID `path:"id"`
}

// OrganizationRoutes are the paths of organisations and their members.
func OrganizationRoutes(s *organization.Service, st *staff.Service) Routes {
	return func(d *Door) {
		x := organizationDoor{s, st}
		add(d, Route{Method: "POST", Path: "/api/v1/organizations/search", Permission: organization.PermRead, Text: "Organisations by name"},
			func(ctx context.Context, in *struct {
				Body struct {
					Text   string `json:"text"`
					Kind   string `json:"kind"`
					Limit  int    `json:"limit"`
					Cursor string `json:"cursor"`
				}
			}) (db.Page[OrganizationRow], error) {
				b := in.Body
				return x.list(ctx, organization.Filter{Text: b.Text, Kind: b.Kind, Limit: b.Limit, Cursor: b.Cursor})
			})
		add(d, Route{Method: "GET", Path: "/api/v1/organizations/{id}", Permission: organization.PermRead, Text: "An organisation with its contracts, contacts and visits"},
			func(ctx context.Context, in *OrganizationPath) (OrganizationCard, error) { return x.card(ctx, in.ID) })
		add(d, Route{Method: "POST", Path: "/api/v1/organizations", Permission: organization.PermUpdate, Text: "Add an organisation"},
			func(ctx context.Context, in *struct{ Body organization.Input }) (OrganizationCard, error) {
				id, err := s.Create(ctx, in.Body)
				if err != nil {
					return OrganizationCard{}, err
				}
				return x.card(ctx, id)
			})
		add(d, Route{Method: "PUT", Path: "/api/v1/organizations/{id}", Permission: organization.PermUpdate, Text: "Change an organisation"},
			func(ctx context.Context, in *struct {
				OrganizationPath
				Body organization.Input
			}) (None, error) {
				return None{}, s.Update(ctx, in.ID, in.Body)
			})
		add(d, Route{Method: "DELETE", Path: "/api/v1/organizations/{id}", Permission: organization.PermUpdate, Text: "Take an organisation out of the lists"},
			func(ctx context.Context, in *OrganizationPath) (None, error) { return None{}, s.Remove(ctx, in.ID) })
		add(d, Route{Method: "POST", Path: "/api/v1/organizations/{id}/restore", Permission: organization.PermUpdate, Text: "Bring an organisation back"},
			func(ctx context.Context, in *OrganizationPath) (None, error) { return None{}, s.Restore(ctx, in.ID) })
		x.cardRoutes(d)
		x.memberRoutes(d)
	}
}

type organizationDoor struct {
	*organization.Service
	staff *staff.Service
}

func (x organizationDoor) cardRoutes(d *Door) {
	add(d, Route{Method: "POST", Path: "/api/v1/organizations/{id}/contracts", Permission: organization.PermUpdate, Text: "Add or change a contract"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			Body organization.Contract
		}) (None, error) {
			_, err := x.SaveContract(ctx, in.ID, in.Body)
			return None{}, err
		})
	add(d, Route{Method: "DELETE", Path: "/api/v1/organizations/{id}/contracts/{contract_id}", Permission: organization.PermUpdate, Text: "Remove a contract recorded by mistake"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			ContractID organization.ContractID `path:"contract_id"`
		}) (None, error) {
			return None{}, x.RemoveContract(ctx, in.ID, in.ContractID)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/organizations/{id}/contacts", Permission: organization.PermUpdate, Text: "Add or change a contact person"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			Body organization.Contact
		}) (None, error) {
			_, err := x.SaveContact(ctx, in.ID, in.Body)
			return None{}, err
		})
	add(d, Route{Method: "DELETE", Path: "/api/v1/organizations/{id}/contacts/{contact_id}", Permission: organization.PermUpdate, Text: "Remove a contact person"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			ContactID organization.ContactID `path:"contact_id"`
		}) (None, error) {
			return None{}, x.RemoveContact(ctx, in.ID, in.ContactID)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/organizations/{id}/calls", Permission: organization.PermUpdate, Text: "Write down a visit or call"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			Body organization.Call
		}) (None, error) {
			_, err := x.LogCall(ctx, in.ID, in.Body)
			return None{}, err
		})
}

func (x organizationDoor) memberRoutes(d *Door) {
	add(d, Route{Method: "POST", Path: "/api/v1/organizations/{id}/members/search", Permission: organization.PermMembers, Text: "An organisation's members in the reader's scope"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			Body struct {
				Text   string `json:"text"`
				Former bool   `json:"former"`
				Limit  int    `json:"limit"`
				Cursor string `json:"cursor"`
			}
		}) (db.Page[MemberRow], error) {
			b := in.Body
			return x.members(ctx, organization.MemberFilter{OrganizationID: in.ID, Text: b.Text, Former: b.Former, Limit: b.Limit, Cursor: b.Cursor})
		})
	add(d, Route{Method: "POST", Path: "/api/v1/organizations/{id}/members", Permission: organization.PermEditMembers, Text: "Make members of the patients whose hospital numbers stand in a list"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			Body struct {
				Numbers string `json:"numbers"` // one per line, the number at the organisation behind a tab or comma
				organization.MemberInput
			}
		}) (organization.Roll, error) {
			return x.Enlist(ctx, in.ID, in.Body.Numbers, in.Body.MemberInput)
		})
	add(d, Route{Method: "PUT", Path: "/api/v1/organizations/{id}/members/{patient_id}", Permission: organization.PermEditMembers, Text: "Make a patient a member, or change the membership"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			PatientID patient.ID `path:"patient_id"`
			Body      organization.MemberInput
		}) (None, error) {
			return None{}, x.SetMember(ctx, in.ID, in.PatientID, in.Body)
		})
	add(d, Route{Method: "DELETE", Path: "/api/v1/organizations/{id}/members/{patient_id}", Permission: organization.PermEditMembers, Text: "Take a patient off the list"},
		func(ctx context.Context, in *struct {
			OrganizationPath
			PatientID patient.ID `path:"patient_id"`
		}) (None, error) {
			return None{}, x.RemoveMember(ctx, in.ID, in.PatientID)
		})
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/organizations", Permission: organization.PermMembers, Text: "The organisations a patient belongs to"},
		func(ctx context.Context, in *PatientPath) (items[organization.Belonging], error) {
			return listed(x.Of(ctx, in.ID))
		})
}

func (x organizationDoor) list(ctx context.Context, f organization.Filter) (db.Page[OrganizationRow], error) {
	page, err := x.List(ctx, f)
	out := db.Page[OrganizationRow]{Items: []OrganizationRow{}, Next: page.Next, Total: page.Total}
	if err != nil {
		return out, err
	}
	out.Items, err = x.rows(ctx, page.Items)
	return out, err
}

// rows adds owners, regions and the number of members to organisations.
func (x organizationDoor) rows(ctx context.Context, os []organization.Organization) ([]OrganizationRow, error) {
	ids, owners := make([]organization.ID, len(os)), make([]staff.ID, len(os))
	for i, o := range os {
		ids[i], owners[i] = o.ID, o.OwnerID
	}
	names, err := x.staff.Names(ctx, owners)
	if err != nil {
		return nil, err
	}
	counts := map[organization.ID]organization.Count{}
	if access.From(ctx).Can(organization.PermMembers) {
		if counts, err = x.Counts(ctx, ids); err != nil {
			return nil, err
		}
	}
	out := make([]OrganizationRow, 0, len(os))
	for _, o := range os {
		row := OrganizationRow{Organization: o, Region: identity.RegionName(o.RegionCode), Members: counts[o.ID].Members, Former: counts[o.ID].Former}
		if o.OwnerID != 0 {
			row.Owner = &Named{o.OwnerID.String(), names[o.OwnerID]}
		}
		out = append(out, row)
	}
	return out, nil
}

func (x organizationDoor) card(ctx context.Context, id organization.ID) (OrganizationCard, error) {
	c, err := x.Card(ctx, id)
	if err != nil {
		return OrganizationCard{}, err
	}
	rows, err := x.rows(ctx, []organization.Organization{c.Organization})
	if err != nil {
		return OrganizationCard{}, err
	}
	return OrganizationCard{rows[0], c.Contracts, c.Contacts, c.Calls}, nil
}

func (x organizationDoor) members(ctx context.Context, f organization.MemberFilter) (db.Page[MemberRow], error) {
	page, err := x.Members(ctx, f)
	out := db.Page[MemberRow]{Items: []MemberRow{}, Next: page.Next, Total: page.Total}
	if err != nil {
		return out, err
	}
	ids := make([]patient.ID, len(page.Items))
	for i, m := range page.Items {
		ids[i] = m.PatientID
	}
	people, err := x.Patient.Briefs(ctx, ids)
	for _, m := range page.Items {
		out.Items = append(out.Items, MemberRow{m, people[m.PatientID]})
	}
	return out, err
}
