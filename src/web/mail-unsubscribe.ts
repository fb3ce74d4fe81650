import type { Context, Hono } from 'hono';
import type { MailSeal } from '../shell/mail-seal.ts';
import { endLetters } from '../shell/mailbox.ts';
import { smallBodies } from './guard.ts';
import type { Hub } from './hub.ts';
import { askPage, endedPage, notEndedPage } from './pages/mail-unsubscribe.ts';

/**
 * One click ends letters (RFC 8058). The post comes from a reader of mail, or from the servers of its maker: without a
 * cookie, an origin or a form of ours. What lets it in is the address itself, which nobody can make up.
 */
export function addUnsubscribing(app: Hono, hub: Hub, seal: MailSeal, isOurs: (host: string) => boolean): void {
  const { organisation } = hub.engine.policies.organisation;
  const path = '/mail/end/:token';
  const read = (context: Context) => {
    const ending = seal.readEnd(context.req.param('token') ?? '');
    return ending === undefined ? undefined : { organisation, ...ending };
  };
  app.use(path, smallBodies, async (context, next) => {
    if (!isOurs(context.req.header('host') ?? '')) return context.text('This address is not served here.\n', 421);
    return next();
  });
  app.get(path, (context) => {
    const ending = read(context);
    return ending === undefined ? context.html(notEndedPage('unknown'), 404) : context.html(askPage(ending));
  });
  app.post(path, async (context) => {
    const ending = read(context);
    if (ending === undefined) return context.html(notEndedPage('unknown'), 404);
    try {
      await endLetters(hub.engine, ending.address, ending.letters);
    } catch (error) {
      hub.note('letters could not be ended', { why: String(error) });
      return context.html(notEndedPage('unwritten'), 503);
    }
    hub.changes.tell();
    return context.html(endedPage(ending));
  });
}
