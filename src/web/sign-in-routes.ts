import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { checkSignIn, consumeSignIn, endSession, type SignIn } from '../core/sign-in.ts';
import { readForm, stale } from './forms.ts';
import type { Hub } from './hub.ts';
import { type SignInProblem, signInPage } from './pages/sign-in.ts';
import type { PageIds } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Visit } from './visit.ts';

/** The way in and the way out. To look at the page changes nothing, however often and whoever does; only its form does. */

const Form = {
  in: z.object({ secret: z.string().max(2_000) }),
  out: z.object({ page: z.string() }),
};
const MINUTE = 60_000;
/** So many wrong tries of all people together are answered one by one; a right one always is. */
const WRONG_A_MINUTE = 10;

export function addSignIn(
  app: Hono,
  hub: Hub,
  ids: PageIds,
  sessions: Sessions,
  visit: (context: Context) => Visit,
): void {
  let wrong: number[] = [];

  function refuse(context: Context, why: SignInProblem): Response | Promise<Response> {
    const now = hub.clock.now();
    wrong = wrong.filter((at) => now - at < MINUTE);
    if (wrong.length >= WRONG_A_MINUTE) {
      context.header('retry-after', '60');
      return context.html(signInPage(visit(context), 'often'), 429);
    }
    wrong.push(now);
    return context.html(signInPage(visit(context), why), 403);
  }

  app.get('/sign-in', (context) => context.html(signInPage(visit(context))));

  app.post('/sign-in', async (context) => {
    if (sessions.isUnsafe(context)) return context.html(signInPage(visit(context), 'unsafe'), 403);
    const secret = secretIn((await readForm(context, Form.in))?.secret ?? '');
    const found = checkSignIn(hub.sight.world(), secret);
    if (found.is !== 'open') return refuse(context, found.is);
    const before = sessions.token(context);
    const token = sessions.newToken();
    const done = await hub.engine
      .act('web', found.person, (draft): SignIn => {
        const result = consumeSignIn(draft, secret, token);
        if (result.is === 'open' && before !== undefined) endSession(draft, before);
        return result;
      })
      .catch(() => undefined);
    if (done === undefined) return context.html(signInPage(visit(context), 'unwritten'), 503);
    if (done.is !== 'open') return refuse(context, done.is);
    sessions.begin(context, token);
    return context.redirect('/waiting', 303);
  });

  app.post('/sign-out', async (context) => {
    const here = visit(context);
    const form = await readForm(context, Form.out);
    if (form === undefined || ids.check(form.page, here.person ?? '') === undefined) return stale(context, here);
    const token = sessions.token(context);
    if (token !== undefined && here.person !== undefined)
      await hub.engine
        .act('web', here.person, (draft) => endSession(draft, token))
        .catch((error: unknown) => hub.fault(error));
    sessions.forget(context);
    return context.redirect('/sign-in', 303);
  });
}

/** People paste the whole link where they are asked for its end. */
const secretIn = (text: string): string => text.slice(text.lastIndexOf('#') + 1).trim();
