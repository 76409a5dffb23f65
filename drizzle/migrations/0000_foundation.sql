CREATE TABLE "courses" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"semester" text NOT NULL,
	"type" text NOT NULL,
	"discord_guild_id" text,
	"discord_category_name" text NOT NULL,
	"discord_channels" jsonb NOT NULL,
	"github_repo_name" text,
	"install_state" uuid DEFAULT gen_random_uuid() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "courses_slug_unique" UNIQUE("slug"),
	CONSTRAINT "courses_install_state_unique" UNIQUE("install_state")
);
--> statement-breakpoint
CREATE TABLE "lab_groups" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"course_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"name" text NOT NULL,
	"github_repo_name" text NOT NULL,
	"discord_channel_name" text NOT NULL,
	"discord_role_name" text NOT NULL,
	CONSTRAINT "lab_groups_number" UNIQUE("course_id","number"),
	CONSTRAINT "lab_groups_repo" UNIQUE("course_id","github_repo_name"),
	CONSTRAINT "lab_groups_channel" UNIQUE("course_id","discord_channel_name"),
	CONSTRAINT "lab_groups_role" UNIQUE("course_id","discord_role_name")
);
--> statement-breakpoint
CREATE TABLE "provisioning_steps" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"run_id" uuid NOT NULL,
	"name" text NOT NULL,
	"item" text NOT NULL,
	"position" integer NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"result" jsonb,
	"next_attempt_at" timestamp with time zone,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "provisioning_steps_item" UNIQUE("run_id","name","item")
);
--> statement-breakpoint
CREATE TABLE "job_executions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workflow" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"retry_of" uuid,
	"runtime_run_id" text,
	"error" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "job_executions_runtime_run_id_unique" UNIQUE("runtime_run_id")
);
--> statement-breakpoint
CREATE TABLE "external_resources" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"service" text NOT NULL,
	"type" text NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"group_number" integer,
	"intended_at" timestamp with time zone,
	"external_id" text,
	"url" text,
	"detail" jsonb,
	"fence" bigint DEFAULT 1 NOT NULL,
	"lease_holder" uuid,
	"leased_at" timestamp with time zone,
	"leased_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"made_at" timestamp with time zone,
	CONSTRAINT "external_resources_key" UNIQUE("subject_id","service","type","key")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"service" text NOT NULL,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"result" text NOT NULL,
	"status_code" integer,
	"duration_ms" integer NOT NULL,
	"error_message" text,
	"run_id" uuid,
	"course_id" uuid,
	"step" text,
	"item" text,
	"attempt" integer
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"hash" text NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"actor" text NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"body_hash" text NOT NULL,
	"result" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_actor_key_pk" PRIMARY KEY("actor","key")
);
--> statement-breakpoint
CREATE TABLE "sign_in_codes" (
	"hash" text PRIMARY KEY NOT NULL,
	"actor" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"lock_key" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "lab_groups" ADD CONSTRAINT "lab_groups_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provisioning_steps" ADD CONSTRAINT "provisioning_steps_run_id_job_executions_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."job_executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_executions" ADD CONSTRAINT "job_executions_retry_of_job_executions_id_fk" FOREIGN KEY ("retry_of") REFERENCES "public"."job_executions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_resources" ADD CONSTRAINT "external_resources_run_id_job_executions_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."job_executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "courses_created_at" ON "courses" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "job_executions_one_active" ON "job_executions" USING btree ("workflow","subject_id") WHERE "job_executions"."status" in ('pending', 'running', 'waiting');--> statement-breakpoint
CREATE INDEX "job_executions_subject" ON "job_executions" USING btree ("subject_id","created_at");--> statement-breakpoint
CREATE INDEX "job_executions_created_at" ON "job_executions" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "external_resources_run" ON "external_resources" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "audit_log_course" ON "audit_log" USING btree ("course_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_run" ON "audit_log" USING btree ("run_id","id");