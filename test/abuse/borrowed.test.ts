import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createButtons } from '../../src/shell/buttons.ts';
import { engineOn, folder } from '../shell/given.ts';
import { tally } from '../support/tally.ts';
import { createWhole, type Whole } from '../support/whole-bot.ts';
import { ask } from '../web/demo.ts';

/** What is rightly signed, or rightly made, and used for something else than it was signed or made for. */

const happened = (whole: Whole): readonly string[] =>
  whole.bot().engine.store.events(0, 100_000).map(({ stream, type }) => `${stream} ${type}`); // biome-ignore format: one line

test('what was signed as an event of Slack is no command, whatever type somebody says it is of', async () => {
  const whole = await createWhole({ chats: 'webhooks', connected: ['slack'] });
  const { origin, secrets, engine } = whole.bot();
  const { slack } = whole.stage;
  // A stranger's own words: read as a form, they would be a slash command of Sam's.
  const form = new URLSearchParams({ command: '/baton', text: 'call open', team_id: slack.teamId, channel_id: 'D0X', user_id: 'U0SAM', trigger_id: '1.2' });
  const event = { type: 'message', channel: 'D0X', channel_type: 'im', user: 'U0NOBODY', ts: '1.1', text: `x&${form}&y=` };
  const body = JSON.stringify({ type: 'event_callback', team_id: slack.teamId, event_id: 'Ev0BORROWED', event });
  const stamp = String(Math.floor(whole.now() / 1_000));
  const signature = `v0=${createHmac('sha256', secrets.slackSigning).update(`v0:${stamp}:${body}`).digest('hex')}`;
  const before = happened(whole);
  const types = ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-8', 'text/plain', '', 'application/json'];
  for (const type of types) {
    const headers = { 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature, ...(type === '' ? {} : { 'content-type': type }) };
    const { status, text } = await ask(origin, '/slack/events', { method: 'POST', headers, body });
    expect([type, status, text]).toEqual([type, 200, '']);
  }
  await whole.settled();
  expect(happened(whole)).toEqual(before);
  expect(engine.world().get('calls', 'all')?.open ?? null).toBeNull();
  // The same words as the form that they say they are: a command, once it is signed as one.
  const command = `${form}`;
  const own = `v0=${createHmac('sha256', secrets.slackSigning).update(`v0:${stamp}:${command}`).digest('hex')}`;
  const headers = { 'x-slack-request-timestamp': stamp, 'x-slack-signature': own, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await ask(origin, '/slack/events', { method: 'POST', headers, body: command })).text).toContain('The call is open');
  tally('bad input', 'signed for one thing, read as another', types.length);
}); // biome-ignore format: long lines

test('a comment that another account sends than the one that it names is nobody’s command', async () => {
  const whole = await createWhole({ chats: 'webhooks', connected: ['github'] });
  const { origin, secrets } = whole.bot();
  const send = async (id: number, sender: object | undefined) => {
    const issue = { number: 3, title: 'x', state: 'open', labels: [], user: { login: 'lea-gh', id: 7 } };
    const comment = { id, body: `/freeze declare 2026-12-24 2026-12-27 ${id}`, user: { login: 'olga-gh', id: 1 } };
    const body = JSON.stringify({ action: 'created', issue, comment, repository: { full_name: 'example/grid' }, sender });
    const signature = `sha256=${createHmac('sha256', secrets.githubHook).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-github-event': 'issue_comment', 'x-github-delivery': `borrowed-${id}`, 'x-hub-signature-256': signature };
    expect((await ask(origin, '/webhooks/github', { method: 'POST', headers, body })).status).toBe(202);
  };
  const declared = () => happened(whole).filter((event) => event.endsWith('freeze-declared')).length;
  await send(1, { login: 'mallory', id: 666, type: 'User' });
  await send(2, { login: 'lea-gh', id: 7, type: 'User' });
  await whole.settled();
  expect(declared()).toBe(0);
  await send(3, { login: 'olga-gh', id: 1, type: 'User' });
  await whole.settled();
  expect(declared()).toBe(1);
  tally('bad input', 'a comment in somebody’s name', 2);
}); // biome-ignore format: long lines

test('a circle that can be none is the beginning of no reference', async () => {
  const whole = await createWhole({ chats: 'webhooks', connected: ['circles'] });
  const { origin, secrets } = whole.bot();
  await whole.settled();
  let serial = 0;
  const send = async (project: object, ref = 50) => {
    serial += 1;
    const data = { id: 7_000 + serial, ref, subject: 'It burns', project: { id: 1, name: 'Grid', ...project }, status: { name: 'New', is_closed: false }, severity: { name: 'Critical' } };
    const body = JSON.stringify({ type: 'issue', action: 'create', date: `2026-11-23T09:00:00.${serial}`, by: { username: 'pia' }, data });
    const headers = { 'content-type': 'application/json', 'x-taiga-webhook-signature': createHmac('sha1', secrets.circles).update(body).digest('hex') };
    expect((await ask(origin, '/webhooks/circles', { method: 'POST', headers, body })).status).toBe(200);
  };
  const before = happened(whole);
  const odd = ['a/us:1#b c\nd', '..', '', 'grid/us:1', '<@U0OLGA>', 'a b', '-grid'];
  for (const slug of odd) await send({ slug });
  await send({ permalink: 'https://circles.example.org/project/..' });
  for (const ref of [0, -1]) await send({ slug: 'keeper-grid' }, ref);
  await whole.settled();
  expect(happened(whole)).toEqual(before);
  await send({ slug: 'keeper-grid' });
  await whole.settled();
  expect(happened(whole)).toContain('ref/keeper-grid/issue:50 seen');
  tally('bad input', 'circles that can be none', odd.length + 3);
}); // biome-ignore format: long lines

test('guests of one workspace have each their own buttons, as everybody in private', async () => {
  const { engine } = await engineOn(join(folder(), 'baton.db'));
  const buttons = await createButtons(engine.store);
  const token = await buttons.keepOne('slack:T2/U0ANNA', 'accept', 'WEB-1', '');
  const strange = [
    ['slack:T2/U0BOB', 'slack:T2/U0BOB'], ['slack:T2/U0BOB/1.2', 'slack:T2/U0BOB'], ['slack:T2', 'slack:U0SAM'], ['slack:T2/1.2', 'slack:U0SAM'],
    ['slack:U0ANNA', 'slack:U0ANNA'], ['slack:T3/U0ANNA', 'slack:T3/U0ANNA'],
  ] as const;
  for (const [where, who] of strange) expect([where, buttons.find(where, who, token)]).toEqual([where, undefined]);
  for (const where of ['slack:T2/U0ANNA', 'slack:T2/U0ANNA/1.2', 'slack:C0OPS'])
    expect(buttons.find(where, 'slack:T2/U0ANNA', token)?.on).toBe('WEB-1');
  // A thread is of its channel all the same.
  const shared = await buttons.keepOne('slack:C0OPS/1.2', 'accept', 'WEB-2', '');
  expect(buttons.find('slack:C0OPS/3.4', 'slack:U0SAM', shared)?.on).toBe('WEB-2');
  tally('bad input', 'another guest’s button', strange.length);
}); // biome-ignore format: long lines
