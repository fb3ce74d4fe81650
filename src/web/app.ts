import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import { serveAssets } from './assets.ts';
import { addConsole } from './console-routes.ts';
import { headers, ours, smallBodies } from './guard.ts';
import type { Hub } from './hub.ts';
import { closedPage, empty, renderPage } from './layout.ts';
import type { Html } from './markup.ts';
import { boardPage } from './pages/board.ts';
import { commandsPage, rulesPage } from './pages/catalogue.ts';
import { handbookPage, isHandbookName } from './pages/handbook.ts';
import { itemPage, testerPage } from './pages/item.ts';
import { mailPage } from './pages/mail.ts';
import { settingsPage } from './pages/settings.ts';
import { trackerPage } from './pages/tracker.ts';
import type { PageIds } from './session.ts';
import { createVisit, type Visit } from './visit.ts';

/** All routes. In a real organisation they only read; what speaks and moves the clock is the demonstration's. */

export interface AppParts {
  readonly hub: Hub;
  /** Only in the demonstration: the ids of its forms. */
  readonly ids: PageIds | undefined;
  readonly origin: string;
  isOurs(host: string): boolean;
  /** Rings when the process ends: event streams are closed then. */
  readonly ending: AbortSignal;
}

export function createApp(parts: AppParts): Hono {
  const { hub, ids, origin } = parts;
  const app = new Hono();
  app.use(headers);
  app.use(ours(parts.isOurs));
  app.use(smallBodies);
  serveAssets(app);
  const visit = (context: Context): Visit => createVisit(context, hub, ids);

  app.get('/health', (context) => {
    const trouble = hub.engine.readOnly();
    return context.json(
      { ok: trouble === undefined, ...(trouble === undefined ? {} : { trouble }) },
      trouble === undefined ? 200 : 503,
    );
  });
  app.get('/events', (context) => streamEvents(context, hub, parts.ending));

  /** A page that only the organisation's own people read. */
  const page = (path: string, render: (visit: Visit) => Html) =>
    app.get(path, (context) => {
      const here = visit(context);
      return here.mayRead ? context.html(render(here)) : context.html(closedPage(here, path), 403);
    });
  page('/board', boardPage);
  page('/tracker', trackerPage);
  page('/mail', mailPage);
  page('/settings', settingsPage);
  app.get('/rules', (context) => context.html(rulesPage(visit(context))));
  app.get('/commands', (context) => context.html(commandsPage(visit(context))));
  app.get('/item/:key', (context) => {
    const here = visit(context);
    const item = here.world.get('item', context.req.param('key').toUpperCase());
    const tests = here.person !== undefined && item?.testers[here.person] !== undefined;
    if (!here.mayRead)
      return item !== undefined && tests
        ? context.html(testerPage(here, item))
        : context.html(closedPage(here, '/board'), 403);
    return item === undefined ? notFound(context, here) : context.html(itemPage(here, item));
  });
  app.get('/handbook/:name', (context) => {
    const name = context.req.param('name');
    return isHandbookName(name)
      ? context.html(handbookPage(visit(context), name, origin))
      : notFound(context, visit(context));
  });

  if (ids === undefined) app.get('/', (context) => context.redirect('/board'));
  else addConsole(app, hub, ids, visit);
  app.notFound((context) => notFound(context, visit(context)));
  app.onError((error, context) => {
    const reference = hub.fault(error);
    return context.text(
      `That went wrong on my side, and nothing was changed. Tell the people who run me: reference ${reference}.\n`,
      500,
    );
  });
  return app;
}

function notFound(context: Context, visit: Visit): Response | Promise<Response> {
  const main = html`<div class="page narrow"><h1>Not here</h1>${empty('There is no such page.', html`The <a href="/board">board</a> shows what there is.`)}</div>`;
  return context.html(renderPage(visit, { title: 'Not here', at: '', main }), 404);
}

/** Tells an open page that something changed; the page then asks for itself again. */
function streamEvents(context: Context, hub: Hub, ending: AbortSignal): Response {
  return streamSSE(context, async (stream) => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    stream.onAbort(end);
    ending.addEventListener('abort', end);
    if (ending.aborted) end();
    const stop = hub.changes.listen(() => void stream.writeSSE({ event: 'changed', data: '' }));
    await stream.writeSSE({ event: 'hello', data: '', retry: 1000 });
    await ended;
    stop();
    ending.removeEventListener('abort', end);
  });
}
