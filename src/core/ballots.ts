import type { AnnouncementState } from './announcement.ts';
import { announcementTally, voteTally } from './cards.ts';
import { type Context, type Outcome, reply, type Words } from './command.ts';
import { ambiguous, keyOf } from './decide.ts';
import { rolesMoved } from './departures.ts';
import type { World } from './draft.ts';
import { itemOf, settle, stepOf } from './flow.ts';
import type { ItemState } from './item.ts';
import { liftsOf, openNeeds } from './needs.ts';
import { nowAt, outlook } from './outlook.ts';
import { hasRole, membersOf, nameOf } from './people.ts';
import { keyHere } from './place.ts';
import { already, checkRules, forbid, notFound, type Refusal, refuse } from './rule.ts';
import { bold, code, lines, list, say, type Text } from './text.ts';
import { type Choice, isElector, missingSignatures, progressOf, resultOf, type Vote } from './vote.ts';
import { stillNeeded, VOTE_ON, whoHas } from './words.ts';

/** Ballots and signatures: `/approve`, `/reject` and `/abstain` are one thing with three choices. */

export interface BallotArgs {
  /** An item's key, an announcement's, or a vote's (`WEB-1/7`, which the buttons of a choice carry). */
  readonly on?: string | undefined;
  readonly note?: string | undefined;
}

/** What a voter said: the KEY if the first word is one, and the rest as a note. */
export function readBallot(words: Words): BallotArgs {
  const [first] = words.all;
  const isKey = first !== undefined && /^[A-Za-z]{2,8}-\d{1,9}(\/\d+)?$/.test(first);
  const note = (isKey ? words.rest.replace(/^\S+\s*/, '') : words.rest).trim();
  return { ...(isKey ? { on: first.toUpperCase() } : {}), ...(note === '' ? {} : { note }) };
}

type Open =
  | { readonly sort: 'item'; readonly item: ItemState; readonly vote: Vote }
  | { readonly sort: 'announcement'; readonly announcement: AnnouncementState; readonly vote: Vote };

const keyFor = (open: Open): string => (open.sort === 'item' ? open.item.key : open.announcement.key);

/** Every vote that is open to this person, on one item or anywhere. */
export function openTo(world: World, person: string, key?: string): Open[] {
  const items = key === undefined ? world.open('item') : [world.get('item', key)].flatMap((item) => item ?? []);
  const votes = items.flatMap((item) =>
    item.votes
      .filter((vote) => vote.result === null && isElector(vote, person))
      .map((vote): Open => ({ sort: 'item', item, vote })),
  );
  const drafts = world
    .open('announcement')
    .filter(
      (each) =>
        (key === undefined || each.item === key || each.key === key) &&
        each.state === 'drafted' &&
        isElector(each.vote, person),
    )
    .map((announcement): Open => ({ sort: 'announcement', announcement, vote: announcement.vote }));
  return [...votes, ...drafts];
}

/** Casts a ballot where it belongs; the answer is the code of the contract: voted, approved, rejected, signed, announced. */
export function castOn(context: Context<BallotArgs>, choice: Choice): Outcome {
  const target = find(context, choice);
  if ('ok' in target) return target;
  return target.sort === 'item'
    ? castOnItem(context, target.item, target.vote, choice)
    : castOnAnnouncement(context, target.announcement, choice);
}

function find(context: Context<BallotArgs>, choice: Choice): Open | Refusal {
  const { world, actor, place, args } = context;
  const bound = keyHere(world, place);
  const [named, exact] = args.on?.split('/') ?? [bound];
  if (named !== undefined) {
    const announcement = world.get('announcement', named);
    if (announcement !== undefined) return ofAnnouncement(world, actor.id, announcement);
    const item = keyOf(world, named);
    if (item === undefined) return notFound(say`There is no ${named} to vote on.`);
    if ('ok' in item) return item;
    if (item.state !== 'proposed' && item.state !== 'active')
      return already(say`${item.key} has ended: it is ${item.state}.`, item.key);
  }
  const all = openTo(world, actor.id, named).filter(
    (open) => exact === undefined || open.vote.id === `${named}/${exact}`,
  );
  const castable = all.filter((open) => open.vote.ballots[actor.id] !== choice && isCastable(world, actor.id, open));
  const chosen =
    castable.length > 0 ? castable : all.filter((open) => named !== undefined || isCastable(world, actor.id, open));
  const [only] = chosen;
  if (only !== undefined && chosen.length === 1) return only;
  if (only === undefined)
    return named === undefined
      ? notFound(say`No vote waits for you.`)
      : nothingOpen(world, actor.id, itemOfKey(world, named), choice);
  const onOneItem = new Set(chosen.map(keyFor)).size < chosen.length;
  return ambiguous(
    choice,
    chosen.map((open) => ({
      key: onOneItem && open.sort === 'item' ? open.vote.id : keyFor(open),
      ...(open.sort === 'item' ? { title: open.item.title, note: VOTE_ON[open.vote.subject] } : {}),
    })),
  );
}

