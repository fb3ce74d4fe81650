import type { Commit, Reader, StateRow, Work } from '../../src/store/port.ts';
import type { Plant } from './plants.ts';

/** Mistakes about releases: a decision that takes something for so that is not, where it matters alone. */

/** A decision is taken anew with other eyes where, seen rightly, it would have come to this. */
const seeing =
  (isIt: (commit: Commit) => boolean, eyes: (row: StateRow | undefined, name: string) => StateRow | undefined) =>
  (store: Parameters<NonNullable<Plant['store']>>[0]) => ({
    ...store,
    write: (turn: Parameters<typeof store.write>[0]) =>
      store.write(
        turn.map((work) => {
          if ('receive' in work) return work;
          const decide: Work['decide'] = (read, now) => {
            const commit = work.decide(read, now);
            if (!isIt(commit)) return commit;
            const blurred: Reader = { ...read, state: (name) => eyes(read.state(name), name) };
            return work.decide(blurred, now);
          };
          return { ...work, decide };
        }),
      ),
  });

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (data: unknown): Fields => data as Fields;
const has = (type: string, isIt: (data: Fields) => boolean) => (commit: Commit) =>
  commit.events.some((event) => event.type === type && isIt(fieldsOf(event.data)));

/** What is seen wrongly is not written down again. */
const notOfPeople = (isIt: (commit: Commit) => boolean) => (commit: Commit) =>
  isIt(commit) && !commit.states.some(({ stream }) => stream === 'people/all');

/** Dave is a developer, and taken for one of OPS. */
const daveOfOps = (row: StateRow | undefined, name: string): StateRow | undefined => {
  if (name !== 'people/all') return row;
  const state = fieldsOf(row?.state);
  const grants = fieldsOf(state.grants);
  const none = { added: {}, removed: [], accounts: {}, roster: {} };
  const changed = { ...none, ...state, grants: { ...grants, dave: { ops: true } } };
  return { ...(row ?? { stream: name, type: 'people', version: 0, open: true }), state: changed };
};

/** Every issue on GitHub is open, and critical. */
const allCritical = (row: StateRow | undefined, name: string): StateRow | undefined =>
  row === undefined || !name.startsWith('ref/example/')
    ? row
    : { ...row, state: { ...fieldsOf(row.state), open: true, severity: 'critical' } };

/** One signature is as good as two, from the moment at which the vote opens. */
const oneSignature = (commit: Commit): Commit => {
  const isUrgent = (data: Fields): boolean => data.subject === 'emergency' && Array.isArray(data.groups);
  const once = (data: unknown): unknown => ({
    ...fieldsOf(data),
    groups: (fieldsOf(data).groups as Fields[]).map((group) => ({ ...group, needed: 1 })),
  });
  const events = commit.events.map((event) =>
    event.type === 'vote-opened' && isUrgent(fieldsOf(event.data)) ? { ...event, data: once(event.data) } : event,
  ) as Commit['events'];
  const states = commit.states.map((row) => {
    const votes = fieldsOf(row.state).votes;
    if (row.type !== 'item' || !Array.isArray(votes)) return row;
    const changed = votes.map((vote: Fields) => (isUrgent(vote) ? once(vote) : vote));
    return { ...row, state: { ...fieldsOf(row.state), votes: changed } };
  });
  return { ...commit, events, states };
};

export const RELEASE_PLANTS = {
  'an emergency that one stakeholder signs alone': {
    plant: { store: (store) => ({ ...store, write: (turn) => store.write(turn.map(tampered)) }) },
    found: /^I5: .* as an emergency signed by \w+ alone/,
  },
  'an emergency whose issue is not looked at again': {
    plant: {
      store: seeing(
        has('vote-closed', ({ subject, why }) => subject === 'emergency' && /critical/.test(String(why))),
        allCritical,
      ),
    },
    found: /^I5: .* as an emergency because of .* which is no open critical issue/,
  },
  'a deployment that is let go, whoever asks': {
    plant: {
      store: seeing(notOfPeople(has('deployment-held', ({ sort }) => !/^R2/.test(String(sort)))), daveOfOps),
    },
    found: /^I5: .* was let go by dave-gh, who is not of OPS/,
  },
  'whatever was deployed past the bot closes its step': {
    plant: {
      store: seeing(
        has('deployed', () => true),
        daveOfOps,
      ),
    },
    found: /^I5: .* went on by a release past the bot on production by dave, who is not of OPS/,
  },
} as const satisfies Readonly<Record<string, { readonly plant: Plant; readonly found: RegExp }>>;

function tampered(work: Parameters<Parameters<NonNullable<Plant['store']>>[0]['write']>[0][number]) {
  if ('receive' in work) return work;
  const decide: Work['decide'] = (read, now) => oneSignature(work.decide(read, now));
  return { ...work, decide };
}
