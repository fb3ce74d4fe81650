import { callsOf } from '../core/draft.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { code, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R12',
  name: 'on-the-call',
  source: 'Rules R12',
  statement:
    'Agreements and priorities are decided on the stakeholders’ call; between calls only urgencies of an existing story.',
  check({ world, act, item }) {
    if (act.act !== 'prioritise' && !(act.act === 'ballot' && act.agree)) return undefined;
    if (item === undefined || item.urgent !== null || callsOf(world)?.open != null) return undefined;
    return refuse(
      say`That is decided on the stakeholders’ call (R12), and none is open. ${item.key} is on the agenda; a stakeholder opens the call with ${code('/call open')}.`,
      { rule: 'R12' },
    );
  },
});
