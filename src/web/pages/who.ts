import { html } from 'hono/html';
import { rosterOf } from '../../core/people.ts';
import { waitingFor } from '../../core/views.ts';
import { avatar, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { STRANGER, STRANGER_NAME, type Visit } from '../visit.ts';

/** Who a visitor of the demonstration wants to be. */
export function whoPage(visit: Visit): Html {
  const { world } = visit;
  const { people, roles } = rosterOf(world);
  const cards = [...people.values()].map((person) => {
    const { held, offered, votes, alerts } = waitingFor(world, person.id);
    const count = held.length + offered.length + votes.length + alerts.length;
    return card(visit, person.id, person.name ?? person.id, [...(roles.get(person.id) ?? [])].join(', '), count);
  });
  const main = html`<div class="page">
<h1>Who are you today?</h1>
<p class="lead">This is a demonstration: ${world.organisation.organisation} is made up, and you may be any of its people. Approve as a stakeholder, hand over as a developer, try to release as somebody who may not. Each browser window remembers whom it plays; a private window can be somebody else at the same time.</p>
<form method="post" action="/as"><input type="hidden" name="page" value="${visit.page}">
<ul class="people">${cards}${card(visit, STRANGER, STRANGER_NAME, 'nobody whom the organisation knows', 0)}</ul>
</form>
</div>`;
  return renderPage(visit, { title: 'Who are you?', at: '/', main });
}

function card(visit: Visit, id: string, name: string, roles: string, count: number): Html {
  const isMe = visit.person === id;
  return html`<li><button class="person-card" name="as" value="${id}"${isMe ? html` aria-current="true"` : ''}>${avatar(id, name)}<span class="person-text"><strong>${name}</strong><small>${roles === '' ? 'no role' : roles}</small></span>${count === 0 ? '' : html`<span class="news">${count}<span class="unseen"> things wait for them</span></span>`}</button></li>`;
}
