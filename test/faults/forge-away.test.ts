import { expect, test } from 'vitest';
import { runs } from '../support/chance.ts';
import {
  createForgeWorld,
  DAY,
  type ForgeWorld,
  HOUR,
  MINUTE,
  THURSDAY,
  toDocumentation,
  toProduction,
  toQa,
} from './forge-world.ts';

/** GitHub, Circles, Gitea or the mail's server is away for an hour, or for a day: all else goes on, and then it catches up. */

type Platform = 'github' | 'circles' | 'gitea' | 'smtp';
/** No connection comes about, a proxy answers in its place, nobody answers, or all is done and the answer never comes. */
type How = 'refused' | '502' | 'hang' | 'lost';
const GITHUB = { '502': { status: 502 }, hang: { hang: true }, lost: { status: 502, handled: true } } as const;
const CIRCLES = { '502': { status: 502 }, hang: { hang: 'before' }, lost: { status: 502, after: true } } as const;

const [AN_HOUR, A_DAY] = [
  { length: 'an hour', milliseconds: HOUR },
  { length: 'a day', milliseconds: DAY },
];
const CONNECTED = ['github', 'circles', 'gitea', 'smtp'] as const;
const EVER = 1e9;
const HOWS: Readonly<Record<Platform, readonly How[]>> = {
  github: ['refused', '502', 'hang', 'lost'],
  circles: ['refused', '502', 'hang', 'lost'],
  gitea: ['refused', '502'],
  smtp: ['refused', '502', 'hang'],
};

/** Each length and each way once; with `PROPERTY_RUNS` each way for each length. */
const ways = <P extends Platform>(...platforms: readonly P[]) =>
  platforms.flatMap((platform) =>
    [
      { platform, how: 'refused', ...A_DAY } as const,
      { platform, how: '502', ...AN_HOUR } as const,
      { platform, how: 'hang', ...AN_HOUR } as const,
      { platform, how: 'lost', ...AN_HOUR } as const,
      ...(runs(1) === 1
        ? []
        : [
            { platform, how: 'refused', ...AN_HOUR } as const,
            { platform, how: '502', ...A_DAY } as const,
            { platform, how: 'hang', ...A_DAY } as const,
          ]),
    ].filter(({ how }) => HOWS[platform].includes(how)),
  );
/** It goes away; resolves to what brings it back. */
async function leave({ whole }: ForgeWorld, platform: Platform, how: How): Promise<() => Promise<void>> {
  const { github, circles, gitea, smtp } = whole;
  // Who is away tells nothing either.
  github.hooks.plan = () => (platform === 'github' ? 'drop' : 'send');
  circles.peer.hooks.drop(() => platform === 'circles');
  const door = { github: github.away, circles: circles.peer.away, smtp: smtp.away, gitea: undefined }[platform];
  if (platform === 'gitea') gitea.fault('/', how === '502' ? { status: 502 } : 'reset', EVER);
  else if (how === 'refused') await door?.(true);
  else if (platform === 'github') github.fault('*', GITHUB[how], EVER);
  else if (platform === 'smtp')
    smtp.fault(how === 'hang' ? { at: 'mail', hang: true } : { at: 'mail', reply: 421 }, EVER);
  else for (const method of ['GET', 'POST', 'PATCH']) circles.peer.fault(method, /./, CIRCLES[how], EVER);
  return async () => {
    // What hangs is cut off in the end.
    if (how === 'hang') await door?.(true);
    for (const peer of [github, circles.peer, gitea, smtp]) peer.clearFaults();
    if (how === 'hang' || how === 'refused') await door?.(false);
    github.hooks.plan = () => 'send';
    circles.peer.hooks.drop(() => false);
  };
}

/** It stays away so long; what hangs is waited for by nobody. */
async function pass({ whole }: ForgeWorld, milliseconds: number, how: How): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 30 * MINUTE) {
    await whole.advance(Math.min(left, 30 * MINUTE));
    if (how !== 'hang' && left % (4 * HOUR) === 0) await whole.reconcile();
  }
  const compared = whole.reconcile();
  if (how !== 'hang') await compared;
  else compared.catch(() => undefined);
}

/** Minutes go by until nothing waits any more. */
async function catchUp({ whole }: ForgeWorld): Promise<void> {
  for (let minute = 0; minute < 60; minute += 1) {
    await whole.advance(MINUTE);
    await whole.settled(3_000).catch(() => undefined);
    const waiting = whole
      .rows('new', 'sending', 'uncertain')
      .filter(({ address }) => /^(github|circles|email):/.test(address ?? ''));
    if (waiting.length === 0 && (await whole.reconcile())) return whole.settled();
  }
  throw new Error(`these still wait: ${JSON.stringify(whole.rows('new', 'sending', 'uncertain'))}`);
}

/** Nothing was given up, and no words of ours stand anywhere twice. */
function noDoubles({ whole }: ForgeWorld): void {
  expect(
    whole
      .bot()
      .engine.store.parked(100)
      .filter(({ state }) => state === 'failed'),
  ).toEqual([]);
  for (const { name, issues } of whole.github.world.repos.values()) {
    expect([name, issues.map(({ title }) => title)]).toEqual([name, [...new Set(issues.map(({ title }) => title))]]);
    for (const { comments } of issues)
      expect(comments.map(({ body }) => body)).toHaveLength(new Set(comments.map(({ body }) => body)).size);
  }
  for (const things of [whole.circles.peer.world.things.userstory, whole.circles.peer.world.things.issue])
    expect(things.map(({ fields }) => fields.subject)).toHaveLength(
      new Set(things.map(({ fields }) => fields.subject)).size,
    );
  const letters = whole.smtp.mails.map(({ parsed }) => parsed.messageId);
  expect(letters).toHaveLength(new Set(letters).size);
}

