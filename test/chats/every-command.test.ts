import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCommands } from '../../src/catalogue.ts';
import type { Input } from '../../src/core/decide.ts';
import type { Answer } from '../../src/shell/engine.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { type ChatBot, startChatBot } from '../support/chat-bot.ts';
import { linesOf, wordsOf } from '../support/over-chats.ts';
import { TRANSCRIPTS } from '../support/simulator.ts';
import { createStage, type Stage } from '../support/stage.ts';
import { type Prepared, SITUATIONS } from './situations.ts';
import { buttonOf, CHAT, type Rig, until, WAYS, type Way, withAccounts } from './ways.ts';

/**
 * Every command that `/help` lists, from every way in: it is carried out, by the one who said it, where they said it, and
 * its answer is read there by whom it is for.
 */

const { commands } = await loadCommands();
const names = [...new Set([...commands.values()].map(({ name }) => name))].sort();

test('there is a situation for every command', () => {
  expect(Object.keys(SITUATIONS).sort()).toEqual(names);
});

describe.each(WAYS)('$name', (way) => {
  let stage: Stage;
  let bot: ChatBot;
  let thread = '';
  let number = 0;
  const heard: { input: Input; answer: Answer }[] = [];
  const next = (): number => {
    number += 1;
    return number;
  };
  beforeAll(async () => {
    const read = readOrganisation(join(TRANSCRIPTS, 'organisation.yaml'));
    if ('problems' in read) throw new Error(read.problems.join('\n'));
    stage = await createStage(read.organisation, ['zed', 'yan']);
    bot = await startChatBot({
      organisation: stage.organisation,
      clock: { now: () => Date.parse('2026-11-23T10:00:00+01:00') },
      unhurried: true,
      ...(way.platform === 'telegram' ? { telegram: { peer: stage.telegram, mode: 'polling' as const } } : {}),
      ...(way.platform === 'slack' ? { slack: { peer: stage.slack, mode: 'socket' as const } } : {}),
      onAnswer: (input, answer) => heard.push({ input, answer }),
    });
    await until(() => expect(bot.chats.states().map(({ is }) => is)).toEqual(['connected']));
    thread = stage.onSlack('olga').say(stage.slackChannel(CHAT), 'About this').ts;
    await bot.engine.handle({ as: 'sam', via: 'web', place: null, text: '/call open', pressed: false });
  });
  afterAll(async () => {
    await bot.stop();
    await stage.close();
  });

  const threadHere = () => (way.name.endsWith('thread') ? { thread } : {});
  const prepared = (): Prepared => ({
    next,
    account: (id) => stage.accountOf(way.platform, id),
    say: (as, text, here = false) => {
      const via = as.includes(':') ? way.platform : 'web';
      const place = here ? way.place({ as, words: '' }) : null;
      return bot.engine.handle({ as, via, place, ...(here ? threadHere() : {}), text, pressed: false });
    },
  });

  test('help lists them all', async () => {
    const { text } = await prepared().say('ada', '/help');
    expect(names.filter((name) => !text.includes(`/${name}`))).toEqual([]);
  });

  test.each(names)('/%s', async (name) => {
    const spoken = await (SITUATIONS[name] ?? (() => Promise.reject(new Error('no situation'))))(prepared());
    const rig: Rig = { stage, bot, thread, next };
    const before = heard.length;
    const account = stage.accountOf(way.platform, spoken.as);
    const look = await way.say(rig, spoken);
    const line = lineOf(way, stage, spoken);
    const found = () => heard.slice(before).find(({ input }) => input.as === account && input.text === line);
    await until(() =>
      expect(found(), `${line} among ${heard.slice(before).map(({ input }) => input.text)}`).toBeDefined(),
    );
    const { input, answer } = found() ?? { input: undefined, answer: undefined };
    const place = way.place(spoken);
    expect(input).toMatchObject({ as: account, via: way.platform, place, pressed: way.pressed });
    expect(input?.thread).toBe(threadHere().thread);
    expect([answer?.text, answer?.ok]).toEqual([answer?.text, isPossible(spoken.only, place, way.pressed, name)]);
    const isPersonal = commands.get(name)?.personal === true;
    const by = way.isPublic && answer?.ok === true && !isPersonal ? 'all' : 'one';
    const wanted = linesOf(bot.engine.policies.wayIn?.reveal(answer?.nodes ?? []) ?? answer?.nodes ?? []);
    await until(() => {
      const seen = look()
        .filter((each) => each.by === by)
        .map(({ text }) => wordsOf(text));
      expect(
        seen.some((text) => wanted.every((each) => text.includes(each))),
        `${wanted} in ${JSON.stringify(look())}`,
      ).toBe(true);
    });
    // Nothing that is for one alone is read by the others.
    if (by === 'one')
      expect(
        look().filter((each) => each.by === 'all' && wanted.every((line) => wordsOf(each.text).includes(line))),
      ).toEqual([]);
    await undo(name);
  });

  /** What would be in the way of the commands after it. */
  async function undo(name: string): Promise<void> {
    const { say } = prepared();
    if (name === 'bind') await say('sam', '/unbind', true);
    const freezes = /FREEZE-\d+/.exec((await say('olga', '/freeze')).text);
    if (name === 'remind' && freezes !== null) await say('olga', `/freeze lift ${freezes[0]}`);
  }
});

function lineOf(way: Way, stage: Stage, spoken: Parameters<Way['say']>[1]): string {
  if (way.name === 'Slack modal' && spoken.form !== undefined) return `/${withAccounts(stage, spoken)}`;
  if (way.name === 'Slack modal') return spoken.words;
  if (way.pressed) {
    const { command, on, args } = buttonOf(spoken);
    return commands.get(command)?.press?.(on, args) ?? `/${command} ${on} ${args}`.trim();
  }
  return way.heard?.(spoken) ?? `/${spoken.words}`;
}

/** Some are only for private, some only for a chat; the invitation's button is pressed where it stands. */
function isPossible(
  only: 'private' | 'chat' | undefined,
  place: string | null,
  pressed: boolean,
  name: string,
): boolean {
  if (only === undefined || (pressed && /^(join|leave)$/.test(name))) return true;
  return (only === 'private') === (place === null);
}
