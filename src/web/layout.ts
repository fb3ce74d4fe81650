import { html } from 'hono/html';
import { ICON_URL, SCRIPT_URL, STYLE_URL } from './assets.ts';
import type { Html } from './markup.ts';
import { displayName, seasonOf, type Visit } from './visit.ts';

/** The frame of every page: what is on top of it, and the way to the other pages. */

export interface PageParts {
  readonly title: string;
  /** The page's address in the navigation. */
  readonly at: string;
  readonly main: Html;
  /** The conversation fills the window; every other page scrolls. */
  readonly isFull?: boolean;
}

const CONSOLE_LINKS = [
  { href: '/console', label: 'Console' },
  { href: '/board', label: 'Board' },
  { href: '/tracker', label: 'Tracker' },
  { href: '/mail', label: 'Mail' },
  { href: '/rules', label: 'Rules' },
  { href: '/commands', label: 'Commands' },
  { href: '/settings', label: 'Settings' },
] as const;

export function renderPage(visit: Visit, { title, at, main, isFull = false }: PageParts): Html {
  const isDemo = visit.sight.isDemo;
  // Who has not signed in where one must sees no more of the organisation than that Baton is here.
  const isOutside = !isDemo && !visit.mayRead;
  const name = isOutside ? '' : visit.world.organisation.organisation;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${isOutside ? 'Baton' : name}</title>
<link rel="stylesheet" href="${STYLE_URL}">
<link rel="icon" href="${ICON_URL}" type="image/svg+xml">
<script src="${SCRIPT_URL}" defer></script>
</head>
<body class="${isFull ? 'full' : ''}"${isOutside ? html` data-still` : ''}>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <a class="brand" href="/"><svg aria-hidden="true" viewBox="0 0 24 24" width="24" height="24"><rect class="brand-bar" x="3" y="10" width="18" height="5" rx="2.5" transform="rotate(-28 12 12)"/></svg><span>Baton <small>${name}</small></span></a>
  ${
    isOutside
      ? ''
      : html`${navigation(at, isDemo || visit.person !== undefined)}
  <div class="status" id="status" data-live="swap">${clockChip(visit)}${personChip(visit)}</div>`
  }
</header>
<main id="main" tabindex="-1">${main}</main>
${isDemo || visit.person !== undefined ? html`<form id="press" class="off" method="post" action="/press"><input type="hidden" name="page" value="${visit.page}"></form>` : ''}
</body>
</html>`;
}

function navigation(at: string, speaks: boolean): Html {
  const links = CONSOLE_LINKS.filter(({ href }) => speaks || href !== '/console');
  const here = links.find(({ href }) => href === at)?.label ?? 'Pages';
  const list = html`<ul>${links.map(({ href, label }) => html`<li><a href="${href}"${href === at ? html` aria-current="page"` : ''}>${label}</a></li>`)}</ul>`;
  return html`<nav class="pages" aria-label="Pages"><details><summary>${here}</summary>${list}</details></nav>`;
}

/** The time as the organisation has it, and whether releases are open. */
function clockChip(visit: Visit): Html {
  const { frozen, until } = seasonOf(visit.world);
  const season = html`<span class="season ${frozen ? 'frozen' : 'open'}">${frozen ? 'Freeze' : 'Releases open'} <span class="until">until ${visit.show(until)}</span></span>`;
  const now = html`<time datetime="${new Date(visit.world.now).toISOString()}">${visit.show(visit.world.now)}</time>`;
  return !visit.sight.isDemo
    ? html`<span class="clock">${now}${season}</span>`
    : html`<a class="clock" href="/clock" title="Move the demonstration’s clock">${now}${season}</a>`;
}

function personChip(visit: Visit): Html {
  const isDemo = visit.sight.isDemo;
  if (visit.person === undefined)
    return isDemo
      ? html`<a class="who" href="/">Choose who you are</a>`
      : html`<a class="who" href="/sign-in">Sign in</a>`;
  const name = displayName(visit.world, visit.person);
  const [href, title] = isDemo ? ['/', 'Be somebody else'] : ['/waiting', 'For you, and the way out'];
  return html`<a class="who" href="${href}" title="${title}">${avatar(visit.person, name)}<span class="who-name">${name}</span></a>`;
}

/** A person's initials on a colour of their own. */
export function avatar(id: string, name: string): Html {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();
  const tone = [...id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997, 7) % 8;
  return html`<span class="avatar tone-${tone}" aria-hidden="true">${initials}</span>`;
}

/** What a page says where there is nothing to show. */
export const empty = (title: string, hint: Html | string): Html =>
  html`<div class="empty"><p class="empty-title">${title}</p><p>${hint}</p></div>`;

/** A page for a stranger: the organisation's pages are its own. */
export const closedPage = (visit: Visit, at: string): Html =>
  renderPage(visit, {
    title: 'Not for strangers',
    at,
    main: html`<div class="page"><h1>Not for strangers</h1>${empty('A stranger sees nothing of the organisation here.', html`The <a href="/chat/testers">testers’ chat</a> is open to you, and so are the items that you test. Or <a href="/">be somebody else</a>.`)}</div>`,
  });
