// Package fault is the error a person may read: a code, a message key with arguments, and a cause for the log only.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Code is the class of an error; a door turns it into an HTTP status.
type Code string

// The classes.
const (
	Invalid      Code = "invalid"      // 422: the input is wrong; Fields says where
	Unauthorized Code = "unauthorized" // 401: nobody is signed in
	Forbidden    Code = "forbidden"    // 403: the caller lacks the permission, or is read-only
	NotFound     Code = "not_found"    // 404: absent, or outside the caller's scope
	Conflict     Code = "conflict"     // 409: changed meanwhile, or already so
	TooMany      Code = "too_many"     // 429: slow down
	TooLarge     Code = "too_large"    // 413
	Unavailable  Code = "unavailable"  // 503: try again later
	Internal     Code = "internal"     // 500: our fault
)

// Field is one wrong input.
type Field struct {
	Path string         // name in the request body, dotted: "contact_points.0.value"
	Key  string         // text key
	Args map[string]any // arguments of the text
}

// Error is a fault. It never carries a name, a number or an address in Key or Args, because both reach logs and screens.
type Error struct {
	Code   Code
	Key    string         // text key "room.noun.reason", translated in platform/lang
	Args   map[string]any // arguments of the text
	Fields []Field
	Data   any   // what the client needs to repair it, e.g. the newer version of a conflict
	Err    error // cause, for the log only
}

// Error implements error; for the log.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Code, e.Key)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s %s]", f.Path, f.Key)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// With adds a wrong field and returns e.
func (e *Error) With(path, key string, pairs ...any) *Error {
	e.Fields = append(e.Fields, Field{Path: path, Key: key, Args: args(pairs)})
	return e
}

// Or returns nil when e holds no wrong field, else e; for validation that collects.
func (e *Error) Or() error {
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

// New makes a fault; pairs are argument names and values in turn.
func New(c Code, key string, pairs ...any) *Error {
	return &Error{Code: c, Key: key, Args: args(pairs)}
}

// Wrap is New with a cause.
func Wrap(err error, c Code, key string, pairs ...any) *Error {
	return &Error{Code: c, Key: key, Args: args(pairs), Err: err}
}

// CodeOf tells the class of err: Internal when it is not a fault.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Is reports whether err is a fault of class c.
func Is(err error, c Code) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == c
}

// KeyOf is the text key of err, "" when it is not a fault.
func KeyOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Key
	}
	return ""
}

func args(pairs []any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}
