import type { AnnouncementState } from './announcement.ts';
import { showDay } from './calendar.ts';
import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { Live } from './message.ts';
import { membersOf, nameOf } from './people.ts';
import { stepAt } from './process.ts';
import {
  type Button,
  bold,
  buttons,
  code,
  enumerate,
  item as itemNode,
  lines,
  type Node,
  quoted,
  say,
  type Text,
} from './text.ts';
import { tallyOf, type Vote } from './vote.ts';
import { stillNeeded } from './words.ts';

/** What messages about an item show while there is something to do; `live.ts` says what they show afterwards. */

type Of<K extends Live['of']> = Extract<Live, { of: K }>;

const SUBJECT: Readonly<Record<Vote['subject'], string>> = {
  step: 'Agree on', review: 'Review of', objection: 'Objected priority of', 'sign-off': 'Sign-off of', skip: 'Skip the last step of', emergency: 'Emergency release of', announcement: 'Announcement about',
}; // biome-ignore format: a table

export const ballotButtons = (on: string): Button[] => [
  { label: 'Approve', command: 'approve', on },
  { label: 'Reject', command: 'reject', on },
  { label: 'Abstain', command: 'abstain', on },
];

/** What a vote is about. */
export const voteLine = (item: ItemState, vote: Vote): Text =>
  say`${SUBJECT[vote.subject]} ${itemNode(item.key, item.title)}${vote.version === null ? '' : ` (${vote.version})`}`;

/** Beyond so many names nobody reads them, and no message has room for them: then it is said how many they are. */
const MOST_NAMED = 400;

/** Who voted so: by name, or how many, where they are a crowd; nothing for nobody. */
export const voters = (world: World, ids: readonly string[]): string =>
  ids.length > MOST_NAMED ? `${ids.length} people` : enumerate(ids.map((id) => nameOf(world, id)));

/** What a vote is about, and how it stands. */
export function voteTally(world: World, item: ItemState, vote: Vote): Text {
  const tally = tallyOf(vote);
  const names = (ids: readonly string[]) => voters(world, ids) || '–';
  const abstained = tally.abstain.length === 0 ? '' : ` Abstained: ${names(tally.abstain)}.`;
  const count = say`Approve: ${names(tally.approve)}. Reject: ${names(tally.reject)}. Missing: ${names(tally.missing)}.${abstained} Needed: ${tally.needed}.`;
  return lines(voteLine(item, vote), count);
}

/** The card of a vote: the live tally, and the buttons. */
export const voteCard = (world: World, item: ItemState, vote: Vote): Text => [
  ...voteTally(world, item, vote),
  buttons(...ballotButtons(item.key)),
];

export const announcementLine = ({ key, item, text, date }: AnnouncementState): Text =>
  say`${bold(key)} on ${item}${date === null ? '' : `, promised by ${date}`}: ${quoted(text)}`;

/** An announcement: its text, its promise, who signed, and whose signatures it needs. */
export function announcementTally(world: World, announcement: AnnouncementState): Text {
  const { vote } = announcement;
  const tally = tallyOf(vote);
  const names = (ids: readonly string[]) => voters(world, ids);
  const said = (word: string, ids: readonly string[]) => (ids.length === 0 ? '' : ` ${word}: ${names(ids)}.`);
  return lines(
    announcementLine(announcement),
    say`Signed: ${names(tally.approve) || '–'}.${said('Against', tally.reject)}${said('Abstained', tally.abstain)} Still needed: ${stillNeeded(world, vote)}.`,
  );
}

/** The card of an announcement: how it stands, and the buttons. */
export const announcementCard = (world: World, announcement: AnnouncementState): Text => [
  ...announcementTally(world, announcement),
  buttons(
    { label: 'Approve', command: 'approve', on: announcement.key },
    { label: 'Reject', command: 'reject', on: announcement.key },
  ),
];

const MOST_TITLE = 200;

/** R3: what developers should know is better logged; what was said is its title, so that one press logs it. */
export function hintCard(names: readonly string[], key: string | null, said: string): Text {
  const on = key ?? '';
  const who = enumerate(names);
  const title = said
    .slice(0, MOST_TITLE - (on === '' ? 0 : on.length + 1))
    .toWellFormed()
    .trim();
  const more: Button[] = [
    { label: 'Ask for a feature', command: 'feature', on, ...(title === '' ? {} : { args: title }) },
    ...(key === null
      ? []
      : [{ label: 'Urgent: tell the circle owner', command: 'urgent', on, ...(title === '' ? {} : { args: title }) }]),
  ];
  if (title === '')
    return say`${who} will see it sooner as an issue (R3). Log it here:${buttons({ label: 'Log a bug', command: 'bug', on }, ...more)}`;
  const bug = (label: string, severity: string): Button => ({
    label,
    command: 'bug',
    on,
    args: `${severity} ${title}`,
  });
  return say`${who} will see it sooner as an issue (R3). Log “${title}” as a bug, by how bad it is, or as what it is:${buttons(bug('Critical', 'critical'), bug('Major', 'major'), bug('Minor', 'minor'), ...more)}`;
}

/** What an elector is reminded with. */
export const reminderCard = (item: ItemState): Text =>
  say`Your vote on ${itemNode(item.key, item.title)} is still missing.${buttons(...ballotButtons(item.key))}`;

