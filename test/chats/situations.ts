import type { Answer } from '../../src/shell/engine.ts';

/** For every command a situation in which it can be carried out: who says it, in which words, after what. */

export interface Spoken {
  readonly as: string;
  /** The line without its slash. */
  readonly words: string;
  /** Where it can be carried out, if not everywhere. */
  readonly only?: 'private' | 'chat';
  /** A button: what it stands on and for, where that is not the first word and the others. */
  readonly button?: { readonly on: string; readonly args: string };
  /** What is missing until a form asks for it; without it nothing can be missing, and the line itself is put into a form. */
  readonly form?: { readonly on: string; readonly values: Readonly<Record<string, string>> };
}

/** The world as a situation is prepared in it; `here` is where the command will be said. */
export interface Prepared {
  say(as: string, text: string, here?: boolean): Promise<Answer>;
  /** The stranger's account. */
  account(id: string): string;
  /** A number that was not used before. */
  next(): number;
}

type Situation = (world: Prepared) => Promise<Spoken> | Spoken;

async function item(world: Prepared, kind: string, by = 'bea'): Promise<string> {
  const { key } = await world.say(by, `/propose ${kind} The thing ${world.next()}`);
  if (key === undefined) throw new Error('nothing was proposed');
  return key;
}

type Line = readonly [as: string, text: string];
const STEPS = ['agreed', 'ranked', 'stories', 'implement', 'released', 'qa', 'passed', 'invited'] as const;

/** A product up to a step of its way. */
async function product(world: Prepared, until: (typeof STEPS)[number]): Promise<string> {
  const key = await item(world, 'product');
  const n = world.next();
  const ways: Readonly<Record<(typeof STEPS)[number], readonly Line[]>> = {
    agreed: [['sam', `/approve ${key}`], ['sue', `/approve ${key}`]],
    ranked: [['sam', `/prioritise ${key} 1 owner pia`]],
    stories: [['pia', `/circle ${key} create`], ['pia', `/link ${key} us:${n}`], ['arno', `/approve ${key}`], ['pia', `/done ${key}`]],
    implement: [['lea', `/link ${key} us:${n} #${n}`], ['lea', `/done ${key}`]],
    released: [['dave', `/docs ${key} https://docs.example.org/${n}`], ['dave', `/release ${key} testnet v1`]],
    qa: [['dave', `/handover ${key} qa`]],
    passed: [['quinn', `/pass ${key}`]],
    invited: [['lea', `/invite ${key}`]],
  }; // biome-ignore format: a table
  for (const step of STEPS.slice(0, STEPS.indexOf(until) + 1))
    for (const [as, text] of ways[step]) await must(world, as, text);
  return key;
}

/** A service that waits for OPS. */
async function service(world: Prepared, until: 'ranked' | 'ops'): Promise<string> {
  const key = await item(world, 'service');
  const n = world.next();
  const ranked: Line[] = [['sam', `/approve ${key}`], ['sue', `/approve ${key}`], ['sam', `/prioritise ${key} 1`]]; // biome-ignore format: a table
  const ops: Line[] = [
    ...([['arno', `/link ${key} us:${n}`], ['arno', `/done ${key}`], ['lea', `/link ${key} us:${n} #${n}`]] as const),
    ...([['lea', `/done ${key}`], ['dave', `/docs ${key} https://docs.example.org/${n}`], ['dave', `/handover ${key} ops`]] as const),
  ]; // biome-ignore format: a table
  for (const [as, text] of until === 'ranked' ? ranked : [...ranked, ...ops]) await must(world, as, text);
  return key;
}

async function must(world: Prepared, as: string, text: string, here = false): Promise<Answer> {
  const answer = await world.say(as, text, here);
  if (!answer.ok) throw new Error(`${as} ${text}: ${answer.text}`);
  return answer;
}

const about = (as: string, name: string, rest = '', more: Partial<Spoken> = {}): Spoken => ({
  as,
  words: `${name} ${rest}`.trim(),
  ...more,
});

