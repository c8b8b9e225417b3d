package identity

// Sex is FHIR's administrative-gender.
type Sex string

// The values of Sex.
const (
	Male       Sex = "male"
	Female     Sex = "female"
	OtherSex   Sex = "other"
	UnknownSex Sex = "unknown"
)

// ParseSex reads what feeds and clerks write: 男/女, M/F/O/U, 1/2 (GB/T 2261.1), male/female. Anything else is unknown.
func ParseSex(s string) Sex {
	switch cleanID(s) {
	case "男", "男性", "M", "MALE", "1":
		return Male
	case "女", "女性", "F", "FEMALE", "2":
		return Female
	case "O", "OTHER", "其他", "9", "A":
		return OtherSex
	}
	return UnknownSex
}

// IdentifierKind is what a number is; the issuer makes it comparable.
type IdentifierKind string

// The kinds of identifier.
const (
	KindIDCard     IdentifierKind = "id_card"
	KindCard       IdentifierKind = "card"       // 一卡通号, 就诊卡号
	KindOutpatient IdentifierKind = "outpatient" // 门诊号
	KindInpatient  IdentifierKind = "inpatient"  // 住院号, 病案号
	KindPassport   IdentifierKind = "passport"
	KindPermit     IdentifierKind = "permit"      // 港澳台通行证
	KindHealthCard IdentifierKind = "health_card" // 电子健康卡
	KindCheckup    IdentifierKind = "checkup"     // 体检号
	KindOther      IdentifierKind = "other"
)

// IdentifierKinds lists every kind in the order they are shown.
var IdentifierKinds = []IdentifierKind{KindCard, KindOutpatient, KindInpatient, KindCheckup, KindIDCard, KindPassport, KindPermit, KindHealthCard, KindOther}

// Personal kinds identify the human being wherever they are met, so they carry no issuer; the others are numbers of one hospital system.
func (k IdentifierKind) Personal() bool {
	switch k {
	case KindIDCard, KindPassport, KindPermit, KindHealthCard:
		return true
	}
	return false
}

// Valid tells a known kind.
func (k IdentifierKind) Valid() bool {
	for _, x := range IdentifierKinds {
		if x == k {
			return true
		}
	}
	return false
}

// System is the kind of a contact point.
type System string

// The contact point systems.
const (
	Mobile   System = "mobile"
	Landline System = "phone"
	Email    System = "email"
	QQ       System = "qq"
	WeChat   System = "wechat"
)

// Valid tells a known system.
func (s System) Valid() bool {
	switch s {
	case Mobile, Landline, Email, QQ, WeChat:
		return true
	}
	return false
}
