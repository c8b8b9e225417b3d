package desk

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/profile"
)

// Banner is what everybody must see before speaking with a patient.
type Banner struct {
	Alert       string               `json:"alert"` // the patient's own line of warning
	Preferences []profile.Preference `json:"preferences"`
	Reach       *CallReach           `json:"reach"` // set when calls go to somebody else
	Wrong       bool                 `json:"wrong"` // no number works
}

// PreferencePath names a preference of a patient.
type PreferencePath struct {
	ID           patient.ID           `path:"id"`
	PreferenceID profile.PreferenceID `path:"preference_id"`
}

// MembershipPath names a membership of a patient.
type MembershipPath struct {
	ID           patient.ID           `path:"id"`
	MembershipID profile.MembershipID `path:"membership_id"`
}

// ProfileRoutes are the paths of preferences, contraindications and memberships.
func ProfileRoutes(s *profile.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/preference-kinds", Permission: profile.PermRead, Text: "The sorts of preference"},
			func(context.Context, *struct{}) (items[profile.Kind], error) {
				return items[profile.Kind]{profile.Kinds}, nil
			})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/banner", Permission: profile.PermRead, Text: "What must be seen before speaking with a patient"},
			func(ctx context.Context, in *PatientPath) (Banner, error) { return banner(ctx, s, in.ID) })
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/preferences", Permission: profile.PermUpdate, Text: "Note a preference or contraindication"},
			func(ctx context.Context, in *struct {
				PatientPath
				Body profile.PreferenceInput
			}) (struct {
				ID profile.PreferenceID `json:"id"`
			}, error) {
				id, err := s.AddPreference(ctx, in.ID, in.Body)
				return struct {
					ID profile.PreferenceID `json:"id"`
				}{id}, err
			})
		add(d, Route{Method: "PUT", Path: "/api/v1/patients/{id}/preferences/{preference_id}", Permission: profile.PermUpdate, Text: "Change a preference"},
			func(ctx context.Context, in *struct {
				PreferencePath
				Body profile.PreferenceInput
			}) (None, error) {
				return None{}, s.UpdatePreference(ctx, in.ID, in.PreferenceID, in.Body)
			})
		add(d, Route{Method: "DELETE", Path: "/api/v1/patients/{id}/preferences/{preference_id}", Permission: profile.PermUpdate, Text: "A preference no longer holds"},
			func(ctx context.Context, in *PreferencePath) (None, error) {
				return None{}, s.EndPreference(ctx, in.ID, in.PreferenceID)
			})
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/preferences/{preference_id}/restore", Permission: profile.PermUpdate, Text: "A preference that was ended holds again"},
			func(ctx context.Context, in *PreferencePath) (None, error) {
				return None{}, s.RestorePreference(ctx, in.ID, in.PreferenceID)
			})
		membershipRoutes(d, s)
	}
}

func membershipRoutes(d *Door, s *profile.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/memberships", Permission: profile.PermMembers, Text: "A patient's memberships"},
		func(ctx context.Context, in *PatientPath) (items[profile.Membership], error) {
			return listed(s.Memberships(ctx, in.ID))
		})
	add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/memberships", Permission: profile.PermEditMembers, Text: "Record a membership"},
		func(ctx context.Context, in *struct {
			PatientPath
			Body profile.MembershipInput
		}) (struct {
			ID profile.MembershipID `json:"id"`
		}, error) {
			id, err := s.AddMembership(ctx, in.ID, in.Body)
			return struct {
				ID profile.MembershipID `json:"id"`
			}{id}, err
		})
	add(d, Route{Method: "PUT", Path: "/api/v1/patients/{id}/memberships/{membership_id}", Permission: profile.PermEditMembers, Text: "Change a membership"},
		func(ctx context.Context, in *struct {
			MembershipPath
			Body profile.MembershipInput
		}) (None, error) {
			return None{}, s.UpdateMembership(ctx, in.ID, in.MembershipID, in.Body)
		})
	add(d, Route{Method: "DELETE", Path: "/api/v1/patients/{id}/memberships/{membership_id}", Permission: profile.PermEditMembers, Text: "Remove a membership recorded by mistake"},
		func(ctx context.Context, in *MembershipPath) (None, error) {
			return None{}, s.RemoveMembership(ctx, in.ID, in.MembershipID)
		})
}

// banner gathers what the rooms know that must be seen first.
func banner(ctx context.Context, s *profile.Service, id patient.ID) (Banner, error) {
	out := Banner{Preferences: []profile.Preference{}}
	id, err := s.Patient.Standing(ctx, id)
	if err != nil {
		return out, err
	}
	if access.From(ctx).Can(patient.PermRead) {
		bs, err := s.Patient.Briefs(ctx, []patient.ID{id})
		if err != nil {
			return out, err
		}
		out.Alert = bs[id].Alert
	}
	if out.Preferences, err = s.Preferences(ctx, id); err != nil {
		return out, err
	}
	r, err := s.Patient.ReachFor(ctx, id, "care")
	switch {
	case fault.Is(err, fault.NotFound):
		out.Wrong, err = true, nil
	case err == nil && r.Relation != "":
		c := callReach(r)
		if seen, e := s.Patient.VisibleIDs(ctx, []patient.ID{r.RelativeID}); e != nil || len(seen) == 0 {
			c.RelativeID, err = 0, e
		}
		out.Reach = &c
	}
	return out, err
}
