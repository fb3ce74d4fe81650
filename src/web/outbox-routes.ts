import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { readForm, stale } from './forms.ts';
import type { Hub } from './hub.ts';
import { closedOutboxPage, outboxPage } from './pages/outbox.ts';
import type { PageIds } from './session.ts';
import { seesOutbox, tendsOutbox, type Visit } from './visit.ts';

/** What could not be delivered: shown to OPS and admins, who send it again or give it up. */

const Form = z.object({
  page: z.string(),
  row: z.string().regex(/^\d{1,15}$/),
  do: z.enum(['retry', 'discard']),
});

export function addOutbox(app: Hono, hub: Hub, ids: PageIds, visit: (context: Context) => Visit): void {
  app.get('/outbox', (context) => {
    const here = visit(context);
    return seesOutbox(here)
      ? context.html(outboxPage(here, context.req.query('done')))
      : context.html(closedOutboxPage(here), 403);
  });

  app.post('/outbox', async (context) => {
    const here = visit(context);
    const form = await readForm(context, Form);
    if (form === undefined || ids.check(form.page, here.person ?? '') === undefined) return stale(context, here);
    if (!tendsOutbox(here)) return context.html(closedOutboxPage(here), 403);
    const { store } = hub.engine;
    const id = Number(form.row);
    const isDone = await (form.do === 'retry' ? store.retry(id, hub.clock.now()) : store.discard(id));
    if (isDone)
      hub.note(form.do === 'retry' ? 'a parked message is sent again' : 'a parked message was given up', {
        who: here.person,
        message: id,
      });
    hub.changes.tell();
    return context.redirect(`/outbox?done=${isDone ? form.do : 'gone'}`, 303);
  });
}
