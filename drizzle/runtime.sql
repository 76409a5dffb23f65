-- What Atelier adds to the schema of the workflow runtime, beside migrations/0002_one-start.sql. It is applied after
-- each migration of the runtime, so every statement can be repeated.

-- The runtime replays the events of a run in the order of their ids, and makes an id from the clock of the process
-- that writes it. Two processes whose clocks differ would write events in an order that no replay accepts. So the
-- database gives every event its id: a ULID of the database's clock, later than all others of its run. Nothing reads
-- the id that the process had made.
create or replace function workflow.order_event() returns trigger language plpgsql as $$
declare
  alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  last_id text;
  has_ended boolean;
  ms bigint := floor(extract(epoch from clock_timestamp()) * 1000);
  last_ms bigint := 0;
begin
  -- Until the transaction ends, so that the events of a run become visible in the order of their ids. A reader that
  -- has seen one has seen all before it. 4150023 is the class of these locks; the number is arbitrary.
  perform pg_advisory_xact_lock(4150023, hashtext(new.run_id));
  -- The collation keeps the planner from reading the primary key backwards past the events of all other runs.
  select max(id collate "C"), bool_or(type in ('step_completed', 'step_failed') and correlation_id = new.correlation_id)
    into last_id, has_ended from workflow.workflow_events where run_id = new.run_id;
  -- Two processes may execute one step. The runtime changes the step's row first and writes the event later, so the
  -- event of the slower one may come after the step's end. No replay accepts that. Without a row the runtime takes
  -- the step for finished elsewhere.
  if has_ended and new.type like 'step\_%' then
    return null;
  end if;
  if last_id is not null then
    for place in 6..15 loop
      last_ms := last_ms * 32 + strpos(alphabet, substr(last_id, place, 1)) - 1;
    end loop;
    -- The clock of the database, too, may go back.
    ms := greatest(ms, last_ms + 1);
  end if;
  new.id := upper(left(replace(gen_random_uuid()::text, '-', ''), 16));
  for place in 1..10 loop
    new.id := substr(alphabet, 1 + (ms & 31)::int, 1) || new.id;
    ms := ms >> 5;
  end loop;
  new.id := 'wevt_' || new.id;
  return new;
end $$;

create or replace trigger order_event before insert on workflow.workflow_events
  for each row execute function workflow.order_event();
