import { frozenUntil, showInstant } from '../core/calendar.ts';
import { declaredFreezes } from '../core/draft.ts';
import { hasRole } from '../core/people.ts';
import { isGatedEnvironment } from '../core/process.ts';
import { awaitedRelease } from '../core/release-window.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { buttons, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R2',
  name: 'release-freeze',
  source: 'Rules R2; Web 10',
  statement:
    'Releases on mainnet and production happen outside the freeze: from Monday until the end of Wednesday, and on no declared freeze.',
  check({ world, now, actor, act, item }) {
    if (act.act !== 'release' || !isGatedEnvironment(act.environment)) return undefined;
    const until = frozenUntil(world.organisation, declaredFreezes(world), now);
    if (until === undefined) return undefined;
    // Who only asks OPS releases nothing yet; OPS meets this rule when it does.
    if (act.isOwner && !hasRole(world, actor, 'ops')) return undefined;
    if (act.emergency && world.organisation.calendar.release_freeze.emergency) return undefined;
    const why = act.emergency ? ' There is no emergency path here: the organisation’s file does not turn it on.' : '';
    const remind =
      item === undefined || awaitedRelease(world, item) === undefined
        ? []
        : [buttons({ label: 'Remind me when the window opens', command: 'remind', on: item.key })];
    return refuse(
      say`Nothing is released on ${act.environment} during the freeze (R2). It opens ${showInstant(world.organisation, until)}; say it again then.${why}${remind}`,
      { rule: 'R2' },
    );
  },
});
