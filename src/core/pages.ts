import { type ItemContext, type Outcome, reply, type Words } from './command.ts';
import { touch } from './flow.ts';
import { isMember } from './guards.ts';
import { unasked } from './page-status.ts';
import { hasRole } from './people.ts';
import { already, forbid, refuse } from './rule.ts';
import { code, say } from './text.ts';
import { joinLink } from './tracking.ts';

/** Documentation and monitoring pages: a link that must answer when it is recorded, and again when its step closes. */

export interface PageArgs {
  readonly url: string;
}

export const readPage = (words: Words): unknown => ({ url: words.all[0]?.replace(/^<(.+)>$/, '$1') });
export const pageProbes = (_world: unknown, words: Words): string[] =>
  words.all.filter((word) => /^<?https?:/i.test(word)).map((word) => word.replace(/^<(.+)>$/, '$1'));

export function recordPage(context: ItemContext<PageArgs>, kind: 'document' | 'monitoring', what: string): Outcome {
  const { draft, world, actor, args, item } = context;
  if (!isMember(context, item.role, item) && !hasRole(world, actor.id, 'ops'))
    return forbid(say`${what} of ${item.key} is added by the team that holds it, or by OPS.`);
  const status = world.probe(args.url);
  if (status === undefined || status < 200 || status >= 400) {
    const why = unasked(status);
    if (why !== undefined) return refuse(say`${args.url} must answer. ${why}`, { needs: ['answers'] });
    const found = status === undefined || status === 0 ? 'it did not answer' : `it answered ${status}`;
    return refuse(
      say`${args.url} must answer, and ${found}. Mend the page, then say it again; a page inside needs its host in ${code('link_hosts')}.`,
      { needs: ['answers'] },
    );
  }
  touch(draft, item.key, actor.id);
  const { added } = joinLink(draft, item.key, { ref: args.url, kind: 'other' }, kind);
  if (!added) return already(say`${item.key} has this link.`);
  return reply('recorded', say`${what} of ${item.key}: ${args.url}`);
}
