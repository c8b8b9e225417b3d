-- +goose Up
-- The flight recorder of imports: mappings by name, departments by the name files give them, rows that repeat, what every row wrote,
-- and roll-backs.

alter table intake_message add column undone_at bigint not null default 0; -- when its import was rolled back, 0 = it stands
drop index intake_message_key;
create unique index intake_message_key on intake_message (hash, feed_id, control_id) where undone_at = 0;
create index intake_message_verdict on intake_message (run_id, verdict, id);
create index intake_message_warned on intake_message (run_id, id) where reasons <> '[]';

-- A row of a file that we held already.
-- class: local
create table intake_repeat (
	id bigint primary key,
	run_id bigint not null references intake_run (id),
	message_id bigint not null,
	ref text not null
);
create index intake_repeat_run on intake_repeat (run_id, id);

-- How the columns of a kind of file are read, by name; the fingerprint of its headings finds it again.
-- class: reference
create table intake_mapping (
	id bigint primary key,
	name text not null,
	fingerprint text /*bytewise*/ not null,
	options text not null, -- encoded: mapping, date order, character set, issuer
	uses bigint not null,
	used_at bigint not null,
	created_at bigint not null,
	created_by bigint,
	actor text not null
);
create unique index intake_mapping_name on intake_mapping (name);
create index intake_mapping_fingerprint on intake_mapping (fingerprint, used_at);

-- What a person said a department's name or code in files means.
-- class: reference
create table intake_department (
	word text /*bytewise*/ primary key,
	department_id bigint not null references staff_department (id),
	decided_by bigint,
	decided_at bigint not null
);

-- What the rows of an import wrote of one patient within one chunk: every row of every table as it was before, and the hash of what it
-- became. The patient may be gone, so it is no reference.
-- class: local
create table intake_patch (
	id bigint primary key,
	run_id bigint not null references intake_run (id),
	patient_id bigint not null,
	fresh boolean not null, -- the patient came into being
	content text not null, -- encoded row changes
	state text not null check (state in ('open', 'undone', 'kept')),
	reason text not null, -- a text key: why it was kept
	at bigint not null
);
create index intake_patch_run on intake_patch (run_id, state, id);
create index intake_patch_patient on intake_patch (run_id, patient_id, id);

-- class: local
create table intake_rollback (
	id bigint primary key,
	run_id bigint not null references intake_run (id),
	job_id bigint not null,
	state text not null check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
	total bigint not null, -- patches to look at
	done bigint not null,
	n_removed bigint not null, -- patients
	n_restored bigint not null, -- patients
	n_kept bigint not null, -- patches
	created_at bigint not null,
	started_at bigint not null,
	finished_at bigint not null,
	actor_id bigint,
	actor text not null
);
create index intake_rollback_run on intake_rollback (run_id, id);
