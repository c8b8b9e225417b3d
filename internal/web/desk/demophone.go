package desk

import (
	"context"
	"sync"
	"time"

	"renxin/internal/adapter/sms"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
)

// Demo is what the pages of a demo hospital play with. These paths exist nowhere else.
type Demo struct {
	Message *message.Service
	Patient *patient.Service
	Centre  *sms.Server    // the built-in message centre; nil when a real gateway is configured
	Clock   *clock.Movable // the hospital's clock, which may be set forward
	Board   *event.Board
	Jobs    *job.Runner
}

// DemoPhone is a fictional patient's telephone.
type DemoPhone struct {
	Number   string        `json:"number"`
	Name     string        `json:"name"`
	Unread   int           `json:"unread"` // messages of the hospital since somebody last looked
	LastText string        `json:"last_text"`
	LastAt   clock.Instant `json:"last_at"`
}

// DemoScreen is what stands on a phone. Direction is the hospital's: out is what it sent, in is what the phone sent back.
type DemoScreen struct {
	Number string         `json:"number"`
	Name   string         `json:"name"`
	Items  []message.Line `json:"items"`
}

// DemoTime is the hospital's clock.
type DemoTime struct {
	Now clock.Instant `json:"now"`
}

type demoDoor struct {
	Demo
	mu   sync.Mutex
	seen map[string]clock.Instant // when somebody last looked at a phone
}

// DemoRoutes are the paths of a demo hospital.
func DemoRoutes(o Demo) Routes {
	return func(d *Door) {
		r := &demoDoor{Demo: o, seen: map[string]clock.Instant{}}
		add(d, Route{Method: "GET", Path: "/api/v1/demo/phones", Own: true, Text: "Fictional phones that received something, latest first"}, r.phones)
		add(d, Route{Method: "GET", Path: "/api/v1/demo/phones/{number}", Own: true, Text: "What stands on a fictional phone"}, r.screen)
		add(d, Route{Method: "POST", Path: "/api/v1/demo/phones/{number}/reply", Own: true, Text: "Answer from a fictional phone"}, r.reply)
		add(d, Route{Method: "GET", Path: "/api/v1/demo/clock", Own: true, Text: "The hospital's clock"}, func(context.Context, *struct{}) (DemoTime, error) {
			return DemoTime{r.Clock.Now()}, nil
		})
		add(d, Route{Method: "POST", Path: "/api/v1/demo/clock", Own: true, Text: "Set the clock forward"}, r.advance)
	}
}

// demo acts as the house itself: whoever plays with the fictional phones sees them all.
func demo(ctx context.Context) context.Context { return access.AsSystem(ctx, "demo") }

func (r *demoDoor) phones(ctx context.Context, in *struct {
	Text string `query:"text"`
}) (items[DemoPhone], error) {
	list, err := r.Message.Phones(demo(ctx), in.Text, 100)
	rows := make([]DemoPhone, len(list))
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, p := range list {
		rows[i] = DemoPhone{Number: p.Number, Name: p.Name, LastText: p.LastText, LastAt: p.LastAt}
		if p.LastAt > r.seen[p.Number] {
			rows[i].Unread = 1
		}
	}
	return listed(rows, err)
}

func (r *demoDoor) screen(ctx context.Context, in *struct {
	Number string `path:"number"`
}) (DemoScreen, error) {
	p, lines, err := r.Message.Phone(demo(ctx), in.Number)
	if err != nil {
		return DemoScreen{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[in.Number] = r.Message.DB.Clock().Now()
	return DemoScreen{Number: p.Number, Name: p.Name, Items: lines}, nil
}

// reply sends from the phone through the built-in centre, so that everything after it is as in earnest. It answers the
// latest message, as a phone does.
func (r *demoDoor) reply(ctx context.Context, in *struct {
	Number string `path:"number"`
	Body   struct {
		Text string `json:"text"`
	}
}) (None, error) {
	if r.Centre == nil {
		return None{}, fault.New(fault.Unavailable, "message.phone.centre_missing")
	}
	if in.Body.Text == "" {
		return None{}, fault.New(fault.Invalid, "message.draft.malformed").With("text", "message.draft.text")
	}
	ctx, cancel := context.WithTimeout(demo(ctx), 10*time.Second)
	defer cancel()
	to := demoNumber
	if arrived := r.Centre.Phone(in.Number); len(arrived) > 0 {
		to = arrived[len(arrived)-1].From
	} else if e, err := r.Message.LastExtension(ctx, in.Number); err == nil {
		to += e
	}
	if err := r.Centre.Reply(ctx, in.Number, to, in.Body.Text); err != nil {
		return None{}, fault.Wrap(err, fault.Unavailable, "message.phone.centre_missing")
	}
	return None{}, nil
}

const demoNumber = "10690000"

func (r *demoDoor) advance(_ context.Context, in *struct {
	Body struct {
		AdvanceMinutes int `json:"advance_minutes"`
	}
}) (DemoTime, error) {
	if in.Body.AdvanceMinutes < 1 || in.Body.AdvanceMinutes > 60*24*400 {
		return DemoTime{}, fault.New(fault.Invalid, "message.phone.minutes").With("advance_minutes", "message.phone.minutes")
	}
	r.Clock.Advance(time.Duration(in.Body.AdvanceMinutes) * time.Minute)
	r.Board.Wake()
	return DemoTime{r.Clock.Now()}, nil
}
