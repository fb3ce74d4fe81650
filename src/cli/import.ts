import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { importAll } from '../core/importing.ts';
import type { Organisation } from '../core/organisation.ts';
import { circleSlug, keeperOf } from '../core/reference.ts';
import { severityOf } from '../core/tracked.ts';
import type { ForgeAdapter } from '../forge-ports.ts';
import { readSettings, type Settings } from '../settings.ts';
import type { Engine } from '../shell/engine.ts';
import { createLinkCheck } from '../shell/link-check.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { openKnown } from '../store/known.ts';
import { readMarker } from '../web/demo/marker.ts';
import type { CliCommand, ExitCode, Invocation } from './cli.ts';
import { DB_OPTION, databasePath } from './database.ts';
import { createImportProgress, type Pages, pagesOf } from './import-pages.ts';
import { createTally, type Tally } from './import-tally.ts';
import { organisationOf } from './organisation-file.ts';

export const importCommand: CliCommand = {
  usage: 'import [--write] [--db FILE]',
  summary:
    'Takes in what is open already in the organisation’s repositories and circles: nobody is paged for it, no clock begins and nothing is said there. Without --write it only shows what it would do. Stopped midway, it goes on where it was. While Baton runs it only shows: stop Baton to write. Exit code 1 when a place could not be looked at.',
  options: { ...DB_OPTION, write: { type: 'boolean', help: 'write it; Baton must not run meanwhile' } },
  run: async (invocation) => {
    const { words, complain, environment, options } = invocation;
    if (words.length > 0) return complain(`${words.join(' ')} is too much; baton import --help says how it goes`);
    const read = readSettings(environment);
    if ('problems' in read) return complain(...read.problems);
    const file = organisationOf(read.settings);
    if (file === undefined || !existsSync(file))
      return complain('there is no organisation whose work could be taken in; set BATON_ORG, or run baton setup');
    const own = readOrganisation(file);
    if ('problems' in own) return complain(...own.problems);
    const path = databasePath(invocation);
    if (path === undefined) return 2;
    const given = { settings: read.settings, organisation: own.organisation, file, path };
    return options.write === true ? write(invocation, given) : show(invocation, given);
  },
};

interface Given {
  readonly settings: Settings;
  readonly organisation: Organisation;
  readonly file: string;
  readonly path: string;
}

const NOTHING =
  'no place where work is kept is connected: baton setup github connects GitHub, and baton setup asks for Circles';
/** GitHub first: the issue of a pair is known by its own title before its story names it. */
const inOrder = (adapters: readonly ForgeAdapter[]): readonly ForgeAdapter[] =>
  adapters.toSorted((a, b) => b.platform.localeCompare(a.platform));
const newTally = (organisation: Organisation): Tally => createTally((labels) => severityOf(organisation, labels));

/** Only looks: the database is read beside a running bot, and nothing is written anywhere. */
async function show(invocation: Invocation, { settings, organisation, path }: Given): Promise<ExitCode> {
  const { print, complain } = invocation;
  const known = existsSync(path) ? openKnown(path) : undefined;
  const circles = (known?.circles ?? []).flatMap((circle) => circleSlug(circle) ?? []);
  const log = invocation.createLog('silent');
  const { adapters } = await invocation.connectForges(settings, organisation, log, () => undefined, circles);
  const tally = newTally(organisation);
  try {
    if (adapters.length === 0) return complain(NOTHING);
    const progress = createImportProgress(invocation, adapters.length);
    for (const adapter of inOrder(adapters)) {
      const pages = pagesOf(adapter, undefined, progress);
      for await (const page of pages) {
        tally.add(page, (ref) => known?.has(ref) !== true);
        progress.at(page.part, tally.found());
      }
      if (pages.why !== undefined) return complain(`${pages.why}; nothing was written`);
      progress.next();
    }
    progress.end();
    report(invocation, tally);
    print(
      tally.fresh() === 0
        ? 'There is nothing to take in.'
        : `${tally.fresh()} would be taken in: nobody is paged, no clock begins, and nothing is said there. With --write it is done; stop Baton before.`,
    );
    return tally.troubles.length === 0 ? 0 : 1;
  } finally {
    known?.close();
    await Promise.all(adapters.map((adapter) => adapter.stop()));
  }
}

