CREATE TABLE "action_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "action_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"entry_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"request_id" text,
	"actor" text NOT NULL,
	"actor_name" text NOT NULL,
	"role" text,
	"session_id" uuid,
	"address" text NOT NULL,
	"action" text NOT NULL,
	"subject_type" text,
	"subject_id" uuid,
	"status" integer NOT NULL,
	"code" text,
	"run_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "action_log_entry_id_unique" UNIQUE("entry_id")
);
--> statement-breakpoint
ALTER TABLE "job_executions" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "request_id" text;--> statement-breakpoint
CREATE INDEX "action_log_actor" ON "action_log" USING btree ("actor","id");--> statement-breakpoint
CREATE INDEX "action_log_subject" ON "action_log" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "action_log_request" ON "action_log" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "action_log_at" ON "action_log" USING btree ("at");