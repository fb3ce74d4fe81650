import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSlack, type SlackOptions } from '../../adapters/slack/index.ts';
import type { ChatAdapter, Form, Incoming, Intake, Outgoing, Reply, Section, Text } from '../../src/ports.ts';
import { createSlackPeer, type SlackPeer, type SlackPeerOptions } from '../peers/slack/peer.ts';
import type { Person } from '../peers/slack/person.ts';

/** The adapter between a workspace of its peer and an intake that only writes down what it is handed. */

export type Mode = 'socket' | 'http';

interface Script {
  /** The answer to what came in. */
  answer(incoming: Incoming): Reply | Promise<Reply>;
  receive(): 'stored' | 'full';
  form?: Form;
  sections: readonly Section[];
}
export interface Stage {
  readonly peer: SlackPeer;
  readonly slack: ChatAdapter;
  readonly script: Script;
  /** What was decided, without redeliveries. */
  readonly decided: { readonly incoming: Incoming; readonly id: string }[];
  readonly stored: Map<string, unknown>;
  readonly asked: { readonly command: string; readonly value: string | undefined }[];
  /** Everything that was logged, as text. */
  readonly logged: string[];
  readonly olga: Person;
  readonly max: Person;
  stop(): Promise<void>;
}

export const reply = (nodes: Text, more: Partial<Reply> = {}): Reply => ({
  ok: true,
  code: 'done',
  quiet: false,
  nodes,
  token: ({ command, on }) => `token-${command}-${on}`,
  ...more,
});

export const outgoing = (chat: string, nodes: Text, more: Partial<Outgoing> = {}): Outgoing => ({
  id: 'out-1',
  address: { platform: 'slack', chat },
  nodes,
  token: ({ command, on }) => `token-${command}-${on}`,
  loud: false,
  ...more,
});

export const log = (logged: string[]): SlackOptions['log'] => ({
  info: (message, details) => void logged.push(JSON.stringify([message, details])),
  warn: (message, details) => void logged.push(JSON.stringify([message, details])),
  fault: (message, error) => {
    logged.push(`${message} ${error instanceof Error ? error.stack : String(error)}`);
    return 'E-1';
  },
});

function createIntake(stage: Pick<Stage, 'script' | 'decided' | 'stored' | 'asked'>): Intake {
  const answers = new Map<string, Promise<Reply>>();
  return {
    bookmark: () => undefined,
    receive: async (bodies) => {
      if (stage.script.receive() === 'full') return 'full';
      for (const { id, body } of bodies) stage.stored.set(id, body);
      return 'stored';
    },
    decide: (incoming, id) => {
      const known = answers.get(id);
      if (known !== undefined) return known;
      stage.decided.push({ incoming, id });
      const answer = Promise.resolve(stage.script.answer(incoming));
      answers.set(id, answer);
      return answer;
    },
    form: async (command, value) => {
      stage.asked.push({ command, value });
      return stage.script.form;
    },
    home: async () => ({ sections: stage.script.sections, token: ({ command }) => `home-${command}` }),
  };
}

/** Listens for what Slack calls, as the web server of the bot does. */
async function listen(slack: ChatAdapter) {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const answer = await slack.webhook?.handle({ headers: request.headers, body: Buffer.concat(parts) });
    response.writeHead(answer?.status ?? 500, answer?.type === undefined ? {} : { 'content-type': answer.type });
    response.end(answer?.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface StageOptions extends SlackPeerOptions {
  readonly with?: Partial<SlackOptions>;
}

/** A workspace with Olga and Max in #team, and the bot connected. */
export async function openStage(mode: Mode, options: StageOptions = {}): Promise<Stage> {
  const peer = await createSlackPeer({ retryScale: 0, ...options });
  const logged: string[] = [];
  const slack = createSlack({
    botToken: peer.botToken,
    ...(mode === 'socket' ? { appToken: peer.appToken } : { signingSecret: peer.signingSecret }),
    apiUrl: peer.apiUrl,
    clock: { now: () => Date.now() },
    log: log(logged),
    ...options.with,
  });
  const script: Script = { answer: () => reply(['Done.']), receive: () => 'stored', sections: [] };
  const parts = { script, decided: [], stored: new Map<string, unknown>(), asked: [] };
  const web = mode === 'http' ? await listen(slack) : undefined;
  const olga = peer.user({ id: 'U0OLGA', name: 'olga' });
  const max = peer.user({ id: 'U0MAX', name: 'max' });
  peer.channel({ id: 'C0TEAM', name: 'team', members: ['U0OLGA', 'U0MAX'] });
  slack.start(createIntake(parts));
  if (web !== undefined) await peer.deliverTo(web.url);
  return {
    ...parts,
    peer,
    slack,
    logged,
    olga,
    max,
    stop: async () => {
      await slack.stop();
      await web?.close();
      await peer.stop();
    },
  };
}
