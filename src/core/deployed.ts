import { frozenUntil, showInstant } from './calendar.ts';
import { isOps, releaseSaid } from './deploying.ts';
import { environmentOf, isVersion, pipelineOf } from './deployment.ts';
import { type Draft, declaredFreezes } from './draft.ts';
import { itemOf } from './flow.ts';
import type { ForgeNews } from './forge-news.ts';
import type { ItemState } from './item.ts';
import { isOf, itemsBefore } from './meant.ts';
import type { Environment } from './organisation.ts';
import { membersOf, nameOf, personNumbered } from './people.ts';
import { isGatedEnvironment } from './process.ts';
import {
  approvedVersion,
  carryOut,
  checkRelease,
  performerOf,
  renew,
  reviewOf,
  targetOf,
  targetStep,
} from './releasing.ts';
import { checkRules } from './rule.ts';
import { toPlain } from './text.ts';
import { joinLink, logRef, setSeverity } from './tracking.ts';

/** Deployments that happened: what the platform tells is true, whoever made it, and whatever the rules say of it. */

/** A release that was said inside the window may arrive so long after it. */
const ON_ITS_WAY = 3_600_000;
/** What was let go holds for as long as a job of GitHub's own runners may take. */
const LET_GO_FOR = 6 * 3_600_000;

type News = Extract<ForgeNews, { news: 'deployed' }>;
interface Deployed extends News {
  readonly at: Environment;
  /** A person's id, or the account of somebody whom nobody knows. */
  readonly who: string;
}

/** A deployment was made. It is recorded as the release that it is; one that should not have been wakes OPS. */
export function deployed(draft: Draft, news: News): void {
  const at = environmentOf(news.environment);
  if (at === undefined) return;
  const name = pipelineOf(news.repository, at);
  const { sha, version, by, byNumber } = news;
  const who = personNumbered(draft, `github:${by}`, byNumber) ?? `github:${by}`;
  const { mark, was, isSeen } = markOf(draft.get('pipeline', name)?.seen ?? [], news);
  if (!isSeen || was !== undefined)
    draft.emit('pipeline', name, { type: 'deployment-seen', mark, sha, version, by: who, ...was });
  if (isSeen) return;
  const happened = { ...news, at, who };
  if (isGatedEnvironment(at)) deployedGated(draft, happened, name);
  else deployedFreely(draft, happened);
}

interface Mark {
  readonly mark: string;
  /** What it was seen as before its number was known. */
  readonly was?: { readonly was: string };
  readonly isSeen: boolean;
}

/** A commit may be deployed again and again: it is the number that tells two deployments apart, where one is known. */
function markOf(seen: readonly string[], { number, url = '', sha }: News): Mark {
  const plain = `${url} ${sha}`;
  if (number === undefined) {
    const isNumbered = seen.some((each) => each.startsWith('#') && each.endsWith(` ${sha}`));
    return { mark: plain, isSeen: isNumbered || seen.includes(plain) };
  }
  const mark = `#${number} ${sha}`;
  if (seen.some((each) => each.startsWith(`#${number} `))) return { mark, isSeen: true };
  // One mark without a number stands for one deployment: the next of the same commit is another.
  return seen.includes(plain) ? { mark, was: { was: plain }, isSeen: true } : { mark, isSeen: false };
}

function deployedGated(draft: Draft, news: Deployed, pipeline: string): void {
  const { at, repository, who, sha, version } = news;
  const said = releaseSaid(draft, at, news);
  const released = said === undefined ? undefined : draft.get('item', said.item);
  if (said !== undefined && released !== undefined) {
    draft.emit('pipeline', pipeline, { type: 'release-done', item: said.item });
    const isOnItsWay = said.emergency || madeAt(draft, news) - said.at <= ON_ITS_WAY;
    const isExcused = isAdmitted(draft, released, news) || (isOps(draft, who) && isOnItsWay);
    const why = isExcused ? undefined : whyWrong(draft, news);
    note(draft, said.item, news, why ?? null);
    return why === undefined ? undefined : raise(draft, released, news, why);
  }
  const admitted = draft.open('item').find((item) => isAdmitted(draft, item, news));
  const wrong = admitted === undefined ? whyWrong(draft, news) : undefined;
  const items = admitted === undefined ? itemsBefore(draft, repository, at, news) : [admitted];
  const item = items.length === 1 ? items[0] : undefined;
  if (item === undefined) {
    const why = items.length === 0 ? 'no item knows it' : `it could be ${items.map(({ key }) => key).join(' or ')}`;
    if (wrong === undefined)
      draft.emit('pipeline', pipeline, { type: 'deployment-unknown', sha, version, by: who, why });
  } else record(draft, item, news, admitted !== undefined, wrong);
  if (wrong !== undefined) raise(draft, item, news, wrong);
}

/** We may hear of it long after, and on the other side of a freeze's edge; a time to come is none. */
const madeAt = (draft: Draft, { made = draft.now }: News): number => Math.min(draft.now, made);

