-- +goose Up
-- Feeds that are watched and steered, and feeds that we fetch ourselves from views of another database.

-- A check that names the kinds cannot be widened in place on every engine: the column is made anew.
alter table intake_feed add column door text not null default 'mllp' check (door in ('mllp', 'upload', 'command', 'fhir', 'v3', 'sql'));
update intake_feed set door = kind;
alter table intake_feed drop column kind;
alter table intake_feed rename column door to kind;

alter table intake_feed add column stopped_at bigint not null default 0; -- a person stopped it, 0 = it runs
alter table intake_feed add column late_minutes bigint not null default 0; -- silence after which it is late, 0 = the hospital's setting
alter table intake_feed add column alarmed_at bigint not null default 0; -- when its silence was reported, 0 = it is not silent
alter table intake_feed add column told_at bigint not null default 0; -- the sender's own time of the last record taken live
alter table intake_feed add column n_discarded bigint not null default 0;

-- What came in by the hour, for the curve of a day.
-- class: local
create table intake_hour (
	feed_id bigint not null references intake_feed (id),
	hour bigint not null, -- its first instant
	taken bigint not null, -- new, updated or unchanged
	open bigint not null, -- to review or rejected
	repeated bigint not null,
	primary key (feed_id, hour)
);

-- Records that a person put aside for good are settled.
alter table intake_message add column discarded text not null default ''; -- the reason

-- A view of another system's database that we read by schedule.
-- class: reference
create table intake_pull (
	feed_id bigint primary key references intake_feed (id),
	driver text not null check (driver in ('postgres', 'mysql', 'sqlserver', 'oracle')),
	host text not null,
	port bigint not null,
	database_name text not null,
	account text not null,
	password text not null, -- sealed with the key in the data directory
	encryption text not null check (encryption in ('off', 'on', 'verified')),
	view_name text not null, -- schema.view
	key_column text not null,
	changed_column text not null, -- '' = the whole view each time
	options text not null, -- encoded: mapping, date order, issuer
	every_minutes bigint not null,
	row_cap bigint not null,
	timeout_seconds bigint not null,
	mark text not null, -- the newest change that was taken, as the source writes it
	mark_key text not null,
	unfinished boolean not null, -- the last pull ended at the row cap: the next goes on behind mark and mark_key
	pass bigint not null, -- which walk over the whole view
	next_at bigint not null,
	last_error text not null, -- text key
	seen bigint not null, -- rows read by the last pull
	gone bigint not null, -- rows that had vanished from the view at the last whole walk
	version bigint not null,
	created_at bigint not null,
	created_by bigint,
	updated_at bigint not null
);
create index intake_pull_due on intake_pull (next_at);

-- What each row of a view said last, so that only what changed is taken.
-- class: local
create table intake_pulled (
	feed_id bigint not null references intake_feed (id),
	row_key text /*bytewise*/ not null,
	hash text not null,
	pass bigint not null,
	at bigint not null,
	primary key (feed_id, row_key)
);
create index intake_pulled_pass on intake_pulled (feed_id, pass);
create index intake_pulled_at on intake_pulled (feed_id, at);
