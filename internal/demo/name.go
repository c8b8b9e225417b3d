package demo

import "strings"

// The five commonest surnames with their share in percent; the others follow a Zipf tail.
var commonSurnames = []string{"王", "李", "张", "刘", "陈"}

var commonShare = []float64{7.1, 7.0, 6.7, 5.4, 4.6}

var otherSurnames = strings.Fields(`杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 韩 邓 冯 曹 彭 曾 肖 田 董
	潘 袁 蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪 廖 石 金 韦 贾 夏 付 方 邹 熊 白 孟 秦 邱 侯 江
	尹 薛 闫 段 雷 龙 黎 史 陶 贺 毛 郝 顾 龚 邵 万 覃 武 钱 戴 严 莫 孔 向 常 汤 康 易 乔 赖 樊 兰 殷 施 洪 翟 安 倪 颜
	牛 温 芦 季 俞 章 鲁 葛 伍 申 尤 毕 聂 柴 焦 柳 邢 岳 齐 梅 庄 涂 祝 耿 霍 单 解 仇 查 欧阳 司马 上官 诸葛 尉迟`)

var surnames, surnameTable = func() ([]string, table) {
	sum := 0.0
	for i := range otherSurnames {
		sum += 1 / float64(i+6)
	}
	weights := append([]float64(nil), commonShare...)
	for i := range otherSurnames {
		weights = append(weights, 69.2/float64(i+6)/sum)
	}
	return append(append([]string(nil), commonSurnames...), otherSurnames...), newTable(weights...)
}()

// Characters of given names by generation; two are combined, or one stands alone.
var (
	eldMale   = strings.Fields("建 国 志 明 德 福 永 贵 文 学 兴 华 振 东 长 海 春 生 光 荣 成 宝 忠 义 世 林 玉 山 庆 祥")
	eldFemale = strings.Fields("秀 英 兰 桂 珍 玉 凤 芳 淑 华 素 琴 月 娥 春 梅 翠 莲 金 香 美 荣 爱 云 彩 霞 巧 菊 惠 贞")
	midMale   = strings.Fields("伟 强 军 勇 磊 涛 斌 鹏 超 辉 杰 刚 健 峰 亮 波 宁 凯 飞 浩 俊 松 晓 立 海 少 新 旭 小 震")
	midFemale = strings.Fields("丽 敏 静 艳 娟 霞 红 燕 玲 萍 慧 晓 雪 婷 莉 颖 琳 倩 洁 蓉 薇 佳 文 春 海 小 亚 楠 媛 蕾")
	newMale   = strings.Fields("子 宇 轩 浩 然 梓 涵 睿 博 文 俊 泽 一 诺 辰 皓 嘉 懿 天 佑 明 哲 奕 航 思 远 铭 鑫 煜 城")
	newFemale = strings.Fields("子 涵 欣 怡 梓 萱 雨 桐 诗 语 嫣 思 琪 若 曦 佳 宁 可 馨 梦 瑶 依 诺 一 彤 晨 悦 婉 清 妍")
)

// variants are characters that clerks exchange because they sound or look alike.
var variants = strings.NewReplacer("丽", "莉", "伟", "玮", "晓", "小", "静", "靖", "慧", "惠", "芳", "方", "强", "强", "华", "桦", "英", "瑛", "颖", "莹", "杰", "洁", "宇", "羽", "欣", "新")

// fullName draws a name that fits sex and year of birth, and says how much of it is the surname.
func fullName(d dice, male bool, year int) (name, surname string) {
	surname = surnames[surnameTable.draw(d)]
	return surname + givenName(d, male, year), surname
}

func givenName(d dice, male bool, year int) string {
	from := generation(male, year)
	first := pick(d, from)
	single := 0.12
	if year >= 1970 && year < 1995 {
		single = 0.28
	}
	if d.chance(single) {
		return first
	}
	return first + pick(d, from)
}

func generation(male bool, year int) []string {
	switch {
	case year < 1968 && male:
		return eldMale
	case year < 1968:
		return eldFemale
	case year < 2000 && male:
		return midMale
	case year < 2000:
		return midFemale
	case male:
		return newMale
	}
	return newFemale
}
