import { z } from 'zod';
import { showInstant } from '../core/calendar.ts';
import { defineCommand, reply } from '../core/command.ts';
import { keyOf } from '../core/decide.ts';
import type { PastEvent, World } from '../core/draft.ts';
import { describeEvent } from '../core/history.ts';
import { nameOf } from '../core/people.ts';
import { keyHere } from '../core/place.ts';
import { notFound } from '../core/rule.ts';
import { bold, code, lines, list, say } from '../core/text.ts';

const MOST = 60;

export default defineCommand({
  name: 'history',
  usage: '/history KEY',
  summary: 'Who did what and when, in order.',
  who: 'anyone',
  examples: ['/history WEB-1', '/history ALERT-1'],
  question: true,
  on: 'nothing',
  args: z.object({ key: z.string().optional() }),
  read: (words) => ({ key: words.all[0]?.toUpperCase() }),
  decide: ({ world, place, args }) => {
    const key = args.key ?? keyHere(world, place);
    if (key === undefined) return notFound(say`Say of which item: ${code('/history WEB-1')}.`);
    const item = keyOf(world, key);
    if (item !== undefined && 'ok' in item) return item;
    const stream =
      item !== undefined
        ? 'item'
        : world.get('alert', key) !== undefined
          ? 'alert'
          : world.get('announcement', key) !== undefined
            ? 'announcement'
            : undefined;
    if (stream === undefined)
      return notFound(say`There is no ${key.slice(0, 40)}. ${code('/board')} shows what there is.`);
    const events = world.history(stream, key, MOST + 1);
    const shown = events.slice(-MOST);
    const more = events.length > shown.length ? say`The newest ${MOST}; the web shows the rest.` : [];
    return reply('shown', lines(say`${bold(key)}:${list(shown.map((event) => row(world, event)))}`, more), key);
  },
});

const row = (world: World, event: PastEvent) =>
  say`${showInstant(world.organisation, event.at)} ${event.actor === 'system' ? 'Baton' : nameOf(world, event.actor)}${event.via === 'shell' ? ' (from the shell)' : ''}: ${describeEvent(world, event)}`;
