-- 费用：一行一条明细，退费金额为负
create view v_crm_charge as
select
	c.charge_id as "费用流水号",
	c.updated_at as "更新时间",
	c.pat_id as "病人ID",
	c.visit_id as "就诊号",
	c.item_code as "项目编码",
	c.item_name as "项目名称",
	c.category as "费用类别",
	c.amount as "金额",
	c.charge_time as "收费时间"
from charge_line c;
