import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CirclesOptions, createCircles } from '../../adapters/circles/index.ts';
import type { ForgeAdapter, ForgeIntake, ForgeNews, Job, TrackerNews } from '../../src/forge-ports.ts';
import { createTaigaPeer, type TaigaPeer } from '../peers/taiga/peer.ts';
import type { Project, User } from '../peers/taiga/world.ts';

/** The adapter before a Taiga of our own: a person, the bot, and one circle that both are in. */

export const SECRET = 'whkey';
export const ALL = [
  'view_project',
  'view_us',
  'add_us',
  'modify_us',
  'comment_us',
  'view_issues',
  'add_issue',
  'modify_issue',
  'comment_issue',
  'view_tasks',
];

export interface Rig {
  readonly peer: TaigaPeer;
  readonly circles: ForgeAdapter;
  readonly grid: Project;
  readonly anna: User;
  readonly bot: User;
  /** What came by webhook, in the order it came; a known id once. */
  readonly bodies: Map<string, unknown>;
  readonly logged: string[];
  readonly saved: string[];
  /** What `receive` does. */
  receive(): 'stored' | 'full';
  /** Another one, with other settings. */
  another(more: Partial<CirclesOptions>): ForgeAdapter;
  /** The hook of the circle, on a port of its own; resolves to its address. */
  listen(project?: Project): Promise<void>;
  /** Asks until there is no more; the cursor is kept. */
  round(adapter?: ForgeAdapter): Promise<TrackerNews[]>;
  cursor: string | undefined;
  /** An hour goes by, there and here. */
  anHour(): void;
  close(): Promise<void>;
}

export async function createRig(more: Partial<CirclesOptions> = {}): Promise<Rig> {
  let shift = 0;
  const now = (): number => Date.now() + shift;
  const peer = await createTaigaPeer({ now });
  const [anna, bot] = [peer.user('anna'), peer.user('baton')];
  const grid = peer.project('PROJECT_Grid', anna);
  peer.member(grid, bot, ALL);
  const token = peer.accounts.applicationToken(bot);
  const logged: string[] = [];
  const keep = (message: string, details?: unknown): void => void logged.push(`${message} ${JSON.stringify(details)}`);
  const adapters: ForgeAdapter[] = [];
  const servers: { close(): void }[] = [];
  const bodies = new Map<string, unknown>();
  const saved: string[] = [];
  const since = now();
  const intake: ForgeIntake = {
    receive: async (id, body) => {
      const became = rig.receive();
      if (became === 'stored' && !bodies.has(id)) bodies.set(id, body);
      return became;
    },
  };
  const another = (other: Partial<CirclesOptions>): ForgeAdapter => {
    const made = createCircles({
      url: peer.url,
      token,
      webhookSecret: SECRET,
      closedStatuses: [],
      circles: () => [grid.slug],
      tokens: { load: () => saved.at(-1), save: async (text) => void saved.push(text) },
      clock: { now },
      log: {
        info: keep,
        warn: keep,
        fault: (message, error) => {
          keep(message, String(error));
          return 'f00';
        },
      },
      ...more,
      ...other,
    });
    adapters.push(made);
    made.start(intake);
    return made;
  };
  const rig: Rig = {
    peer,
    grid,
    anna,
    bot,
    bodies,
    logged,
    saved,
    receive: () => 'stored',
    circles: another({}),
    another,
    listen: async (project = grid) => {
      const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(Buffer.from(chunk));
        const { status } = await rig.circles.webhook.handle({ headers: request.headers, body: Buffer.concat(chunks) });
        response.writeHead(status).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      peer.hook(project, `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/circles`, SECRET);
    },
    cursor: undefined,
    anHour: () => {
      shift += 3_600_000;
    },
    round: async (adapter = rig.circles) => {
      const news: ForgeNews[] = [];
      for (let more = true; more; ) {
        const found = await adapter.changes(rig.cursor, since);
        if ('is' in found) throw new Error(`${found.is}: ${found.why}`);
        news.push(...found.news);
        rig.cursor = found.cursor;
        more = found.more;
      }
      return trackersOf(news);
    },
    close: async () => {
      await Promise.all(adapters.map((each) => each.stop()));
      await peer.close();
      for (const server of servers) server.close();
    },
  };
  return rig;
}

export const trackersOf = (news: readonly ForgeNews[]): TrackerNews[] =>
  news.flatMap((each) => (each.news === 'tracker' ? [each.of] : []));

type LogJob = Extract<Job, { readonly do: 'log' }>;

export const logJob = (where: string, more: Partial<LogJob> = {}): LogJob => ({
  do: 'log',
  where,
  sort: 'story',
  title: 'A story',
  body: 'What it is about.',
  labels: [],
  severity: null,
  ...more,
});
