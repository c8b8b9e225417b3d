package followup

import (
	"strings"

	"renxin/internal/message"
)

// alarmWords in a free answer raise a provisional flag: a person looks at once instead of when the inbox is next opened.
var alarmWords = []string{"出血", "流血", "发热", "发烧", "高烧", "剧痛", "疼得", "痛得", "胸痛", "胸闷", "呼吸困难", "喘不上", "昏迷", "晕倒",
	"抽搐", "化脓", "流脓", "裂开", "不适", "不舒服", "难受", "救命", "自杀", "BLEED", "FEVER", "CHEST PAIN", "FAINT"}

// denials before an alarm word take the alarm away: "没有出血".
var denials = []string{"没有", "没", "无", "不", "未", "NO "}

// Alarming tells whether a free answer mentions something a nurse should see at once.
func Alarming(text string) bool {
	t := message.Narrow(text)
	for _, w := range alarmWords {
		for rest := t; ; {
			before, after, found := strings.Cut(rest, w)
			if !found {
				break
			}
			if !denied(before) {
				return true
			}
			rest = after
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
