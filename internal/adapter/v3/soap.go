package v3

import (
	"errors"
	"strings"
)

// soap12 is the namespace of SOAP 1.2; everything else is answered as 1.1.
const soap12 = "http://www.w3.org/2003/05/soap-envelope"

var errNoMessage = errors.New("v3: the envelope holds no message")

// envelope is how a message was wrapped, so that the answer is wrapped likewise.
type envelope struct {
	soap      string // namespace of the envelope, "" without one
	operation string // name of the element that called, "" where the message stands in the body itself
	space     string // its namespace
	result    string // name of the element that holds the answer
	action    string // service named beside the message
}

func (v envelope) plain() bool { return v.soap == "" }

// open finds the message: the document itself, an element of the SOAP body, or the text of a parameter (CDATA or escaped).
func (v *envelope) open(doc *element, text []byte) (root *element, message []byte, err error) {
	top := doc.children[0]
	if top.name != "Envelope" {
		return doc, text, nil
	}
	v.soap = top.space
	if v.soap == "" {
		v.soap = "http://schemas.xmlsoap.org/soap/envelope/"
	}
	body := child(top, "Body")
	if body == nil || len(body.children) == 0 {
		return nil, nil, errNoMessage
	}
	call := body.children[0]
	if isMessage(call) {
		return &element{children: []*element{call}}, text[call.from:call.to], nil
	}
	v.operation, v.space = call.name, call.space
	return v.parameter(call, text)
}

// parameter looks for the message below the called operation.
func (v *envelope) parameter(call *element, text []byte) (*element, []byte, error) {
	var found *element
	var walk func(e *element)
	walk = func(e *element) {
		for _, c := range e.children {
			inner := strings.TrimSpace(c.text)
			switch {
			case found != nil:
				return
			case isMessage(c):
				found, v.result = c, answerName(call.name, e.name)
				return
			case strings.HasPrefix(undeclared(inner), "<"):
				found, v.result = c, answerName(call.name, c.name)
				return
			case len(c.children) == 0 && inner != "" && v.action == "":
				v.action = inner
			}
			walk(c)
		}
	}
	walk(call)
	if found == nil {
		return nil, nil, errNoMessage
	}
	if isMessage(found) {
		return &element{children: []*element{found}}, text[found.from:found.to], nil
	}
	inner := []byte(undeclared(found.text))
	root, err := parse(inner)
	if err != nil {
		return nil, nil, errNoMessage
	}
	return root, inner, nil
}

// answerName is what the callers' own tools expect: CXF's arg0 is answered in return, in0 in out, everything else in a Result.
func answerName(operation, parameter string) string {
	switch {
	case strings.HasPrefix(parameter, "arg"):
		return "return"
	case strings.HasPrefix(parameter, "in") && len(parameter) <= 4:
		return "out"
	}
	return operation + "Result"
}

// isMessage: an interaction is named by its element or inside it.
func isMessage(e *element) bool {
	return child(e, "interactionId") != nil || strings.Contains(e.name, "_IN")
}

func child(e *element, name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}
