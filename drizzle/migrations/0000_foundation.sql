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
	"service" text,
	"creates" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"lease_holder" uuid,
	"leased_at" timestamp with time zone,
	"leased_until" timestamp with time zone,
	"fence" bigint DEFAULT 0 NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "provisioning_steps_item" UNIQUE("run_id","name","item")
);
--> statement-breakpoint
CREATE TABLE "run_waits" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"token" text,
	"title" text NOT NULL,
	"message" text NOT NULL,
	"why" text NOT NULL,
	"fix" text NOT NULL,
	"deadline" timestamp with time zone,
	"answer" jsonb,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_waits_token_unique" UNIQUE("token"),
	CONSTRAINT "run_waits_kind" UNIQUE("run_id","kind")
);
--> statement-breakpoint
CREATE TABLE "job_executions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workflow" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"concurrency_group" text NOT NULL,
	"is_behind" boolean DEFAULT false NOT NULL,
	"is_replaceable" boolean DEFAULT true NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"input" jsonb,
	"output" jsonb,
	"root_run_id" uuid NOT NULL,
	"retry_of" uuid,
	"rollback_of" uuid,
	"superseded_by" uuid,
	"actor" text DEFAULT 'atelier' NOT NULL,
	"dispatched_at" timestamp with time zone,
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
	"removed_at" timestamp with time zone,
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
	"subject_type" text,
	"subject_id" uuid,
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
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"healthy_since" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"worker_ids" text[] DEFAULT '{}' NOT NULL,
	"reaped_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"workflow" text PRIMARY KEY NOT NULL,
	"tick" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"state" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "challenge_repos" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_provider" text NOT NULL,
	"workspace_type" text NOT NULL,
	"workspace_ref" text NOT NULL,
	"workspace_url" text,
	"workspace_status" text DEFAULT 'pending' NOT NULL,
	"workspace_meta" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"base_branch" text,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"challenge_id" uuid NOT NULL,
	"repo_id" uuid NOT NULL,
	CONSTRAINT "challenge_repos_link" UNIQUE("challenge_id","repo_id"),
	CONSTRAINT "challenge_repos_ref" UNIQUE("repo_id","workspace_type","workspace_ref")
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"slug" text NOT NULL,
	"title" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"description" text,
	"roadmap" text,
	"start_date" text,
	"end_date" text,
	"contribution_points_reward" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "challenges_index_unique" UNIQUE("index")
);
--> statement-breakpoint
CREATE TABLE "contributors" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"full_name" text NOT NULL,
	"github_username" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"title" text NOT NULL,
	"description" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repos" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"title" text NOT NULL,
	"type" text NOT NULL,
	"external_repo_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task_assignees" (
	"task_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"is_solo" boolean NOT NULL,
	"assigned_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_assignees_task_id_user_id_pk" PRIMARY KEY("task_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "task_workspaces" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_provider" text NOT NULL,
	"workspace_type" text NOT NULL,
	"workspace_ref" text NOT NULL,
	"workspace_url" text,
	"workspace_status" text DEFAULT 'pending' NOT NULL,
	"workspace_meta" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"base_branch" text,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"task_id" uuid NOT NULL,
	"repo_id" uuid NOT NULL,
	CONSTRAINT "task_workspaces_task" UNIQUE("task_id","repo_id"),
	CONSTRAINT "task_workspaces_ref" UNIQUE("repo_id","workspace_type","workspace_ref")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"challenge_id" uuid NOT NULL,
	"parent_task_id" uuid,
	"slug" text NOT NULL,
	"title" text NOT NULL,
	"description" text,
	"type" text NOT NULL,
	"status" text DEFAULT 'todo' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tasks_slug" UNIQUE("challenge_id","slug")
);
--> statement-breakpoint
ALTER TABLE "lab_groups" ADD CONSTRAINT "lab_groups_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provisioning_steps" ADD CONSTRAINT "provisioning_steps_run_id_job_executions_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."job_executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_waits" ADD CONSTRAINT "run_waits_run_id_job_executions_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."job_executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_executions" ADD CONSTRAINT "job_executions_root_run_id_job_executions_id_fk" FOREIGN KEY ("root_run_id") REFERENCES "public"."job_executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_executions" ADD CONSTRAINT "job_executions_retry_of_job_executions_id_fk" FOREIGN KEY ("retry_of") REFERENCES "public"."job_executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_executions" ADD CONSTRAINT "job_executions_rollback_of_job_executions_id_fk" FOREIGN KEY ("rollback_of") REFERENCES "public"."job_executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_executions" ADD CONSTRAINT "job_executions_superseded_by_job_executions_id_fk" FOREIGN KEY ("superseded_by") REFERENCES "public"."job_executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_resources" ADD CONSTRAINT "external_resources_run_id_job_executions_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."job_executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_repos" ADD CONSTRAINT "challenge_repos_challenge_id_challenges_id_fk" FOREIGN KEY ("challenge_id") REFERENCES "public"."challenges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_repos" ADD CONSTRAINT "challenge_repos_repo_id_repos_id_fk" FOREIGN KEY ("repo_id") REFERENCES "public"."repos"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repos" ADD CONSTRAINT "repos_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_assignees" ADD CONSTRAINT "task_assignees_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_assignees" ADD CONSTRAINT "task_assignees_user_id_contributors_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."contributors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_workspaces" ADD CONSTRAINT "task_workspaces_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_workspaces" ADD CONSTRAINT "task_workspaces_repo_id_repos_id_fk" FOREIGN KEY ("repo_id") REFERENCES "public"."repos"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_challenge_id_challenges_id_fk" FOREIGN KEY ("challenge_id") REFERENCES "public"."challenges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_parent_task_id_tasks_id_fk" FOREIGN KEY ("parent_task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "courses_created_at" ON "courses" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "run_waits_unanswered" ON "run_waits" USING btree ("answered_at") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "job_executions_one_active" ON "job_executions" USING btree ("concurrency_group","subject_id") WHERE status in ('pending', 'running', 'waiting') and not is_behind;--> statement-breakpoint
CREATE INDEX "job_executions_subject" ON "job_executions" USING btree ("subject_id","created_at");--> statement-breakpoint
CREATE INDEX "job_executions_root" ON "job_executions" USING btree ("root_run_id");--> statement-breakpoint
CREATE INDEX "job_executions_created_at" ON "job_executions" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "job_executions_finished_at" ON "job_executions" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "job_executions_queued" ON "job_executions" USING btree ("actor","created_at") WHERE "job_executions"."status" = 'pending' and "job_executions"."dispatched_at" is null;--> statement-breakpoint
CREATE INDEX "external_resources_run" ON "external_resources" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_run" ON "audit_log" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "challenges_project" ON "challenges" USING btree ("project_id","index");--> statement-breakpoint
CREATE UNIQUE INDEX "contributors_github" ON "contributors" USING btree (lower("github_username"));--> statement-breakpoint
CREATE INDEX "projects_created_at" ON "projects" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "repos_external" ON "repos" USING btree ("project_id","type",lower(coalesce("external_repo_id", '')));--> statement-breakpoint
CREATE UNIQUE INDEX "task_assignees_solo" ON "task_assignees" USING btree ("task_id") WHERE "task_assignees"."is_solo";--> statement-breakpoint
CREATE INDEX "task_assignees_user" ON "task_assignees" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "tasks_parent" ON "tasks" USING btree ("parent_task_id");