-- +goose Up
-- Who works here, where, and what they may do.

-- class: reference
create table staff_site (
	id bigint primary key,
	code text not null unique,
	name text not null,
	active boolean not null,
	version bigint not null
);

-- class: reference
create table staff_department (
	id bigint primary key,
	site_id bigint not null references staff_site (id),
	parent_id bigint references staff_department (id),
	kind text not null check (kind in ('department', 'ward')),
	code text not null unique,
	name text not null,
	active boolean not null,
	version bigint not null
);
create index staff_department_parent on staff_department (parent_id);

-- Names and places a department had; valid_to 0 is today's. A report of a past period reads the row of its time.
-- class: reference
create table staff_department_history (
	department_id bigint not null references staff_department (id),
	valid_from bigint not null,
	valid_to bigint not null,
	name text not null,
	parent_id bigint,
	site_id bigint not null,
	primary key (department_id, valid_from)
);

-- class: reference
create table staff_role (
	id bigint primary key,
	code text not null unique,
	name text not null,
	reach text not null check (reach in ('own', 'department', 'site', 'all')),
	days bigint not null,
	read_only boolean not null,
	unassigned boolean not null,
	permissions text not null,
	version bigint not null
);

-- class: reference
create table staff_account (
	id bigint primary key,
	login text not null unique,
	code text not null,
	name text not null,
	pinyin text not null,
	password_hash text not null,
	role_id bigint not null references staff_role (id),
	department_id bigint references staff_department (id),
	post text not null,
	languages text not null,
	locale text not null,
	state text not null check (state in ('active', 'frozen', 'left')),
	absent_from bigint not null,
	absent_until bigint not null,
	seen_at bigint not null,
	created_at bigint not null,
	version bigint not null
);
create index staff_account_department on staff_account (department_id, state);
create index staff_account_code on staff_account (code);
create index staff_account_pinyin on staff_account (pinyin, id);

-- class: local
create table staff_session (
	token text primary key,
	data text not null,
	expires_at bigint not null
);
create index staff_session_expires on staff_session (expires_at);

-- class: local
create table staff_throttle (
	key text primary key,
	failures bigint not null,
	until bigint not null
);

-- Answers to creating requests, kept for a day so that a repeated request gets the first answer.
-- class: local
create table staff_request (
	staff_id bigint not null,
	key text not null,
	path text not null,
	status bigint not null,
	type text not null,
	body text not null,
	at bigint not null,
	primary key (staff_id, key, path)
);
create index staff_request_at on staff_request (at);
