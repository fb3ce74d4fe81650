import { html } from 'hono/html';
import { isKnown } from '../../core/people.ts';
import { EMBEDDED } from '../../core/reference.ts';
import type { RefState } from '../../core/tracked.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { renderButton } from '../press.ts';
import type { Visit } from '../visit.ts';

/** The embedded tracker: the stories and issues that were made by command, where no forge is connected. */

const SERIES = [
  { prefix: `${EMBEDDED}#`, title: 'Issues', hint: '/bug SEVERITY TITLE' },
  { prefix: `${EMBEDDED}/us:`, title: 'Stories', hint: '/story TITLE' },
  { prefix: `${EMBEDDED}/issue:`, title: 'Feedback', hint: '/feedback TITLE' },
] as const;
const MOST = 200;

export function trackerPage(visit: Visit): Html {
  const main = html`<div class="page wide"><h1>Tracker</h1><p class="lead">Stories and issues that Baton keeps itself. Where GitHub or Circles is connected, theirs take this place.</p>
<div id="tracker" data-live="swap">${SERIES.map((series) => section(visit, series))}</div></div>`;
  return renderPage(visit, { title: 'Tracker', at: '/tracker', main });
}

function section(visit: Visit, { prefix, title, hint }: (typeof SERIES)[number]): Html {
  const count = visit.world.get('counter', prefix)?.n ?? 0;
  const shown = Array.from({ length: Math.min(count, MOST) }, (_, at) => count - at);
  const refs = shown.flatMap((n) => visit.world.get('ref', `${prefix}${n}`) ?? []);
  const open = refs.filter((ref) => ref.open);
  const closed = refs.filter((ref) => !ref.open);
  return html`<section class="panel" aria-labelledby="t-${title}"><h2 id="t-${title}">${title} <span class="quiet">${open.length} open, ${closed.length} closed</span></h2>
${refs.length === 0 ? empty('None yet.', html`<code>${hint}</code> makes one.`) : html`<ul class="rows refs">${[...open, ...closed].map((ref) => row(visit, ref))}</ul>`}${count > MOST ? html`<p class="quiet">The newest ${MOST} of ${count}.</p>` : ''}</section>`;
}

function row(visit: Visit, ref: RefState): Html {
  const { catalogue } = visit.sight;
  const mayClose = visit.person !== undefined && isKnown(visit.world, visit.person);
  const button = ref.open
    ? { label: 'Close', command: 'close', on: ref.ref }
    : { label: 'Reopen', command: 'reopen', on: ref.ref };
  return html`<li><span class="ref-name"><code>${ref.ref}</code> ${ref.title}</span>
<span class="ref-state"><span class="chip ${ref.open ? 'wait' : 'done'}">${ref.open ? 'open' : 'closed'}</span>${ref.severity === null ? '' : html` <span class="chip ${ref.severity}">${ref.severity}</span>`}${ref.since === null ? '' : html` <small class="quiet">since ${visit.show(ref.since)}</small>`}${ref.item === null ? html` <small class="quiet">no item</small>` : html` <a class="key" href="/item/${ref.item}">${ref.item}</a>`}${ref.alert === null ? '' : html` <span class="chip critical">${ref.alert}</span>`} ${mayClose ? renderButton(visit.world, catalogue, null, '/console', '/tracker')(button) : ''}</span></li>`;
}
