import { openLinks } from '../core/needs.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { code, enumerate, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R5',
  name: 'keep-current',
  source: 'Rules R5',
  statement: 'An item finishes when its stories and issues are closed, or moved to another item.',
  check({ world, act, item }) {
    if (act.act !== 'complete' || item === undefined) return undefined;
    const open = openLinks(world, item).map((link) => link.ref);
    if (open.length === 0) return undefined;
    return refuse(
      say`Still open: ${enumerate(open)} (R5). Close them, or move them with ${code(`/link OTHER-ITEM ${open[0]}`)}.`,
      { rule: 'R5', needs: ['links-closed'] },
    );
  },
});
