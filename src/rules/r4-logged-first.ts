import { isPastMark } from '../core/process.ts';
import { isTracked } from '../core/reference.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { buttons, code, enumerate, say } from '../core/text.ts';
import { notConfirmed } from '../core/verified.ts';

export const rule = defineRule({
  id: 'R4',
  name: 'logged-first',
  source: 'Rules R4',
  statement: 'Work goes on when a story or an issue says what it is.',
  check({ world, act, item, process }) {
    if (act.act === 'send-back' && act.ref === null)
      return refuse(say`Say which issue it is about (R4). Log one first with ${code('/bug SEVERITY TITLE')}.`, {
        rule: 'R4',
      });
    if (act.act !== 'close-step' || item === undefined || process === undefined) return undefined;
    if (!isPastMark(process, 'stories', item.stepNumber) || item.loggedElsewhere) return undefined;
    const tracked = item.links.flatMap((link) => (isTracked(link.kind) ? [link.ref] : []));
    // One that was confirmed is enough.
    const stale = tracked.map((ref) => notConfirmed(world, [ref]));
    if (tracked.length > 0 && stale.some((why) => why === undefined)) return undefined;
    if (tracked.length > 0)
      return refuse(
        say`Whether ${enumerate(tracked)} is there is ${stale[0] ?? ''} (R4). Say it again when that platform answers.`,
        { rule: 'R4', needs: ['verified'] },
      );
    const link = buttons({ label: 'Link a story', command: 'link', on: item.key });
    return refuse(
      say`${item.key} has no story or issue (R4). Link one first with ${code(`/link ${item.key} REF`)}.${link}`,
      {
        rule: 'R4',
      },
    );
  },
});
