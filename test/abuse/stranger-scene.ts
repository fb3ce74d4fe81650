import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import type { Organisation, Person } from '../../src/core/organisation.ts';
import { everyCommand } from '../core/stage.ts';
import { ORGANISATION } from '../faults/rig.ts';
import { createWhole, type Whole, type WholeOptions } from '../support/whole-bot.ts';
import { type Canary, findCanaries, linesOfKey } from './canaries.ts';

/** A whole bot whose every word is a canary, and strangers around it. */

export const STRANGERS = Array.from({ length: 32 }, (_, at) => `mallory${at}`);
/** Belonged to the organisation, with the most that it gives, and were taken out of it. */
export const GONE = Array.from({ length: 32 }, (_, at) => `gone${at}`);

/** In every word of the organisation, and long enough to be found however it is written. */
const MARK = 'kx9-nobodys-business';
const LEFT: Pick<Person, 'roles'> = { roles: ['ops', 'admin', 'stakeholder'] };
const FILE: Organisation = {
  ...ORGANISATION,
  organisation: `${MARK}-organisation`,
  people: [
    ...ORGANISATION.people,
    ...GONE.map((id, at) => ({ ...LEFT, id, telegram: 9_500 + at, slack: `U0GONE${at}` })),
  ].map((person) => ({
    ...person,
    name: `${MARK}-name-of-${person.id}`,
    email: `${MARK}-${person.id}@inside.example`,
  })),
  chats: [...ORGANISATION.chats, { name: `${MARK}-vault`, team: 'developer', watch_mentions: false }],
  github: { ...ORGANISATION.github, repositories: ['example/grid', `example/${MARK}-hidden`] },
};

/** What the organisation does before anybody strange comes by: each line leaves words that are nobody else's business. */
const STORY: readonly (readonly [string, string])[] = [
  ['sam', '/call open'],
  ['bea', `/propose product ${MARK}-product`],
  ['mia', `/propose web ${MARK}-campaign`],
  ['bea', `/propose service ${MARK}-service`],
  ['bea', `/propose project ${MARK}-project`],
  ['mia', `/link WEB-1 https://cryptpad.example.org/${MARK}-pad`],
  ['sam', '/approve WEB-1'],
  ['sue', '/approve WEB-1'],
  ['sam', '/prioritise WEB-1 1'],
  ['bea', `/link PROD-1 example/${MARK}-hidden#1`],
  ['sam', '/approve PROD-1'],
  ['sam', `/drop PRJ-1 ${MARK}-reason`],
  ['dave', `/bug minor WEB-1 ${MARK}-bug`],
  ['pia', `/story WEB-1 ${MARK}-story`],
  ['pia', `/feedback WEB-1 ${MARK}-feedback`],
  ['dave', `/alert major ${MARK}-alert`],
  ['olga', `/ack ALERT-1 ${MARK}-note`],
  ['olga', `/resolve ALERT-1 ${MARK}-note`],
  ['mia', `/announce WEB-1 by 2026-12-20 ${MARK}-announcement`],
  ['olga', `/freeze declare 2026-12-24 2026-12-27 ${MARK}-feast`],
];

/** Everything that a stranger could name: what there is, of every sort, and what there is not. */
export const TARGETS = [
  'PROD-1', 'WEB-1', 'SVC-1', 'PRJ-1', 'PROD-99', 'ALERT-1', 'ANN-1', 'FREEZE-1', 'example/grid#1', '#1', 'us:1', 'issue:2',
  'keeper-grid/us:1', 'olga',
] as const; // biome-ignore format: a list

/** Every command, also under its other names: bare, as its examples have it, and with everything that there is to name. */
export const LINES: readonly string[] = [
  ...new Set(
    everyCommand.flatMap(({ name, aliases = [], examples }) => {
      const tail = examples[0].split(' ').slice(2).join(' ');
      const asShown = examples.map((line) => line.replaceAll(/\b(?:PROD|SVC|PRJ)-\d+\b/g, 'WEB-1'));
      const named = TARGETS.map((target) => `/${name} ${target} ${tail}`.trim());
      return [`/${name}`, ...aliases.map((alias) => `/${alias} WEB-1`), ...asShown, ...named];
    }),
  ),
];

export interface Closed {
  readonly whole: Whole;
  readonly canaries: readonly Canary[];
  /** All that the state is made of, table by table: without what only says that something came in, and was answered. */
  digest(): Readonly<Record<string, string>>;
  /** Everything that the bot has said to anybody since it was last asked, with to whom. */
  heard(): readonly Heard[];
  /** Nothing of what came back holds a canary. */
  check(what: string, came: readonly string[]): void;
}

