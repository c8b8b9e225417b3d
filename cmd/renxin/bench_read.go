package main

import (
	"context"
	"fmt"
	"time"

	"renxin/bench"
	"renxin/internal/followup"
	"renxin/internal/identity"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/timeline"
	"renxin/internal/visit"
)

const (
	readsEach  = 60              // measured runs of one query
	readsFor   = 2 * time.Second // or as many as fit
	deepPage   = 1000
	eventsPage = 50
)

// readLimit is p95 of reading 50 rows by key on the bare engine.
const readLimit = "50 rows by key"

// list measures every filter and sort on the first page, and the plain list on a deep one.
func (m *measuring) list(ctx context.Context) error {
	dep, err := m.Staff.Department(ctx, "0305", "妇科")
	if err != nil {
		return err
	}
	today := m.DB.Clock().Today()
	filters := map[string]patient.Filter{
		"newest first": {}, "by name": {Sort: "name"}, "oldest first": {Sort: "seen_at"}, "by creation": {Sort: "-created_at"},
		"one department": {DepartmentID: int64(dep)}, "sex and age": {Sex: identity.Female, AgeFrom: 30, AgeTo: 45}, "last 30 days": {SeenFrom: today.Add(-30)},
		"one district": {Region: "370102"}, "one source": {Source: "web"}, "district by name": {Region: "370102", Sort: "name"}, "text and sex": {Text: "王", Sex: identity.Male},
	}
	var all bench.Times
	worst, slowest := "", 0.0
	for name, f := range filters {
		times, err := m.lists(ctx, f)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if p := times.At(0.95); p > slowest {
			worst, slowest = name, p
		}
		all = append(all, times...)
	}
	m.read("list, first page, 11 filters and sorts, p95", all.At(0.95), m.budget(50, 30), fmt.Sprintf("slowest: %s, %.1f ms", worst, slowest))
	return m.deep(ctx)
}

func (m *measuring) lists(ctx context.Context, f patient.Filter) (bench.Times, error) {
	f.Limit = 50
	return bench.Repeat(readsEach, readsFor, func(int) error {
		_, err := m.Patient.List(ctx, f)
		return err
	})
}

// deep walks to page 1,000, or to the last one, and measures there.
func (m *measuring) deep(ctx context.Context) error {
	f := patient.Filter{Limit: 50}
	at := 1
	for ; at < deepPage; at++ {
		page, err := m.Patient.List(ctx, f)
		if err != nil {
			return err
		}
		if page.Next == "" {
			break
		}
		f.Cursor = page.Next
	}
	times, err := m.lists(ctx, f)
	m.read(fmt.Sprintf("list, page %d, p95", at), times.At(0.95), m.budget(50, 30), "")
	return err
}

// search measures what people type: parts of a name, readings, initials, the last digits of a number.
func (m *measuring) search(ctx context.Context) error {
	words := []string{"王丽", "李秀英", "秀英", "wangli", "lixiu", "wl", "lxy", "zw", "6001", "2026", "18000", "王建国", "陈 丽"}
	times, slow, err := m.picks(ctx, words)
	if err != nil {
		return err
	}
	m.read("search by name, pinyin, initials, digits, p95", times.At(0.95), m.budget(10, 15), "slowest: "+slow)
	times, slow, err = m.picks(ctx, []string{"王", "丽", "w", "1", "x"})
	if err != nil {
		return err
	}
	m.read("search by one character, slowest", times.At(1), 50, slow)
	return m.scoped(ctx, words)
}

// scoped measures the same words as the head of a department and as a nurse with her own patients type them: a picker answers within
// 100 ms (SY-24).
func (m *measuring) scoped(ctx context.Context, words []string) error {
	for _, login := range []string{"wang", "linjing"} {
		own, err := m.as(ctx, login)
		if err != nil {
			return err
		}
		times, slow, err := m.picks(own, append([]string{"王", "w", "1"}, words...))
		if err != nil {
			return err
		}
		m.read(fmt.Sprintf("picker within the scope of %s, p95", login), times.At(0.95), 100, "slowest: "+slow)
	}
	return nil
}

// as signs an account of the demo hospital in.
func (m *measuring) as(ctx context.Context, login string) (context.Context, error) {
	a, err := m.Staff.ByLogin(ctx, login)
	if err != nil {
		return nil, err
	}
	who, _, err := m.Staff.Caller(ctx, a.ID)
	return access.With(ctx, who), err
}

