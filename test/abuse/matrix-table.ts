import type { Drawing, Drawn, Scene, Speaker } from './matrix-scenes.ts';

/** What pages 2 to 4 of the specification let whom do where: the answer's code, and the rule where one is named. */

/** What may differ between two looks at the same scene. */
export interface Moment {
  readonly call: boolean;
  readonly frozen: boolean;
}

interface Asked {
  readonly who: Who;
  readonly scene: Scene;
  readonly moment: Moment;
}

interface Row {
  readonly command: string;
  words(key: string, scene: Scene): string;
  readonly place?: string;
  expected(asked: Asked): string;
}

/** How somebody stands to the item. */
class Who {
  readonly id: string;
  readonly role: string;
  readonly drawing: Drawing;
  readonly at: number;
  constructor(speaker: Speaker, { drawing, at }: Scene) {
    this.id = speaker.id;
    this.role = speaker.role;
    this.drawing = drawing;
    this.at = at;
  }
  /** Before somebody is named with the rank, an item is its proposer's. */
  get owns(): boolean {
    const { owner, proposer } = this.drawing;
    return this.id === (this.at >= 2 ? owner : proposer);
  }
  is(...roles: readonly string[]): boolean {
    return roles.includes(this.role);
  }
  /** Is this their team's role, on this item? */
  holds(role: string): boolean {
    if (role === 'product-owner' || role === 'project-owner') return this.owns;
    if (role === 'project-team') return this.id === 'tom' && this.at >= 2;
    return this.role === role;
  }
}

const stepIs = (step: Drawn, ...kinds: readonly string[]) => kinds.includes(step.kind);
const gated = (environment: string) => environment === 'mainnet' || environment === 'production';

/** The handover that one command may close: this step, or the next of the same team after work. */
function handoverAt({ drawing, at, step }: Scene): Drawn | undefined {
  if (step.kind === 'handover') return step;
  const next = drawing.steps[at + 1];
  return step.kind === 'work' && next?.kind === 'handover' && next.owner === step.owner ? next : undefined;
}

/** Was the present team handed the item, with nobody else between? */
function wasReceived({ drawing, at, step }: Scene): boolean {
  for (const before of drawing.steps.slice(0, at).reverse()) {
    if (before.kind === 'handover') return before.to === step.owner;
    if (before.owner !== step.owner) return false;
  }
  return false;
}

/** A product is handed to QA once it is on the testnet, which its developers see to in the step after. */
const wantsTestnet = ({ drawing, step }: Scene): boolean => drawing.kind === 'product' && step.id === 'implement';

const ofTeam =
  (kinds: readonly string[], code: string) =>
  ({ who, scene: { step } }: Asked): string =>
    !stepIs(step, ...kinds) ? 'refused' : who.holds(step.owner) ? code : 'forbidden';

const only = (code: string, ...roles: readonly string[]) => onlyBy(code, '', ...roles);

const onlyBy =
  (code: string, rule: string, ...roles: readonly string[]) =>
  ({ who }: Asked): string =>
    who.is(...roles) ? code : `forbidden ${rule}`.trim();

const anyone = (code: string) => () => code;

function ballot(choice: 'approve' | 'reject' | 'abstain') {
  return ({ who, scene, moment }: Asked): string => {
    const { step, drawing } = scene;
    if (step.id === 'agree') {
      if (!who.is('stakeholder')) return 'forbidden';
      return moment.call ? 'voted' : 'refused R12';
    }
    // The vote of this very step is closed, and says so; of one long past, only its approval is still true.
    const isReview = drawing.kind === 'web' && step.id === 'production';
    const isSignedOff = drawing.kind === 'product' && step.id === 'roadmap';
    if (who.is('stakeholder')) return isReview || choice !== 'reject' ? 'already' : 'refused';
    if (who.is('architect')) return isSignedOff ? 'already' : 'refused';
    return 'forbidden';
  };
}

