-- +goose Up
-- What a person has arranged for themselves, and the tray of files that lists became.

alter table view_view add column layout text not null default '';

-- class: local
create table view_preference (
	staff_id bigint not null,
	key text not null, -- table.patients, view.patients …
	value text not null, -- as the page wrote it
	updated_at bigint not null,
	primary key (staff_id, key)
);

-- class: local
create table view_export (
	id bigint primary key,
	owner_id bigint not null,
	source text not null, -- the list: patients
	format text not null check (format in ('csv', 'xlsx')),
	request text not null, -- the list's filter, sort and columns as its room wrote them
	reason text not null,
	unmasked boolean not null,
	words text not null, -- whose data, as printed on the file
	locale text not null,
	state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'expired')),
	error text not null, -- text key
	job_id bigint not null,
	done bigint not null,
	total bigint not null, -- 0 = not known
	size bigint not null,
	sha256 text not null,
	canary text not null, -- the telephone of the row that belongs to nobody
	downloads bigint not null,
	created_at bigint not null,
	started_at bigint not null,
	finished_at bigint not null,
	expires_at bigint not null
);
create index view_export_owner on view_export (owner_id, id);
create index view_export_expires on view_export (expires_at) where state in ('waiting', 'running', 'done');
create index view_export_canary on view_export (canary);
