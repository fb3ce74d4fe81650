import { html } from 'hono/html';
import type { Command } from '../../core/command.ts';
import type { Process } from '../../core/process.ts';
import { renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import type { Visit } from '../visit.ts';

/** Rules, processes and commands, made from the same definitions by which they are enforced. */

export function rulesPage(visit: Visit): Html {
  const { rules, processes } = visit.world;
  const main = html`<div class="page"><h1>Rules</h1><p class="lead">Each of them is enforced. A refusal names the rule that it comes from, and says what can be done instead.</p>
<ul class="definitions">${rules.map((rule) => html`<li id="${rule.id}" class="panel"><h2><span class="card-key">${rule.id}</span> ${rule.name.replaceAll('-', ' ')}</h2><p>${rule.statement}</p><p class="quiet">From: ${rule.source}</p></li>`)}</ul>
<h2>Processes</h2><p class="lead">An item goes through the steps of its process, and one team at a time holds the baton.</p>
${[...processes.values()].map(({ process, hash }) => processTable(process, hash))}</div>`;
  return renderPage(visit, { title: 'Rules', at: '/rules', main });
}

function processTable(process: Process, hash: string): Html {
  const id = `process-${process.kind}`;
  const needs = (step: Process['steps'][number]) =>
    step.needs
      .map((need) => (typeof need === 'string' ? need.replaceAll('-', ' ') : `released on ${need.released}`))
      .join(', ');
  return html`<section class="panel" aria-labelledby="${id}"><h3 id="${id}">${process.title} <small class="quiet">version ${hash}</small></h3>
<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}"><table><thead><tr><th scope="col">#</th><th scope="col">Step</th><th scope="col">Who</th><th scope="col">Kind</th><th scope="col">Needs</th></tr></thead>
<tbody>${process.steps.map((step, at) => html`<tr><td>${at + 1}</td><th scope="row">${step.id}</th><td>${step.owner}</td><td>${step.kind}${step.kind === 'handover' ? ` to ${step.to}` : step.kind === 'release' ? ` on ${step.environment}` : ''}</td><td>${needs(step)}</td></tr>`)}</tbody></table></div></section>`;
}

export function commandsPage(visit: Visit): Html {
  const commands = [...new Set(visit.sight.catalogue.commands.values())];
  const main = html`<div class="page"><h1>Commands</h1><p class="lead">The same everywhere: in each chat, in private, and from a shell. KEY may be left out where it is clear which item is meant.</p>
<ul class="definitions">${commands.map(commandPart)}</ul></div>`;
  return renderPage(visit, { title: 'Commands', at: '/commands', main });
}

function commandPart(command: Command): Html {
  return html`<li id="${command.name}" class="panel"><h2>${command.name.replaceAll('-', ' ')}</h2><p><code class="usage-code">${command.usage}</code></p><p>${command.summary}</p><p class="quiet">Who: ${command.who}.${command.rule === undefined ? '' : html` Rule: <a href="/rules#${command.rule}">${command.rule}</a>.`}${command.aliases === undefined ? '' : html` Also: ${command.aliases.map((alias) => `/${alias}`).join(', ')}.`}</p>
<p class="quiet">For example ${command.examples.map((example, at) => html`${at === 0 ? '' : ', '}<code>${example}</code>`)}</p></li>`;
}
