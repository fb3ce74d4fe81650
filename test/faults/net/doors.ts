import { onTestFinished } from 'vitest';
import { createGitea } from '../../../adapters/gitea/index.ts';
import { createGithub } from '../../../adapters/github/index.ts';
import { createSlack } from '../../../adapters/slack/index.ts';
import type { AdapterLog, ChatAdapter, Intake } from '../../../src/ports.ts';
import { createRig as createCirclesRig, logJob as storyJob } from '../../adapters/circles-rig.ts';
import { createStage as createMailStage, letter } from '../../adapters/email-stage.ts';
import { collect, logJob, START } from '../../adapters/github-rig.ts';
import { outgoing as toSlack } from '../../adapters/slack-stage.ts';
import { createRig as createTelegramRig, outgoing as toTelegram } from '../../adapters/telegram-rig.ts';
import { createGiteaPeer } from '../../peers/gitea/peer.ts';
import { createGithubPeer } from '../../peers/github/peer.ts';
import { createSlackPeer } from '../../peers/slack/peer.ts';
import { createSmtpPeer } from '../../peers/smtp/peer.ts';

/** Each platform's adapter, as the outbox uses it: one thing is brought there, and looked for before it is brought again. */

export interface Outcome {
  readonly is: string;
  readonly why?: string;
  readonly after?: number;
}

export interface Door {
  readonly name: 'telegram' | 'slack' | 'github' | 'circles' | 'gitea' | 'smtp';
  /** The bytes with which the request begins that changes something there. */
  readonly writes: RegExp;
  /** The same request, by its method and path. */
  readonly requests: RegExp;
  /** How often a thing may be there in the end, where its answer was lost. */
  readonly most: number;
  /** Brings the thing of this name; `again`: nobody knows whether an earlier try brought it. */
  bring(thing: string, again: boolean): Promise<Outcome>;
  /** How often it is there; where nothing is brought, always once. */
  count(thing: string): number;
  /** An hour goes by. */
  wait?(): void;
}

/** The same address by way of something else. */
export type Detour = (url: string) => Promise<string>;

const straight: Detour = async (url) => url;
/** For servers that say nothing. */
const SHORT = { connect: 2_000, greeting: 2_000, silence: 2_000, whole: 12_000 };
const quiet: AdapterLog = collect([]);

/** As `deliverRow`: looked for, and brought where it is not there. */
async function bringMessage(adapter: ChatAdapter, message: Parameters<ChatAdapter['send']>[0], again: boolean) {
  const found = again ? await adapter.find(message, Date.now() - 60_000) : null;
  if (typeof found === 'string') return { is: 'sent' };
  if (typeof found === 'object' && found !== null) return { ...found, is: 'uncertain' };
  return adapter.send(message);
}

async function telegram(by: Detour): Promise<Door> {
  const rig = await createTelegramRig();
  onTestFinished(rig.close);
  const adapter = rig.another({ apiRoot: await by(rig.peer.root) });
  const olga = rig.peer.user({ id: 1_001, first_name: 'Olga', username: 'olga_p' });
  const ops = rig.peer.supergroup({ title: 'Ops', members: [olga], bot: 'member' });
  return {
    name: 'telegram',
    writes: /^POST \S*\/sendMessage/,
    requests: /sendMessage/,
    most: 2,
    bring: (thing, again) => bringMessage(adapter, toTelegram(ops.id, [thing], { id: thing }), again),
    count: (thing) => rig.peer.fromBot(ops).filter(({ text }) => text === thing).length,
  };
}

const nothingComesIn: Intake = {
  receive: async () => 'stored',
  bookmark: () => undefined,
  decide: () => Promise.reject(new Error('nobody speaks here')),
  form: async () => undefined,
  home: async () => ({ sections: [], token: () => '' }),
};

async function slack(by: Detour): Promise<Door> {
  const peer = await createSlackPeer({ retryScale: 0 });
  peer.user({ id: 'U0OLGA', name: 'olga' });
  peer.channel({ id: 'C0TEAM', name: 'team', members: ['U0OLGA'] });
  const clock = { now: () => Date.now() };
  const { botToken, signingSecret } = peer;
  const adapter = createSlack({ botToken, signingSecret, apiUrl: await by(peer.apiUrl), clock, log: quiet });
  adapter.start(nothingComesIn);
  onTestFinished(async () => {
    await adapter.stop();
    await peer.stop();
  });
  return {
    name: 'slack',
    writes: /^POST \S*\/chat\.postMessage/,
    requests: /chat\.postMessage/,
    most: 1,
    bring: (thing, again) => bringMessage(adapter, toSlack('C0TEAM', [thing], { id: thing }), again),
    count: (thing) => peer.messages('C0TEAM').filter(({ text }) => text === thing).length,
  };
}

