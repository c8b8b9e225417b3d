package sheet

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Keys of the fields that a column can feed; the upload page offers exactly these.
const (
	ignored = "ignored" // known, of no use to us (row numbers, ages)

	patientRecord     = "patient.record"
	patientCard       = "patient.card"
	patientOutpatient = "patient.outpatient"
	patientInpatient  = "patient.inpatient"
	patientIDCard     = "patient.id_card"
	patientPassport   = "patient.passport"
	patientPermit     = "patient.permit"
	patientHealthCard = "patient.health_card"
	patientCheckup    = "patient.checkup"
	documentType      = "patient.document_type"
	documentNumber    = "patient.document_number"
	patientName       = "patient.name"
	patientSex        = "patient.sex"
	patientBirth      = "patient.birth_date"
	patientMobile     = "patient.mobile"
	patientPhone      = "patient.phone"
	patientEmail      = "patient.email"
	patientWechat     = "patient.wechat"
	patientQQ         = "patient.qq"
	relativePhone     = "patient.relative_phone"
	relativeRelation  = "patient.relative_relation"
	patientAddress    = "patient.address"
	patientRegion     = "patient.region_code"
	patientOccupation = "patient.occupation"
	patientEthnicity  = "patient.ethnicity"
	patientMarital    = "patient.marital"
	patientSource     = "patient.source"
	patientNote       = "patient.note"
	issuer            = "issuer"

	visitNumber     = "visit.number"
	visitClass      = "visit.class"
	visitStart      = "visit.started_at"
	visitEnd        = "visit.ended_at"
	visitDepartment = "visit.department_name"
	visitDeptCode   = "visit.department_code"
	visitDoctor     = "visit.doctor_name"
	visitDoctorCode = "visit.doctor_code"
	visitWard       = "visit.ward_code"
	visitBed        = "visit.bed"
	diagnosisName   = "diagnosis.name"
	diagnosisCode   = "diagnosis.code"
	procedureName   = "procedure.name"
	procedureCode   = "procedure.code"
	procedureAt     = "procedure.at"

	chargeNumber   = "charge.number"
	chargeName     = "charge.name"
	chargeCode     = "charge.code"
	chargeCategory = "charge.category"
	chargeAmount   = "charge.amount"
	chargeAt       = "charge.at"

	bookingNumber = "booking.number"
	bookingAt     = "booking.starts_at"
	bookingStatus = "booking.status"
)

// Fields lists every field key, for the mapping page.
func Fields() []string {
	seen, out := map[string]bool{}, []string{}
	for _, line := range dictionary {
		if !seen[line.field] && line.field != ignored {
			seen[line.field] = true
			out = append(out, line.field)
		}
	}
	return out
}

