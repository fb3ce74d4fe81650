import { expect, test } from 'vitest';
import { decide, pagesToCheck } from '../../src/core/decide.ts';
import { toPlain } from '../../src/core/text.ts';
import { ORGANISATION } from '../faults/rig.ts';
import { tally } from '../support/tally.ts';
import { DRAWINGS, sceneAt, TESTER } from './matrix-scenes.ts';
import { type Closed, fullOfCanaries, GONE, isStrange, LINES, STRANGERS, TARGETS } from './stranger-scene.ts';

/** A stranger, wherever the bot can be spoken to, says and presses all that there is: nothing is told, and nothing changes. */

const ROW = 'a stranger in the chats';
const MINUTE = 61_000;
/** So many of one chat's strangers are listened to within a minute, and so many of all: more would be refused unheard. */
const HEARD_IN_A_CHAT = 85;
const HEARD = 850;

/** Says all the lines at one surface, never more at once than is listened to, and looks at all that came of it. */
async function everything(
  { whole, digest, heard, check }: Closed,
  surface: string,
  lines: readonly string[],
  say: (line: string, at: number) => unknown,
  most = HEARD,
): Promise<readonly string[]> {
  const before = digest();
  const came: string[] = [];
  heard();
  for (let from = 0; from < lines.length; from += most) {
    const said = await Promise.all(lines.slice(from, from + most).map((line, at) => say(line, from + at)));
    await whole.settled();
    const answers = heard();
    expect([surface, answers.find(({ to }) => !isStrange(to))]).toEqual([surface, undefined]);
    came.push(...answers.map(({ text }) => text), ...said.map((each) => JSON.stringify(each) ?? ''));
    await whole.advance(MINUTE);
  }
  check(surface, came);
  expect([surface, digest()]).toEqual([surface, before]);
  tally('bad input', ROW, lines.length);
  return came;
}

const turn = <T>(all: readonly T[], at: number): T => all[at % all.length] as T;
/** One of those who never belonged, and one of those who left, by turns; by other turns at every surface. */
const somebody = (at: number, surface: number): string => turn((at + surface) % 2 === 0 ? STRANGERS : GONE, at >> 1);

const WAY_IN = /I do not know you here/;

/** At each surface a part of them is said, so that each chat platform hears them all; the core hears them all from everyone, everywhere. */
const quarter = (surface: number): readonly string[] => LINES.filter((_, at) => at % 4 === surface % 4);

test('whatever is said on Telegram and on Slack, by whoever never belonged or has left: the way in, and nothing else', {
  timeout: 180_000,
}, async () => {
  const closed = await fullOfCanaries();
  const { stage, organisation } = closed.whole;
  const { slack, telegram } = stage;
  const inChats = HEARD_IN_A_CHAT * organisation.chats.length;
  const chatAt = (at: number) => turn(organisation.chats, at).name;

  const privately = await everything(closed, 'Telegram, in private', [...quarter(1), ...quarter(3)], (line, at) => {
    const who = stage.onTelegram(somebody(at, 0));
    who.say(who.private, line);
  });
  // They were listened to: else silence would prove nothing.
  expect(privately.filter((text) => WAY_IN.test(text)).length).toBeGreaterThan(LINES.length / 4);
  await everything(closed, 'Telegram, in the organisation’s chats', [...quarter(0), ...quarter(2)], (line, at) => {
    const { id, topic } = stage.telegramChat(chatAt(at));
    stage.onTelegram(somebody(at, 1)).say({ id, title: '', topics: {} }, line, topic === undefined ? {} : { topic });
  }, inChats);
  const links = quarter(1).flatMap((line) => /^[\w-]{1,64}$/.exec(line.slice(1).replaceAll(/\W+/g, '-'))?.[0] ?? []);
  const joins = TARGETS.flatMap((target) => ['join', 'iam', 'leave', 'web'].map((name) => `${name}-${target.replaceAll(/\W+/g, '-')}`));
  await everything(closed, 'Telegram, by a deep link', [...links, ...joins], (link, at) =>
    void stage.onTelegram(somebody(at, 0)).start(link));
  const own = telegram.group({ id: -7_777, title: 'Our own', members: STRANGERS.map(stage.onTelegram), bot: 'member' });
  await everything(closed, 'Telegram, in a chat of their own', quarter(2).slice(0, HEARD_IN_A_CHAT), (line, at) =>
    void stage.onTelegram(turn(STRANGERS, at)).say(own, line));

  await everything(closed, 'Slack, in private', quarter(3), (line, at) =>
    void stage.onSlack(somebody(at, 1)).dm(line.slice(1)));
  await everything(closed, 'Slack, by a mention', quarter(2), (line, at) =>
    void stage.onSlack(somebody(at, 0)).say(stage.slackChannel(chatAt(at)), `@baton ${line.slice(1)}`), inChats);
  const shown = await everything(closed, 'Slack, by a slash command', [...quarter(0), ...quarter(3)], (line, at) =>
    stage.onSlack(somebody(at, 1)).command(stage.slackChannel(chatAt(at)), '/baton', line.slice(1)), inChats);
  expect(shown.filter((text) => WAY_IN.test(text)).length).toBeGreaterThan(LINES.length / 4);
  const others = STRANGERS.map((name, at) => slack.user({ id: `U0OTHER${at}`, name, team: 'T0OTHER' }));
  await everything(closed, 'Slack, from another workspace', quarter(1), (line, at) => void turn(others, at).dm(line.slice(1)));
  expect(slack.oddities).toEqual([]);
}); // biome-ignore format: long lines

