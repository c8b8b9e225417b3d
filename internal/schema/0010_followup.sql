-- +goose Up
-- Templates with versions, plans with steps, tasks with their log, appointment reminders.

-- class: reference
create table followup_template (
	id bigint primary key,
	code text not null,
	name text not null,
	department_id bigint,
	state text not null check (state in ('draft', 'active', 'retired')),
	active_version bigint not null,
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null
);
create unique index followup_template_code on followup_template (code);

-- class: reference
create table followup_version (
	template_id bigint not null references followup_template(id),
	version bigint not null,
	state text not null check (state in ('draft', 'active', 'retired')),
	body text not null,
	author_id bigint,
	author text not null,
	created_at bigint not null,
	activated_at bigint not null,
	primary key (template_id, version)
);

-- class: reference
create table followup_rule (
	id bigint primary key,
	place bigint not null,
	body text not null,
	updated_at bigint not null
);

-- class: patient
create table followup_plan (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	key text /*bytewise*/ not null,
	template_id bigint,
	template_version bigint not null,
	name text not null,
	encounter_id bigint,
	kind text not null check (kind in ('discharge', 'procedure', 'condition', 'visit', 'adhoc')),
	department_id bigint,
	day0 text not null,
	state text not null check (state in ('active', 'done', 'exited')),
	reason text not null,
	steps bigint not null,
	done bigint not null,
	next_at bigint not null,
	created_at bigint not null,
	ended_at bigint not null
);
create unique index followup_plan_key on followup_plan (patient_id, key);
create index followup_plan_template on followup_plan (template_id, state);
create index followup_plan_state on followup_plan (state, id);

-- class: patient
create table followup_step (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	plan_id bigint not null,
	key text not null,
	title text not null,
	kind text not null check (kind in ('message', 'call', 'review')),
	day bigint not null,
	nominal text not null,
	date text not null,
	until text not null,
	act_at bigint not null,
	clash boolean not null,
	shut boolean not null,
	state text not null check (state in ('pending', 'sent', 'task', 'done', 'skipped', 'cancelled')),
	rung bigint not null,
	message_id bigint,
	message_state text not null,
	task_id bigint,
	answer text not null,
	outcome text not null,
	done_at bigint not null
);
create unique index followup_step_key on followup_step (patient_id, plan_id, key);
create index followup_step_due on followup_step (act_at, id) where state in ('pending', 'sent');

-- class: patient
create table followup_task (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	plan_id bigint,
	step_id bigint,
	encounter_id bigint,
	kind text not null check (kind in ('call', 'review', 'flag', 'adhoc')),
	key text /*bytewise*/ not null,
	title text not null,
	source text not null,
	state text not null check (state in ('open', 'done', 'unreached', 'cancelled')),
	department_id bigint,
	owner_id bigint,
	due_at bigint not null,
	severity bigint not null,
	provisional boolean not null,
	tries bigint not null,
	raised_at bigint not null,
	ack_by bigint not null,
	acknowledged_at bigint not null,
	acknowledged_by bigint,
	rung bigint not null,
	climb_at bigint not null,
	message_id bigint,
	incoming_id bigint,
	answer_code text not null,
	answer_label text not null,
	answer_text text not null,
	answered_at bigint not null,
	outcome text not null,
	notes text not null,
	draft text not null,
	draft_at bigint not null,
	started_at bigint not null,
	done_at bigint not null,
	done_by bigint,
	created_at bigint not null
);
create unique index followup_task_key on followup_task (patient_id, key);
create index followup_task_open on followup_task (due_at, id) where state = 'open';
create index followup_task_owner on followup_task (owner_id, due_at, id) where state = 'open';
create index followup_task_patient on followup_task (patient_id, created_at desc, id desc);
create index followup_task_climb on followup_task (climb_at) where state = 'open' and climb_at > 0;
create index followup_task_done on followup_task (done_at) where state <> 'open';

-- class: patient
create table followup_note (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	task_id bigint not null,
	code text not null,
	text text not null,
	actor_id bigint,
	actor text not null,
	undo text not null,
	at bigint not null
);
create index followup_note_task on followup_note (patient_id, task_id, at, id);

-- class: patient
create table followup_reminder (
	id bigint primary key,
	patient_id bigint not null references patient_patient(id),
	appointment_id bigint not null,
	department_id bigint,
	starts_at bigint not null,
	send_at bigint not null,
	hours bigint not null,
	state text not null check (state in ('pending', 'sent', 'cancelled', 'skipped')),
	message_id bigint,
	updated_at bigint not null
);
create index followup_step_message on followup_step (patient_id, message_id) where message_id is not null;
create unique index followup_reminder_key on followup_reminder (patient_id, appointment_id);
create index followup_reminder_due on followup_reminder (send_at, id) where state = 'pending';
