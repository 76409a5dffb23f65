-- The runtime names the steps of an execution by the time it started. When two processes take its
-- first message at the same moment, its world lets each write a time of its own: each then makes
-- steps that the other cannot find again, and the execution is given up as corrupted. The first
-- time stands; the second process is told that one. Where the runtime is not in this database,
-- there is nothing to keep.
DO $$ BEGIN
  IF to_regclass('workflow.workflow_runs') IS NOT NULL THEN
    CREATE FUNCTION workflow.keep_start() RETURNS trigger LANGUAGE plpgsql AS $keep$
    BEGIN
      NEW.started_at := OLD.started_at;
      RETURN NEW;
    END $keep$;
    CREATE TRIGGER keep_start BEFORE UPDATE OF started_at ON workflow.workflow_runs
      FOR EACH ROW WHEN (OLD.started_at IS NOT NULL) EXECUTE FUNCTION workflow.keep_start();
  END IF;
END $$;
