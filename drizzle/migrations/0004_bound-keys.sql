CREATE TABLE "api_key_courses" (
	"key_id" uuid NOT NULL,
	"course_id" uuid NOT NULL,
	CONSTRAINT "api_key_courses_key_id_course_id_pk" PRIMARY KEY("key_id","course_id")
);
--> statement-breakpoint
CREATE TABLE "api_key_projects" (
	"key_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	CONSTRAINT "api_key_projects_key_id_project_id_pk" PRIMARY KEY("key_id","project_id")
);
--> statement-breakpoint
CREATE TABLE "removed_workspaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"removed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "is_bound" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "api_key_courses" ADD CONSTRAINT "api_key_courses_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_courses" ADD CONSTRAINT "api_key_courses_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_projects" ADD CONSTRAINT "api_key_projects_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_projects" ADD CONSTRAINT "api_key_projects_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "removed_workspaces" ADD CONSTRAINT "removed_workspaces_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_key_courses_course" ON "api_key_courses" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "api_key_projects_project" ON "api_key_projects" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "removed_workspaces_project" ON "removed_workspaces" USING btree ("project_id");--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_owner_unbound" CHECK (not ("api_keys"."is_bound" and "api_keys"."role" = 'owner'));