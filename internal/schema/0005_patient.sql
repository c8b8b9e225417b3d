-- +goose Up
-- Patients: who they are, how they are reached, whose they are, and how they are found.

-- class: patient
create table patient_patient (
	id bigint primary key,
	name text not null,
	pinyin text /*bytewise*/ not null,
	sex text not null check (sex in ('male', 'female', 'other', 'unknown')),
	birth_date text /*bytewise*/ not null, -- YYYY-MM-DD, YYYY-MM, YYYY or ''
	occupation text not null,
	ethnicity text not null,
	marital text not null,
	address text not null,
	region_code text /*bytewise*/ not null,
	source text not null,
	owner_id bigint,
	department_id bigint,
	note text not null,
	alert text not null,
	deceased_at text not null,
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	met_at bigint not null, -- last encounter, 0 = never
	seen_at bigint not null, -- last encounter, else creation: what "last N days" counts from
	version bigint not null,
	merged_into bigint,
	deleted_at bigint
);
create index patient_patient_seen on patient_patient (seen_at, id) where merged_into is null and deleted_at is null;
create index patient_patient_created on patient_patient (created_at, id) where merged_into is null and deleted_at is null;
create index patient_patient_name on patient_patient (pinyin, id) where merged_into is null and deleted_at is null;
create index patient_patient_birth on patient_patient (birth_date, id) where merged_into is null and deleted_at is null;
create index patient_patient_region on patient_patient (region_code, id) where merged_into is null and deleted_at is null;
create index patient_patient_source on patient_patient (source, seen_at, id) where merged_into is null and deleted_at is null;
create index patient_patient_merged on patient_patient (merged_into) where merged_into is not null;

-- Numbers that hospitals and states give. Hospital numbers (issuer <> '') belong to one person; documents of the state may stand
-- on two records until those are merged.
-- class: reference
create table patient_identifier (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	kind text not null check (kind in ('id_card', 'card', 'outpatient', 'inpatient', 'passport', 'permit', 'health_card', 'checkup', 'other')),
	issuer text /*bytewise*/ not null,
	value text /*bytewise*/ not null,
	source text not null,
	created_at bigint not null
);
create unique index patient_identifier_number on patient_identifier (value, kind, issuer) where issuer <> '';
create index patient_identifier_value on patient_identifier (value, kind);
create index patient_identifier_patient on patient_identifier (patient_id);

-- A merge of two numbers told before either was known: whoever arrives with the old number is the person of the new one.
-- class: reference
create table patient_alias (
	kind text not null,
	issuer text /*bytewise*/ not null,
	value text /*bytewise*/ not null,
	into_kind text not null,
	into_issuer text /*bytewise*/ not null,
	into_value text /*bytewise*/ not null,
	at bigint not null,
	primary key (value, kind, issuer)
);

-- class: patient
create table patient_contact (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	system text not null check (system in ('mobile', 'phone', 'email', 'qq', 'wechat')),
	value text not null, -- as shown
	number text /*bytewise*/ not null, -- normalised: digits of a phone, else the value
	ext text not null,
	owner text not null, -- self, or the relation whose number it is
	label text not null,
	rank bigint not null, -- 1 is tried first
	verified_at bigint not null, -- 0 = never
	valid_until bigint not null, -- 0 = no end known
	source text not null,
	created_at bigint not null
);
create unique index patient_contact_number on patient_contact (number, patient_id, system);
create index patient_contact_patient on patient_contact (patient_id, rank, id);

-- A wrong-number mark belongs to the number, whoever carries it and whatever a feed repeats.
-- class: reference
create table patient_wrong_number (
	number text /*bytewise*/ primary key,
	reason text not null,
	marked_by bigint,
	marked_at bigint not null
);

-- class: patient
create table patient_tag (
	patient_id bigint not null references patient_patient (id),
	tag text not null,
	created_by bigint,
	created_at bigint not null,
	primary key (patient_id, tag)
);
create index patient_tag_tag on patient_tag (tag, patient_id);

-- class: patient
create table patient_access (
	patient_id bigint not null references patient_patient (id),
	kind text not null check (kind in ('staff', 'department', 'site')),
	key bigint not null,
	role text not null,
	until bigint not null, -- 0 = no end
	primary key (patient_id, kind, key, role)
);
create index patient_access_key on patient_access (kind, key, patient_id, until);

-- class: patient
create table patient_search (
	term text /*bytewise*/ not null,
	patient_id bigint not null, -- no reference: derived rows, written by the dozen
	primary key (term, patient_id)
);

-- What each source last said, and what a person verified (source 'hand'): one JSON object of field → {value, at}.
-- class: patient
create table patient_provenance (
	patient_id bigint not null references patient_patient (id),
	source text not null,
	fields text not null,
	at bigint not null,
	primary key (patient_id, source)
);

-- A feed's changed value for a field that a person verified; somebody decides.
-- class: patient
create table patient_proposal (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	field text not null,
	value text not null,
	source text not null,
	at bigint not null,
	state text not null check (state in ('open', 'accepted', 'rejected')),
	decided_by bigint,
	decided_at bigint not null
);
create index patient_proposal_patient on patient_proposal (patient_id, state);

-- Two records that may be one person.
-- class: patient
create table patient_pair (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	other_id bigint not null,
	bits double precision not null,
	reasons text not null,
	state text not null check (state in ('open', 'different')),
	created_at bigint not null,
	decided_by bigint,
	decided_at bigint not null
);
create unique index patient_pair_both on patient_pair (patient_id, other_id);
create index patient_pair_open on patient_pair (bits, id) where state = 'open';
create index patient_pair_other on patient_pair (other_id);

-- class: patient
create table patient_merge (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id), -- the survivor
	loser_id bigint not null,
	reason text not null,
	merged_by bigint,
	merged_at bigint not null,
	undone_by bigint,
	undone_at bigint not null
);
create index patient_merge_patient on patient_merge (patient_id, id);
create index patient_merge_loser on patient_merge (loser_id, id);

-- What a merge did, row by row: before and after are the whole row as JSON, '' where there was none.
-- class: patient
create table patient_merge_row (
	merge_id bigint not null,
	patient_id bigint not null references patient_patient (id),
	seq bigint not null,
	table_name text not null,
	before text not null,
	after text not null,
	primary key (patient_id, merge_id, seq)
);