function release(environment: string) {
  return ({ who, scene, moment }: Asked): string => {
    const { step, drawing, at } = scene;
    const isOwn = step.kind === 'release' && step.to === environment;
    const performer = step.performer ?? step.owner;
    if (gated(environment) && !who.is('ops')) {
      return isOwn && step.performer !== undefined && who.holds(step.owner) ? 'requested' : 'forbidden R1';
    }
    if (isOwn) {
      if (!who.holds(performer)) return 'forbidden';
      if (gated(environment) && moment.frozen) return 'refused R2';
      return step.performer === undefined ? 'released' : 'refused';
    }
    // A product's developers put it on the testnet themselves, for the handover that wants it there.
    const isProduct = drawing.kind === 'product' && environment === 'testnet';
    const implementing = step.id === 'implement';
    if (implementing && environment === 'devnet') return who.is('developer') ? 'released' : 'forbidden';
    if (isProduct && implementing) return who.is('developer') ? 'released' : 'forbidden';
    const before = drawing.steps.slice(0, isProduct ? at + 1 : at);
    const by = isProduct
      ? before.some(({ id }) => id === 'testnet') && 'developer'
      : before.find(({ kind, to }) => kind === 'release' && to === environment)?.owner;
    if (by === false || by === undefined) return 'refused';
    if (!who.holds(by)) return 'forbidden';
    if (gated(environment) && moment.frozen) return 'refused R2';
    // Ballots were cast on what is there: said again, it is put up for review anew.
    return step.id === 'production' ? 'released' : 'already';
  };
}

const mayLink = ({ who, scene: { step } }: Asked): boolean => who.holds(step.owner) || who.owns || who.id === who.drawing.proposer || who.is('dev-lead'); // biome-ignore format: one line

const owning =
  (code: string, otherwise: (asked: Asked) => string = () => 'forbidden') =>
  (asked: Asked): string =>
    asked.who.owns ? code : otherwise(asked);

const isDecided = ({ at }: Scene): boolean => at >= 2;

