-- +goose Up
-- Who gave an access and when, and patients that change hands by the many.

alter table patient_access add column by_id bigint;
alter table patient_access add column at bigint not null default 0;

-- One handing over of many patients to a new owner. job_id is the job that moves them, or takes them back.
-- class: reference
create table patient_transfer (
	id bigint primary key,
	to_id bigint not null references staff_account (id),
	reason text not null,
	state text not null check (state in ('running', 'done', 'undoing', 'undone')),
	total bigint not null,
	moved bigint not null,
	skipped bigint not null,
	job_id bigint not null,
	created_by bigint,
	created_at bigint not null,
	finished_at bigint not null
);

-- class: patient
create table patient_transfer_row (
	transfer_id bigint not null,
	patient_id bigint not null references patient_patient (id),
	before_id bigint, -- the owner before, none where nobody was
	state text not null check (state in ('ready', 'moved', 'skipped', 'back')),
	primary key (patient_id, transfer_id)
);
create index patient_transfer_row_state on patient_transfer_row (transfer_id, state, patient_id);
