import type { Chance } from './chance.ts';
import { crash, type Say, type Step, say } from './plan.ts';

/** Scenes of releases beside the usual ones. Their chances have labels of their own: what else is planned stays as it is. */

const MINUTE = 60_000;
const LASTS = 8 * MINUTE;

/** What comes between the request and its last signature. */
const MEANWHILE = [
  'nothing', 'nothing', 'nothing', 'closed', 'unlinked', 'relieved', 'relieved', 'lifted', 'overtaken', 'overtaken', 'overtaken', 'refused',
  'dropped', 'dropped',
] as const; // biome-ignore format: one glance

/** Production is down in a freeze: an emergency release is asked for and signed, or something comes between. */
export function emergencies(given: Chance): readonly Step[] {
  if (!given.is('emergency', 0.5)) return [];
  const chance = labelled(given, 'emergency');
  const at = chance.below('at', LASTS);
  const n = chance.below('n', 100);
  const meanwhile = chance.pick('meanwhile', MEANWHILE);
  const steps: Step[] = [];
  const add = (after: number, verb: Say['verb'], which = n): void =>
    void steps.push({ at: at + after, ...say(chance, verb, which), isPrivate: true });
  // Where there is no weekly freeze, one is declared; it takes a while until everybody has heard of an issue.
  const isThawed = meanwhile === 'lifted' || meanwhile === 'overtaken';
  if (chance.is('frozen', 0.75) || isThawed) add(0, 'freeze');
  add(chance.between('bug', 0, 4_000), 'critical');
  const asked = chance.between('asked', 7_000, 20_000);
  add(asked, 'emergency');
  if (chance.is('again', 0.2)) add(asked + 500, 'emergency', n + 1);
  const signed = asked + chance.between('signed', 5_000, 30_000);
  add(signed, 'sign', 0);
  const between = signed + 4_000;
  if (meanwhile === 'closed') steps.push({ at: at + between, do: 'issue', n: 'the emergency', open: false });
  if (meanwhile === 'unlinked') add(between, 'unlink');
  if (meanwhile === 'relieved') add(between, 'relieve');
  if (isThawed) for (const after of [0, 1_500]) add(between + after, 'thaw');
  if (meanwhile === 'overtaken') add(between + 3_500, 'release', 2);
  if (meanwhile === 'dropped') add(between, 'discard');
  if (meanwhile === 'refused') for (const who of [1, 2]) add(between + who, 'refuse', who);
  if (chance.is('crash', 0.3))
    steps.push({
      at: at + chance.between('crash-at', asked, between),
      do: 'crash',
      crash: { ...crash(chance), nth: 1 },
    });
  const last =
    between +
    (chance.is('late', 0.2) ? chance.between('last', MINUTE, 9 * MINUTE) : chance.between('last', 4_000, 20_000));
  add(last, 'sign', 1);
  // Two may sign within the same moment.
  if (chance.is('third', 0.5)) add(last + chance.below('beside', 500), 'sign', 2);
  return steps;
}

/** Deployments: asked for, or made past the bot; after a release that was said, or without one. */
export function deployments(given: Chance): readonly Step[] {
  if (!given.is('deployments', 0.4)) return [];
  const chance = labelled(given, 'deployment');
  const steps: Step[] = [];
  const count = chance.between('count', 1, 3);
  for (let left = count; left > 0; left -= 1) {
    // Some come before anybody has said that release.
    const at = chance.below('at', chance.is('early', 0.5) ? 10_000 : LASTS);
    const n = chance.below('n', 120);
    const takes = chance.is('long', 0.1)
      ? chance.between('takes', 5 * MINUTE, 10 * MINUTE)
      : chance.between('takes', 500, 40_000);
    if (chance.is('said', 0.25)) steps.push({ at, ...say(chance, 'release', 2) });
    steps.push({ at: at + 3_000, do: 'deploy', n, asks: chance.is('asks', 0.65), takes });
    if (chance.is('crash', 0.2))
      steps.push({ at: at + chance.between('crash-at', 0, takes), do: 'crash', crash: { ...crash(chance), nth: 1 } });
  }
  return steps;
}

/** The same chance, its labels kept apart from everybody else's. */
const labelled = (chance: Chance, name: string): Chance => {
  const of = (label: string): string => `${name}: ${label}`;
  return {
    next: (label) => chance.next(of(label)),
    below: (label, below) => chance.below(of(label), below),
    between: (label, from, to) => chance.between(of(label), from, to),
    is: (label, probability) => chance.is(of(label), probability),
    pick: (label, from) => chance.pick(of(label), from),
  };
};
