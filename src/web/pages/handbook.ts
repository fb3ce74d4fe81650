import { html } from 'hono/html';
import { renderPage } from '../layout.ts';
import type { Html } from '../markup.ts';
import type { Visit } from '../visit.ts';

/** Pages of the console itself that a visitor can use where a command wants the address of a page that answers. */

const PAGES = {
  documentation: {
    title: 'Documentation',
    text: 'What was built, how it is run, and what to do when it is not. In a real organisation this page is in Gitea or in the repository; here it only has to answer.',
  },
  monitoring: {
    title: 'Monitoring',
    text: 'Is it up, is it fast, is it full. In a real organisation this page is a dashboard of the monitoring; here it only has to answer.',
  },
} as const;

export type HandbookName = keyof typeof PAGES;
export const isHandbookName = (name: string): name is HandbookName => Object.hasOwn(PAGES, name);

export function handbookPage(visit: Visit, name: HandbookName, origin: string): Html {
  const { title, text } = PAGES[name];
  const command = name === 'monitoring' ? 'monitor' : 'docs';
  const main = html`<div class="page narrow"><h1>${title}</h1><p class="lead">${text}</p><p>Its address can be given to an item: <code>/${command} KEY ${origin}/handbook/${name}</code></p></div>`;
  return renderPage(visit, { title, at: '/handbook', main });
}
