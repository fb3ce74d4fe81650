import type { Stage } from '../support/stage.ts';
import type { BotProcess } from './bot-process.ts';
import type { Step } from './conversation.ts';
import type { Voice } from './voice.ts';

/** The moments at which the bot is ended, and how a conversation goes on over them. */

export type Moment =
  /** Before or after the k-th commit from the words on: what was received, what was decided, claimed, marked, shown. */
  | { readonly at: 'commit'; readonly side: 'before' | 'after'; readonly left: number }
  /** A call has arrived at the platform, and is carried out or not; its answer never arrives. */
  | { readonly at: 'call'; readonly method: string; readonly side: 'before' | 'after' }
  /** It is not there when people speak. */
  | { readonly at: 'absent' };

const commits = (from: number, to: number): Moment[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at).flatMap((left) => [
    { at: 'commit', side: 'before', left },
    { at: 'commit', side: 'after', left },
  ]);
const calls = (...methods: readonly string[]): Moment[] =>
  methods.flatMap((method) => [
    { at: 'call', method, side: 'before' },
    { at: 'call', method, side: 'after' },
  ]);

export const MOMENTS: Readonly<Record<Voice['platform'], readonly Moment[]>> = {
  telegram: [
    ...commits(1, 5),
    ...calls('sendMessage', 'editMessageText', 'answerCallbackQuery', 'getUpdates'),
    { at: 'absent' },
  ],
  slack: [...commits(1, 5), ...calls('chat.postMessage', 'chat.update', 'conversations.open'), { at: 'absent' }],
};

export interface Play {
  readonly bot: BotProcess;
  readonly stage: Stage;
  readonly voice: Voice;
  readonly steps: readonly Step[];
  readonly moments: readonly (Moment | undefined)[];
}

const nameOf = (moment: Moment): string =>
  moment.at === 'commit'
    ? `${moment.side} commit ${moment.left}`
    : moment.at === 'call'
      ? `${moment.side} ${moment.method}`
      : 'absent';

/** Plays all steps; resolves to the moments at which the bot was ended. */
export async function playThrough(play: Play): Promise<readonly string[]> {
  const { bot, voice, steps, moments } = play;
  const hits: string[] = [];
  for (const [at, step] of steps.entries()) {
    await bot.start();
    const moment = moments[at];
    const again = await speak(play, step, moment);
    if (moment !== undefined && !bot.isRunning()) hits.push(nameOf(moment));
    calm(play);
    await bot.start();
    // Who saw that it did not work presses once more, where there is still something to press.
    for (const press of again) await press().catch(() => undefined);
    // Asked to end, it may do so only now: as an init system would, whoever looks after it starts it again.
    const keeper = setInterval(() => void bot.start().catch(() => undefined), 200);
    await voice
      .waitFor(() => step.isDone(voice), 30_000)
      .finally(() => clearInterval(keeper))
      .catch((error: unknown) => {
        const last = voice
          .seen()
          .slice(-12)
          .map(({ where, text }) => `${where}: ${text}`);
        const when = moment === undefined ? 'undisturbed' : nameOf(moment);
        throw new Error([`${step.name}, ${when}`, ...bot.complaints, ...last].join('\n'), { cause: error });
      });
  }
  return hits;
}

function calm({ stage, bot }: Play): void {
  stage.telegram.clearFaults();
  stage.slack.clearFaults();
  bot.arm(undefined);
}

/** People speak, and the bot is ended at the moment, or the step is done before it comes. Resolves to what must be pressed again. */
async function speak(play: Play, step: Step, moment: Moment | undefined): Promise<readonly (() => Promise<boolean>)[]> {
  const { bot, voice } = play;
  const scene = { isOver: false };
  const over = moment === undefined ? undefined : arrange(play, moment, scene);
  if (moment?.at === 'absent') await over;
  const pressed = step.speak(voice).map((press) => ({ press, done: press() }));
  const done = voice.waitFor(() => step.isDone(voice), 8_000).catch(() => undefined);
  await Promise.race([done, bot.ended(), ...(over === undefined ? [] : [over])]);
  scene.isOver = true;
  const took = await Promise.all(pressed.map(({ done: each }) => each));
  return pressed.filter((_, at) => took[at] === false).map(({ press }) => press);
}

async function arrange({ bot, stage, voice }: Play, moment: Moment, scene: { isOver: boolean }): Promise<void> {
  if (moment.at === 'absent') return bot.kill();
  if (moment.at === 'commit') {
    bot.arm(moment);
    return bot.ended();
  }
  const { method, side } = moment;
  const { telegram, slack } = stage;
  const isThere = voice.platform === 'telegram' ? countOf(telegram.calls, method) : countOf(slack.calls, method);
  // What comes later than the step is none of its moments.
  if (voice.platform === 'telegram') telegram.fault(method, side === 'before' ? 'hang-before' : 'hang-after');
  else slack.fault(method, { hang: side });
  await voice.waitFor(() => scene.isOver || isThere(), 10_000);
  if (!scene.isOver) await bot.kill();
}

/** Has there been one more since? */
function countOf(calls: readonly { readonly method: string }[], method: string): () => boolean {
  const count = () => calls.filter((call) => call.method === method).length;
  const before = count();
  return () => count() > before;
}
