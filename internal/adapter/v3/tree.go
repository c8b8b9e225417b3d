package v3

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Bounds of a document. Real messages stay far below; what goes beyond is an attack or a mistake.
const (
	maxDepth    = 100
	maxElements = 200_000
)

// ErrXML means text that is no XML, or one with a document type (2.8 of XML 1.0, where entity bombs live), or one beyond the bounds.
var ErrXML = errors.New("v3: not usable XML")

// element is one element with local names; namespaces are not looked at, because senders leave them out or invent them.
type element struct {
	name, space string
	attrs       []attribute
	children    []*element
	text        string
	from, to    int // place in the text
}

type attribute struct{ name, value string }

func (e *element) attr(name string) (string, bool) {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

// parse reads UTF-8 text into a tree.
func parse(text []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded before
	root := &element{}
	open, count := []*element{root}, 0
	for {
		from := int(d.InputOffset())
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && len(open) == 1 && len(root.children) == 1:
			return root, nil
		case err != nil:
			return nil, ErrXML
		}
		top := open[len(open)-1]
		switch x := token.(type) {
		case xml.StartElement:
			if count++; count > maxElements || len(open) > maxDepth {
				return nil, ErrXML
			}
			e := &element{name: x.Name.Local, space: x.Name.Space, from: from}
			for _, a := range x.Attr {
				e.attrs = append(e.attrs, attribute{a.Name.Local, strings.TrimSpace(a.Value)})
			}
			top.children = append(top.children, e)
			open = append(open, e)
		case xml.EndElement:
			top.to = int(d.InputOffset())
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 1 {
				top.text += string(x)
			}
		case xml.Directive:
			return nil, ErrXML
		}
	}
}
