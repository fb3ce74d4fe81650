import type { World } from './draft.ts';
import type { ItemState, Link } from './item.ts';
import { hasRole, membersOf } from './people.ts';
import type { NeedName, Process, Step, StepNeed } from './process.ts';
import { isTracked } from './reference.ts';
import { type Button, bold, buttons, code, enumerate, say, type Text } from './text.ts';
import type { RefState } from './tracked.ts';
import { notVerified } from './verified.ts';
import { missingSignatures, resultOf, tallyOf } from './vote.ts';

/** The needs of steps: what must hold before one closes. Each says, when it does not, who can mend it and how. */

export interface OpenNeed {
  readonly name: string;
  readonly text: Text;
  /** What the person who acts can press to mend it. */
  readonly button?: Button;
}

type Check = (world: World, item: ItemState, step: Step) => Text | undefined;

const linksOf = (item: ItemState, kind: Link['kind']): Link[] => item.links.filter((link) => link.kind === kind);
export const stateOf = (world: World, ref: string): RefState | undefined => world.get('ref', ref);
/** A story or issue that the bot has not seen counts as open. */
const isOpenRef = (world: World, ref: string): boolean => stateOf(world, ref)?.open ?? true;
/** The links of an item that are open stories or issues. */
export const openLinks = (world: World, item: ItemState): Link[] =>
  item.links.filter((link) => isTracked(link.kind) && isOpenRef(world, link.ref));
const isStory = (link: Link): boolean => link.kind === 'story';
const answers = (world: World, url: string): boolean => {
  const status = world.probe(url);
  return status === undefined || (status >= 200 && status < 400);
};

const aStory =
  (words: string): Check =>
  (_world, item) =>
    item.links.some(isStory)
      ? undefined
      : say`${bold(words)}: the team that holds ${item.key} links one with ${code(`/link ${item.key} us:1`)}, or makes one with ${code('/story TITLE')}.`;

const aPage =
  (kind: 'document' | 'monitoring', words: string, command: string): Check =>
  (world, item) =>
    linksOf(item, kind).some((link) => answers(world, link.ref))
      ? undefined
      : say`${bold(words)} that answers: the team that holds ${item.key} adds it with ${code(`/${command} ${item.key} URL`)}.`;

/** It seems to hold, and nobody can say so at present. */
const heldFor = (need: string, stale: string): Text =>
  say`${bold(need)}: ${stale}. Say it again when that platform answers.`;

