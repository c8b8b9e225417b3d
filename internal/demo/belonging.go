package demo

import (
	"context"
	"fmt"

	"renxin/internal/organization"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
	"renxin/internal/profile"
	"renxin/internal/visit"
)

// belonging gives a handful of patients what a newcomer looks for on their pages: relatives, cautions, cards, employers and courses of
// treatment. A loader without the rooms leaves it out.
func (l *Loader) belonging(ctx context.Context) error {
	if l.Profile == nil || l.Organization == nil {
		return nil
	}
	page, err := l.Patient.List(ctx, patient.Filter{Sort: "-seen_at", Limit: 200})
	if err != nil {
		return err
	}
	d := newDice(l.gen.options.Seed, 31)
	if err := l.relate(ctx, page.Items); err != nil {
		return err
	}
	units, err := l.organizations(ctx)
	if err != nil {
		return err
	}
	for i, p := range page.Items {
		if i%6 == 0 && p.Age >= 18 {
			if err := l.enlist(ctx, d, units[(i/6)%len(units)], p.ID, i); err != nil {
				return err
			}
		}
		if err := l.cautions(ctx, d, p, i); err != nil {
			return err
		}
		if i%10 == 3 {
			if err := l.course(ctx, d, p.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// relate makes families of those who share a telephone: whoever is a child there has the adults for parents.
func (l *Loader) relate(ctx context.Context, people []patient.Entry) error {
	byPhone := map[string][]patient.Entry{}
	for _, p := range people {
		if p.Phone != "" {
			byPhone[p.Phone] = append(byPhone[p.Phone], p)
		}
	}
	for _, child := range people {
		for _, adult := range byPhone[child.Phone] {
			if child.Age >= 16 || adult.Age < child.Age+18 || adult.Age > child.Age+45 {
				continue
			}
			in := patient.RelationInput{Kind: "father", RelativeID: adult.ID, Household: true}
			if adult.Sex == "female" {
				in.Kind, in.Care, in.Notice = "mother", true, true
			}
			if _, err := l.Patient.Relate(ctx, child.ID, in); err != nil {
				return err
			}
		}
	}
	for i, p := range people[:min(len(people), 60)] {
		if i%12 == 5 && p.Age > 70 {
			if _, err := l.Patient.Relate(ctx, p.ID, patient.RelationInput{Kind: "daughter", Name: "张丽", Phone: fmt.Sprintf("154%08d", 20270000+i), Care: true, Household: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// cautions notes what must be respected, and cards, for some.
func (l *Loader) cautions(ctx context.Context, d dice, p patient.Entry, i int) error {
	kinds := []profile.PreferenceInput{
		{Kind: "call_hours", Value: "10:00-18:00", Note: "上午休息"}, {Kind: "allergy", Note: "青霉素"}, {Kind: "language", Value: "cantonese"},
		{Kind: "hearing", Note: "请大声、慢速"}, {Kind: "channel", Value: "sms"}, {Kind: "wheelchair"}, {Kind: "contraindication", Note: "服用华法林，慎用止痛药"},
		{Kind: "mood", Note: "投诉后情绪未平复，请先致歉"}, {Kind: "privacy", Note: "不要向家属透露病情"},
	}
	if i%4 == 1 {
		if _, err := l.Profile.AddPreference(ctx, p.ID, kinds[(i/4)%len(kinds)]); err != nil {
			return err
		}
	}
	if i%7 == 2 {
		today := l.DB.Clock().Today()
		in := profile.MembershipInput{Type: pick(d, profile.Types[:4]), Number: fmt.Sprintf("RA%06d", 1000+i), ValidFrom: today.Add(-d.between(30, 700)), Benefits: "挂号费减免，体检九折"}
		if in.ValidTo = in.ValidFrom.Add(365); d.chance(0.3) {
			in.ValidTo = ""
		}
		if _, err := l.Profile.AddMembership(ctx, p.ID, in); err != nil {
			return err
		}
	}
	if i%3 == 0 {
		if _, err := l.Patient.ConfirmReach(ctx, p.ID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// course records a treatment with sessions.
func (l *Loader) course(ctx context.Context, d dice, p patient.ID) error {
	in := visit.ItemInput{Name: pick(d, []string{"盆底康复治疗", "红外理疗", "针灸治疗", "中药熏洗"}), Bought: int64(d.between(5, 12)), ValidUntil: l.DB.Clock().Today().Add(d.between(60, 300))}
	in.Used = int64(d.IntN(int(in.Bought)))
	if d.chance(0.4) {
		in.Issuer, in.Number = "HIS", fmt.Sprint("T", int64(p)%1_000_000)
		_, _, err := l.Visit.UpsertItem(ctx, p, in)
		return err
	}
	_, err := l.Visit.AddItem(ctx, p, in)
	return err
}

// organizations makes an insurer, an employer and a school with contracts, contacts and a visit.
func (l *Loader) organizations(ctx context.Context) ([]organization.ID, error) {
	today := l.DB.Clock().Today()
	var out []organization.ID
	for i, in := range []organization.Input{
		{Kind: "insurer", Code: "BX01", Name: "安康健康保险济南分公司", Address: "山东省济南市历下区经十路", Phone: "0531-82000001"},
		{Kind: "employer", Code: "DW01", Name: "泉城精密机械厂", Address: "山东省济南市历城区工业北路", Phone: "0531-82000002", Note: "每年十一月职工体检"},
		{Kind: "school", Code: "DW02", Name: "济南市仁和小学", Address: "山东省济南市市中区经四路", Phone: "0531-82000003"},
	} {
		id, err := l.Organization.Create(ctx, in)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
		year := clock.Date(string(today)[:4])
		if _, err := l.Organization.SaveContract(ctx, id, organization.Contract{Number: fmt.Sprintf("HT-%s-%02d", year, i+1), Title: string(year) + " 年团体服务合同", ValidFrom: year + "-01-01", ValidTo: year + "-12-31", AmountFen: int64(200_000_00 + i*50_000_00), Terms: "体检八五折；职工及家属门诊专人引导；每季度对账一次。"}); err != nil {
			return nil, err
		}
		if _, err := l.Organization.SaveContact(ctx, id, organization.Contact{Name: []string{"赵敏慧", "钱立新", "孙晓梅"}[i], Post: []string{"理赔经理", "工会主席", "校医"}[i], Phone: fmt.Sprintf("154%08d", 20280000+i), Main: true}); err != nil {
			return nil, err
		}
		if _, err := l.Organization.LogCall(ctx, id, organization.Call{Kind: "visit", Text: "确认年度体检人数和时间，对方希望周末安排。", At: l.DB.Clock().On(today.Add(-9*(i+1)), 10, 30), NextDate: today.Add(14)}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// enlist makes a patient a member.
func (l *Loader) enlist(ctx context.Context, d dice, id organization.ID, p patient.ID, n int) error {
	return l.Organization.SetMember(ctx, id, p, organization.MemberInput{Role: pick(d, []string{"employee", "insured", "employee", "retired"}), Number: fmt.Sprintf("%05d", 10_000+n),
		Unit: pick(d, []string{"一车间", "二车间", "行政部", "财务部"}), ValidFrom: l.DB.Clock().Today().Add(-d.between(100, 900))})
}
