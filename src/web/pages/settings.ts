import { html } from 'hono/html';
import { dayAt } from '../../core/calendar.ts';
import { dutyOf } from '../../core/duty.ts';
import { nameOf } from '../../core/people.ts';
import { REMINDER_NAMES } from '../../core/reminders.ts';
import { cronOf } from '../../shell/world.ts';
import { LATE_AFTER } from '../../store/port.ts';
import { VERSION } from '../../version.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { PORTS } from '../ports-table.ts';
import { seesOutbox, type Visit } from '../visit.ts';

const MOST_PARKED = 50;

/** What runs here: which ports are on their defaults, versions, the database, what could not be delivered. */
export function settingsPage(visit: Visit): Html {
  const { sight } = visit;
  const trouble = sight.readOnly();
  const main = html`<div class="page" id="settings" data-live="swap"><h1>Settings</h1>
${trouble === undefined ? '' : html`<p class="notice" role="alert">Nothing is written at present: ${trouble}. Questions still work.</p>`}
<section class="panel" aria-labelledby="ports-title"><h2 id="ports-title">Ports</h2><p class="quiet">Each token that is set replaces one default; nothing else changes.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="ports-title"><table><thead><tr><th scope="col">Port</th><th scope="col">Default</th><th scope="col">In use</th></tr></thead><tbody>${PORTS.map(
    (port) => {
      const connected = port.platforms.filter((name) =>
        sight.chats().some(({ platform }) => platform.toLowerCase() === name.toLowerCase()),
      );
      const set = port.platforms.filter((name) => sight.platforms.includes(name) && !connected.includes(name));
      return html`<tr><th scope="row">${port.name}</th><td>${port.embedded}</td><td>${connected.map((name) => html`<span class="chip ${isWell(visit, name) ? 'done' : 'wait'}">${name}</span> `)}<span class="chip done">the default</span>${set.length === 0 ? '' : html` <small class="quiet">a token is set for ${set.join(' and ')}; it is not used</small>`}</td></tr>`;
    },
  )}</tbody></table></div></section>
${chats(visit)}${database(visit)}${parked(visit)}${organisation(visit)}</div>`;
  return renderPage(visit, { title: 'Settings', at: '/settings', main });
}

function database({ sight, world, show }: Visit): Html {
  const { events, bytes, timers, outbox } = sight.reading.figures();
  const due = sight.reading.nextTimer()?.due;
  const rows: [string, Html | string][] = [
    ['Baton', VERSION],
    ['Node', process.version],
    ['Database', html`<code>${sight.database}</code>, ${(bytes / 1_048_576).toFixed(1)} MB`],
    ['History', `${events} events`],
    ['Messages', `${outbox} so far`],
    ['Timers', `${timers} waiting${due === undefined ? '' : `, the next one ${show(due)}`}`],
    [
      'Processes',
      html`${[...world.processes.values()].map(({ process, hash }, at) => html`${at === 0 ? '' : ', '}${process.kind} <code>${hash}</code>`)}`,
    ],
  ];
  return html`<section class="panel" aria-labelledby="db-title"><h2 id="db-title">Versions and database</h2><dl>${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

function parked(visit: Visit): Html {
  const count = visit.sight.reading.parked(MOST_PARKED).length;
  const many = count === MOST_PARKED ? `${count} or more` : String(count);
  const way = seesOutbox(visit)
    ? html`The <a href="/outbox">outbox</a> shows them, with the reasons.`
    : 'OPS and the admins see them, with the reasons.';
  return html`<section class="panel" aria-labelledby="parked-title"><h2 id="parked-title">Parked messages</h2>${
    count === 0
      ? empty(
          'None.',
          html`A message that could not be delivered waits in the ${seesOutbox(visit) ? html`<a href="/outbox">outbox</a>` : 'outbox'}, with the reason.`,
        )
      : html`<p><span class="chip wait">${many}</span> could not be delivered. ${way}</p>`
  }${late(visit)}</section>`;
}

function late({ sight, world }: Visit): Html {
  const { length } = sight.reading.late(world.now - LATE_AFTER, MOST_PARKED);
  if (length === 0) return html``;
  const many = length === MOST_PARKED ? `${length} or more` : String(length);
  return html`<p><span class="chip wait">${many}</span> late. What is late is tried again by itself.</p>`;
}

const isWell = ({ sight }: Visit, name: string): boolean =>
  sight.chats().some(({ platform, ok }) => ok && platform.toLowerCase() === name.toLowerCase());

/** How everything is that is connected. */
function chats({ sight }: Visit): Html {
  const lines = sight.chats();
  if (lines.length === 0) return html``;
  return html`<section class="panel" aria-labelledby="chats-title"><h2 id="chats-title">Connections</h2><dl>${lines.map(({ platform, line, ok }) => html`<div><dt>${platform.slice(0, 1).toUpperCase()}${platform.slice(1)}</dt><dd><span class="chip ${ok ? 'done' : 'wait'}">${ok ? 'well' : 'look here'}</span> ${line}</dd></div>`)}</dl></section>`;
}

function organisation({ world }: Visit): Html {
  const { organisation: file } = world;
  const { first, second } = dutyOf(world, dayAt(file, world.now).date);
  const hours = ({ days, from, until }: { days: readonly string[]; from: string; until: string }) =>
    `${days.join(', ')} ${from}–${until}`;
  const freeze = file.calendar.release_freeze;
  const rows: [string, string][] = [
    ['Organisation', file.organisation],
    ['Timezone', file.timezone],
    ['Release freeze', `${freeze.from} until ${freeze.until}${freeze.emergency ? ', with an emergency path' : ''}`],
    ['OPS hours', hours(file.calendar.ops_hours)],
    ['On-call hours', hours(file.calendar.on_call_hours)],
    ['Working hours', hours(file.calendar.working_hours)],
    [
      'On call today',
      first === undefined
        ? 'nobody'
        : `${nameOf(world, first)}${second === undefined ? '' : `, then ${nameOf(world, second)}`}`,
    ],
  ];
  return html`<section class="panel" aria-labelledby="org-title"><h2 id="org-title">Organisation</h2><dl>${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
<h3>Reminders</h3><ul class="rows">${REMINDER_NAMES.filter((name) => name !== 'agenda').map((name) => html`<li>${name.replaceAll('-', ' ')} <code>${cronOf(file, name) ?? 'off'}</code></li>`)}</ul></section>`;
}
