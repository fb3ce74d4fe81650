import { html } from 'hono/html';
import { isKnown, nameOf } from '../../core/people.ts';
import type { MessageBody } from '../../shell/commit.ts';
import { LATE_AFTER, type OutboxRow } from '../../store/port.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { tendsOutbox, type Visit } from '../visit.ts';

/** Messages that did not get to where they belong, each with the reason. */

const MOST = 100;

const DONE: Readonly<Record<string, string>> = {
  retry: 'It is on its way once more.',
  discard: 'It was given up.',
  gone: 'It was parked no more: nothing was changed.',
};

export function outboxPage(visit: Visit, done: string | undefined): Html {
  const { reading } = visit.sight;
  const parked = reading.parked(MOST);
  const late = reading.late(visit.world.now - LATE_AFTER, MOST);
  const notice = done === undefined ? undefined : DONE[done];
  const main = html`<div class="page"><p class="crumbs"><a href="/settings">Settings</a> / Outbox</p><h1>Outbox</h1>
${notice === undefined ? '' : html`<p class="notice" role="status">${notice}</p>`}
<div id="outbox" data-live="swap">
<section class="panel" aria-labelledby="parked-title"><h2 id="parked-title">Parked <span class="quiet">${many(parked)}</span></h2><p class="quiet">Nothing more happens with these by itself. What is uncertain may have arrived: to send it again can double it.</p>
${parked.length === 0 ? empty('None.', 'Everything that was to be said has gone out, or is on its way.') : html`<ul class="rows outbox">${parked.map((row) => message(visit, row, tendsOutbox(visit)))}</ul>`}</section>
<section class="panel" aria-labelledby="late-title"><h2 id="late-title">Late <span class="quiet">${many(late)}</span></h2><p class="quiet">These wait for four minutes or more, and are tried again by themselves.</p>
${late.length === 0 ? empty('None.', 'Nothing waits for long.') : html`<ul class="rows outbox">${late.map((row) => message(visit, row, false))}</ul>`}</section>
</div></div>`;
  return renderPage(visit, { title: 'Outbox', at: '/settings', main });
}

const many = (rows: readonly OutboxRow[]): string =>
  rows.length === 0 ? '' : rows.length < MOST ? String(rows.length) : `${MOST} or more`;

function message(visit: Visit, row: OutboxRow, hasButtons: boolean): Html {
  const { show } = visit;
  const text = (row.body as MessageBody | null)?.text ?? '';
  const tries =
    row.attempts === 0 ? 'not tried yet' : row.attempts === 1 ? 'tried once' : `tried ${row.attempts} times`;
  return html`<li id="message-${row.id}"><p class="by"><span class="chip wait">${row.state}</span> <span class="chip">${row.kind.replaceAll('-', ' ')}</span> to <strong>${addressee(visit, row)}</strong> <time datetime="${new Date(row.at).toISOString()}">${show(row.at)}</time> <span class="quiet">${row.lane}, ${tries}${hasButtons || row.dueAt <= visit.world.now ? '' : `, again ${show(row.dueAt)}`}</span></p>
<p class="why">${row.reason ?? 'No reason was given.'}</p>
<p class="words">${text === '' ? html`<span class="quiet">Its words are no longer kept.</span>` : text}</p>
${hasButtons ? html`<form class="buttons" method="post" action="/outbox"><input type="hidden" name="page" value="${visit.page}"><input type="hidden" name="row" value="${row.id}"><button class="button yes" name="do" value="retry" aria-describedby="message-${row.id}">Send again</button><button class="button no" name="do" value="discard" aria-describedby="message-${row.id}">Discard</button></form>` : ''}</li>`;
}

function addressee({ world }: Visit, { to, address }: OutboxRow): string {
  const at = address === undefined || 'place' in to ? '' : ` (${address})`;
  if ('person' in to) return `${isKnown(world, to.person) ? nameOf(world, to.person) : to.person}${at}`;
  if ('chat' in to) return `#${to.chat}${at}`;
  return 'email' in to ? to.email : to.place;
}

/** The outbox holds what was said to people in private: it is not everybody's. */
export function closedOutboxPage(visit: Visit): Html {
  const main = html`<div class="page narrow"><h1>Outbox</h1>${empty('This is for OPS and the admins.', html`The <a href="/settings">settings</a> say how many messages are parked.`)}</div>`;
  return renderPage(visit, { title: 'Outbox', at: '/settings', main });
}