test.each(ways('github', 'circles'))(
  '$platform is away for $length ($how): logged under a placeholder, gates hold, and it is made once',
  async ({ platform, how, milliseconds }) => {
    const world = await createForgeWorld({ connected: CONNECTED });
    await toQa(world);
    const { whole } = world;
    const { github, circles } = whole;
    const name = { github: 'GitHub', circles: 'Circles' }[platform];
    const comeBack = await leave(world, platform, how);
    const log = platform === 'github' ? '/bug minor PRJ-1 The ship is red' : '/story PRJ-1 The ship is red';
    const placeholder = platform === 'github' ? 'baton#1' : 'baton/us:1';
    expect(await world.ask('mia', log)).toContain(placeholder);
    expect(await world.ask('mia', '/status PRJ-1')).toContain(placeholder);
    // Somebody works on, over there.
    const issue = github.repo('example/grid').issues[0];
    const story = circles.byRef(`${circles.grid.slug}/us:1`);
    if (issue === undefined || story === undefined) throw new Error('the stage does not stand');
    github.turn(github.repo('example/grid'), issue, github.user('dina-gh'), 'closed');
    circles.peer.moveTo(story, circles.member('mia'), 'done');
    await world.say('sam: /propose project Quay\n sam: /approve PRJ-2\n sue: /approve PRJ-2');
    await pass(world, milliseconds, how);
    await world.say('sam: /propose project Another');
    await expect
      .poll(() => world.ask('quinn', '/pass PRJ-1'), { timeout: 15_000 })
      .toContain(`not verified with ${name} since Mon 23 Nov 10:00`);
    await comeBack();
    await catchUp(world);
    // What was made has its real name everywhere.
    const bot = whole.bot().engine.world();
    const real = bot.get('ref', placeholder)?.became;
    expect(real).toMatch(platform === 'github' ? /^example\/grid#2$/ : /\/us:\d+$/);
    expect(bot.get('item', 'PRJ-1')?.links.map(({ ref }) => ref)).toContain(real);
    const status = await world.ask('mia', '/status PRJ-1');
    expect(status).toContain(real);
    expect(status).not.toContain(placeholder);
    // What was missed is known, and the gate opens.
    expect(bot.get('ref', 'example/grid#1')?.open).toBe(false);
    expect(bot.get('ref', `${circles.grid.slug}/us:1`)?.open).toBe(false);
    expect(await world.ask('quinn', '/pass PRJ-1')).toContain('qa of PRJ-1 passed');
    await catchUp(world);
    noDoubles(world);
  },
);

test.each(ways('gitea'))(
  'Gitea is away for $length ($how): a page is not believed in, and all else goes on',
  async ({ platform, how, milliseconds }) => {
    const world = await createForgeWorld({ connected: CONNECTED });
    await toDocumentation(world);
    const page = world.whole.page('harbour/setup.md');
    const comeBack = await leave(world, platform, how);
    expect(await world.ask('dina', `/docs PRJ-1 ${page}`)).toContain('must answer');
    expect(await world.ask('dina', '/handover PRJ-1 ops')).toContain('a documentation link');
    expect(await world.ask('quinn', '/bug minor PRJ-1 The ship is red')).toContain('The ship is red');
    await pass(world, milliseconds, how);
    expect(await world.ask('dina', '/handover PRJ-1 ops')).toContain('a documentation link');
    await comeBack();
    await world.play(`dina: /docs PRJ-1 ${page}\n dina: /handover PRJ-1 ops`);
    noDoubles(world);
  },
);

test.each(ways('smtp'))(
  'the mail’s server is away for $length ($how): an invitation arrives once',
  async ({ platform, how, milliseconds }) => {
    const world = await createForgeWorld({ connected: CONNECTED });
    await toQa(world);
    await world.play('quinn: /join PRJ-1 mail\n quinn: /pass PRJ-1\n quinn: /handover PRJ-1 project');
    const comeBack = await leave(world, platform, how);
    expect(await world.ask('mia', '/invite PRJ-1')).toContain('The invitation is posted');
    expect(await world.ask('mia', '/status PRJ-1')).toContain('handover-release');
    await pass(world, milliseconds, how);
    expect(world.whole.smtp.mails).toEqual([]);
    await comeBack();
    await catchUp(world);
    expect(world.whole.smtp.mails.map(({ to }) => to)).toEqual([['quinn@example.org']]);
    noDoubles(world);
  },
);

test('GitHub is away over Monday 00:00: the approval is said when it is back, once, if it is still allowed then', async () => {
  const world = await createForgeWorld();
  await toProduction(world);
  await world.to(THURSDAY);
  const deployment = await world.deploy();
  await world.to('2026-11-29T23:30:00+01:00');
  const comeBack = await leave(world, 'github', 'refused');
  await pass(world, HOUR, 'refused');
  expect(world.words(deployment)).toEqual(['held']);
  await comeBack();
  await catchUp(world);
  expect(world.words(deployment)).toEqual(['held', 'approved']);
});
