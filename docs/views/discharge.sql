-- 出院：一行一次住院，出院后写出院时间
create view v_crm_discharge as
select
	s.stay_id as "就诊号",
	s.updated_at as "更新时间",
	s.pat_id as "病人ID",
	s.inpatient_no as "住院号",
	p.name as "姓名",
	p.mobile as "手机号码",
	'住院' as "就诊类型",
	s.dept_code as "科室代码",
	s.dept_name as "科室",
	s.ward as "病区",
	s.bed as "床号",
	s.doctor_name as "主治医生",
	s.admit_time as "入院时间",
	s.discharge_time as "出院时间",
	s.icd_code as "主要诊断编码",
	s.diagnosis as "出院主要诊断",
	s.operation as "手术名称",
	s.operation_time as "手术日期"
from ipd_stay s
join pat_master p on p.pat_id = s.pat_id;
