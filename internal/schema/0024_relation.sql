-- +goose Up
-- Who belongs to whom. A relation between two patients is two rows, one seen from each side, that share their link.

-- class: patient
create table patient_relation (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	link bigint not null, -- the same in both rows of one relation
	kind text not null, -- what the relative is to the patient
	relative_id bigint, -- a patient, or none: then name and number say who it is
	name text not null,
	number text /*bytewise*/ not null, -- normalised telephone of somebody who is no patient
	care boolean not null, -- calls and texts about care go to the relative
	notice boolean not null, -- and those about dates and results
	household boolean not null, -- they live together
	verified_at bigint not null, -- of the number; 0 = never
	note text not null,
	source text not null,
	created_by bigint,
	created_at bigint not null,
	updated_at bigint not null,
	version bigint not null
);
create index patient_relation_patient on patient_relation (patient_id, id);
-- How fresh numbers are is counted from this index alone.
create index patient_contact_verified on patient_contact (verified_at, patient_id) where system in ('mobile', 'phone');
create index patient_relation_number on patient_relation (number) where number <> '';
