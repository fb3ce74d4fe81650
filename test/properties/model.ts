import {
  closeOne,
  isFrozen,
  type Model,
  type ModelItem,
  openVote,
  PROPOSERS,
  ROLES,
  STEPS,
  settleVote,
  stepOf,
} from './model-state.ts';

/** What somebody says or does, before it is words. `item` is an index among the items; `n` tells further things apart. */
export interface Act {
  readonly as: string;
  readonly verb: Verb;
  readonly item: number;
  readonly n: number;
}

export const VERBS = [
  'propose-web', 'propose-service', 'call-open', 'call-close', 'approve', 'reject', 'abstain', 'prioritise', 'state', 'story', 'pair',
  'done', 'hand-web', 'hand-ops', 'hand-qa', 'testnet', 'staging', 'mainnet', 'production', 'pass', 'fail', 'docs', 'monitor', 'bug',
  'close-refs', 'drop', 'declare', 'lift', 'grant', 'revoke', 'board', 'nonsense',
] as const; // biome-ignore format: one glance
type Verb = (typeof VERBS)[number];
type Verdict = boolean;

const has = (model: Model, person: string, role: string): boolean => model.roles.get(person)?.has(role) === true;
const alive = (item: ModelItem): boolean => item.state === 'proposed' || item.state === 'active';
const owns = (model: Model, person: string, item: ModelItem): boolean => has(model, person, stepOf(item).owner);
const mayLink = (model: Model, person: string, item: ModelItem): boolean =>
  owns(model, person, item) || item.proposer === person || has(model, person, 'dev-lead');

/** Would it be done? If so it is done to the model. A second opinion on the engine, written from the rules' words. */
export function play(model: Model, act: Act): Verdict {
  const known = ROLES.has(act.as);
  const item = model.items[act.item];
  if (!known || act.verb === 'nonsense') return false;
  if (OFFICE.has(act.verb)) return playOffice(model, act);
  return item !== undefined && alive(item) && playItem(model, act, item);
}

const OFFICE: ReadonlySet<string> = new Set([
  'propose-web',
  'propose-service',
  'call-open',
  'call-close',
  'declare',
  'lift',
  'grant',
  'revoke',
  'board',
]);

function playOffice(model: Model, { as, verb, n }: Act): Verdict {
  const stakeholder = has(model, as, 'stakeholder');
  switch (verb) {
    case 'propose-web':
    case 'propose-service': {
      const kind = verb === 'propose-web' ? 'web' : 'service';
      if (!PROPOSERS[kind].some((role) => has(model, as, role))) return false;
      const number = model.items.filter((each) => each.kind === kind).length + 1;
      const item: ModelItem = {
        key: `${kind === 'web' ? 'WEB' : 'SVC'}-${number}`,
        kind,
        proposer: as,
        state: 'proposed',
        at: 0,
        round: null,
        vote: null,
        review: 'none',
        stated: false,
        stories: 0,
        paired: 0,
        docs: false,
        monitor: false,
        open: new Set(),
        serious: new Set(),
        issues: new Set(),
        released: new Set(),
      };
      model.items.push(item);
      if (model.call !== null) openVote(model, item);
      return true;
    }
    case 'call-open':
      if (!stakeholder || model.call !== null) return false;
      model.call = { at: model.now, round: null };
      for (const item of model.items) if (alive(item) && item.at === 0 && item.vote === null) openVote(model, item);
      return true;
    case 'call-close':
      if (!stakeholder || model.call === null) return false;
      model.call = null;
      return true;
    case 'declare':
      if (!stakeholder && !has(model, as, 'ops')) return false;
      model.freezes.push({ from: model.now, until: model.now + (1 + (n % 60)) * 3_600_000, lifted: false });
      return true;
    case 'lift': {
      const freeze = model.freezes[n % 4];
      if (
        (!stakeholder && !has(model, as, 'ops')) ||
        freeze === undefined ||
        freeze.lifted ||
        freeze.until <= model.now
      )
        return false;
      freeze.lifted = true;
      return true;
    }
    case 'grant':
      if (!has(model, as, 'admin') || has(model, 's4', 'stakeholder')) return false;
      model.roles.get('s4')?.add('stakeholder');
      return true;
    case 'revoke':
      if (!has(model, as, 'admin') || !has(model, 's4', 'stakeholder')) return false;
      model.roles.get('s4')?.delete('stakeholder');
      for (const item of model.items) {
        if (!alive(item) || item.vote?.electorate.delete('s4') !== true) continue;
        item.vote.ballots.delete('s4');
        settleVote(model, item);
      }
      return true;
    default:
      return verb === 'board';
  }
}

