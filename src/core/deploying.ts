import { closesAt, frozenUntil } from './calendar.ts';
import { askedAnew, type DeploymentState, type Expected, environmentOf, isVersion, pipelineOf } from './deployment.ts';
import { type Draft, declaredFreezes, type World } from './draft.ts';
import type { ForgeNews } from './forge-news.ts';
import { type ItemState, isOpenItem } from './item.ts';
import { isMeant, itemsBefore, OTHER } from './meant.ts';
import { isConnected } from './orders.ts';
import type { Environment } from './organisation.ts';
import { hasChangedHands, hasRole, membersOf, personNumbered, personOfAccount } from './people.ts';
import { isGatedEnvironment } from './process.ts';
import { keeperOf } from './reference.ts';
import { approvedVersion, checkRelease, performerOf, targetStep } from './releasing.ts';
import { checkRules, type Refusal, refuse } from './rule.ts';
import { say, toTold } from './text.ts';

/** Deployments that wait for the bot's word: the same rules and needs as for `/release`, by whoever started them. */

type Verdict =
  | { readonly is: 'approved'; readonly item: string | null }
  | { readonly is: 'rejected'; readonly item: string; readonly reason: string }
  | {
      readonly is: 'held';
      readonly item: string | null;
      readonly reason: string;
      readonly sort: string;
      readonly until: number | null;
      readonly forOps: boolean;
    };

/** So long a release that was said in a chat waits for its deployment. */
const SAID_FOR = 24 * 3_600_000;
const MOST_REASON = 900;

/** A deployment asks. The same one may ask twice; what was decided stays decided. */
export function deploymentAsked(draft: Draft, news: Extract<ForgeNews, { news: 'deployment-asked' }>): void {
  const { repository, environment = null, callback = null, sha = null, version = null, by = null } = news;
  const { byNumber = null, number = null, installation = null, unsure = null } = news;
  // What the login stands for is kept from the first time on.
  if (by !== null) personNumbered(draft, `github:${by}`, byNumber);
  const name = [repository, callback, environment, callback === null ? `${sha} ${by}` : ''].join('\n');
  const id = draft.digest(name).slice(0, 16);
  const asked = { repository, environment, callback, sha, version, by, byNumber, number, installation, unsure };
  const before = draft.get('deployment', id);
  const next = before === undefined ? asked : askedAnew(before, asked);
  if (next !== undefined) draft.emit('deployment', id, { type: 'deployment-asked', id, ...next });
  decideDeployment(draft, id);
}

/** Decides what is not decided yet, and writes down what has changed. */
export function decideDeployment(draft: Draft, id: string): void {
  const deployment = draft.get('deployment', id);
  if (deployment === undefined || deployment.state === 'approved' || deployment.state === 'rejected') return;
  write(draft, deployment, judge(draft, deployment));
}

/** All that wait: after the platform was compared anew, say. */
export function decideDeployments(draft: Draft): void {
  for (const { id } of draft.open('deployment')) decideDeployment(draft, id);
}

/** It could not be said while it was true: the decision is taken anew, and said anew. */
export function withdrawApproval(draft: Draft, id: string): void {
  const deployment = draft.get('deployment', id);
  if (deployment?.state !== 'approved') return;
  const verdict = judge(draft, deployment);
  if (verdict.is !== 'approved') write(draft, deployment, verdict);
}

/** The platform does not take the approval: OPS hears of it, and nothing is let go by itself any more. */
export function approvalRefused(draft: Draft, id: string, why: string): void {
  const deployment = draft.get('deployment', id);
  if (deployment?.state !== 'approved') return;
  const { item } = deployment;
  const reason = `GitHub did not take the approval: ${why}`.slice(0, MOST_REASON);
  draft.emit('deployment', id, { type: 'approval-refused', item, why: reason });
  if (item !== null) decided(draft, deployment, item, 'held', reason);
}

function write(draft: Draft, before: DeploymentState, verdict: Verdict): void {
  const { id } = before;
  if (verdict.is === 'held') {
    const { item, reason, sort, until, forOps } = verdict;
    const window = windowAt(draft);
    if (before.state === 'held' && before.sort === sort && before.until === until && before.item === item) {
      if (before.frozen !== window.frozen || before.turns !== window.turns)
        draft.emit('deployment', id, { type: 'window-turned', ...window });
      return;
    }
    draft.emit('deployment', id, { type: 'deployment-held', reason, sort, until, item, forOps, ...window });
  } else if (verdict.is === 'rejected')
    draft.emit('deployment', id, { type: 'deployment-rejected', reason: verdict.reason, item: verdict.item });
  else draft.emit('deployment', id, { type: 'deployment-approved', item: verdict.item });
  if (verdict.item === null || draft.get('item', verdict.item) === undefined) return;
  decided(draft, before, verdict.item, verdict.is, verdict.is === 'approved' ? null : verdict.reason);
}

