-- 体检：一行一次体检
create view v_crm_checkup as
select
	k.checkup_id as "就诊号",
	k.updated_at as "更新时间",
	k.checkup_no as "体检号",
	k.name as "姓名",
	k.sex as "性别",
	k.birth_date as "出生日期",
	k.id_card as "身份证号",
	k.mobile as "手机号码",
	'体检' as "就诊类型",
	'体检中心' as "科室",
	k.checkup_date as "就诊日期",
	k.conclusion as "诊断"
from checkup k;
