ALTER TABLE "processes" ADD COLUMN "steady_since" timestamp with time zone DEFAULT '-infinity' NOT NULL;--> statement-breakpoint
ALTER TABLE "processes" ADD COLUMN "worker_ids" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "processes" ADD COLUMN "buried_at" timestamp with time zone;