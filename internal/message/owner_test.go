package message_test

import (
	"context"
	"testing"

	"renxin/internal/message"
	"renxin/internal/patient"
)

func TestSM21_AnUnaskedReplyReachesTheFollowUpNurseOrEverybodyWhoMay(t *testing.T) {
	h := open(t)
	followed, nobodys := h.person(1), h.person(2)
	if err := h.patient.Grant(h.ctx, followed, patient.Access{Kind: "staff", Key: 7, Role: "followup"}); err != nil {
		t.Fatal(err)
	}
	h.reply(number(1), "", "请问明天几点去？")
	h.reply(number(2), "", "退订是什么意思")
	nurse, other := h.member(7, "own", message.PermInbox), h.member(8, "own", message.PermInbox)
	manager := h.member(9, "all", message.PermInbox)
	for name, c := range map[string]struct {
		got  []patient.ID
		want []patient.ID
	}{
		"the follow-up nurse":   {mine(t, h, nurse), []patient.ID{followed}},
		"a nurse without them":  {mine(t, h, other), nil},
		"who sees all patients": {mine(t, h, manager), []patient.ID{nobodys}},
	} {
		if len(c.got) != len(c.want) || len(c.want) == 1 && c.got[0] != c.want[0] {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	if n, err := h.message.Waiting(manager); err != nil || n != 1 {
		t.Errorf("the number beside the navigation equals the list: %d %v", n, err)
	}
}

func mine(t *testing.T, h *house, ctx context.Context) (out []patient.ID) {
	t.Helper()
	page, err := h.message.Inbox(ctx, message.InboxFilter{Tab: "mine"})
	if err != nil || page.Total.Value != len(page.Items) {
		t.Fatal(page.Total, err)
	}
	for _, r := range page.Items {
		out = append(out, r.PatientID)
	}
	return out
}