function decided(
  draft: Draft,
  { id, environment, version, sha, by }: DeploymentState,
  item: string,
  decision: Verdict['is'],
  reason: string | null,
): void {
  draft.emit('item', item, {
    type: 'deployment-decided', deployment: id, decision, environment: environmentOf(environment) ?? environment ?? '', version, sha, by, reason,
  }); // biome-ignore format: one event
}

/** Are releases frozen, and until when is that so? */
function windowAt(draft: Draft): { frozen: boolean; turns: number } {
  const until = frozenUntil(draft.organisation, declaredFreezes(draft), draft.now);
  const turns = until ?? closesAt(draft.organisation, declaredFreezes(draft), draft.now);
  return { frozen: until !== undefined, turns };
}

const held = (
  reason: string,
  item: string | null = null,
  more: { forOps?: boolean; until?: number | null; sort?: string } = {},
): Verdict => ({
  is: 'held',
  reason: reason.slice(0, MOST_REASON),
  item,
  forOps: more.forOps ?? true,
  until: more.until ?? null,
  sort: more.sort ?? reason,
});

function judge(draft: Draft, deployment: DeploymentState): Verdict {
  const { repository, callback, sha, by } = deployment;
  if (deployment.unsure !== null) return held(deployment.unsure, deployment.item);
  const lacks = Object.entries({ environment: deployment.environment, callback, commit: sha, author: by }).flatMap(
    ([name, value]) => (value === null ? [name] : []),
  );
  const environment = environmentOf(deployment.environment);
  if (lacks.length > 0)
    return held(`GitHub did not tell its ${lacks.join(', ')}; what is not known is not let through.`);
  if (environment === undefined)
    return held(`${deployment.environment} is no environment of an organisation's process.`);
  const isFree = !isGatedEnvironment(environment) && draft.organisation.environments.shared.includes(environment);
  if (isFree) return { is: 'approved', item: null };
  const mine = deployment.item === null ? undefined : draft.get('item', deployment.item);
  if (mine !== undefined && !isOpenItem(mine) && mine.state !== 'completed' && isMeant(mine, deployment))
    return { is: 'rejected', item: mine.key, reason: `${mine.key} was ${mine.state}.` };
  const said = releaseSaid(draft, environment, deployment);
  if (said !== undefined) return judgeSaid(draft, deployment, environment, said.item, said.emergency);
  const items =
    mine !== undefined && isOpenItem(mine) ? [mine] : itemsBefore(draft, repository, environment, deployment);
  const [item] = items;
  if (item === undefined)
    return held(
      `No item with an issue of ${repository} is at its release on ${environment}. Link one with /link KEY ${repository}#1, or bring it there.`,
    );
  if (items.length > 1)
    return held(`It could be ${items.map(({ key }) => key).join(' or ')}; name the version in /release KEY.`);
  return judgeItem(draft, deployment, environment, item);
}

/** The step's own release: what `/release` would say to whoever started this. */
function judgeItem(draft: Draft, deployment: DeploymentState, environment: Environment, item: ItemState): Verdict {
  const step = targetStep(draft, item, environment);
  if (step === undefined)
    return held(`${item.key} is at ${item.step}, from where nothing goes to ${environment}.`, item.key);
  const person = personOf(draft, deployment.by, deployment.byNumber);
  if (person === undefined || !membersOf(draft, performerOf(step), item).includes(person))
    return held(
      `${deployment.by} does not release on ${environment}: that is for ${performerOf(step)} (R1).`,
      item.key,
    );
  const process = draft.processOf(item.process)?.process;
  const act = { act: 'release', environment, emergency: false, isOwner: false } as const;
  const rule = checkRules(draft, person, act, item, process);
  const named = approvedVersion(item) ?? item.request?.version ?? null;
  const isOther = named !== null && !isVersion(named, deployment);
  const given = (isOther ? (deployment.version ?? deployment.sha) : (named ?? deployment.version)) ?? undefined;
  const ready = checkRelease(
    draft,
    item,
    step,
    given,
    rule ?? (isOther ? otherVersion(item, named, given) : undefined),
  );
  return 'ok' in ready ? refused(draft, ready, item.key, isOther) : { is: 'approved', item: item.key };
}

