package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// Problem is an error answer (RFC 9457 application/problem+json) in the reader's language.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Code      string         `json:"code"`
	Key       string         `json:"key"`
	RequestID string         `json:"request_id"`
	Fields    []ProblemField `json:"fields,omitempty"`
	Data      any            `json:"data,omitempty"`
}

// ProblemField is one wrong input with its remedy.
type ProblemField struct {
	Path   string `json:"path"`
	Key    string `json:"key"`
	Detail string `json:"detail"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Key }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statuses = map[fault.Code]int{
	fault.Invalid:      http.StatusUnprocessableEntity,
	fault.Unauthorized: http.StatusUnauthorized,
	fault.Forbidden:    http.StatusForbidden,
	fault.NotFound:     http.StatusNotFound,
	fault.Conflict:     http.StatusConflict,
	fault.TooMany:      http.StatusTooManyRequests,
	fault.TooLarge:     http.StatusRequestEntityTooLarge,
	fault.Unavailable:  http.StatusServiceUnavailable,
	fault.Internal:     http.StatusInternalServerError,
}

func unauthorized() error { return fault.New(fault.Unauthorized, "access.caller.missing") }

// problem renders err. It is the only place where an error becomes an answer.
func problem(ctx context.Context, err error) *Problem {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		e = fault.Wrap(err, fault.Internal, "fault.internal")
		if errors.Is(err, context.Canceled) {
			e.Code = fault.Unavailable
		}
	}
	l := lang.From(ctx)
	p := &Problem{Type: "about:blank", Status: statuses[e.Code], Code: string(e.Code), Key: e.Key, RequestID: access.From(ctx).RequestID, Data: e.Data}
	p.Title, p.Detail = lang.Fault(l, e)
	for _, f := range e.Fields {
		p.Fields = append(p.Fields, ProblemField{Path: f.Path, Key: f.Key, Detail: lang.Text(l, f.Key, f.Args)})
	}
	if e.Code == fault.Internal {
		slog.Error("request failed", "request_id", p.RequestID, "error", err)
	}
	return p
}

func init() {
	// The API library's own complaints (malformed JSON, unknown fields, wrong types) take the same shape.
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, errs ...error) huma.StatusError {
		ctx := context.Background()
		if c != nil {
			ctx = c.Context()
		}
		return shaped(ctx, status, msg, errs)
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return shaped(context.Background(), status, msg, errs)
	}
}

func shaped(ctx context.Context, status int, msg string, errs []error) huma.StatusError {
	for _, err := range errs {
		if p, ok := errors.AsType[*Problem](err); ok {
			return p
		}
		if _, ok := errors.AsType[*fault.Error](err); ok {
			return problem(ctx, err)
		}
	}
	if status >= http.StatusInternalServerError {
		return problem(ctx, errors.Join(append(errs, errors.New(msg))...))
	}
	f := fault.New(codeOf(status), "desk.request.malformed")
	for _, err := range errs {
		d, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			continue
		}
		f.With(strings.TrimPrefix(strings.TrimPrefix(d.Location, "body."), "query."), "desk.request.field", "detail", d.Message)
	}
	return problem(ctx, f)
}

func codeOf(status int) fault.Code {
	for c, s := range statuses {
		if s == status {
			return c
		}
	}
	return fault.Invalid
}
