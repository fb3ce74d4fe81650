import { html } from 'hono/html';
import type { Actor, Command } from '../../core/command.ts';
import { createDraft } from '../../core/draft.ts';
import { describeEvent } from '../../core/history.ts';
import { type ItemState, isOpenItem } from '../../core/item.ts';
import { stateOf } from '../../core/needs.ts';
import { membersOf, nameOf, ownersOf } from '../../core/people.ts';
import { type Process, stepAt } from '../../core/process.ts';
import { isTracked } from '../../core/reference.ts';
import type { Text } from '../../core/text.ts';
import { describeToTester } from '../../core/views.ts';
import { tallyOf, type Vote } from '../../core/vote.ts';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { meter } from '../render-entry.ts';
import { renderText } from '../render-text.ts';
import type { Visit } from '../visit.ts';
import { holderOf } from './board.ts';

/** One item: where it is, what stands in its way, its votes, links and people, and all that happened to it. */
export function itemPage(visit: Visit, item: ItemState): Html {
  const process = visit.world.processOf(item.process)?.process;
  const main = html`<div class="page wide item" id="item" data-live="swap">
<header class="item-top"><p class="crumbs"><a href="/board">Board</a> / ${process?.title ?? item.kind}</p>
<h1><span class="card-key">${item.key}</span> ${item.title}</h1>
<p><span class="chip state-${item.state}">${item.state}</span> ${isOpenItem(item) ? holderOf(visit, item) : html`ended at ${item.step}`}${item.rank === null ? '' : html` <span class="quiet">· rank ${item.rank}, round ${item.round ?? 0}</span>`}</p></header>
${process === undefined ? '' : stepper(item, process)}
<div class="columns"><div>
<section class="panel" aria-labelledby="why-title"><h2 id="why-title">What stands in the way</h2><div class="words">${renderText(why(visit, item, process), { prefixes: visit.prefixes })}</div></section>
${item.votes.length === 0 ? '' : html`<section class="panel" aria-labelledby="votes-title"><h2 id="votes-title">Votes</h2>${item.votes.map((vote) => votePart(visit, vote))}</section>`}
${links(visit, item)}
</div><div>
${environments(visit, item)}
${people(visit, item)}
${timeline(visit, item)}
</div></div></div>`;
  return renderPage(visit, { title: `${item.key} ${item.title}`, at: '/board', main });
}

/** What a tester may see of the item: its title, its step, its environments. */
export function testerPage(visit: Visit, item: ItemState): Html {
  const words = renderText(describeToTester(item), { prefixes: [] });
  const main = html`<div class="page narrow"><h1>${item.key}</h1><section class="panel words">${words}</section></div>`;
  return renderPage(visit, { title: item.key, at: '/board', main });
}

function stepper(item: ItemState, { steps }: Process): Html {
  const done = item.state === 'completed' ? steps.length : item.stepNumber - 1;
  return html`<section aria-labelledby="steps-title"><h2 id="steps-title" class="unseen">Steps</h2>
<p class="meter"><progress max="${steps.length}" value="${done}" aria-label="Steps done"></progress><span>${done} of ${steps.length} steps done</span></p>
<ol class="steps large">${steps.map((step, at) => {
    const state = at < done ? 'past' : at === item.stepNumber - 1 && isOpenItem(item) ? 'now' : '';
    return html`<li class="${state}"${state === 'now' ? html` aria-current="step"` : ''}><span class="step-no">${at + 1}</span> <span>${step.title ?? step.id}<small>${step.owner}</small></span></li>`;
  })}</ol></section>`;
}

const READER: Actor = { id: 'system', known: true, via: 'web', account: 'web:system' };

/** The answer of `/why`, asked by the page itself. */
function why(visit: Visit, item: ItemState, process: Process | undefined): Text {
  const command: Command | undefined = visit.sight.catalogue.commands.get('why');
  const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
  if (command?.on !== 'item' || process === undefined || step === undefined) return [];
  const draft = createDraft(visit.world);
  const base = { draft, world: draft, now: draft.now, actor: READER, place: null, pressed: false, args: {} };
  return command.decide({ ...base, catalogue: visit.sight.catalogue, item, process, step }).text;
}

