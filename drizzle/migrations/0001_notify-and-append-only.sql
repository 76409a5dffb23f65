-- Progress is data: every change of a run, of its steps or of its waits notifies all processes, in
-- the same transaction, on the channel run_changed: the run's id, and what changed of it.
CREATE FUNCTION notify_run_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'job_executions' THEN
    PERFORM pg_notify('run_changed', NEW.id || ' run');
  ELSIF TG_TABLE_NAME = 'run_waits' THEN
    PERFORM pg_notify('run_changed', NEW.run_id || ' run');
  ELSE
    PERFORM pg_notify('run_changed', NEW.run_id || ' steps');
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER job_executions_changed AFTER INSERT OR UPDATE OF status, error ON job_executions
  FOR EACH ROW EXECUTE FUNCTION notify_run_changed();
--> statement-breakpoint
CREATE TRIGGER provisioning_steps_changed AFTER UPDATE OF changed_at ON provisioning_steps
  FOR EACH ROW EXECUTE FUNCTION notify_run_changed();
--> statement-breakpoint
CREATE TRIGGER run_waits_changed AFTER INSERT OR UPDATE ON run_waits
  FOR EACH ROW EXECUTE FUNCTION notify_run_changed();
--> statement-breakpoint
-- The audit outlives its subjects and is never rewritten. A transaction that removes old rows on purpose
-- has to say so: SET LOCAL atelier.prune = 'on'.
CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('atelier.prune', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit_log is append-only';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION keep_audit();
--> statement-breakpoint
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION keep_audit();
