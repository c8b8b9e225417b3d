package segment

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/visit"
)

// human is a patient with everything that conditions ask, held in Go: the slow reference asks it without any SQL.
type human struct {
	ID                                                  patient.ID
	Sex, Birth, Region, Source, Job, Address, Dead, Tag string
	Owner                                               int64
	Created, Seen                                       clock.Instant
	Met, Merged                                         bool
	Tags                                                []string
	Visits                                              []encounter
	Diagnoses, Operations                               []coded
	Charges                                             []charge
	Cards                                               []card
	Phones                                              []phone
	Wishes                                              []wish
	Dates                                               []appointment
	Answers                                             []coded
	Results                                             []coded
}

type encounter struct {
	Department int64
	Class      string
	State      string
	At         clock.Instant
}
type coded struct {
	Code string
	At   clock.Instant
	Day  clock.Date
}
type charge struct {
	Fen int64
	Day clock.Date
}
type card struct {
	Type     string
	From, To clock.Date
}
type phone struct {
	System string
	Wrong  bool
}
type wish struct {
	Purpose, Channel, Decision string
	Until                      clock.Instant
	Past                       bool
}
type appointment struct {
	State string
	At    clock.Instant
}

// world is a random population.
type world struct {
	people      []*human
	departments []int64
	owners      []int64
	groups      map[string][]string // condition groups
}

var (
	codes     = []string{"E11.9", "e119", "E11.201", "I10", "I10.x05", "N87.1", "N871", "K29.7"}
	regionsOf = []string{"370102", "370103", "370200", "370000", "110101", "320500", ""}
	sourcesOf = []string{"web", "referral", "check-up", ""}
	tagsOf    = []string{"VIP", "复诊", "体检", "孕妇"}
	jobs      = []string{"教师", "农民", "退休教师", ""}
	streets   = []string{"山东省济南市历下区甸柳街道1号", "历下区 100%路_2", "泉城路", ""}
	births    = []string{"", "1950", "1966-11", "1966-11-23", "1966-11-24", "1980-02-29", "2008-11-23", "2026-01-01", "1990-06-15"}
	types     = []string{"standard", "gold", "family"}
)

type dice struct{ *rand.Rand }

func pick[T any](r dice, xs []T) T { return xs[r.IntN(len(xs))] }

// at is an instant within some years around now; many fall on the edges of days and periods.
func (r dice) at(now clock.Instant) clock.Instant {
	days := []int{0, 1, 29, 30, 31, 89, 90, 91, 364, 365, 366, r.IntN(900)}
	i := now - clock.Instant(int64(pick(r, days))*int64(24*time.Hour/time.Millisecond))
	return i + clock.Instant(r.IntN(3)-1)*clock.Instant(r.IntN(int(24*time.Hour/time.Millisecond)))
}

