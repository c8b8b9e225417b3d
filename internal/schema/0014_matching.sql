-- +goose Up
-- Merges remember whose fields were chosen, pairs what is known of them, and rows that came after a merge whose number brought them.

alter table patient_merge add column chosen text not null default ''; -- names of the fields in which the other record's value was taken

alter table patient_pair add column zone text not null default 'review' check (zone in ('auto', 'review', 'veto', 'mother'));
create index patient_pair_zone on patient_pair (zone, bits, id) where state = 'open';

-- Rows that came after a merge, and the numbers under which they came: an unmerge gives them to whom the number belongs.
-- class: patient
create table patient_origin (
	patient_id bigint not null references patient_patient (id),
	table_name text not null,
	row_id bigint not null,
	identifier_id bigint not null,
	primary key (patient_id, table_name, row_id, identifier_id)
);
