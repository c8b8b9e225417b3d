package message

import "testing"

func TestFU24_ReplyCoded(t *testing.T) {
	q := []Choice{{"1", "好"}, {"2", "一般"}, {"3", "不适"}}
	for _, c := range []struct {
		text, code, guess string
		out               bool
	}{
		{"3", "3", "", false},
		{" ３ ", "3", "", false},
		{"　３。\r\n", "3", "", false},
		{"3.", "3", "", false},
		{"③", "3", "", false},
		{"3️⃣", "3", "", false},
		{"三", "3", "", false},
		{"选3", "3", "", false},
		{"我选３！", "3", "", false},
		{"回复：1", "1", "", false},
		{"3不适", "3", "", false},
		{"3=不适", "3", "", false},
		{"3 伤口有点疼", "3", "", false},
		{"3，伤口疼", "3", "", false},
		{"不适", "3", "", false},
		{"一般", "2", "", false},
		{"1还是3", "", "3", false},
		{"3天没发烧了", "", "3", false},
		{"伤口不适", "", "3", false},
		{"13", "", "", false},
		{"3.5", "", "3", false},
		{"谢谢医生👍", "", "", false},
		{"", "", "", false},
		{"T", "", "", true},
		{"ｔｄ", "", "", true},
		{"Ｒ", "", "", true},
		{"n", "", "", true},
		{"退订", "", "", true},
		{"请退订！", "", "", true},
		{"我不退订", "", "", false},
		{"退订了怎么还收到你们医院的短信呢", "", "", false},
	} {
		r := Read(c.text, q)
		if r.Code != c.code || r.Guess != c.guess || r.OptOut != c.out {
			t.Errorf("%q: %+v, want %q %q %v", c.text, r, c.code, c.guess, c.out)
		}
	}
}

func TestFU24_CodeWinsOverOptOutSpeltAlike(t *testing.T) {
	yesNo := []Choice{{"Y", "来"}, {"N", "不来"}}
	if r := Read("n", yesNo); r.Code != "N" || r.OptOut {
		t.Errorf("N answers the question: %+v", r)
	}
	if r := Read("N", nil); !r.OptOut {
		t.Errorf("N without a question refuses: %+v", r)
	}
	if r := Read("TD", yesNo); !r.OptOut {
		t.Errorf("TD refuses: %+v", r)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("3天没发烧")
	f.Add("回复：\xff３")
	q := []Choice{{"1", "好"}, {"2", "一般"}, {"3", "不适"}}
	f.Fuzz(func(t *testing.T, text string) {
		r := Read(text, q)
		if r.Code != "" && (r.Guess != "" || r.OptOut) {
			t.Fatalf("two answers: %+v", r)
		}
	})
}
