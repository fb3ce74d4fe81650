import { nobodyReached, pageRefused } from '../../src/core/alerting.ts';
import { deployed } from '../../src/core/deployed.ts';
import { approvalRefused, deploymentAsked, withdrawApproval } from '../../src/core/deploying.ts';
import type { Draft } from '../../src/core/draft.ts';
import type { ForgeNews } from '../../src/core/forge-news.ts';
import { homeOf } from '../../src/core/home.ts';
import { follow, type TrackerNews } from '../../src/core/incoming.ts';
import { showLive } from '../../src/core/live.ts';
import { circleMade, circleNotMade, made, notMade, turned } from '../../src/core/made.ts';
import type { Message } from '../../src/core/message.ts';
import type { Role } from '../../src/core/organisation.ts';
import { readRoster } from '../../src/core/roster.ts';
import type { StreamType } from '../../src/core/streams.ts';
import { recordTaken, type Taken } from '../../src/core/system.ts';
import { type OnForges, onForges } from './on-forges.ts';
import { same, show } from './pictures.ts';
import { catalogue, createStage, type Stage } from './stage.ts';

/**
 * Conversations in which platforms have their say, to the letter: beside what is answered and told also what is ordered of
 * the platforms, and what of the state has changed.
 *
 * `who: words` is said, `? who: words` only asked, `@moment` passes; `NEWS {…}` is what a platform tells.
 */

type Deployed = Extract<ForgeNews, { news: 'deployed' }>;

const DEPLOYED: Deployed = {
  news: 'deployed',
  repository: 'example/web',
  environment: 'production',
  sha: 'c0ffee1234567890c0ffee1234567890c0ffee12',
  version: 'v1',
  by: 'olga-gh',
  url: undefined,
};

const lastAsked = (stage: Stage): string =>
  stage
    .states()
    .findLast(([name]) => name.startsWith('deployment/'))?.[0]
    .replace('deployment/', '') ?? '';

type Asked = Extract<ForgeNews, { news: 'deployment-asked' }>;
const ASKED: Asked = {
  news: 'deployment-asked',
  repository: 'example/web',
  environment: 'production',
  callback: 'https://api.github.com/repos/example/web/actions/runs/7/deployment_protection_rule',
  sha: DEPLOYED.sha,
  version: 'v1',
  by: 'olga-gh',
};

/** What a platform tells, by its first word. */
const NEWS: Readonly<Record<string, (draft: Draft, of: never) => void>> = {
  asks: (draft, of: Partial<Asked>) => deploymentAsked(draft, { ...ASKED, ...of }),
  deployed: (draft, of: Partial<Deployed>) => deployed(draft, { ...DEPLOYED, ...of }),
  tells: (draft, of: Partial<TrackerNews> & { ref: string }) =>
    follow(draft, { kind: 'issue', platform: 'github', ...of }),
  refuses: (draft, of: { id: string; why: string }) => approvalRefused(draft, of.id, of.why),
  withdraws: (draft, of: { id: string }) => withdrawApproval(draft, of.id),
  made: (draft, of: { of: string; ref: string }) => made(draft, of.of, of.ref),
  notMade: (draft, of: { of: string; why: string }) => notMade(draft, of.of, of.why),
  turned: (draft, of: { ref: string; to: 'open' | 'closed' }) => turned(draft, of.ref, of.to),
  circleMade: (draft, of: { key: string; slug: string }) => circleMade(draft, of.key, of.slug),
  circleNotMade: (draft, of: { key: string; why: string }) => circleNotMade(draft, of.key, of.why),
  pageRefused: (draft, of: { key: string; person: string }) => pageRefused(draft, of.key, of.person),
  nobodyReached: (draft, of: { person: string }) => nobodyReached(draft, of.person),
  taken: (draft, of: Taken) => recordTaken(draft, of),
  restarts: (draft, of: { without?: readonly string[]; roles?: Readonly<Record<string, Role[]>> }) => {
    const people = draft.organisation.people
      .filter(({ id }) => of.without?.includes(id) !== true)
      .map((person) => ({ ...person, roles: of.roles?.[person.id] ?? person.roles }));
    readRoster({ ...draft, organisation: { ...draft.organisation, people } });
  },
};

/** Counts that rise with whatever is done. */
const UNSEEN: ReadonlySet<string> = new Set(['version', 'changes', 'key', 'id', 'ref']);

/** What has happened since it was asked last, and the fields that are different by it. */
function changesOf(stage: Stage): () => string[] {
  let before = new Map(stage.states());
  const told = new Map<string, number>();
  const happened = (name: string): string[] => {
    const [type = '', ...id] = name.split('/');
    const events = stage.world().history(type as StreamType, id.join('/'));
    const fresh = events.slice(told.get(name) ?? 0);
    told.set(name, events.length);
    return fresh.map((event) => `  + ${name} ${event.type}, by ${event.actor}:${plainly(event.data as object)}`);
  };
  for (const [name] of before) happened(name);
  return () => {
    const after = stage.states();
    const changed = after.flatMap(([name, state]) => {
      const [old, now] = [before.get(name), state].map((each) => Object.entries(each ?? {}));
      const was = new Map(old?.map(([field, value]) => [field, JSON.stringify(value)]));
      const fields = (now ?? []).flatMap(([field, value]) =>
        UNSEEN.has(field) || was.get(field) === JSON.stringify(value) ? [] : [`${field} ${JSON.stringify(value)}`],
      );
      return [...happened(name), ...(fields.length === 0 ? [] : [`  = ${name}: ${fields.join(', ')}`])];
    });
    before = new Map(after);
    return changed;
  };
}

