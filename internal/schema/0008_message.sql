-- +goose Up
-- Messages: templates, what goes out with its receipts, what comes in, and the questions that wait for an answer.

-- class: reference
create table message_template (
	id bigint primary key,
	code text /*bytewise*/ not null,
	name text not null,
	family text not null,
	purpose text not null check (purpose in ('care', 'notice', 'survey', 'promotion')),
	text text not null,
	state text not null check (state in ('draft', 'approved', 'retired')),
	version bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	updated_by bigint,
	deleted_at bigint
);
create unique index message_template_code on message_template (code) where deleted_at is null;

-- class: reference
create table message_template_version (
	template_id bigint not null references message_template (id),
	version bigint not null,
	name text not null,
	text text not null,
	state text not null,
	at bigint not null,
	by_id bigint,
	primary key (template_id, version)
);

-- class: patient
create table message_message (
	id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	key text /*bytewise*/ not null, -- the sender's own key against doubles, '' = none; not unique, because a merge may bring two together
	channel text not null,
	purpose text not null check (purpose in ('care', 'notice', 'survey', 'promotion')),
	address text /*bytewise*/ not null, -- normalised number
	text text not null, -- rendered, with signature
	signature text not null,
	extension text /*bytewise*/ not null,
	template_code text not null,
	params text not null, -- encoded, opaque
	room text not null,
	ref bigint not null,
	state text not null check (state in ('queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'blocked', 'cancelled')),
	reason text not null, -- why it waits, was blocked or failed
	provider_code text not null,
	not_before bigint not null,
	urgent boolean not null,
	parts bigint not null,
	cost_fen bigint not null,
	route text not null,
	tries bigint not null,
	lease_until bigint not null,
	sender_id bigint, -- staff
	reply_to bigint, -- message_incoming
	reservation_id bigint,
	created_at bigint not null,
	sending_at bigint not null,
	accepted_at bigint not null,
	settled_at bigint not null
);
create index message_message_key on message_message (key, patient_id) where key <> '';
create index message_message_due on message_message (not_before, id) where state = 'queued';
create index message_message_leased on message_message (lease_until) where state = 'sending';
create index message_message_waiting on message_message (accepted_at) where state = 'accepted';
create index message_message_patient on message_message (patient_id, created_at, id);
create index message_message_list on message_message (state, created_at, id);
create index message_message_created on message_message (created_at, id);
create index message_message_number on message_message (address, extension, created_at);

-- What the provider says of each part.
-- class: patient
create table message_part (
	patient_id bigint not null references patient_patient (id),
	message_id bigint not null,
	part bigint not null, -- from 1
	route text not null,
	provider_id text not null,
	provider_key text /*bytewise*/ not null,
	state text not null check (state in ('open', 'delivered', 'failed', 'unknown')),
	code text not null,
	at bigint not null,
	primary key (message_id, part, patient_id)
);
create index message_part_provider on message_part (provider_key, route);

-- Receipts that match nothing yet; they may be early.
-- class: local
create table message_receipt (
	id bigint primary key,
	route text not null,
	provider_id text not null,
	provider_key text /*bytewise*/ not null,
	number text /*bytewise*/ not null, -- normalised
	state text not null,
	code text not null,
	at bigint not null,
	received_at bigint not null
);
create unique index message_receipt_provider on message_receipt (provider_key, route, state, code);
create index message_receipt_number on message_receipt (number, route);
create index message_receipt_received on message_receipt (received_at);

-- class: patient
create table message_question (
	message_id bigint primary key,
	patient_id bigint not null references patient_patient (id),
	address text /*bytewise*/ not null,
	extension text /*bytewise*/ not null,
	choices text not null, -- encoded list of code and label, opaque
	room text not null,
	ref bigint not null,
	state text not null check (state in ('open', 'answered', 'expired', 'dropped')),
	expires_at bigint not null,
	code text not null,
	incoming_id bigint,
	created_at bigint not null
);
create index message_question_open on message_question (expires_at) where state = 'open';
create index message_question_address on message_question (address, created_at);
create index message_question_patient on message_question (patient_id, created_at);

-- What patients send us; patient_id is null while nobody knows whose number it is.
-- class: local
create table message_incoming (
	id bigint primary key,
	patient_id bigint,
	route text not null,
	provider_id text /*bytewise*/ not null,
	address text /*bytewise*/ not null, -- normalised number
	number text /*bytewise*/ not null, -- our number as dialled
	extension text /*bytewise*/ not null,
	text text not null,
	received_at bigint not null,
	repeats bigint not null,
	state text not null check (state in ('new', 'coded', 'needs_person', 'done')),
	reason text not null, -- why a person is needed: unclear, ambiguous, unmatched, late
	code text not null,
	code_label text not null,
	provisional boolean not null,
	opt_out boolean not null,
	question_id bigint,
	message_id bigint, -- the message it answers, as far as known
	owner_id bigint, -- staff
	done_by bigint,
	done_at bigint not null
);
create unique index message_incoming_provider on message_incoming (route, provider_id) where provider_id <> '';
create index message_incoming_patient on message_incoming (patient_id, received_at, id);
create index message_incoming_list on message_incoming (received_at, id);
create index message_incoming_owner on message_incoming (owner_id, received_at, id);
create index message_incoming_unmatched on message_incoming (received_at, id) where patient_id is null;
create index message_incoming_number on message_incoming (address, received_at);

-- Parts of long incoming messages that wait for the others.
-- class: local
create table message_incoming_part (
	route text not null,
	address text /*bytewise*/ not null,
	ref text not null,
	total bigint not null,
	part bigint not null,
	units text not null, -- UTF-16 units in hexadecimal, four digits each
	received_at bigint not null,
	primary key (route, address, ref, total, part)
);
