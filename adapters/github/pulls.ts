import type { ForgeNews, TrackerNews } from '../../src/forge-ports.ts';
import { byOf } from './inbound.ts';
import type { Repositories } from './repositories.ts';
import { type FullIssue, PullPayload } from './schema.ts';

/** Pull requests: they stand among the issues and are none. What one closes, its words say, as GitHub itself reads them. */

const CLOSING =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+)?#(\d{1,9})\b|https:\/\/[\w.:-]+\/([\w.-]+\/[\w.-]+)\/issues\/(\d{1,9})\b)/gi;
const MOST_BODY = 60_000;
const MOST_CLOSED = 100;

/** The issues that are closed when it is merged, by their full names, each once. */
function closesOf(repository: string, body: string): readonly string[] {
  const found = body.slice(0, MOST_BODY).matchAll(CLOSING);
  const refs = [...found].map(([, named, number, linked, of]) => `${named ?? linked ?? repository}#${number ?? of}`);
  return [...new Set(refs)].slice(0, MOST_CLOSED);
}

type Pull = NonNullable<TrackerNews['pull']>;

/** As the API shows it among the issues. */
export function pullOf(repository: string, { state, draft, body, pull_request: more }: FullIssue): Pull {
  const isMerged = typeof more === 'object' && more !== null && 'merged_at' in more && more.merged_at != null;
  return { state: stateOf(state, isMerged, draft), closes: closesOf(repository, body ?? '') };
}

const stateOf = (state: string | undefined, isMerged: boolean, isDraft: boolean | null | undefined): Pull['state'] =>
  isMerged ? 'merged' : state === 'closed' ? 'closed' : isDraft === true ? 'draft' : 'open';

/** What a webhook tells of one. */
export function readPull(payload: unknown, repositories: Repositories): ForgeNews[] {
  const read = PullPayload.safeParse(payload);
  const repository = read.success ? repositories.find(read.data.repository.full_name) : undefined;
  if (!read.success || repository === undefined) return [];
  const { pull_request: pull, sender } = read.data;
  const { number, title, state, merged, draft, body } = pull;
  const of: TrackerNews = {
    platform: 'github',
    ref: `${repository.name}#${number}`,
    kind: 'pull',
    title,
    pull: { state: stateOf(state, merged === true, draft), closes: closesOf(repository.name, body ?? '') },
    ...byOf(sender),
  };
  return [{ news: 'tracker', of }];
}
