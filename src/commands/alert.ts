import { z } from 'zod';
import { alertOf, changeSeverity, opsOr, raiseAlert } from '../core/alerting.ts';
import { rest, SeverityWord, Title } from '../core/arguments.ts';
import { showInstant } from '../core/calendar.ts';
import { defineCommand, reply } from '../core/command.ts';
import { itemMeant } from '../core/logging.ts';
import { findReference, isTracked } from '../core/reference.ts';
import { already } from '../core/rule.ts';
import { bold, say } from '../core/text.ts';
import { isLower } from '../core/tracked.ts';
import { joinLink, logRef, see } from '../core/tracking.ts';

export default defineCommand({
  name: 'alert',
  usage: '/alert SEVERITY REF or TITLE',
  summary: 'Tell OPS that something is broken.',
  who: 'anyone known',
  examples: ['/alert critical The site is down', '/alert major example/grid#7'],
  rule: 'R7',
  on: 'nothing',
  args: z.object({ severity: SeverityWord, what: Title }),
  read: (words) => ({ severity: words.all[0], what: rest(words, 1) }),
  decide: (context) => {
    const { draft, world, actor, args } = context;
    const { severity } = args;
    const words = args.what.split(/\s+/);
    const reference = words.length === 1 ? findReference(world, args.what) : undefined;
    const tracked =
      reference !== undefined && (reference.kind === 'issue' || reference.kind === 'story') && isTracked(reference.kind)
        ? { ref: reference.ref, kind: reference.kind }
        : undefined;
    const meant = tracked === undefined ? itemMeant(context, args.what, 'named') : undefined;
    const logged = tracked ?? logRef(draft, 'issue', meant?.title ?? args.what, { item: meant?.item, labels: ['bug'] });
    const state = see(draft, logged.ref, logged.kind, '', actor.id);
    if (meant?.item !== undefined && 'ref' in logged)
      joinLink(draft, meant.item.key, { ref: logged.ref, kind: logged.kind });
    const running = state.alert === null ? undefined : world.get('alert', state.alert);
    if (running !== undefined && !isLower(running.severity, severity))
      return already(say`${logged.ref} has its alert: ${running.key}.`, running.key);
    if (isLower(state.severity, severity))
      draft.emit('ref', logged.ref, { type: 'severity-set', severity, by: actor.id });
    if (running !== undefined) changeSeverity(draft, running.key, severity, actor.id);
    const present = draft.get('ref', logged.ref) ?? state;
    const incident = {
      ref: logged.ref,
      title: present.title || logged.ref,
      severity,
      item: present.item,
      by: actor.id,
    };
    const alert = running === undefined ? raiseAlert(draft, incident) : alertOf(draft, running.key);
    if (alert.state === 'held' && alert.heldUntil !== null)
      return reply(
        'held',
        say`${bold(alert.key)} (${alert.ref}) is held (R7): ${opsOr(world, 'gets it', showInstant(world.organisation, alert.heldUntil))}.`,
        alert.key,
      );
    return reply(
      'alerted',
      say`${bold(alert.key)} (${alert.ref}): ${opsOr(world, alert.pages > 0 ? 'is paged' : 'is told')}.`,
      alert.key,
    );
  },
});
