import type { AdapterLog, Clock, ForgeAdapter, ForgeIntake, Job, Performed } from '../../src/forge-ports.ts';
import { createAuth, type TokenStore } from './auth.ts';
import { createChanges, lookAt } from './changes.ts';
import { checkCircles } from './check.ts';
import { createCircles as createCircleMaker, type Prefixes } from './circle.ts';
import { type Client, createClient } from './client.ts';
import { comment, pair } from './comments.ts';
import { createConnection } from './connection.ts';
import { edit } from './edit.ts';
import { createSend, TIMEOUT } from './http.ts';
import { createListing } from './listing.ts';
import { logEntry, type SeverityNames } from './log-entry.ts';
import { moveTo, relabel, turnTo } from './statuses.ts';
import { createWebhook, readStored, WEBHOOK_PATH } from './webhook.ts';

/** Circles, which is Taiga, behind the port that the shell knows. */

export interface CirclesOptions {
  readonly url: string;
  /** An application's token; without it, a user's name and password. */
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly webhookSecret?: string | undefined;
  /** Accepted beside it, while it is replaced. */
  readonly oldWebhookSecret?: string | undefined;
  /** The slug of the circle that new ones are made from. */
  readonly template?: string | undefined;
  /** Slugs of a story's statuses that count as closed; none: Taiga's own word for it. */
  readonly closedStatuses: readonly string[];
  readonly prefixes?: Prefixes | undefined;
  /** Names of Taiga's severities where they are not its own. */
  readonly severities?: SeverityNames | undefined;
  /** Slugs of the circles to follow. */
  circles(): readonly string[];
  /** Is this story held to be open? Undefined: nobody holds anything of it. */
  readonly mirror?: ((ref: string) => boolean | undefined) | undefined;
  /** Keeps what a login is renewed with. */
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly log: AdapterLog;
  /** How long an answer may take, in milliseconds. */
  readonly timeout?: number | undefined;
}

/** Makes the adapter; nothing is called before `start`, or before it is asked for something. */
export function createCircles(options: CirclesOptions): ForgeAdapter {
  const { closedStatuses: closed, template, clock, log, circles } = options;
  const ending = new AbortController();
  const connection = createConnection(log);
  const send = createSend(options.url, ending.signal, options.timeout ?? TIMEOUT);
  const client = createClient({ send, auth: createAuth(options, send), connection, clock });
  const underWay = new Set<Promise<unknown>>();
  let intake: ForgeIntake | undefined;

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    const done = (): void => void underWay.delete(work);
    work.then(done, done);
    return work;
  };
  const own = async (): Promise<string | undefined> => {
    const me = await client.me();
    return me.ok ? me.body.username : undefined;
  };
  const makeCircle = createCircleMaker(client, template, options.prefixes);
  const parts = { client, closed, severities: options.severities ?? {}, makeCircle };
  const hook = createWebhook({
    secret: options.webhookSecret,
    old: options.oldWebhookSecret,
    log,
    intake: () => intake,
    own,
  });
  const changes = createChanges({ client, clock, log, closed, circles, mirror: options.mirror });

  const list = createListing({ client, log, closed, circles });

  return {
    platform: 'circles',
    start: (given) => {
      intake = given;
      void track(client.me());
    },
    stop: async () => {
      intake = undefined;
      ending.abort();
      await Promise.allSettled(underWay);
    },
    state: connection.state,
    read: (body) => readStored(body, client.username(), closed),
    perform: (job, marker, again) => track(perform(parts, job, marker, again)),
    changes: (cursor, since) => track(changes(cursor, since)),
    list: (cursor) => track(list(cursor)),
    look: (ref) => track(lookAt(client, ref, closed)),
    webhook: { path: WEBHOOK_PATH, handle: (request) => track(hook(request)) },
    check: () =>
      track(checkCircles({ client, clock, template, circles, hasSecret: options.webhookSecret !== undefined })),
  };
}

interface PerformParts {
  readonly client: Client;
  readonly closed: readonly string[];
  readonly severities: SeverityNames;
  makeCircle(job: Extract<Job, { readonly do: 'circle' }>, again: boolean): Promise<Performed>;
}

function perform(parts: PerformParts, job: Job, marker: string, again: boolean): Promise<Performed> {
  const { client, closed } = parts;
  switch (job.do) {
    case 'log':
      return logEntry(client, job, marker, again, parts.severities);
    case 'comment':
      return comment(client, job, marker, again);
    case 'label':
      return edit(client, job.ref, again, ({ tags }) => relabel(tags, job.add, job.remove));
    case 'turn':
      return edit(client, job.ref, again, ({ status }, project, { kind }) =>
        turnTo(status, project, kind, job.to, closed),
      );
    case 'move':
      return edit(client, job.ref, again, ({ status }, project, { kind }) => moveTo(status, project, kind, job.status));
    case 'pair':
      return pair(client, job.story, job.issue, marker, again);
    case 'circle':
      return parts.makeCircle(job, again);
    case 'deployment':
    case 'check':
      return Promise.resolve({ is: 'refused', why: 'Circles knows no deployments and no checks; GitHub does' });
  }
}