async function github(by: Detour): Promise<Door> {
  const clock = { now: () => START };
  const peer = await createGithubPeer({ now: clock.now, repositories: ['example/grid'] });
  const adapter = createGithub({
    appId: peer.appId,
    privateKey: peer.access.privateKey,
    webhookSecret: peer.webhookSecret,
    apiUrl: await by(peer.apiUrl),
    repositories: ['example/grid'],
    clock,
    log: quiet,
    throttled: false,
  });
  onTestFinished(async () => {
    await adapter.stop();
    await peer.stop();
  });
  return {
    name: 'github',
    writes: /^POST \S*\/repos\/example\/grid\/issues /,
    requests: /^POST \S*\/repos\/example\/grid\/issues$/,
    most: 1,
    bring: (thing, again) => adapter.perform(logJob({ title: thing }), thing, again),
    count: (thing) => peer.repo('example/grid').issues.filter(({ title }) => title === thing).length,
  };
}

async function circles(by: Detour): Promise<Door> {
  const rig = await createCirclesRig();
  onTestFinished(rig.close);
  const adapter = rig.another({ url: await by(rig.peer.url) });
  return {
    name: 'circles',
    writes: /^POST \S*\/userstories/,
    requests: /^POST \S*\/userstories/,
    most: 1,
    bring: (thing, again) => adapter.perform(storyJob(rig.grid.slug, { title: thing }), thing, again),
    count: (thing) => rig.peer.world.things.userstory.filter(({ fields }) => fields.subject === thing).length,
  };
}

/** Gitea is only asked: whether a page is there. */
async function gitea(by: Detour): Promise<Door> {
  const peer = await createGiteaPeer();
  onTestFinished(() => peer.close());
  const docs = peer.repository({ name: 'grid/docs' });
  peer.commit(docs, { 'README.md': 'words' }, '2026-01-05T10:00:00Z');
  const url = await by(peer.url);
  let now = START;
  const clock = { now: () => now };
  const adapter = createGitea({ url, token: peer.token, allow: ['grid/docs'], forbidden: [], clock, log: quiet });
  return {
    name: 'gitea',
    writes: /^GET \S*\/contents/,
    requests: /^GET \S*\/contents/,
    most: 1,
    bring: async () => {
      const { status } = await adapter.look(`${url}/grid/docs/src/branch/main/README.md`);
      return { is: status === 200 ? 'done' : 'away', why: String(status) };
    },
    count: () => 1,
    wait: () => {
      now += 3_600_000;
    },
  };
}

async function smtp(by: Detour): Promise<Door> {
  const peer = await createSmtpPeer();
  const stage = await createMailStage({}, { url: await by(peer.url), patience: SHORT });
  onTestFinished(async () => {
    await peer.close();
    await stage.close();
  });
  return {
    name: 'smtp',
    // It is under TLS: nobody sees which request it is.
    writes: /^$/,
    requests: /^$/,
    // With the same Message-ID, so that it is shown once.
    most: 2,
    bring: (thing) => stage.mail.send(letter({ id: thing, subject: thing })),
    count: (thing) => peer.mails.filter(({ parsed }) => parsed.subject === thing).length,
  };
}

export const DOORS = { telegram, slack, github, circles, gitea, smtp } as const;
export type DoorName = keyof typeof DOORS;
export const openDoor = (name: DoorName, by: Detour = straight): Promise<Door> => DOORS[name](by);

const DONE = /^(?:sent|done)$/;
const TRIES = 5;

/** As the outbox does: again and again, and once there was a doubt it is looked for first. Resolves to the last outcome. */
export async function bringAtLast(door: Door, thing: string, inDoubt = false): Promise<Outcome> {
  let outcome: Outcome = { is: 'new' };
  let again = inDoubt;
  for (let tries = 0; tries < TRIES && !DONE.test(outcome.is); tries += 1) {
    outcome = await door.bring(thing, again);
    again ||= outcome.is === 'uncertain';
  }
  return outcome;
}
