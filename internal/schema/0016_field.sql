-- +goose Up
-- Custom fields: what a hospital adds to a record without a change of tables.

-- class: reference
create table field_definition (
	id bigint primary key,
	entity text not null, -- patient
	key text not null,
	label_zh text not null,
	label_en text not null,
	kind text not null check (kind in ('text', 'long_text', 'integer', 'decimal', 'date', 'choice', 'multi_choice', 'boolean', 'person')),
	help_zh text not null,
	help_en text not null,
	section text not null, -- heading it stands under in the form, '' = the first
	position bigint not null,
	required boolean not null,
	minimum text not null, -- of the value, or of its length for texts; '' = none
	maximum text not null,
	pattern text not null, -- RE2, for texts; '' = any
	dictionary text not null, -- of which a choice takes its entries; '' = options
	options text not null, -- a list of {code, zh, en, active}, encoded
	sees text not null, -- role IDs, encoded, [] = every role
	edits text not null, -- role IDs, encoded, [] = every role that may change the record
	active boolean not null,
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null
);
create unique index field_definition_key on field_definition (entity, key);

-- One row per value; a field of several choices has one per choice. item is '' but for those.
-- class: patient
create table field_value (
	patient_id bigint not null, -- no reference: the patients' room comes later
	field_id bigint not null references field_definition (id),
	item text not null,
	text text not null, -- as written: a day as YYYY-MM-DD, a choice by its code, a person by account, true or false
	term text /*bytewise*/ not null, -- the text folded for search: small letters, at most 100 characters
	number bigint not null, -- integers and decimals in ten-thousandths, else 0
	updated_at bigint not null,
	updated_by bigint,
	primary key (patient_id, field_id, item)
);
create index field_value_term on field_value (field_id, term, patient_id);
create index field_value_number on field_value (field_id, number, patient_id);