// dictionary lists what headings hospitals write for each field; compared after folding (see fold).
var dictionary = []struct{ field, headings string }{
	{ignored, "行号 序号 编号 no 年龄 age 登记日期 建档日期 建卡日期 发卡日期 操作员 登记人 最近就诊 地区 处理结果 结论 原因 verdict reason 行 row 患者编号本系统 renxinkey recordedon lastencounter region"},
	{patientRecord, "病人ID 患者ID 病人编号 患者编号 病人号 患者号 患者唯一号 病人标识 患者标识 主索引 主索引号 empi 登记号 档案号 病历号 病案号 病人标识号 patientid patientno patientnumber mrn medicalrecordnumber"},
	{patientCard, "一卡通号 一卡通 一卡通卡号 就诊卡号 就诊卡 诊疗卡号 诊疗卡 磁卡号 卡号 cardno cardnumber"},
	{patientOutpatient, "门诊号 门诊号码 门诊编号 门诊病历号 outpatientno outpatientnumber"},
	{patientInpatient, "住院号 住院号码 住院编号 住院病历号 inpatientno inpatientnumber admissionno"},
	{patientIDCard, "身份证号 身份证 身份证号码 公民身份号码 公民身份证号 idcard idcardno idno nationalid identitynumber identitycardno"},
	{patientPassport, "护照号 护照号码 passport passportno"},
	{patientPermit, "通行证号 港澳台通行证号"},
	{patientHealthCard, "健康卡号 电子健康卡号 居民健康卡号 healthcard healthcardno"},
	{patientCheckup, "体检号 体检编号 checkupno"},
	{documentType, "证件类型 证件类别 证件名称 idtype documenttype"},
	{documentNumber, "证件号码 证件号 idnumber documentnumber"},
	{patientName, "姓名 病人姓名 患者姓名 客户姓名 就诊人 就诊人姓名 名字 name fullname patientname"},
	{patientSex, "性别 病人性别 患者性别 sex gender"},
	{patientBirth, "出生日期 出生年月 出生年月日 生日 出生时间 birthdate birthday dateofbirth dob"},
	{patientMobile, "手机 手机号 手机号码 本人手机 本人手机号 移动电话 联系手机 mobile mobilephone mobileno cellphone cell"},
	{patientPhone, "电话 电话号码 联系电话 联系方式 座机 座机号 固定电话 固话 家庭电话 住宅电话 本人电话 phone phoneno telephone tel landline homephone"},
	{patientEmail, "邮箱 电子邮箱 电子邮件 email mail emailaddress"},
	{patientWechat, "微信 微信号 wechat"},
	{patientQQ, "qq qq号 qq号码"},
	{relativePhone, "联系人电话 联系人手机 家属电话 家属手机 家属联系电话 紧急联系电话 紧急联系人电话 监护人电话 监护人手机 emergencyphone contactphone"},
	{relativeRelation, "联系人关系 与患者关系 与病人关系 家属关系 关系 relation relationship"},
	{patientAddress, "地址 住址 家庭地址 家庭住址 现住址 常住地址 居住地址 联系地址 通讯地址 address homeaddress"},
	{patientRegion, "区划代码 行政区划代码 地区代码 regioncode"},
	{patientOccupation, "职业 occupation job"},
	{patientEthnicity, "民族 ethnicity nation"},
	{patientMarital, "婚姻 婚姻状况 婚否 marital maritalstatus"},
	{patientSource, "来源 来源渠道 患者来源 媒体来源 渠道 source channel"},
	{patientNote, "备注 说明 note remark comment"},
	{issuer, "源系统 来源系统 数据来源 发放机构 sourcesystem issuer"},
	{visitNumber, "就诊号 就诊流水号 就诊序号 就诊编号 门诊流水号 住院流水号 挂号单号 挂号流水号 挂号序号 就诊ID visitno visitnumber visitid encounterid encounterno"},
	{visitClass, "就诊类型 就诊类别 病人类型 患者类型 病人类别 门诊住院标志 visittype patienttype encounterclass"},
	{visitStart, "就诊日期 就诊时间 挂号日期 挂号时间 入院日期 入院时间 visitdate visittime admissiondate admittedat"},
	{visitEnd, "出院日期 出院时间 离院时间 dischargedate dischargetime dischargedat"},
	{visitDepartment, "科室 科室名称 就诊科室 挂号科室 出院科室 入院科室 住院科室 所在科室 department dept departmentname"},
	{visitDeptCode, "科室代码 科室编码 科室编号 departmentcode deptcode"},
	{visitDoctor, "医生 医生姓名 接诊医生 就诊医生 挂号医生 主治医生 主治医师 主管医生 经治医师 管床医生 医师 doctor doctorname attending physician"},
	{visitDoctorCode, "医生工号 医生代码 医生编码 医师代码 doctorcode doctorno"},
	{visitWard, "病区 病房 ward"},
	{visitBed, "床号 床位 床位号 bed bedno"},
	{diagnosisName, "诊断 诊断名称 主要诊断 主诊断 出院诊断 出院主要诊断 门诊诊断 入院诊断 疾病名称 diagnosis diagnosisname"},
	{diagnosisCode, "诊断编码 诊断代码 疾病编码 主要诊断编码 icd icd10 icd编码 icd10编码 diagnosiscode"},
	{procedureName, "手术 手术名称 主要手术 主要手术名称 手术操作名称 操作名称 procedure procedurename surgery operation"},
	{procedureCode, "手术编码 手术代码 手术操作编码 主要手术编码 procedurecode"},
	{procedureAt, "手术日期 手术时间 操作日期 proceduredate surgerydate"},
	{chargeNumber, "费用流水号 收费流水号 收费单号 发票号 chargeno invoiceno"},
	{chargeName, "收费项目 项目名称 费用名称 收费项目名称 item itemname"},
	{chargeCode, "项目编码 项目代码 收费项目编码 itemcode"},
	{chargeCategory, "费用类别 项目类别 收费类别 itemcategory"},
	{chargeAmount, "金额 费用 总费用 总金额 费用合计 实收金额 应收金额 amount totalamount cost"},
	{chargeAt, "收费日期 收费时间 费用日期 结算日期 chargedate"},
	{bookingNumber, "预约号 预约单号 预约编号 预约流水号 appointmentno appointmentid"},
	{bookingAt, "预约时间 预约日期 预约就诊时间 预约就诊日期 appointmenttime appointmentdate"},
	{bookingStatus, "预约状态 appointmentstatus"},
}

var synonyms = func() map[string]string {
	m := map[string]string{}
	for _, line := range dictionary {
		for _, h := range strings.Fields(line.headings) {
			m[fold(h)] = line.field
		}
	}
	return m
}()

// fieldOf gives the field that a heading means, "" where the dictionary does not know it.
func fieldOf(heading string) string { return synonyms[fold(heading)] }

// fold makes headings comparable: full width to half, lower case, no blanks, marks, or remarks in brackets
// ("*手机号码（必填）" is 手机号码).
func fold(heading string) string {
	h := strings.ToLower(norm.NFKC.String(heading))
	if i := strings.IndexAny(h, "(["); i > 0 {
		h = h[:i]
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n', '_', '-', '*', ':', '.', '/', '#', '"', '\u3000', '\ufeff':
			return -1
		}
		return r
	}, h)
}
