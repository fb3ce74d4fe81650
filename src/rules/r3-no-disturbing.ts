import { HOUR } from '../core/calendar.ts';
import { hasRole } from '../core/people.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { buttons, enumerate, say } from '../core/text.ts';

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
    const on = item?.key ?? '';
    const choices = buttons(
      { label: 'Log a bug', command: 'bug', on },
      { label: 'Ask for a feature', command: 'feature', on },
      ...(item === undefined ? [] : [{ label: 'Urgent: tell the circle owner', command: 'urgent', on }]),
    );
    return refuse(say`${enumerate(act.developers)} will see it sooner as an issue (R3). Log it here:${choices}`, {
      rule: 'R3',
    });
  },
});
