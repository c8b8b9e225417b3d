package patient

import (
	"strconv"

	"renxin/internal/identity"
	"renxin/internal/platform/clock"
)

// fieldNames are the fields that a person or a feed may set, in the order they are shown.
var fieldNames = []string{"name", "sex", "birth_date", "occupation", "ethnicity", "marital", "address", "region_code", "source", "note", "alert", "deceased_at", "owner_id", "department_id"}

// fieldOf gives a field as text.
func fieldOf(p Patient, field string) string {
	switch field {
	case "owner_id":
		return strconv.FormatInt(p.OwnerID, 10)
	case "department_id":
		return strconv.FormatInt(p.DepartmentID, 10)
	case "sex":
		return string(p.Sex)
	case "birth_date":
		return string(p.BirthDate)
	}
	if t := textField(&p, field); t != nil {
		return *t
	}
	return ""
}

// setField sets a field that feeds tell, from text.
func setField(p *Patient, field, v string) {
	switch field {
	case "sex":
		p.Sex = identity.ParseSex(v)
	case "birth_date":
		p.BirthDate = clock.Date(v)
	default:
		if t := textField(p, field); t != nil {
			*t = v
		}
	}
}

func textField(p *Patient, field string) *string {
	switch field {
	case "name":
		return &p.Name
	case "occupation":
		return &p.Occupation
	case "ethnicity":
		return &p.Ethnicity
	case "marital":
		return &p.Marital
	case "address":
		return &p.Address
	case "region_code":
		return &p.RegionCode
	case "source":
		return &p.Source
	case "note":
		return &p.Note
	case "alert":
		return &p.Alert
	case "deceased_at":
		return &p.DeceasedAt
	}
	return nil
}

// changed names the fields in which two states differ.
func changed(a, b Patient) []string {
	var out []string
	for _, f := range fieldNames {
		if fieldOf(a, f) != fieldOf(b, f) {
			out = append(out, f)
		}
	}
	return out
}

// handFields are the filled fields of a record made by hand.
func handFields(p Patient) map[string]string {
	out := map[string]string{}
	for _, f := range fieldNames {
		if v := fieldOf(p, f); v != "" && v != "0" && v != string(identity.UnknownSex) {
			out[f] = v
		}
	}
	return out
}
