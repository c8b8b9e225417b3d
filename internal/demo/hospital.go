package demo

import (
	_ "embed" // the disease and procedure lists
	"strconv"
	"strings"
)

// Hospital is the fixed structure of 仁安医院: it does not depend on the seed.
type Hospital struct {
	Site        Site
	Departments []Department
	Wards       []Ward
	Staff       []Member
	Diseases    []Disease
	Operations  []Operation
}

// Site is one campus of the hospital.
type Site struct{ Code, Name, NameEn string }

// Department of the hospital. Clinical ones have a share of the outpatient visits in percent; offices have none.
type Department struct {
	Code    string // HIS code
	Name    string
	NameEn  string
	Group   string // the division above it
	Percent float64
	Ward    string // code of its ward, "" without beds
}

// Ward belongs to a department.
type Ward struct{ Code, Name, NameEn, DepartmentCode string }

// Role of a member of staff: the code of a role that the staff room ships.
type Role string

// The roles of the cast.
const (
	RoleAdmin    Role = "admin"      // administers the system
	RoleDirector Role = "director"   // sees everything, changes nothing
	RoleManager  Role = "manager"    // heads the customer centre
	RoleAgent    Role = "agent"      // takes and makes calls
	RoleNurse    Role = "nurse"      // follow-up nurse
	RoleConsult  Role = "consultant" // advises who has not come yet
	RoleMarket   Role = "marketing"  // campaigns
	RoleHead     Role = "head"       // head of a department
	RoleAuditor  Role = "auditor"    // reads the last three days, changes nothing
)

// Member of staff. Login is "" for those who have no account: they only sign what the HIS reports.
type Member struct {
	Login          string
	Code           string // HIS staff number
	Name           string
	Title          string
	Role           Role
	Post           string // what rules assign to: nurse, head_nurse, doctor, head, agent …
	DepartmentCode string
}

// Disease is a diagnosis of the hospital's own list with an ICD-10 code.
type Disease struct {
	DepartmentCode string
	Code           string
	Name           string
	Chronic        bool
}

// Operation is a procedure of the hospital's own list with an ICD-9-CM-3 code and the follow-up it asks for.
type Operation struct {
	DepartmentCode string
	Code           string
	Name           string
	Treats         []string // ICD-10 codes
	Stay           bool     // done in a stay; else on the day of the visit
	Steps          []Step
}

// Step of a follow-up: days after the operation and the channel.
type Step struct {
	Days    int
	Channel string // sms or call
}

var site = Site{Code: "RA01", Name: "仁安医院本部", NameEn: "Ren'an Hospital, main campus"}

var departments = []Department{
	{"0101", "心血管内科", "Cardiology", "内科", 4.5, "08W"},
	{"0102", "消化内科", "Gastroenterology", "内科", 4, "09W"},
	{"0103", "呼吸内科", "Respiratory medicine", "内科", 4, "09E"},
	{"0104", "内分泌科", "Endocrinology", "内科", 3.5, "10W"},
	{"0105", "神经内科", "Neurology", "内科", 3.5, "10E"},
	{"0106", "全科医学科", "General practice", "内科", 4.5, ""},
	{"0201", "骨科", "Orthopaedics", "外科", 4, "06W"},
	{"0202", "普外科", "General surgery", "外科", 3, "06E"},
	{"0203", "泌尿外科", "Urology", "外科", 2, "07W"},
	{"0204", "胸外科", "Thoracic surgery", "外科", 1, "07E"},
	{"0301", "产科", "Obstetrics", "妇产科", 3.5, "11W"},
	{"0305", "妇科", "Gynaecology", "妇产科", 6.5, "12W"},
	{"0401", "儿科", "Paediatrics", "儿科", 9, "05W"},
	{"0501", "急诊科", "Emergency", "急诊", 8, "02W"},
	{"0601", "中医科", "Chinese medicine", "中医", 9, ""},
	{"0701", "口腔科", "Stomatology", "口腔", 6, ""},
	{"0801", "眼科", "Ophthalmology", "五官", 5, "05E"},
	{"0901", "耳鼻喉科", "Ear, nose and throat", "五官", 5, "05E"},
	{"1001", "皮肤科", "Dermatology", "皮肤", 5, ""},
	{"1101", "体检中心", "Health check centre", "体检", 4, ""},
	{"1201", "康复科", "Rehabilitation", "康复", 2, "04W"},
	{"1301", "疼痛科", "Pain clinic", "其他", 3, ""},
	{"9001", "客户服务中心", "Customer centre", "职能", 0, ""},
	{"9002", "市场部", "Marketing", "职能", 0, ""},
	{"9003", "信息科", "Information technology", "职能", 0, ""},
	{"9004", "院长办公室", "Director's office", "职能", 0, ""},
	{"9005", "审计科", "Audit office", "职能", 0, ""},
}

