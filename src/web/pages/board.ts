import { html } from 'hono/html';
import { callsOf } from '../../core/draft.ts';
import type { ItemState } from '../../core/item.ts';
import { openNeeds } from '../../core/needs.ts';
import { placeOf } from '../../core/outlook.ts';
import { nameOf } from '../../core/people.ts';
import type { Process } from '../../core/process.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { meter } from '../render-entry.ts';
import type { Visit } from '../visit.ts';

/** All open items, by process and step. */
export function boardPage(visit: Visit): Html {
  const { world } = visit;
  const items = world.open('item');
  const kinds = [...world.processes.values()].map(({ process }) => process);
  const main = html`<div class="page wide">
<h1>Board</h1>
<div id="board" data-live="swap">
<p class="lead">${summary(visit, items)}</p>
${alerts(visit)}
${kinds.map((process) =>
  kindSection(
    visit,
    process,
    items.filter((item) => item.kind === process.kind),
  ),
)}
</div></div>`;
  return renderPage(visit, { title: 'Board', at: '/board', main });
}

function summary(visit: Visit, items: readonly ItemState[]): Html {
  const calls = callsOf(visit.world);
  const call =
    calls?.open != null
      ? html` The stakeholders’ call is open since ${visit.show(calls.open.at)}.`
      : calls?.planned != null
        ? html` The next call is planned for ${visit.show(calls.planned.at)}.`
        : '';
  return html`${items.length === 0 ? 'Nothing is on its way.' : items.length === 1 ? 'One item is on its way.' : `${items.length} items are on their way.`}${call}`;
}

function alerts(visit: Visit): Html {
  const open = visit.world.open('alert');
  if (open.length === 0) return html``;
  return html`<section class="alerts" aria-labelledby="alerts-title"><h2 id="alerts-title">Alerts</h2><ul>${open.map(
    (alert) =>
      html`<li class="alert-row ${alert.severity}"><span class="chip ${alert.severity}">${alert.severity}</span> <strong>${alert.key}</strong> ${alert.title} <span class="quiet">${alert.state}${alert.acknowledgedBy === null ? '' : ` by ${nameOf(visit.world, alert.acknowledgedBy)}`}${alert.heldUntil === null ? '' : ` until ${visit.show(alert.heldUntil)}`}, since ${visit.show(alert.raisedAt)}</span></li>`,
  )}</ul></section>`;
}

function kindSection(visit: Visit, process: Process, items: readonly ItemState[]): Html {
  const id = `kind-${process.kind}`;
  const counts = process.steps.map((step) => items.filter((item) => item.step === step.id).length);
  const steps = process.steps.map(
    (step, at) =>
      html`<li class="${counts[at] === 0 ? '' : 'busy'}"><span class="step-no">${at + 1}</span> ${step.id}${counts[at] === 0 ? '' : html` <span class="count">${counts[at]}<span class="unseen"> here</span></span>`}</li>`,
  );
  const sorted = [...items].sort((a, b) => a.stepNumber - b.stepNumber || (a.rank ?? 9999) - (b.rank ?? 9999));
  return html`<section class="kind" aria-labelledby="${id}">
<h2 id="${id}">${process.title} <span class="quiet">${items.length === 0 ? '' : `${items.length} open`}</span></h2>
<ol class="steps" aria-label="Steps of this process">${steps}</ol>
${items.length === 0 ? empty('Nothing here at present.', html`Somebody of ${process.proposed_by.join(' or ')} says <code>/propose ${process.kind} TITLE</code>.`) : html`<ul class="cards">${sorted.map((item) => itemCard(visit, item))}</ul>`}
</section>`;
}

function itemCard(visit: Visit, item: ItemState): Html {
  const { world } = visit;
  const place = placeOf(world, item);
  const needs = place === undefined ? [] : openNeeds(world, item, place.step);
  const vote = item.votes.find((each) => each.result === null);
  const steps = place?.steps ?? item.stepNumber;
  return html`<li class="card">
<h3><a href="/item/${item.key}"><span class="card-key">${item.key}</span> ${item.title}</a></h3>
<p class="card-step"><strong>${item.step}</strong> <span class="quiet">step ${item.stepNumber} of ${steps}</span></p>
<progress class="thin" max="${steps}" value="${item.stepNumber - 1}" aria-label="Steps done"></progress>
<p class="card-who">${holderOf(visit, item)}</p>
${vote === undefined ? '' : meter(vote)}
${needs.length === 0 ? '' : html`<ul class="chips" aria-label="Still needed">${needs.map((need) => html`<li class="chip wait">${need.name.replaceAll('-', ' ')}</li>`)}</ul>`}
</li>`;
}

/** Who has the baton, in a line. */
export function holderOf(visit: Visit, item: ItemState): Html {
  if (item.holder !== null)
    return html`held by ${nameOf(visit.world, item.holder)} <span class="quiet">(${item.role}) since ${visit.show(item.holderSince)}</span>`;
  if (item.offer !== null)
    return html`offered to ${item.role} <span class="quiet">since ${visit.show(item.offer.at)}</span>`;
  return html`for ${item.role} <span class="quiet">since ${visit.show(item.stepSince)}</span>`;
}
