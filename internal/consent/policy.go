package consent

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

// hours are the shipped windows per purpose in the hospital's zone, first minute and end.
var hours = map[Purpose][2]string{
	Care: {"08:00", "21:00"}, Notice: {"08:00", "21:00"}, Survey: {"09:00", "20:00"}, Promotion: {"09:00", "20:00"},
}

func (s *Service) defineSettings() {
	for _, p := range Purposes {
		s.Setting.Define(
			setting.Definition{Key: "consent.window." + p + "_from", Kind: setting.Time, Default: hours[p][0]},
			setting.Definition{Key: "consent.window." + p + "_until", Kind: setting.Time, Default: hours[p][1]},
		)
	}
	s.Setting.Define(
		setting.Definition{Key: "consent.survey.without_record", Kind: setting.Bool, Default: "false"},
		setting.Definition{Key: "consent.cap.day", Kind: setting.Int, Default: "5", Min: 1, Max: 50},
		setting.Definition{Key: "consent.cap.promotion_week", Kind: setting.Int, Default: "2", Min: 0, Max: 50},
	)
}

// policy is the hospital's rules as they stand now.
type policy struct {
	window        map[Purpose]window
	surveyAllowed bool // without a record
	capDay        int  // contacts of one channel to one patient on one day, urgent ones not counted
	capPromotion  int  // promotions of one channel to one patient within seven days
	clock         *clock.Clock
}

func (s *Service) policy(ctx context.Context) policy {
	p := policy{
		window:        map[Purpose]window{},
		surveyAllowed: s.Setting.Bool(ctx, "consent.survey.without_record", 0),
		capDay:        s.Setting.Int(ctx, "consent.cap.day", 0),
		capPromotion:  s.Setting.Int(ctx, "consent.cap.promotion_week", 0),
		clock:         s.DB.Clock(),
	}
	for _, name := range Purposes {
		p.window[name] = window{
			from:  minutes(s.Setting.Text(ctx, "consent.window."+name+"_from", 0)),
			until: minutes(s.Setting.Text(ctx, "consent.window."+name+"_until", 0)),
		}
	}
	return p
}

// window is a part of the day in minutes since midnight; until before from runs over midnight, equal means all day.
type window struct{ from, until int }

func minutes(s string) int {
	h, m, _ := setting.ParseTime(s)
	return h*60 + m
}

// next is the first instant not before at that lies in the window.
func (w window) next(at clock.Instant, c *clock.Clock) clock.Instant {
	local := c.Local(at)
	minute := local.Hour()*60 + local.Minute()
	day := c.Date(at)
	switch {
	case w.from == w.until:
		return at
	case w.from < w.until && minute >= w.from && minute < w.until:
		return at
	case w.from > w.until && (minute >= w.from || minute < w.until):
		return at
	case minute >= w.from:
		day = day.Add(1)
	}
	return c.On(day, w.from/60, w.from%60)
}
