import { html } from 'hono/html';
import { openTo } from '../../core/ballots.ts';
import type { World } from '../../core/draft.ts';
import { type ItemState, isOpenItem } from '../../core/item.ts';
import { placeOf } from '../../core/outlook.ts';
import { isKnown } from '../../core/people.ts';
import type { Step } from '../../core/process.ts';
import type { Button } from '../../core/text.ts';
import { waitingFor } from '../../core/views.ts';
import type { Vote } from '../../core/vote.ts';
import { renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { renderButton } from '../press.ts';
import { displayName, type Visit } from '../visit.ts';
import { clockPanel } from './clock.ts';

/** What waits for a person, each with the buttons or the words by which it is done. */

export interface Where {
  /** The chat in which a button of this panel is pressed; null: in private. */
  readonly place: string | null;
  /** The page that shows the conversation. */
  readonly here: string;
}

export function renderWaiting(visit: Visit, person: string, { place, here }: Where): Html {
  const { world } = visit;
  const title = html`<h2 id="waiting-title">Waiting for you</h2>`;
  if (!isKnown(world, person))
    return html`${title}<p class="quiet">A stranger can join a test, by the buttons in the testers’ chat.</p>`;
  const render = renderButton(world, visit.sight.catalogue, place, here);
  const row = (key: string, what: Html, buttons: readonly Button[]) =>
    html`<li>${keyOf(world, key)} ${what}<div class="buttons">${buttons.map(render)}</div></li>`;
  const { held, offered } = waitingFor(world, person);
  const rows = [
    ...alertsOf(world, person).map((alert) =>
      row(alert.key, html`<strong class="urgent">${alert.severity}</strong>: ${alert.title}`, alert.buttons),
    ),
    ...ballotsOf(world, person).map(({ key, what }) =>
      row(key, html`${what}`, [
        { label: 'Approve', command: 'approve', on: key },
        { label: 'Reject', command: 'reject', on: key },
      ]),
    ),
    ...offered.map((item) =>
      row(item.key, html`is offered to ${item.role}, at ${item.step}`, [
        { label: 'Accept', command: 'accept', on: item.key },
      ]),
    ),
    ...held.map(
      (item) => html`<li>${keyOf(world, item.key)} is yours, at ${item.step}${nextWords(world, item, here)}</li>`,
    ),
  ];
  return html`${title}${rows.length === 0 ? html`<p class="quiet">${nothing(visit)}</p>` : html`<ul>${rows}</ul>`}`;
}

const nothing = (visit: Visit): Html =>
  !visit.sight.isDemo
    ? html`Nothing. The <a href="/board">board</a> shows what the others have.`
    : html`Nothing. Somebody else may have work: <a href="/">be them</a>.`;

/** Whoever signed in can sign out again. */
function wayOut(visit: Visit, person: string): Html {
  if (visit.sight.isDemo) return html``;
  return html`<section class="panel" aria-labelledby="out-title"><h2 id="out-title">This browser</h2><p class="quiet">You are signed in as ${displayName(visit.world, person)}; what you say here, you say as yourself. Say <code>/web</code> in private for another browser.</p>
<form method="post" action="/sign-out"><input type="hidden" name="page" value="${visit.page}"><button class="button" type="submit">Sign out</button></form></section>`;
}

function keyOf(world: World, key: string): Html {
  const isItem = world.get('item', key) !== undefined;
  return isItem ? html`<a class="key" href="/item/${key}">${key}</a>` : html`<strong class="key">${key}</strong>`;
}

function alertsOf(world: World, person: string) {
  const mine = new Set(waitingFor(world, person).alerts.map((text) => String(text[0]).split(' ')[0]));
  return world
    .open('alert')
    .filter(({ key }) => mine.has(key))
    .map(({ key, severity, title, state }) => ({
      key,
      severity,
      title,
      buttons: [
        ...(state === 'acknowledged' ? [] : [{ label: 'Acknowledge', command: 'ack', on: key }]),
        { label: 'Resolve', command: 'resolve', on: key },
      ],
    }));
}

const SUBJECTS: Readonly<Record<Vote['subject'], string>> = {
  step: 'agree on it', review: 'review', objection: 'its priority', 'sign-off': 'sign-off', skip: 'skip a step', emergency: 'emergency release',
  announcement: 'announcement',
}; // biome-ignore format: a table

/** The votes in which this person's voice is missing. */
function ballotsOf(world: World, person: string): { key: string; what: string }[] {
  return openTo(world, person)
    .filter(({ vote }) => vote.ballots[person] === undefined)
    .map((open) =>
      open.sort === 'item'
        ? { key: open.item.key, what: `${open.item.title}: your vote (${SUBJECTS[open.vote.subject]})` }
        : { key: open.announcement.key, what: 'your signature' },
    );
}

/** The words that close the present step, to be put into the line. */
function nextWords(world: World, item: ItemState, here: string): Html {
  const step = placeOf(world, item)?.step;
  const words = step === undefined || !isOpenItem(item) ? undefined : wordsFor(item.key, step);
  return words === undefined
    ? html``
    : html`<div class="buttons"><a class="button words-link" href="${here}?say=${encodeURIComponent(words)}#say" data-say="${words}">${words}</a></div>`;
}

function wordsFor(key: string, step: Step): string | undefined {
  switch (step.kind) {
    case 'work':
      return `/done ${key}`;
    case 'handover':
      return `/handover ${key} ${step.to}`;
    case 'release':
      return `/release ${key} ${step.environment}`;
    case 'test':
      return `/pass ${key}`;
    case 'invite':
      return `/invite ${key}`;
    case 'vote':
    case 'decide':
      return undefined;
    default:
      return step satisfies never;
  }
}

/** The panel by itself, for windows in which there is no room for it beside the conversation. */
export function waitingPage(visit: Visit, person: string): Html {
  return renderPage(visit, {
    title: 'Waiting for you',
    at: '/waiting',
    main: html`<div class="page narrow side-page"><h1>For you</h1><section class="panel" id="waiting" data-live="swap" aria-labelledby="waiting-title">${renderWaiting(visit, person, { place: null, here: '/console' })}</section>${clockPanel(visit, '/waiting')}${wayOut(visit, person)}</div>`,
  });
}
