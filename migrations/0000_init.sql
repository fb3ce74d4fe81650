CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`stream` text NOT NULL,
	`version` integer NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`via` text NOT NULL,
	`data` text,
	`digest` text NOT NULL,
	`hash` text NOT NULL,
	CONSTRAINT "events_version" CHECK("events"."version" >= 1)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `events_stream_version` ON `events` (`stream`,`version`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`at` integer NOT NULL,
	`body` text,
	`outcome` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_key` ON `inbox` (`key`);--> statement-breakpoint
CREATE TABLE `meta` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `meta_name` ON `meta` (`name`);--> statement-breakpoint
CREATE TABLE `mirrors` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`at` integer NOT NULL,
	`data` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `mirrors_key` ON `mirrors` (`key`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`lane` text NOT NULL,
	`destination` text NOT NULL,
	`key` text,
	`at` integer NOT NULL,
	`late` integer NOT NULL,
	`body` text,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due` integer NOT NULL,
	`lease` integer,
	`reason` text,
	`platform_id` text,
	`created` integer NOT NULL,
	CONSTRAINT "outbox_lane" CHECK("outbox"."lane" in ('page', 'answer', 'card', 'digest')),
	CONSTRAINT "outbox_state" CHECK("outbox"."state" in ('new', 'sending', 'sent', 'uncertain', 'failed', 'expired')),
	CONSTRAINT "outbox_late" CHECK("outbox"."late" in (0, 1))
) STRICT;
--> statement-breakpoint
CREATE INDEX `outbox_waiting` ON `outbox` (`id`) WHERE state in ('new', 'sending');--> statement-breakpoint
CREATE INDEX `outbox_parked` ON `outbox` (`id`) WHERE state in ('failed', 'uncertain', 'expired');--> statement-breakpoint
CREATE INDEX `outbox_key` ON `outbox` (`key`) WHERE key is not null;--> statement-breakpoint
CREATE TABLE `processes` (
	`id` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`kind` text NOT NULL,
	`text` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `processes_hash` ON `processes` (`hash`);--> statement-breakpoint
CREATE TABLE `states` (
	`id` integer PRIMARY KEY NOT NULL,
	`stream` text NOT NULL,
	`type` text NOT NULL,
	`version` integer NOT NULL,
	`open` integer NOT NULL,
	`fold` integer NOT NULL,
	`state` text NOT NULL,
	CONSTRAINT "states_open_flag" CHECK("states"."open" in (0, 1)),
	CONSTRAINT "states_version" CHECK("states"."version" >= 1)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `states_stream` ON `states` (`stream`);--> statement-breakpoint
CREATE INDEX `states_open` ON `states` (`type`) WHERE open = 1;--> statement-breakpoint
CREATE TABLE `timers` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`due` integer NOT NULL,
	`body` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `timers_key` ON `timers` (`key`);--> statement-breakpoint
CREATE INDEX `timers_due` ON `timers` (`due`);--> statement-breakpoint
CREATE TRIGGER `events_append_only` BEFORE UPDATE ON `events`
WHEN NEW.data IS NOT NULL
	OR NEW.seq IS NOT OLD.seq
	OR NEW.stream IS NOT OLD.stream
	OR NEW.version IS NOT OLD.version
	OR NEW.type IS NOT OLD.type
	OR NEW.at IS NOT OLD.at
	OR NEW.actor IS NOT OLD.actor
	OR NEW.via IS NOT OLD.via
	OR NEW.digest IS NOT OLD.digest
	OR NEW.hash IS NOT OLD.hash
BEGIN
	SELECT RAISE(ABORT, 'events are append-only: only their data can be erased');
END;
--> statement-breakpoint
CREATE TRIGGER `events_kept` BEFORE DELETE ON `events`
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
