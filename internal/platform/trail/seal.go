package trail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"renxin/internal/platform/db"
)

const batch = 500 // entries sealed in one transaction

// Seal chains every entry that is not yet in the chain and tells how many it sealed. One process at a time calls it (a leased tick).
func (l *Log) Seal(ctx context.Context) (int, error) {
	total := 0
	for {
		n := 0
		err := l.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			rows, err := unsealed(ctx, tx, batch)
			if err != nil || len(rows) == 0 {
				return err
			}
			prev, err := last(ctx, tx)
			if err != nil {
				return err
			}
			for _, r := range rows {
				r.Seq = prev.Seq + 1
				r.Hash = link(prev.Hash, r)
				if err := seal(ctx, tx, r.ID, r.Seq, r.Hash); err != nil {
					return err
				}
				prev = r
			}
			n = len(rows)
			return nil
		})
		total += n
		if err != nil || n < batch {
			return total, err
		}
	}
}

// link is the hash of an entry: SHA-256 over the previous hash and every field, each with its length so that no two entries read alike.
func link(prev string, r Row) string {
	h := sha256.New()
	for _, f := range []string{prev, fmt.Sprint(r.Seq), fmt.Sprint(r.ID), fmt.Sprint(int64(r.At)), fmt.Sprint(r.ActorID), r.Actor, r.Door, r.RequestID,
		r.Action, r.Entity, fmt.Sprint(r.EntityID), fmt.Sprint(r.PatientID), r.Reason, r.Detail} {
		fmt.Fprintf(h, "%d:%s;", len(f), f)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Broken is the first entry that does not fit the chain.
type Broken struct {
	Seq int64 // place at which the chain breaks
	ID  int64 // entry found there
}

// Verify walks the whole chain. It gives the number of entries that hold, and the first broken one or nil.
func (l *Log) Verify(ctx context.Context) (int64, *Broken, error) {
	var prev Row
	for {
		rows, err := sealedFrom(ctx, l.db.Read(ctx), prev.Seq, batch)
		if err != nil {
			return prev.Seq, nil, err
		}
		for _, r := range rows {
			if r.Seq != prev.Seq+1 || r.Hash != link(prev.Hash, r) {
				return prev.Seq, &Broken{Seq: prev.Seq + 1, ID: r.ID}, nil
			}
			prev = r
		}
		if len(rows) < batch {
			return prev.Seq, nil, nil
		}
	}
}
