-- +goose Up
-- Who had a red flag before it climbed: it stays on their list until somebody has closed it.

alter table followup_task add column watcher_id bigint;
create index followup_task_watcher on followup_task (watcher_id, due_at, id) where state = 'open' and watcher_id is not null;
