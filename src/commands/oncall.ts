import { z } from 'zod';
import { dayAt, dayOn, daysFrom, showDay } from '../core/calendar.ts';
import { type Context, defineCommand, type Outcome, reply } from '../core/command.ts';
import { calendarOf, type World } from '../core/draft.ts';
import { dutyOf } from '../core/duty.ts';
import { describeDuties } from '../core/duty-text.ts';
import { readMoment } from '../core/moment.ts';
import { nearest } from '../core/nearest.ts';
import { findPerson, hasRole, nameOf } from '../core/people.ts';
import { already, forbid, notFound, refuse, usage } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { bold, lines, list, say } from '../core/text.ts';

const Args = z.object({ act: z.string().optional(), words: z.array(z.string()) });
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'oncall',
  aliases: ['on-call'],
  usage: '/oncall | /oncall swap PERSON [DATE] | /oncall take [DATE]',
  summary: 'Who is on call; give a duty away, or take one that was offered.',
  who: 'anyone; who is on call then swaps, OPS takes',
  examples: ['/oncall', '/oncall swap omar 2026-11-28', '/oncall take'],
  rule: 'R7',
  on: 'nothing',
  press: (_on, args) => `/oncall ${args}`,
  args: Args,
  read: (words) => ({ act: words.all[0]?.toLowerCase(), words: words.all.slice(1) }),
  decide: (context) => {
    const { act } = context.args;
    if (act === undefined) return describe(context.world);
    if (act === 'swap') return swap(context);
    if (act === 'take') return take(context);
    const guess = nearest(act, ['swap', 'take']);
    return usage(
      `There is no /oncall ${act.slice(0, 40)}${guess === undefined ? '' : `; did you mean ${guess}?`}.`,
      '/oncall swap omar',
    );
  },
});

/** The coming days on which somebody is on call, today included. */
function comingDays(world: World, count: number): string[] {
  const days: string[] = [];
  for (const day of daysFrom(world.organisation, world.now, 60)) {
    if (day.onCall !== undefined && day.onCall.until > world.now) days.push(day.date);
    if (days.length === count) break;
  }
  return days;
}

function describe(world: World): Outcome {
  const today = dutyOf(world, dayAt(world.organisation, world.now).date);
  const rows = describeDuties(world, comingDays(world, 4));
  const now =
    today.first === undefined
      ? say`Nobody is in the rotation; all of OPS is paged.`
      : say`This week’s person: ${bold(nameOf(world, today.first))}${today.second === undefined ? '' : `, then ${nameOf(world, today.second)}`}.`;
  return reply('shown', lines(now, rows.length === 0 ? [] : say`On-call days:${list(rows)}`));
}

function dateOf(world: World, word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const moment = readMoment(world.organisation, word, world.now);
  return moment?.wholeDay === true ? dayAt(world.organisation, moment.at).date : '';
}

function swap({ draft, world, actor, args }: Context<Args>): Outcome {
  const example = '/oncall swap omar 2026-11-28';
  const [who, ...day] = args.words;
  const when = day.length === 0 ? undefined : day.join(' ');
  if (who === undefined) return usage('Say who should take it.', example);
  const asked = dateOf(world, when);
  if (asked === '') return usage('The date is a day such as 2026-11-28.', example);
  const date = asked ?? comingDays(world, 8).find((day) => dutyOf(world, day).first === actor.id);
  if (date === undefined || dutyOf(world, date).first !== actor.id)
    return forbid(
      say`Only who is on call ${date === undefined ? 'in the coming weeks' : `on ${date}`} can give the duty away (R7).`,
      'R7',
    );
  if (dayOn(world.organisation, date).until <= world.now) return usage('That day has passed.', example);
  const person = findPerson(world, who);
  if (person === undefined)
    return notFound(say`I do not know “${who.slice(0, 80)}”. Name somebody of OPS by their id.`);
  if (!hasRole(world, person.id, 'ops'))
    return refuse(say`${nameOf(world, person.id)} is not OPS, and only OPS is on call (R7).`, { rule: 'R7' });
  if (person.id === actor.id) return already(say`That duty is yours.`);
  if (calendarOf(world)?.offers.some((offer) => offer.date === date && offer.to === person.id))
    return already(say`${nameOf(world, person.id)} was asked; it passes when they say /oncall take.`);
  draft.emit('calendar', ONLY, { type: 'duty-offered', date, from: actor.id, to: person.id });
  return reply(
    'offered',
    say`${nameOf(world, person.id)} is asked to take ${showDay(world.organisation, date)}. Until they do, it stays yours.`,
  );
}

function take({ draft, world, actor, args }: Context<Args>): Outcome {
  const asked = dateOf(world, args.words.length === 0 ? undefined : args.words.join(' '));
  if (asked === '') return usage('The date is a day such as 2026-11-28.', '/oncall take 2026-11-28');
  const offers = (calendarOf(world)?.offers ?? []).filter(
    (offer) => offer.to === actor.id && (asked === undefined || offer.date === asked),
  );
  const offer = offers.find((each) => dayOn(world.organisation, each.date).until > world.now);
  if (offer === undefined) {
    if (asked !== undefined && dutyOf(world, asked).first === actor.id) return already(say`${asked} is yours.`);
    return hasRole(world, actor.id, 'ops')
      ? notFound(say`No duty was offered to you.`)
      : forbid(say`Only OPS takes on-call duties (R7).`, 'R7');
  }
  if (!hasRole(world, actor.id, 'ops')) return forbid(say`Only OPS takes on-call duties (R7).`, 'R7');
  if (dutyOf(world, offer.date).first !== offer.from)
    return refuse(say`${nameOf(world, offer.from)} no longer has that duty (R7).`, { rule: 'R7' });
  draft.emit('calendar', ONLY, { type: 'duty-taken', date: offer.date, from: offer.from, to: actor.id });
  return reply(
    'taken',
    say`${showDay(world.organisation, offer.date)} is yours; ${nameOf(world, offer.from)} is the second.`,
  );
}