const CHECKS: Readonly<Record<NeedName, Check>> = {
  'statement-link': (_world, item) =>
    item.links.some((link) => link.kind !== 'monitoring' && !/#\d+$/.test(link.ref)) || item.circle !== null
      ? undefined
      : say`${bold('a Circles or CryptPad link that says what is needed')}: its proposer or a stakeholder adds it with ${code(`/link ${item.key} URL`)}.`,
  circle: (_world, item) =>
    item.circle !== null
      ? undefined
      : say`${bold('the circle made from the template')}: the item's owner makes it with ${code(`/circle ${item.key} create`)}, or records one with ${code(`/circle ${item.key} URL`)}.`,
  'roadmap-story': aStory('at least one roadmap story'),
  story: aStory('at least one Circles story'),
  'stories-paired': (_world, item) => {
    const stories = item.links.filter(isStory);
    const issueRefs = new Set(item.links.filter((link) => link.kind === 'issue').map((link) => link.ref));
    const bare = stories.filter((story) => !story.pairedWith.some((ref) => issueRefs.has(ref)));
    if (stories.length === 0)
      return aStory('at least one story with its GitHub issue')(_world, item, { id: '' } as Step);
    if (bare.length === 0) return undefined;
    return say`${bold('a GitHub issue for every story')}: ${enumerate(bare.map((link) => link.ref))} ${bare.length === 1 ? 'has' : 'have'} none. Pair them with ${code(`/link ${item.key} ${bare[0]?.ref} org/repo#1`)}.`;
  },
  'stories-implemented': (world, item) => {
    const paired = new Set(item.links.filter(isStory).flatMap((story) => story.pairedWith));
    const open = item.links.filter(
      (link) => link.kind === 'issue' && paired.has(link.ref) && isOpenRef(world, link.ref),
    );
    const stale = notVerified(world, [...paired]);
    if (open.length === 0 && stale !== undefined) return heldFor('every story implemented', stale);
    return open.length === 0
      ? undefined
      : say`${bold('every story implemented')}: still open are ${enumerate(open.map((link) => link.ref))}. The web team closes them, or moves them with ${code('/link KEY REF')}.`;
  },
  documentation: aPage('document', 'a documentation link', 'docs'),
  monitoring: aPage('monitoring', 'a monitoring link', 'monitor'),
  'no-serious-issue': (world, item) => {
    const serious = openLinks(world, item).filter((link) =>
      ['critical', 'major'].includes(stateOf(world, link.ref)?.severity ?? ''),
    );
    const stale = notVerified(
      world,
      item.links.flatMap((link) => (isTracked(link.kind) ? [link.ref] : [])),
    );
    if (serious.length === 0 && stale !== undefined) return heldFor('no open critical or major issue', stale);
    return serious.length === 0
      ? undefined
      : say`${bold('no open critical or major issue')}: ${enumerate(serious.map((link) => `${link.ref} (${stateOf(world, link.ref)?.severity})`))}. Send it back with ${code(`/fail ${item.key} ${serious[0]?.ref}`)}, or have it closed.`;
  },
  'architect-sign-off': (world, item) => {
    const vote = item.votes.find((each) => each.subject === 'sign-off');
    if (vote !== undefined && resultOf(vote) === 'approved') return undefined;
    if (membersOf(world, 'architect').length === 0)
      return say`${bold('the sign-off of one architect')}: nobody holds that role; an admin grants it with ${code('/role grant architect PERSON')}.`;
    return say`${bold('the sign-off of one architect')}: an architect gives it with ${code(`/approve ${item.key}`)}.`;
  },
};

/** The button that lifts a need, where one does and this person may. */
const LIFTS: { readonly [N in NeedName]?: (world: World, key: string) => Button | undefined } = {
  'statement-link': (_world, on) => ({ label: 'Link a page', command: 'link', on }),
  circle: (_world, on) => ({ label: 'Make the circle', command: 'circle', on, args: 'create' }),
  'roadmap-story': (_world, on) => ({ label: 'Link a story', command: 'link', on }),
  story: (_world, on) => ({ label: 'Link a story', command: 'link', on }),
  'stories-paired': (_world, on) => ({ label: 'Link an issue', command: 'link', on }),
  documentation: (_world, on) => ({ label: 'Add the documentation', command: 'docs', on }),
  monitoring: (_world, on) => ({ label: 'Add the monitoring', command: 'monitor', on }),
  'architect-sign-off': (world, on) =>
    hasRole(world, world.actor, 'architect') ? { label: 'Approve', command: 'approve', on } : undefined,
};
const MOST_BUTTONS = 2;

/** The buttons that lift what is missing: few, for the first things first. */
export function liftsOf(needs: readonly OpenNeed[]): Text {
  const all = new Map(needs.flatMap(({ button }) => (button === undefined ? [] : [[button.label, button] as const])));
  return all.size === 0 ? [] : [buttons(...[...all.values()].slice(0, MOST_BUTTONS))];
}

/** Has the item been released there, and does it still count after the last `/fail`? */
export const isReleasedOn = (item: ItemState, environment: string): boolean =>
  item.environments.some((release) => release.environment === environment && release.n > item.failedAt);

function checkNeed(world: World, item: ItemState, step: Step, need: StepNeed): OpenNeed | undefined {
  if (typeof need !== 'string') {
    if (isReleasedOn(item, need.released)) return undefined;
    return {
      name: `released-${need.released}`,
      text: say`${bold(`a release on ${need.released}`)}: the ${step.owner} team says ${code(`/release ${item.key} ${need.released}`)}.`,
      button: { label: `Release on ${need.released}`, command: 'release', on: item.key, args: need.released },
    };
  }
  const text = CHECKS[need](world, item, step);
  if (text === undefined) return undefined;
  const button = LIFTS[need]?.(world, item.key);
  return { name: need, text, ...(button === undefined ? {} : { button }) };
}

/** The needs of a step that do not hold yet. */
export function openNeeds(world: World, item: ItemState, step: Step): OpenNeed[] {
  const named = step.needs.flatMap((need) => checkNeed(world, item, step, need) ?? []);
  if (step.kind !== 'release' || step.review === undefined) return named;
  const review = item.votes.find((vote) => vote.subject === 'review');
  if (review?.result === 'approved') return named;
  const missing =
    review === undefined ? `nobody holds the role ${step.review.majority}` : enumerate(missingSignatures(review));
  const isAsked = review !== undefined && tallyOf(review).missing.includes(world.actor);
  return [
    ...named,
    {
      name: 'approval',
      ...(isAsked ? { button: { label: 'Approve', command: 'approve', on: item.key } } : {}),
      text: say`${bold(`the approval of what is on ${step.review.of}`)} by a majority of ${step.review.majority}s (${missing}): they say ${code(`/approve ${item.key}`)}.`,
    },
  ];
}

/** Pages that the needs of this step look at: to be checked before the step is closed. */
export function pagesOf(item: ItemState, process: Process | undefined): string[] {
  const steps = process?.steps.slice(item.stepNumber - 1, item.stepNumber + 1) ?? [];
  const kinds = steps.flatMap((step) =>
    step.needs.flatMap((need) =>
      need === 'documentation' ? ['document'] : need === 'monitoring' ? ['monitoring'] : [],
    ),
  );
  return item.links.filter((link) => kinds.includes(link.kind)).map((link) => link.ref);
}
