package identity

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// surnames whose reading as a family name differs from the dictionary's first reading, or which have two characters.
var surnames = readings(`曾 zeng 单 shan 仇 qiu 翟 zhai 解 xie 查 zha 任 ren 区 ou 朴 piao 华 hua 缪 miao 盖 ge 乐 yue 召 shao 尹 yin 洗 xian 冼 xian
	秘 bi 折 she 黑 he 种 chong 重 chong 员 yun 贠 yun 俞 yu 宓 fu 逄 pang 麻 ma 燕 yan 应 ying 那 na 冯 feng 石 shi 卜 bu 繁 po 訾 zi 覃 qin 褚 chu 储 chu 隗 wei 撒 sa
	葛 ge 句 gou 郇 xun 沈 shen 称 cheng 晁 chao 车 che 谌 chen 茹 ru 臧 zang 藏 zang 祭 zhai 柏 bai 薄 bo 令 ling 相 xiang 万 wan 角 jue 叶 ye 殷 yin 瞿 qu 牟 mu 尉 wei 宁 ning 甯 ning 哈 ha
	晟 cheng 阚 kan 谷 gu 钭 tou 郗 xi 佴 nai 幺 yao 夏 xia 强 qiang 行 xing 戚 qi 洪 hong 仉 zhang 适 kuo 适 kuo 曲 qu 吕 lv 都 du 车 che 尧 yao 庹 tuo 逯 lu 妫 gui 桓 huan 於 yu 粘 nian 占 zhan 长 zhang 降 jiang 邢 xing 乜 nie 揭 jie 眭 sui 亓 qi 阮 ruan 朱 zhu 贾 jia 余 yu 何 he 贲 ben 郏 jia 郝 hao
	尉迟 yu.chi 长孙 zhang.sun 万俟 mo.qi 澹台 tan.tai 单于 chan.yu 令狐 ling.hu 皇甫 huang.fu 宇文 yu.wen 欧阳 ou.yang 上官 shang.guan 司马 si.ma 诸葛 zhu.ge 司徒 si.tu 慕容 mu.rong 夏侯 xia.hou 东方 dong.fang
	公孙 gong.sun 轩辕 xuan.yuan 南宫 nan.gong 独孤 du.gu 端木 duan.mu 西门 xi.men 百里 bai.li 呼延 hu.yan 东郭 dong.guo 闻人 wen.ren 钟离 zhong.li 申屠 shen.tu 太史 tai.shi 淳于 chun.yu 赫连 he.lian 闾丘 lv.qiu 司空 si.kong 濮阳 pu.yang 公冶 gong.ye 拓跋 tuo.ba 乐正 yue.zheng 梁丘 liang.qiu 左丘 zuo.qiu 鲜于 xian.yu 仲孙 zhong.sun 叔孙 shu.sun 第五 di.wu 羊舌 yang.she 宰父 zai.fu 谷梁 gu.liang 宗政 zong.zheng 夹谷 jia.gu 漆雕 qi.diao 公羊 gong.yang 壤驷 rang.si 即墨 ji.mo 哥舒 ge.shu 完颜 wan.yan 纳兰 na.lan 爱新觉罗 ai.xin.jue.luo`)

// rare characters of names that the dictionary does not hold, and given-name characters whose first reading is not the usual one in names.
var (
	rareReadings  = readings(`𠮷 ji 㐂 xi 𬀩 wei 𬍛 bo 𫖯 fu 𬍤 xun 𬱖 di 𫘧 lu 𫍽 xuan 𬤇 kun 𬬻 lu 𫟹 hong 䶮 yan 㛃 jie 㵘 man 𡋾 ke 𬶋 wei`)
	givenReadings = readings(`娜 na 莎 sha 红 hong 强 qiang 晟 sheng 行 xing 朝 zhao 乐 le 盛 sheng 单 dan 曾 zeng 柏 bai 长 chang 重 zhong 茜 qian 妮 ni 贝 bei 卓 zhuo 佳 jia 洋 yang 艾 ai 琦 qi 珏 jue 昊 hao 彬 bin 燊 shen 炜 wei`)
)

func readings(s string) map[string][]string {
	f := strings.Fields(s)
	m := make(map[string][]string, len(f)/2)
	for i := 0; i+1 < len(f); i += 2 {
		m[f[i]] = strings.Split(f[i+1], ".")
	}
	return m
}

// Reading is one way to read a name aloud: the syllables of the surname and of the given name, lower case, without tones, ü as v.
type Reading struct {
	Surname []string
	Given   []string
}

// Full is the reading without spaces: "wangxiaoming".
func (r Reading) Full() string { return strings.Join(r.syllables(), "") }

