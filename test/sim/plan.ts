import { type Chance, createChance } from './chance.ts';
import { type Crash, STORE_POINTS } from './crash.ts';
import { WEATHERS, type Weather } from './network.ts';
import { deployments, emergencies } from './plan-releases.ts';
import type { PlatformName } from './stage.ts';
import { BEGINNINGS, type Beginning } from './template.ts';

/** What a history is made of, from its seed: plain steps, of which some can be left out to find the least that fails. */

const VERBS = [
  'go', 'vote', 'release', 'freeze', 'lift', 'revoke', 'grant', 'alert', 'ack', 'resolve', 'bug', 'propose', 'call', 'drop', 'board',
  'mine', 'nonsense', 'stranger', 'handover', 'object',
] as const; // biome-ignore format: one glance
/** What is said in its scenes alone. */
const IN_SCENES = ['critical', 'emergency', 'sign', 'refuse', 'unlink', 'relieve', 'discard', 'thaw'] as const;
type Verb = (typeof VERBS)[number] | (typeof IN_SCENES)[number];

export interface Say {
  readonly do: 'say';
  readonly on: 'telegram' | 'slack';
  readonly verb: Verb;
  /** Tells which of several: an item, a person. */
  readonly n: number;
  /** In private, or in a chat. */
  readonly isPrivate: boolean;
  /** A slash command of Slack, answered in the response. */
  readonly isCommand: boolean;
  readonly twice: boolean;
}
export interface Press {
  readonly do: 'press';
  readonly on: 'telegram' | 'slack';
  readonly n: number;
  readonly times: number;
  /** A button of any message, however old; else of the newest. */
  readonly isOld: boolean;
}
export type Step = { readonly at: number } & (
  | Say
  | Press
  | {
      readonly do: 'weather';
      readonly on: PlatformName;
      readonly is: Weather;
      readonly lasts: number;
      readonly after: number;
    }
  | { readonly do: 'crash'; readonly crash: Crash }
  | { readonly do: 'stop'; readonly down: number }
  | { readonly do: 'full'; readonly lasts: number }
  | { readonly do: 'leap'; readonly by: number }
  | { readonly do: 'issue'; readonly n: number | 'the emergency'; readonly open: boolean }
  /** Somebody starts a deployment on GitHub; one that does not ask goes past the bot. */
  | { readonly do: 'deploy'; readonly n: number; readonly asks: boolean; readonly takes: number }
  | { readonly do: 'shut'; readonly on: 'telegram' | 'slack'; readonly n: number; readonly lasts: number }
);

