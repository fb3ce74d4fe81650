import { z } from 'zod';
import { findAlert, readAlertWords } from '../core/alert-words.ts';
import { resolveAlert } from '../core/alerting.ts';
import { OptionalNote } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { lacksRole } from '../core/guards.ts';
import { already } from '../core/rule.ts';
import { bold, say } from '../core/text.ts';

export default defineCommand({
  name: 'resolve',
  usage: '/resolve [ALERT] [NOTE]',
  summary: 'The alert is over.',
  who: 'ops',
  examples: ['/resolve', '/resolve ALERT-1 the disk was full'],
  on: 'nothing',
  args: z.object({ key: z.string().optional(), note: OptionalNote }),
  read: readAlertWords,
  decide: (context) => {
    const { draft, actor, args } = context;
    const no = lacksRole(context, ['ops']);
    if (no !== undefined) return no;
    const alert = findAlert(context, 'resolve', (each) => each.acknowledgedBy === actor.id);
    if ('ok' in alert) return alert;
    if (alert.state === 'resolved') return already(say`${alert.key} is resolved.`, alert.key);
    resolveAlert(draft, alert.key, actor.id, args.note ?? null);
    return reply(
      'resolved',
      say`${bold(alert.key)} is resolved. Close ${alert.ref} when it is mended for good.`,
      alert.key,
    );
  },
});
