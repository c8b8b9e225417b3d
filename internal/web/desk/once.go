package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/staff"
)

// staffOf is the signed-in person.
func staffOf(ctx context.Context) staff.ID { return staff.ID(access.From(ctx).StaffID) }

// once answers a repeated creating POST (same Idempotency-Key, person and path) with the first answer instead of doing it again.
func (d *Door) once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		id := access.From(r.Context()).StaffID
		if r.Method != http.MethodPost || key == "" || len(key) > 100 || id == 0 || !strings.HasPrefix(r.URL.Path, "/api/") || d.secret(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		ctx := r.Context()
		kept, fresh, err := d.Staff.ClaimRequest(ctx, key, r.URL.Path)
		if err != nil {
			d.refuse(w, r, err)
			return
		}
		if !fresh {
			w.Header().Set("Content-Type", kept.Type)
			w.Header().Set("Idempotent-Replay", "true")
			w.WriteHeader(kept.Status)
			w.Write([]byte(kept.Body))
			return
		}
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil {
				d.Staff.DropRequest(ctx, key, r.URL.Path)
				panic(p)
			}
		}()
		next.ServeHTTP(rec, r)
		if rec.status >= http.StatusInternalServerError || rec.Header().Get("Content-Disposition") != "" || rec.body.Len() > 1<<20 {
			d.Staff.DropRequest(ctx, key, r.URL.Path) // may be tried again
			return
		}
		d.Staff.KeepRequest(ctx, key, r.URL.Path, staff.Kept{Status: rec.status, Type: rec.Header().Get("Content-Type"), Body: rec.body.String()})
	})
}

// secret tells whether a POST to path answers with something that may stand nowhere else.
func (d *Door) secret(path string) bool {
	steps := strings.Split(path, "/")
	return slices.ContainsFunc(d.routes, func(r Route) bool {
		want := strings.Split(r.Path, "/")
		if !r.Secret || r.Method != http.MethodPost || len(want) != len(steps) {
			return false
		}
		for i, w := range want {
			if w != steps[i] && !strings.HasPrefix(w, "{") {
				return false
			}
		}
		return true
	})
}

func (d *Door) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problem(r.Context(), err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p)
}

type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.body.Len() <= 1<<20 {
		r.body.Write(b)
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
