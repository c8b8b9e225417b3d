-- +goose Up
-- What patients allow, what forbids contact for now, and the ledger of every contact that was allowed or refused.

-- A decision of the patient. Decisions in force have superseded_at = 0; a new one supersedes the older ones of the same patient,
-- purpose and channel. A merge leaves several in force: then the strictest counts.
-- class: patient
create table consent_record (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	purpose text not null check (purpose in ('care', 'notice', 'survey', 'promotion')),
	channel text not null check (channel in ('any', 'sms', 'call', 'wechat', 'email', 'letter')),
	decision text not null check (decision in ('granted', 'denied')),
	proof text not null, -- how we know: the reply's id, "signed form 12", "told by phone"
	source text not null, -- reply, desk, portal, feed, import
	decided_by bigint,
	decided_at bigint not null,
	until bigint not null, -- 0 = no end
	superseded_at bigint not null -- 0 = in force
);
create index consent_record_patient on consent_record (patient_id, decided_at, id);
create index consent_record_force on consent_record (patient_id, purpose, channel) where superseded_at = 0;

-- A reason in the house not to contact somebody for survey and promotion, as an open complaint; "deceased" forbids everything.
-- class: patient
create table consent_block (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	reason text not null,
	source text not null,
	until bigint not null, -- 0 = until lifted
	created_by bigint,
	created_at bigint not null,
	lifted_at bigint not null -- 0 = in force
);
create index consent_block_patient on consent_block (patient_id, lifted_at);

-- Every contact that asked the gate: reserved and then settled or released, or refused with a reason.
-- class: patient
create table consent_contact (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	channel text not null,
	purpose text not null check (purpose in ('care', 'notice', 'survey', 'promotion')),
	topic text not null,
	urgent boolean not null,
	state text not null check (state in ('reserved', 'settled', 'released', 'refused')),
	code text not null, -- why it was refused or released
	day text /*bytewise*/ not null, -- the business day it counts for
	ref bigint not null, -- the message or call, 0 while unknown
	created_at bigint not null,
	changed_at bigint not null
);
create index consent_contact_patient on consent_contact (patient_id, day, channel);

-- One row per patient that a reservation touches first, so that two processes cannot both take the last place under a cap.
-- class: local
create table consent_turn (
	subject_id bigint primary key,
	at bigint not null
);
