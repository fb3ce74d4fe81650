import { showDay } from './calendar.ts';
import { calendarOf, type World } from './draft.ts';
import { dutyOf } from './duty.ts';
import { hasRole, isKnown, nameOf, rosterOf } from './people.ts';
import { bold, enumerate, say, type Text } from './text.ts';

/** Who is on call on these days, how they are reached, and what is still to be mended: a row a day. */
export function describeDuties(world: World, dates: readonly string[]): Text[] {
  const tests = calendarOf(world)?.tests ?? {};
  const rows = dates.map((date) => {
    const { first, second } = dutyOf(world, date);
    const day = bold(showDay(world.organisation, date));
    if (first === undefined)
      return say`${day}: nobody is on call. All of OPS is paged; put somebody into on_call in the organisation’s file.`;
    const person = rosterOf(world).people.get(first);
    const chats = [
      person?.telegram === undefined ? [] : ['Telegram'],
      person?.slack === undefined ? [] : ['Slack'],
    ].flat();
    const reach = chats.length === 0 ? 'no chat of theirs is known' : `by ${enumerate(chats)}`;
    const isOpen = tests[first]?.confirmed === false;
    return say`${day}: ${nameOf(world, first)} (${reach})${second === undefined ? '' : `, then ${nameOf(world, second)}`}.${isOpen ? ' The test page is not confirmed yet.' : ''}`;
  });
  return rows.length === 0 ? rows : [...rows, ...passedOver(world)];
}

/** Who stands in the rotation and is not of OPS: their turns go to the next, which is to be seen and not guessed. */
function passedOver(world: World): Text[] {
  const people = (world.organisation.on_call?.people ?? []).filter(
    (id) => isKnown(world, id) && !hasRole(world, id, 'ops'),
  );
  if (people.length === 0) return [];
  const names = enumerate([...new Set(people)].map((person) => nameOf(world, person)));
  return [
    say`The rotation names ${names}, not of OPS: the next in turn is on call. An admin says /role grant ops, or takes them out of on_call in the organisation’s file.`,
  ];
}
