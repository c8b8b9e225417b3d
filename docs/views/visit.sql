-- 门诊就诊：一行一次就诊，带主要诊断
create view v_crm_visit as
select
	v.visit_id as "就诊号",
	v.updated_at as "更新时间",
	v.pat_id as "病人ID",
	p.name as "姓名",
	p.mobile as "手机号码",
	v.dept_code as "科室代码",
	v.dept_name as "科室",
	v.doctor_name as "医生",
	v.begin_time as "就诊时间",
	v.icd_code as "诊断编码",
	v.diagnosis as "诊断"
from opd_visit v
join pat_master p on p.pat_id = v.pat_id;
