// Package fhir reads HL7 FHIR R4 (4.0.1) as servers really send it (FHIR 接入): single resources, bundles of every type and
// NDJSON files, with references of every kind. It tolerates what R5 names differently. Patients, visits, diagnoses,
// procedures, charges, reports and appointments become intake records; everything else is passed over.
//
// Clause numbers are those of https://hl7.org/fhir/R4. Nothing here touches a database or the network.
package fhir

import (
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// Problem codes of this adapter; texts stand with the intake room's.
const (
	problemJSON    = "intake.record.bad_json"
	problemTime    = "intake.record.bad_time"
	problemAmount  = "intake.record.bad_amount"
	problemPatient = "intake.record.no_patient"
	problemKey     = "intake.record.no_number"
)

// Reasons of an ignored resource.
const (
	reasonType    = "intake.ignored.type"
	reasonPending = "intake.ignored.pending"
	reasonDelete  = "intake.ignored.delete"
)

// Reader reads files of FHIR for the intake room (intake.Reader).
type Reader struct {
	Zone *time.Location // of times without offset, where the caller names none; nil means UTC+8
}

// Open implements intake.Reader.
func (rd Reader) Open(raw []byte, o intake.ReadOptions) (intake.Reading, error) {
	if o.Zone == nil {
		o.Zone = rd.Zone
	}
	b, err := Read(raw, o)
	if err != nil {
		return intake.Reading{}, err
	}
	return intake.Reading{
		Format: "fhir", Charset: "UTF-8", Total: len(b.Records),
		Records: func(yield func(intake.Record) bool) {
			for _, r := range b.Records {
				if !yield(r) {
					return
				}
			}
		},
	}, nil
}

// Bundle is what one text held.
type Bundle struct {
	Type    string // of the Bundle resource: transaction, batch …; "" for a single resource or lines of them
	Entries []Entry
	Records []intake.Record
}

// Entry is one resource of a bundle, in its order.
type Entry struct {
	Type   string // resource type
	ID     string // logical id, "" where the sender gave none
	Method string // of a transaction or batch: POST PUT DELETE …
	Record int    // place in Records of the one that carries it, -1 where nothing of it is taken
	Reason string // why nothing is taken
}

// Read takes a text apart. One that holds no JSON at all is an invalid fault; a single broken line among good ones becomes
// a rejected record.
func Read(raw []byte, o intake.ReadOptions) (Bundle, error) {
	if o.Zone == nil {
		o.Zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	d := &document{options: o, index: map[string]*entry{}}
	if !d.load(raw) {
		return Bundle{}, fault.New(fault.Invalid, problemJSON)
	}
	d.gather()
	return d.bundle(), nil
}
