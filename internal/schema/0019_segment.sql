-- +goose Up
-- Segments: saved conditions over patients, their versions, and who is in those that are followed.

-- class: reference
create table segment_segment (
	id bigint primary key,
	kind text not null check (kind in ('segment', 'key')), -- key: patients who need more care, by clinical inputs only
	name text not null,
	description text not null,
	owner_id bigint,
	shared boolean not null,
	tracked boolean not null, -- members are kept in segment_member, and their coming and going is told
	tree text not null, -- encoded, opaque
	state text not null check (state in ('active', 'archived')),
	filled_at bigint not null, -- when the members of the present version were complete, 0 = being filled
	followed_at bigint not null, -- when following began: who was in then did not come, 0 = not followed
	checked_on text /*bytewise*/ not null, -- the day for which relative conditions were last looked at
	error text not null, -- key of the fault why following stopped, '' = none
	created_at bigint not null,
	updated_at bigint not null,
	updated_by bigint,
	version bigint not null
);
create unique index segment_segment_name on segment_segment (kind, name) where state = 'active' and shared = true;
create index segment_segment_owner on segment_segment (owner_id, id);

-- class: reference
create table segment_version (
	segment_id bigint not null references segment_segment (id),
	version bigint not null,
	name text not null,
	description text not null,
	shared boolean not null,
	tracked boolean not null,
	state text not null,
	tree text not null,
	author_id bigint,
	author text not null,
	at bigint not null,
	primary key (segment_id, version)
);

-- Who is in a followed segment, or was: one row for each patient and segment, with the last coming and going.
-- class: patient
create table segment_member (
	patient_id bigint not null references patient_patient (id),
	segment_id bigint not null references segment_segment (id),
	entered_at bigint not null,
	left_at bigint not null, -- 0 = is in
	primary key (patient_id, segment_id)
);
create index segment_member_in on segment_member (segment_id, patient_id) where left_at = 0;
create index segment_member_entered on segment_member (segment_id, entered_at) where left_at = 0;
create index segment_member_left on segment_member (segment_id, left_at) where left_at > 0;

-- What conditions are found by where no index served yet.
create index patient_patient_owner on patient_patient (owner_id, id) where merged_into is null and deleted_at is null;
create index visit_encounter_department on visit_encounter (department_id, started_at, patient_id) where state <> 'cancelled';
create index visit_encounter_started on visit_encounter (started_at, patient_id) where state <> 'cancelled';
create index visit_procedure_code on visit_procedure (code, patient_id);
create index visit_charge_day on visit_charge (date, patient_id, amount_fen);
create index visit_report_abnormal on visit_report (at, patient_id) where abnormal <> '';
create index consent_record_said on consent_record (decision, purpose, patient_id) where superseded_at = 0;
create index booking_appointment_missed on booking_appointment (starts_at, patient_id) where state = 'missed';
create index message_question_answered on message_question (created_at, patient_id) where state = 'answered';
create index followup_task_raised on followup_task (raised_at, patient_id) where kind = 'flag';

-- Indexes that were there, with what conditions count and sum beside their order, so that nobody's rows need be read for it.
drop index patient_patient_seen;
create index patient_patient_seen on patient_patient (seen_at, id, met_at) where merged_into is null and deleted_at is null;
drop index visit_encounter_patient;
create index visit_encounter_patient on visit_encounter (patient_id, started_at desc, id desc, state, class, department_id);
drop index visit_charge_date;
create index visit_charge_date on visit_charge (patient_id, date, amount_fen);
drop index visit_condition_code;
create index visit_condition_code on visit_condition (code, patient_id, at);
