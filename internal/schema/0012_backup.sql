-- +goose Up
-- Copies made and their restore drills.

-- class: local
create table backup_copy (
	id bigint primary key,
	name text not null,
	state text not null check (state in ('running', 'ok', 'failed', 'removed')),
	size bigint not null,
	sha256 text not null,
	started_at bigint not null,
	finished_at bigint not null,
	verified_at bigint not null,
	tables bigint not null,
	rows_copied bigint not null,
	error text not null
);
create index backup_copy_started on backup_copy (started_at);
