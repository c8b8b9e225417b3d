package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"renxin/internal/followup"
	"renxin/internal/message"
	"renxin/internal/platform/access"
	"renxin/internal/platform/event"
)

const (
	liveBatch = 200
	liveBeat  = 20 * time.Second // a comment line, so that proxies and browsers see the stream alive
)

// live streams facts about the caller's patients, and pops for what is theirs, as server-sent events. The event log is the
// truth: Last-Event-ID resumes with nothing lost; the wake-up is only a hint.
func (d *Door) live(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if access.From(ctx).StaffID == 0 {
		http.Error(w, "sign in", http.StatusUnauthorized)
		return
	}
	rc := http.NewResponseController(w)
	rc.SetWriteDeadline(time.Time{}) // the stream outlives the server's write timeout; unsupported only in tests
	hint, stop := d.Board.Subscribe()
	defer stop()
	seq, err := d.startAt(ctx, r)
	if err != nil {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	fmt.Fprintf(w, "retry: 2000\nid: %d\nevent: hello\ndata: {}\n\n", seq)
	rc.Flush()
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	for {
		n, err := d.pour(ctx, w, &seq)
		if err != nil {
			return // the browser reconnects and resumes
		}
		if n > 0 {
			rc.Flush()
		}
		if n == liveBatch {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-hint:
		case <-beat.C:
			c, ok := d.caller(ctx, staffOf(ctx))
			if !ok { // frozen meanwhile
				return
			}
			c.Door, c.RequestID = access.From(ctx).Door, access.From(ctx).RequestID
			ctx = access.With(ctx, c) // a right or a department taken away ends with the next beat
			fmt.Fprint(w, ": here\n\n")
			rc.Flush()
		}
	}
}

func (d *Door) startAt(ctx context.Context, r *http.Request) (int64, error) {
	for _, s := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= 0 {
			return n, nil
		}
	}
	return d.Board.LastSeq(ctx)
}

// pour writes the facts after seq that the caller may see and tells how many it looked at.
func (d *Door) pour(ctx context.Context, w http.ResponseWriter, seq *int64) (int, error) {
	facts, err := d.Board.Since(ctx, *seq, liveBatch)
	if err != nil || len(facts) == 0 {
		return 0, err
	}
	ids := make([]int64, 0, len(facts))
	for _, f := range facts {
		if f.PatientID != 0 {
			ids = append(ids, f.PatientID)
		}
	}
	seen, err := d.Sees(ctx, ids)
	if err != nil {
		return 0, err
	}
	for _, f := range facts {
		*seq = f.Seq
		if f.PatientID != 0 && !seen[f.PatientID] || !hears(ctx, f) {
			continue
		}
		if err := writeFact(ctx, w, f); err != nil {
			return 0, err
		}
	}
	return len(facts), nil
}

type liveFact struct {
	Name string          `json:"name"`
	At   string          `json:"at"`
	Body json.RawMessage `json:"body"`
}

func writeFact(ctx context.Context, w http.ResponseWriter, f event.Stored) error {
	b, err := json.Marshal(liveFact{f.Name, f.At.String(), json.RawMessage(f.Body)})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "id: %d\nevent: fact\ndata: %s\n\n", f.Seq, b); err != nil {
		return err
	}
	kind, mine := popFor(ctx, f)
	if !mine {
		return nil
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: pop\ndata: {\"kind\":%q,\"body\":%s,\"at\":%q}\n\n", f.Seq, kind, f.Body, f.At.String())
	return err
}

// hears tells whether the caller may know of a fact at all: a reply of an unknown number has no patient whose scope could decide, so it
// is for those who sort such replies.
func hears(ctx context.Context, f event.Stored) bool {
	return f.Name != "message.received" || f.PatientID != 0 || access.From(ctx).Can(message.PermUnmatched)
}

// popFor tells whether a fact must come before the caller's eyes: a red flag or a reply that is theirs, or nobody's. Who may not open
// what pops up is left in peace.
func popFor(ctx context.Context, f event.Stored) (kind string, mine bool) {
	var need access.Permission
	switch f.Name {
	case "followup.flagged", "followup.escalated":
		kind, need = "red_flag", followup.PermList
	case "message.received":
		kind, need = "reply", message.PermInbox
	default:
		return "", false
	}
	if !access.From(ctx).Can(need) {
		return kind, false
	}
	var body struct {
		OwnerID string `json:"owner_id"`
	}
	if json.Unmarshal([]byte(f.Body), &body) != nil {
		return kind, false
	}
	return kind, body.OwnerID == "" || body.OwnerID == staffOf(ctx).String()
}
