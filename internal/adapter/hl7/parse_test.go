package hl7

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func gb(t testing.TB, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const header = "MSH|^~\\&|HIS|院|CRM|X|20261103081500||ADT^A08^ADT_A01|C1|P|2.4|||AL|NE|CHN|"

func TestIN01_Charsets(t *testing.T) {
	// 珅 瑋 東 運 歷 誠 區 館 葉 魚: their second GB 18030 byte is | \ ^ or ~
	const pid = "PID|1||7^^^HIS^PatientNO||王珅^X||||||瑋東運歷誠區館葉魚"
	cases := []struct {
		name, declared, override string
		raw                      []byte
		charset                  string
	}{
		{"utf-8 declared", "UNICODE UTF-8", "", []byte(header + "UNICODE UTF-8\r" + pid), CharsetUTF8},
		{"utf-8 with BOM, undeclared", "", "", []byte("\ufeff" + header + "\r" + pid), CharsetUTF8},
		{"gb declared", "", "", gb(t, header+"GB 18030-2000\r"+pid), CharsetGB18030},
		{"gb undeclared", "", "", gb(t, header+"\r"+pid), CharsetGB18030},
		{"gb declared as utf-8", "", "", gb(t, header+"UNICODE UTF-8\r"+pid), CharsetGB18030},
		{"gb with separator bytes in the header", "", "", gb(t, strings.Replace(header, "院", "運河東醫院", 1)+"GB18030\r"+pid), CharsetGB18030},
		{"latin declared, feed set to gb", "", "GB18030", gb(t, header+"8859/1\r"+pid), CharsetGB18030},
		{"utf-16 with mark", "", "", Encode(header+"\r"+pid, CharsetUTF16), CharsetUTF16},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := Parse(c.raw, c.override)
			if err != nil {
				t.Fatal(err)
			}
			if m.Charset != c.charset {
				t.Errorf("charset %q, want %q", m.Charset, c.charset)
			}
			if got := m.Component(m.First("PID").Field(5), 1); got != "王珅" {
				t.Errorf("name %q", got)
			}
			if got := m.Value(m.First("PID"), 11); got != "瑋東運歷誠區館葉魚" {
				t.Errorf("address %q", got)
			}
		})
	}
}

// 医院 in GBK is by accident valid UTF-8; only the declaration tells.
func TestIN01_DeclaredGBThatIsValidUTF8(t *testing.T) {
	raw := append([]byte("MSH|^~\\&|A|B|||20260101||ADT^A31|1|P|2.4||||||GB 18030-2000\rPID|1||7||"), 0xD2, 0xBD, 0xD4, 0xBA)
	m, err := Parse(raw, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Value(m.First("PID"), 5); got != "医院" {
		t.Errorf("got %q, want 医院", got)
	}
}

func TestIN01_TolerantShapes(t *testing.T) {
	cases := []struct {
		name, raw, segment string
		field              int
		want               string
	}{
		{"line feeds", "MSH|^~\\&|A\nPID|1||7", "PID", 3, "7"},
		{"CRLF and blank lines", "MSH|^~\\&|A\r\n\r\nPID|1||7\r\n", "PID", 3, "7"},
		{"own delimiters", "MSH^~|\\&^A\rPID^1^^7~x^", "PID", 3, "7"},
		{"doubled escape", "MSH|^~\\\\&|A\rNTE|1||a\\\\T\\\\b", "NTE", 3, "a&b"},
		{"short MSH-2", "MSH|^~|A\rNTE|1||a\\S\\b", "NTE", 3, "a^b"},
		{"Z segment first", "MSH|^~\\&|A\rZPI|hello|world\rPID|1||7", "ZPI", 2, "world"},
		{"text over lines", "MSH|^~\\&|A\rNTE|1||first\nsecond line\nPID|1||7", "NTE", 3, "first\nsecond line"},
		{"ADD segment", "MSH|^~\\&|A\rOBX|1|TX|x||part\rADD| two|F\rPID|1", "OBX", 5, "part two"},
		{"hex and line break", "MSH|^~\\&|A\rNTE|1||a\\X41\\\\.br\\b", "NTE", 3, "aA\nb"},
		{"unknown escape stays", "MSH|^~\\&|A\rNTE|1||a\\Zx\\b", "NTE", 3, "a\\Zx\\b"},
		{"lone escape", "MSH|^~\\&|A\rNTE|1||50\\mm", "NTE", 3, "50\\mm"},
		{"subcomponent", "MSH|^~\\&|A\rPID|1||7&8", "PID", 3, "7"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := Parse([]byte(c.raw), "")
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Value(m.First(c.segment), c.field); got != c.want {
				t.Errorf("%s-%d = %q, want %q", c.segment, c.field, got, c.want)
			}
		})
	}
}