func (m *measuring) picks(ctx context.Context, words []string) (all bench.Times, slowest string, err error) {
	worst := 0.0
	for _, w := range words {
		times, err := bench.Repeat(readsEach, readsFor, func(int) error {
			_, err := m.Patient.Pick(ctx, w, 10)
			return err
		})
		if err != nil {
			return nil, "", err
		}
		if p := times.At(0.95); p > worst {
			worst, slowest = p, fmt.Sprintf("%q %.1f ms", w, p)
		}
		all = append(all, times...)
	}
	return all, slowest, nil
}

// page measures the patient's page for long histories.
func (m *measuring) page(ctx context.Context) error {
	for _, c := range []struct {
		events int
		budget float64
	}{{2_000, 50}, {20_000, 150}} {
		id, err := m.longHistory(ctx, c.events)
		if err != nil {
			return err
		}
		times, err := bench.Repeat(readsEach, readsFor, func(int) error {
			if _, err := m.Timeline.Overview(ctx, id); err != nil {
				return err
			}
			_, err := m.Timeline.Events(ctx, id, timeline.Filter{Limit: eventsPage})
			return err
		})
		if err != nil {
			return err
		}
		m.read(fmt.Sprintf("patient's page with %d events: header and first 50, p95", c.events), times.At(0.95), c.budget, "")
	}
	return nil
}

// longHistory makes a patient with n events: a third visits, the rest messages.
func (m *measuring) longHistory(ctx context.Context, n int) (patient.ID, error) {
	id := patient.ID(m.DB.NextID())
	if err := m.Patient.Load(ctx, []patient.LoadRow{{Patient: patient.Patient{ID: id, Name: fmt.Sprintf("长病史%d", n)}}}); err != nil {
		return 0, err
	}
	now := m.DB.Clock().Now()
	for done := 0; done < n; done += 600 {
		var visits []visit.Whole
		var messages []message.Old
		for i := done; i < min(done+600, n); i++ {
			at := now.Add(-time.Duration(i+1) * 5 * time.Hour)
			if i%3 == 0 {
				visits = append(visits, visit.Whole{
					Encounter:  visit.Encounter{PatientID: id, Issuer: "BENCH", Number: fmt.Sprint(i), Class: "AMB", State: visit.StateFinished, DoctorName: "赵敏", StartedAt: at, EndedAt: at + 1, ToldAt: at},
					Conditions: []visit.ConditionInput{{Code: "I10.x00", Name: "高血压病", Kind: "outpatient", At: at}},
				})
				continue
			}
			messages = append(messages, message.Old{PatientID: id, Purpose: "care", Address: "15402026001", Text: "【仁安医院】请按时复诊。", Signature: "仁安医院", State: message.StateDelivered, At: at})
		}
		if _, err := m.Visit.Load(ctx, visits); err != nil {
			return 0, err
		}
		if err := message.History(ctx, m.DB, messages, 45); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// worklist measures the home page of the follow-up nurse and of her team.
func (m *measuring) worklist(ctx context.Context) error {
	own, err := m.as(ctx, "linjing")
	if err != nil {
		return err
	}
	times, err := bench.Repeat(readsEach, readsFor, func(int) error {
		if _, err := m.Followup.Counts(own, "mine"); err != nil {
			return err
		}
		_, err := m.Followup.Worklist(own, followup.WorklistFilter{Limit: 50})
		return err
	})
	if err != nil {
		return err
	}
	m.read("worklist of one nurse: counters and first page, p95", times.At(0.95), 300, "")
	times, err = bench.Repeat(readsEach, readsFor, func(int) error {
		_, err := m.Followup.Worklist(ctx, followup.WorklistFilter{List: followup.ListOverdue, Team: true, Limit: 50})
		return err
	})
	m.read("worklist of everybody, overdue, p95", times.At(0.95), 300, "")
	return err
}

// read adds a figure in milliseconds beside the raw read.
func (m *measuring) read(name string, ms, budget float64, note string) {
	m.report.Add(bench.Figure{Name: name, Value: ms, Unit: "ms", Limit: m.raw.Read, What: readLimit, Budget: budget, Note: note})
}

// budget picks the engine's own.
func (m *measuring) budget(sqlite, postgres float64) float64 {
	if m.DB.Engine() == db.SQLite {
		return sqlite
	}
	return postgres
}
