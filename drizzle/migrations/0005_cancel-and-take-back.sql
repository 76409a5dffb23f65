ALTER TABLE "job_executions" ADD COLUMN "takes_back" uuid;--> statement-breakpoint
ALTER TABLE "external_resources" ADD COLUMN "removed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "job_executions" ADD CONSTRAINT "job_executions_takes_back_job_executions_id_fk" FOREIGN KEY ("takes_back") REFERENCES "public"."job_executions"("id") ON DELETE set null ON UPDATE no action;