func TestIN01_Unreadable(t *testing.T) {
	for _, raw := range []string{"", "MSH", "PID|1", "EVN|A01\rMSH|^~\\&"} {
		if _, err := Parse([]byte(raw), ""); !errors.Is(err, ErrNoHeader) {
			t.Errorf("%q: %v", raw, err)
		}
	}
	for _, raw := range []string{"MSH ^~\\&|A", "MSHA^~\\&A", "MSH|||", "MSH|^^\\&|A", "MSH|^~\\|A|"} {
		_, err := Parse([]byte(raw), "")
		if raw == "MSH|||" || raw == "MSH|^~\\|A|" {
			if err != nil {
				t.Errorf("%q: %v", raw, err)
			}
			continue
		}
		if !errors.Is(err, ErrDelimiters) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestIN01_MLLPFrames(t *testing.T) {
	big := strings.Repeat("x", MaxFrame+2)
	cases := []struct {
		name, stream string
		frames       []string
		last         error
	}{
		{"two", "\x0bA\x1c\r\x0bB\x1c\r", []string{"A", "B"}, io.EOF},
		{"noise between", "junk\x0bA\x1c\r\n\n\x0bB\x1c\r", []string{"A", "B"}, io.EOF},
		{"FS alone is text", "\x0bA\x1cB\x1c\r", []string{"A\x1cB"}, io.EOF},
		{"FS FS CR", "\x0bA\x1c\x1c\r", []string{"A\x1c"}, io.EOF},
		{"never closed", "\x0bA\x1c\r\x0bB", []string{"A"}, ErrFrameOpen},
		{"closed by FS only", "\x0bA\x1c", nil, ErrFrameOpen},
		{"started over", "\x0bhalf\x0bA\x1c\r", []string{"A"}, io.EOF},
		{"too large", "\x0b" + big + "\x1c\r", nil, ErrFrameTooLarge},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := bufio.NewReader(strings.NewReader(c.stream))
			for _, want := range c.frames {
				got, err := ReadFrame(r)
				if err != nil || string(got) != want {
					t.Fatalf("got %q, %v, want %q", got, err, want)
				}
			}
			if _, err := ReadFrame(r); !errors.Is(err, c.last) {
				t.Errorf("end: %v, want %v", err, c.last)
			}
		})
	}
}

func TestIN01_SplitFiles(t *testing.T) {
	a, b := "MSH|^~\\&|A|1\rPID|1\r", "MSH|^~\\&|B|1\nPID|1\nNTE|1||MSH in text\n"
	cases := []struct {
		name, file string
		n, unread  int
	}{
		{"one", a, 1, 0},
		{"two with blank lines", a + "\n\n\n" + b, 2, 0},
		{"mark on each", "\ufeff" + a + "\ufeff" + b, 2, 0},
		{"batch envelope", "FHS|^~\\&|X\rBHS|^~\\&\r" + a + b + "BTS|2\rFTS|1\r", 2, 0},
		{"frames", string(Frame([]byte(a))) + string(Frame([]byte(b))), 2, 0},
		{"frames, last open", string(Frame([]byte(a))) + "\x0b" + b, 1, 1},
		{"nothing", "hello\nworld", 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, unread := Split([]byte(c.file))
			if len(got) != c.n || unread != c.unread {
				t.Fatalf("%d messages, %d unread, want %d, %d", len(got), unread, c.n, c.unread)
			}
			for _, m := range got {
				if _, err := Parse(m, ""); err != nil {
					t.Errorf("%q: %v", m, err)
				}
			}
		})
	}
}

