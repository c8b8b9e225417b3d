package demo

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/segment"
	"renxin/internal/staff"
)

// saved is a segment of the demonstration and who made it.
type saved struct {
	by string // sign-in name of the cast
	in segment.Input
}

// segments saves what a newcomer finds on the page of segments. A loader without the room leaves it out.
func (l *Loader) segments(ctx context.Context) error {
	if l.Segment == nil {
		return nil
	}
	ms, err := l.Staff.Members(ctx, 0)
	if err != nil {
		return err
	}
	byName := map[string]staff.ID{}
	for _, m := range ms {
		byName[m.Name] = m.ID
	}
	for _, x := range l.shipped() {
		c, _, err := l.Staff.Caller(ctx, byName[x.by])
		if err != nil {
			return err
		}
		if _, err := l.Segment.Create(access.With(ctx, c), x.in); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

func (l *Loader) shipped() []saved {
	is := func(dim string, n segment.Node) segment.Node { n.Op, n.Dim = segment.Is, dim; return n }
	all := func(ns ...segment.Node) segment.Tree {
		return segment.Tree{V: segment.Format, Root: segment.Node{Op: segment.And, Nodes: ns}}
	}
	ago := func(kind string, n int, unit string) *segment.Period {
		return &segment.Period{Kind: kind, N: n, Unit: unit}
	}
	amount := func(v int64) *int64 { return &v }
	gynaecology := l.departments["0305"].String()
	return []saved{
		{"何苗", segment.Input{Name: "妇科 30 天内就诊、未预约", Description: "提醒复查用", Shared: true, Tracked: true, Tree: all(
			is("department", segment.Node{Values: []string{gynaecology}, Period: ago(segment.Last, 30, "day")}),
			segment.Node{Op: segment.Not, Nodes: []segment.Node{is("booked", segment.Node{Period: ago(segment.Next, 60, "day")})}})}},
		{"吴志刚", segment.Input{Name: "慢病三个月未复诊", Description: "糖尿病、高血压", Shared: true, Tracked: true, Tree: all(
			is("disease", segment.Node{Values: []string{"E11", "I10"}, Aspect: "any"}),
			is("visited", segment.Node{Aspect: "last", Period: ago(segment.Over, 3, "month")}))}},
		{"吴志刚", segment.Input{Name: "济南 60 岁以上", Description: "老年健康讲座", Shared: true, Tree: all(
			is("age", segment.Node{From: amount(60)}), is("region", segment.Node{Values: []string{"370100"}}), is("reachable", segment.Node{Values: []string{"mobile"}}))}},
		{"吴志刚", segment.Input{Name: "近一年就诊三次以上", Shared: true, Tree: all(
			is("visits", segment.Node{From: amount(3), Period: ago(segment.Last, 1, "year")}))}},
		{"王雅琴", segment.Input{Kind: segment.Key, Name: "糖尿病病程半年以上", Description: "每月电话随访", Tree: all(
			is("disease", segment.Node{Values: []string{"E11"}, Aspect: "first", Period: ago(segment.Over, 6, "month")}))}},
		{"王雅琴", segment.Input{Kind: segment.Key, Name: "宫颈病变", Description: "术后规范复查", Tree: all(
			is("disease", segment.Node{Values: []string{"N87"}, Aspect: "any"}))}},
	}
}
