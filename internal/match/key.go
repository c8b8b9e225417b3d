package match

import "strings"

// Key is a blocking key: only records that share one are compared. Kinds: mobile, phone, id, number, name_birth, address_birth,
// and for names in Latin letters name and birth.
type Key struct {
	Kind  string
	Value string // for "number": kind, issuer and value joined by "|"
}

// Keys lists the blocking keys of a record, each once. Placeholders ("13800000000", "无") never become keys.
func Keys(r Record) []Key {
	var ks keys
	ks.add("id", r.ID)
	for _, m := range r.Mobiles {
		ks.add("mobile", m)
	}
	for _, l := range r.Landlines {
		ks.add("phone", l)
	}
	for _, n := range r.Numbers {
		if !IsPlaceholder(n.Value) {
			ks.add("number", n.Kind+"|"+n.Issuer+"|"+n.Value)
		}
	}
	if latin(r.Name) { // words in any order, and letters mistyped: neither name nor number need be equal
		ks.add("name", r.Pinyin)
		ks.add("birth", string(r.Birth))
	}
	if len(r.Birth) == 10 {
		ks.joined("name_birth", r.Pinyin, string(r.Birth))
		if detailed(r.Address) {
			ks.joined("address_birth", foldAddress(r.Address), string(r.Birth))
		}
	}
	return ks
}

// Keys lists the blocking keys by which this profile finds pairs: those of the product, and outside the hospital, where no index limits
// them, the words of the address.
func (p Profile) Keys(r Record) []Key {
	ks := keys(Keys(r))
	if !p.Households {
		ks.add("address", strings.Join(words(r.Address), ""))
	}
	return ks
}

type keys []Key

func (ks *keys) add(kind, value string) {
	if value == "" || IsPlaceholder(value) {
		return
	}
	k := Key{kind, value}
	for _, x := range *ks {
		if x == k {
			return
		}
	}
	*ks = append(*ks, k)
}

func (ks *keys) joined(kind, value, birth string) {
	if value != "" && !IsPlaceholder(value) {
		ks.add(kind, value+"|"+birth)
	}
}

// IsPlaceholder tells the fillers that desks type when a field must not stay empty: 无, 未提供, 不详, 000…, 111…, 13800000000, 12345678901.
func IsPlaceholder(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "", "无", "没有", "未提供", "不详", "未知", "不明", "暂无", "空", "无名氏", "拒绝提供", "本人", "none", "null", "nil", "n/a", "na", "-", "--", "test", "测试", "测试病人",
		"13800000000", "13800138000", "13900000000", "13000000000", "15000000000", "18000000000", "12345678901", "13812345678", "13912345678", "1234567", "12345678", "123456":
		return true
	}
	return repeated(s)
}

// repeated: one digit or sign over and over, at least three times, with or without the leading 1 of a mobile number.
func repeated(s string) bool {
	if len(s) < 3 {
		return false
	}
	if len(s) == 11 && s[0] == '1' && strings.Count(s[2:], s[2:3]) == 9 {
		return true
	}
	c := s[0]
	return (c >= '0' && c <= '9' || c == '*' || c == '-' || c == 'x' || c == '.') && strings.Count(s, s[:1]) == len(s)
}
