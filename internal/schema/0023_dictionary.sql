-- +goose Up
-- Dictionaries: lists that a hospital edits. Records hold an entry's code.

-- class: reference
create table setting_entry (
	id bigint primary key,
	dictionary text not null,
	code text not null,
	zh text not null,
	en text not null,
	pinyin text not null,
	parent text not null, -- code of the entry above, '' = the first level
	position bigint not null,
	active boolean not null, -- not offered any more, still read
	merged_into text not null, -- code of the entry that took its place, '' = stands
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null
);
create unique index setting_entry_code on setting_entry (dictionary, code);

-- class: reference
create table setting_entry_merge (
	id bigint primary key,
	dictionary text not null,
	from_code text not null,
	into_code text not null,
	state text not null check (state in ('running', 'done', 'undoing', 'undone')),
	moved bigint not null,
	by_name text not null,
	at bigint not null,
	undone_at bigint not null
);
create index setting_entry_merge_dictionary on setting_entry_merge (dictionary, id);

-- Which rows a merge changed, for its undoing.
-- class: reference
create table setting_entry_moved (
	merge_id bigint not null,
	place text not null, -- table.column
	row_key text not null,
	primary key (merge_id, place, row_key)
);

-- Later contacts through other sources; the first source stands on the patient.
-- class: patient
create table patient_touch (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	source text not null, -- code of the dictionary, or a feed's own word
	note text not null,
	origin text not null, -- hand, or the feed's name
	at bigint not null,
	created_by bigint
);
create index patient_touch_patient on patient_touch (patient_id, at);
create index patient_touch_source on patient_touch (source, patient_id);
