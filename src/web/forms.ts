import type { Context } from 'hono';
import type { z } from 'zod';
import { displayName, type Visit } from './visit.ts';

/** What all forms have in common. */

/** Undefined: that is not the form. What can not even be taken apart is nobody's form. */
export async function readForm<T>(context: Context, schema: z.ZodType<T>): Promise<T | undefined> {
  const fields = await context.req.parseBody().catch(() => undefined);
  return fields === undefined ? undefined : schema.safeParse(fields).data;
}

/** A form of a page that was made for somebody else, or by somebody else: nothing is done, and the way on is shown. */
export function stale(context: Context, visit: Visit): Response | Promise<Response> {
  const who = visit.person === undefined ? 'nobody yet' : displayName(visit.world, visit.person);
  return context.text(
    `Not done: that page was made for somebody else, and you are ${who} now. Go back, load it again, and say it once more.\n`,
    409,
  );
}