const otherVersion = (item: ItemState, named: string, given: string | undefined): Refusal =>
  refuse(say`${named} is to be released for ${item.key}, not ${given ?? ''}.`);

/** It was released by command before it is deployed: the rules of the moment still hold. */
function judgeSaid(
  draft: Draft,
  deployment: DeploymentState,
  environment: Environment,
  key: string,
  emergency: boolean,
): Verdict {
  const person = personOf(draft, deployment.by, deployment.byNumber) ?? `github:${deployment.by}`;
  const item = draft.get('item', key);
  // Its emergency was approved when it was said.
  const act = { act: 'release', environment, emergency, isOwner: false } as const;
  const rule = checkRules(draft, person, act, item);
  return rule === undefined ? { is: 'approved', item: key } : refused(draft, rule, key);
}

function refused(draft: Draft, no: Refusal, item: string, isOther = false): Verdict {
  const until = no.rule === 'R2' ? frozenUntil(draft.organisation, declaredFreezes(draft), draft.now) : undefined;
  const needs = [...new Set([...(no.needs ?? []), ...(isOther ? [OTHER] : [])])];
  const sort = [no.rule ?? no.code, ...needs].join(' ');
  // It is looked at again by itself: nobody has to come back and say it.
  const reason = toTold(no.text).replace(/[;.] say it again[^.]*\./i, '.');
  return held(reason, item, { forOps: false, until: until ?? null, sort });
}

/** The person behind a login; nobody, where it is another account by now. */
export const personOf = (world: World, login: string | null, number?: string | null): string | undefined =>
  login === null || hasChangedHands(world, `github:${login}`, number)
    ? undefined
    : personOfAccount(world, `github:${login}`);

/** A release of this that was said to the bot and has not been seen arriving. */
export function releaseSaid(
  world: World,
  environment: string,
  of: { repository: string; version: string | null; sha: string | null },
): Expected | undefined {
  return world
    .get('pipeline', pipelineOf(of.repository, environment))
    ?.expected.findLast(({ at, version }) => at > world.now - SAID_FOR && (version === null || isVersion(version, of)));
}

/** After every decision: what waits for what was just changed is looked at again, and what was said is remembered. */
export function settleDeployments(draft: Draft): void {
  if (!isConnected(draft, 'github')) return;
  const touched = new Set<string | null>();
  const rejected = new Set<string>();
  let all = false;
  for (const { stream, id, event, after } of [...draft.happenings]) {
    if (stream === 'item') touched.add(id).add(null);
    if (stream === 'ref' && 'item' in after) touched.add(after.item);
    if (stream === 'calendar' || stream === 'people') all = true;
    if (event.type === 'step-began' && event.why === 'rejected') rejected.add(id);
    if (event.type === 'released') noteRelease(draft, id, event);
  }
  if (!all && touched.size === 0) return;
  for (const deployment of draft.open('deployment')) {
    const { id, item } = deployment;
    const before = item !== null && rejected.has(item) ? draft.get('item', item) : undefined;
    if (item !== null && before !== undefined && isMeant(before, deployment))
      write(draft, deployment, { is: 'rejected', item, reason: `What was to be released of ${item} was rejected.` });
    else if (all || touched.has(item)) decideDeployment(draft, id);
  }
}

function noteRelease(
  draft: Draft,
  key: string,
  event: { environment: Environment; version: string | null; emergency: string | null; outside?: true },
): void {
  const item = draft.get('item', key);
  if (item === undefined || event.outside === true || !isGatedEnvironment(event.environment)) return;
  const repositories = item.links.flatMap(({ ref }) => {
    const keeper = keeperOf(ref);
    return keeper?.platform === 'github' ? [keeper.where] : [];
  });
  for (const repository of new Set(repositories))
    draft.emit('pipeline', pipelineOf(repository, event.environment), {
      type: 'release-said',
      item: key,
      version: event.version,
      emergency: event.emergency !== null,
    });
}

export const isOps = (world: World, person: string | undefined): boolean =>
  person !== undefined && hasRole(world, person, 'ops');