/** The baton as it is offered to a team; who was handed it may give it back. */
export function offerCard(world: World, item: ItemState, again: boolean): Text {
  const process = world.processOf(item.process)?.process;
  const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
  const before = process === undefined ? undefined : stepAt(process, item.stepNumber - 1);
  const giveBack: Button[] = before?.kind === 'handover' ? [{ label: 'Return', command: 'return', on: item.key }] : [];
  const choices = buttons({ label: 'Accept', command: 'accept', on: item.key }, ...giveBack);
  return say`${again ? 'Still waiting: ' : ''}${itemNode(item.key, item.title)} is yours (${item.role}): ${bold(step?.title ?? item.step)}, step ${item.stepNumber}.${choices}`;
}

export const requestLine = (world: World, item: ItemState, { by, environment, version }: Of<'request'>): Text =>
  say`${nameOf(world, by)} asks OPS to release ${itemNode(item.key, item.title)} on ${environment}${version === null ? '' : ` (${version})`}.`;

/** A release that OPS is asked for. */
export const requestCard = (world: World, item: ItemState, live: Of<'request'>): Text => [
  ...requestLine(world, item, live),
  buttons({ label: 'Release', command: 'release', on: item.key, args: live.environment }),
];

export const environmentLine = (world: World, item: ItemState, { by, environment }: Of<'environment'>): Text =>
  say`${nameOf(world, by)} asks for ${environment} for ${itemNode(item.key, item.title)}.`;

/** An environment that OPS is asked for. */
export const environmentCard = (world: World, item: ItemState, live: Of<'environment'>): Text => [
  ...environmentLine(world, item, live),
  buttons({ label: 'Report ready', command: 'env', on: item.key, args: `ready ${live.environment}` }),
];

export function priorityLine(world: World, item: ItemState, { rank, owner }: Of<'priority'>): Text {
  const who = owner === null ? '' : `, owner ${nameOf(world, owner)}`;
  const team = membersOf(world, 'project-team', item).map((id) => nameOf(world, id));
  const mates = team.length === 0 ? '' : `, team ${enumerate(team)}`;
  return say`${itemNode(item.key, item.title)} has rank ${rank}${who}${mates}. `;
}

/** A priority that the call decided on, while an objection can still take it back. */
export const priorityCard = (world: World, item: ItemState, live: Of<'priority'>): Text => [
  ...priorityLine(world, item, live),
  buttons({ label: 'Object', command: 'object', on: item.key }),
];

const invitationLine = (item: ItemState): Text => {
  const where = item.environments.map((release) => release.environment);
  return say`Come and test ${itemNode(item.key, item.title)}${where.length === 0 ? '' : ` on ${enumerate(where)}`}. What you find helps.`;
};

/** What testers are invited with. It carries no date and nobody's name. */
export const invitationCard = (item: ItemState): Text => [
  ...invitationLine(item),
  buttons({ label: 'Join the test', command: 'join', on: item.key }),
];

/** The same by mail, for whoever has joined already. */
export const invitationLetter = (item: ItemState): Text => [
  ...invitationLine(item),
  ...say`\nYou have joined: say ${code(`/bug minor ${item.key} WHAT`)} to me in the chat about what you find, and ${code(`/leave ${item.key}`)} when you stop.`,
];

export const dutyLine = (world: World, { from, date }: Of<'duty'>): Text =>
  say`${nameOf(world, from)} offers you the on-call duty of ${showDay(world.organisation, date)}.`;

/** A duty that somebody is asked to take. */
export const dutyCard = (world: World, live: Of<'duty'>): Text => [
  ...dutyLine(world, live),
  buttons({ label: 'Take it', command: 'oncall', on: '', args: `take ${live.date}` }),
];

/** The weekly test of the way to somebody who will be on call. */
export const pageTestCard = (): Text =>
  say`This is a test page: you are on call soon. Confirm that it reached you.${buttons({ label: 'Confirm', command: 'ack', on: 'test' })}`;

/** The answer to a report: its placeholder while it is being made, then the name that it has there. */
export function loggedCard(world: World, { on, where, says, fails }: Extract<Live, { of: 'logged' }>): Text {
  const state = world.get('ref', on);
  const choices = fails === undefined ? [] : [failButton(fails.item, state?.became ?? on, fails.title)];
  if (state?.became !== undefined) return [...say`${bold(state.became)} is logged${says}`, ...choices];
  const why = state?.making?.why ?? null;
  return why === null
    ? [...say`${bold(on)} is being logged in ${where}${says}`, ...choices]
    : [...say`${bold(on)} is kept here, for it could not be logged in ${where} (${why})${says}`, ...choices];
}

/** What was just logged is why the test fails: one press says so. */
export const failButton = (key: string, ref: string, title: string): Node =>
  buttons({ label: `Fail ${key} because of it`, command: 'fail', on: key, args: `${ref} ${title}` });

/** The answer to `/circle KEY create` on a platform. */
export function circleCard(item: ItemState): Text {
  if (item.circleAsked === true)
    return say`The circle of ${item.key} is being made from the template; its owner hears when it is there.`;
  return item.circle === null
    ? say`The circle of ${item.key} could not be made; its owner knows why.`
    : say`The circle of ${item.key} is ${item.circle}.`;
}