function votePart(visit: Visit, vote: Vote): Html {
  const tally = tallyOf(vote);
  const names = (ids: readonly string[]) =>
    ids.length === 0
      ? html`<span class="quiet">nobody</span>`
      : html`${ids.map((id) => nameOf(visit.world, id)).join(', ')}`;
  return html`<div class="vote"><h3>${vote.subject.replaceAll('-', ' ')}${vote.version === null ? '' : ` of ${vote.version}`} <span class="chip">${vote.result ?? 'open'}</span></h3>${meter(vote)}
<dl><div><dt>For</dt><dd>${names(tally.approve)}</dd></div><div><dt>Against</dt><dd>${names(tally.reject)}</dd></div>${tally.abstain.length === 0 ? '' : html`<div><dt>Abstain</dt><dd>${names(tally.abstain)}</dd></div>`}<div><dt>Missing</dt><dd>${names(tally.missing)}</dd></div></dl></div>`;
}

function links(visit: Visit, item: ItemState): Html {
  const row = (ref: string, kind: ItemState['links'][number]['kind'], paired: readonly string[]) => {
    const state = isTracked(kind) ? stateOf(visit.world, ref) : undefined;
    const status = !isTracked(kind) ? '' : state === undefined ? 'open, not seen yet' : state.open ? 'open' : 'closed';
    return html`<li><span class="chip">${kind}</span> ${renderText([ref], { prefixes: visit.prefixes })}${state === undefined || state.title === '' ? '' : ` “${state.title}”`} ${status === '' ? '' : html`<span class="chip ${status === 'closed' ? 'done' : 'wait'}">${status}</span>`}${state?.severity == null ? '' : html` <span class="chip ${state.severity}">${state.severity}</span>`}${paired.length === 0 ? '' : html` <small class="quiet">with ${paired.join(', ')}</small>`}</li>`;
  };
  return html`<section class="panel" aria-labelledby="links-title"><h2 id="links-title">Links</h2>${item.links.length === 0 ? html`<p class="quiet">None yet. <code>/link ${item.key} REF</code> joins one.</p>` : html`<ul class="rows">${item.links.map((link) => row(link.ref, link.kind, link.pairedWith))}</ul>`}</section>`;
}

function environments(visit: Visit, item: ItemState): Html {
  return html`<section class="panel" aria-labelledby="env-title"><h2 id="env-title">Environments</h2>${
    item.environments.length === 0
      ? html`<p class="quiet">On none yet.</p>`
      : html`<ul class="rows">${item.environments.map((release) => html`<li><strong>${release.environment}</strong>${release.version === null ? '' : html` <code>${release.version}</code>`} <span class="quiet">${visit.show(release.at)}, by ${nameOf(visit.world, release.by)}</span></li>`)}</ul>`
  }</section>`;
}

function people(visit: Visit, item: ItemState): Html {
  const { world } = visit;
  const names = (ids: readonly string[]) => ids.map((id) => nameOf(world, id)).join(', ');
  const team = item.grants['project-team'] ?? [];
  const testers = Object.keys(item.testers);
  const rows = [
    ['Proposed by', nameOf(world, item.proposer)],
    ['Owner', names(ownersOf(world, item))],
    ['Circle owner', names(membersOf(world, 'circle-owner', item))],
    ['Team', names(team)],
    ['Testers', names(testers)],
  ].filter(([, value]) => value !== '');
  return html`<section class="panel" aria-labelledby="people-title"><h2 id="people-title">People</h2><dl>${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

const MOST = 200;

function timeline(visit: Visit, item: ItemState): Html {
  const events = visit.world.history('item', item.key, MOST);
  const who = (actor: string) => (actor === 'system' ? 'Baton' : nameOf(visit.world, actor));
  return html`<section class="panel" aria-labelledby="line-title"><h2 id="line-title">Time line</h2>${
    events.length === 0
      ? empty('Nothing happened yet.', '')
      : html`<ol class="timeline">${[...events].reverse().map((event) => html`<li class="event ${event.actor === 'system' ? 'by-bot' : ''}"><time datetime="${new Date(event.at).toISOString()}">${visit.show(event.at)}</time><span class="what"><strong>${who(event.actor)}</strong>${event.via === 'shell' ? html` <span class="quiet">from the shell</span>` : ''} ${describeEvent(visit.world, event)}</span></li>`)}</ol>`
  }</section>`;
}