// random makes a patient.
func (w *world) random(r dice, h *house, p *human) {
	c, now := h.DB.Clock(), h.DB.Clock().Now()
	*p = human{ID: p.ID, Merged: p.Merged, Sex: pick(r, []string{"male", "female", "unknown"}), Birth: pick(r, births), Region: pick(r, regionsOf), Source: pick(r, sourcesOf),
		Job: pick(r, jobs), Address: pick(r, streets), Created: r.at(now), Met: r.IntN(3) > 0}
	p.Seen = p.Created
	if p.Met {
		p.Seen = r.at(now)
	}
	if r.IntN(3) == 0 {
		p.Owner = pick(r, w.owners)
	}
	if r.IntN(8) == 0 {
		p.Dead = "2026-01-01"
	}
	for _, t := range tagsOf {
		if r.IntN(4) == 0 {
			p.Tags = append(p.Tags, t)
		}
	}
	for range r.IntN(4) {
		p.Visits = append(p.Visits, encounter{pick(r, append(w.departments, 0)), pick(r, []string{"AMB", "IMP", "CHK"}), pick(r, []string{"open", "finished", "cancelled"}), r.at(now)})
	}
	for range r.IntN(3) {
		p.Diagnoses = append(p.Diagnoses, coded{Code: pick(r, codes), At: r.at(now)})
	}
	if r.IntN(3) == 0 {
		at := r.at(now)
		p.Operations = append(p.Operations, coded{Code: pick(r, []string{"67.32", "81.54", "813"}), At: at, Day: c.Date(at)})
	}
	for range r.IntN(4) {
		p.Charges = append(p.Charges, charge{int64(r.IntN(9)-2) * 10_000, c.Date(r.at(now))})
	}
	for range r.IntN(3) {
		from := c.Today().Add(-r.IntN(60))
		p.Cards = append(p.Cards, card{pick(r, types), from, from.Add(pick(r, []int{0, 5, 59, 60, 400}))})
	}
	for range r.IntN(3) {
		p.Phones = append(p.Phones, phone{pick(r, []string{"mobile", "phone", "wechat"}), r.IntN(3) == 0})
	}
	for range r.IntN(3) {
		until := clock.Instant(0)
		if r.IntN(3) == 0 {
			until = now + clock.Instant(r.IntN(3)-1)*1000
		}
		p.Wishes = append(p.Wishes, wish{pick(r, []string{"promotion", "survey"}), pick(r, []string{"any", "sms", "call"}), pick(r, []string{"granted", "denied"}), until, r.IntN(5) == 0})
	}
	for range r.IntN(3) {
		p.Dates = append(p.Dates, appointment{pick(r, []string{"missed", "booked", "arrived"}), r.at(now)})
	}
	if r.IntN(3) == 0 {
		p.Answers = append(p.Answers, coded{Code: pick(r, []string{"1", "2", "A"}), At: r.at(now)})
	}
	if r.IntN(3) == 0 {
		p.Results = append(p.Results, coded{Code: pick(r, []string{"abnormal", "critical", ""}), At: r.at(now)})
	}
}

// write replaces a patient's rows.
func (w *world) write(h *house, p *human) {
	outside := h.ctx
	defer func() { h.ctx = outside }()
	h.must(h.DB.Tx(outside, func(ctx context.Context, _ *db.Tx) error {
		h.ctx = ctx
		w.rows(h, p)
		return nil
	}))
}

