import { html } from 'hono/html';
import type { Text } from '../core/text.ts';
import { tallyOf, type Vote } from '../core/vote.ts';
import type { Answer } from '../shell/engine.ts';
import { type Card, presentAnswer, presentCard } from './cards.ts';
import { avatar } from './layout.ts';
import type { Html } from './markup.ts';
import { renderButton } from './press.ts';
import { renderText } from './render-text.ts';
import type { Entry, Said, Sent } from './transcript.ts';
import { displayName, type Visit } from './visit.ts';

/** One entry of a conversation: what was said with its answer, or a message of the bot. */

export interface EntryOptions {
  /** The chat's name; null in a private conversation. */
  readonly place: string | null;
  /** The address of the conversation. */
  readonly here: string;
  /** May the visitor press buttons here? */
  readonly mayPress: boolean;
}

export function renderEntry(visit: Visit, entry: Entry, options: EntryOptions): Html {
  return entry.sort === 'said' ? renderSaid(visit, entry, options) : renderSent(visit, entry, options);
}

function body(visit: Visit, nodes: Text, { place, here, mayPress }: EntryOptions): Html {
  const { catalogue, policies } = visit.sight;
  return renderText(policies.wayIn?.reveal(nodes) ?? nodes, {
    prefixes: visit.prefixes,
    ...(mayPress ? { button: renderButton(visit.world, catalogue, place, here) } : {}),
  });
}

const when = (visit: Visit, at: number): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${visit.show(at)}</time>`;

function renderSaid(visit: Visit, entry: Said, options: EntryOptions): Html {
  const { input, answer, at, n } = entry;
  const name = displayName(visit.world, input.as);
  const mine = input.as === visit.person ? 'mine' : '';
  const how = input.pressed
    ? html`<span class="how">pressed</span>`
    : input.via === 'shell'
      ? html`<span class="how">from the shell</span>`
      : '';
  return html`<li class="entry said ${mine}" id="said-${n}">
  ${avatar(input.as, name)}
  <div class="bubble"><p class="by"><strong>${name}</strong> ${how} ${when(visit, at)}</p><p class="words">${input.text}</p></div>
  ${answer.code === 'silent' ? '' : renderAnswer(visit, answer, options)}
</li>`;
}

function renderAnswer(visit: Visit, answer: Answer, options: EntryOptions): Html {
  const card = presentAnswer(visit.world, answer.code, answer.key, answer.nodes);
  const rule = answer.rule === undefined ? '' : html` <a class="rule" href="/rules#${answer.rule}">${answer.rule}</a>`;
  const label = answer.ok ? answer.code : (NOT_DONE[answer.code] ?? answer.code);
  return html`<div class="answer ${answer.ok ? 'ok' : 'no'}"><p class="by"><span class="chip">${label.replaceAll('-', ' ')}</span>${rule}<span class="unseen"> Baton answers:</span></p><div class="words">${body(visit, card.nodes, options)}</div>${follow(card)}</div>`;
}

const NOT_DONE: Readonly<Record<string, string>> = {
  refused: 'not yet', forbidden: 'not yours', usage: 'it goes like this', 'unknown-command': 'no such command', 'not-found': 'not found',
  ambiguous: 'which one?', already: 'already done', unavailable: 'not done', fault: 'our fault',
}; // biome-ignore format: a table

const KINDS: Readonly<Record<string, string>> = {
  'vote-opened': 'vote', 'vote-closed': 'vote closed', 'vote-reminder': 'your vote', page: 'page', 'page-test': 'test page',
  'held-alert': 'held alert', sla: 'due', freeze: 'release freeze', 'on-call': 'on call', hint: 'for you',
}; // biome-ignore format: a table

function renderSent(visit: Visit, { row, n, at }: Sent, options: EntryOptions): Html {
  const card = presentCard(visit.world, row);
  const late = row.late ? html`<span class="how">late</span>` : '';
  return html`<li class="entry sent kind-${row.kind}" id="sent-${n}">
  <span class="avatar bot" aria-hidden="true"><svg viewBox="0 0 24 24" width="20" height="20"><rect class="brand-bar" x="3" y="10" width="18" height="5" rx="2.5" transform="rotate(-28 12 12)"/></svg></span>
  <div class="bubble"><p class="by"><strong>Baton</strong> <span class="chip">${KINDS[row.kind] ?? row.kind}</span>${late} ${when(visit, at)}</p><div class="words">${body(visit, card.nodes, options)}</div>${follow(card)}</div>
</li>`;
}

/** Below a card: how far its vote is, and how it ended. */
function follow({ vote, over }: Card): Html {
  return html`${vote === undefined ? '' : meter(vote)}${over === undefined ? '' : html`<p class="over ${over}">${over}</p>`}`;
}

/** How many signatures a vote has of those it needs; each group of signers counts by itself. */
export function meter(vote: Vote): Html {
  const { approve, needed } = countOf(vote);
  return html`<p class="meter"><progress max="${needed}" value="${approve}" aria-label="Approvals"></progress><span>${approve} of ${needed} needed</span></p>`;
}

function countOf(vote: Vote): { approve: number; needed: number } {
  const approved = new Set(tallyOf(vote).approve);
  const approve = vote.groups.reduce(
    (sum, group) => sum + Math.min(group.needed, group.electorate.filter((person) => approved.has(person)).length),
    0,
  );
  return { approve, needed: tallyOf(vote).needed };
}
