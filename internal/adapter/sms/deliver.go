package sms

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"renxin/internal/message"
)

// asked serves what the message centre asks of us.
func (c *Client) asked(ctx context.Context, s *session, f frame) {
	switch f.command {
	case enquireLink:
		s.reply(f, statusOK, nil)
	case unbind:
		s.reply(f, statusOK, nil)
		s.close(errors.New("sms: the message centre unbound"))
	case deliverSM:
		select {
		case c.busy <- struct{}{}:
		case <-ctx.Done():
			return
		}
		go func() {
			defer func() { <-c.busy }()
			s.reply(f, c.deliver(ctx, f), []byte{0}) // §4.6.2: message_id is unused and null
		}()
	default:
		s.refuse(f)
	}
}

// deliver stores what a deliver_sm says. Only after the commit does the message centre get its OK; otherwise it keeps the
// message and sends it again.
func (c *Client) deliver(ctx context.Context, f frame) status {
	body, ok := parseShort(f.body)
	if !ok {
		return statusBadLength
	}
	var err error
	if body.isReceipt() {
		if r, final := body.receipt(c.cfg.Zone, c.clock.Now()); final {
			err = c.inlet.OnReceipt(ctx, c.cfg.Name, r)
		}
	} else {
		err = c.inlet.OnIncoming(ctx, c.incoming(body))
	}
	if err != nil {
		slog.Error("incoming message not stored", "route", c.cfg.Name, "error", err)
		return statusTryLater
	}
	return statusOK
}

func (c *Client) incoming(s short) message.Incoming {
	text, units, p := s.open()
	in := message.Incoming{
		Route: c.cfg.Name, ProviderID: s.text(tagReceiptedID), From: s.source.number, To: s.dest.number, Text: text, At: c.clock.Now(),
	}
	if p.total > 1 {
		in.Part = message.Part{Ref: fmt.Sprint(p.ref), Index: p.index, Total: p.total, Units: units}
	}
	return in
}
