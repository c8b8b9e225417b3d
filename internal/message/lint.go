package message

import (
	"regexp"
	"slices"
	"strings"
)

// Level tells how bad a finding is.
type Level string

// The levels: an error forbids sending and approving, a warning is shown before.
const (
	LevelError   Level = "error"
	LevelWarning Level = "warning"
)

// Finding is one thing that the lint says about a text. Key is a text key of this room, Args its arguments.
type Finding struct {
	Level Level          `json:"level"`
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
}

// Copy is what the lint reads: the text as it will be sent, with signature, or a template body with its variables.
type Copy struct {
	Text      string
	Purpose   string   // care, notice, survey or promotion
	Signature string   // without brackets; "" = any signature will do
	Known     []string // variables that exist; nil = do not check
	MaxParts  int      // parts above which a warning is due; 0 = 3
}

// diagnoses are words that tell a bystander who glances at the phone what somebody suffers from. The list is short on
// purpose: it holds what embarrasses or frightens. A text says "检查结果已出" instead.
var diagnoses = []string{
	"癌", "肿瘤", "白血病", "淋巴瘤", "化疗", "放疗", "艾滋", "梅毒", "淋病", "尖锐湿疣", "生殖器疱疹", "性病", "乙肝", "丙肝",
	"结核", "精神分裂", "抑郁症", "双相情感障碍", "焦虑症", "自杀", "流产", "人流", "引产", "宫外孕", "不孕", "不育", "阳痿", "早泄",
	"宫颈病变", "上皮内瘤变", "HPV阳性", "HIV", "阳性结果", "戒毒", "堕胎",
}

// promises are forbidden in medical advertising (医疗广告管理办法 art. 7, 广告法 art. 9 and 16) and honest nowhere.
var promises = []string{
	"根治", "治愈率", "包治", "药到病除", "永不复发", "不复发", "无副作用", "零风险", "无风险", "保证治", "祖传秘方", "神医",
	"最佳", "最先进", "最权威", "最高级", "第一品牌", "全国第一", "全市第一", "国家级", "顶级", "100%", "百分之百",
}

// boasts are everyday words ("最好空腹", "伤口包好") that only advertising may not use.
var boasts = []string{"最好", "唯一", "包好", "有效率"}

// harmless are everyday words that hold a listed one.
var harmless = strings.NewReplacer("慢性病", "", "急性病", "", "人流量", "", "人流密集", "", "人流高峰", "")

// blurs are letters that people put between those of a forbidden word to slip through.
var blurs = strings.NewReplacer(" ", "", "　", "", "·", "", ".", "", "*", "", "-", "", "_", "", "\u200b", "")

var (
	signed = regexp.MustCompile(`^【[^【】\s]{2,20}】|【[^【】\s]{2,20}】$`)
	optOut = regexp.MustCompile(`(?i)(拒收|退订).{0,6}(回复?|发送?)\s*[“"']?(TD|T|R|N|退订)|(回复?|发送?)\s*[“"']?(TD|T|R|N|退订).{0,4}(退订|拒收)|退订(回复?)?\s*(TD|T|R|N)`)
	link   = regexp.MustCompile(`(?i)https?://|www\.|\b(t\.cn|dwz\.cn|suo\.im|bit\.ly)/`)
)

// Lint reads a draft and says what stands against it; no finding means that it may go.
func Lint(d Copy) []Finding {
	found := []Finding{}
	add := func(l Level, key string, pairs ...any) {
		f := Finding{Level: l, Key: "message.lint." + key}
		for i := 0; i+1 < len(pairs); i += 2 {
			if f.Args == nil {
				f.Args = map[string]any{}
			}
			f.Args[pairs[i].(string)] = pairs[i+1]
		}
		found = append(found, f)
	}
	if strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(d.Text, "【"+d.Signature+"】"), "【"+d.Signature+"】")) == "" {
		add(LevelError, "empty")
		return found
	}
	folded := strings.ToUpper(harmless.Replace(blurs.Replace(signed.ReplaceAllString(d.Text, "")))) // a tumour hospital may sign with its name
	for _, w := range hits(folded, diagnoses) {
		add(LevelError, "diagnosis", "word", w)
	}
	for _, w := range hits(folded, promises) {
		add(LevelError, "promise", "word", w)
	}
	if d.Purpose == "promotion" {
		for _, w := range hits(folded, boasts) {
			add(LevelError, "promise", "word", w)
		}
	}
	lintFrame(d, add)
	lintVariables(d, add)
	lintLength(d, add)
	return found
}

// lintFrame looks at what the rules of operators demand around the text.
func lintFrame(d Copy, add func(Level, string, ...any)) {
	mark := "【" + d.Signature + "】"
	switch {
	case !signed.MatchString(d.Text):
		add(LevelError, "signature_missing")
	case d.Signature != "" && !strings.HasPrefix(d.Text, mark) && !strings.HasSuffix(d.Text, mark):
		add(LevelError, "signature_other", "signature", d.Signature)
	}
	if d.Purpose == "promotion" && !optOut.MatchString(d.Text) {
		add(LevelError, "opt_out_missing")
	}
	if link.MatchString(d.Text) {
		add(LevelWarning, "link")
	}
}

func lintVariables(d Copy, add func(Level, string, ...any)) {
	for _, name := range Variables(d.Text) {
		if d.Known != nil && !slices.Contains(d.Known, name) {
			add(LevelError, "variable_unknown", "name", name)
		}
	}
	if rest := variable.ReplaceAllString(d.Text, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		add(LevelError, "variable_broken")
	}
}

func lintLength(d Copy, add func(Level, string, ...any)) {
	most := d.MaxParts
	if most == 0 {
		most = 3
	}
	if n := len(Segment(d.Text).Parts); n > most {
		add(LevelWarning, "long", "parts", n)
	}
}

// Blocks tells whether a finding forbids sending.
func Blocks(found []Finding) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Level == LevelError })
}

func hits(folded string, words []string) (out []string) {
	for _, w := range words {
		if strings.Contains(folded, w) {
			out = append(out, w)
		}
	}
	return out
}
