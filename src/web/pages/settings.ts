import { html } from 'hono/html';
import { dayAt } from '../../core/calendar.ts';
import { dutyOf } from '../../core/duty.ts';
import { nameOf } from '../../core/people.ts';
import { REMINDER_NAMES } from '../../core/reminders.ts';
import type { MessageBody } from '../../shell/commit.ts';
import { cronOf } from '../../shell/world.ts';
import type { OutboxRow } from '../../store/port.ts';
import { VERSION } from '../../version.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { PORTS } from '../ports-table.ts';
import type { Visit } from '../visit.ts';

const MOST_PARKED = 50;

/** What runs here: which ports are on their defaults, versions, the database, what could not be delivered. */
export function settingsPage(visit: Visit): Html {
  const { hub } = visit;
  const trouble = hub.engine.readOnly();
  const main = html`<div class="page" id="settings" data-live="swap"><h1>Settings</h1>
${trouble === undefined ? '' : html`<p class="notice" role="alert">Nothing is written at present: ${trouble}. Questions still work.</p>`}
<section class="panel" aria-labelledby="ports-title"><h2 id="ports-title">Ports</h2><p class="quiet">Each token that is set replaces one default; nothing else changes.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="ports-title"><table><thead><tr><th scope="col">Port</th><th scope="col">Default</th><th scope="col">In use</th></tr></thead><tbody>${PORTS.map(
    (port) => {
      const set = port.platforms.filter((name) => hub.platforms.includes(name));
      return html`<tr><th scope="row">${port.name}</th><td>${port.embedded}</td><td><span class="chip done">the default</span>${set.length === 0 ? '' : html` <small class="quiet">a token is set for ${set.join(' and ')}; its adapter comes with a later version</small>`}</td></tr>`;
    },
  )}</tbody></table></div></section>
${database(visit)}${parked(visit, hub.engine.store.parked(MOST_PARKED))}${organisation(visit)}</div>`;
  return renderPage(visit, { title: 'Settings', at: '/settings', main });
}

function database({ hub, world, show }: Visit): Html {
  const { events, bytes, timers, outbox } = hub.engine.store.figures();
  const due = hub.engine.nextDue();
  const rows: [string, Html | string][] = [
    ['Baton', VERSION],
    ['Node', process.version],
    ['Database', html`<code>${hub.database}</code>, ${(bytes / 1_048_576).toFixed(1)} MB`],
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

function parked({ show }: Visit, rows: readonly OutboxRow[]): Html {
  return html`<section class="panel" aria-labelledby="parked-title"><h2 id="parked-title">Parked messages</h2>${
    rows.length === 0
      ? empty('None.', 'A message that could not be delivered is shown here, with the reason.')
      : html`<ul class="rows">${rows.map((row) => html`<li><span class="chip wait">${row.state}</span> ${row.kind} to ${Object.values(row.to).join('')}, ${show(row.at)}: ${(row.body as MessageBody | null)?.text ?? ''} <span class="quiet">${row.reason ?? 'no reason was given'}</span></li>`)}</ul>`
  }</section>`;
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
