-- Progress is data: every change of a run or of one of its steps is told to all processes, in
-- the same transaction, on the channel run_changed: the run's id, and what changed of it.
CREATE FUNCTION tell_run_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'job_executions' THEN
    PERFORM pg_notify('run_changed', NEW.id || ' run');
  ELSE
    PERFORM pg_notify('run_changed', NEW.run_id || ' steps');
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER job_executions_changed AFTER INSERT OR UPDATE OF status, error ON job_executions
  FOR EACH ROW EXECUTE FUNCTION tell_run_changed();
--> statement-breakpoint
CREATE TRIGGER provisioning_steps_changed AFTER UPDATE ON provisioning_steps
  FOR EACH ROW EXECUTE FUNCTION tell_run_changed();
--> statement-breakpoint
-- The audit outlives what it speaks of and is never rewritten. Who removes old rows on purpose
-- has to say so in the same transaction: SET LOCAL atelier.prune = 'on'.
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
