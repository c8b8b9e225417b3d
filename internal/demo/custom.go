package demo

import (
	"context"
	"fmt"
	"math/rand/v2"

	own "renxin/internal/field"
	"renxin/internal/patient"
	"renxin/internal/platform/fault"
)

// customFields is how many of the patients seen last have the hospital's own fields filled.
const customFields = 300

// custom adds the fields that this hospital wished for, fills them for whom newcomers see first, and lets some of those come to us again
// through another source. A house without custom fields leaves it out.
func (l *Loader) custom(ctx context.Context) error {
	if l.Patient.Field == nil {
		return nil
	}
	var ids []own.ID
	for _, d := range ownFields() {
		made, err := l.Patient.Field.Create(ctx, d)
		if fault.Is(err, fault.Conflict) {
			return nil // loaded before
		}
		if err != nil {
			return err
		}
		ids = append(ids, made.ID)
	}
	r := rand.New(rand.NewPCG(uint64(l.gen.Options().Seed), 10))
	f := patient.Filter{Limit: 100}
	for n := 0; n < customFields; {
		page, err := l.Patient.List(ctx, f)
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			if err := l.fill(ctx, r, p, ids); err != nil {
				return err
			}
		}
		if n += len(page.Items); page.Next == "" {
			return nil
		}
		f.Cursor = page.Next
	}
	return nil
}

func ownFields() []own.Definition {
	options := func(zh ...string) (out []own.Option) {
		for i := 0; i+1 < len(zh); i += 2 {
			out = append(out, own.Option{Code: zh[i], ZH: zh[i], EN: zh[i+1], Active: true})
		}
		return out
	}
	return []own.Definition{
		{Entity: own.Patient, Key: "insurance", LabelZH: "医保类型", LabelEN: "Insurance", Kind: own.Choice, Section: "费用", Options: options("城镇职工", "Urban employees", "城乡居民", "Residents", "商业保险", "Commercial", "自费", "Own expense")},
		{Entity: own.Patient, Key: "weight", LabelZH: "体重", LabelEN: "Weight", Kind: own.Decimal, Section: "身体情况", HelpZH: "千克", HelpEN: "kg", Minimum: "1", Maximum: "300"},
		{Entity: own.Patient, Key: "blood", LabelZH: "血型", LabelEN: "Blood group", Kind: own.Choice, Section: "身体情况", Options: options("A", "A", "B", "B", "AB", "AB", "O", "O")},
		{Entity: own.Patient, Key: "contact_time", LabelZH: "方便联系的时间", LabelEN: "Best time", Kind: own.MultiChoice, Section: "联系习惯", Options: options("上午", "Morning", "中午", "Noon", "下午", "Afternoon", "晚上", "Evening")},
		{Entity: own.Patient, Key: "home_visit", LabelZH: "接受家访", LabelEN: "Accepts home visits", Kind: own.Boolean, Section: "联系习惯"},
	}
}

// fill gives one patient some of the fields, and one in six a later source.
func (l *Loader) fill(ctx context.Context, r *rand.Rand, p patient.Entry, ids []own.ID) error {
	pick := func(words ...string) []string { return []string{words[r.IntN(len(words))]} }
	v := own.Values{ids[0]: pick("城镇职工", "城镇职工", "城乡居民", "城乡居民", "商业保险", "自费")}
	if p.Age >= 18 && r.IntN(3) > 0 {
		v[ids[1]] = []string{fmt.Sprintf("%d.%d", 46+r.IntN(40), r.IntN(10))}
	}
	if r.IntN(2) == 0 {
		v[ids[2]] = pick("A", "B", "AB", "O", "O")
	}
	if r.IntN(3) == 0 {
		v[ids[3]] = pick("上午", "下午", "晚上")
	}
	if r.IntN(4) == 0 {
		v[ids[4]] = pick("true", "false")
	}
	if _, err := l.Patient.SetFields(ctx, p.ID, p.Version, v); err != nil {
		return err
	}
	if r.IntN(6) > 0 {
		return nil
	}
	again := [][2]string{{"wechat_account", "看到公众号文章后来电"}, {"friend_patient", "病友介绍"}, {"campaign_lecture", "参加健康讲座"}, {"web_search", "网上查到科室电话"}}[r.IntN(4)]
	_, err := l.Patient.AddTouch(ctx, p.ID, again[0], again[1])
	return err
}
