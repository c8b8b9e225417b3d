-- +goose Up
-- What comes in: feeds and their health, uploaded files, runs, and every record with its bytes and its verdict.

-- class: reference
create table intake_feed (
	id bigint primary key,
	name text not null,
	kind text not null check (kind in ('mllp', 'upload', 'command')),
	address text not null,
	last_run_at bigint not null,
	lag_ms bigint not null, -- from the message's own time to our commit, of the last one taken live
	n_new bigint not null,
	n_updated bigint not null,
	n_unchanged bigint not null,
	n_review bigint not null,
	n_duplicate bigint not null,
	n_rejected bigint not null,
	last_error text not null, -- a text key, '' when the last record went well
	error_at bigint not null,
	created_at bigint not null
);
create unique index intake_feed_name on intake_feed (name);

-- class: local
create table intake_upload (
	id bigint primary key,
	name text not null,
	content text not null, -- SHA-256 under which the bytes are stored
	size bigint not null,
	format text not null,
	charset text not null,
	records bigint not null,
	created_at bigint not null,
	created_by bigint,
	actor text not null
);
create index intake_upload_at on intake_upload (created_at);

-- class: local
create table intake_run (
	id bigint primary key,
	feed_id bigint not null references intake_feed (id),
	upload_id bigint,
	job_id bigint not null,
	file text not null,
	content text not null,
	options text not null, -- encoded: charset, mapping, date order
	state text not null check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
	done bigint not null,
	total bigint not null,
	n_new bigint not null,
	n_updated bigint not null,
	n_unchanged bigint not null,
	n_review bigint not null,
	n_duplicate bigint not null,
	n_rejected bigint not null,
	error text not null,
	created_at bigint not null,
	started_at bigint not null,
	finished_at bigint not null,
	actor_id bigint,
	actor text not null
);
create index intake_run_feed on intake_run (feed_id, id);

-- One record as received. Its key for duplicates is feed, control number and content: real feeds repeat control numbers.
-- class: local
create table intake_message (
	id bigint primary key,
	feed_id bigint not null references intake_feed (id),
	run_id bigint,
	ref text not null,
	sender text not null,
	control_id text not null,
	hash text /*bytewise*/ not null,
	type text not null,
	event text not null,
	charset text not null,
	raw text not null,
	raw_form text not null check (raw_form in ('text', 'base64')), -- base64 where the bytes are no UTF-8
	repaired text not null, -- the record as a person mended it, encoded
	verdict text not null check (verdict in ('new', 'updated', 'unchanged', 'review', 'rejected')),
	code text not null,
	reasons text not null, -- encoded
	key text not null, -- what the patient was found by
	changed text not null, -- encoded: names of the fields that changed
	candidates text not null, -- encoded: who it may be, for review
	patient_id bigint,
	occurred_at bigint not null,
	received_at bigint not null,
	processed_at bigint not null,
	attempts bigint not null,
	decided_by bigint
);
create unique index intake_message_key on intake_message (hash, feed_id, control_id);
create index intake_message_feed on intake_message (feed_id, id);
create index intake_message_run on intake_message (run_id, id);
create index intake_message_open on intake_message (verdict, id) where verdict in ('review', 'rejected');
create index intake_message_patient on intake_message (patient_id, id);
