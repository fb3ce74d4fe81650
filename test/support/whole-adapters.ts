import { createCircles } from '../../adapters/circles/index.ts';
import { createMail } from '../../adapters/email/index.ts';
import { letterOf } from '../../adapters/email/render.ts';
import { createGitea } from '../../adapters/gitea/index.ts';
import { createGithub } from '../../adapters/github/index.ts';
import { createSlack } from '../../adapters/slack/index.ts';
import { createTelegram } from '../../adapters/telegram/index.ts';
import { circleSlug } from '../../src/core/reference.ts';
import type { Documents, ForgeAdapter } from '../../src/forge-ports.ts';
import type { AdapterLog, ChatAdapter } from '../../src/ports.ts';
import type { Outside } from '../../src/shell/connections.ts';
import type { Engine } from '../../src/shell/engine.ts';
import type { Store } from '../../src/store/port.ts';
import type { Peers } from './whole-peers.ts';
import type { ProcessOptions } from './whole-process.ts';

/** The adapters of the whole bot, each with its real client library, on their peers. */

/** What the settings hold. */
export const secretsOf = ({ stage: { telegram, slack }, github, circles, gitea }: Peers) => ({
  telegram: telegram.token,
  telegramHook: 'a-secret-of-the-webhook-of-telegram',
  slackBot: slack.botToken,
  slackApp: slack.appToken,
  slackSigning: slack.signingSecret,
  githubKey: github.access.privateKey,
  githubHook: github.webhookSecret,
  circles: 'a-secret-of-the-webhook-of-circles',
  circlesToken: circles.token,
  gitea: gitea.token,
});
export type Secrets = ReturnType<typeof secretsOf>;

export interface Parts extends ProcessOptions {
  readonly secrets: Secrets;
  readonly store: Store;
  readonly origin: string;
  readonly log: AdapterLog;
  engine(): Engine | undefined;
}

/** Nothing waits for its second: the clock stands still. */
const UNHURRIED = { perChat: 0, perMessage: 0, perSecond: 1e9 };

export function chatsOf(
  { peers: { stage }, connected, chats, store, origin, clock, log, secrets }: Parts,
  commands: readonly string[],
): ChatAdapter[] {
  const telegram = () =>
    createTelegram({
      token: secrets.telegram,
      apiRoot: stage.telegram.root,
      ...(chats === 'webhooks' ? { webhookSecret: secrets.telegramHook, publicUrl: origin } : {}),
      memory: { get: store.meta, set: store.setMeta },
      clock,
      log,
    });
  const slack = () =>
    createSlack({
      botToken: secrets.slackBot,
      ...(chats === 'webhooks' ? { signingSecret: secrets.slackSigning } : { appToken: secrets.slackApp }),
      apiUrl: stage.slack.apiUrl,
      commands,
      clock,
      log,
    });
  return [
    ...(connected.includes('telegram') ? [telegram()] : []),
    ...(connected.includes('slack') ? [slack()] : []),
  ].map((adapter) => ({ ...adapter, pace: UNHURRIED }));
}

export function outsideOf(parts: Parts, pauses: Set<() => void>): Outside {
  const { connected, peers, clock, log } = parts;
  const documents = connected.includes('gitea') ? giteaOf(parts) : undefined;
  const sender = connected.includes('smtp')
    ? createMail({
        url: peers.smtp.url,
        from: 'Baton <baton@example.org>',
        messageHost: 'example.org',
        clock,
        log,
      })
    : undefined;
  return {
    adapters: [
      ...(connected.includes('github') ? [githubOf(parts, pauses)] : []),
      ...(connected.includes('circles') ? [circlesOf(parts)] : []),
    ],
    ...(sender === undefined ? {} : { mail: { sender, letterOf, publicUrl: parts.publicUrl } }),
    ...(documents === undefined ? {} : { documents }),
  };
}

const giteaOf = ({ peers: { gitea, organisation }, secrets, clock, log }: Parts): Documents =>
  createGitea({
    url: gitea.url,
    token: secrets.gitea,
    allow: organisation.gitea.documents,
    forbidden: organisation.gitea.forbidden,
    clock,
    log,
  });

const githubOf = ({ peers: { github, organisation }, secrets, clock, log }: Parts, pauses: Set<() => void>) =>
  createGithub({
    appId: github.appId,
    privateKey: secrets.githubKey,
    webhookSecret: secrets.githubHook,
    apiUrl: github.apiUrl,
    repositories: organisation.github.repositories,
    clock,
    log,
    throttled: false,
    pause: (_, signal) =>
      new Promise<void>((resolve) => {
        const end = (): void => {
          pauses.delete(end);
          resolve();
        };
        pauses.add(end);
        signal.addEventListener('abort', end, { once: true });
      }),
  });

function circlesOf({ peers: { circles, organisation }, secrets, store, engine, clock, log }: Parts): ForgeAdapter {
  const followed = (): readonly string[] => {
    const ofItems = engine()
      ?.world()
      .open('item')
      .flatMap(({ circle }) => (circle === null ? [] : (circleSlug(circle) ?? [])));
    return [...new Set([organisation.circles.default ?? [], ofItems ?? []].flat())];
  };
  return createCircles({
    url: circles.peer.url,
    token: secrets.circlesToken,
    webhookSecret: secrets.circles,
    template: organisation.circles.template,
    closedStatuses: organisation.circles.closed_statuses,
    prefixes: organisation.circles.prefixes,
    circles: followed,
    mirror: (ref) => engine()?.world().get('ref', ref)?.open,
    tokens: {
      load: () => store.meta('circles.tokens'),
      save: async (text) => store.setMeta('circles.tokens', text),
    },
    clock,
    log,
  });
}
