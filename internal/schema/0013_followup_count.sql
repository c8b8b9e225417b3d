-- +goose Up
-- The worklists' order carries what their counters look at, so that counting need not read the tasks; red flags have a short index of their own.

drop index followup_task_open;
create index followup_task_open on followup_task (due_at, id, kind, patient_id, owner_id, rung, created_at) where state = 'open';
create index followup_task_flag on followup_task (due_at, id, patient_id, owner_id, rung, created_at) where state = 'open' and kind = 'flag';
