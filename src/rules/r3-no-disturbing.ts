import { HOUR } from '../core/calendar.ts';
import { hintCard } from '../core/cards.ts';
import { hasRole } from '../core/people.ts';
import { defineRule, refuse } from '../core/rule.ts';

export const rule = defineRule({
  id: 'R3',
  name: 'no-disturbing',
  source: 'Rules R3',
  statement: 'What developers should know reaches them through an issue; urgent matters go to the circle owner.',
  check({ world, now, actor, act, item }) {
    if (act.act !== 'mention' || act.developers.length === 0) return undefined;
    if (hasRole(world, actor, 'developer') || hasRole(world, actor, 'dev-lead') || item?.holder === actor)
      return undefined;
    if (act.lastHintAt !== undefined && now - act.lastHintAt < HOUR) return undefined;
    return refuse(hintCard(act.developers, item?.key ?? null, ''), { rule: 'R3' });
  },
});