const plainly = (value: object): string => (Object.keys(value).length === 0 ? '' : ` ${JSON.stringify(value)}`);

const sent = ({ to, kind, text, ...more }: Message): string =>
  `  to ${Object.values(to).join(' ')} (${kind})${plainly(more)}: ${show(text)}`;

/** `who: words`; `who@telegram/general: words` where it is said there, with `!` where a button is pressed. */
const LINE = /^([\w:-]+)(?:@(\w+)(?:\/([^!:]+))?)?(!)?: (.*)$/;

/** What one line brings about; what it asks, tells or says comes first. */
function happens(stage: Stage, line: string): string[] {
  const [, word = '', of = '{}'] = /^(\w+) (\{.*\})$/.exec(line) ?? [];
  const news = NEWS[word];
  const facts = { id: lastAsked(stage), ...(JSON.parse(of) as object) };
  if (news !== undefined) stage.act((draft) => news(draft, facts as never));
  if (line.startsWith('@')) stage.moveTo(line.slice(1));
  const [, who = '', via, place = null, pressed, words = ''] = LINE.exec(line) ?? [];
  if (who === '' || line.startsWith('@')) return [];
  const there = { ...(via === undefined ? {} : { via }), place, pressed: pressed !== undefined };
  const { code, text, ok, ...more } = stage.say(who, words, there).outcome;
  return [`  ${code}${ok ? '' : '!'}${plainly(more)}: ${show(text)}`];
}

function played(stage: Stage, script: string): string[] {
  const changes = changesOf(stage);
  return script.split('\n').flatMap((each) => {
    const line = each.trim();
    if (line === '') return [];
    const [, asked, question = ''] = /^\? (\w+): (.*)$/.exec(line) ?? [];
    if (asked !== undefined) return [line, `  ${show(stage.ask(asked, question).outcome.text)}`];
    const [orders, messages] = [stage.orders.length, stage.messages.length];
    const timers = new Map([...stage.timers].map(([key, { due }]) => [key, due]));
    const answer = happens(stage, line);
    const started = [...stage.timers.values()].filter(({ key, due }) => timers.get(key) !== due);
    const ended = [...timers.keys()].filter((key) => !stage.timers.has(key));
    return [
      line,
      ...answer,
      ...stage.messages.slice(messages).map(sent),
      ...stage.orders.slice(orders).map((order) => `  > ${JSON.stringify(order)}`),
      ...changes(),
      ...started.map(({ key, due, run }) => `  until ${new Date(due).toISOString()}: ${key} ${JSON.stringify(run)}`),
      ...ended.map((key) => `  ended: ${key}`),
    ];
  });
}

/** What everybody finds who looks at the end, and what the messages show by then that change. */
function atLast(stage: Stage): string[] {
  const world = stage.world();
  const homes = Map.groupBy(stage.organisation.people, ({ id }) =>
    homeOf(world, catalogue, id)
      .map(({ title, nodes }) => `  ${title}: ${show(nodes)}`)
      .join('\n'),
  );
  const shown = stage.messages.flatMap(({ live }) => (live === undefined ? [] : (showLive(world, live) ?? [])));
  const lives = shown.map(({ done, text }) => `  ${done ? 'at last' : 'by now'}: ${show(text)}`);
  return [
    ...[...homes].flatMap(([home, people]) => [`# ${people.map(({ id }) => id).join(', ')}`, home]),
    ...['# messages', ...new Set(lives)],
  ];
}

/** A process is known by the digest of its text, which is none of this. */
const withoutDigests = (line: string): string => line.replaceAll(/\b[0-9a-f]{12}"/g, '…"');

const fileOf = (name: string): string => name.replaceAll(/\W+/g, '-');

/** Plays a script with GitHub and Circles connected, and compares it with its picture. */
export function samePlayed(
  name: string,
  script: string,
  prepare: (on: OnForges) => void = () => undefined,
  organisation?: string,
): void {
  const on = onForges(organisation);
  prepare(on);
  same(fileOf(name), [...played(on.stage, script).map(withoutDigests), ...atLast(on.stage)]);
}

/** The same where everything is kept in the embedded tracker; of what came before nothing is shown. */
export function sameAlone(name: string, script: string, before = '', organisation?: string): void {
  const stage = createStage(organisation);
  stage.play(before);
  same(fileOf(name), [...played(stage, script).map(withoutDigests), ...atLast(stage)]);
}
