-- 预约：一行一个预约，取消和爽约写在状态里
create view v_crm_booking as
select
	b.booking_id as "预约号",
	b.updated_at as "更新时间",
	b.pat_id as "病人ID",
	p.name as "姓名",
	p.mobile as "手机号码",
	b.dept_code as "科室代码",
	b.dept_name as "科室",
	b.doctor_name as "医生",
	b.start_time as "预约时间",
	b.status as "预约状态"
from booking b
join pat_master p on p.pat_id = b.pat_id;
