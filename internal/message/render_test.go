package message

import (
	"slices"
	"strings"
	"testing"
)

func TestSM04_RenderWithFallbacks(t *testing.T) {
	for _, c := range []struct {
		body    string
		values  map[string]string
		text    string
		missing []string
	}{
		{"{{name|您}}好", map[string]string{"name": "李女士"}, "李女士好", nil},
		{"{{name|您}}好", nil, "您好", nil},
		{"{{name|您}}好", map[string]string{"name": "  "}, "您好", nil},
		{"{{ 姓名 | 您}}好", map[string]string{"姓名": "王"}, "王好", nil},
		{"{{title|}}请于{{date}}到{{dept}}", map[string]string{"dept": "妇科"}, "请于{{date}}到妇科", []string{"date"}},
		{"{{a}}{{b}}{{a}}", nil, "{{a}}{{b}}{{a}}", []string{"a", "b"}},
		{"{{name}}", map[string]string{"name": "张\r\n【他院】"}, "张  【他院】", nil},
		{"{{a}}", map[string]string{"a": "{{b}}"}, "{{b}}", nil},
	} {
		text, missing := Render(c.body, c.values)
		if text != c.text || !slices.Equal(missing, c.missing) {
			t.Errorf("%q: got %q %v, want %q %v", c.body, text, missing, c.text, c.missing)
		}
	}
}

func TestSM04_SignatureOnce(t *testing.T) {
	for in, want := range map[string]string{
		"您好":     "【仁心】您好",
		"【仁心】您好": "【仁心】您好",
		"您好【仁心】": "您好【仁心】",
		"【别院】您好": "【仁心】【别院】您好",
	} {
		if got := Signed(in, "仁心"); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestSM16_Lint(t *testing.T) {
	long := "【仁心】" + strings.Repeat("好", 210)
	for _, c := range []struct {
		name string
		d    Copy
		keys []string
	}{
		{"clean", Copy{Text: "【仁心】您好，请于明日复查。", Purpose: "care"}, nil},
		{"signature at the end", Copy{Text: "您好，请于明日复查。【仁心】", Purpose: "care", Signature: "仁心"}, nil},
		{"no signature", Copy{Text: "您好", Purpose: "care"}, []string{"signature_missing"}},
		{"wrong signature", Copy{Text: "【别院】您好", Purpose: "care", Signature: "仁心"}, []string{"signature_other"}},
		{"diagnosis", Copy{Text: "【仁心】您的乙肝复查时间到了", Purpose: "care"}, []string{"diagnosis"}},
		{"signature of a special hospital", Copy{Text: "【仁心肿瘤医院】您好，请于明日复查", Purpose: "care"}, nil},
		{"blurred promise", Copy{Text: "【仁心】根 治疼痛，拒收请回复R", Purpose: "promotion"}, []string{"promise"}},
		{"promise and diagnosis", Copy{Text: "【仁心】最佳疗法，根治hpv阳性，拒收请回复R", Purpose: "promotion"}, []string{"diagnosis", "promise", "promise"}},
		{"chronic illness is no diagnosis", Copy{Text: "【仁心】慢性病患者最好避开人流密集处，伤口包好。", Purpose: "care"}, nil},
		{"everyday boasts only in promotion", Copy{Text: "【仁心】最好的医院，拒收请回复R", Purpose: "promotion"}, []string{"promise"}},
		{"no opt-out", Copy{Text: "【仁心】义诊活动", Purpose: "promotion"}, []string{"opt_out_missing"}},
		{"opt-out TD", Copy{Text: "【仁心】义诊活动，退订回TD", Purpose: "promotion"}, nil},
		{"opt-out T", Copy{Text: "【仁心】义诊活动，回T退订", Purpose: "promotion"}, nil},
		{"care needs no opt-out", Copy{Text: "【仁心】注意伤口", Purpose: "care"}, nil},
		{"unknown variable", Copy{Text: "【仁心】{{nmae|您}}好", Purpose: "care", Known: []string{"name"}}, []string{"variable_unknown"}},
		{"broken variable", Copy{Text: "【仁心】{{name好", Purpose: "care"}, []string{"variable_broken"}},
		{"long", Copy{Text: long, Purpose: "care"}, []string{"long"}},
		{"link", Copy{Text: "【仁心】请点 https://x.cn/a", Purpose: "notice"}, []string{"link"}},
		{"empty", Copy{Text: "【仁心】 ", Purpose: "care", Signature: "仁心"}, []string{"empty"}},
	} {
		got := []string(nil)
		for _, f := range Lint(c.d) {
			got = append(got, strings.TrimPrefix(f.Key, "message.lint."))
		}
		if !slices.Equal(got, c.keys) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.keys)
		}
	}
	if Blocks(Lint(Copy{Text: long, Purpose: "care"})) {
		t.Error("length alone must not block")
	}
}
