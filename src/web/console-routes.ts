import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { wordsOfPress } from '../core/decide.ts';
import { isKnown } from '../core/people.ts';
import { readForm, stale } from './forms.ts';
import type { Hub } from './hub.ts';
import { clockPage, momentOf } from './pages/clock.ts';
import { addressOf, consolePage } from './pages/console.ts';
import { waitingPage } from './pages/waiting.ts';
import { whoPage } from './pages/who.ts';
import { chatsOf } from './places.ts';
import { readPress } from './press.ts';
import { inboxId, type PageIds, play } from './session.ts';
import { STRANGER, type Visit } from './visit.ts';
import { wordsOf } from './words.ts';

/** Saying something and pressing a button, as oneself; and in the demonstration being anyone, and moving the clock. */

const MOST_WORDS = 10_000;

const Form = {
  say: z.object({ page: z.string(), place: z.string(), text: z.string() }),
  press: z.object({ page: z.string(), press: z.string().max(2_000) }),
  clock: z.object({ page: z.string(), move: z.string(), back: z.string() }),
  as: z.object({ page: z.string(), as: z.string() }),
};

type Visiting = (context: Context) => Visit;

export function addConsole(app: Hono, hub: Hub, ids: PageIds, visit: Visiting): void {
  /** Where somebody becomes someone. */
  const way = hub.demo === undefined ? '/sign-in' : '/';
  app.get('/waiting', (context) => {
    const here = visit(context);
    return here.person === undefined ? context.redirect(way) : context.html(waitingPage(here, here.person));
  });
  app.get('/words', (context) => {
    const here = visit(context);
    return here.person === undefined && hub.demo === undefined
      ? context.text('Sign in first.\n', 401)
      : context.json(wordsOf(here));
  });
  app.get('/console', (context) => conversation(context, visit(context), null));
  app.get('/chat/:name', (context) => conversation(context, visit(context), context.req.param('name')));

  app.post('/say', async (context) => {
    const here = visit(context);
    const form = await readForm(context, Form.say);
    const unique = form === undefined ? undefined : ids.check(form.page, here.person ?? '');
    if (form === undefined || unique === undefined || here.person === undefined) return stale(context, here);
    const place = form.place === '' ? null : form.place;
    if (!maySpeak(here, here.person, place)) return stale(context, here);
    const text = form.text.trim();
    if (text.length > MOST_WORDS) return context.text(`Not done: a line holds ${MOST_WORDS} characters.\n`, 413);
    if (text !== '')
      await hub.say({ as: here.person, via: 'web', place, text, pressed: false }, inboxId(unique, 'say'));
    return context.redirect(`${addressOf(place)}#latest`, 303);
  });

  app.post('/press', async (context) => {
    const here = visit(context);
    const form = await readForm(context, Form.press);
    const unique = form === undefined ? undefined : ids.check(form.page, here.person ?? '');
    const press = form === undefined ? undefined : readPress(form.press);
    if (form === undefined || unique === undefined || press === undefined || here.person === undefined)
      return stale(context, here);
    if (!belongs(here, here.person, press.place)) return stale(context, here);
    const text = wordsOfPress(hub.engine.catalogue, press.command, press.on, press.args).trim();
    await hub.say(
      { as: here.person, via: 'web', place: press.place, text, pressed: true },
      inboxId(unique, form.press),
    );
    return context.redirect(press.back ?? `${addressOf(press.place)}#latest`, 303);
  });

  function conversation(context: Context, here: Visit, name: string | null): Response | Promise<Response> {
    if (here.person === undefined) return context.redirect(way);
    const chat = name === null ? undefined : chatsOf(here.world, here.person).find((each) => each.name === name);
    if (name !== null && chat === undefined) return context.redirect('/console');
    const draft = (context.req.query('say') ?? '').slice(0, 500);
    return context.html(consolePage(here, here.person, { chat, draft }));
  }
}

/** What the demonstration alone has. */
export function addDemonstration(app: Hono, hub: Hub, ids: PageIds, visit: Visiting): void {
  app.get('/', (context) => context.html(whoPage(visit(context))));
  app.get('/clock', (context) => context.html(clockPage(visit(context))));

  app.post('/as', async (context) => {
    const here = visit(context);
    const form = await readForm(context, Form.as);
    if (form === undefined || ids.check(form.page, here.person ?? '') === undefined) return stale(context, here);
    if (!isKnown(here.world, form.as) && form.as !== STRANGER) return stale(context, here);
    play(context, form.as);
    return context.redirect(form.as === STRANGER ? '/chat/testers' : '/console', 303);
  });

  app.post('/clock', async (context) => {
    const here = visit(context);
    const form = await readForm(context, Form.clock);
    if (form === undefined || ids.check(form.page, here.person ?? '') === undefined) return stale(context, here);
    const target = momentOf(here, form.move);
    if (target !== undefined && hub.demo !== undefined) await hub.demo.moveTo(hub.engine, target);
    hub.changes.tell();
    return context.redirect(isOwnPath(form.back) ? form.back : '/clock', 303);
  });
}

const belongs = (visit: Visit, person: string, place: string | null): boolean =>
  place === null || chatsOf(visit.world, person).some((chat) => chat.name === place);
const maySpeak = (visit: Visit, person: string, place: string | null): boolean =>
  place === null || chatsOf(visit.world, person).some((chat) => chat.name === place && !chat.isOneWay);

/** Only a path of this address: never `//elsewhere`. */
const isOwnPath = (path: string): boolean => /^\/(?![/\\])[\w/%.-]*$/.test(path);