const itemOfKey = (world: World, key: string): ItemState | undefined => world.get('item', key);

const isCastable = (world: World, actor: string, open: Open): boolean =>
  open.sort === 'announcement' ||
  checkRules(world, actor, { act: 'ballot', agree: isAgree(world, open.item, open.vote) }, open.item) === undefined;

function isAgree(world: World, item: ItemState, vote: Vote): boolean {
  const step = world.processOf(item.process)?.process.steps[item.stepNumber - 1];
  return vote.subject === 'step' && step?.kind === 'vote' && step.on_call;
}

/** Why there is nothing to vote on for this person, said as exactly as it can be. */
function nothingOpen(world: World, person: string, item: ItemState | undefined, choice: Choice): Refusal {
  if (item === undefined) return notFound(say`There is nothing of that name to vote on.`);
  const step = world.processOf(item.process)?.process.steps[item.stepNumber - 1];
  const open = item.votes.find((vote) => vote.result === null);
  // A button of a vote that another has taken the place of: theirs is open all the same.
  if (item.votes.some((vote) => vote.result === null && isElector(vote, person)))
    return already(
      say`That vote on ${item.key} is over; another is open: ${code(`/${choice} ${item.key}`)}.`,
      item.key,
    );
  if (open !== undefined)
    return forbid(
      say`The vote on ${item.key} is not yours: it is for ${open.groups.map((group) => whoHas(world, group.role, group.electorate)).join('; ')}, as they were when it opened.`,
    );
  if (!hasRole(world, person, 'stakeholder') && !hasRole(world, person, 'architect'))
    return forbid(
      say`Votes on ${item.key} are for its ${whoHas(world, 'stakeholder', membersOf(world, 'stakeholder'))}.`,
    );
  const closed = item.votes.find((vote) => vote.result !== null && isElector(vote, person));
  if (closed !== undefined) return already(say`That vote on ${item.key} is closed: ${closed.result ?? ''}.`, item.key);
  if (step?.kind === 'vote') {
    const no = checkRules(world, person, { act: 'ballot', agree: step.on_call }, item);
    return (
      no ??
      refuse(
        say`The vote on ${item.key} is not open: nobody held the role ${step.majority} when it should have opened. An admin grants it with /role grant.`,
        { key: item.key },
      )
    );
  }
  return hasRole(world, person, 'stakeholder') && choice !== 'reject'
    ? already(say`${item.key} is past its vote: it is at ${item.step}.`, item.key)
    : refuse(say`No vote is open on ${item.key}: it is at ${item.step}.`, { key: item.key });
}

function ofAnnouncement(world: World, person: string, announcement: AnnouncementState): Open | Refusal {
  const { key, vote, state } = announcement;
  if (state !== 'drafted') return already(say`${key} is ${state}.`, key);
  const empty = vote.groups.find((group) => group.electorate.length === 0);
  if (empty !== undefined)
    return refuse(
      say`${key} can not be signed: nobody holds the role ${empty.role}. An admin grants it with /role grant.`,
      { rule: 'R8', key },
    );
  if (!isElector(vote, person))
    return { ...forbid(say`${key} is not yours to sign. Still needed: ${stillNeeded(world, vote)}.`, 'R8'), key };
  return { sort: 'announcement', announcement, vote };
}