func (w *world) rows(h *house, p *human) {
	for _, t := range []string{"patient_tag", "visit_encounter", "visit_condition", "visit_procedure", "visit_charge", "visit_report", "profile_membership", "patient_contact", "consent_record", "booking_appointment", "message_question"} {
		h.exec("delete from "+t+" where patient_id = $1", p.ID)
	}
	met, merged := clock.Instant(0), any(nil)
	if p.Met {
		met = p.Seen
	}
	if p.Merged {
		merged = w.people[0].ID
	}
	args := []any{p.ID, p.Sex, p.Birth, p.Job, p.Address, p.Region, p.Source, orNull(p.Owner), p.Dead, p.Created, met, p.Seen, merged}
	h.exec(`insert into patient_patient (id, name, pinyin, sex, birth_date, occupation, ethnicity, marital, address, region_code, source, owner_id, note, alert, deceased_at, created_at, updated_at, met_at, seen_at, version, merged_into)
		values ($1, '患者', 'huanzhe', $2, $3, $4, '', '', $5, $6, $7, $8, '', '', $9, $10, $10, $11, $12, 1, $13)
		on conflict (id) do update set sex = excluded.sex, birth_date = excluded.birth_date, occupation = excluded.occupation, address = excluded.address, region_code = excluded.region_code, source = excluded.source,
			owner_id = excluded.owner_id, deceased_at = excluded.deceased_at, created_at = excluded.created_at, met_at = excluded.met_at, seen_at = excluded.seen_at, merged_into = excluded.merged_into`, args...)
	id := func() int64 { return h.DB.NextID() }
	for _, t := range p.Tags {
		h.exec("insert into patient_tag (patient_id, tag, created_at) values ($1, $2, 0)", p.ID, t)
	}
	for _, v := range p.Visits {
		n := id()
		h.exec(`insert into visit_encounter (id, patient_id, issuer, number, class, state, department_id, ward, bed, doctor_name, disposition, started_at, ended_at, told_at, created_at, updated_at)
			values ($1, $2, 'HIS', $3, $4, $5, $6, '', '', '', '', $7, 0, 0, 0, 0)`, n, p.ID, fmt.Sprint(n), v.Class, v.State, orNull(v.Department), v.At)
	}
	for _, d := range p.Diagnoses {
		n := id()
		h.exec("insert into visit_condition (id, patient_id, key, code, name, kind, rank, by_hand, at) values ($1, $2, $3, $4, '', 'outpatient', 1, false, $5)", n, p.ID, fmt.Sprint(n), d.Code, d.At)
	}
	for _, d := range p.Operations {
		n := id()
		h.exec("insert into visit_procedure (id, patient_id, key, code, name, doctor, at, date) values ($1, $2, $3, $4, '', '', $5, $6)", n, p.ID, fmt.Sprint(n), d.Code, d.At, string(d.Day))
	}
	for _, c := range p.Charges {
		n := id()
		h.exec("insert into visit_charge (id, patient_id, key, code, name, category, quantity, amount_fen, at, date) values ($1, $2, $3, '', '', '', '1', $4, 0, $5)", n, p.ID, fmt.Sprint(n), c.Fen, string(c.Day))
	}
	for _, c := range p.Cards {
		n := id()
		h.exec("insert into profile_membership (id, patient_id, type, number, valid_from, valid_to, benefits, expired, created_at, updated_at, version) values ($1, $2, $3, $4, $5, $6, '', false, 0, 0, 1)", n, p.ID, c.Type, fmt.Sprint(n), string(c.From), string(c.To))
	}
	for _, c := range p.Phones {
		n := id()
		h.exec("insert into patient_contact (id, patient_id, system, value, number, ext, owner, label, rank, verified_at, valid_until, source, created_at) values ($1, $2, $3, '', $4, '', 'self', '', 1, 0, 0, '', 0)", n, p.ID, c.System, fmt.Sprint(n))
		if c.Wrong {
			h.exec("insert into patient_wrong_number (number, reason, marked_at) values ($1, '', 0)", fmt.Sprint(n))
		}
	}
	for _, c := range p.Wishes {
		past := 0
		if c.Past {
			past = 1
		}
		h.exec("insert into consent_record (id, patient_id, purpose, channel, decision, proof, source, decided_at, until, superseded_at) values ($1, $2, $3, $4, $5, '', '', 0, $6, $7)", id(), p.ID, c.Purpose, c.Channel, c.Decision, c.Until, past)
	}
	for _, a := range p.Dates {
		n := id()
		h.exec("insert into booking_appointment (id, patient_id, issuer, number, placer, state, doctor_name, starts_at, ends_at, date, reason, told_at, created_at, updated_at) values ($1, $2, 'HIS', $3, '', $4, '', $5, 0, '', '', 0, 0, 0)", n, p.ID, fmt.Sprint(n), a.State, a.At)
	}
	for _, a := range p.Answers {
		h.exec("insert into message_question (message_id, patient_id, address, extension, choices, room, ref, state, expires_at, code, created_at) values ($1, $2, '', '', '', '', 0, 'answered', 0, $3, $4)", id(), p.ID, a.Code, a.At)
	}
	for _, a := range p.Results {
		n := id()
		h.exec("insert into visit_report (id, patient_id, key, kind, name, conclusion, abnormal, at) values ($1, $2, $3, 'lab', '', '', $4, $5)", n, p.ID, fmt.Sprint(n), a.Code, a.At)
	}
}

