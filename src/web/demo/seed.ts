import { localTime } from '../../core/calendar.ts';
import { type Organisation, WEEKDAYS } from '../../core/organisation.ts';
import type { DemoClock } from '../demo-clock.ts';
import type { Hub } from '../hub.ts';
import { MARKER } from './marker.ts';
import { STORY } from './story.ts';

/** Plays the story through the engine, on a clock that stands before the demonstration's beginning. */

const BEGINS = { weekday: 2, hour: 10 };

/** The demonstration begins on the next Tuesday at ten: releases are open, and every edge of the week lies ahead. */
export function beginningOf(organisation: Organisation, now: number): number {
  const today = localTime(organisation, now).startOf('day');
  const day = today.plus({ days: (BEGINS.weekday - today.weekday + 7) % 7 }).set({ hour: BEGINS.hour });
  return (day.toMillis() >= now ? day : day.plus({ days: 7 })).toMillis();
}

/** The instant of `2 Mon 09:05`: week 2 is the one in which the demonstration begins. */
function instantOf(organisation: Organisation, beginning: number, when: string): number {
  const [week = '', weekday = '', time = ''] = when.split(' ');
  const [hour, minute] = time.split(':').map(Number);
  const monday = localTime(organisation, beginning).startOf('week');
  const days = (Number(week) - 2) * 7 + (WEEKDAYS as readonly string[]).indexOf(weekday);
  return monday
    .plus({ days })
    .set({ hour: hour ?? 0, minute: minute ?? 0 })
    .toMillis();
}

/** The first instant of the story: the clock is held there before the store is opened. */
export const storyBegins = (organisation: Organisation, beginning: number): number =>
  instantOf(organisation, beginning, '1 Mon 09:00');

/** Resolves to the lines that did not go as the story has it: none, unless a rule has changed. */
export async function seed(hub: Hub, clock: DemoClock, beginning: number, origin: string): Promise<readonly string[]> {
  const { engine } = hub;
  const { organisation } = engine.policies;
  await engine.store.setMeta(MARKER, 'begun');
  const promised = localTime(organisation, beginning).plus({ weeks: 4 }).toISODate() ?? '';
  const odd: string[] = [];
  for (const [at, [when, as, place, words]] of STORY.entries()) {
    await clock.moveTo(engine, instantOf(organisation, beginning, when));
    clock.hold(instantOf(organisation, beginning, when));
    const text = words.replace('DOCS', `${origin}/handbook/documentation`).replace('DATE', promised);
    const answer = await hub.say({ as, via: 'web', place, text, pressed: false }, `story:${at}`);
    if (!answer.ok) odd.push(`${when} ${as} ${text}: ${answer.code}, ${answer.text}`);
  }
  await clock.moveTo(engine, beginning);
  await engine.store.setMeta(MARKER, 'ready');
  return odd;
}
