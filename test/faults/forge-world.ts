import type { Deployment, DeploymentState } from '../peers/github/world.ts';
import { createWhole, type Whole, type WholeOptions } from '../support/whole-bot.ts';

/** A web item between the real GitHub and Circles adapters, at its release on production, and what may go wrong there. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const THURSDAY = '2026-11-26T10:00:00+01:00';
/** The window opens. */
export const OPENS = '2026-11-30T00:00:00+01:00';

export interface ForgeWorld {
  readonly whole: Whole;
  /** Lines `olga: /release WEB-1 staging v1`, each of which must be taken. */
  say(script: string): Promise<void>;
  /** The same, until all that follows from them has happened. */
  play(script: string): Promise<void>;
  /** The answer's words, whatever it is. */
  ask(as: string, text: string): Promise<string>;
  /** The clock goes to this instant, with a comparison every so often, as there is one every five minutes. */
  to(instant: string): Promise<void>;
  /** The bot ends, and begins again on its file: what fell due meanwhile is done, and the forges are compared. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Messages that hold these words, each after whom it is for. */
  told(words: string): readonly string[];
  /** A deployment of `example/web` to production. */
  deploy(given?: { by?: string; ref?: string; repository?: string; environment?: string }): Promise<Deployment>;
  finish(deployment: Deployment, by?: string, state?: DeploymentState['state']): Promise<void>;
  /** What we said of a deployment, oldest first: `held`, `approved` or `rejected`. */
  words(deployment: Deployment): readonly string[];
  history(key?: string): Promise<string>;
}

export async function createForgeWorld(options: WholeOptions = {}): Promise<ForgeWorld> {
  const whole = await createWhole({ connected: ['github', 'circles'], ...options });
  const { github } = whole;
  for (const name of ['example/web', 'example/grid']) github.repo(name).guarded.add('production').add('testnet');
  const handle = (as: string, text: string) =>
    whole.bot().engine.handle({ as, via: 'web', place: null, text, pressed: false });
  const said: string[] = [];
  let isDown = false;
  const calm = (): Promise<void> => (isDown ? github.hooks.settled() : whole.settled());
  const listen = (): void => {
    whole.bot().engine.onMessages((rows) => {
      for (const { to, body } of rows)
        if (body !== null && typeof body === 'object' && 'text' in body)
          said.push(`${JSON.stringify(to)} ${body.text}`);
    });
  };
  listen();
  const world: ForgeWorld = {
    whole,
    async say(script) {
      for (const line of script.split('\n').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))) {
        const [, who = '', words = ''] = /^(\w+): (.*)$/s.exec(line) ?? [];
        const answer = await handle(who, words);
        if (!answer.ok) throw new Error(`${line}: ${answer.code} ${answer.text}`);
      }
    },
    async play(script) {
      await world.say(script);
      await whole.settled();
    },
    ask: async (as, text) => (await handle(as, text)).text,
    async to(instant) {
      await whole.until(instant);
      await whole.reconcile();
      await whole.settled();
    },
    async stop() {
      isDown = true;
      await whole.stop();
    },
    async start() {
      await whole.start();
      isDown = false;
      listen();
      await whole.bot().engine.fireDue();
      await whole.reconcile();
      await whole.settled();
    },
    told: (words) => said.filter((text) => text.includes(words)),
    async deploy({ by = 'olga-gh', ref = 'v1', repository = 'example/web', environment = 'production' } = {}) {
      const deployment = github.deploy(github.repo(repository), github.user(by), { environment, ref });
      await calm();
      return deployment;
    },
    async finish(deployment, by = 'olga-gh', state = 'success') {
      const repo = [...github.world.repos.values()].find(({ deployments }) => deployments.includes(deployment));
      if (repo === undefined) throw new Error('this deployment is of no repository');
      github.finish(repo, deployment, github.user(by), state);
      await calm();
    },
    words: ({ reports }) => reports.map(({ state }) => state ?? 'held'),
    history: async (key = 'WEB-1') => (await handle('olga', `/history ${key}`)).text,
  };
  return world;
}

/** WEB-1 with a story and an issue, built, on staging as v1, and approved there by both of its stakeholders' majority. */
export async function toProduction(world: ForgeWorld): Promise<void> {
  const { whole, play } = world;
  const { github, circles } = whole;
  const pia = circles.member('mia');
  circles.peer.add('userstory', circles.grid, pia, { subject: 'A page' });
  const web = github.repo('example/web');
  const issue = github.open(web, github.user('wim-gh'), { title: 'Write the page' });
  await whole.settled();
  const story = `${circles.grid.slug}/us:1`;
  await play(`
    sam: /call open
    mia: /propose web Campaign
    mia: /link WEB-1 ${story}
    sam: /approve WEB-1
    sue: /approve WEB-1
    sam: /prioritise WEB-1 1
    mia: /handover WEB-1 web
    wim: /link WEB-1 ${story} example/web#1
    wim: /done WEB-1
    wim: /done WEB-1
    wim: /handover WEB-1 ops`);
  github.turn(web, issue, github.user('wim-gh'), 'closed');
  await whole.settled();
  await whole.reconcile();
  await play(`
    olga: /env ready staging WEB-1
    olga: /done WEB-1
    olga: /release WEB-1 staging v1
    sam: /approve WEB-1
    sue: /approve WEB-1`);
}

/** PRJ-1 with a story, its issue and a circle of its own, in Dina's hands: its page is not linked yet. */
export async function toDocumentation(world: ForgeWorld): Promise<void> {
  const { whole, play } = world;
  const { github, circles } = whole;
  circles.peer.add('userstory', circles.grid, circles.member('mia'), { subject: 'Ships come in' });
  github.open(github.repo('example/grid'), github.user('dina-gh'), { title: 'Let ships in' });
  await whole.settled();
  const story = `${circles.grid.slug}/us:1`;
  await play(`
    sam: /call open
    sam: /propose project Harbour
    sam: /approve PRJ-1
    sue: /approve PRJ-1
    sam: /prioritise PRJ-1 1 owner tom team mia
    tom: /circle PRJ-1 create`);
  await play(`
    tom: /link PRJ-1 ${story}
    tom: /done PRJ-1
    mia: /done PRJ-1
    mia: /link PRJ-1 ${story} example/grid#1
    mia: /handover PRJ-1 dev
    dina: /accept PRJ-1`);
}

/** The same, documented, on testnet, and with Quinn, who tests it. */
export async function toQa(world: ForgeWorld): Promise<void> {
  await toDocumentation(world);
  await world.play(`
    dina: /docs PRJ-1 ${world.whole.page('harbour/setup.md')}
    dina: /handover PRJ-1 ops
    olga: /release PRJ-1 testnet v1
    olga: /handover PRJ-1 qa
    quinn: /accept PRJ-1`);
  await world.whole.reconcile();
}
