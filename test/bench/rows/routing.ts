import { createRequire } from 'node:module';
import { Bot } from 'grammy';
import { readUpdate } from '../../../adapters/telegram/inbound.ts';
import { identify, parse } from '../../../src/core/decide.ts';
import { placeOf } from '../../../src/shell/address.ts';
import { type Bench, type Compared, compare, type Row, rate, showBoth, showRatio } from '../harness.ts';
import { organisation, START } from '../workload.ts';
import { bare } from './pure.ts';

/** C5: from words to the command that they mean, in process and without a store, beside Hubot and grammY as they come. */

/** Hubot comes without types: what is used of it. */
interface Hubot {
  readonly Adapter: new () => object;
  readonly User: new (id: string, options: { readonly room: string }) => object;
  readonly TextMessage: new (user: object, text: string, id: string) => object;
  readonly Robot: new (
    adapter: object,
    httpd: boolean,
    name: string,
  ) => {
    hear(pattern: RegExp, callback: (response: { readonly match: RegExpMatchArray }) => void): void;
    receive(message: object): Promise<unknown>;
  };
}
const require = createRequire(import.meta.url);

const LISTENERS = 40;
const TIMES = 500;

/** Hubot with a listener for each command, which keeps the words that it was given. */
async function createHubot(names: readonly string[]) {
  process.env.HUBOT_LOG_LEVEL ??= 'silent';
  const { Adapter, Robot, TextMessage, User } = require('hubot') as Hubot;
  const robot = new Robot(new Adapter(), false, 'baton');
  let heard = 0;
  for (const name of names)
    robot.hear(new RegExp(`^/${name}(?:@baton)?(?:\\s+(.*))?$`, 'i'), ({ match }) => {
      if (typeof match[1] === 'string') heard += 1;
    });
  const user = new User('staff-1', { room: 'general' });
  return {
    heard: () => heard,
    receive: (text: string) => robot.receive(new TextMessage(user, text, '1')),
  };
}

function createGrammy(names: readonly string[]) {
  const bot = new Bot('1:bare', {
    botInfo: {
      id: 1, is_bot: true, first_name: 'Bare', username: 'bare_bot', can_join_groups: true,
      can_read_all_group_messages: true, supports_inline_queries: false, can_connect_to_business: false,
      has_main_web_app: false, has_topics_enabled: false, allows_users_to_create_topics: false,
    } as Bot['botInfo'], // biome-ignore format: a list
  });
  let heard = 0;
  for (const name of names)
    bot.command(name.replaceAll('-', '_'), (context) => {
      if (context.match !== '') heard += 1;
    });
  return { heard: () => heard, handle: (update: ReturnType<typeof updateOf>) => bot.handleUpdate(update) };
}

function updateOf(name: string, text: string, n: number) {
  return {
    update_id: n,
    message: {
      message_id: n,
      date: 1_790_000_000,
      from: { id: 1001, is_bot: false, first_name: 'Staff' },
      chat: { id: 1001, type: 'private' as const, first_name: 'Staff' },
      text,
      entities: [{ type: 'bot_command' as const, offset: 0, length: name.length + 1 }],
    },
  };
}

export const routing: Bench = {
  name: 'C5',
  run: () =>
    bare(async ({ engine, world }) => {
      const { catalogue } = engine;
      const names = [...new Set([...catalogue.commands.values()].map(({ name }) => name))].slice(0, LISTENERS);
      const texts = names.map((name) => `/${name} SVC-1 and the rest of it`);
      const updates = names.map((name, n) => updateOf(name, texts[n] ?? '', n));
      // grammY's commands are letters, digits and underscores.
      const theirs = names.map((name, n) =>
        updateOf(
          name,
          (texts[n] ?? '').replace(/^\S+/, (word) => word.replaceAll('-', '_')),
          n,
        ),
      );
      const scope = world(START, 'staff-1');
      const reader = { id: 1, username: 'baton_bot' };
      const hubot = await createHubot(names);
      const grammy = createGrammy(names);
      const count = TIMES * texts.length;
      const often = <T>(all: readonly T[], one: (each: T) => unknown) =>
        rate(count, async () => {
          for (let n = 0; n < TIMES; n += 1) for (const each of all) await one(each);
        });
      const route = (text: string) => {
        const found = { who: identify(scope, 'staff-1', 'web'), what: parse(catalogue, text) };
        if (typeof found.what === 'string') throw new Error(`${text} is no command`);
      };
      const read = (update: unknown) => {
        const incoming = readUpdate(update, reader);
        if (incoming?.sort !== 'said') throw new Error('that was said by nobody');
        const place = placeOf(organisation, incoming.address);
        const found = { who: identify(scope, incoming.account, 'telegram'), what: parse(catalogue, incoming.text) };
        if (typeof found.what === 'string' || place.listed) throw new Error(`${incoming.text} is no command`);
      };
      const one = await compare(
        () => often(texts, route),
        () => often(texts, hubot.receive),
      );
      const two = await compare(
        () => often(texts, route),
        () => often(theirs, grammy.handle),
      );
      const three = await compare(
        () => often(updates, read),
        () => often(theirs, grammy.handle),
      );
      if (hubot.heard() === 0 || 2 * hubot.heard() !== grammy.heard())
        throw new Error('a baseline did not hear everything');
      const what = `routing among ${engine.catalogue.commands.size} commands: who said it, which command, which words`;
      return [
        row('C5', `${what}; beside Hubot with ${names.length} listeners`, 1.5, one),
        row('C5-grammy', `the same beside grammY with ${names.length} commands`, 3, two),
        row('C5-update', 'the same from Telegram’s update on, which is checked and read first', undefined, three),
      ];
    }),
};

function row(id: string, what: string, least: number | undefined, compared: Compared): Row {
  const goal = least === undefined ? 'none' : `≥ ${least}×`;
  const met = least === undefined ? undefined : compared.median >= least;
  return { id, what, goal, measured: `${showRatio(compared)}: ${showBoth(compared, 'messages/s')}`, met };
}
