package hl7

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Character sets as MSH-18 names them (table 0211); Charset of a message is one of these.
const (
	CharsetASCII   = "ASCII"
	CharsetUTF8    = "UNICODE UTF-8"
	CharsetUTF16   = "UNICODE UTF-16"
	CharsetGB18030 = "GB 18030-2000"
	CharsetBig5    = "BIG-5"
	CharsetLatin1  = "8859/1"
)

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// Decode turns the bytes of one message into text and says which character set they were in. It must run before any
// splitting: in GB 18030 the second byte of 116 characters is one of |^~\, so a byte-wise splitter tears 王珅 apart.
// An override (the feed's setting) wins; then MSH-18; a declared UTF-8 that is not valid, and anything undeclared that is
// not valid UTF-8, is GB 18030, because that is what Chinese systems write when they say nothing.
func Decode(raw []byte, override string) (text, charset string) {
	if c, ok := utf16BOM(raw); ok {
		return decodeWith(raw, c), CharsetUTF16
	}
	raw = bytes.TrimPrefix(raw, utf8BOM)
	declared := canonicalCharset(override)
	if declared == "" {
		declared = declaredCharset(raw)
	}
	valid := utf8.Valid(raw)
	switch {
	case valid && isASCII(raw):
		if declared == "" || declared == CharsetUTF16 {
			declared = CharsetASCII
		}
		return string(raw), declared
	case declared == CharsetGB18030 || declared == CharsetBig5:
		return decodeWith(raw, encodingOf(declared)), declared
	case valid:
		return string(raw), CharsetUTF8
	case declared == CharsetLatin1:
		return decodeWith(raw, charmap.ISO8859_1), declared
	}
	return decodeWith(raw, simplifiedchinese.GB18030), CharsetGB18030
}

// Encode writes text in the character set that Decode reported, for acknowledgements (2.9.2: same set as the message).
// What the set cannot hold becomes its replacement character.
func Encode(text, charset string) []byte {
	enc := encodingOf(charset)
	if enc == nil {
		return []byte(text)
	}
	out, err := encoding.ReplaceUnsupported(enc.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		return []byte(text)
	}
	return out
}

func encodingOf(charset string) encoding.Encoding {
	switch charset {
	case CharsetGB18030:
		return simplifiedchinese.GB18030
	case CharsetBig5:
		return traditionalchinese.Big5
	case CharsetLatin1:
		return charmap.ISO8859_1
	case CharsetUTF16:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

func decodeWith(raw []byte, enc encoding.Encoding) string {
	out, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	return string(out)
}

func utf16BOM(raw []byte) (encoding.Encoding, bool) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), true
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), true
	}
	return nil, false
}

// declaredCharset reads MSH-18 out of the undecoded header. A header line that is valid UTF-8 holds no torn separator and
// may be split as it stands; any other is decoded as GB 18030 first, for the sake of hospital names in MSH-4.
func declaredCharset(raw []byte) string {
	line := raw
	if i := bytes.IndexAny(raw, "\r\n"); i >= 0 {
		line = raw[:i]
	}
	if len(line) < 8 {
		return ""
	}
	text := string(line)
	if !utf8.Valid(line) {
		text = decodeWith(line, simplifiedchinese.GB18030)
	}
	name, _, _ := strings.Cut(nth(text, text[3], 18), "~")
	return canonicalCharset(name)
}

var noSeparators = strings.NewReplacer(" ", "", "-", "", "_", "", "/", "")

func canonicalCharset(name string) string {
	n := strings.ToUpper(noSeparators.Replace(name))
	switch {
	case n == "":
		return ""
	case strings.HasPrefix(n, "GB"):
		return CharsetGB18030
	case strings.Contains(n, "UTF16"):
		return CharsetUTF16
	case strings.HasPrefix(n, "UNICODE"), strings.HasPrefix(n, "UTF8"):
		return CharsetUTF8
	case strings.HasPrefix(n, "BIG5"):
		return CharsetBig5
	case strings.HasPrefix(n, "88591"), strings.HasPrefix(n, "ISO88591"):
		return CharsetLatin1
	}
	return ""
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
