package followup

import (
	"testing"

	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

func TestFU03_ImportedDaysMovePendingStepsOnlyWhenAsked(t *testing.T) {
	h := openHouse(t)
	today := h.DB.Clock().Today()
	p := h.person(1)
	e := h.stay(p, "V1", today)
	h.operate(p, e, "O1", today)
	h.drain()
	plan, steps := h.onlyPlan(p)
	var days []setting.CalendarDay // every day on which a step stands is closed
	dates := map[StepID]clock.Date{}
	for _, st := range steps {
		dates[st.ID] = st.Date
		days = append(days, setting.CalendarDay{Date: st.Date, Kind: setting.DayOff, Name: "院庆"})
	}
	stand := func() (moved int) {
		_, now := h.onlyPlan(p)
		for _, st := range now {
			if st.Date != dates[st.ID] {
				moved++
			}
		}
		return moved
	}
	look, err := h.PreviewDays(h.ctx, 0, days)
	h.must(err)
	if look.Steps == 0 || look.Plans != 1 || stand() != 0 {
		t.Fatalf("the preview says %+v", look)
	}
	if m, err := h.PendingMoves(h.ctx, 0); err != nil || m.Steps != 0 {
		t.Error("a preview changes nothing:", m, err)
	}
	h.must(h.Setting.ImportDays(h.ctx, 0, days))
	if stand() != 0 {
		t.Error("the import moved a step by itself")
	}
	m, err := h.PendingMoves(h.ctx, h.dept)
	h.must(err)
	if m.Steps != look.Steps || m.Some[0] != look.Some[0] {
		t.Errorf("after the import %+v differ, the preview said %+v", m, look)
	}
	done, err := h.ReplanDays(h.ctx, 0)
	h.must(err)
	again, _ := h.onlyPlan(p)
	if done.Steps != look.Steps || stand() != look.Steps || again.Day0 != plan.Day0 {
		t.Errorf("re-planned %+v: %d steps moved", done, stand())
	}
	if m, err := h.PendingMoves(h.ctx, 0); err != nil || m.Steps != 0 {
		t.Error("nothing is left to move:", m, err)
	}
	past, err := h.Setting.DayImports(h.ctx, 0)
	if err != nil || len(past) != 1 || past[0].OffDays != len(days) {
		t.Errorf("%+v %v", past, err)
	}
}
