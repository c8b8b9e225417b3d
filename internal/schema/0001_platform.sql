-- +goose Up
-- Facts, jobs and the trail. Columns named patient_id here are 0 when no patient is concerned; these tables never move in a merge.

-- class: local
create table event_fact (
	id bigint primary key,
	seq bigint,
	name text not null,
	patient_id bigint not null,
	v bigint not null,
	body text not null,
	at bigint not null
);
create unique index event_fact_seq on event_fact (seq);
create index event_fact_unordered on event_fact (id) where seq is null;

-- class: local
create table event_delivery (
	fact_id bigint not null,
	listener text not null,
	patient_id bigint not null,
	state text not null check (state in ('pending', 'done', 'dead')),
	tries bigint not null,
	next_at bigint not null,
	error text not null,
	primary key (fact_id, listener)
);
create index event_delivery_pending on event_delivery (fact_id) where state = 'pending';
create index event_delivery_failing on event_delivery (listener, patient_id) where state = 'pending' and tries > 0;
create index event_delivery_dead on event_delivery (fact_id) where state = 'dead';

-- class: local
create table event_cursor (
	name text primary key,
	value bigint not null
);

-- class: local
create table job_job (
	id bigint primary key,
	kind text not null,
	key text,
	state text not null check (state in ('ready', 'running', 'done', 'dead', 'cancelled')),
	payload text not null,
	tries bigint not null,
	run_at bigint not null,
	lease_until bigint not null,
	cancel boolean not null default false,
	done bigint not null,
	total bigint not null,
	note text not null,
	error text not null,
	created_at bigint not null,
	finished_at bigint not null
);
create unique index job_job_key on job_job (kind, key);
create index job_job_ready on job_job (kind, run_at, id) where state in ('ready', 'running');
create index job_job_dead on job_job (id) where state = 'dead';

-- class: local
create table job_beat (
	name text primary key,
	at bigint not null,
	ok_at bigint not null,
	interval bigint not null,
	error text not null
);

-- class: local
create table trail_entry (
	id bigint primary key,
	seq bigint,
	at bigint not null,
	actor_id bigint not null,
	actor text not null,
	door text not null,
	request_id text not null,
	action text not null,
	entity text not null,
	entity_id bigint not null,
	patient_id bigint not null,
	reason text not null,
	detail text not null,
	hash text
);
create unique index trail_entry_seq on trail_entry (seq);
create index trail_entry_unsealed on trail_entry (id) where seq is null;
create index trail_entry_at on trail_entry (at, id);
create index trail_entry_patient on trail_entry (patient_id, at, id);
create index trail_entry_actor on trail_entry (actor_id, at, id);
