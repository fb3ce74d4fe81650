import { html } from 'hono/html';
import { localTime } from '../../core/calendar.ts';
import type { Organisation } from '../../core/organisation.ts';
import { renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { seasonOf, type Visit } from '../visit.ts';

/** The demonstration's clock: where it can be moved to, and what will happen next. */

const HOUR = 3_600_000;

interface Move {
  readonly name: string;
  readonly label: string;
  /** The moment that it moves to; undefined where there is none. */
  to(now: number, organisation: Organisation, nextDue: number | undefined): number | undefined;
}

/** The next time that this weekday has this time of day. */
function nextOn(weekday: number, hour: number, minute: number) {
  return (now: number, organisation: Organisation): number => {
    const today = localTime(organisation, now).startOf('day');
    const day = today.plus({ days: (weekday - today.weekday + 7) % 7 });
    const at = day.set({ hour, minute });
    return (at.toMillis() > now ? at : day.plus({ days: 7 }).set({ hour, minute })).toMillis();
  };
}

const MOVES: readonly Move[] = [
  { name: 'hour', label: 'An hour on', to: (now) => now + HOUR },
  { name: 'next', label: 'To what is due next', to: (_now, _organisation, due) => due },
  { name: 'wednesday', label: 'Wednesday 23:59', to: nextOn(3, 23, 59) },
  { name: 'thursday', label: 'Thursday 10:00', to: nextOn(4, 10, 0) },
  { name: 'saturday', label: 'Saturday 09:00', to: nextOn(6, 9, 0) },
  { name: 'monday', label: 'Monday 10:00', to: nextOn(1, 10, 0) },
];

/** The moment that a move means, from now on; undefined: there is no such move. */
export function momentOf(visit: Visit, name: string): number | undefined {
  const { world, sight } = visit;
  return MOVES.find((move) => move.name === name)?.to(world.now, world.organisation, sight.reading.nextTimer()?.due);
}

/** The clock beside something else; only the demonstration's can be moved. */
export const clockPanel = (visit: Visit, back: string): Html =>
  !visit.sight.isDemo
    ? html``
    : html`<section class="panel" id="clock-panel" data-live="swap" aria-labelledby="clock-title">${renderClock(visit, back)}</section>`;

/** The panel with the clock's buttons; `back` is the page to return to. */
function renderClock(visit: Visit, back: string): Html {
  const { world, sight, show } = visit;
  const due = sight.reading.nextTimer()?.due;
  const { frozen, until } = seasonOf(world);
  return html`<h2 id="clock-title">The demonstration’s clock</h2>
<p class="now">${show(world.now)}</p>
<p class="season-line ${frozen ? 'frozen' : 'open'}">${frozen ? html`The release freeze is on until <strong>${show(until)}</strong>.` : html`Releases are open until <strong>${show(until)}</strong>.`}</p>
<p class="quiet">Next: ${due === undefined ? 'nothing is due' : html`${WHAT(sight.reading.nextTimer()?.body)}, ${show(due)}`}.</p>
<form class="moves" method="post" action="/clock"><input type="hidden" name="page" value="${visit.page}"><input type="hidden" name="back" value="${back}">${MOVES.map(({ name, label }) => html`<button class="button" name="move" value="${name}"${name === 'next' && due === undefined ? html` disabled` : ''}>${label}</button>`)}</form>`;
}

const WORDS: Readonly<Record<string, string>> = {
  'close-call': 'the call closes by itself', 'send-agenda': 'the agenda goes out', 'remind-voters': 'voters are reminded', 'escalate-vote': 'a vote is escalated',
  'remind-offer': 'an offer is said again', 'escalate-offer': 'an offer is escalated', 'deliver-alert': 'a held alert goes out', 'page-again': 'the next page',
  'say-unacknowledged': 'an alert is escalated', lapse: 'an acknowledgement lapses', 'ask-news': 'news of a critical issue is asked for',
  'remind-severity': 'a due date is reminded', 'breach-severity': 'an issue breaches its time', 'void-announcement': 'a promised date passes',
}; // biome-ignore format: a table

/** What a timer will do, for people. */
function WHAT(body: unknown): string {
  const timer = (typeof body === 'object' && body !== null ? body : {}) as { do?: unknown; name?: unknown };
  if (timer.do === 'remind') return `the reminder “${String(timer.name).replaceAll('-', ' ')}”`;
  return WORDS[String(timer.do)] ?? 'a timer';
}

export function clockPage(visit: Visit): Html {
  return renderPage(visit, {
    title: 'Clock',
    at: '/clock',
    main: html`<div class="page narrow"><h1>Time</h1><section class="panel big" id="clock-panel" data-live="swap" aria-labelledby="clock-title">${renderClock(visit, '/clock')}</section><p class="quiet">The demonstration began on a Tuesday morning, and real time runs on from there. The clock only goes forward: whatever falls due on the way happens in order, each at its own moment, with its reminders, pages and escalations. Times are those of ${visit.world.organisation.timezone}.</p></div>`,
  });
}
