package desk_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"renxin/cmd/renxin/house"
	"renxin/internal/adapter/sms"
	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/web/desk"
)

// The whole way of a follow-up text in a demo: SMPP out, a fictional phone, SMPP back, coded at the desk.
func TestFU24_DemoPhoneAnswersThroughTheWire(t *testing.T) {
	h := open(t)
	h.clock.Advance(3 * time.Hour)
	centre, err := sms.Listen("127.0.0.1:0", sms.ServerConfig{}, h.DB.Clock())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { centre.Close() })
	client := sms.New(sms.Config{Name: "smpp", Address: centre.Addr(), SystemID: "demo", Password: "demo", Source: "10690000"}, h.Message, h.DB.Clock())
	h.Message.Connect(client)
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	go client.Run(ctx)
	door := h.Desk(house.Door{Insecure: true, DemoRooms: []desk.Routes{desk.DemoRoutes(desk.Demo{Message: h.Message, Patient: h.Patient, Centre: centre, Board: h.Board, Jobs: h.Jobs})}})
	h.server = httptest.NewServer(door.Handler())
	t.Cleanup(h.server.Close)

	id, err := h.Message.Send(h.ctx, message.Draft{PatientID: h.sick[ofNurse], Purpose: consent.Care, Text: "恢复得怎样？1好 2一般 3不适", Room: "test", Ref: 5,
		Question: &message.Question{Codes: []string{"1", "2", "3"}, Labels: []string{"好", "一般", "不适"}, ExpiresAt: h.clock.Now().Add(48 * time.Hour), Room: "test", Ref: 5}})
	if err != nil {
		t.Fatal(err)
	}
	state := func() message.State {
		h.settle(t)
		m, err := h.Message.Find(h.ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return m.State
	}
	for deadline := time.Now().Add(20 * time.Second); state() != message.StateDelivered && time.Now().Before(deadline); {
		<-time.After(5 * time.Millisecond)
		h.clock.Advance(time.Second)
	}
	if s := state(); s != message.StateDelivered {
		t.Fatalf("the message is %s", s)
	}
	c := h.browser(t, "nurse")
	h.ask(t, c, 200, "POST", "/api/v1/demo/phones/15400000002/reply", `{"text":"　３。"}`)
	in := items(h.ask(t, c, 200, "GET", "/api/v1/messages/inbox?tab=mine", ""))
	if len(in) != 1 || in[0]["state"] != "coded" || in[0]["code"] != "3" || in[0]["code_label"] != "不适" {
		t.Errorf("inbox %v", in)
	}
	screen := h.ask(t, c, 200, "GET", "/api/v1/demo/phones/15400000002", "")
	lines := screen["items"].([]any)
	if last := lines[len(lines)-1].(map[string]any); last["direction"] != "in" || last["text"] != "　３。" {
		t.Errorf("the phone shows %v", last)
	}
}
