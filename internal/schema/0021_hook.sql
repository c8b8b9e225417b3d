-- +goose Up
-- Machines that push to us, what they call their things, and what leads from a report to the system that shows it.

-- A sender with a token of its own. Its feed counts what came in.
-- class: reference
create table intake_hook (
	id bigint primary key,
	feed_id bigint not null references intake_feed (id),
	format text not null check (format in ('fhir', 'v3')),
	token_hash text not null, -- SHA-256 of the token's secret part, '' once revoked
	allow text not null, -- networks that may call, separated by blanks; '' = any
	options text not null, -- encoded: issuer, identifier systems, paths
	created_at bigint not null,
	created_by bigint,
	rotated_at bigint not null, -- when the token was made
	seen_at bigint not null, -- last accepted call, 0 = never
	version bigint not null
);
create unique index intake_hook_feed on intake_hook (feed_id);

-- What a source calls its things by address ("Patient/123"): the numbers behind it, and the content it last had.
-- class: local
create table intake_resource (
	feed_id bigint not null references intake_feed (id),
	name text /*bytewise*/ not null,
	known text not null, -- encoded: numbers of the person, or the visit
	hash text not null, -- of what was last said under this name, '' where the source dates its words
	version bigint not null, -- how often the content changed
	at bigint not null,
	primary key (feed_id, name)
);

-- Which system holds the report, under which number, and its text where the hospital keeps that.
alter table visit_report add column issuer text not null default '';
alter table visit_report add column number text not null default '';
alter table visit_report add column result text not null default '';
