-- +goose Up
-- Files that belong to a patient, or to a case of theirs.

-- class: patient
create table attachment_file (
	id bigint primary key,
	patient_id bigint not null, -- no reference: the patients' room comes later
	owner_kind text not null, -- patient, or the room whose case it belongs to
	owner_id bigint not null, -- 0 for the patient's own
	content text not null, -- SHA-256 of the bytes
	media text not null,
	size bigint not null,
	name text not null, -- as it was called where it came from
	title text not null,
	category text not null,
	created_by bigint,
	created_at bigint not null,
	deleted_by bigint,
	deleted_at bigint not null -- 0 = stands
);
create index attachment_file_patient on attachment_file (patient_id, id);
create index attachment_file_content on attachment_file (content);
create index attachment_file_deleted on attachment_file (deleted_at) where deleted_at > 0;
