-- +goose Up
-- Structure of the hospital over time, and what happens to somebody's work when they leave.

-- Codes that sources send for a department. source '' holds whichever source speaks; a source's own code wins.
-- class: reference
create table staff_department_code (
	code text not null,
	source text not null,
	department_id bigint not null references staff_department (id),
	created_at bigint not null,
	primary key (code, source)
);
create index staff_department_code_department on staff_department_code (department_id);

-- division: the subtree sees itself only, where a role reaches by division. checked: a person has looked at what a feed brought.
-- into_id: closed by a merge into that department; what hangs on the closed one is seen by who sees the other.
alter table staff_department add column division boolean not null default false;
alter table staff_department add column checked boolean not null default true;
alter table staff_department add column into_id bigint;

-- keys: the relations (attending, nurse …) that count as "own" for the role, comma separated; '' = every one.
alter table staff_role add column active boolean not null default true;
alter table staff_role add column division boolean not null default false;
alter table staff_role add column keys text not null default '';

-- One handing over of everything that a person holds. until 0 = for good; else it comes back then.
-- class: reference
create table staff_handover (
	id bigint primary key,
	staff_id bigint not null references staff_account (id),
	kind text not null check (kind in ('leave', 'absence')),
	way text not null check (way in ('person', 'evenly', 'department')),
	receivers text not null, -- account keys, comma separated
	until bigint not null,
	state text not null check (state in ('running', 'done', 'returned', 'failed')),
	moved bigint not null,
	total bigint not null,
	left_over bigint not null, -- what nobody could take
	job_id bigint not null,
	created_by bigint,
	created_at bigint not null,
	finished_at bigint not null
);
create index staff_handover_staff on staff_handover (staff_id, id);
create index staff_handover_state on staff_handover (state, until);

-- What went to whom, so that it can come back.
-- class: reference
create table staff_handover_item (
	handover_id bigint not null references staff_handover (id),
	holding text not null,
	item_id bigint not null,
	to_id bigint not null references staff_account (id),
	returned boolean not null,
	primary key (handover_id, holding, item_id)
);

-- Every list of days that was taken in: who, when, which span and how many.
-- class: reference
create table setting_day_history (
	id bigint primary key,
	department_id bigint not null,
	first_day text not null,
	last_day text not null,
	off_days bigint not null,
	work_days bigint not null,
	at bigint not null,
	by_name text not null
);
create index setting_day_history_department on setting_day_history (department_id, id);