// Initials is the first letter of every syllable: "wxm".
func (r Reading) Initials() string {
	var b strings.Builder
	for _, s := range r.syllables() {
		b.WriteString(s[:1])
	}
	return b.String()
}

// String is the reading as one writes it: "wang xiaoming".
func (r Reading) String() string {
	return strings.TrimSpace(strings.Join(r.Surname, "") + " " + strings.Join(r.Given, ""))
}

func (r Reading) syllables() []string { return append(append([]string{}, r.Surname...), r.Given...) }

// maxReadings bounds how many ways of reading one name are kept.
const maxReadings = 4

// Pinyin gives the readings of a normalised name, the usual one first, at most four. A name without any readable character has none.
// The surname is read by our table (曾 zeng, 单 shan, 尉迟 yuchi), the rest by the dictionary; Latin words stand as they are.
func Pinyin(name string) []Reading {
	if !strings.ContainsFunc(name, isHan) {
		return latin(name)
	}
	first, rest := splitSurname(name)
	given := spell([]rune(rest))
	main := Reading{Surname: pick(first), Given: firsts(given)}
	if len(main.syllables()) == 0 {
		return nil
	}
	out := []Reading{main}
	for _, alt := range alternatives([]rune(first), given, main) {
		if len(out) < maxReadings && alt.Full() != "" && !contains(out, alt) {
			out = append(out, alt)
		}
	}
	return out
}

func contains(rs []Reading, r Reading) bool {
	for _, x := range rs {
		if x.Full() == r.Full() {
			return true
		}
	}
	return false
}

func splitSurname(name string) (surname, given string) {
	r := []rune(name)
	for n := min(4, len(r)-1); n >= 1; n-- {
		if _, ok := surnames[string(r[:n])]; ok || n == 1 {
			return string(r[:n]), string(r[n:])
		}
	}
	return name, ""
}

func pick(surname string) []string {
	if s, ok := surnames[surname]; ok {
		return s
	}
	return firsts(spell([]rune(surname)))
}

// alternatives changes one character at a time: a surname read as the dictionary reads it, ü typed as u, then other readings of the given name.
func alternatives(surname []rune, given [][]string, main Reading) []Reading {
	var out []Reading
	for _, ways := range spell(surname) {
		for _, w := range ways {
			if len(surname) == 1 {
				out = append(out, Reading{[]string{w}, main.Given})
			}
		}
	}
	if strings.Contains(main.Full(), "v") {
		out = append([]Reading{{replaceV(main.Surname), replaceV(main.Given)}}, out...)
	}
	for i, ways := range given {
		for _, w := range ways[1:] {
			g := append([]string{}, main.Given...)
			g[i] = w
			out = append(out, Reading{main.Surname, g})
		}
	}
	return out
}

func replaceV(ss []string) []string {
	out := make([]string, len(ss))
	for i, s := range ss {
		out[i] = strings.ReplaceAll(s, "v", "u")
	}
	return out
}

var heteronym = func() pinyin.Args {
	a := pinyin.NewArgs()
	a.Heteronym = true
	return a
}()

// spell gives the readings of each character, the usual one first; characters without a reading are left out.
func spell(rs []rune) [][]string {
	var out [][]string
	for _, r := range rs {
		c := string(r)
		ways := pinyin.SinglePinyin(r, heteronym)
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			ways = []string{strings.ToLower(c)}
		}
		if w, ok := rareReadings[c]; ok && len(ways) == 0 {
			ways = w
		}
		if w, ok := givenReadings[c]; ok {
			ways = prefer(w[0], ways)
		}
		if ways = unique(ways); len(ways) > 0 {
			out = append(out, ways)
		}
	}
	return out
}

func prefer(first string, ways []string) []string { return append([]string{first}, ways...) }

func unique(ss []string) []string {
	var out []string
	for _, s := range ss {
		if s = plain(s); s != "" && !has(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// plain drops what the dictionary leaves beside the letters (ê, combining marks).
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'ê' {
			return 'e'
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func has(ss []string, s string) bool {
	for _, x := range ss {
		if x == s {
			return true
		}
	}
	return false
}

func firsts(ways [][]string) []string {
	out := make([]string, 0, len(ways))
	for _, w := range ways {
		out = append(out, w[0])
	}
	return out
}

// latin reads a name in letters: each word is a syllable.
func latin(name string) []Reading {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return nil
	}
	for i, w := range words {
		words[i] = strings.Map(func(r rune) rune {
			if r < 0x80 {
				return r
			}
			return -1
		}, w)
	}
	words = unique(words)
	if len(words) == 0 {
		return nil
	}
	return []Reading{{Surname: words[:1], Given: words[1:]}}
}
