import { html } from 'hono/html';
import { rosterOf } from '../../core/people.ts';
import type { MessageBody } from '../../shell/commit.ts';
import type { OutboxRow } from '../../store/port.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { renderText } from '../render-text.ts';
import type { Visit } from '../visit.ts';

const MOST = 100;

/** What goes out by mail; where no mail server is connected it is kept here. */
export function mailPage(visit: Visit): Html {
  const addresses = [...rosterOf(visit.world).people.values()].flatMap(({ email }) =>
    email === undefined ? [] : [{ email }],
  );
  const mails = visit.sight.reading.messages(addresses, MOST);
  const isConnected = visit.sight.platforms.includes('Mail');
  const lead = isConnected
    ? 'What went out by mail last, and what became of it.'
    : 'No mail server is connected, so what goes out by mail is kept here.';
  const main = html`<div class="page"><h1>Mail</h1><p class="lead">${lead}</p>
<div id="mail" data-live="swap">${mails.length === 0 ? empty('No mail yet.', html`Testers who say <code>/join KEY mail</code> get their invitation by mail; <code>/mail pages</code> and <code>/mail digests</code> send those as well.`) : html`<ul class="mails">${[...mails].reverse().map((row) => mail(visit, row, isConnected))}</ul>`}</div></div>`;
  return renderPage(visit, { title: 'Mail', at: '/mail', main });
}

const STATES: Readonly<Record<OutboxRow['state'], string>> = {
  new: 'waits', sending: 'is being sent', sent: 'sent', uncertain: 'perhaps sent', failed: 'not sent', expired: 'not sent',
}; // biome-ignore format: a table

function mail(visit: Visit, row: OutboxRow, isConnected: boolean): Html {
  const state = isConnected ? html` <span class="chip">${STATES[row.state]}</span>` : '';
  const to = 'email' in row.to ? row.to.email : '';
  return html`<li class="panel"><p class="by"><span class="chip">${row.kind}</span> to <strong>${to}</strong> <time datetime="${new Date(row.at).toISOString()}">${visit.show(row.at)}</time>${state}</p><div class="words">${renderText((row.body as MessageBody).nodes, { prefixes: visit.prefixes })}</div></li>`;
}
