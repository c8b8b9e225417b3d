package intake

import "testing"

func TestIN01_HeaderIsFoundBehindAnyMark(t *testing.T) {
	for raw, want := range map[string]bool{
		"MSH|^~\\&|": true, "\x0bMSH|": true, "\xef\xbb\xbfMSH|": true, "\xff\xfeM\x00S\x00H\x00": true, "\xfe\xff\x00M\x00S\x00H": true, "\r\n FHS|": true,
		"姓名,电话": false, "\xef\xbb\xbf姓名": false, "": false, "\xff\xff": false,
	} {
		if got := looksLikeHL7([]byte(raw)); got != want {
			t.Errorf("%q: %v", raw, got)
		}
	}
}