/** A command about an item, of which a form asks for the rest. */
const asked = (as: string, name: string, key: string, values: Readonly<Record<string, string>>): Spoken =>
  about(as, name, [key, ...Object.values(values)].join(' '), { form: { on: key, values } });

const titled = (as: string, name: string, title: string): Spoken =>
  about(as, name, title, { form: { on: '', values: { title } } });

const bug = async (world: Prepared): Promise<string> =>
  /baton#\d+/.exec((await must(world, 'quinn', `/bug minor A typo ${world.next()}`)).text)?.[0] ?? '';
const alert = async (world: Prepared): Promise<string> =>
  (await must(world, 'sam', `/alert critical The site ${world.next()} is down`)).key ?? '';

export const SITUATIONS: Readonly<Record<string, Situation>> = {
  abstain: async (world) => about('sue', 'abstain', await item(world, 'service')),
  accept: async (world) => about('dave', 'accept', await product(world, 'implement')),
  ack: async (world) => about('olga', 'ack', `${await alert(world)} the disk is full`),
  agenda: () => about('sam', 'agenda'),
  alert: () => about('sam', 'alert', 'critical The site is down', { form: { on: '', values: { severity: 'critical', 'ref-or-title': 'The site is down' } } }),
  announce: async (world) => asked('mia', 'announce', await product(world, 'ranked'), { text: 'The new page goes live' }),
  approve: async (world) => about('sam', 'approve', `${await item(world, 'service')} well said`),
  bind: async (world) => {
    const key = await item(world, 'service');
    return about('sam', 'bind', key, { only: 'chat', form: { on: '', values: { key } } });
  },
  board: () => about('sam', 'board', 'service'),
  bug: () => about('quinn', 'bug', 'minor A typo on the page', { form: { on: '', values: { severity: 'minor', title: 'A typo on the page' } } }),
  call: () => about('sam', 'call', 'plan Tue 14:00', { form: { on: '', values: { act: 'plan', when: 'Tue 14:00' } } }),
  circle: async (world) => asked('pia', 'circle', await product(world, 'ranked'), { circle: 'create' }),
  close: async (world) => {
    const ref = await bug(world);
    return about('dave', 'close', ref, { form: { on: '', values: { ref } } });
  },
  credentials: async (world) => about('olga', 'credentials', await item(world, 'service')),
  docs: async (world) => asked('dave', 'docs', await product(world, 'implement'), { url: 'https://docs.example.org/new' }),
  done: async (world) => about('arno', 'done', await service(world, 'ranked').then(async (key) => {
    await must(world, 'arno', `/link ${key} us:${world.next()}`);
    return key;
  })),
  drop: async (world) => asked('sam', 'drop', await item(world, 'service'), { reason: 'it was cancelled' }),
  env: async (world) => {
    const key = await item(world, 'web', 'mia');
    return about('mia', 'env', `request staging ${key}`, {
      button: { on: key, args: 'request staging' },
      form: { on: '', values: { act: 'request', env: 'staging', key } },
    });
  },
  escalate: async (world) => asked('dave', 'escalate', await product(world, 'implement'), { reason: 'nobody answers' }),
  fail: async (world) => {
    const key = await product(world, 'qa');
    return asked('quinn', 'fail', key, { ref: await bug(world), note: 'the login does not work' });
  },
  feature: () => titled('sam', 'feature', 'Export the board as a table'),
  feedback: () => titled('sam', 'feedback', 'The new page is hard to find'),
  freeze: () => about('olga', 'freeze', 'declare 2026-12-24 2026-12-25 holidays', { form: { on: 'declare', values: { from: '2026-12-24', until: '2026-12-25', reason: 'holidays' } } }),
  handover: async (world) => asked('dave', 'handover', await product(world, 'released'), { team: 'qa', note: 'all tests are green' }),
  help: () => about('sam', 'help', 'handover'),
  history: async (world) => about('sam', 'history', await item(world, 'service')),
  iam: async (world) => {
    const secret = /\b[A-Z2-9]{4}-[A-Z2-9]{4}\b/.exec((await must(world, 'tom', '/link-account')).text)?.[0] ?? '';
    return about('zed', 'iam', secret, { only: 'private' });
  },
  invite: async (world) => about('lea', 'invite', await product(world, 'passed')),
  join: async (world) => about('yan', 'join', await product(world, 'invited'), { only: 'private' }),
  leave: async (world) => {
    const key = await product(world, 'invited');
    await must(world, world.account('yan'), `/join ${key}`);
    return about('yan', 'leave', key, { only: 'private' });
  },
  link: async (world) => asked('lea', 'link', await product(world, 'stories'), { ref: `#${world.next()}` }),
  'link-account': () => about('sam', 'link-account', '', { only: 'private' }),
  mail: () => about('sam', 'mail', 'digests'),
  mine: () => about('sam', 'mine'),
  monitor: async (world) => asked('dave', 'monitor', await product(world, 'implement'), { url: 'https://docs.example.org/monitor' }),
  object: async (world) => asked('sue', 'object', await product(world, 'ranked'), { reason: 'the budget comes first' }),
  oncall: () => about('omar', 'oncall', 'swap olga 2026-11-28', { button: { on: '', args: 'swap olga 2026-11-28' } }),
  pass: async (world) => about('quinn', 'pass', `${await product(world, 'qa')} every case is green`),
  person: (world) => {
    const id = `zoe${world.next()}`;
    return about('ada', 'person', `add ${id} Zoe`, { form: { on: 'add', values: { id, name: 'Zoe' } } });
  },
  prioritise: async (world) => {
    const key = await product(world, 'agreed');
    return about('sam', 'prioritise', `${key} 1 owner pia`, { form: { on: key, values: { rank: '1', owner: 'pia' } } });
  },
  propose: () => about('bea', 'propose', 'service Faster backups', { form: { on: '', values: { kind: 'service', title: 'Faster backups' } } }),
  reject: async (world) => asked('sam', 'reject', await item(world, 'service'), { reason: 'the texts are not ready' }),
  release: async (world) => asked('dave', 'release', await product(world, 'implement'), { env: 'testnet', version: 'v1' }),
  remind: async (world) => {
    const key = await product(world, 'implement');
    await must(world, 'olga', '/freeze declare 2026-11-23 2026-11-23 a move of servers');
    return about('dave', 'remind', key);
  },
  reopen: async (world) => {
    const ref = await bug(world);
    await must(world, 'dave', `/close ${ref}`);
    return about('dave', 'reopen', ref, { form: { on: '', values: { ref } } });
  },
  resolve: async (world) => about('olga', 'resolve', `${await alert(world)} the disk was full`),
  return: async (world) => asked('olga', 'return', await service(world, 'ops'), { ref: `#${world.next()}`, reason: 'the package does not start' }),
  role: () => about('ada', 'role', 'grant qa tom', { form: { on: 'grant', values: { role: 'qa', person: 'tom' } } }),
  rules: () => about('sam', 'rules', 'R2'),
  skip: async (world) => asked('lea', 'skip', await product(world, 'invited'), { reason: 'it is a library' }),
  status: async (world) => about('sam', 'status', await item(world, 'service')),
  story: () => titled('sam', 'story', 'As a tester I see what changed'),
  unbind: async (world) => {
    await world.say('sam', `/bind ${await item(world, 'service')}`, true);
    return about('sam', 'unbind', '', { only: 'chat' });
  },
  unlink: async (world) => {
    const key = await product(world, 'stories');
    const ref = `#${world.next()}`;
    await must(world, 'lea', `/link ${key} ${ref}`);
    return asked('lea', 'unlink', key, { ref });
  },
  urgent: async (world) => asked('bea', 'urgent', await product(world, 'ranked'), { title: 'The form sends nothing' }),
  web: () => about('sam', 'web', '', { only: 'private' }),
  whoami: () => about('sam', 'whoami'),
  why: async (world) => about('sam', 'why', await item(world, 'service')),
}; // biome-ignore format: a table
