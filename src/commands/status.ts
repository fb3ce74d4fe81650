import { z } from 'zod';
import { defineCommand, reply } from '../core/command.ts';
import { keyOf } from '../core/decide.ts';
import { isAbsent, refsToLookAt } from '../core/looks.ts';
import { keyHere } from '../core/place.ts';
import { findReference, isTracked } from '../core/reference.ts';
import { forbid, notFound } from '../core/rule.ts';
import { code, oneLine, say } from '../core/text.ts';
import { board, describeItem, describePage, describeRef, describeToTester } from '../core/views.ts';

/** Said of what is there and of what is not: nobody finds out by asking. */
const OTHERS = say`You see the items that you test.`;

export default defineCommand({
  name: 'status',
  usage: '/status [KEY or REF]',
  summary: 'Where an item or a story stands; with nothing, the board in short.',
  who: 'anyone; testers for what they joined',
  examples: ['/status WEB-1', '/status example/grid#3', '/status'],
  testers: true,
  question: true,
  on: 'nothing',
  args: z.object({ on: z.string().max(500, 'that is too long for a key').optional() }),
  read: (words) => ({ on: words.all[0] }),
  probes: (world, words) => refsToLookAt(world, words.all.slice(0, 1)),
  decide: ({ world, actor, place, args }) => {
    const bound = keyHere(world, place);
    const tested = actor.known ? [] : world.open('item').filter((item) => item.testers[actor.id] !== undefined);
    const only = tested.length === 1 ? tested[0]?.key : undefined;
    const item = keyOf(world, args.on ?? bound ?? only);
    if (item !== undefined && 'ok' in item) return actor.known ? item : notFound(OTHERS);
    if (!actor.known) {
      if (item === undefined) return notFound(say`Say which one: ${code(`/status ${tested[0]?.key ?? 'KEY'}`)}.`);
      return item.testers[actor.id] === undefined ? forbid(OTHERS) : reply('shown', describeToTester(item), item.key);
    }
    if (item !== undefined) return reply('shown', describeItem(world, item), item.key);
    if (args.on === undefined) return reply('shown', board(world));
    const alert = world.get('alert', args.on.toUpperCase());
    if (alert !== undefined)
      return reply(
        'shown',
        say`${alert.key} ${alert.severity}: ${alert.title} (${alert.ref}), ${alert.state}.`,
        alert.key,
      );
    const announcement = world.get('announcement', args.on.toUpperCase());
    if (announcement !== undefined)
      return reply(
        'shown',
        say`${announcement.key} on ${announcement.item}, ${announcement.state}: ${oneLine(announcement.text)}`,
        announcement.key,
      );
    const reference = findReference(world, args.on);
    if (reference === undefined)
      return notFound(say`There is no item “${args.on.slice(0, 80)}”. ${code('/board')} shows what there is.`);
    if (isAbsent(world, reference)) return notFound(say`There is no ${reference.ref}.`);
    if (!isTracked(reference.kind) && reference.kind !== 'pull') return reply('shown', describePage(world, reference));
    const owner = world.get('ref', reference.ref)?.item;
    const linked = owner == null ? undefined : world.get('item', owner);
    return reply(
      'shown',
      linked === undefined
        ? describeRef(world, reference.ref)
        : [...describeRef(world, reference.ref), '\n', ...describeItem(world, linked)],
      linked?.key,
    );
  },
});