function report({ print }: Invocation, tally: Tally): void {
  for (const line of tally.lines()) print(line);
  for (const trouble of tally.troubles)
    print(`passed over: ${trouble}\n  → see that our App, token or user is let into it, or take it out of the file`);
}

/** Only one process writes: the lock of the database says whether another does. */
async function write(invocation: Invocation, given: Given): Promise<ExitCode> {
  const { complain, machine, openEngine, createLog } = invocation;
  const { organisation, path, file, settings } = given;
  const marker = readMarker(path);
  if (!('refusal' in marker) && (marker.sort === 'begun' || marker.sort === 'ready'))
    return complain(`${path} is the demonstration’s; name another file in BATON_DB`);
  const processes = organisation.processes === undefined ? undefined : resolve(dirname(file), organisation.processes);
  const links = createLinkCheck({ hosts: organisation.link_hosts });
  const log = createLog('error');
  let engine: Engine | undefined;
  const { adapters } = await invocation.connectForges(settings, organisation, log, () => engine);
  try {
    if (adapters.length === 0) return complain(NOTHING);
    // Without the forges in its world it orders nothing of them, whatever it takes in.
    const opened = await openEngine({
      path, organisation, processes, clock: machine, links, log, backups: settings.BATON_BACKUPS,
    }); // biome-ignore format: a list
    if ('problems' in opened)
      return complain(...opened.problems, 'baton import --write writes by itself: stop Baton, and start it afterwards');
    engine = opened.engine;
    return await takeIn(invocation, organisation, adapters, engine);
  } finally {
    await Promise.all(adapters.map((adapter) => adapter.stop()));
    await engine?.drained();
    await engine?.store.close();
  }
}

async function takeIn(
  invocation: Invocation,
  organisation: Organisation,
  adapters: readonly ForgeAdapter[],
  engine: Engine,
): Promise<ExitCode> {
  const { print, complain, machine } = invocation;
  const tally = newTally(organisation);
  const progress = createImportProgress(invocation, adapters.length);
  for (const adapter of inOrder(adapters)) {
    const { store } = engine;
    const name = `${adapter.platform}.import`;
    const before = readProgress(store.meta(name));
    if (before.cursor !== undefined) progress.say(`${adapter.platform}: going on where the last import stopped`);
    const began = before.began ?? machine.now();
    const pages: Pages = pagesOf(adapter, before.cursor, progress);
    for await (const page of pages) {
      const isKnown = new Set(page.entries.map(({ of }) => of.ref).filter((ref) => hasRef(engine, ref)));
      tally.add(page, (ref) => !isKnown.has(ref));
      if (page.entries.length > 0) await engine.act('import', 'system', (draft) => importAll(draft, page.entries));
      // After what it stands behind: killed in between, a page is read twice and written once.
      if (page.more) await store.setMeta(name, JSON.stringify({ cursor: page.cursor, began }));
      progress.at(page.part, tally.found());
    }
    if (pages.why !== undefined) return complain(`${pages.why}; say it again, and it goes on where it stopped`);
    await goOnFrom(engine, adapter, began);
    await store.setMeta(name, '{}');
    progress.next();
  }
  progress.end();
  report(invocation, tally);
  const fresh = tally.fresh();
  print(fresh === 0 ? 'There was nothing to take in.' : `${fresh} taken in. Next: npm start`);
  return tally.troubles.length === 0 ? 0 : 1;
}

const hasRef = (engine: Engine, ref: string): boolean => engine.world().get('ref', ref) !== undefined;

interface Progress {
  readonly cursor?: string;
  readonly began?: number;
}

function readProgress(text: string | undefined): Progress {
  try {
    return JSON.parse(text ?? '{}') as Progress;
  } catch {
    return {};
  }
}

/**
 * Where nothing was compared with the platform yet, the first comparison asks what changed since the import began, and
 * looks at all that open items name, some of which may be closed by now.
 */
async function goOnFrom({ store, world }: Engine, { platform }: ForgeAdapter, began: number): Promise<void> {
  if (store.meta(`${platform}.since`) !== undefined) return;
  const links = world()
    .open('item')
    .flatMap(({ links: all }) => all.map(({ ref }) => ref));
  const refs = [...new Set(links)].filter((ref) => keeperOf(ref)?.platform === platform);
  await store.setMeta(`${platform}.hints`, JSON.stringify(refs));
  await store.setMeta(`${platform}.since`, String(began));
}
