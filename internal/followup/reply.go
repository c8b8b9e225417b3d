package followup

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CodeReply finds the accepted answer that a patient's text means. A text counts when, after folding full-width forms and trimming
// punctuation, it is exactly a code or one of its words, or begins with exactly one code followed by no other digit
// ("3", "３。", "3不适", "3,有点出血"). Anything else, such as "13", "1或3" or "不是3", is left to a person: false.
func CodeReply(text string, accepted []Reply) (Reply, bool) {
	t := foldReply(text)
	for _, r := range accepted {
		if t == foldReply(r.Code) || anyWord(r.Words, t) {
			return r, t != ""
		}
	}
	lead := strings.TrimRightFunc(t, func(r rune) bool { return !unicode.IsDigit(r) })
	for _, r := range accepted {
		if lead != "" && lead == foldReply(r.Code) && strings.HasPrefix(t, lead) {
			return r, true
		}
	}
	return Reply{}, false
}

// alarmWords in a free answer raise a provisional flag: a person looks at once instead of when the inbox is next opened.
var alarmWords = []string{"出血", "流血", "大出血", "发热", "发烧", "高烧", "剧痛", "疼得", "痛得", "胸痛", "胸闷", "呼吸困难", "喘不上", "昏迷", "晕倒",
	"抽搐", "化脓", "流脓", "裂开", "不适", "难受", "救命", "自杀", "bleed", "fever", "chest pain", "faint"}

// denials before an alarm word take the alarm away: "没有出血".
var denials = []string{"没有", "没", "无", "不", "未", "no "}

// Alarming tells whether a free answer mentions something a nurse should see at once.
func Alarming(text string) bool {
	t := foldReply(text)
	for _, w := range alarmWords {
		for rest := t; ; {
			i := strings.Index(rest, w)
			if i < 0 {
				break
			}
			if !denied(rest[:i]) {
				return true
			}
			rest = rest[i+len(w):]
		}
	}
	return false
}

func denied(before string) bool {
	for _, d := range denials {
		if strings.HasSuffix(before, d) {
			return true
		}
	}
	return false
}

func anyWord(words []string, t string) bool {
	for _, w := range words {
		if t != "" && t == foldReply(w) {
			return true
		}
	}
	return false
}

// foldReply folds full-width forms and case and drops what surrounds the answer.
func foldReply(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	s = strings.TrimPrefix(strings.TrimSpace(s), "回复")
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
	})
}
