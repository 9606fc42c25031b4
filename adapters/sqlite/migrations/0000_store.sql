CREATE TABLE `changes` (
	`chatroom_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	`ordinal` integer NOT NULL,
	`member_count` integer NOT NULL,
	`fact` text NOT NULL,
	`body` text,
	PRIMARY KEY(`chatroom_id`, `sequence`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `changes_key` ON `changes` (`chatroom_id`,`key`);--> statement-breakpoint
CREATE INDEX `changes_messages` ON `changes` (`chatroom_id`,`ordinal`) WHERE kind = 'message_posted';--> statement-breakpoint
CREATE TABLE `chatrooms` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`topic` text NOT NULL,
	`capacity` integer NOT NULL,
	`member_count` integer NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	`revision` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `chatrooms_listed` ON `chatrooms` (`name_folded`,`id`) WHERE deleted_at is null;--> statement-breakpoint
CREATE TABLE `memberships` (
	`chatroom_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`joined_at` integer NOT NULL,
	`ended` text,
	`revision` integer NOT NULL,
	PRIMARY KEY(`chatroom_id`, `user_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `memberships_of_chatroom` ON `memberships` (`chatroom_id`,`user_id`) WHERE ended is null;--> statement-breakpoint
CREATE INDEX `memberships_of_user` ON `memberships` (`user_id`,`chatroom_id`) WHERE ended is null;--> statement-breakpoint
CREATE TABLE `meta` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sessions` (
	`number` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_id` ON `sessions` (`id`);--> statement-breakpoint
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `sessions_expiring` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`username_folded` text NOT NULL,
	`display_name` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `users_username` ON `users` (`username_folded`);