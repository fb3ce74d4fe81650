import type { Organisation } from '../../src/core/organisation.ts';
import { createGiteaPeer, type GiteaPeer, type Repository } from '../peers/gitea/peer.ts';
import { createGithubPeer, type GithubPeer } from '../peers/github/peer.ts';
import { createSmtpPeer, type SmtpPeer } from '../peers/smtp/peer.ts';
import { createTaigaPeer, type TaigaPeer } from '../peers/taiga/peer.ts';
import type { Project, User } from '../peers/taiga/world.ts';
import { createStage, type Stage, type StageOptions } from './stage.ts';

/** The six platforms with everyone on them, and the organisation's file as it looks with all of them connected. */

/** A Taiga in which an administrator keeps a template and one circle, and the bot is a member of both. */
interface Circles {
  readonly peer: TaigaPeer;
  readonly token: string;
  readonly bot: User;
  /** Who made the template: a member of every circle that is made from it. */
  readonly keeper: User;
  readonly template: Project;
  /** The organisation's default circle. */
  readonly grid: Project;
  /** A person's user there, made when they are asked for; they are in all circles there are at that moment. */
  member(name: string): User;
  /** As the bot names a story or an issue: `keeper-grid/us:3`. */
  byRef(ref: string): ReturnType<TaigaPeer['find']>;
}

/** Gitea with `infra/docs`, which the bot may ask after, and `infra/secrets`, which it must not see. */
export interface Peers {
  readonly stage: Stage;
  readonly organisation: Organisation;
  readonly github: GithubPeer;
  readonly circles: Circles;
  readonly gitea: GiteaPeer;
  /** `infra/docs` there: it has `README.md` and `harbour/setup.md`. */
  readonly documents: Repository;
  readonly smtp: SmtpPeer;
  /** Stands where whatever must never leave Gitea stands. */
  readonly canary: string;
  /** The address of a page of the documentation, as people paste it. */
  page(path: string): string;
  close(): Promise<void>;
}

export interface PeersOptions {
  readonly organisation: Organisation;
  readonly strangers?: readonly string[] | undefined;
  readonly stage?: StageOptions | undefined;
  /** People and chats have the accounts that the file gives them; else everybody is on both platforms. */
  readonly asInTheFile?: boolean | undefined;
  now(): number;
}

const MEMBER = [
  ...['view_project', 'view_us', 'add_us', 'modify_us', 'comment_us', 'view_tasks', 'add_task', 'modify_task'],
  ...['view_issues', 'add_issue', 'modify_issue', 'comment_issue'],
];
const CANARY = 'canary-8b1f-the-password-of-the-database';

export async function startPeers(options: PeersOptions): Promise<Peers> {
  const { organisation: given, strangers, stage: own, now } = options;
  const repositories = given.github.repositories.length > 0 ? given.github.repositories : ['example/grid'];
  const [stage, github, taiga, gitea, smtp] = await Promise.all([
    createStage(given, strangers, {
      telegram: { now, webhookPause: 50, conflictPause: 50, ...own?.telegram },
      // A machine that is busy with other tests may be slow to acknowledge.
      slack: { now, retryScale: 0.001, patience: 20_000, ...own?.slack },
    }),
    createGithubPeer({ repositories, now }),
    createTaigaPeer({ now }),
    createGiteaPeer(),
    createSmtpPeer(),
  ]);
  const circles = circlesOn(taiga);
  const documents = gitea.repository({
    name: 'infra/docs',
    files: { 'README.md': CANARY, 'harbour/setup.md': CANARY },
  });
  gitea.repository({ name: 'infra/secrets', isVisible: false, files: { 'keys.md': CANARY } });
  const { host } = new URL(gitea.url);
  const placed = options.asInTheFile === true ? onlyGiven(stage.organisation, given) : stage.organisation;
  const { circles: circlesOfFile, link_hosts } = placed;
  const organisation: Organisation = {
    ...placed,
    github: { ...placed.github, repositories },
    circles: {
      ...circlesOfFile,
      url: taiga.url.replace(/\/api\/v1\/?$/, ''),
      template: circles.template.slug,
      default: circles.grid.slug,
    },
    gitea: { documents: ['infra/docs'], forbidden: ['infra/secrets'] },
    link_hosts: [...link_hosts, host, new URL(taiga.url).host],
  };
  return {
    stage,
    organisation,
    github,
    circles,
    gitea,
    smtp,
    documents,
    canary: CANARY,
    page: (path) => `${gitea.url}/infra/docs/src/branch/main/${path}`,
    close: async () => {
      await Promise.all([stage.close(), github.stop(), taiga.close(), gitea.close(), smtp.close()]);
    },
  };
}

/** The stage gives everybody accounts on both platforms: those that are not in the file are a stranger's. */
const onlyGiven = (placed: Organisation, given: Organisation): Organisation => ({
  ...placed,
  people: given.people,
  chats: placed.chats.map(({ telegram, slack, ...chat }, at) => ({
    ...chat,
    ...(given.chats[at]?.telegram === undefined || telegram === undefined ? {} : { telegram }),
    ...(given.chats[at]?.slack === undefined || slack === undefined ? {} : { slack }),
  })),
});

function circlesOn(peer: TaigaPeer): Circles {
  const [keeper, bot] = [peer.user('keeper'), peer.user('baton')];
  const [template, grid] = [peer.project('TEMPLATE_Product', keeper), peer.project('Grid', keeper)];
  for (const project of [template, grid]) peer.member(project, bot, MEMBER);
  const people = new Map<string, User>();
  return {
    peer,
    token: peer.accounts.applicationToken(bot),
    bot,
    keeper,
    template,
    grid,
    member: (name) => {
      const user = people.get(name) ?? peer.user(name);
      people.set(name, user);
      for (const project of peer.world.projects) peer.member(project, user, MEMBER);
      return user;
    },
    byRef: (ref) => {
      const [, slug, number] = /^([\w.-]+)\/(?:us|issue):(\d+)$/.exec(ref) ?? [];
      const project = peer.world.projects.find((each) => each.slug === slug);
      return project === undefined ? undefined : peer.find(project, Number(number));
    },
  };
}
