import type { ForgeAdapter } from '../../src/forge-ports.ts';
import type { ChatAdapter, Intake, Sent } from '../../src/ports.ts';
import type { Receipt, Store, Work } from '../../src/store/port.ts';
import { RELEASE_PLANTS } from './plants-releases.ts';
import { STALE_PLANTS } from './plants-stale.ts';
import type { Stage } from './stage.ts';
import { countTwice, NOTHING, tampered } from './tamper.ts';

/** A mistake that is planted: something stands between the shell and a part of it, and does it wrong. */
export interface Plant {
  store?(store: Store, stage: Stage): Store;
  chat?(adapter: ChatAdapter, stage: Stage): ChatAdapter;
  forge?(adapter: ForgeAdapter, stage: Stage): ForgeAdapter;
  readonly synchronous?: 'normal';
}

const isReceipt = (work: Work | Receipt): work is Receipt => 'receive' in work;
const forWork =
  (change: (work: Work) => Work): NonNullable<Plant['store']> =>
  (store) => ({
    ...store,
    write: (turn) => store.write(turn.map((work) => (isReceipt(work) ? work : change(work)))),
  });
const forIntake =
  (change: (intake: Intake, stage: Stage) => Partial<Intake>): NonNullable<Plant['chat']> =>
  (adapter, stage) => ({
    ...adapter,
    start: (intake) => adapter.start({ ...intake, ...change(intake, stage) }),
  });
const answering =
  (change: (sent: Sent) => Sent): NonNullable<Plant['chat']> =>
  (adapter) => ({
    ...adapter,
    send: async (message) => change(await adapter.send(message)),
  });

/** The messages of a turn are written by themselves, after it. */
const outboxOutside: NonNullable<Plant['store']> = (store) => ({
  ...store,
  async write(turn) {
    const held = turn.map((): Parameters<typeof NOTHING>[0] => []);
    const results = await store.write(
      turn.map((work, at) => {
        if (isReceipt(work)) return work;
        const decide: Work['decide'] = (read, now) => {
          const commit = work.decide(read, now);
          held[at] = commit.outbox;
          return { ...commit, outbox: [] };
        };
        return { ...work, decide };
      }),
    );
    return Promise.all(
      results.map(async (result, at) => {
        const rows = held[at] ?? [];
        if (result.result !== 'done' || rows.length === 0) return result;
        const [later] = await store.write([{ decide: () => NOTHING(rows) }]);
        return later?.result === 'done' ? { ...result, outbox: later.outbox } : result;
      }),
    );
  },
});

/** It is written down as sent when it is taken up, and what became of it is not looked at. */
const markFirst: NonNullable<Plant['store']> = (store) => {
  const marked = new Set<number>();
  return {
    ...store,
    async claim(...given) {
      const rows = await store.claim(...given);
      await Promise.all(rows.map(({ id }) => store.mark(id, 'sent', { platformId: `early:${id}` })));
      for (const { id } of rows) marked.add(id);
      return rows;
    },
    mark: async (id, state, details) => (marked.has(id) ? undefined : store.mark(id, state, details)),
  };
};

/** The offset goes first, and what it is about in a transaction of its own. */
const offsetFirst: NonNullable<Plant['store']> = (store) => ({
  ...store,
  async write(turn) {
    const offsets = turn.flatMap((work) => (isReceipt(work) && work.bookmark !== undefined ? [work.bookmark] : []));
    if (offsets.length > 0) await store.write(offsets.map((bookmark) => ({ receive: [], bookmark })));
    return store.write(turn);
  },
});

/** An event's words are changed behind its hash. */
const changedHistory: NonNullable<Plant['store']> = (store, stage) => ({
  ...store,
  async write(turn) {
    const before = store.head().seq;
    const results = await store.write(turn);
    const { seq } = store.head();
    if (seq > before && seq % 7 === 0) {
      const db = stage.db();
      const guards = db
        .prepare<[], { name: string; sql: string }>("select name, sql from sqlite_schema where type = 'trigger'")
        .all();
      for (const { name } of guards) db.exec(`drop trigger ${name}`);
      db.prepare("update events set actor = 'nobody' where seq = ?").run(seq);
      for (const { sql } of guards) db.exec(sql);
    }
    return results;
  },
});

/** The words of whoever spoke last are kept as they came. */
const keepsRaw: NonNullable<Plant['store']> = (store, stage) => ({
  ...store,
  async write(turn) {
    const [first] = stage.telegram.said().slice(-1);
    if (first !== undefined) await store.setMeta('last', first);
    return store.write(turn);
  },
});

const HURRY = 1;
/** Each is to be found, and by whom. */
export const PLANTS: Readonly<Record<string, { readonly plant: Plant; readonly found: RegExp }>> = {
  'nothing is looked up before it is decided again': {
    plant: { store: forWork(({ inbox: _inbox, ...work }) => work) },
    found: /^(I1|I12|P1|P8|I3)/,
  },
  'confirmed before it is stored': {
    plant: {
      chat: forIntake((intake) => ({
        receive: async (bodies, bookmark) => {
          setTimeout(() => void intake.receive(bodies, bookmark), 2_500);
          return 'stored';
        },
      })),
    },
    found: /^(I8|P1)/,
  },
  'the outbox outside the transaction': { plant: { store: outboxOutside }, found: /^I3/ },
  'marked before it is sent': { plant: { store: markFirst }, found: /^(I3|P3)/ },
  'a timer that is not taken away when it fires': {
    plant: { store: forWork(({ timer: _timer, ...work }) => work) },
    found: /^(I6|I12|fault)/,
  },
  'a ballot that is counted twice': { plant: { store: tampered(countTwice) }, found: /^(I4|I2)/ },
  'a job that is done again without a look': {
    plant: { forge: (adapter) => ({ ...adapter, perform: (job, marker) => adapter.perform(job, marker, false) }) },
    found: /^P2/,
  },
  'what is uncertain is sent again without a look': {
    plant: { chat: (adapter) => ({ ...adapter, find: async () => null }) },
    found: /^P3.*arrived \d+ times/,
  },
  'what is uncertain is taken for sent': {
    plant: { chat: answering((sent) => (sent.is === 'uncertain' ? { is: 'sent', id: null } : sent)) },
    found: /^P3.*never arrived/,
  },
  'a platform that is away swallows what is said': {
    plant: { chat: answering((sent) => (sent.is === 'away' ? { is: 'sent', id: null } : sent)) },
    found: /^P3.*never arrived/,
  },
  'the offset is stored before its updates': { plant: { store: offsetFirst }, found: /^I8/ },
  'a history that was changed, and a chain that is not looked at': { plant: { store: changedHistory }, found: /^I7/ },
  'Retry-After is not heeded': {
    plant: { chat: answering((sent) => (sent.is === 'later' ? { ...sent, after: HURRY } : sent)) },
    found: /^pace/,
  },
  'what came in is stored before it is looked at for secrets': {
    plant: { store: keepsRaw },
    found: /^I9/,
  },
  'a disk that is told to sync later': { plant: { synchronous: 'normal' }, found: /^(P8|P1|I8)/ },
  ...STALE_PLANTS,
  ...RELEASE_PLANTS,
};
