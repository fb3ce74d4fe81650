import { openLinks } from '../core/needs.ts';
import { isTracked } from '../core/reference.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { code, enumerate, say } from '../core/text.ts';
import { notVerified } from '../core/verified.ts';

export const rule = defineRule({
  id: 'R5',
  name: 'keep-current',
  source: 'Rules R5',
  statement: 'An item finishes when its stories and issues are closed, or moved to another item.',
  check({ world, act, item }) {
    if (act.act !== 'complete' || item === undefined) return undefined;
    const open = openLinks(world, item).map((link) => link.ref);
    const tracked = item.links.flatMap((link) => (isTracked(link.kind) ? [link.ref] : []));
    const stale = open.length === 0 ? notVerified(world, tracked) : undefined;
    if (stale !== undefined)
      return refuse(
        say`Whether its stories and issues are closed is ${stale} (R5). Say it again when that platform answers.`,
        { rule: 'R5', needs: ['verified'] },
      );
    if (open.length === 0) return undefined;
    return refuse(
      say`Still open: ${enumerate(open)} (R5). Close them, or move them with ${code(`/link OTHER-ITEM ${open[0]}`)}.`,
      { rule: 'R5', needs: ['links-closed'] },
    );
  },
});