var wards = []Ward{
	{"02W", "急诊病区", "Emergency ward", "0501"}, {"04W", "康复病区", "Rehabilitation ward", "1201"},
	{"05W", "儿科病区", "Paediatric ward", "0401"}, {"05E", "五官病区", "Eye and ENT ward", "0801"},
	{"06W", "骨科病区", "Orthopaedic ward", "0201"}, {"06E", "普外科病区", "Surgical ward", "0202"},
	{"07W", "泌尿外科病区", "Urology ward", "0203"}, {"07E", "胸外科病区", "Thoracic ward", "0204"},
	{"08W", "心内病区", "Cardiology ward", "0101"}, {"09W", "消化病区", "Gastroenterology ward", "0102"},
	{"09E", "呼吸病区", "Respiratory ward", "0103"}, {"10W", "内分泌病区", "Endocrinology ward", "0104"},
	{"10E", "神经内科病区", "Neurology ward", "0105"}, {"11W", "产科病区", "Maternity ward", "0301"},
	{"12W", "妇科病区", "Gynaecology ward", "0305"},
}

// cast are the people who can sign in: those of the storyline, and a follow-up nurse for the busiest wards.
var cast = []Member{
	{"laoqian", "9301", "钱永福", "系统管理员", RoleAdmin, "admin", "9003"},
	{"zhao", "9401", "赵明远", "院长", RoleDirector, "director", "9004"},
	{"wu", "9101", "吴志刚", "客服科长", RoleManager, "head", "9001"},
	{"zhoumin", "9102", "周敏", "客服专员", RoleAgent, "agent", "9001"},
	{"linjing", "9103", "林静", "随访护士", RoleNurse, "nurse", "0305"},
	{"chenhang", "9104", "陈航", "咨询师", RoleConsult, "consultant", "9001"},
	{"hemiao", "9201", "何苗", "市场专员", RoleMarket, "marketing", "9002"},
	{"wang", "1020", "王雅琴", "主任医师", RoleHead, "head", "0305"},
	{"zhaomin", "1021", "赵敏", "副主任医师", RoleNurse, "doctor", "0305"},
	{"sunhui", "1221", "孙慧", "护士长", RoleHead, "head_nurse", "0305"},
	{"zhengqing", "9501", "郑清", "审计员", RoleAuditor, "auditor", "9005"},
	{"fangyuan", "1222", "方媛", "随访护士", RoleNurse, "nurse", "0101"},
	{"heping", "1223", "何萍", "随访护士", RoleNurse, "nurse", "0202"},
	{"luojie", "1224", "罗洁", "随访护士", RoleNurse, "nurse", "0201"},
	{"tangqian", "1225", "唐倩", "随访护士", RoleNurse, "nurse", "0103"},
	{"panyan", "1226", "潘燕", "随访护士", RoleNurse, "nurse", "0301"},
}

//go:embed data/disease.txt
var diseaseText string

//go:embed data/procedure.txt
var procedureText string

// hospital is built once; nothing in it depends on the seed.
var hospital = buildHospital()

func buildHospital() Hospital {
	h := Hospital{Site: site, Departments: departments, Wards: wards, Staff: cast}
	for _, f := range lines(diseaseText) {
		h.Diseases = append(h.Diseases, Disease{f[0], f[1], f[2], f[3] == "c"})
	}
	for _, f := range lines(procedureText) {
		h.Operations = append(h.Operations, Operation{f[0], f[1], f[2], strings.Fields(f[3]), f[4] == "I", steps(f[5])})
	}
	h.Staff = append(h.Staff, clinicians()...)
	return h
}

// clinicians are the doctors of every clinical department beyond the cast: 3 plus one for each percent of the visits.
func clinicians() []Member {
	d := newDice(2026, 1)
	var all []Member
	for _, dep := range departments {
		if dep.Percent == 0 {
			continue
		}
		for i := range 3 + int(dep.Percent) {
			male := d.chance(0.5)
			name, _ := fullName(d, male, d.between(1966, 1995))
			all = append(all, Member{
				Code: dep.Code + strconv.Itoa(10+i), Name: name, Post: "doctor", DepartmentCode: dep.Code,
				Title: []string{"主任医师", "副主任医师", "主治医师", "住院医师"}[min(i, 3)],
			})
		}
	}
	return all
}

// Hospital gives the structure, staff and lists of 仁安医院.
func (g *Generator) Hospital() Hospital { return hospital }

// lines cuts an embedded list into its fields, without comments.
func lines(text string) [][]string {
	var rows [][]string
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		if !strings.HasPrefix(l, "#") {
			rows = append(rows, strings.Split(l, "|"))
		}
	}
	return rows
}

// steps reads "10s 24c": an SMS ten days after, a call 24 days after.
func steps(text string) []Step {
	var all []Step
	for _, f := range strings.Fields(text) {
		n, _ := strconv.Atoi(f[:len(f)-1])
		channel := "sms"
		if strings.HasSuffix(f, "c") {
			channel = "call"
		}
		all = append(all, Step{n, channel})
	}
	return all
}

func sexOf(male bool) string {
	if male {
		return "male"
	}
	return "female"
}