/** The rows of page 4. */
export const ROWS: readonly Row[] = [
  { command: 'done', words: (key) => key, expected: ofTeam(['work'], 'done') },
  { command: 'pass', words: (key) => key, expected: ofTeam(['test'], 'passed') },
  { command: 'fail', words: (key) => `${key} #902 broken`, expected: ofTeam(['test'], 'failed') },
  { command: 'invite', words: (key) => key, expected: ofTeam(['invite'], 'invited') },
  {
    command: 'handover',
    words: (key, scene) => `${key} ${handoverAt(scene)?.to ?? 'bizdev'}`,
    expected: ({ who, scene }) =>
      !who.holds(scene.step.owner)
        ? 'forbidden'
        : handoverAt(scene) === undefined || wantsTestnet(scene)
          ? 'refused'
          : 'handed-over',
  },
  {
    command: 'accept',
    words: (key) => key,
    expected: (asked) => {
      const { scene, who } = asked;
      const code = ofTeam(['work', 'handover', 'release', 'test', 'invite'], 'accepted')(asked);
      const holder = scene.stage.world().get('item', who.drawing.key)?.holder ?? null;
      return code === 'accepted' && holder !== null ? 'already' : code;
    },
  },
  {
    command: 'return',
    words: (key) => `${key} #901 it does not start`,
    expected: ({ who, scene }) =>
      !who.holds(scene.step.owner) ? 'forbidden' : wasReceived(scene) ? 'returned' : 'refused',
  },
  {
    command: 'skip',
    words: (key) => `${key} it is a library`,
    expected: ({ who, scene: { step } }) =>
      step.performer === undefined ? 'refused R9' : who.holds(step.owner) ? 'requested' : 'forbidden',
  },
  ...['devnet', 'testnet', 'staging', 'mainnet', 'production'].map((environment): Row => ({
    command: 'release', words: (key) => `${key} ${environment} v1`, expected: release(environment),
  })), // biome-ignore format: a row
  { command: 'approve', words: (key) => key, expected: ballot('approve') },
  { command: 'reject', words: (key) => `${key} not so`, expected: ballot('reject') },
  { command: 'abstain', words: (key) => key, expected: ballot('abstain') },
  {
    command: 'prioritise',
    words: (key) => `${key} 1 owner pia team tom`,
    expected: ({ who, scene: { at }, moment }) => {
      if (!who.is('stakeholder')) return 'forbidden';
      if (!moment.call) return 'refused R12';
      return at === 0 ? 'refused' : 'prioritised';
    },
  },
  {
    command: 'object',
    words: (key) => `${key} the budget comes first`,
    expected: ({ who, scene, moment }) => {
      if (!who.is('stakeholder')) return 'forbidden';
      return isDecided(scene) && moment.call ? 'objected' : 'refused R12';
    },
  },
  {
    command: 'drop',
    words: (key) => `${key} the budget is gone`,
    expected: owning('dropped', ({ who, moment }) =>
      !who.is('stakeholder') ? 'forbidden' : moment.call ? 'dropped' : 'refused R12',
    ),
  },
  {
    command: 'circle',
    words: (key) => `${key} create`,
    expected: (asked) => {
      const has = asked.scene.stage.world().get('item', asked.who.drawing.key)?.circle != null;
      return asked.who.owns ? (has ? 'already' : 'recorded') : 'forbidden';
    },
  },
  { command: 'link', words: (key) => `${key} #950`, expected: (asked) => (mayLink(asked) ? 'linked' : 'forbidden') },
  { command: 'unlink', words: (key) => `${key} #951`, expected: (asked) => (mayLink(asked) ? 'already' : 'forbidden') },
  ...['docs', 'monitor'].map((command): Row => ({
    command, words: (key) => `${key} https://${command}.example.org/new`,
    expected: ({ who, scene: { step } }) => (who.holds(step.owner) || who.is('ops') ? 'recorded' : 'forbidden'),
  })), // biome-ignore format: a row
  {
    command: 'bind',
    words: (key) => key,
    place: 'general',
    expected: ({ who, scene: { step } }) => (who.holds(step.owner) ? 'bound' : 'forbidden'),
  },
  { command: 'unbind', words: () => '', place: 'general', expected: anyone('already') },
  { command: 'env', words: (key) => `ready devnet ${key}`, expected: onlyBy('recorded', 'R10', 'ops') },
  { command: 'env', words: (key) => `remove devnet ${key}`, expected: onlyBy('already', 'R10', 'ops') },
  { command: 'env', words: (key) => `request devnet ${key}`, expected: anyone('requested') },
  {
    command: 'announce',
    words: (key) => `${key} We go live`,
    expected: owning('drafted', ({ who }) => (who.is('promotion') ? 'drafted' : 'forbidden R8')),
  },
  ...(['urgent', 'escalate'] as const).map((command): Row => ({
    command, words: (key) => `${key} It is on fire`, expected: anyone(command === 'urgent' ? 'logged' : 'escalated'),
  })), // biome-ignore format: a row
  { command: 'bug', words: (key) => `minor ${key} It is red`, expected: anyone('logged') },
  { command: 'feature', words: (key) => `${key} It could be blue`, expected: anyone('logged') },
  { command: 'story', words: (key) => `${key} As a user I see it`, expected: anyone('logged') },
  { command: 'feedback', words: (key) => `${key} I like it`, expected: anyone('logged') },
  { command: 'close', words: () => 'baton#77', expected: anyone('not-found') },
  { command: 'reopen', words: () => 'baton#77', expected: anyone('not-found') },
  { command: 'alert', words: () => 'major The site is slow', expected: anyone('alerted|held') },
  { command: 'ack', words: () => 'ALERT-9', expected: only('not-found', 'ops') },
  { command: 'resolve', words: () => 'ALERT-9', expected: only('not-found', 'ops') },
  { command: 'call', words: () => 'open', expected: ({ who, moment }) => (who.is('stakeholder') ? (moment.call ? 'already' : 'opened') : 'forbidden') },
  { command: 'call', words: () => 'close', expected: ({ who, moment }) => (who.is('stakeholder') ? (moment.call ? 'closed' : 'already') : 'forbidden') },
  { command: 'call', words: () => 'plan 2026-12-07 14:00', expected: only('planned', 'stakeholder') },
  { command: 'freeze', words: () => '', expected: anyone('shown') },
  { command: 'freeze', words: () => 'declare 2026-12-24 2026-12-27 rest', expected: onlyBy('declared', 'R2', 'ops', 'stakeholder') },
  { command: 'freeze', words: () => 'lift FREEZE-9', expected: onlyBy('not-found', 'R2', 'ops', 'stakeholder') },
  { command: 'role', words: () => 'grant ops nora', expected: only('granted', 'admin') },
  { command: 'role', words: () => 'revoke qa quinn', expected: only('revoked', 'admin') },
  { command: 'person', words: () => 'add zoe Zoe roles qa', expected: only('added', 'admin') },
  { command: 'person', words: () => 'remove nora', expected: only('removed', 'admin') },
  { command: 'credentials', words: (key) => key, expected: only('shown', 'ops') },
  { command: 'oncall', words: () => '', expected: anyone('shown') },
  { command: 'oncall', words: () => 'swap omar 2026-12-04', expected: onlyBy('offered', 'R7', 'ops') },
  { command: 'oncall', words: () => 'take', expected: onlyBy('not-found', 'R7', 'ops') },
  { command: 'mail', words: () => 'again quinn', expected: ({ who }) => (who.is('admin') || who.id === 'quinn' ? 'already' : 'forbidden') },
  ...['product', 'service', 'project'].map((kind): Row => ({
    command: 'propose', words: () => `${kind} Another`, expected: only('proposed', 'bizdev', 'stakeholder'),
  })),
  { command: 'propose', words: () => 'web Another', expected: only('proposed', 'promotion', 'stakeholder') },
  ...['why', 'history'].map((command): Row => ({ command, words: (key) => key, expected: anyone('shown') })),
  ...['board', 'mine', 'rules', 'help', 'whoami', 'agenda', 'link-account', 'web'].map((command): Row => ({
    command, words: () => '', expected: anyone('shown'),
  })),
  { command: 'status', words: (key) => key, expected: anyone('shown') },
  { command: 'remind', words: (key) => key, expected: ({ moment, scene: { drawing, at } }) => (moment.frozen && !(drawing.steps.slice(0, at).some(({ to }) => to === 'mainnet' || to === 'production')) ? 'awaited' : 'already') },
  { command: 'join', words: (key) => key, expected: anyone('joined') },
  { command: 'leave', words: (key) => key, expected: anyone('already') },
  { command: 'iam', words: () => 'AAAA-2222', expected: anyone('not-found') },
]; // biome-ignore format: a table

/** What testers may say of what they joined; to strangers only the way in is open. */
const OPEN: Readonly<Record<string, Readonly<Record<'tester' | 'stranger', string>>>> = {
  help: { tester: 'shown', stranger: 'forbidden' },
  status: { tester: 'shown', stranger: 'forbidden' },
  bug: { tester: 'logged', stranger: 'forbidden' },
  leave: { tester: 'left', stranger: 'already' },
  iam: { tester: 'not-found', stranger: 'not-found' },
};

const isInvited = ({ drawing, at }: Scene): boolean => drawing.steps.slice(0, at).some(({ kind }) => kind === 'invite');

export function expectedOf(row: Row, speaker: Speaker, scene: Scene, moment: Moment): string {
  if (speaker.role === 'tester' || speaker.role === 'stranger') {
    if (row.command === 'join' && !isInvited(scene)) return 'refused';
    if (row.command === 'join') return speaker.role === 'stranger' ? 'joined' : 'already';
    return OPEN[row.command]?.[speaker.role] ?? 'forbidden';
  }
  return row.expected({ who: new Who(speaker, scene), scene, moment });
}