test('whatever is pressed, opened and sent off, and whatever is written on GitHub', { timeout: 180_000 }, async () => {
  const closed = await fullOfCanaries();
  const { stage, organisation, github } = closed.whole;
  const { slack, telegram } = stage;
  const chats = organisation.chats.map(({ name }) => name);

  // Every button of every card that stands in a chat which a stranger is in.
  const onTelegram = chats.flatMap((chat) => telegram.fromBot(stage.telegramChat(chat)).flatMap((card) =>
    card.keyboard.flat().flatMap(({ text, callback_data }) => (callback_data === undefined ? [] : [{ card, label: text }]))));
  const onSlack = chats.flatMap((chat) => slack.messages(stage.slackChannel(chat)).flatMap((card) =>
    card.only === undefined ? slack.buttons(card).map((label) => ({ card, label })) : []));
  expect([onTelegram.length, onSlack.length].every((count) => count > 4)).toBe(true);
  const pressed = await everything(closed, 'buttons on Telegram', onTelegram.map(({ label }) => label), (_, at) => {
    const { card, label } = turn(onTelegram, at);
    stage.onTelegram(somebody(at, 0)).press(card, label);
  });
  expect(pressed.filter((text) => WAY_IN.test(text)).length).toBeGreaterThan(0);
  await everything(closed, 'buttons on Slack', onSlack.map(({ label }) => label), (_, at) => {
    const { card, label } = turn(onSlack, at);
    // A button that is a link calls nobody.
    return stage.onSlack(somebody(at, 1)).press(card, label).catch(() => undefined);
  });

  // The form in which anything can be said, and those that are made from somebody's message.
  const busy = new Map<string, Promise<unknown>>();
  const inTurn = (who: string, go: () => Promise<unknown>): Promise<unknown> => {
    const done = (busy.get(who) ?? Promise.resolve()).then(go);
    busy.set(who, done);
    return done;
  };
  const forms = await everything(closed, 'Slack, in a form', quarter(0), (line, at) => {
    const who = somebody(at, 0);
    return inTurn(who, async () => {
      await stage.onSlack(who).shortcut('baton_say');
      const view = slack.view(stage.onSlack(who).id);
      return view && stage.onSlack(who).submit(view, { words: line.slice(1) });
    });
  });
  expect(forms.filter((text) => WAY_IN.test(text)).length).toBeGreaterThan(10);
  const cards = [...new Set(onSlack.map(({ card }) => card))];
  await everything(closed, 'Slack, a form from a message', cards.flatMap(() => ['baton_story', 'baton_bug', 'baton_form']), (callback, at) =>
    stage.onSlack(somebody(at, 1)).messageShortcut(turn(cards, at), callback));
  for (const who of STRANGERS) stage.onSlack(who).openHome();
  const homes = () => STRANGERS.flatMap((who) => slack.home(stage.onSlack(who).id) ?? []);
  await slack.waitFor(() => homes().length === STRANGERS.length, 20_000);
  closed.check('the home page', homes().map((view) => JSON.stringify(view.content)));

  const repository = github.repo('example/grid');
  const issue = repository.issues[0];
  if (issue === undefined) throw new Error('there is no issue to write at');
  await everything(closed, 'GitHub, a comment', quarter(1), (line, at) =>
    void github.comment(repository, issue, github.user(`mallory-gh-${at % 8}`), line));
}); // biome-ignore format: long lines

