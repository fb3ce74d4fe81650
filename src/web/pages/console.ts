import { html } from 'hono/html';
import { empty, renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { type ChatPlace, chatsOf } from '../places.ts';
import { renderEntry } from '../render-entry.ts';
import type { Place } from '../transcript.ts';
import { displayName, type Visit } from '../visit.ts';
import { clockPanel } from './clock.ts';
import { renderWaiting } from './waiting.ts';

/** The console: where a person belongs, the conversation, what waits for them, and the line in which they write. */

export interface Conversation {
  /** The chat that is open; undefined: the private conversation with the bot. */
  readonly chat: ChatPlace | undefined;
  /** What stands in the line already. */
  readonly draft: string;
  readonly notice?: string | undefined;
}

export const addressOf = (chat: string | null): string =>
  chat === null ? '/console' : `/chat/${encodeURIComponent(chat)}`;

export function consolePage(visit: Visit, person: string, { chat, draft, notice }: Conversation): Html {
  const place: Place = chat === undefined ? { person } : { chat: chat.name };
  const here = addressOf(chat?.name ?? null);
  visit.sight.transcript.see(person, place);
  const title = chat === undefined ? 'Baton, in private' : `#${chat.name}`;
  const main = html`<div class="console">
<section class="places" aria-labelledby="places-title"><h2 id="places-title" class="unseen">Conversations</h2>${places(visit, person, chat?.name)}</section>
<section class="talk" aria-labelledby="talk-title">
  <header class="talk-top"><h1 id="talk-title">${title}</h1><p>${chat === undefined ? 'Only you and the bot read this.' : chat.about}</p></header>
  ${log(visit, place, here, chat)}
  ${notice === undefined ? '' : html`<p class="notice" role="alert">${notice}</p>`}
  ${chat?.isOneWay === true ? html`<p class="one-way">Nobody writes here: what is signed by all is posted here.</p>` : sayForm(visit, chat, draft)}
</section>
<aside class="side" aria-label="For you">
  <section class="panel" id="waiting" data-live="swap" aria-labelledby="waiting-title">${renderWaiting(visit, person, { place: chat === undefined || chat.isOneWay ? null : chat.name, here })}</section>
  ${clockPanel(visit, here)}
</aside>
</div>`;
  return renderPage(visit, { title, at: '/console', main, isFull: true });
}

function places(visit: Visit, person: string, open: string | undefined): Html {
  const { transcript } = visit.sight;
  const row = (href: string, label: Html | string, place: Place, isOpen: boolean) => {
    const news = isOpen ? 0 : transcript.unseen(person, place);
    const hint =
      news === 0 ? '' : html` <span class="news">${news > 99 ? '99+' : news}<span class="unseen"> new</span></span>`;
    return html`<li><a href="${href}"${isOpen ? html` aria-current="page"` : ''}><span class="place-name">${label}</span>${hint}</a></li>`;
  };
  return html`<ul id="places" data-live="swap">
<li class="narrow-only"><a href="/waiting"><span class="place-name">For you</span></a></li>
${row('/console', 'Baton, in private', { person }, open === undefined)}
${chatsOf(visit.world, person).map(({ name }) => row(addressOf(name), `#${name}`, { chat: name }, name === open))}
</ul>`;
}

function log(visit: Visit, place: Place, here: string, chat: ChatPlace | undefined): Html {
  const entries = visit.sight.transcript.entries(place);
  const options = { place: chat?.name ?? null, here, mayPress: true };
  const hint =
    chat === undefined
      ? html`Say <code>/mine</code> to see what waits for you, or <code>/help</code> for all that can be said.`
      : 'What is said here, and what the bot says here, appears by itself.';
  return html`<div class="log" id="log-box" tabindex="0" role="log" aria-live="polite" aria-relevant="additions" aria-labelledby="talk-title">
  <ol id="log" data-live="log">${entries.map((entry) => renderEntry(visit, entry, options))}</ol>
  ${entries.length === 0 ? html`<div id="log-empty">${empty('Nothing was said here yet.', hint)}</div>` : ''}
  <span id="latest"></span>
</div>`;
}

function sayForm(visit: Visit, chat: ChatPlace | undefined, draft: string): Html {
  const name = displayName(visit.world, visit.person ?? '');
  return html`<form class="say" id="say-form" method="post" action="/say" autocomplete="off">
  <input type="hidden" name="page" value="${visit.page}"><input type="hidden" name="place" value="${chat?.name ?? ''}">
  <label for="say" class="unseen">Say something as ${name}</label>
  <div class="combo"><input id="say" name="text" type="text" value="${draft}" placeholder="Say something as ${name}" maxlength="4000" list="words"${draft === '' ? '' : html` autofocus`} enterkeyhint="send" spellcheck="false" autocapitalize="off"><ul class="options" id="options" role="listbox" aria-label="Suggestions" hidden></ul></div>
  <button class="send" type="submit">Say it</button>
  <datalist id="words">${[...visit.sight.catalogue.commands.keys()].map((command) => html`<option value="/${command} "></option>`)}</datalist>
</form>
<p class="usage" id="usage" aria-live="polite"></p>`;
}
