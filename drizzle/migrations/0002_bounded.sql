CREATE TABLE "schedules" (
	"workflow" text PRIMARY KEY NOT NULL,
	"tick" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "job_executions" ADD COLUMN "actor" text DEFAULT 'atelier' NOT NULL;--> statement-breakpoint
ALTER TABLE "job_executions" ADD COLUMN "called_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "job_executions" ADD COLUMN "result" jsonb;--> statement-breakpoint
CREATE INDEX "job_executions_finished_at" ON "job_executions" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "job_executions_queued" ON "job_executions" USING btree ("actor","created_at") WHERE "job_executions"."status" = 'pending' and "job_executions"."called_at" is null;