func TestIN01_Acknowledgement(t *testing.T) {
	raw := gb(t, strings.Replace(header, "|C1|", "|C\\T\\1|", 1)+"GB 18030-2000\rPID|1||7")
	m, err := Parse(raw, "")
	if err != nil {
		t.Fatal(err)
	}
	ack, err := Parse(Ack(m, Answer{Code: Accept, ControlID: "9", At: 1_793_000_000_000}), "")
	if err != nil {
		t.Fatal(err)
	}
	msh, msa := ack.First("MSH"), ack.First("MSA")
	for _, c := range []struct{ what, got, want string }{
		{"code", ack.Value(msa, 1), "AA"},
		{"MSA-2", ack.Value(msa, 2), "C&1"},
		{"sender is their receiver", ack.Value(msh, 3), "CRM"},
		{"receiver is their sender", ack.Value(msh, 6), "院"},
		{"type", msh.Field(9), "ACK^A08"},
		{"version", ack.Value(msh, 12), "2.4"},
		{"charset", ack.Charset, CharsetGB18030},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if ack.Has("ERR") {
		t.Error("an accepted message has no ERR")
	}
	own, _ := Parse([]byte("MSH^~|\\&^A^B^C^D^2026^^ADT~A31^77^P^2.5\rPID^1"), "")
	refused := Ack(own, Answer{Code: Error, ErrorCode: "204", Text: "未知患者 a^b", ControlID: "1", At: 1})
	if !bytes.HasPrefix(refused, []byte("MSH^~|\\&^C^D^A^B^")) {
		t.Errorf("delimiters not kept: %q", refused)
	}
	back, err := Parse(refused, "")
	if err != nil {
		t.Fatal(err)
	}
	if e := back.First("ERR"); back.Value(e, 3) != "204" || back.Value(e, 8) != "未知患者 a^b" || back.Value(e, 4) != "E" {
		t.Errorf("ERR wrong: %q", refused)
	}
	if lost := Ack(nil, Answer{Code: Reject, ControlID: "1", At: 1}); !bytes.Contains(lost, []byte("\rMSA|AR\r")) {
		t.Errorf("answer to an unreadable message: %q", lost)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("MSH|^~\\&|A|B|C|D|20260101||ADT^A40|1|P|2.4\rPID|1||7^^^X^MR||王珅\rMRG|8^^^X^MR"))
	f.Add([]byte("MSH^~|\\&^A\nSCH^1^2^^^^^^^15^min^|^15|20260101\nPID^1^^7"))
	f.Add([]byte("\ufeffMSH|^~\\\\&|A|B|||2||DFT^P03|||\rFT1|1|||2026||CR|||||1&USD"))
	f.Add([]byte("MSH|^~\\&|A|B|||2||ORU^R01|||\rPID|||1\rOBR|1|||x\rOBX|1|||1|a\\X4\\\\.br\\|||HH"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, _ := Read(raw, Options{})
		if m == nil {
			return
		}
		ack, err := Parse(Ack(m, Answer{Code: Error, Text: "x|y", ControlID: "1", At: 1}), "")
		if err != nil || ack.Value(ack.First("MSA"), 1) != Error {
			t.Fatalf("acknowledgement unreadable: %v", err)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("\x0bMSH|^~\\&|A\x1c\r\x0bMSH|"))
	f.Add([]byte("BHS|^~\\&\rMSH|^~\\&|A|1\rPID|1\r\nMSH|^~\\&|B|1"))
	f.Fuzz(func(t *testing.T, file []byte) {
		total := 0
		list, _ := Split(file)
		for _, m := range list {
			total += len(m)
		}
		if total > 3*len(file)+4 {
			t.Fatalf("%d bytes of messages out of %d", total, len(file))
		}
	})
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x0bA\x1c\r\x0bB\x1c\r"))
	f.Add([]byte("noise\x0bhalf\x0bA\x1c\x1c\r\x1c\r\x0b\x1c"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := bufio.NewReaderSize(bytes.NewReader(stream), 16)
		for {
			frame, err := ReadFrame(r)
			if err != nil {
				return
			}
			again, err := ReadFrame(bufio.NewReader(bytes.NewReader(Frame(frame))))
			if err != nil || !bytes.Equal(again, frame) {
				t.Fatalf("%q reads back as %q, %v", frame, again, err)
			}
		}
	})
}
