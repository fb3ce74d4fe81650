import { html } from 'hono/html';
import { LINK_LIVES_MINUTES, type SignIn } from '../../core/sign-in.ts';
import { renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import { displayName, type Visit } from '../visit.ts';

/** The way in: one button for whoever comes by a link, and a field for whoever has no scripts, or only copied it. */

export type SignInProblem = Exclude<SignIn['is'], 'open'> | 'often' | 'unsafe' | 'unwritten';

const PROBLEMS: Readonly<Record<SignInProblem, string>> = {
  unknown: 'That link is not one of mine, or a part of it is missing.',
  used: 'That link was used already, and each of them works once.',
  late: `The ${LINK_LIVES_MINUTES} minutes of that link are over.`,
  left: 'That link was made for somebody who has left.',
  often: 'Too many wrong links were tried just now. Wait a minute.',
  unsafe: 'Nobody signs in over an open network. Use the address that /web gives you.',
  unwritten: 'Nothing can be written at present, so nobody can sign in. Your link is not used up: try it again later.',
};

export function signInPage(visit: Visit, problem?: SignInProblem): Html {
  const signedIn = visit.person === undefined ? undefined : displayName(visit.world, visit.person);
  const main = html`<div class="page narrow"><h1>Sign in</h1>
${problem === undefined ? '' : html`<p class="notice" role="alert">${PROBLEMS[problem]}</p>`}
<section class="panel big" aria-labelledby="way-title"><h2 id="way-title" class="unseen">The way in</h2>
${signedIn === undefined ? '' : html`<p class="quiet">You are signed in as ${signedIn}. A new link takes the place of that.</p>`}
<form id="sign-in" class="sign-in" method="post" action="/sign-in" autocomplete="off">
<div id="sign-in-field"><label for="secret">The link that <code>/web</code> gave you</label><input id="secret" name="secret" type="text" required maxlength="2000" spellcheck="false" autocapitalize="off" autocomplete="off"></div>
<button class="send" type="submit">Sign in</button>
</form></section>
<p class="quiet">Say <code>/web</code> to Baton in private, in any chat: the answer is a link that works once, for ${LINK_LIVES_MINUTES} minutes.</p></div>`;
  return renderPage(visit, { title: 'Sign in', at: '/sign-in', main });
}
