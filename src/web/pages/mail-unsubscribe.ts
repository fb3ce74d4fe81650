import { html } from 'hono/html';
import type { Letters } from '../../core/mail.ts';
import { ICON_URL, STYLE_URL } from '../assets.ts';
import type { Html } from '../markup.ts';

/** Where the link in a letter leads: nobody signs in here, and nothing of the organisation is shown but its name. */

const NAMES: Readonly<Record<Letters, string>> = {
  pages: 'pages (urgent calls)',
  digests: 'digests',
  invitations: 'invitations to test',
};
const AGAIN: Readonly<Record<Letters, string>> = {
  pages: '/mail pages',
  digests: '/mail digests',
  invitations: '/join KEY mail',
};

interface Ending {
  readonly organisation: string;
  readonly address: string;
  readonly letters: Letters;
}

/** A question with a button: who only opens the link, as scanners of mail do, changes nothing. */
export const askPage = ({ organisation, address, letters }: Ending): Html =>
  frame(
    'End these letters?',
    html`<p>${organisation} writes <strong>${NAMES[letters]}</strong> to <strong><bdi>${masked(address)}</bdi></strong>.</p>
<p class="quiet">What you get in the chat stays as it is.</p>
<form method="post"><button class="send" type="submit">End these letters</button></form>`,
  );

export const endedPage = ({ organisation, address, letters }: Ending): Html =>
  frame(
    'These letters are ended',
    html`<p role="status">${organisation} writes no more <strong>${NAMES[letters]}</strong> to <strong><bdi>${masked(address)}</bdi></strong>.</p>
<p class="quiet">To get them again, say <code>${AGAIN[letters]}</code> to Baton in the chat.</p>`,
  );

/** The link is none of ours, or nothing can be written at present. */
export const notEndedPage = (why: 'unknown' | 'unwritten'): Html =>
  frame(
    why === 'unknown' ? 'This link is not whole' : 'Not ended yet',
    why === 'unknown'
      ? html`<p role="alert">A part of the link is missing, or it is not one of mine. Copy the whole of it from the letter, or say <code>/mail off</code> to Baton in the chat.</p>`
      : html`<p role="alert">Nothing can be written at present, so your letters are not ended. Press the button again in a few minutes.</p><form method="post"><button class="send" type="submit">End these letters</button></form>`,
  );

/** Whoever holds the link need not learn the whole address: a letter may have been passed on. */
function masked(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address][0] ?? ''}…${address.slice(at)}`;
}

/** Small, without a script: it opens in any reader of mail. */
const frame = (title: string, main: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Baton</title>
<link rel="stylesheet" href="${STYLE_URL}">
<link rel="icon" href="${ICON_URL}" type="image/svg+xml">
</head>
<body>
<main id="main"><div class="page narrow"><h1>${title}</h1><section class="panel big" aria-label="${title}">${main}</section></div></main>
</body>
</html>`;
