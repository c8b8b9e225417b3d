package intake

import (
	"context"
	"encoding/json"
	"strconv"

	"renxin/internal/platform/db"
)

// Origin is how a source that names things by address (FHIR: "Patient/123") links its records. Addresses mean something
// within their feed only.
type Origin struct {
	Patient   string `json:"patient,omitempty"`    // the person that the record describes; later records may point there
	Visit     string `json:"visit,omitempty"`      // the visit that the record describes
	OfPatient string `json:"of_patient,omitempty"` // the person that the record only points to
	OfVisit   string `json:"of_visit,omitempty"`   // the visit that the record only points to
	Undated   string `json:"undated,omitempty"`    // address of a thing that carries neither version nor time: its content may come back honestly
}

// known is what stands behind an address.
type known struct {
	Numbers []Identifier `json:"numbers,omitempty"`
	Issuer  string       `json:"issuer,omitempty"`
	Visit   string       `json:"visit,omitempty"`
}

// resource is what a feed calls something.
type resource struct {
	Name    string
	Known   string
	Hash    string
	Version int64
}

// unknownReference rejects a record that points to something nobody has told us of.
const unknownReference = "intake.record.unknown_reference"

// resolve puts numbers in the place of addresses.
func (s *Service) resolve(ctx context.Context, tx *db.Tx, f Feed, r *Record) error {
	for i := range r.Merges {
		m := &r.Merges[i]
		if err := side(ctx, tx, f, &m.From, m.FromAddress); err != nil {
			return err
		}
		if err := side(ctx, tx, f, &m.Into, m.IntoAddress); err != nil {
			return err
		}
	}
	if r.Event == PatientMerge && len(r.Merges) > 0 && len(r.Patient.Identifiers) == 0 {
		r.Patient.Identifiers = r.Merges[0].Into
	}
	o := r.Origin
	if o == nil {
		return nil
	}
	if o.Patient != "" && !issued(r.Patient.Identifiers) { // without a hospital's number the address is the only key there is
		r.Patient.Identifiers = append(r.Patient.Identifiers, Identifier{Kind: "other", Issuer: f.Name, Value: o.Patient})
	}
	if o.OfPatient != "" && len(r.Patient.Identifiers) == 0 {
		k, ok, err := behind(ctx, tx, f.ID, o.OfPatient)
		if err != nil {
			return err
		}
		if r.Patient.Identifiers = k.Numbers; !ok {
			r.Problems = append(r.Problems, Problem{Code: unknownReference, Field: "patient", Fatal: true})
		}
	}
	if o.OfVisit != "" && r.Encounter == nil {
		k, ok, err := behind(ctx, tx, f.ID, o.OfVisit)
		if err != nil {
			return err
		}
		if r.Encounter = (&Encounter{Issuer: k.Issuer, Number: k.Visit}); !ok || k.Visit == "" {
			r.Encounter = nil
			r.Problems = append(r.Problems, Problem{Code: unknownReference, Field: "encounter", Fatal: true})
		}
	}
	return nil
}

// side gives one side of a merge the numbers that its address stands for; one nobody has told us of goes by the address.
func side(ctx context.Context, tx *db.Tx, f Feed, ids *[]Identifier, address string) error {
	if address == "" || issued(*ids) {
		return nil
	}
	k, _, err := behind(ctx, tx, f.ID, address)
	if k.Numbers == nil {
		k.Numbers = []Identifier{{Kind: "other", Issuer: f.Name, Value: address}}
	}
	*ids = union(*ids, k.Numbers)
	return err
}

func issued(ids []Identifier) bool {
	for _, id := range ids {
		if id.Issuer != "" {
			return true
		}
	}
	return false
}

func behind(ctx context.Context, tx *db.Tx, feed FeedID, name string) (k known, ok bool, err error) {
	row, ok, err := findResource(ctx, tx, feed, name)
	if err != nil || !ok || row.Known == "" {
		return k, false, err
	}
	return k, true, json.Unmarshal([]byte(row.Known), &k)
}

// number gives an undated record the ordinal of its content as control number. A repetition keeps the ordinal and is found as a
// copy; content that came back after another is a new word.
func (s *Service) number(ctx context.Context, tx *db.Tx, f Feed, r *Record) error {
	if r.Origin == nil || r.Origin.Undated == "" {
		return nil
	}
	name, hash := label(r.Origin.Undated, 180), rawHash(*r)
	row, _, err := findResource(ctx, tx, f.ID, name)
	if err != nil {
		return err
	}
	if row.Hash != hash {
		row.Name, row.Hash, row.Version = name, hash, row.Version+1
		if err := putResource(ctx, tx, f.ID, row); err != nil {
			return err
		}
	}
	r.ControlID = name + " " + strconv.FormatInt(row.Version, 10)
	return nil
}

// remember keeps what stands behind the record's own addresses.
func (s *Service) remember(ctx context.Context, tx *db.Tx, f Feed, r Record) error {
	if r.Origin == nil {
		return nil
	}
	if e := r.Encounter; e != nil && r.Origin.Visit != "" {
		k := known{Issuer: e.Issuer, Visit: e.Number}
		if k.Issuer == "" {
			k.Issuer = r.issuer(f.Name)
		}
		if err := s.keepKnown(ctx, tx, f, r.Origin.Visit, k); err != nil {
			return err
		}
	}
	if r.Origin.Patient == "" || len(r.Patient.Identifiers) == 0 {
		return nil
	}
	var k known
	for _, id := range r.Patient.Identifiers { // the state's numbers are not copied where a hospital's do
		if id.Issuer != "" {
			k.Numbers = append(k.Numbers, id)
		}
	}
	return s.keepKnown(ctx, tx, f, r.Origin.Patient, k)
}

func (s *Service) keepKnown(ctx context.Context, tx *db.Tx, f Feed, name string, k known) error {
	name = label(name, 180)
	row, _, err := findResource(ctx, tx, f.ID, name)
	if text := encode(k); err == nil && row.Known != text {
		row.Name, row.Known = name, text
		err = putResource(ctx, tx, f.ID, row)
	}
	return err
}
