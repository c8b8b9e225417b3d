package patient

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
)

func BenchmarkCreate(b *testing.B) {
	h := newHouse(b)
	ctx, cancel := context.WithCancel(h.admin)
	defer cancel()
	var n atomic.Int64
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			_, err := h.Create(ctx, Draft{Name: []string{"张伟明", "李娜", "王建国", "欧阳海燕", "赵丽"}[i%5], Sex: "女", BirthDate: fmt.Sprintf("19%02d-0%d-1%d", 30+i%60, 1+i%9, i%10), Address: "山东省济南市历下区某路1号", Source: "网络",
				Contacts:    []ContactInput{phone(fmt.Sprintf("154%08d", i*7919%100000000))},
				Identifiers: []IdentifierInput{{Kind: "outpatient", Issuer: "B", Value: fmt.Sprintf("B%010d", i)}, {Kind: "card", Issuer: "B", Value: fmt.Sprintf("C%010d", i)}}})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