interface Heard {
  readonly to: string;
  readonly text: string;
}

export async function fullOfCanaries(options: Pick<WholeOptions, 'chats'> = {}): Promise<Closed> {
  const whole = await createWhole({ organisation: FILE, strangers: STRANGERS, ...options });
  const { engine, secrets, path } = whole.bot();
  const say = (as: string, text: string) => engine.handle({ as, via: 'web', place: null, text, pressed: false });
  for (const id of GONE) expect((await say('ada', `/person remove ${id}`)).ok).toBe(true);
  const hidden = whole.github.repo(`example/${MARK}-hidden`);
  whole.github.open(hidden, whole.github.user('lea-gh'), { title: `${MARK}-issue`, body: `${MARK}-text` });
  for (const [as, text] of STORY) {
    const { ok, text: answer } = await say(as, text);
    expect([text, ok, answer]).toEqual([text, true, answer]);
  }
  await whole.settled();
  await whole.reconcile();
  await whole.settled();
  const canaries: readonly Canary[] = [
    { name: 'words of the organisation', text: MARK },
    { name: 'what is in Gitea', text: whole.canary },
    ...Object.entries(secrets).flatMap(([name, text]) =>
      name === 'githubKey' ? linesOfKey(name, text) : [{ name, text }],
    ),
  ];
  // Short ones would be found in half of all base64: as they are, and as words, is enough.
  const accounts = whole.organisation.people
    .filter(({ id }) => !GONE.includes(id))
    .flatMap(({ id, slack, telegram }) => [`${id}_tg`, String(slack), `telegram:${telegram}`]);
  const isAccount = new RegExp(`\\b(?:${accounts.join('|')})\\b`);
  const begun = mouths(whole).map((mouth) => mouth().length);
  return {
    whole,
    canaries,
    digest: () => digestOf(path),
    heard: () =>
      mouths(whole).flatMap((mouth, at) => {
        const said = mouth();
        const from = begun[at] ?? 0;
        begun[at] = said.length;
        return said.slice(from);
      }),
    check: (what, came) => {
      const all = came.join('\n');
      expect(findCanaries(what, all, canaries)).toEqual([]);
      expect([what, came.find((each) => isAccount.test(each))]).toEqual([what, undefined]);
    },
  };
}

/** What leaves the bot, platform by platform. Who it is for stands beside the words; a token is its platform's own. */
const mouths = ({ stage, github, circles, smtp }: Whole): readonly (() => readonly Heard[])[] => [
  () =>
    stage.telegram.calls
      .filter(({ method }) => method !== 'getUpdates')
      .map(({ method, params }) => ({
        to: params.chat_id === undefined ? method : `telegram:${aloneTo(params) ?? params.chat_id}`,
        text: JSON.stringify(params),
      })),
  () =>
    stage.slack.calls.map(({ method, args }) => ({
      to: `slack:${String(args.user ?? args.users ?? args.channel ?? args.user_id ?? args.response_type ?? method)}`,
      text: JSON.stringify({ ...args, token: undefined }),
    })),
  () => github.calls.map(({ route, body }) => ({ to: route, text: JSON.stringify(body) })),
  () => circles.peer.seen.map(({ method, path }) => ({ to: `${method} ${path}`, text: '' })),
  () => smtp.mails.map((mail) => ({ to: 'mail', text: JSON.stringify(mail) })),
];

/** Who alone is shown it, in a chat of many. */
const aloneTo = ({ ephemeral_message_parameters: only }: Readonly<Record<string, unknown>>): unknown =>
  typeof only === 'object' && only !== null && 'receiver_user_id' in only ? only.receiver_user_id : undefined;

const TABLES = ['events', 'states', 'mirrors', 'timers', 'processes', 'posts where live is not null'];

function digestOf(path: string): Readonly<Record<string, string>> {
  const db = new Database(path, { readonly: true });
  try {
    return Object.fromEntries(
      TABLES.map((table) => {
        const hash = createHash('sha256');
        for (const row of db.prepare(`select * from ${table}`).iterate()) hash.update(JSON.stringify(row));
        return [table, hash.digest('hex')];
      }),
    );
  } finally {
    db.close();
  }
}

/** Is this said to nobody but those who do not belong? */
export const isStrange = (to: string): boolean =>
  /^telegram:(?:9[05]\d\d|-7777)$|^slack:(?:U0STRANGER|U0GONE|U0OTHER|D|ephemeral$|views\.open$)|^answerCallbackQuery$/.test(
    to,
  );
