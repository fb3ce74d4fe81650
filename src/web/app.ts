import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import type { MailSeal } from '../shell/mail-seal.ts';
import type { Access } from './access.ts';
import { serveAssets } from './assets.ts';
import { addConsole, addDemonstration } from './console-routes.ts';
import { createEventStreams, type EventStreams } from './event-streams.ts';
import { headers, ours, smallBodies } from './guard.ts';
import type { Hub } from './hub.ts';
import { closedPage, empty, renderPage } from './layout.ts';
import { addUnsubscribing } from './mail-unsubscribe.ts';
import type { Html } from './markup.ts';
import { addOutbox } from './outbox-routes.ts';
import { boardPage } from './pages/board.ts';
import { commandsPage, rulesPage } from './pages/catalogue.ts';
import { handbookPage, isHandbookName } from './pages/handbook.ts';
import { itemPage, testerPage } from './pages/item.ts';
import { mailPage } from './pages/mail.ts';
import { settingsPage } from './pages/settings.ts';
import { trackerPage } from './pages/tracker.ts';
import { createPageIds } from './session.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { addSignIn } from './sign-in-routes.ts';
import { createVisit, type Door, type Visit } from './visit.ts';

/** All routes. In a real organisation people are who they signed in as; the demonstration has a way to be anyone. */

export interface AppParts {
  readonly hub: Hub;
  /** What forms and sessions are signed with. */
  readonly key: string;
  readonly origin: string;
  readonly access: Access;
  isOurs(host: string): boolean;
  /** What the links in letters are sealed with. */
  readonly seal?: MailSeal | undefined;
  /** Rings when the process ends: event streams are closed then. */
  readonly ending: AbortSignal;
}

export function createApp(parts: AppParts): Hono {
  const { hub, origin, access } = parts;
  const app = new Hono();
  app.use(headers);
  // Before the doors of the pages: whoever ends letters comes from a mailbox and not from a page of ours.
  if (parts.seal !== undefined) addUnsubscribing(app, hub, parts.seal, parts.isOurs);
  app.use(ours(parts.isOurs));
  app.use(smallBodies);
  serveAssets(app);
  addHealth(app, hub);
  const ids = createPageIds(parts.key);
  const sessions = hub.demo === undefined ? createSessions(hub, access, parts.key) : undefined;
  const door: Door = { ids, sessions, isClosed: sessions !== undefined && access.isClosed };
  const visit = (context: Context): Visit => createVisit(context, hub.sight, door);
  if (sessions !== undefined) app.use(onlySignedIn(sessions, door.isClosed));
  const streams = createEventStreams();
  app.get('/events', (context) => streamEvents(context, hub, parts.ending, streams, visit));
  addPages(app, visit, origin);
  addConsole(app, hub, ids, visit);
  addOutbox(app, hub, ids, visit);
  if (sessions === undefined) addDemonstration(app, hub, ids, visit);
  else {
    addSignIn(app, hub, ids, sessions, visit);
    app.get('/', (context) => context.redirect(visit(context).person === undefined ? '/board' : '/waiting'));
  }
  app.notFound((context) => notFound(context, visit(context)));
  app.onError((error, context) => {
    const trouble = hub.engine.readOnly();
    if (trouble !== undefined) return context.text(`Not done, nothing was changed: ${trouble}.\n`, 503);
    const reference = hub.fault(error);
    return context.text(
      `That went wrong on my side, and nothing was changed. Tell the people who run me: reference ${reference}.\n`,
      500,
    );
  });
  return app;
}

/** Renews the session of whoever has one; where the pages are closed, all others are shown the way in. */
function onlySignedIn(sessions: Sessions, isClosed: boolean): MiddlewareHandler {
  return async (context, next) => {
    sessions.renew(context);
    if (!isClosed || context.req.path === '/sign-in' || sessions.person(context) !== undefined) return next();
    const { method, path } = context.req;
    const isPage = (method === 'GET' || method === 'HEAD') && path !== '/events' && path !== '/words';
    return isPage ? context.redirect('/sign-in', 303) : context.text('Not done: sign in first.\n', 401);
  };
}

function addHealth(app: Hono, hub: Hub): void {
  app.get('/health', (context) => {
    const trouble = hub.engine.readOnly();
    return context.json(
      { ok: trouble === undefined, ...(trouble === undefined ? {} : { trouble }) },
      trouble === undefined ? 200 : 503,
    );
  });
}

function addPages(app: Hono, visit: (context: Context) => Visit, origin: string): void {
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
}

function notFound(context: Context, visit: Visit): Response | Promise<Response> {
  const main = html`<div class="page narrow"><h1>Not here</h1>${empty('There is no such page.', html`The <a href="/board">board</a> shows what there is.`)}</div>`;
  return context.html(renderPage(visit, { title: 'Not here', at: '', main }), 404);
}

/** Tells an open page that something changed; the page then asks for itself again. */
function streamEvents(
  context: Context,
  hub: Hub,
  ending: AbortSignal,
  streams: EventStreams,
  visit: (context: Context) => Visit,
): Response {
  const { person = '' } = visit(context);
  return streamSSE(context, async (stream) => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    stream.onAbort(end);
    ending.addEventListener('abort', end);
    if (ending.aborted) end();
    const close = streams.open(person, end);
    const stop = hub.changes.listen(() => {
      // Whoever was signed out or has left meanwhile does not even hear that something happens.
      if (visit(context).mayRead) void stream.writeSSE({ event: 'changed', data: '' });
      else end();
    });
    await stream.writeSSE({ event: 'hello', data: '', retry: 1000 });
    await ended;
    stop();
    close();
    ending.removeEventListener('abort', end);
  });
}
