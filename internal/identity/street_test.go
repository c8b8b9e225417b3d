package identity

import "testing"

func TestPT05_StreetBehindTheCounty(t *testing.T) {
	for address, want := range map[string]string{
		"山东省济南市历下区泉城路街道1号": "泉城路街道",
		"济南市历城区 港沟镇 某村":    "港沟镇",
		"山东省济南市历下区解放路12号":  "",
		"":   "",
		"某地": "",
		"济南市历下区姚家街道办事处奥体路": "姚家街道",
	} {
		if got := ReadStreet(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
