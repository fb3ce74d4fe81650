import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'vitest';
import type { House } from './house.ts';

/** People who log features on both chats and over the socket, and what must be there of it afterwards. */

export interface Talk {
  /** Somebody was told that it is logged. */
  readonly acknowledged: Set<string>;
  /** Telegram keeps it until it was taken. */
  readonly told: Set<string>;
  /** What Slack was answered too late, or not at all: people saw that it did not work. */
  refused: number;
  /** They say nothing of it. */
  readonly others: readonly string[];
}

export const newTalk = (others: readonly string[] = []): Talk => ({
  acknowledged: new Set(),
  told: new Set(),
  refused: 0,
  others,
});

let number = 0;

/** One thing each: by Telegram, by a command of Slack, over the socket. */
export async function speak({ stage, say }: House, talk: Talk): Promise<void> {
  number += 1;
  const [byTelegram, bySlack, bySocket] = ['Telegram', 'Slack', 'Socket'].map((way) => `${way} ${number}`);
  // A chat takes a message a second, so the answers must not all go to the same one.
  const people = stage.organisation.people.filter((person) => !talk.others.includes(person.id));
  const { id } = people[number % people.length] ?? { id: 'tom' };
  const reader = stage.onTelegram(id);
  reader.say(reader.private, `/feature ${byTelegram}`);
  talk.told.add(String(byTelegram));
  const caller = stage.onSlack(id);
  const slack = caller.command(caller.direct, '/baton', `feature ${bySlack}`).then(({ error, message }) => {
    // What is told as not decided is answered, too.
    if (error === undefined && message !== undefined && /is logged/.test(stage.slack.words(message)))
      talk.acknowledged.add(String(bySlack));
    else talk.refused += 1;
  });
  const socket = say(id, `/feature ${bySocket}`).then((answer) => {
    if (answer?.ok === true) talk.acknowledged.add(String(bySocket));
  });
  await Promise.all([slack, socket]);
}

/** For a while, at a pace, whether answers come or not. */
export async function speakFor(house: House, talk: Talk, milliseconds: number, every: number): Promise<void> {
  const until = performance.now() + milliseconds;
  const all: Promise<void>[] = [];
  while (performance.now() < until) {
    all.push(speak(house, talk));
    await after(every);
  }
  await Promise.all(all);
}

/** All that was acknowledged is there, all that was told comes to be there, each once; nothing waits; every invariant holds. */
export async function nothingLost(house: House, { acknowledged, told }: Talk): Promise<number> {
  await house.bot.start();
  await house.drained();
  const titles = house.titles();
  expect([...acknowledged, ...told].filter((title) => !titles.has(title))).toEqual([]);
  expect([...titles].filter(([, times]) => times > 1)).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(0);
  await house.check();
  return acknowledged.size + told.size;
}