/** Is this the very deployment that was let go, and not long ago? Another one of the same commit asks anew. */
function isAdmitted(draft: Draft, item: ItemState, news: Deployed): boolean {
  const { at, sha, repository, number } = news;
  if (!isOf(item, repository)) return false;
  return (item.admitted ?? []).some((each) => {
    if (environmentOf(each.environment) !== at || each.sha !== sha) return false;
    const asked = draft.get('deployment', each.deployment);
    if (asked?.state !== 'approved' || asked.approvedAt === undefined) return false;
    const isSame = number === undefined || asked.number === null || asked.number === number;
    return isSame && madeAt(draft, news) - asked.approvedAt <= LET_GO_FOR;
  });
}

/** Why this should not have happened; undefined: OPS did it while the window was open. */
function whyWrong(draft: Draft, news: Deployed): string | undefined {
  const { who } = news;
  const until = frozenUntil(draft.organisation, declaredFreezes(draft), madeAt(draft, news));
  if (!isOps(draft, who)) return 'by somebody who is not OPS (R1)';
  return until === undefined ? undefined : `inside the freeze that ends ${showInstant(draft.organisation, until)} (R2)`;
}

/** The release as it is. The step closes as after `/release`, where all that this asks for holds. */
function record(draft: Draft, item: ItemState, news: Deployed, admitted: boolean, wrong: string | undefined): void {
  const { at, who } = news;
  const step = targetStep(draft, item, at);
  if (step === undefined) {
    renew(draft, item, { environment: at, version: shownVersion(item, news), by: who, outside: true });
    return note(draft, item.key, news, wrong ?? null);
  }
  const process = draft.processOf(item.process)?.process;
  const act = { act: 'release', environment: at, emergency: false, isOwner: false } as const;
  // What was let go stays let go, though the freeze may have begun while it was on its way.
  const rule = admitted ? undefined : checkRules(draft, who, act, item, process);
  const ready = wrong === undefined ? checkRelease(draft, item, step, shownVersion(item, news), rule) : undefined;
  if (ready !== undefined && !('ok' in ready)) {
    note(draft, item.key, news, null);
    const told = { ...ready, outside: true, ...(admitted ? { admitted: true as const } : {}) } as const;
    return void carryOut(draft, itemOf(draft, item.key), step, who, told);
  }
  note(draft, item.key, news, wrong ?? (ready === undefined ? null : toPlain(ready.text).slice(0, 500)));
  renew(draft, itemOf(draft, item.key), { environment: at, version: shownVersion(item, news), by: who, outside: true });
}

/** The name that the approved version has: a commit may have been approved by its beginning. */
function shownVersion(item: ItemState, news: Deployed): string {
  const named = approvedVersion(item) ?? item.request?.version ?? null;
  return named !== null && isVersion(named, news) ? named : news.version;
}

function note(draft: Draft, key: string, { at, version, sha, who }: Deployed, why: string | null): void {
  draft.emit('item', key, { type: 'deployed', environment: at, version, sha, by: who, note: why });
}

/** It is on production, and nobody should have put it there: OPS is woken. */
function raise(draft: Draft, item: ItemState | undefined, news: Deployed, why: string): void {
  const title =
    `${news.version} of ${news.repository} was deployed to ${news.at} by ${nameOf(draft, news.who)}, ${why}`.slice(
      0,
      200,
    );
  const reference = logRef(draft, 'issue', title, { item, labels: ['bug'] });
  if (item !== undefined) joinLink(draft, item.key, reference);
  setSeverity(draft, reference.ref, 'critical', 'system');
}

/** Where no window rules: recorded where exactly one item waits for it, or reviews what is there. */
function deployedFreely(draft: Draft, news: Deployed): void {
  const { at, repository, who } = news;
  const waiting = draft.open('item').flatMap((item) => {
    const process = draft.processOf(item.process)?.process;
    const target = process === undefined || !isOf(item, repository) ? undefined : targetOf(process, item, at);
    const present = process?.steps[item.stepNumber - 1];
    const isReviewed = present !== undefined && reviewOf(item, present, at) !== undefined;
    return target !== undefined && (target.how === 'step' || target.how === 'need' || isReviewed) ? [item] : [];
  });
  const [item] = waiting;
  if (item === undefined || waiting.length > 1) return;
  const last = item.environments.find(({ environment }) => environment === at);
  if (last?.version === news.version && last.n > item.failedAt) return note(draft, item.key, news, null);
  const step = targetStep(draft, item, at);
  if (step !== undefined) {
    const role = performerOf(step);
    const isTheirs = membersOf(draft, role, item).includes(who);
    return record(draft, item, news, false, isTheirs ? undefined : `by somebody who is not ${role}; the step stays`);
  }
  note(draft, item.key, news, null);
  renew(draft, itemOf(draft, item.key), { environment: at, version: news.version, by: who, outside: true });
}
