import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL, createRig, type Rig } from './circles-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const lacks = async (adapter = rig.circles): Promise<string[]> =>
  (await adapter.check()).filter(({ ok }) => !ok).map(({ what, remedy }) => `${what} ${remedy}`);

describe('check', () => {
  it('finds nothing where all is well', async () => {
    const template = rig.peer.project('TEMPLATE_Project', rig.anna);
    rig.peer.member(template, rig.bot, ALL);
    rig.peer.member(rig.grid, rig.bot, 'admin');
    await rig.listen();
    const well = rig.another({ template: template.slug });
    expect(await lacks(well)).toEqual([]);
    expect((await well.check())[0]).toEqual({ ok: true, what: 'Circles takes our token, as baton.' });
  });

  it('names the rights that lack, the circle that is not there, and the template', async () => {
    rig.peer.member(
      rig.grid,
      rig.bot,
      ALL.filter((each) => each !== 'modify_us' && each !== 'view_tasks'),
    );
    const found = await lacks(rig.another({ template: 'gone', circles: () => [rig.grid.slug, 'nowhere'] }));
    expect(found).toEqual([
      expect.stringContaining('The template gone can not be seen'),
      expect.stringContaining('lacks modify_us, view_tasks'),
      expect.stringContaining('The circle nowhere is not there'),
    ]);
  });

  it('looks for our hook where it may', async () => {
    const hooked = () => lacks().then((found) => found.filter((each) => each.includes('webhook to us')));
    expect(await hooked()).toEqual([]);
    rig.peer.member(rig.grid, rig.bot, 'admin');
    rig.peer.hook(rig.grid, 'https://other.example/hook', 'x');
    expect(await hooked()).toHaveLength(1);
    rig.peer.hook(rig.grid, 'https://baton.example/webhooks/circles', 'x');
    expect(await hooked()).toEqual([]);
    expect(await lacks(rig.another({ webhookSecret: undefined }))).toContainEqual(
      expect.stringContaining('CIRCLES_WEBHOOK_SECRET is not set'),
    );
  });

  it('finds Taiga’s own GitHub hook by what it did, and never reads its secret', async () => {
    const native = () => lacks().then((found) => found.filter((each) => each.includes('own github hook')));
    const story = rig.peer.add('userstory', rig.grid, rig.anna, { subject: 'One' });
    expect(await native()).toEqual([]);
    rig.peer.githubPush(story, 'done');
    expect(await native()).toEqual([expect.stringContaining('github-hook')]);
    rig.peer.remove(story, rig.anna);
    expect(await native()).toEqual([]);
    rig.peer.githubIssue(rig.grid, 'From GH', 'https://github.com/o/r/issues/1');
    expect(await native()).toHaveLength(1);
    expect(rig.peer.seen.filter(({ path }) => path.includes('modules'))).toEqual([]);
  });

  it('says that the clocks differ, and that nobody answers', async () => {
    const ahead = rig.another({ clock: { now: () => Date.now() + 300_000 } });
    expect(await lacks(ahead)).toContainEqual(
      expect.stringMatching(/^The clock of Circles and ours are \d+ seconds apart/),
    );
    const nobody = rig.another({ url: 'http://127.0.0.1:9' });
    expect(await lacks(nobody)).toEqual([expect.stringContaining('CIRCLES_URL')]);
  });
});
