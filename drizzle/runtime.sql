-- What Atelier adds to the schema of the workflow runtime. It is applied after each migration of the runtime, so
-- every statement can be repeated.

-- The runtime replays the events of a run in the order of their ids, and makes an id from the clock of the process
-- that writes it. Two processes whose clocks differ would write events in an order that no replay accepts. So the
-- database gives every event its id: a ULID of the database's clock, later than all others of its run. Nothing reads
-- the id that the process had made.
create or replace function workflow.give_event_id() returns trigger language plpgsql as $$
declare
  alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  last_id text;
  ms bigint := floor(extract(epoch from clock_timestamp()) * 1000);
  last_ms bigint := 0;
begin
  -- Until the transaction ends, so that the events of a run become visible in the order of their ids. A reader that
  -- has seen one has seen all before it. 4150023 is the class of these locks; the number is arbitrary.
  perform pg_advisory_xact_lock(4150023, hashtext(new.run_id));
  -- The collation keeps the planner from reading the primary key backwards past the events of all other runs.
  select max(id collate "C") into last_id from workflow.workflow_events where run_id = new.run_id;
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

create or replace trigger give_event_id before insert on workflow.workflow_events
  for each row execute function workflow.give_event_id();
