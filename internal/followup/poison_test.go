package followup

import (
	"fmt"
	"testing"
	"time"

	"renxin/internal/platform/db"
)

func TestFU24_AFlagThatCannotClimbHoldsNobodyBack(t *testing.T) {
	h := openHouse(t)
	if h.DB.Engine() != db.SQLite {
		t.Skip("the broken row is made with a SQLite trigger; the savepoint is the same on both engines")
	}
	h.colleague("lin", "nurse", "")
	head := h.colleague("zhang", "head_nurse", "")
	for n := 1; n <= 2; n++ {
		h.stay(h.person(n), fmt.Sprintf("ZY%d", n), "2026-11-14")
	}
	h.at("2026-11-23", 9, 0)
	h.reply(1, "3")
	h.reply(2, "3")
	flags := h.tasks(ListFlags)
	if len(flags) != 2 {
		t.Fatal(len(flags))
	}
	h.must(h.exec(fmt.Sprintf(`create trigger broken before update on followup_task when old.id = %d begin select raise(abort, 'broken row'); end`, int64(flags[0].ID))))
	h.clock.Advance(31 * time.Minute)
	n, err := h.Escalate(h.ctx)
	if n != 1 || err == nil {
		t.Errorf("%d climbed, %v: one climbs, and the other is told of", n, err)
	}
	other, err := oneTask(h.ctx, h.DB.Read(h.ctx), flags[1].ID)
	if err != nil || other.Rung != 1 || other.OwnerID != head {
		t.Errorf("the sound flag stayed behind: %+v %v", other, err)
	}
}
