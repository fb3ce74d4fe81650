import type { Performed } from '../../src/forge-ports.ts';
import { Anything, History } from './api-schema.ts';
import { type Client, MODEL } from './client.ts';
import { edit, type Found, findEntry, unlucky } from './edit.ts';
import { type Failure, performedOf } from './failure.ts';
import { harmlessBody, hiddenLine, markerOf, STATUS_MARK } from './words.ts';

/** Comments are written by changing the story they are about; there is no other way. */

export interface Comment {
  readonly ref: string;
  readonly body: string;
  /** The one that tells where its item stands: an earlier one is changed instead. */
  readonly status: boolean;
}

interface Ours {
  readonly id: string;
  readonly text: string;
}

export async function comment(client: Client, job: Comment, marker: string, again: boolean): Promise<Performed> {
  const mark = hiddenLine(markerOf(marker));
  const status = hiddenLine(STATUS_MARK);
  const text = [harmlessBody(job.body), '', mark, ...(job.status ? [status] : [])].join('\n');
  // Without an earlier try and an earlier comment to change, nothing has to be looked for.
  if (again || job.status) {
    const found = await findEntry(client, job.ref);
    if (found.is !== 'found') return unlucky(found, again);
    const ours = await commentsOf(client, found);
    if (!ours.ok) return performedOf(ours.failure, false, again);
    if (ours.body.some((each) => each.text.includes(mark))) return { is: 'done', ref: job.ref };
    const earlier = job.status ? ours.body.find((each) => each.text.includes(status)) : undefined;
    if (earlier !== undefined) return rewrite(client, found, earlier, text, again);
  }
  return edit(client, job.ref, again, () => ({ is: 'write', fields: { comment: text } }));
}

type There = Extract<Found, { is: 'found' }>;

/** What our own user said there, the latest first. Others can't pass theirs off as ours. */
async function commentsOf(client: Client, { target, entry }: There) {
  const me = await client.me();
  if (!me.ok) return me;
  const path = `/history/${MODEL[target.kind]}/${entry.id}?type=comment`;
  const history = await client.call({ method: 'GET', path, unpaged: true }, History);
  if (!history.ok) return history;
  const ours: Ours[] = history.body
    .filter((each) => each.user?.username === me.body.username && each.delete_comment_date == null)
    .map(({ id, comment: text }) => ({ id, text: text ?? '' }));
  return { ...history, body: ours };
}

async function rewrite(
  client: Client,
  { target, entry }: There,
  earlier: Ours,
  text: string,
  again: boolean,
): Promise<Performed> {
  const ref = `${target.slug}/${target.kind}:${target.number}`;
  const path = `/history/${MODEL[target.kind]}/${entry.id}/edit_comment?${new URLSearchParams({ id: earlier.id })}`;
  const answer = await client.call({ method: 'POST', path, body: { comment: text } }, Anything);
  if (answer.ok) return { is: 'done', ref };
  // Not every Circles has this way, or lets us go it: then it is said anew, and the latest counts from then on.
  if (isRefusal(answer.failure)) return edit(client, ref, again, () => ({ is: 'write', fields: { comment: text } }));
  return performedOf(answer.failure, true, again);
}

/** It surely was not done, and that neither for our token nor for our speed. */
const isRefusal = (failure: Failure): boolean =>
  failure.is === 'answered' &&
  failure.status >= 400 &&
  failure.status < 500 &&
  ![401, 408, 429].includes(failure.status);

/**
 * A story's issue is kept where Taiga keeps such things: there is room for one. Any other is named in a comment, once.
 */
export async function pair(
  client: Client,
  story: string,
  issue: string,
  marker: string,
  again: boolean,
): Promise<Performed> {
  const url = addressOf(issue);
  if (url === undefined) return { is: 'refused', why: `${issue} is no issue of GitHub; write org/repo#12` };
  let holdsAnother = false;
  const written = await edit(client, story, again, ({ external_reference: held }) => {
    holdsAnother = held != null && held.length > 0 && held[1] !== url;
    if (held != null && held.length > 0) return { is: 'nothing' };
    return { is: 'write', fields: { external_reference: ['github', url] } };
  });
  if (written.is !== 'done' || !holdsAnother) return written;
  const found = await findEntry(client, story);
  if (found.is !== 'found') return unlucky(found, again);
  const ours = await commentsOf(client, found);
  if (!ours.ok) return performedOf(ours.failure, false, again);
  const line = hiddenLine(`pair ${markerOf(url)}`);
  if (ours.body.some(({ text }) => text.includes(line))) return { is: 'done', ref: story };
  const text = [`Issue: ${url}`, '', line, hiddenLine(markerOf(marker))].join('\n');
  return edit(client, story, again, () => ({ is: 'write', fields: { comment: text } }));
}

function addressOf(issue: string): string | undefined {
  const short = /^([\w.-]+\/[\w.-]+)#(\d{1,9})$/.exec(issue);
  if (short !== null) return `https://github.com/${short[1]}/issues/${short[2]}`;
  return /^https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+\/issues\/\d{1,9}$/.test(issue) ? issue : undefined;
}
