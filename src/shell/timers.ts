import { HOUR } from '../core/calendar.ts';
import { REMINDER_USE_BY_HOURS } from '../core/clocks.ts';
import { createDraft } from '../core/draft.ts';
import type { SystemCommand } from '../core/message.ts';
import { REMINDERS } from '../core/reminders.ts';
import { readRoster } from '../core/roster.ts';
import { ONLY, streamId } from '../core/streams.ts';
import { decideSystem } from '../core/system.ts';
import type { Reader, TimerDraft } from '../store/port.ts';
import { type Core, NOTHING } from './engine-core.ts';
import { cronOf, nextReminder } from './world.ts';

/** Timers: what is due is decided like any other command, by the actor `system`. */

const LATE_AFTER = 60_000;
const USE_BY = REMINDER_USE_BY_HOURS * HOUR;
const AT_ONCE = 64;
const MOST_FAULTS = 3;
const faults = new Map<string, number>();

/** Fires what is due now, in order of the due instants; resolves to how many there were. */
export function fireDue(core: Core): Promise<number> {
  // Whoever comes while they are fired waits for the same: a thousand speakers are no thousand firings.
  core.firing ??= fireAll(core).finally(() => {
    core.firing = undefined;
  });
  return core.firing;
}

async function fireAll(core: Core): Promise<number> {
  const due = core.parts.store.due(core.parts.clock.now(), AT_ONCE);
  await Promise.all(due.map((timer) => fire(core, timer)));
  return due.length;
}

async function fire(core: Core, timer: TimerDraft): Promise<void> {
  const { parts, submit, worldOf, record, commitOf } = core;
  const decide = (read: Reader, now: number) => {
    const draft = createDraft(worldOf(read, now, 'system'));
    decideSystem(draft, timer.body as SystemCommand, timer.due);
    if (draft.happenings.length === 0 && now - timer.due > USE_BY)
      parts.log.info('dropped: too late to be said', { timer: timer.key, due: timer.due });
    return record(read, commitOf(draft, { via: 'timer', outcome: null, late: now - timer.due >= LATE_AFTER }));
  };
  const result = await submit({ timer: timer.key, decide }, true);
  if (result.result !== 'fault') return void faults.delete(timer.key);
  const count = (faults.get(timer.key) ?? 0) + 1;
  faults.set(timer.key, count);
  parts.log.fault(`the timer ${timer.key} could not be carried out`, result.error);
  if (count < MOST_FAULTS) return;
  // Parked: a timer that faults again and again must not keep the others from their time.
  faults.delete(timer.key);
  parts.log.warn('a timer is parked after three faults', { timer: timer.key, body: timer.body });
  await submit({ timer: timer.key, decide: () => NOTHING }, true);
}

/** At every start, and after safe mode: the roster of the file, and a timer for each reminder whose time is new or was changed. */
export async function prepare({ parts, submit, worldOf, record, commitOf }: Core): Promise<void> {
  const { store, policies } = parts;
  const { organisation } = policies;
  await submit({
    decide: (read, now) => {
      const draft = createDraft(worldOf(read, now, 'system'));
      readRoster(draft);
      return record(read, commitOf(draft, { via: 'start', outcome: null }));
    },
  });
  const cronIn = (name: string) => `${cronOf(organisation, name) ?? 'off'} ${organisation.timezone}`;
  const names = Object.keys(REMINDERS);
  const wanted = Object.fromEntries(names.map((name) => [name, cronIn(name)]));
  const known = JSON.parse(store.meta('reminders') ?? '{}') as Record<string, string>;
  const changed = names.filter((name) => wanted[name] !== known[name]);
  const from = parts.clock.now() - 1;
  const planned = [
    ...changed.map((name) => ({ name, due: nextReminder(organisation, name, from) })),
    ...names.filter((name) => !changed.includes(name)).flatMap((name) => astray(parts, name, from) ?? []),
  ];
  if (planned.length === 0) return;
  await submit({
    decide: () => ({
      ...NOTHING,
      cleared: planned.map(({ name }) => `reminder/${name}`),
      timers: planned.flatMap(({ name, due }) =>
        due === undefined ? [] : [{ key: `reminder/${name}`, due, body: { do: 'remind', name } }],
      ),
    }),
  });
  await store.setMeta('reminders', JSON.stringify(wanted));
}

const MOST_LOOKED_BACK = 10_000;

/**
 * A reminder that was planned while the clock was ahead would be silent until then: it is due at its next time that it
 * has not been sent for. With a clock that was always right there is none.
 */
function astray({ store, policies }: Core['parts'], name: string, from: number) {
  const planned = store.timerDue(`reminder/${name}`);
  let due = nextReminder(policies.organisation, name, from);
  if (planned === undefined || due === undefined || planned <= due) return undefined;
  const sent = new Set(
    store.history(streamId('calendar', ONLY), MOST_LOOKED_BACK).flatMap(({ type, data }) => {
      const { name: of, due: at } = data as { readonly name?: string; readonly due?: number };
      return type === 'reminder-fired' && of === name ? [at] : [];
    }),
  );
  while (due !== undefined && due < planned && sent.has(due)) due = nextReminder(policies.organisation, name, due);
  return due === undefined || due >= planned ? undefined : { name, due };
}
