package v3

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Character sets as reported.
const (
	charsetUTF8    = "UTF-8"
	charsetUTF16   = "UTF-16"
	charsetGB18030 = "GB18030"
	charsetBig5    = "Big5"
)

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// decode turns a document into UTF-8 text. The document's own declaration wins, then what the transport or the feed says;
// what is declared as UTF-8 and is not, and what declares nothing and is not UTF-8, is GB 18030, because that is what Chinese
// systems write without saying so.
func decode(raw []byte, said string) (text []byte, charset string) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return with(raw, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)), charsetUTF16
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return with(raw, unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)), charsetUTF16
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if m := declaration.FindSubmatch(raw[:min(len(raw), 200)]); m != nil {
		said = string(m[1])
	}
	switch name := strings.ToUpper(strings.NewReplacer("-", "", "_", "", " ", "").Replace(said)); {
	case strings.HasPrefix(name, "GB"), strings.HasPrefix(name, "CP936"):
		return with(raw, simplifiedchinese.GB18030), charsetGB18030
	case strings.HasPrefix(name, "BIG5"):
		return with(raw, traditionalchinese.Big5), charsetBig5
	}
	if utf8.Valid(raw) {
		return raw, charsetUTF8
	}
	return with(raw, simplifiedchinese.GB18030), charsetGB18030
}

func with(raw []byte, enc encoding.Encoding) []byte {
	out, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	return out
}

// undeclared cuts the XML declaration off: a document inside a text element is in the outer document's character set whatever
// it says of itself.
func undeclared(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "\ufeff"))
	if strings.HasPrefix(text, "<?xml") {
		if i := strings.Index(text, "?>"); i >= 0 {
			return strings.TrimSpace(text[i+2:])
		}
	}
	return text
}
