import { callsOf } from '../core/draft.ts';
import { isPastMark } from '../core/process.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { enumerate, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R11',
  name: 'finish-first',
  source: 'Rules R11',
  statement: 'New priorities are decided when those of earlier rounds are developed.',
  check({ world, act, item }) {
    if (act.act !== 'prioritise' || item === undefined || item.urgent !== null) return undefined;
    const present = callsOf(world)?.open?.round ?? null;
    const inTheWay = world.open('item').filter((other) => {
      if (other.key === item.key || other.round === null || other.round === present || other.urgent !== null)
        return false;
      const process = world.processOf(other.process)?.process;
      return process !== undefined && !isPastMark(process, 'development', other.stepNumber);
    });
    if (inTheWay.length === 0) return undefined;
    return refuse(
      say`First the priorities of earlier calls are developed (R11). In the way: ${enumerate(inTheWay.map((other) => `${other.key} (${other.step})`))}. Have them developed, or drop one with /drop KEY REASON.`,
      { rule: 'R11' },
    );
  },
});
