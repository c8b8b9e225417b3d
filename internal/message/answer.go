package message

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Choice is one answer that a question accepts: "3" with the label "不适".
type Choice struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Reading is what a reply says. Code is the answer when the reply is clear; Guess is the likely one when a person must
// decide, so that a red flag can fire provisionally. OptOut tells that the writer wants no more of it.
type Reading struct {
	Code   string
	Guess  string
	OptOut bool
}

// Narrow gives a reply in half-width capitals without surrounding blanks and punctuation: "　３。" becomes "3".
func Narrow(text string) string {
	text = strings.ToUpper(width.Narrow.String(digits.Replace(text)))
	return strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' || r == '~'
	})
}

// digits folds the ways a phone writes a number.
var digits = strings.NewReplacer("①", "1", "②", "2", "③", "3", "④", "4", "⑤", "5", "⑥", "6", "⑦", "7", "⑧", "8", "⑨", "9",
	"1️⃣", "1", "2️⃣", "2", "3️⃣", "3", "4️⃣", "4", "5️⃣", "5")

// optOuts are whole replies that refuse further messages.
var optOuts = []string{"T", "TD", "R", "N", "退订", "拒收", "QX", "取消订阅", "STOP", "UNSUBSCRIBE", "不要再发", "别再发了", "不要再发了"}

// leads are polite words before a code: "我选3", "回复3".
var leads = []string{"我选择", "我选", "选择", "选", "回复", "回", "答案", "答", "是"}

// numerals are codes written as Chinese numerals when nothing else stands in the reply.
var numerals = map[string]string{"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "零": "0"}

// Read understands a reply to a question with these choices (none for a plain message). A clear code wins over an opt-out
// word that is spelt alike. "3不适", "选3", "３。", "不适" and "三" are clear; "3天没发烧", "1还是3" go to a person.
func Read(text string, choices []Choice) Reading {
	t := Narrow(text)
	for _, lead := range leads {
		if rest, ok := strings.CutPrefix(t, lead); ok && rest != "" {
			if r := readCode(Narrow(rest), choices); r.Code != "" {
				return r
			}
		}
	}
	r := readCode(t, choices)
	if r.Code == "" {
		r.OptOut = refuses(t)
	}
	if r.OptOut {
		r.Guess = ""
	}
	return r
}

func readCode(t string, choices []Choice) Reading {
	if n, ok := numerals[t]; ok {
		t = n
	}
	mentioned := []string{}
	for _, c := range choices {
		code, label := Narrow(c.Code), Narrow(c.Label)
		if t == code || label != "" && t == label {
			return Reading{Code: c.Code}
		}
		if names(t, code) || label != "" && strings.Contains(t, label) {
			mentioned = append(mentioned, c.Code)
		}
	}
	if len(mentioned) != 1 {
		return Reading{Guess: worst(mentioned, choices)}
	}
	i := slices.IndexFunc(choices, func(c Choice) bool { return c.Code == mentioned[0] })
	if leadsWith(t, Narrow(choices[i].Code), Narrow(choices[i].Label)) {
		return Reading{Code: mentioned[0]}
	}
	return Reading{Guess: mentioned[0]}
}

// names tells that code stands in t as a word of its own: "13" does not name "3".
func names(t, code string) bool {
	for from := 0; code != ""; {
		i := strings.Index(t[from:], code)
		if i < 0 {
			return false
		}
		before, after := lastRune(t[:from+i]), firstRune(t[from+i+len(code):])
		if !sameWord(before, firstRune(code)) && !sameWord(after, firstRune(code)) {
			return true
		}
		from += i + len(code)
	}
	return false
}

// leadsWith tells that t is the code, then its label or a break: "3不适", "3，伤口疼".
func leadsWith(t, code, label string) bool {
	rest, ok := strings.CutPrefix(t, code)
	if !ok {
		return false
	}
	if label != "" && strings.HasPrefix(strings.TrimLeft(rest, ":=. 、,-"), label) {
		return true
	}
	r := firstRune(rest)
	return unicode.IsSpace(r) || unicode.IsPunct(r) && r != '.' && r != '-' && r != '/'
}

// worst is the last of the mentioned choices in the question's order: questions list them from good to bad.
func worst(mentioned []string, choices []Choice) string {
	for i := len(choices) - 1; i >= 0; i-- {
		if slices.Contains(mentioned, choices[i].Code) {
			return choices[i].Code
		}
	}
	return ""
}

func refuses(t string) bool {
	if slices.Contains(optOuts, t) {
		return true
	}
	if strings.Contains(t, "不退订") || strings.Contains(t, "别退订") || len([]rune(t)) > 10 {
		return false
	}
	return strings.Contains(t, "退订") || strings.Contains(t, "拒收")
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func lastRune(s string) rune {
	last := rune(0)
	for _, r := range s {
		last = r
	}
	return last
}

// sameWord tells that two neighbours belong together: digits with digits, Latin letters with Latin letters.
func sameWord(a, b rune) bool {
	return unicode.IsDigit(a) && unicode.IsDigit(b) || latin(a) && latin(b)
}

func latin(r rune) bool { return r >= 'A' && r <= 'Z' }
