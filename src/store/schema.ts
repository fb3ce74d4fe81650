import { check, index, integer, sql, sqliteTable, text, unique } from './drizzle.ts';

/**
 * The tables. Plain integer and text columns only; drizzle-kit writes the migrations from here, and STRICT and the
 * append-only triggers are added to them by hand (a test on the migrated file asserts both). Each index costs a tenth
 * of a write: they stand on what does not change, or are partial and small.
 */

/** What happened. `data` may be null in the file, and is never made so: nothing is whole that lacks them. `digest` is what the chain goes over. */
export const events = sqliteTable(
  'events',
  {
    seq: integer().primaryKey(),
    stream: text().notNull(),
    version: integer().notNull(),
    type: text().notNull(),
    at: integer().notNull(),
    actor: text().notNull(),
    via: text().notNull(),
    data: text(),
    digest: text().notNull(),
    hash: text().notNull(),
  },
  (table) => [
    unique('events_stream_version').on(table.stream, table.version),
    check('events_version', sql`${table.version} >= 1`),
  ],
);

/**
 * The fold of each stream's events, and the version of the function that folded them. `id` is the order of appearance.
 */
export const states = sqliteTable(
  'states',
  {
    id: integer().primaryKey(),
    stream: text().notNull().unique('states_stream'),
    type: text().notNull(),
    version: integer().notNull(),
    open: integer().notNull(),
    fold: integer().notNull(),
    state: text().notNull(),
  },
  (table) => [
    index('states_open').on(table.type).where(sql`open = 1`),
    check('states_open_flag', sql`${table.open} in (0, 1)`),
    check('states_version', sql`${table.version} >= 1`),
  ],
);

/**
 * What came in, once per id, with its one outcome. `body` is null once it is old. `source` is set where the raw body was
 * stored before it was decided on: it waits as `new`, and is `parked` when it faulted again and again.
 */
export const inbox = sqliteTable(
  'inbox',
  {
    id: integer().primaryKey(),
    key: text().notNull().unique('inbox_key'),
    at: integer().notNull(),
    body: text(),
    outcome: text().notNull(),
    source: text(),
    state: text().notNull().default('done'),
    tries: integer().notNull().default(0),
  },
  (table) => [
    index('inbox_open').on(table.id).where(sql`state in ('new', 'parked')`),
    check('inbox_state', sql`${table.state} in ('new', 'done', 'parked')`),
  ],
);

/**
 * What is to be said. The index on what waits only grows at its end: one by destination would touch a page for each
 * destination of a turn, which halved the rate. Queues and conversations are kept in memory instead (`outbox.ts`,
 * `conversations.ts`).
 */
export const outbox = sqliteTable(
  'outbox',
  {
    id: integer().primaryKey(),
    kind: text().notNull(),
    lane: text().notNull(),
    destination: text().notNull(),
    address: text(),
    key: text(),
    at: integer().notNull(),
    late: integer().notNull(),
    body: text(),
    state: text().notNull(),
    attempts: integer().notNull(),
    due: integer().notNull(),
    lease: integer(),
    reason: text(),
    platformId: text('platform_id'),
    created: integer().notNull(),
  },
  (table) => [
    index('outbox_waiting').on(table.id).where(sql`state in ('new', 'sending')`),
    index('outbox_unsure').on(table.id).where(sql`state = 'uncertain'`),
    index('outbox_parked').on(table.id).where(sql`state in ('failed', 'uncertain', 'expired')`),
    index('outbox_key').on(table.key).where(sql`key is not null`),
    check('outbox_lane', sql`${table.lane} in ('page', 'answer', 'card', 'digest')`),
    check('outbox_state', sql`${table.state} in ('new', 'sending', 'sent', 'uncertain', 'failed', 'expired')`),
    check('outbox_late', sql`${table.late} in (0, 1)`),
  ],
);

/**
 * Messages of ours on a platform that are looked at again: cards that change (`live`, open until they show their end), and
 * questions that are answered by a reply (`form`). `shown` is the digest of what the card shows now.
 */
export const posts = sqliteTable(
  'posts',
  {
    id: integer().primaryKey(),
    outbox: integer().notNull().unique('posts_outbox'),
    address: text().notNull(),
    platformId: text('platform_id').notNull(),
    live: text(),
    form: text(),
    shown: text(),
    open: integer().notNull(),
  },
  (table) => [
    index('posts_platform').on(table.platformId),
    index('posts_open').on(table.id).where(sql`open = 1`),
    check('posts_open_flag', sql`${table.open} in (0, 1)`),
  ],
);

/** What the buttons stand for: a platform carries the token alone. The same button in the same chat has one row. */
export const pressables = sqliteTable('buttons', {
  id: integer().primaryKey(),
  token: text().notNull().unique('buttons_token'),
  address: text().notNull(),
  command: text().notNull(),
  target: text().notNull(),
  args: text().notNull(),
});

/** Everything that will happen later. Setting a key again gives it a new `id`: the order of setting. */
export const timers = sqliteTable(
  'timers',
  {
    id: integer().primaryKey(),
    key: text().notNull().unique('timers_key'),
    due: integer().notNull(),
    body: text().notNull(),
  },
  (table) => [index('timers_due').on(table.due)],
);

export const mirrors = sqliteTable('mirrors', {
  id: integer().primaryKey(),
  key: text().notNull().unique('mirrors_key'),
  at: integer().notNull(),
  data: text().notNull(),
});

/** The text of every process version, under its hash, for ever. */
export const processes = sqliteTable('processes', {
  id: integer().primaryKey(),
  hash: text().notNull().unique('processes_hash'),
  kind: text().notNull(),
  text: text().notNull(),
});

/** Names and values: what the shell keeps, and under `store.` what the store itself keeps. */
export const meta = sqliteTable('meta', {
  id: integer().primaryKey(),
  name: text().notNull().unique('meta_name'),
  value: text().notNull(),
});