test('whoever asks, wherever, and whatever: the core itself says nothing and does nothing', async () => {
  const { whole, check, digest } = await fullOfCanaries();
  const { engine } = whole.bot();
  const before = digest();
  const world = engine.world();
  const chats = whole.organisation.chats.map(({ name }) => name);
  const places = [null, 'general', chats.at(-1) ?? '', 'telegram:-7777', 'example/grid#1'];
  const speakers = ['telegram:9001', 'slack:U0STRANGER0', 'slack:T0OTHER/U0OLGA', 'github:mallory', 'github:olga-gh-2', `telegram:9500`, 'slack:U0GONE0', GONE[0] ?? '', 'mallory', '', '__proto__'];
  const came: string[] = [];
  for (const as of speakers)
    for (const place of places)
      for (const text of LINES)
        for (const pressed of [false, true]) {
          const via = /^\w+(?=:)/.exec(as)?.[0] ?? 'web';
          const input = { as, via, place, text, pressed };
          // Neither what they name is asked for on their behalf.
          if (pagesToCheck(world, engine.catalogue, input).length > 0) throw new Error(`${as} has us look: ${text}`);
          const { outcome, draft } = decide(world, engine.catalogue, input);
          if (draft.happenings.length > 0 || (outcome.ok && outcome.code !== 'silent')) throw new Error(`${as} in ${place}: ${text} → ${outcome.code}`);
          // Their own account is told to everyone.
          came.push(toPlain(outcome.text).replaceAll(as, ''));
        }
  check('the core', [...new Set(came)]);
  // Whoever belongs is told, and that would be found.
  const { outcome } = decide(world, engine.catalogue, { as: 'sam', via: 'web', place: null, text: '/board', pressed: false });
  expect(() => check('the board', [toPlain(outcome.text)])).toThrow();
  expect(digest()).toEqual(before);
  expect(came.length).toBeGreaterThan(50_000);
  tally('bad input', ROW, came.length);
}); // biome-ignore format: long lines

const MINE = 'what-they-test';
const OTHERS = 'what-they-do-not-test';
/** What a tester may say, and what comes of it; whatever else they say is refused. */
const TESTERS_SAY: readonly string[] = ['help', 'status', 'bug', 'leave', 'join', 'iam'];

test('a tester hears of what they test its title, its step and its environments, and of nothing else anything', () => {
  const names = ORGANISATION.people.flatMap(({ name }) => name ?? []);
  const secret = new RegExp(`${OTHERS}|\\b(?:${names.join('|')})\\b|docs\\.example|cryptpad|@example`);
  let asked = 0;
  for (const drawing of DRAWINGS) {
    const { stage } = sceneAt({ ...drawing, proposes: drawing.proposes.replace(/(\/propose \S+) .*/, `$1 ${MINE}`) }, drawing.steps.length - 1);
    for (const kind of ['product', 'service', 'project']) stage.play(`bea: /propose ${kind} ${OTHERS}`);
    stage.play(`dave: /alert major ${OTHERS}\ndave: /bug minor ${drawing.key} ${OTHERS}`);
    const told = new Set<string>();
    for (const line of [...LINES, ...LINES.map((each) => each.replaceAll('WEB-1', drawing.key))]) {
      const { outcome } = stage.ask(TESTER, line);
      const text = toPlain(outcome.text);
      asked += 1;
      expect([line, secret.exec(text)?.[0]]).toEqual([line, undefined]);
      if (outcome.ok) expect([line, TESTERS_SAY]).toEqual([line, expect.arrayContaining([/^\/([\w-]+)/.exec(line)?.[1]])]);
      if (outcome.ok) told.add(outcome.code);
    }
    // Every line is asked of the same state: they could leave, and say what they found.
    expect([...told]).toEqual(expect.arrayContaining(['left', 'shown', 'logged']));
    expect(toPlain(stage.ask(TESTER, `/status ${drawing.key}`).outcome.text)).toContain(MINE);
  }
  tally('bad input', 'a tester who is curious', asked);
}); // biome-ignore format: long lines
