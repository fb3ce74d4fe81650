import { vi } from 'vitest';
import { readCircles } from '../../adapters/circles/inbound.ts';
import { readGithub } from '../../adapters/github/inbound.ts';
import type { Input } from '../../src/core/decide.ts';
import { wordsOfPress } from '../../src/core/decide.ts';
import { type Text, toPlain } from '../../src/core/text.ts';
import type { Answer, Engine } from '../../src/shell/engine.ts';
import type { EventRow } from '../../src/store/port.ts';
import { type ChatBot, startChatBot } from './chat-bot.ts';
import type { OutLine } from './simulator.ts';
import type { Stage } from './stage.ts';

/** Plays a transcript through a platform: people speak at the peer, and what they are answered is read there. */

interface Line {
  readonly at?: string;
  readonly as?: string;
  readonly say?: string;
  readonly in?: string;
  readonly press?: string;
  readonly on?: string;
  readonly args?: string;
  readonly event?: 'github' | 'circles';
  readonly name?: string;
  readonly payload?: unknown;
  readonly probe?: string;
  readonly answers?: number;
  readonly restart?: true;
  readonly dump?: string;
}

export interface PlayedOver {
  /** What was answered, line by line. */
  readonly answers: readonly Pick<OutLine, 'line' | 'ok' | 'code' | 'rule' | 'key' | 'text'>[];
  readonly events: readonly EventRow[];
  /** Answers that could not be read at the peer by the person who spoke. */
  readonly unseen: readonly string[];
}

export interface Speaking {
  readonly platform: 'telegram' | 'slack';
  readonly stage: Stage;
  readonly path: string;
}

/**
 * Without spaces, list marks and slashes: only the words count, wherever a platform puts its lines and however it spells
 * its commands (`/mine`, `/baton mine`, `mine`).
 */
