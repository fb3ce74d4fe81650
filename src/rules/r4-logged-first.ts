import { isPastMark } from '../core/process.ts';
import { isTracked } from '../core/reference.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { buttons, code, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R4',
  name: 'logged-first',
  source: 'Rules R4',
  statement: 'Work goes on when a story or an issue says what it is.',
  check({ act, item, process }) {
    if (act.act === 'send-back' && act.ref === null)
      return refuse(say`Say which issue it is about (R4). Log one first with ${code('/bug SEVERITY TITLE')}.`, {
        rule: 'R4',
      });
    if (act.act !== 'close-step' || item === undefined || process === undefined) return undefined;
    if (!isPastMark(process, 'stories', item.stepNumber) || item.loggedElsewhere) return undefined;
    if (item.links.some((link) => isTracked(link.kind))) return undefined;
    const link = buttons({ label: 'Link a story', command: 'link', on: item.key });
    return refuse(
      say`${item.key} has no story or issue (R4). Link one first with ${code(`/link ${item.key} REF`)}.${link}`,
      {
        rule: 'R4',
      },
    );
  },
});
