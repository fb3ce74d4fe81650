import { z } from 'zod';
import { alertHere, findAlert, readAlertWords } from '../core/alert-words.ts';
import { OptionalNote } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { calendarOf } from '../core/draft.ts';
import { lacksRole } from '../core/guards.ts';
import { nameOf } from '../core/people.ts';
import { already } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { bold, say } from '../core/text.ts';

export default defineCommand({
  name: 'ack',
  aliases: ['acknowledge'],
  usage: '/ack [ALERT] [NOTE]',
  summary: 'Take an alert; said again with a note, it is news.',
  who: 'ops',
  examples: ['/ack', '/ack ALERT-1 the disk is full, cleaning up'],
  on: 'nothing',
  args: z.object({ key: z.string().optional(), note: OptionalNote }),
  read: readAlertWords,
  decide: (context) => {
    const { draft, world, actor, args } = context;
    const test = calendarOf(world)?.tests[actor.id];
    const isTest =
      args.key === 'TEST' ||
      (args.key === undefined &&
        alertHere(context) === undefined &&
        test?.confirmed === false &&
        world.open('alert').every((alert) => alert.state === 'held' || alert.state === 'acknowledged'));
    if (isTest && test !== undefined) {
      if (test.confirmed) return already(say`Your test page is confirmed.`);
      draft.emit('calendar', ONLY, { type: 'page-test-confirmed', person: actor.id });
      return reply('acknowledged', say`Thank you: your test page is confirmed.`);
    }
    const no = lacksRole(context, ['ops']);
    if (no !== undefined) return no;
    const alert = findAlert(context, 'ack', (each) => each.state === 'open');
    if ('ok' in alert) return alert;
    const { key } = alert;
    if (alert.state === 'resolved') return already(say`${key} is resolved.`, key);
    if (alert.state !== 'acknowledged') {
      draft.emit('alert', key, { type: 'acknowledged', by: actor.id, note: args.note ?? null });
      return reply(
        'acknowledged',
        say`${bold(key)} is yours: ${alert.title} (${alert.ref}). Say /ack ${key} NOTE when there is news, /resolve ${key} when it is mended.`,
        key,
      );
    }
    if (args.note === undefined)
      return already(
        say`${key} was acknowledged by ${nameOf(world, alert.acknowledgedBy ?? '')}. News goes with a note: /ack ${key} NOTE.`,
        key,
      );
    draft.emit('alert', key, { type: 'news', by: actor.id, note: args.note });
    return reply('acknowledged', say`Noted on ${bold(key)}.`, key);
  },
});