export const wordsOf = (text: string): string =>
  text.replace(/(^|[\s([|])\/baton\s+/g, '$1').replace(/[\s•/\u2060\u2066-\u2069]+/g, '');

/** The lines of an answer without its buttons: each of them must be there to read. */
export const linesOf = (nodes: Text): string[] =>
  toPlain(nodes.map(withoutButtons))
    .split('\n')
    .map(wordsOf)
    .filter((line) => line !== '');

function withoutButtons(node: Text[number]): Text[number] {
  if (typeof node === 'string') return node;
  if (node.node === 'buttons') return '\n';
  return node.node === 'list' ? { ...node, rows: node.rows.map((row) => row.map(withoutButtons)) } : node;
}

export async function playOver(script: string, { platform, stage, path }: Speaking): Promise<PlayedOver> {
  let now = 0;
  const probes = new Map<string, number>();
  const heard: { input: Input; answer: Answer }[] = [];
  const clock = { now: () => now };
  const open = async (): Promise<ChatBot> => {
    const bot = await startChatBot({
      organisation: stage.organisation,
      path,
      clock,
      links: { check: async (url) => probes.get(url) ?? 200 },
      unhurried: true,
      ...(platform === 'telegram' ? { telegram: { peer: stage.telegram, mode: 'polling' as const } } : {}),
      ...(platform === 'slack' ? { slack: { peer: stage.slack, mode: 'socket' as const } } : {}),
      onAnswer: (input, answer) => heard.push({ input, answer }),
    });
    await vi.waitFor(() => {
      if (bot.chats.states().some(({ is }) => is !== 'connected')) throw new Error('not connected yet');
    }, 5_000);
    return bot;
  };
  let bot: ChatBot | undefined;
  const started = async (): Promise<ChatBot> => {
    if (bot !== undefined) return bot;
    bot = await open();
    // Everyone on Telegram has pressed Start: that is answered before the first line is said.
    const pressed = platform === 'telegram' ? stage.telegram.updates.length : 0;
    await vi.waitFor(() => {
      if (heard.length < pressed) throw new Error(`${heard.length} of ${pressed} were heard`);
    }, 20_000);
    return bot;
  };
  const answers: PlayedOver['answers'][number][] = [];
  const unseen: string[] = [];
  let code = '';
  const due = async (target: number): Promise<void> => {
    const { engine } = await started();
    for (let next = engine.nextDue(); next !== undefined && next <= target; next = engine.nextDue()) {
      now = Math.max(now, next);
      await engine.fireDue();
    }
    now = target;
  };

  for (const [number, text] of script.split('\n').entries()) {
    if (text.trim() === '') continue;
    const line = JSON.parse(text.replaceAll('{{code}}', code)) as Line;
    if (line.at !== undefined) {
      if (bot === undefined) now = Date.parse(line.at);
      await due(Date.parse(line.at));
    }
    if (line.probe !== undefined) probes.set(line.probe, line.answers ?? 200);
    const { engine } = await started();
    if (line.event !== undefined) await follow(engine, line, number);
    if (line.restart === true) {
      await bot?.stop();
      bot = await open();
    }
    const words =
      line.say ??
      (line.press === undefined
        ? undefined
        : wordsOfPress(engine.catalogue, line.press, line.on ?? '', line.args ?? ''));
    if (words === undefined || line.as === undefined) continue;
    // What is meant for another bot does not even reach the core.
    if (platform === 'telegram' && /^\/\w+@(?!baton)/.test(words)) {
      answers.push({ line: number + 1, ok: true, code: 'silent', text: '' });
      continue;
    }
    const before = heard.length;
    const viewOf = () => stage.slack.view(stage.onSlack(line.as ?? '').id)?.id;
    const viewBefore = viewOf();
    const look = speak(stage, platform, line, words, engine);
    const { answer } = await vi.waitFor(() => {
      const last = heard[before];
      if (last === undefined) throw new Error(`line ${number + 1} was not heard: ${text}`);
      return last;
    }, 5_000);
    await due(now);
    code = /Your code is (\S+)\./.exec(answer.text)?.[1] ?? code;
    const { ok, rule, key } = answer;
    answers.push({
      line: number + 1,
      ok,
      code: answer.code,
      ...(rule === undefined ? {} : { rule }),
      ...(key === undefined ? {} : { key }),
      text: answer.text,
    });
    if (answer.code === 'silent') continue;
    // What wants words gets a form in the place of an answer: a window on Slack, a question on Telegram.
    const hasForm = (shown: readonly string[]) =>
      platform === 'slack' ? viewOf() !== viewBefore : shown.some((each) => /Answer (this message|with)/.test(each));
    const missing = await vi
      .waitFor(() => {
        const shown = look();
        if (answer.code === 'usage' && hasForm(shown)) return;
        const wanted = linesOf(answer.nodes);
        if (!shown.some((each) => wanted.every((text) => wordsOf(each).includes(text))))
          throw new Error(shown.join('\n---\n'));
      }, 3_000)
      .then(
        () => undefined,
        (error: unknown) => `line ${number + 1} ${text}\nanswered: ${answer.text}\nseen: ${String(error)}`,
      );
    if (missing !== undefined) unseen.push(missing);
  }
  const events = (bot?.engine.store.events(0, 100_000) ?? []).slice();
  await bot?.stop();
  return { answers, events, unseen };
}

async function follow(engine: Engine, line: Line, number: number): Promise<void> {
  const news = line.event === 'github' ? readGithub(line.name ?? 'issues', line.payload) : readCircles(line.payload);
  await engine.follow(news, line.event ?? '', `over:${number}`);
}

/** Somebody speaks or presses; what comes back tells what they can read since then. */
function speak(
  stage: Stage,
  platform: Speaking['platform'],
  line: Line,
  words: string,
  engine: Engine,
): () => readonly string[] {
  if (platform === 'telegram') return speakOnTelegram(stage, line, words);
  const name = /^\/([a-z-]+)(?=\s|$)/.exec(words)?.[1] ?? '';
  return speakOnSlack(stage, line, words, engine.catalogue.commands.has(name));
}

function speakOnTelegram(
  { telegram, onTelegram, telegramChat }: Stage,
  line: Line,
  words: string,
): () => readonly string[] {
  const person = onTelegram(line.as ?? '');
  const chat = line.in === undefined ? undefined : telegramChat(line.in);
  const place = chat === undefined ? person.private : { id: chat.id, title: '', topics: {} };
  const seen = () => [...telegram.fromBot(place), ...telegram.fromBot(person.private)];
  const before = new Set(seen().map(({ chat: at, id, ephemeralId }) => `${at}/${id}/${ephemeralId}`));
  if (line.press !== undefined) {
    const label = { join: 'Join the test', approve: 'Approve', reject: 'Reject' }[line.press] ?? line.press;
    const card = telegram
      .fromBot(place)
      .findLast(
        ({ keyboard, text }) => text.includes(line.on ?? '') && keyboard.flat().some((button) => button.text === label),
      );
    if (card === undefined) throw new Error(`nothing there has the button ${label}`);
    const press = person.press(card, label);
    return () => [
      ...telegram.answersTo(press).map((answer) => answer.text ?? ''),
      ...telegram.fromBot(place).map(({ text }) => text),
      ...telegram.fromBot(person.private).map(({ text }) => text),
    ];
  }
  person.say(place, words, chat?.topic === undefined ? {} : { topic: chat.topic });
  // A long answer is in several messages.
  return () => {
    const fresh = seen().filter(({ chat: at, id, ephemeralId }) => !before.has(`${at}/${id}/${ephemeralId}`));
    return [...fresh.map(({ text }) => text), fresh.map(({ text }) => text).join('\n')];
  };
}

function speakOnSlack(
  { slack, onSlack, slackChannel }: Stage,
  line: Line,
  words: string,
  isCommand: boolean,
): () => readonly string[] {
  const person = onSlack(line.as ?? '');
  const channel = line.in === undefined ? person.direct : slackChannel(line.in);
  const outcome: string[] = [];
  const seen = () => [...person.sees(channel), ...person.sees(person.direct)];
  const before = new Set(seen().map((message) => message.ts));
  const fresh = () => {
    const texts = seen()
      .filter((message) => !before.has(message.ts) && message.user !== person.id)
      .map((message) => slack.words(message));
    return [...outcome, ...texts, texts.join('\n')];
  };
  if (line.press !== undefined) {
    const label = { join: 'Join the test', approve: 'Approve', reject: 'Reject' }[line.press] ?? line.press;
    const card = person
      .sees(channel)
      .findLast((message) => slack.words(message).includes(line.on ?? '') && slack.buttons(message).includes(label));
    if (card === undefined) throw new Error(`nothing there has the button ${label}`);
    void person
      .press(card, label)
      .then((said) => said.message !== undefined && outcome.push(slack.words(said.message)));
    return () => [...outcome, ...person.sees(channel).map((message) => slack.words(message))];
  }
  // Slack keeps a leading slash for itself; what is no command's name is sent with a space before it.
  if (line.in === undefined) person.dm(isCommand ? words.slice(1) : words.startsWith('/') ? ` ${words}` : words);
  else if (words.startsWith('/'))
    void person.command(channel, '/baton', words.slice(1)).then((said) => {
      if (said.message !== undefined) outcome.push(slack.words(said.message));
    });
  else person.say(channel, words);
  return fresh;
}
