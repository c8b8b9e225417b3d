-- 患者与挂号：一行一次挂号
create view v_crm_registration as
select
	r.reg_id as "就诊号",
	r.updated_at as "更新时间",
	p.pat_id as "病人ID",
	p.card_no as "就诊卡号",
	p.outpatient_no as "门诊号",
	p.name as "姓名",
	p.sex as "性别",
	p.birth_date as "出生日期",
	p.id_card as "身份证号",
	p.mobile as "手机号码",
	p.address as "家庭住址",
	r.dept_code as "科室代码",
	r.dept_name as "科室",
	r.doctor_code as "医生工号",
	r.doctor_name as "医生",
	r.visit_time as "挂号时间"
from reg_record r
join pat_master p on p.pat_id = r.pat_id;
