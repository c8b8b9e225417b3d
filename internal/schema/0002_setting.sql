-- +goose Up
-- Settings with history, and calendars. department_id 0 is the whole hospital.

-- class: reference
create table setting_value (
	key text not null,
	department_id bigint not null,
	value text not null,
	version bigint not null,
	updated_at bigint not null,
	updated_by text not null,
	primary key (key, department_id)
);

-- class: reference
create table setting_history (
	id bigint primary key,
	key text not null,
	department_id bigint not null,
	old_value text not null,
	new_value text not null,
	at bigint not null,
	by_name text not null
);
create index setting_history_key on setting_history (key, at);

-- class: reference
create table setting_day (
	department_id bigint not null,
	day text not null,
	open boolean not null,
	name text not null,
	primary key (department_id, day)
);
