-- +goose Up
-- What the HIS tells about visits. Keys begin with the issuer, because two systems count from 1.

-- class: patient
create table visit_encounter (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	issuer text not null,
	number text /*bytewise*/ not null,
	class text not null check (class in ('AMB', 'IMP', 'EMER', 'CHK')),
	state text not null check (state in ('open', 'finished', 'cancelled')),
	department_id bigint,
	ward text not null,
	bed text not null,
	doctor_id bigint,
	doctor_name text not null,
	disposition text not null,
	started_at bigint not null,
	ended_at bigint not null,
	told_at bigint not null,
	created_at bigint not null,
	updated_at bigint not null
);
create unique index visit_encounter_number on visit_encounter (patient_id, issuer, number);
create index visit_encounter_patient on visit_encounter (patient_id, started_at desc, id desc);

-- class: patient
create table visit_condition (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	encounter_id bigint,
	key text /*bytewise*/ not null,
	code text not null,
	name text not null,
	kind text not null check (kind in ('admission', 'discharge', 'outpatient', 'working')),
	rank bigint not null,
	by_hand boolean not null,
	at bigint not null
);
create unique index visit_condition_key on visit_condition (patient_id, key);
create index visit_condition_code on visit_condition (code, patient_id);
create index visit_condition_encounter on visit_condition (patient_id, encounter_id);

-- class: patient
create table visit_procedure (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	encounter_id bigint,
	key text /*bytewise*/ not null,
	code text not null,
	name text not null,
	doctor text not null,
	at bigint not null,
	date text not null
);
create unique index visit_procedure_key on visit_procedure (patient_id, key);
create index visit_procedure_encounter on visit_procedure (patient_id, encounter_id);

-- class: patient
create table visit_charge (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	encounter_id bigint,
	key text /*bytewise*/ not null,
	code text not null,
	name text not null,
	category text not null,
	quantity text not null,
	amount_fen bigint not null,
	at bigint not null,
	date text not null
);
create unique index visit_charge_key on visit_charge (patient_id, key);
create index visit_charge_date on visit_charge (patient_id, date);

-- class: patient
create table visit_report (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	encounter_id bigint,
	key text /*bytewise*/ not null,
	kind text not null check (kind in ('lab', 'imaging', 'checkup', 'document')),
	name text not null,
	conclusion text not null,
	abnormal text not null check (abnormal in ('', 'abnormal', 'critical')),
	at bigint not null
);
create unique index visit_report_key on visit_report (patient_id, key);
create index visit_report_patient on visit_report (patient_id, at desc, id desc);

-- class: reference
create table visit_group (
	id bigint primary key,
	name text not null,
	codes text not null,
	version bigint not null,
	updated_at bigint not null,
	deleted_at bigint
);
create unique index visit_group_name on visit_group (name) where deleted_at is null;
