-- +goose Up
-- What everybody must know before speaking with a patient, and the memberships a patient holds.

-- class: patient
create table profile_preference (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	kind text not null,
	value text not null, -- a code of the kind, or hours as HH:MM-HH:MM
	note text not null,
	severity text not null check (severity in ('note', 'caution', 'danger')),
	valid_until text not null, -- last day, '' = no end
	source text not null,
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	ended_by bigint,
	ended_at bigint not null, -- 0 = stands
	version bigint not null
);
create index profile_preference_patient on profile_preference (patient_id, ended_at, id);

-- class: patient
create table profile_membership (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	type text /*bytewise*/ not null,
	number text /*bytewise*/ not null,
	valid_from text /*bytewise*/ not null, -- first day
	valid_to text /*bytewise*/ not null, -- last day, '9999-12-31' = no end
	benefits text not null,
	expired boolean not null, -- its end has been told
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	version bigint not null
);
create unique index profile_membership_number on profile_membership (patient_id, type, number);
create index profile_membership_card on profile_membership (number, type);
create index profile_membership_type on profile_membership (type, valid_to, patient_id);
create index profile_membership_due on profile_membership (valid_to, id) where expired = false;
