import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Bench, type Compared, compare, inFolder, median, rate, showBoth, showRatio } from '../harness.ts';
import { createRaw, type Raw } from '../raw.ts';
import { type Conversation, type Office, openOffice, prepare } from '../workload.ts';

/** C1 and C2: one command from its words to its answer on disk, beside the bare record. */

export const IN_FLIGHT = 64;

/** So many conversations at once, each waiting for its own answer before it goes on. */
async function converseAll(office: Office, conversations: readonly Conversation[], turns: number): Promise<void> {
  await Promise.all(
    conversations.map(async (conversation) => {
      for (let n = 0; n < turns; n += 1) {
        const { as, text } = conversation.next();
        await office.say(as, text);
      }
    }),
  );
}

export const commandsPerSecond = (
  office: Office,
  conversations: readonly Conversation[],
  turns: number,
): Promise<number> => rate(conversations.length * turns, () => converseAll(office, conversations, turns));

export const recordsPerSecond = (raw: Raw, inOne: number, commits: number): Promise<number> =>
  rate(inOne * commits, () => {
    for (let n = 0; n < commits; n += 1) raw.commit(inOne);
  });

/** Both sides on files in one folder. */
export async function withBoth<T>(
  run: (office: Office, conversations: Conversation[], raw: Raw) => Promise<T>,
): Promise<T> {
  return inFolder(async (folder) => {
    const office = await openOffice(join(folder, 'ours.db'));
    const raw = await createRaw(join(folder, 'raw.db'));
    const conversations = await prepare(office, IN_FLIGHT);
    try {
      return await run(office, conversations, raw);
    } finally {
      await office.close();
      raw.close();
    }
  });
}

async function p50(count: number, run: () => Promise<void> | void): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  return median(times);
}

export const command: Bench = {
  name: 'C1',
  run: () =>
    withBoth(async (office, conversations, raw) => {
      const before = office.engine.store.figures();
      const shared = await compare(
        () => commandsPerSecond(office, conversations, 24),
        () => recordsPerSecond(raw, IN_FLIGHT, 24),
        9,
      );
      const after = office.engine.store.figures();
      const said = 10 * 24 * IN_FLIGHT;
      const weight = `${((after.events - before.events) / said).toFixed(1)} events and ${((after.outbox - before.outbox) / said).toFixed(1)} messages a command, 2 and 2 a record`;
      return [
        row(
          'C1',
          'one command, 64 conversations in flight, beside raw at 64',
          '≥ 0.50×',
          shared,
          'commands and records/s',
          shared.median >= 0.5,
          weight,
        ),
      ];
    }),
};

export const alone: Bench = {
  name: 'C2',
  run: () =>
    withBoth(async (office, conversations, raw) => {
      let turn = 0;
      const next = async () => {
        turn += 1;
        const said = conversations[turn % conversations.length]?.next();
        if (said !== undefined) await office.say(said.as, said.text);
      };
      const single = await compare(
        () => p50(512, next),
        () => p50(512, () => raw.commit(1)),
        9,
      );
      return [row('C2', 'the same, one in flight: p50 beside raw’s p50', '≤ 1.5×', single, 'ms', single.median <= 1.5)];
    }),
};

function row(id: string, what: string, goal: string, compared: Compared, unit: string, met: boolean, more = '') {
  return {
    id,
    what,
    goal,
    measured: `${showRatio(compared)}: ${showBoth(compared, unit)}${more === '' ? '' : `; ${more}`}`,
    met,
  };
}
