import { expect, test } from 'vitest';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import type { Reader, Store, Work } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { ORGANISATION } from '../faults/rig.ts';
import { APPROVED, script } from '../support/script.ts';
import { tally } from '../support/tally.ts';

/** Whatever a decision looks at may fail: then it is no decision. Refused, nothing changed, try later. */

const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');

/** What throws at present: `state item`, `open alert`, `mirror`, `rule R2`, `process`, `links`, `organisation environments`. */
let broken = '';
let fired = 0;

function look<T>(name: string, found: () => T): T {
  if (name !== broken) return found();
  fired += 1;
  throw new Error(`no ${name}`);
}

const trapped = (read: Reader): Reader => ({
  state: (stream) => look(`state ${stream.split('/')[0]}`, () => read.state(stream)),
  open: (type) => look(`open ${type}`, () => read.open(type)),
  mirror: (key) => look('mirror', () => read.mirror(key)),
  history: (stream, limit) => look('history', () => read.history(stream, limit)),
});

/** The store, with traps in what a decision reads of it inside the transaction. */
function trapOn(store: Store): Store {
  const write: Store['write'] = (turn) =>
    store.write(
      turn.map((work) =>
        'receive' in work ? work : ({ ...work, decide: (read, now) => work.decide(trapped(read), now) } satisfies Work),
      ),
    );
  return new Proxy(store, { get: (target, name) => (name === 'write' ? write : target[name as keyof Store]) });
}

async function open() {
  broken = '';
  const clock = { now: () => MONDAY };
  const store = openSqliteStore({ path: ':memory:', fold: FOLD_VERSION, now: clock.now, productVersion: 'test' });
  const loaded = loadProcesses();
  if ('refusal' in store || 'problems' in loaded) throw new Error('the stage of the test is wrong');
  const rules = (await loadRules()).map((rule) => ({
    ...rule,
    check: (context: Parameters<typeof rule.check>[0]) => look(`rule ${rule.id}`, () => rule.check(context)),
  }));
  const library = await createLibrary(store, loaded.processes);
  const lines: string[] = [];
  const engine = await startEngine({
    store: trapOn(store),
    clock,
    policies: {
      organisation: new Proxy(ORGANISATION, {
        get: (file, name) => look(`organisation ${String(name)}`, () => file[name as keyof typeof file]),
      }),
      rules,
      processes: loaded.processes,
      processOf: (hash) => look('process', () => library(hash)),
    },
    catalogue: await loadCommands(),
    links: { check: async () => look('links', () => 200) },
    log: createLog('error', { write: (line: string) => void lines.push(line) }),
  });
  const say = (as: string, text: string) => engine.handle({ as, via: 'web', place: null, text, pressed: false });
  for (const line of script(APPROVED) as { as?: string; say?: string; event?: string }[]) {
    if (line.as !== undefined) expect([line.say, (await say(line.as, line.say ?? '')).ok]).toEqual([line.say, true]);
    if (line.event !== undefined)
      await engine.follow([{ platform: 'github', ref: 'example/web#1', kind: 'issue', open: false }], 'github', 'n1');
  }
  return { engine, store, say, lines };
}

/** Each would change something that matters. */
const DECISIONS = [
  ['olga', '/release WEB-1 production v1'],
  ['olga', '/docs WEB-1 https://docs.example.org/new'],
  ['olga', '/link WEB-1 #7'],
  ['olga', '/link WEB-1 us:7'],
  ['olga', '/oncall swap omar'],
  ['olga', '/ack'],
  ['olga', '/freeze declare 2026-12-24 2026-12-27 rest'],
  ['sam', '/propose web Another'],
  ['sam', '/call close'],
  ['sam', '/drop WEB-1 gone'],
  ['mia', '/announce WEB-1 by 2026-12-15 We go live'],
  ['dave', '/alert critical It burns'],
  ['dave', '/urgent WEB-1 It burns'],
  ['dave', '/escalate WEB-1 It burns'],
  ['ada', '/role grant ops nora'],
  ['ada', '/role revoke ops omar'],
  ['ada', '/person remove sam'],
] as const;

const LOOKUPS = [
  ...['item', 'people', 'calls', 'calendar', 'counter', 'ref', 'alert', 'announcement'].map((type) => `state ${type}`),
  ...['item', 'alert', 'announcement'].map((type) => `open ${type}`),
  'process', 'links',
  ...Array.from({ length: 16 }, (_, at) => `rule R${at + 1}`),
  ...['people', 'environments', 'timezone', 'calendar', 'on_call', 'github', 'circles', 'chats'].map((name) => `organisation ${name}`),
]; // biome-ignore format: a list

test.each(LOOKUPS)('%s throws', async (lookup) => {
  const { engine, store, say, lines } = await open();
  let refused = 0;
  for (const [as, text] of DECISIONS) {
    const before = store.events(0, 10_000).length;
    lines.length = 0;
    fired = 0;
    broken = lookup;
    const answer = await say(as, text);
    broken = '';
    // Who does not ask it, decides without it.
    if (fired === 0) continue;
    refused += 1;
    expect([text, answer.ok, answer.code]).toEqual([text, false, 'fault']);
    expect(answer.text).toMatch(/nothing was changed.*again later.*reference [0-9a-f]{8}/);
    // The reason is in the log, under that reference, and nowhere in the answer.
    expect(answer.text).not.toContain(`no ${lookup}`);
    expect(lines.join('')).toContain(`no ${lookup}`);
    expect([text, store.events(0, 10_000).length]).toEqual([text, before]);
  }
  expect(refused).toBeGreaterThan(0);
  tally('bad input', 'a lookup that fails', refused);
  // Nothing is broken any more, and what is said now is decided.
  expect((await say('olga', '/bug minor It is over')).code).toBe('logged');
  await engine.drained();
  await store.close();
});
