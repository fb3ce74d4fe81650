import { z } from 'zod';
import { MOST_TEXT } from '../core/arguments.ts';
import { closesAt, dayAt, frozenUntil, showInstant, weeklyFreeze } from '../core/calendar.ts';
import { type Context, defineCommand, type Outcome, reply, type Words } from '../core/command.ts';
import { calendarOf, declaredFreezes, type World } from '../core/draft.ts';
import { lacksRole } from '../core/guards.ts';
import { momentAt } from '../core/moment.ts';
import { nearest } from '../core/nearest.ts';
import { nameOf } from '../core/people.ts';
import { already, notFound, refuse, usage } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { bold, lines, list, say, type Text } from '../core/text.ts';

const Args = z.object({ act: z.string().optional(), words: z.array(z.string()) });
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'freeze',
  usage: '/freeze | /freeze declare FROM UNTIL REASON | /freeze lift ID',
  summary: 'Whether releases are frozen; declare a freeze, or lift one.',
  who: 'anyone; ops and stakeholder declare and lift',
  examples: ['/freeze', '/freeze declare 2026-12-24 2027-01-03 holidays', '/freeze lift FREEZE-1'],
  rule: 'R2',
  on: 'nothing',
  args: Args,
  read: (words: Words) => ({ act: words.all[0]?.toLowerCase(), words: words.all.slice(1) }),
  decide: (context) => {
    const { act } = context.args;
    if (act === undefined) return reply('shown', describe(context.world));
    if (act !== 'declare' && act !== 'lift') {
      const guess = nearest(act, ['declare', 'lift']);
      return usage(
        `There is no /freeze ${act.slice(0, 40)}${guess === undefined ? '' : `; did you mean ${guess}?`}.`,
        '/freeze declare 2026-12-24 2027-01-03 holidays',
      );
    }
    const no = lacksRole(context, ['ops', 'stakeholder']);
    return no ?? (act === 'declare' ? declare(context) : lift(context));
  },
});

function describe(world: World): Text {
  const declared = declaredFreezes(world).filter((freeze) => freeze.until > world.now);
  const frozen = frozenUntil(world.organisation, declared, world.now);
  const show = (at: number) => showInstant(world.organisation, at);
  const weekly = weeklyFreeze(world.organisation, world.now);
  const state =
    frozen === undefined
      ? say`Releases are open until ${bold(show(closesAt(world.organisation, declared, world.now)))}.`
      : say`The release freeze is on until ${bold(show(frozen))}: nothing goes to mainnet or production.`;
  const rows = declared.map(
    (freeze) =>
      say`${freeze.id}: ${show(freeze.from)} until ${show(freeze.until)}, ${freeze.reason} (${nameOf(world, freeze.by)})`,
  );
  return lines(
    state,
    say`Every week: ${show(weekly.from)} until ${show(weekly.until)}.`,
    rows.length === 0 ? [] : say`Declared:${list(rows)}`,
  );
}

/** FROM and UNTIL are days (the whole of both) or instants; a day may be followed by its time of day as a word of its own. */
function declare({ draft, world, actor, args, now }: Context<Args>): Outcome {
  const example = '/freeze declare 2026-12-24 2027-01-03 holidays';
  const [first, afterFirst] = moment(world, args.words);
  const [second, reason] = moment(world, afterFirst);
  if (first === undefined || second === undefined)
    return usage('Say from when until when: dates such as 2026-12-24, or instants such as 2026-12-24T18:00.', example);
  const from = first.at;
  const until = second.wholeDay ? dayAt(world.organisation, second.at).until : second.at;
  if (until <= from) return usage('A freeze ends after it begins.', example);
  if (until <= now) return usage('That time has passed.', example);
  const why = reason.join(' ').trim();
  if (why === '') return usage('The reason is missing.', example);
  if (why.length > MOST_TEXT) return usage(`The reason has at most ${MOST_TEXT} characters.`, example);
  const id = `FREEZE-${(calendarOf(world)?.declared ?? 0) + 1}`;
  draft.emit('calendar', ONLY, { type: 'freeze-declared', id, from, until, reason: why, by: actor.id });
  return reply(
    'declared',
    say`${bold(id)}: nothing goes to mainnet or production from ${showInstant(world.organisation, from)} until ${showInstant(world.organisation, until)}. Lift it with /freeze lift ${id}.`,
    id,
  );
}

/** A time of day alone is no end of a freeze. */
function moment(world: World, words: readonly string[]) {
  return /^\d{1,2}:/.test(words[0] ?? '')
    ? ([undefined, words] as const)
    : momentAt(world.organisation, words, world.now);
}

function lift({ draft, world, actor, args }: Context<Args>): Outcome {
  const word = (args.words[0] ?? '').toUpperCase();
  if (word === '') return usage('Say which freeze; /freeze lists them.', '/freeze lift FREEZE-1');
  if (word === 'WEEKLY')
    return refuse(say`The weekly freeze is not lifted by command (R2); it opens by itself.`, { rule: 'R2' });
  const id = /^#?\d+$/.test(word) ? `FREEZE-${word.replace('#', '')}` : word;
  const freeze = declaredFreezes(world).find((each) => each.id === id);
  if (freeze === undefined) {
    const number = Number(/^FREEZE-(\d+)$/.exec(id)?.[1] ?? 0);
    return number > 0 && number <= (calendarOf(world)?.declared ?? 0)
      ? already(say`${id} was lifted.`)
      : notFound(say`There is no freeze ${id.slice(0, 40)}; /freeze lists them.`);
  }
  if (freeze.until <= world.now) return already(say`${id} is over.`);
  draft.emit('calendar', ONLY, { type: 'freeze-lifted', id, by: actor.id });
  return reply('lifted', lines(say`${bold(id)} is lifted.`, describe(draft)), id);
}