// condition makes a random valid condition.
func (w *world) condition(r dice) Node {
	some := func(xs []string) []string {
		n := 1 + r.IntN(2)
		var out []string
		for range n {
			if x := pick(r, xs); x != "" && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
		if len(out) == 0 {
			out = []string{xs[0]}
		}
		return out
	}
	period := func() *Period {
		p := Period{Kind: pick(r, []string{Last, Next, This, Previous, Over, Between}), N: pick(r, []int{1, 2, 30, 90}), Unit: pick(r, units)}
		if p.Kind == Between {
			return &Period{Kind: Between, From: pick(r, []clock.Date{"", "2026-10-24", "2026-08-25"}), To: pick(r, []clock.Date{"2026-11-22", "2026-11-23"})}
		}
		if p.Kind == This || p.Kind == Previous {
			p.N = 0
		}
		return &p
	}
	maybe := func() *Period {
		if r.IntN(2) == 0 {
			return nil
		}
		return period()
	}
	limits := func(xs ...int64) (from, to *int64) {
		a, b := pick(r, xs), pick(r, xs)
		switch r.IntN(3) {
		case 0:
			return &a, nil
		case 1:
			return nil, &b
		}
		a, b = min(a, b), max(a, b)
		return &a, &b
	}
	n := Node{Op: Is, Dim: pick(r, []string{"sex", "age", "region", "source", "registered", "occupation", "address", "deceased", "owner", "tag", "visited", "department", "disease", "procedure", "visits", "report", "spend", "missed", "booked", "membership", "reachable", "consent", "answered"})}
	switch n.Dim {
	case "sex":
		n.Values = some([]string{"male", "female", "unknown", "other"})
	case "age":
		n.From, n.To = limits(0, 17, 18, 59, 60, 61, 76)
	case "region":
		n.Values = some([]string{"370000", "370100", "370102", "110000", "320500"})
	case "source":
		n.Values = some(sourcesOf)
	case "registered", "booked":
		n.Period = period()
	case "occupation":
		n.Text = "教师"
	case "address":
		n.Text = pick(r, []string{"甸柳", "100%路_", "%", "_2"})
	case "deceased":
		n.Values = some([]string{"yes", "no"})
	case "owner":
		n.Values = []string{staffID(pick(r, w.owners))}
	case "tag":
		n.Values = some(tagsOf)
	case "visited":
		n.Aspect, n.Period = pick(r, []string{"last", "first", "any"}), period()
	case "department":
		n.Values, n.Period = []string{departmentID(pick(r, w.departments))}, maybe()
	case "disease":
		n.Values, n.Aspect, n.Period = some(append([]string{"E11", "i10", "N87.1", "Z99"}, keysOf(w.groups)...)), pick(r, []string{"any", "first"}), maybe()
	case "procedure":
		n.Values, n.Period = some([]string{"67.32", "81"}), maybe()
	case "visits":
		n.From, n.To = limits(0, 1, 2)
		n.Period = maybe()
		if r.IntN(2) == 0 {
			n.Values = some([]string{"AMB", "IMP"})
		}
	case "report":
		n.Values, n.Period = some([]string{"abnormal", "critical"}), maybe()
	case "spend":
		n.From, n.To = limits(-10_000, 0, 1, 10_000, 50_000)
		n.Period = maybe()
	case "missed":
		if r.IntN(2) == 0 {
			n.From, n.To = limits(0, 1, 2)
		}
		n.Period = maybe()
	case "membership":
		n.Aspect, n.Period = pick(r, []string{"valid", "expired", "ends"}), maybe()
		if r.IntN(2) == 0 {
			n.Values = some(types)
		}
	case "reachable":
		n.Values = some([]string{"mobile", "phone", "wechat"})
	case "consent":
		n.Aspect, n.Values = pick(r, []string{"granted", "denied", "silent"}), some([]string{"promotion/sms", "promotion/call", "survey/letter"})
	case "answered":
		n.Period = maybe()
		if r.IntN(2) == 0 {
			n.Values = some([]string{"1", "2"})
		}
	}
	return n
}

// tree makes a random tree.
func (w *world) tree(r dice) Tree { return Tree{V: Format, Root: w.node(r, 1)} }

func (w *world) node(r dice, depth int) Node {
	if depth > 3 || depth > 1 && r.IntN(2) == 0 {
		return w.condition(r)
	}
	n := Node{Op: pick(r, []string{And, And, Or, Not})}
	for range 1 + r.IntN(3) {
		n.Nodes = append(n.Nodes, w.node(r, depth+1))
	}
	return n
}

// members asks the reference: every patient, every condition, in Go.
func (w *world) members(h *house, t Tree) []patient.ID {
	c := h.DB.Clock()
	e := evaluator{c, c.Now(), c.Today(), w.groups}
	out := []patient.ID{}
	for _, p := range w.people {
		if !p.Merged && e.holds(t.Root, p) {
			out = append(out, p.ID)
		}
	}
	slices.Sort(out)
	return out
}

type evaluator struct {
	clock  *clock.Clock
	now    clock.Instant
	today  clock.Date
	groups map[string][]string
}

func (e evaluator) holds(n Node, p *human) bool {
	switch n.Op {
	case And:
		return !slices.ContainsFunc(n.Nodes, func(k Node) bool { return !e.holds(k, p) })
	case Or:
		return slices.ContainsFunc(n.Nodes, func(k Node) bool { return e.holds(k, p) })
	case Not:
		return !slices.ContainsFunc(n.Nodes, func(k Node) bool { return e.holds(k, p) })
	}
	return e.meets(n, p)
}

// during tells whether an instant's day lies in the period; without a period every one does.
func (e evaluator) during(n Node, i clock.Instant) bool { return e.within(n, e.clock.Date(i)) }

func (e evaluator) within(n Node, d clock.Date) bool {
	if n.Period == nil {
		return true
	}
	s := n.Period.On(e.today)
	return (s.From == "" || d >= s.From) && (s.To == "" || d <= s.To)
}

func between(n Node, v int64) bool {
	return (n.From == nil || v >= *n.From) && (n.To == nil || v <= *n.To)
}

func (e evaluator) covers(n Node, code string) bool {
	for _, v := range n.Values {
		prefixes := []string{v}
		if g, ok := e.groups[v]; ok {
			prefixes = g
		}
		for _, x := range prefixes {
			if strings.HasPrefix(visit.PlainCode(code), visit.PlainCode(x)) {
				return true
			}
		}
	}
	return false
}

func (e evaluator) meets(n Node, p *human) bool {
	has := func(v string) bool { return slices.Contains(n.Values, v) }
	switch n.Dim {
	case "sex":
		return has(p.Sex)
	case "age":
		years := age(clock.Date(p.Birth), e.today)
		return years >= 0 && between(n, int64(years))
	case "region":
		return p.Region != "" && slices.ContainsFunc(n.Values, func(v string) bool {
			prefix := strings.TrimSuffix(strings.TrimSuffix(v, "00"), "00")
			return strings.HasPrefix(p.Region, prefix)
		})
	case "source":
		return has(p.Source)
	case "registered":
		return e.during(n, p.Created)
	case "occupation":
		return strings.Contains(p.Job, n.Text)
	case "address":
		return strings.Contains(p.Address, n.Text)
	case "deceased":
		return has(map[bool]string{true: "yes", false: "no"}[p.Dead != ""])
	case "owner":
		return p.Owner != 0 && has(staffID(p.Owner))
	case "tag":
		return slices.ContainsFunc(p.Tags, has)
	case "visited":
		return e.visited(n, p)
	case "department":
		return slices.ContainsFunc(p.Visits, func(v encounter) bool {
			return v.State != "cancelled" && v.Department != 0 && has(departmentID(v.Department)) && e.during(n, v.At)
		})
	case "disease":
		return e.diseased(n, p)
	case "procedure":
		return slices.ContainsFunc(p.Operations, func(c coded) bool { return e.covers(n, c.Code) && e.within(n, c.Day) })
	case "visits":
		count := int64(0)
		for _, v := range p.Visits {
			if v.State != "cancelled" && (len(n.Values) == 0 || has(v.Class)) && e.during(n, v.At) {
				count++
			}
		}
		return between(n, count)
	case "report":
		return slices.ContainsFunc(p.Results, func(c coded) bool { return has(c.Code) && e.during(n, c.At) })
	case "spend":
		sum := int64(0)
		for _, c := range p.Charges {
			if e.within(n, c.Day) {
				sum += c.Fen
			}
		}
		return between(n, sum)
	case "missed", "booked":
		count := int64(0)
		for _, a := range p.Dates {
			if a.State == n.Dim && e.during(n, a.At) {
				count++
			}
		}
		if n.From == nil && n.To == nil {
			return count > 0
		}
		return between(n, count)
	case "membership":
		return e.enrolled(n, p)
	case "reachable":
		return slices.ContainsFunc(p.Phones, func(c phone) bool { return !c.Wrong && has(c.System) })
	case "consent":
		return slices.ContainsFunc(n.Values, func(v string) bool { return e.said(p, v) == n.Aspect })
	case "answered":
		return slices.ContainsFunc(p.Answers, func(c coded) bool { return (len(n.Values) == 0 || has(c.Code)) && e.during(n, c.At) })
	}
	panic("the reference does not know " + n.Dim)
}

func age(born, today clock.Date) int {
	switch len(born) {
	case 4:
		born += "-01-01"
	case 7:
		born += "-01"
	}
	return born.Age(today)
}

func (e evaluator) visited(n Node, p *human) bool {
	if n.Aspect == "last" {
		return p.Met && e.during(n, p.Seen)
	}
	first, any := clock.Instant(0), false
	for _, v := range p.Visits {
		if v.State == "cancelled" {
			continue
		}
		any = any || e.during(n, v.At)
		if first == 0 || v.At < first {
			first = v.At
		}
	}
	if n.Aspect == "first" {
		return first > 0 && e.during(n, first)
	}
	return any
}

func (e evaluator) diseased(n Node, p *human) bool {
	first, any := clock.Instant(0), false
	for _, d := range p.Diagnoses {
		if !e.covers(n, d.Code) {
			continue
		}
		any = any || e.during(n, d.At)
		if first == 0 || d.At < first {
			first = d.At
		}
	}
	if n.Aspect == "first" {
		return first > 0 && e.during(n, first)
	}
	return any
}

func (e evaluator) enrolled(n Node, p *human) bool {
	holds := func(c card) bool { return c.From <= e.today && e.today <= c.To }
	typed := func(c card) bool { return len(n.Values) == 0 || slices.Contains(n.Values, c.Type) }
	return slices.ContainsFunc(p.Cards, func(c card) bool {
		if !typed(c) || !e.within(n, c.To) {
			return false
		}
		switch n.Aspect {
		case "valid":
			return holds(c)
		case "expired":
			return c.To < e.today && !slices.ContainsFunc(p.Cards, func(o card) bool { return typed(o) && holds(o) })
		}
		return true
	})
}

func (e evaluator) said(p *human, v string) string {
	purpose, channel, _ := strings.Cut(v, "/")
	out := "silent"
	for _, x := range p.Wishes {
		if x.Past || x.Purpose != purpose || x.Channel != "any" && x.Channel != channel || x.Until != 0 && x.Until <= e.now {
			continue
		}
		if x.Decision == "denied" {
			return "denied"
		}
		out = "granted"
	}
	return out
}

func keysOf[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func newWorld(h *house, r dice, n int) *world {
	w := &world{groups: map[string][]string{}}
	for i, code := range []string{"3100", "2100", "0305"} {
		d, err := h.Staff.Department(h.ctx, code, fmt.Sprint("科", i))
		h.must(err)
		w.departments = append(w.departments, int64(d))
	}
	w.owners = []int64{h.DB.NextID(), h.DB.NextID()}
	g, err := h.Visit.CreateGroup(h.ctx, visit.GroupInput{Name: "糖尿病", Codes: []string{"E11", "E10"}})
	h.must(err)
	w.groups[g.ID.String()] = g.Codes
	for range n {
		p := &human{ID: patient.ID(h.DB.NextID())}
		w.people = append(w.people, p)
		w.random(r, h, p)
		p.Merged = len(w.people) > 1 && r.IntN(12) == 0
		w.write(h, p)
	}
	return w
}
