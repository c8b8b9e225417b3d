package patient

import (
	"context"
	"sort"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
)

// RegionPart is how many patients live in one part of a division. Code "" without a name holds those of whom no more is known.
type RegionPart struct {
	Code     string `json:"code"` // "" below a county, where streets have names only
	Name     string `json:"name"`
	Patients int    `json:"patients"`
	Deeper   bool   `json:"deeper"` // it can be looked into
}

// RegionTotal is a division with its parts; the parts add up to Patients.
type RegionTotal struct {
	Code     string       `json:"code"` // "" is the whole country and whoever's division is unknown
	Name     string       `json:"name"`
	Patients int          `json:"patients"`
	Parts    []RegionPart `json:"parts"`
}

// ByRegion counts the patients in the caller's scope who live in a division, by its parts: provinces, prefectures, counties, and below a
// county the streets and towns that addresses name (PT-05). Errors: invalid for a code that is none.
func (s *Service) ByRegion(ctx context.Context, code string) (RegionTotal, error) {
	out := RegionTotal{Code: code, Name: identity.RegionName(code), Parts: []RegionPart{}}
	if err := access.Need(ctx, PermRead); err != nil {
		return out, err
	}
	if _, ok := identity.FindRegion(code); !ok && code != "" {
		return out, fault.New(fault.Invalid, "patient.patient.invalid").With("parent", "patient.region.unknown")
	}
	counted := s.regionParts
	if level(code) == 6 {
		counted = s.streetParts
	}
	parts, err := counted(ctx, code)
	if err != nil {
		return out, err
	}
	for _, p := range parts {
		out.Patients += p.Patients
	}
	sort.SliceStable(parts, func(i, j int) bool { // the unknown last, the largest first
		if a, b := parts[i].Name == "", parts[j].Name == ""; a != b {
			return b
		}
		return parts[i].Patients > parts[j].Patients
	})
	out.Parts = append(out.Parts, parts...)
	return out, nil
}

// level is how many digits of a code say something: 0, 2, 4 or 6.
func level(code string) int {
	switch {
	case code == "":
		return 0
	case code[2:] == "0000":
		return 2
	case code[4:] == "00":
		return 4
	}
	return 6
}

func (s *Service) regionParts(ctx context.Context, code string) ([]RegionPart, error) {
	n := level(code) + 2
	rows, err := s.countRegions(ctx, code[:level(code)], n)
	byCode := map[string]*RegionPart{}
	var order []string
	for _, r := range rows {
		full := (r.Code + "000000")[:6]
		part := RegionPart{Code: full, Name: ownName(full), Deeper: true}
		if _, known := identity.FindRegion(full); !known || r.Code == "" || full == code {
			full, part = "", RegionPart{} // no more is known, or the code is none
		}
		if byCode[full] == nil {
			byCode[full], order = &part, append(order, full)
		}
		byCode[full].Patients += r.Patients
	}
	out := make([]RegionPart, 0, len(order))
	for _, c := range order {
		out = append(out, *byCode[c])
	}
	return out, err
}

// ownName is what a division is called among its neighbours; those that exist only in the code table are called in full.
func ownName(code string) string {
	r, _ := identity.FindRegion(code)
	if len([]rune(r.Name)) <= 3 && level(code) == 4 {
		return identity.RegionName(code)
	}
	return r.Name
}

// streetParts groups the patients of a county by the street that their address names.
func (s *Service) streetParts(ctx context.Context, code string) ([]RegionPart, error) {
	rows, err := s.addressesIn(ctx, code)
	byName := map[string]int{}
	for _, a := range rows {
		byName[identity.ReadStreet(a)]++
	}
	names := make([]string, 0, len(byName))
	for n := range byName {
		names = append(names, n)
	}
	sort.Strings(names)
	out := make([]RegionPart, 0, len(names))
	for _, n := range names {
		out = append(out, RegionPart{Name: n, Patients: byName[n]})
	}
	return out, err
}
