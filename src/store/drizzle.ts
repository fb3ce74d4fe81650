import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Orm from 'drizzle-orm';
import type * as Driver from 'drizzle-orm/better-sqlite3/driver';
import type * as Core from 'drizzle-orm/sqlite-core';

/**
 * The one place that loads drizzle. Through `import` each of its hundreds of modules pays for itself (a third of a
 * second and 230 MB); through `require` all of it costs a tenth. drizzle-kit reads this file as CommonJS, where
 * `import.meta` is empty: it runs at the root of the repository.
 */
const load = createRequire(import.meta.url ?? join(process.cwd(), 'package.json'));

const orm: typeof Orm = load('drizzle-orm');
const core: typeof Core = load('drizzle-orm/sqlite-core');
const driver: typeof Driver = load('drizzle-orm/better-sqlite3/driver');

export const { and, asc, desc, eq, isNotNull, lt, sql } = orm;
export const { check, index, integer, sqliteTable, text, unique } = core;
export const { drizzle } = driver;
