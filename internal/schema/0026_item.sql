-- +goose Up
-- Treatments bought in sessions, and every session used or given back.

-- class: patient
create table visit_item (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	key text /*bytewise*/ not null, -- issuer:number of a feed, hand:id of a person
	code text not null,
	name text not null,
	bought bigint not null check (bought >= 0),
	used bigint not null check (used >= 0),
	valid_until text not null, -- last day, '' = no end
	source text not null, -- 'hand' or the feed
	note text not null,
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	version bigint not null,
	check (used <= bought)
);
create unique index visit_item_key on visit_item (patient_id, key);

-- class: patient
create table visit_session (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	item_id bigint not null,
	n bigint not null, -- 1 used, -1 given back
	note text not null,
	by_id bigint,
	at bigint not null
);
create index visit_session_item on visit_session (patient_id, item_id, at, id);
