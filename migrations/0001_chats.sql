CREATE TABLE `posts` (
	`id` integer PRIMARY KEY NOT NULL,
	`outbox` integer NOT NULL,
	`address` text NOT NULL,
	`platform_id` text NOT NULL,
	`live` text,
	`form` text,
	`shown` text,
	`open` integer NOT NULL,
	CONSTRAINT "posts_open_flag" CHECK("posts"."open" in (0, 1))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `posts_outbox` ON `posts` (`outbox`);--> statement-breakpoint
CREATE INDEX `posts_platform` ON `posts` (`platform_id`);--> statement-breakpoint
CREATE INDEX `posts_open` ON `posts` (`id`) WHERE open = 1;--> statement-breakpoint
CREATE TABLE `buttons` (
	`id` integer PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`address` text NOT NULL,
	`command` text NOT NULL,
	`target` text NOT NULL,
	`args` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `buttons_token` ON `buttons` (`token`);--> statement-breakpoint
ALTER TABLE `inbox` ADD `source` text;--> statement-breakpoint
ALTER TABLE `inbox` ADD `state` text DEFAULT 'done' NOT NULL CONSTRAINT "inbox_state" CHECK("state" in ('new', 'done', 'parked'));--> statement-breakpoint
ALTER TABLE `inbox` ADD `tries` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `inbox_open` ON `inbox` (`id`) WHERE state in ('new', 'parked');--> statement-breakpoint
ALTER TABLE `outbox` ADD `address` text;--> statement-breakpoint
CREATE INDEX `outbox_unsure` ON `outbox` (`id`) WHERE state = 'uncertain';