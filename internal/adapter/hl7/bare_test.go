package hl7

import (
	"bytes"
	"strings"
	"testing"
)

func TestIN06_BareMessageKeepsConclusionAndFlags(t *testing.T) {
	oru := "MSH|^~\\&|LIS|X|HCRM|X|20261105100000||ORU^R01|R1|P|2.4|||AL|NE|CHN|UNICODE UTF-8\rPID|1||7^^^HIS^PatientNO||王珅\rOBR|1||LAB77|CBC^血常规\r" +
		"OBX|1|NM|WBC^WBC||18.7|10*9/L|3.5-9.5|HH\rNTE|1||WBC 18.7\rOBX|2|TX|CON^结论||请复诊\rOBX|3|TX|TXT^描述||第一行 18.7\n第二行 18.7\rOBX|4|ST|Z^Z||||||F\r"
	for name, raw := range map[string][]byte{"UTF-8": []byte(oru), "GB 18030": Encode(strings.Replace(oru, "UNICODE UTF-8", "GB 18030-2000", 1), CharsetGB18030)} {
		_, r := Read(raw, Options{})
		text, _ := Decode(r.Kept, "")
		if r.Kept == nil || strings.Contains(text, "18.7") || !strings.Contains(text, "请复诊") || !strings.Contains(text, "|HH") || !strings.Contains(text, "王珅") || strings.Count(text, "\r") != 7 {
			t.Errorf("%s: %q", name, text)
		}
		if x := r.Reports[0]; x.Conclusion != "请复诊" || x.Abnormal != "critical" || !strings.Contains(x.Result, "WBC 18.7 10*9/L") {
			t.Errorf("%s: %+v", name, x)
		}
		if _, again := Read(r.Kept, Options{}); again.Reports[0].Conclusion != "请复诊" || again.Reports[0].Result != "" || again.Kept != nil {
			t.Errorf("%s: what is kept reads as %+v", name, again.Reports)
		}
		if !bytes.Equal(r.Raw, raw) {
			t.Errorf("%s: the bytes as received changed", name)
		}
	}
	mdm := strings.NewReplacer("ORU^R01", "MDM^T02", "OBR|1||LAB77|CBC^血常规", "TXA|1|DS|TX|||||||||DOC1").Replace(oru)
	if _, r := Read([]byte(mdm), Options{}); strings.Contains(string(r.Kept), "请复诊") || !strings.Contains(r.Reports[0].Result, "请复诊") {
		t.Errorf("a document's text is its result: %s", r.Kept)
	}
	if _, r := Read([]byte(strings.Replace(oru, "ORU^R01", "ADT^A31", 1)), Options{}); r.Kept != nil {
		t.Error("a message without results is kept as it is")
	}
}
