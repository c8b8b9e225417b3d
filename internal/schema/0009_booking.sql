-- +goose Up
-- Appointments as the HIS tells them; our own schedules come later.

-- class: patient
create table booking_appointment (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	issuer text not null,
	number text /*bytewise*/ not null,
	placer text not null,
	state text not null check (state in ('booked', 'cancelled', 'missed', 'arrived')),
	department_id bigint,
	doctor_id bigint,
	doctor_name text not null,
	starts_at bigint not null,
	ends_at bigint not null,
	date text not null,
	reason text not null,
	encounter_id bigint,
	told_at bigint not null,
	created_at bigint not null,
	updated_at bigint not null
);
create unique index booking_appointment_number on booking_appointment (patient_id, issuer, number);
create index booking_appointment_patient on booking_appointment (patient_id, starts_at desc, id desc);
create index booking_appointment_due on booking_appointment (starts_at) where state = 'booked';

-- class: patient
create table booking_change (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	appointment_id bigint not null,
	what text not null check (what in ('booked', 'moved', 'changed', 'cancelled', 'missed', 'arrived')),
	from_at bigint not null,
	to_at bigint not null,
	reason text not null,
	actor text not null,
	at bigint not null
);
create index booking_change_appointment on booking_change (patient_id, appointment_id, at, id);
