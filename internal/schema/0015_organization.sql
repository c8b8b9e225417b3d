-- +goose Up
-- Groups of patients: insurers, employers, units under contract; their contracts, contacts, our visits and their members.

-- class: reference
create table organization_organization (
	id bigint primary key,
	kind text not null check (kind in ('insurer', 'employer', 'contract', 'school', 'community', 'other')),
	code text /*bytewise*/ not null,
	name text not null,
	pinyin text /*bytewise*/ not null,
	initials text /*bytewise*/ not null,
	address text not null,
	region_code text /*bytewise*/ not null,
	phone text not null,
	note text not null,
	owner_id bigint,
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	version bigint not null,
	deleted_at bigint
);
create unique index organization_organization_name on organization_organization (name) where deleted_at is null;
create unique index organization_organization_code on organization_organization (code) where code <> '' and deleted_at is null;
create index organization_organization_pinyin on organization_organization (pinyin, id) where deleted_at is null;

-- class: reference
create table organization_contract (
	id bigint primary key,
	organization_id bigint not null references organization_organization (id),
	number text not null,
	title text not null,
	valid_from text not null,
	valid_to text not null, -- last day, '' = no end
	amount_fen bigint not null,
	terms text not null,
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	version bigint not null
);
create index organization_contract_organization on organization_contract (organization_id, valid_from, id);

-- class: reference
create table organization_contact (
	id bigint primary key,
	organization_id bigint not null references organization_organization (id),
	name text not null,
	post text not null,
	phone text not null,
	email text not null,
	main boolean not null,
	note text not null,
	updated_at bigint not null,
	version bigint not null
);
create index organization_contact_organization on organization_contact (organization_id, id);

-- class: reference
create table organization_call (
	id bigint primary key,
	organization_id bigint not null references organization_organization (id),
	kind text not null check (kind in ('visit', 'phone', 'meeting', 'event')),
	at bigint not null,
	text text not null,
	next_date text not null, -- when to come again, '' = not agreed
	staff_id bigint,
	created_at bigint not null
);
create index organization_call_organization on organization_call (organization_id, at, id);

-- class: patient
create table organization_member (
	patient_id bigint not null references patient_patient (id),
	organization_id bigint not null references organization_organization (id),
	role text not null check (role in ('employee', 'insured', 'dependant', 'retired', 'student', 'resident', 'other')),
	number text /*bytewise*/ not null, -- staff or policy number there
	unit text not null, -- part of the organisation
	valid_from text not null,
	valid_to text not null, -- last day, '' = no end
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	version bigint not null,
	primary key (patient_id, organization_id)
);
create index organization_member_number on organization_member (organization_id, number, patient_id);