function castOnItem(context: Context<BallotArgs>, item: ItemState, vote: Vote, choice: Choice): Outcome {
  const { draft, actor, args } = context;
  const { key } = item;
  const step = stepOf(draft, item);
  const no = checkRules(draft, actor.id, { act: 'ballot', agree: isAgree(draft, item, vote) }, item);
  if (no !== undefined) return no;
  const needs = vote.subject === 'step' ? openNeeds(draft, item, step) : [];
  if (needs.length > 0)
    return refuse(say`The vote on ${key} waits for:${list(needs.map((need) => need.text))}${liftsOf(needs)}`, {
      needs: needs.map((need) => need.name),
      key,
    });
  if (vote.subject === 'skip' && choice === 'approve') {
    const finish = checkRules(
      draft,
      actor.id,
      { act: 'complete', releasing: null },
      { ...item, skipped: item.skip?.reason ?? '' },
    );
    if (finish !== undefined) return finish;
  }
  if (vote.ballots[actor.id] === choice) return already(say`Your vote on ${key} is in: ${choice}.`, key);
  draft.emit('item', key, { type: 'ballot-cast', vote: vote.id, person: actor.id, choice, note: args.note ?? null });
  const { result, completed, lapsed } = settle(draft, key, vote.id);
  rolesMoved(draft, item);
  if (lapsed !== undefined)
    return reply(
      'signed',
      say`${key}: yours was the last signature needed, and the emergency release is ${bold('not carried out')}: ${lapsed}. Its vote is void; who is on call asks anew where it is needed.`,
      key,
    );
  const after = itemOf(draft, key);
  const code = answerCode(vote, result, choice);
  const present = after.votes.find((each) => each.id === vote.id);
  const text =
    result === null && present !== undefined
      ? inProgress(context, key, present, choice, () => voteTally(draft, after, present))
      : lines(
          say`${key}: ${bold(result ?? 'signed')}, by ${nameOf(draft, actor.id)} as the last one needed.`,
          nowAt(draft, after),
          outlook(draft, after),
        );
  return completed ? { ok: true, code, key, completed: true, text } : reply(code, text, key);
}

/** The card is there already, and shows the ballot: who pressed its button is told in a line, who typed how it stands. */
function inProgress(
  { pressed }: Context<BallotArgs>,
  key: string,
  vote: Vote,
  choice: Choice,
  tally: () => Text,
): Text {
  if (!pressed) return tally();
  const { approve, needed } = progressOf(vote);
  return say`Your vote on ${key}: ${bold(choice)}. ${approve} of ${needed} needed.`;
}

function answerCode(vote: Vote, result: 'approved' | 'rejected' | null, choice: Choice): string {
  if (result === 'rejected') return 'rejected';
  if (vote.subject === 'skip' && result === 'approved') return 'skipped';
  if ((vote.subject === 'sign-off' || vote.subject === 'emergency') && choice === 'approve') return 'signed';
  return result ?? 'voted';
}

function castOnAnnouncement(context: Context<BallotArgs>, announcement: AnnouncementState, choice: Choice): Outcome {
  const { draft, world, actor, args } = context;
  const { key, date } = announcement;
  if (announcement.vote.ballots[actor.id] === choice)
    return already(say`Your signature on ${key} is in: ${choice}.`, key);
  const late = checkRules(world, actor.id, { act: 'publish', approved: true, missing: [], date });
  if (late !== undefined) return { ...late, key };
  const signed = draft.emit('announcement', key, {
    type: 'signature-given',
    person: actor.id,
    choice,
    note: args.note ?? null,
  });
  return settleAnnouncement(context, signed, choice);
}

/** Posts an announcement that is signed by all, or gives it up when it can no longer be. */
function settleAnnouncement(context: Context<BallotArgs>, announcement: AnnouncementState, choice: Choice): Outcome {
  const { draft, world, actor } = context;
  const { key, vote, date } = announcement;
  const result = resultOf(vote);
  if (result === 'rejected') {
    draft.emit('announcement', key, { type: 'announcement-rejected' });
    return reply('rejected', say`${key} is rejected. It can be edited with /announce ${key} TEXT.`, key);
  }
  const no = checkRules(world, actor.id, {
    act: 'publish',
    approved: result === 'approved',
    missing: missingSignatures(vote),
    date,
  });
  if (no === undefined) {
    draft.emit('announcement', key, { type: 'announced' });
    return reply('announced', say`${key}: yours was the last signature it needed. It is posted.`, key);
  }
  return reply(
    choice === 'approve' ? 'signed' : 'voted',
    inProgress(context, key, vote, choice, () => announcementTally(world, announcement)),
    key,
  );
}
