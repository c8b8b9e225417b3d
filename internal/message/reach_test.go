package message_test

import (
	"testing"

	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/patient"
)

func TestPT17_TextsGoToTheMotherAndNameTheChild(t *testing.T) {
	h := open(t)
	mother, child := h.personAt("王丽", number(1)), h.personAt("李小宝", number(2))
	if _, err := h.patient.Relate(h.ctx, child, patient.RelationInput{Kind: "mother", RelativeID: mother, Care: true}); err != nil {
		t.Fatal(err)
	}
	draft := message.Draft{PatientID: child, Purpose: consent.Care, Text: hello}
	v, err := h.message.Preview(h.ctx, draft)
	if err != nil || v.Text != "【仁安医院】李小宝妈妈您好，请于明日复查。" {
		t.Error(v.Text, err)
	}
	id := h.send(draft)
	h.drain()
	m := h.find(id)
	if m.Text != "【仁安医院】李小宝妈妈您好，请于明日复查。" || m.PatientID != child || h.post.sent[0].To != number(1) {
		t.Errorf("%+v to %s", m, h.post.sent[0].To)
	}
	own := h.send(message.Draft{PatientID: child, Purpose: consent.Notice, Text: hello})
	h.drain()
	if h.find(own).Text != "【仁安医院】李小宝您好，请于明日复查。" || h.post.sent[1].To != number(2) {
		t.Error("a notice without a designation goes to the patient")
	}
}

func TestPT17_TheMothersNoCountsForHerNumber(t *testing.T) {
	h := open(t)
	mother, child := h.personAt("王丽", number(1)), h.personAt("李小宝", number(2))
	if _, err := h.patient.Relate(h.ctx, child, patient.RelationInput{Kind: "mother", RelativeID: mother, Care: true}); err != nil {
		t.Fatal(err)
	}
	waiting := h.send(message.Draft{PatientID: child, Purpose: consent.Survey, Text: hello})
	if err := h.consent.OptOut(h.ctx, mother, "sms", []consent.Purpose{consent.Care, consent.Survey}, "T"); err != nil {
		t.Fatal(err)
	}
	id := h.send(message.Draft{PatientID: child, Purpose: consent.Care, Text: hello})
	h.drain()
	if m := h.find(id); m.State != message.StateBlocked || m.Reason != consent.CodeDenied {
		t.Errorf("%+v", m)
	}
	if m := h.find(waiting); m.State == message.StateAccepted {
		t.Errorf("what waited when she said no must not go: %+v", m)
	}
	if len(h.post.sent) != 0 {
		t.Error("something reached her")
	}
	contacts, err := h.patient.Find(h.ctx, child)
	if err != nil {
		t.Fatal(err)
	}
	direct := h.send(message.Draft{PatientID: child, ContactID: contacts.Contacts[0].ID, Purpose: consent.Care, Text: hello})
	h.drain()
	if m := h.find(direct); m.State != message.StateAccepted || h.post.sent[0].To != number(2) {
		t.Errorf("the child's own number is not hers to refuse: %+v", m)
	}
}