export interface Plan {
  readonly seed: number;
  readonly beginning: Beginning;
  readonly steps: readonly Step[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LASTS = 8 * MINUTE;
const CALL_POINTS = [
  'telegram.getUpdates', 'telegram.send', 'telegram.edit', 'slack.send', 'slack.edit', 'slack.find', 'github.perform',
  'github.changes', 'github.look',
] as const; // biome-ignore format: a list
/** What is come by most often, or matters most. */
const DEATHS = [
  'store.receive', 'store.receive', 'store.decide', 'store.decide', 'store.decide', 'store.claim', 'store.mark', 'store.mark', 'store.fire',
  'telegram.send', 'slack.send', 'slack.send', 'github.perform',
] as const; // biome-ignore format: a list

/** A turn without a death is one as well. */
const TURNS = [
  ...['store.receive', 'store.decide', 'store.claim', 'store.mark', 'telegram.send', 'slack.send'].flatMap((point) => [
    { point, place: 'before' as const },
    { point, place: 'after' as const },
  ]),
  { point: 'store.receive', place: 'during' as const },
  { point: 'store.decide', place: 'during' as const },
  { point: 'store.mark', place: 'during' as const },
  ...Array.from({ length: 16 }, () => undefined),
];

export function planOf(seed: number): Plan {
  const chance = createChance(seed);
  const beginnings = Object.keys(BEGINNINGS) as Beginning[];
  // Half of them on a working day: that is when most is done.
  const beginning = chance.is('beginning', 0.35) ? 'a Monday morning' : chance.pick('beginning', beginnings);
  const steps: Step[] = [];
  const at = (): number => chance.below('at', LASTS);
  const people = chance.between('people', 8, 22);
  for (let n = 0; n < people; n += 1) steps.push({ at: at(), ...speech(chance) });
  for (const scene of ['together', 'freeze', 'revoked', 'issues'] as const)
    if (chance.is('scene', 0.45)) steps.push(...SCENES[scene](chance, at()));
  for (const scene of ['timer', 'job'] as const)
    if (chance.is('scene', 0.12)) steps.push(...SCENES[scene](chance, at()));
  steps.push(...emergencies(chance), ...deployments(chance));
  const troubles = chance.between('troubles', 1, 4);
  for (let n = 0; n < troubles; n += 1) steps.push({ at: at(), ...trouble(chance) });
  // Some deaths take turns, so that no run of histories goes by without one of them.
  const turn = TURNS[seed % TURNS.length];
  if (turn !== undefined) steps.push({ at: at(), do: 'crash', crash: { ...crash(chance), ...turn, nth: 1 } });
  // One history in twelve lasts: an outage, or a process that is not there, for up to a day.
  if (chance.is('long', 1 / 12)) steps.push({ at: at(), ...longTrouble(chance) });
  return { seed, beginning, steps: steps.sort((left, right) => left.at - right.at) };
}

type Deed<T = Step> = T extends Step ? Omit<T, 'at'> : never;

function speech(chance: Chance): Deed {
  const on = chance.pick('on', ['telegram', 'slack'] as const);
  const n = chance.below('n', 1_000);
  if (chance.is('press', 0.25)) {
    const times = chance.is('double', 0.4) ? 2 : 1;
    return { do: 'press', on, n, times, isOld: chance.is('old', 0.5) };
  }
  return { ...say(chance, chance.is('usual', 0.4) ? 'go' : chance.pick('verb', VERBS), n), on };
}

export const say = (chance: Chance, verb: Verb, n: number): Say => ({
  do: 'say', verb, n,
  on: chance.pick('on', ['telegram', 'slack'] as const),
  isPrivate: chance.is('private', 0.7),
  isCommand: chance.is('command', 0.5),
  twice: chance.is('twice', 0.2),
}); // biome-ignore format: one value

/** What is worth seeing side by side. */
const SCENES = {
  /** Two of OPS release one item, and all vote on another, within the same moments. */
  together: (chance: Chance, at: number): Step[] => [
    { at, ...say(chance, 'release', 1) },
    { at: at + chance.below('beside', 300), ...say(chance, 'release', 2) },
    ...[0, 1, 2].map((n) => ({ at: at + chance.below('beside', 2_000), ...say(chance, 'vote', n) })),
  ],
  /** A freeze is declared while somebody releases. */
  freeze: (chance: Chance, at: number): Step[] => [
    { at, ...say(chance, 'freeze', chance.below('n', 100)) },
    { at: at + chance.below('beside', 4_000), ...say(chance, 'release', 1 + chance.below('n', 2)) },
    { at: at + 60_000, ...say(chance, 'lift', 0) },
  ],
  /** Somebody of OPS is so no longer, and says what only OPS may. */
  revoked: (chance: Chance, at: number): Step[] => [
    { at, ...say(chance, 'revoke', 0), on: 'telegram', isCommand: false },
    { at: at + chance.between('beside', 500, 8_000), ...say(chance, 'release', 2) },
    { at: at + 90_000, ...say(chance, 'grant', 0) },
  ],
  issues: (chance: Chance, at: number): Step[] => [
    { at, ...say(chance, 'bug', chance.below('n', 100)) },
    { at: at + 500, ...say(chance, 'alert', chance.below('n', 100)) },
    { at: at + 5_000, do: 'issue', n: chance.below('n', 9), open: chance.is('open', 0.3) },
    { at: at + 9_000, ...say(chance, 'ack', 0) },
    { at: at + 10_000, do: 'issue', n: chance.below('n', 9), open: chance.is('open', 0.7) },
  ],
  /** What fell due while there was no process fires at its start, and it dies of that. */
  timer: (chance: Chance, at: number): Step[] => [
    { at, ...say(chance, 'alert', 0), isCommand: false },
    { at: at + 3_000, do: 'crash', crash: { ...crash(chance), point: 'store.fire', nth: 1 } },
    { at: at + 4_000, do: 'stop', down: chance.between('down', 16 * MINUTE, 3 * HOUR) },
  ],
  /** It dies while something is made on GitHub. */
  job: (chance: Chance, at: number): Step[] => [
    {
      at,
      do: 'crash',
      crash: {
        ...crash(chance),
        point: 'github.perform',
        place: chance.pick('ends', ['before', 'after'] as const),
        nth: 1,
      },
    },
    { at: at + 1, ...say(chance, 'bug', chance.below('n', 100)) },
  ],
} as const;

export function crash(chance: Chance): Crash {
  const point = chance.is('usual-death', 0.75)
    ? chance.pick('death', DEATHS)
    : chance.pick('point', [...STORE_POINTS, ...CALL_POINTS]);
  const places = point.startsWith('store.') ? (['before', 'during', 'after'] as const) : (['before', 'after'] as const);
  return {
    point,
    place: chance.pick('place', places),
    nth: chance.between('nth', 1, 4),
    how: chance.is('power', 0.5) ? 'power' : 'kill',
    down: chance.is('soon', 0.7) ? chance.between('down', 200, 5_000) : chance.between('down', MINUTE, 20 * MINUTE),
  };
}

function trouble(chance: Chance): Deed {
  const sort = chance.next('trouble');
  if (sort < 0.45) return { do: 'crash', crash: crash(chance) };
  if (sort < 0.85) return weather(chance, chance.between('lasts', 1_000, 90_000));
  if (sort < 0.88) return { do: 'stop', down: chance.between('down', 100, 15 * MINUTE) };
  if (sort < 0.92) return { do: 'full', lasts: chance.between('lasts', 500, 40_000) };
  if (sort < 0.97) return { do: 'leap', by: chance.pick('leap', LEAPS) };
  return { do: 'shut', on: chance.pick('on', ['telegram', 'slack'] as const), n: chance.below('n', 10), lasts: 60_000 };
}

/** The last is one that nobody believes at first. */
const LEAPS = [-4 * MINUTE, -30_000, 3 * MINUTE, 2 * HOUR] as const;
const AFTERS = [1_000, 5_000, 20_000, 45_000] as const;
const weather = (chance: Chance, lasts: number): Deed => ({
  do: 'weather', lasts,
  on: chance.pick('platform', ['telegram', 'slack', 'slack', 'github'] as const),
  is: chance.is('none', 0.2) ? 'refused' : chance.pick('weather', WEATHERS),
  after: chance.pick('after', AFTERS),
}); // biome-ignore format: one value

const LONG = [10 * MINUTE, 20 * MINUTE, HOUR, 8 * HOUR, 8 * HOUR, 25 * HOUR] as const;
function longTrouble(chance: Chance): Deed {
  const lasts = chance.pick('long-lasts', LONG);
  if (chance.is('long-down', 0.4)) return { do: 'stop', down: lasts };
  return { ...(weather(chance, lasts) as Extract<Deed, { do: 'weather' }>), is: 'refused' };
}
