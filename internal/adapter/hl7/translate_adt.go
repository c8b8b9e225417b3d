package hl7

import (
	"renxin/internal/intake"
)

// adtEvents is chapter 3's list of triggers that open, change or close a visit or say something of the person.
// Those that move or merge are handled in admission.
var adtEvents = map[string]intake.Event{
	"A01": intake.EncounterOpen, "A04": intake.EncounterOpen, "A05": intake.EncounterOpen,
	"A02": intake.EncounterUpdate, "A06": intake.EncounterUpdate, "A07": intake.EncounterUpdate, "A08": intake.EncounterUpdate,
	"A09": intake.EncounterUpdate, "A10": intake.EncounterUpdate, "A12": intake.EncounterUpdate,
	"A21": intake.EncounterUpdate, "A22": intake.EncounterUpdate, "A32": intake.EncounterUpdate, "A33": intake.EncounterUpdate,
	"A52": intake.EncounterUpdate, "A53": intake.EncounterUpdate, "A54": intake.EncounterUpdate, "A55": intake.EncounterUpdate,
	"A03": intake.EncounterClose, "A13": intake.EncounterReopen,
	"A11": intake.EncounterCancel, "A23": intake.EncounterCancel, "A27": intake.EncounterCancel, "A38": intake.EncounterCancel,
	"A28": intake.PatientUpsert, "A31": intake.PatientUpsert, "A60": intake.PatientUpsert,
	"A18": intake.PatientMerge, "A30": intake.PatientMerge, "A34": intake.PatientMerge, "A36": intake.PatientMerge,
	"A39": intake.PatientMerge, "A40": intake.PatientMerge,
	"A35": intake.AccountMove, "A41": intake.AccountMove, "A42": intake.AccountMove, "A43": intake.AccountMove,
	"A44": intake.AccountMove, "A45": intake.AccountMove, "A49": intake.AccountMove, "A50": intake.AccountMove, "A51": intake.AccountMove,
	"A46": intake.IdentifierChange, "A47": intake.IdentifierChange, "A48": intake.IdentifierChange,
}

var adtIgnored = map[string]string{
	"A14": reasonPending, "A15": reasonPending, "A16": reasonPending, "A25": reasonPending, "A26": reasonPending,
	"A24": reasonLink, "A37": reasonLink, "A29": reasonDelete, "A19": reasonQuery,
}

// admission maps ADT (chapter 3).
func (t *translator) admission(trigger string) {
	event, known := adtEvents[trigger]
	if !known {
		reason := adtIgnored[trigger]
		if reason == "" {
			reason = reasonType
		}
		t.ignore(reason)
		return
	}
	t.record.Event = event
	t.patient()
	switch event {
	case intake.PatientUpsert:
	case intake.PatientMerge, intake.IdentifierChange:
		t.mergePairs()
	case intake.AccountMove:
		t.move()
	default:
		t.encounterMessage()
	}
}

// encounterMessage adds the visit. One without any number cannot be told apart from the next, so only the person is taken.
func (t *translator) encounterMessage() {
	t.encounter()
	e := t.record.Encounter
	if e == nil {
		if t.record.Event != intake.EncounterUpdate {
			t.problem(problemKey, "PV1-19", false)
		}
		t.record.Event = intake.PatientUpsert
		return
	}
	if t.record.Event == intake.EncounterOpen && e.StartedAt == 0 {
		e.StartedAt = t.record.OccurredAt
	}
	if t.record.Event == intake.EncounterClose && e.EndedAt == 0 {
		e.EndedAt = t.record.OccurredAt
	}
	t.conditions()
	t.procedures()
}

// mergePairs reads A40 and its kin (3.3.40): every MRG belongs to the PID before it, and the message may repeat the pair.
// Numbers pair up by assigning authority; A39 names persons by MRG-4 where MRG-1 is empty.
func (t *translator) mergePairs() {
	var pid Segment
	for _, s := range t.Segments {
		switch s.Name {
		case "PID":
			pid = s
		case "MRG":
			t.mergePair(pid, s)
		}
	}
	if len(t.record.Merges) == 0 {
		t.problem(problemMerge, "MRG-1", true)
	}
}

func (t *translator) mergePair(pid, mrg Segment) {
	from := t.identifiers(mrg.Field(1))
	if len(from) == 0 {
		from = t.identifiers(mrg.Field(4))
	}
	into := t.identifiers(pid.Field(3))
	if len(into) == 0 {
		into = t.identifiers(pid.Field(2))
	}
	if len(from) == 0 || len(into) == 0 {
		return
	}
	t.record.Merges = append(t.record.Merges, intake.MergePair{From: from, Into: into})
}

// move reads A41, A44, A45 and their kin: accounts (MRG-3 → PID-18) or visits (MRG-5 → PV1-19) change hands. Persons stay two.
func (t *translator) move() {
	mrg, pid, pv1 := t.First("MRG"), t.First("PID"), t.First("PV1")
	t.record.Move = &intake.Move{
		From:        t.identifiers(mrg.Field(1)),
		FromAccount: t.Value(mrg, 3), IntoAccount: t.Value(pid, 18),
		FromVisit: t.Value(mrg, 5), IntoVisit: t.Value(pv1, 19),
	}
}
