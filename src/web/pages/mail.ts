import { html } from 'hono/html';
import { rosterOf } from '../../core/people.ts';
import type { MessageBody } from '../../shell/commit.ts';
import type { OutboxRow } from '../../store/port.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { renderText } from '../render-text.ts';
import type { Visit } from '../visit.ts';

const MOST = 100;

/** The embedded default of mail: what would have gone out by SMTP, were it connected. */
export function mailPage(visit: Visit): Html {
  const addresses = [...rosterOf(visit.world).people.values()].flatMap(({ email }) =>
    email === undefined ? [] : [{ email }],
  );
  const mails = visit.hub.engine.store.messages(addresses, MOST);
  const main = html`<div class="page"><h1>Mail</h1><p class="lead">No mail server is connected, so what goes out by mail is kept here.</p>
<div id="mail" data-live="swap">${mails.length === 0 ? empty('No mail yet.', html`Testers who say <code>/join KEY mail</code> get their invitation by mail.`) : html`<ul class="mails">${[...mails].reverse().map((row) => mail(visit, row))}</ul>`}</div></div>`;
  return renderPage(visit, { title: 'Mail', at: '/mail', main });
}

function mail(visit: Visit, row: OutboxRow): Html {
  const to = 'email' in row.to ? row.to.email : '';
  return html`<li class="panel"><p class="by"><span class="chip">${row.kind}</span> to <strong>${to}</strong> <time datetime="${new Date(row.at).toISOString()}">${visit.show(row.at)}</time></p><div class="words">${renderText((row.body as MessageBody).nodes, { prefixes: visit.prefixes })}</div></li>`;
}