function playItem(model: Model, act: Act, item: ModelItem): Verdict {
  const { as, verb, n } = act;
  switch (verb) {
    case 'approve':
    case 'reject':
    case 'abstain': {
      const { vote } = item;
      if (vote === null || !vote.electorate.has(as) || vote.ballots.get(as) === verb) return false;
      if (item.at === 0 && (model.call === null || (item.kind === 'web' && !isSaid(item)))) return false;
      vote.ballots.set(as, verb);
      settleVote(model, item);
      return true;
    }
    case 'prioritise':
      return prioritise(model, as, item);
    case 'story':
      item.stories += 1;
      item.open.add(`us${item.stories}`);
      return true;
    case 'bug': {
      const ref = `bug${item.issues.size}`;
      for (const refs of [item.open, item.serious, item.issues]) refs.add(ref);
      return true;
    }
    case 'state':
      if (item.stated || !mayLink(model, as, item)) return false;
      item.stated = true;
      return true;
    case 'pair':
      if (item.stories === item.paired || !mayLink(model, as, item)) return false;
      item.paired += 1;
      item.open.add(`gh${item.paired}`);
      return true;
    case 'close-refs': {
      if (item.open.size === 0) return false;
      for (const refs of [item.open, item.serious]) refs.clear();
      return true;
    }
    case 'drop': {
      if (as !== item.proposer && (!has(model, as, 'stakeholder') || model.call === null)) return false;
      item.state = 'dropped';
      item.vote = null;
      return true;
    }
    case 'docs':
    case 'monitor':
      if (item[verb] || !(owns(model, as, item) || has(model, as, 'ops'))) return false;
      item[verb] = true;
      return true;
    default:
      return work(model, { as, verb, n, item: act.item }, item);
  }
}

/** A link says what is needed: a pad, a story, a document. */
const isSaid = ({ stated, stories, docs }: ModelItem): boolean => stated || stories > 0 || docs;

/** R12, and R11: nobody's earlier priority is still being developed. */
function prioritise(model: Model, as: string, item: ModelItem): Verdict {
  if (!has(model, as, 'stakeholder') || model.call === null || item.state === 'proposed') return false;
  if (item.at > 1) return true;
  const round = model.call.round;
  const inTheWay = model.items.some(
    (other) =>
      other !== item &&
      alive(other) &&
      other.round !== null &&
      other.round !== round &&
      other.at <= (other.kind === 'web' ? 5 : 4),
  );
  if (inTheWay) return false;
  if (model.call.round === null) {
    model.rounds += 1;
    model.call.round = model.rounds;
  }
  item.round = model.call.round;
  closeOne(model, item);
  return true;
}

function work(model: Model, { as, verb }: Act, item: ModelItem): Verdict {
  const step = stepOf(item);
  const next = STEPS[item.kind][item.at + 1];
  const needs = (each: typeof step): boolean => each.needs.every((need) => need(model, item));
  const team = verb.startsWith('hand-') ? verb.slice(5) : undefined;
  if (team !== undefined) {
    if (!owns(model, as, item) || !needs(step)) return false;
    if (step.kind === 'handover' && step.to === team) return closeOne(model, item);
    if (step.kind !== 'work' || next?.kind !== 'handover' || next.owner !== step.owner || next.to !== team)
      return false;
    return closeOne(model, item) && closeOne(model, item);
  }
  switch (verb) {
    case 'done':
      return step.kind === 'work' && owns(model, as, item) && needs(step) && closeOne(model, item);
    case 'pass':
      return step.kind === 'test' && owns(model, as, item) && needs(step) && closeOne(model, item);
    case 'fail':
      if (step.kind !== 'test' || !owns(model, as, item)) return false;
      item.open.add(`failed${item.issues.size}`);
      item.issues.add(`failed${item.issues.size}`);
      item.released.clear();
      item.at = step.back ?? item.at;
      return true;
    default:
      return release(model, as, verb, item);
  }
}

function release(model: Model, as: string, environment: string, item: ModelItem): Verdict {
  if (!has(model, as, 'ops')) return false;
  const gated = environment === 'mainnet' || environment === 'production';
  if (gated && isFrozen(model)) return false;
  const step = stepOf(item);
  if (step.kind === 'release' && step.environment === environment) {
    if (!step.needs.every((need) => need(model, item))) return false;
    item.released.add(environment);
    return closeOne(model, item);
  }
  const before = STEPS[item.kind].slice(0, item.at).some((each) => each.environment === environment);
  if (!before || gated) return false;
  // What is on staging is pushed anew: the ballots on the older one are void.
  if (item.kind === 'web' && item.at === 9) {
    if (item.cast === undefined || item.cast.ballots.size === 0) return false;
    openVote(model, item);
    return true;
  }
  if (item.released.has(environment)) return false;
  item.released.add(environment);
  return true;
}
