-- +goose Up
-- Saved views: a list's address with its filters, private or shared.

-- class: reference
create table view_view (
	id bigint primary key,
	owner_id bigint not null references staff_account (id),
	page text not null,
	name text not null,
	query text not null,
	shared boolean not null,
	rank bigint not null,
	created_at bigint not null
);
create index view_view_page on view_view (page, shared, owner_id);
