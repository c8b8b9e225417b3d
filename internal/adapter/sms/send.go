package sms

import (
	"context"
	"errors"
	"fmt"
	"time"

	"renxin/internal/message"
	"renxin/internal/platform/db"
)

// Send implements message.Sender: it cuts the text, submits part after part and waits for each provider id. Throttled
// parts are tried again until ctx ends. Once a part is taken, only the end of the whole or a clear refusal is certain.
func (c *Client) Send(ctx context.Context, m message.Outgoing) (message.Accepted, error) {
	var taken message.Accepted
	if db.InTx(ctx) {
		return taken, &message.NotSent{Err: errors.New("sms: called inside a transaction")}
	}
	segments := message.Segment(m.Text)
	if c.cfg.WideReference {
		segments = message.SegmentWide(m.Text)
	}
	ref := int(c.ref.Add(1))
	for i, text := range segments.Parts {
		p := place{ref: ref, wide: c.cfg.WideReference, index: i + 1, total: len(segments.Parts)}
		id, err := c.insist(ctx, c.submit(m, segments.Alphabet, text, p), i > 0)
		if err != nil {
			return taken, partial(err, i)
		}
		taken.ProviderIDs = append(taken.ProviderIDs, id)
	}
	return taken, nil
}

// partial rephrases an error for a message of which some parts are gone: it must not be sent again by itself.
func partial(err error, taken int) error {
	refused, isRefused := errors.AsType[*message.Refused](err)
	if taken == 0 || isRefused && refused.Permanent {
		return err
	}
	return fmt.Errorf("sms: %d parts taken, then: %v", taken, err)
}

func (c *Client) submit(m message.Outgoing, a message.Alphabet, text string, p place) []byte {
	s := short{
		source:     numbered(c.cfg.Source + m.Extension),
		dest:       numbered(m.To),
		registered: 1, // §5.2.17: receipt for success and failure
	}
	s.coding, s.message = encode(a, text)
	if p.total > 1 {
		s.esmClass = esmUDHI
		s.message = append(p.header(), s.message...)
	}
	return s.bytes()
}

// numbered types a number: international with a plus sign, else unknown; ISDN numbering plan, §5.2.5 and §5.2.6.
func numbered(n string) address {
	if len(n) > 0 && n[0] == '+' {
		return address{ton: 1, npi: 1, number: n[1:]}
	}
	return address{npi: 1, number: n}
}

// tries bounds how often the first part of a message meets "throttled" before the caller gets it back.
const tries = 6

// insist submits one part until it is taken, refused for good, or in doubt. A first part gives up after some throttles and
// without a connection; a later part (further) holds on as long as ctx lasts.
func (c *Client) insist(ctx context.Context, body []byte, further bool) (id string, err error) {
	for n := 1; ; n++ {
		id, err = c.once(ctx, body)
		if err == nil {
			c.pace.faster()
			return id, nil
		}
		refused, isRefused := errors.AsType[*message.Refused](err)
		_, unsent := errors.AsType[*message.NotSent](err)
		again := isRefused && !refused.Permanent || unsent && further
		if !again || !further && n >= tries || ctx.Err() != nil {
			return "", err
		}
		c.pace.slower(time.Now())
	}
}

// once submits one part once.
func (c *Client) once(ctx context.Context, body []byte) (string, error) {
	s, err := c.ready(ctx)
	if err == nil {
		err = c.pace.wait(ctx)
	}
	if err != nil {
		return "", &message.NotSent{Err: err}
	}
	r, err := s.ask(ctx, submitSM, body)
	switch {
	case errors.Is(err, errUnsent):
		return "", &message.NotSent{Err: err}
	case err != nil:
		return "", err
	case r.status != statusOK:
		return "", &message.Refused{Code: r.status.code(), Permanent: !r.status.passing()}
	}
	return messageID(r.body), nil
}
