import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Form, Reply } from '../../src/ports.ts';
import { openStage, reply, type Stage } from './slack-stage.ts';

const FORM: Form = {
  token: 'form-1',
  title: '/reject WEB-1',
  example: '/reject WEB-1 the build is red',
  fields: [
    { name: 'reason', label: 'Why?', optional: false, sort: 'long' },
    { name: 'owner', label: 'Who?', optional: true, sort: 'person' },
    { name: 'env', label: 'Where?', optional: true, sort: 'choice', choices: ['qa', 'mainnet'] },
  ],
};
const approve = { label: 'Approve', command: 'approve', on: 'WEB-1' };

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage(mode);
    await vi.waitFor(() => expect(stage.slack.state()).toMatchObject({ is: 'connected' }), 20_000);
  });
  afterEach(async () => {
    await stage.stop();
    expect(stage.peer.oddities).toEqual([]);
  });

  const shown = (text: string) =>
    stage.peer.waitFor(() => stage.peer.messages('C0TEAM').find((each) => each.text.includes(text)));
  /** A card with a button. */
  const card = async () => {
    await stage.slack.send({
      id: 'card',
      address: { platform: 'slack', chat: 'C0TEAM' },
      nodes: ['Card', { node: 'buttons', buttons: [approve] }],
      token: () => 'tok',
      loud: false,
    });
    return shown('Card');
  };

  test('a slash command is decided, then answered in its acknowledgement', async () => {
    const outcome = await stage.olga.command('C0TEAM', '/baton', 'status WEB-1');
    expect(stage.decided).toMatchObject([
      { incoming: { sort: 'said', text: '/status WEB-1', account: 'slack:U0OLGA' } },
    ]);
    expect(outcome.message).toMatchObject({ text: 'Done.', only: undefined });
    expect(stage.peer.calls.filter(({ method }) => method === 'response_url')).toEqual([]);
  });

  test('a refusal is for the asker alone, silence says nothing, and in private all is for one', async () => {
    stage.script.answer = () => reply(['No.'], { ok: false, quiet: true });
    expect((await stage.olga.command('C0TEAM', '/baton', 'release')).message).toMatchObject({ only: 'U0OLGA' });
    stage.script.answer = () => reply([], { code: 'silent' });
    expect(await stage.olga.command('C0TEAM', '/baton', 'hm')).toEqual({});
    stage.script.answer = () => reply(['Secret.']);
    expect((await stage.olga.command(stage.olga.direct, '/baton', 'web')).message).toMatchObject({ only: 'U0OLGA' });
    expect(stage.decided.at(-1)?.incoming).toMatchObject({ isPrivate: true, address: { chat: 'U0OLGA' } });
  });

  test('a decision that fails is told, and never as a time-out', async () => {
    stage.script.answer = () => Promise.reject(new Error('disk'));
    const outcome = await stage.olga.command('C0TEAM', '/baton', 'status');
    expect(outcome.message).toMatchObject({ only: 'U0OLGA', text: expect.stringContaining('E-1') });
  });

  test('a decision that takes longer says so, and answers later', async () => {
    const slow = Promise.withResolvers<Reply>();
    stage.script.answer = () => slow.promise;
    const outcome = await stage.olga.command('C0TEAM', '/baton', 'release WEB-1');
    expect(outcome.message?.text).toBe('Working on it …');
    slow.resolve(reply(['Released.']));
    expect(await shown('Released.')).toMatchObject({ only: undefined });
    expect(stage.decided).toHaveLength(1);
  });

  test('a redelivered command changes nothing and gets the same answer', async () => {
    let count = 0;
    stage.script.answer = () => reply([`Answer ${++count}.`]);
    await stage.olga.command('C0TEAM', '/baton', 'approve WEB-1');
    const [delivery] = stage.peer.deliveries;
    if (delivery === undefined) throw new Error('nothing was delivered');
    expect(await stage.peer.redeliver(delivery)).toMatchObject({ acked: true, payload: { text: 'Answer 1.' } });
    expect(stage.decided).toHaveLength(1);
  });

  test('an event is stored before it is acknowledged, and comes again while there is no room', async () => {
    let full = 1;
    stage.script.receive = () => (full-- > 0 ? 'full' : 'stored');
    stage.olga.say('C0TEAM', '@baton status');
    const delivery = await stage.peer.waitFor(() =>
      stage.peer.deliveries.find(
        ({ body, state }) => JSON.stringify(body).includes('app_mention') && state === 'acked',
      ),
    );
    expect(stage.stored.has(`slack:${delivery.id}`)).toBe(true);
    expect(delivery.tries.length).toBeGreaterThan(1);
    const read = [...stage.stored.values()].map((body) => stage.slack.read(body));
    expect(read).toMatchObject([{ sort: 'said', text: '/status', account: 'slack:U0OLGA' }]);
    await stage.peer.redeliver(delivery);
    expect(stage.stored.size).toBe(1);
  }, 30_000);

  test('what is none of our business is acknowledged and not kept', async () => {
    stage.peer.otherApp('C0TEAM', '/release WEB-1');
    const message = stage.olga.say('C0TEAM', 'hello');
    stage.olga.edit(message, '/release WEB-1');
    await stage.peer.waitFor(
      () => stage.peer.deliveries.length >= 3 && stage.peer.deliveries.every(({ state }) => state === 'acked'),
    );
    expect([...stage.stored.values()].map((body) => stage.slack.read(body))).toMatchObject([{ text: 'hello' }]);
  });

  test('a button is decided before it is acknowledged; the answer follows for the one who pressed', async () => {
    stage.script.answer = () => reply(['Approved.']);
    const message = await card();
    expect(await stage.max.press(message, 'Approve')).toEqual({});
    expect(stage.decided).toMatchObject([
      { incoming: { sort: 'pressed', token: 'tok', account: 'slack:U0MAX', message: `C0TEAM/${message.ts}` } },
    ]);
    expect(await shown('Approved.')).toMatchObject({ only: 'U0MAX' });
    expect(message.text).toBe('Card');
  });

  test('the answer to a button takes another way where its address is gone', async () => {
    stage.script.answer = () => reply(['Approved.']);
    stage.peer.fault('response_url', { status: 500 });
    await stage.max.press(await card(), 'Approve');
    expect(await shown('Approved.')).toMatchObject({ only: 'U0MAX' });
    expect(stage.peer.calls.map(({ method }) => method)).toContain('chat.postEphemeral');
  });

  test('a button that lacks something opens a form; its errors stay in it, its answer takes its place', async () => {
    const message = await card();
    stage.script.answer = () => reply(['Say why.'], { ok: false, code: 'usage', quiet: true, form: FORM });
    await stage.max.press(message, 'Approve');
    const view = await stage.peer.waitFor(() => stage.peer.view('U0MAX'));
    stage.script.answer = () => reply(['“<x>” is too short & thin.'], { ok: false, code: 'usage', quiet: true });
    expect(await stage.max.submit(view, { reason: 'hm' })).toEqual({
      errors: { reason: '“<x>” is too short & thin.' },
    });
    stage.script.answer = () => reply(['WEB-1 was rejected.']);
    const outcome = await stage.max.submit(view, { reason: 'the build is red', owner: 'U0OLGA', env: 'qa' });
    expect(JSON.stringify(outcome.view?.content)).toContain('WEB-1 was rejected.');
    expect(stage.decided.at(-1)?.incoming).toMatchObject({
      sort: 'filled',
      token: 'form-1',
      account: 'slack:U0MAX',
      address: { chat: 'C0TEAM' },
      isPrivate: false,
      values: { reason: 'the build is red', owner: '<@U0OLGA>', env: 'qa' },
    });
  });

  test('a command that lacks something is answered by the form alone', async () => {
    stage.script.answer = () => reply(['Say why.'], { ok: false, code: 'usage', quiet: true, form: FORM });
    expect(await stage.olga.command('C0TEAM', '/baton', 'reject WEB-1')).toEqual({});
    // It is there before the acknowledgement, and nothing else is.
    expect(stage.peer.view('U0OLGA')).toBeDefined();
    expect(stage.peer.messages('C0TEAM')).toEqual([]);
  });

  test('where the form does not open, the words are left', async () => {
    stage.script.answer = () => reply(['Say why.'], { ok: false, code: 'usage', quiet: true, form: FORM });
    stage.peer.fault('views.open', { error: 'expired_trigger_id' });
    const { message } = await stage.olga.command('C0TEAM', '/baton', 'reject WEB-1');
    expect(message).toMatchObject({ text: 'Say why.', only: 'U0OLGA' });
    expect(stage.peer.view('U0OLGA')).toBeUndefined();
  });

  test('an answer to words has a button that opens the form', async () => {
    const account = { account: 'slack:U0OLGA', quiet: true, ok: false, isPrivate: false };
    const address = { platform: 'slack' as const, chat: 'C0TEAM' };
    const answer = { ...account, form: FORM };
    await stage.slack.send({ id: 'q', address, nodes: ['Say why.'], token: () => '', loud: false, answer });
    expect(await stage.olga.press(await shown('Say why.'), 'Fill in')).toEqual({});
    const view = await stage.peer.waitFor(() => stage.peer.view('U0OLGA'));
    expect(stage.decided).toEqual([]);
    await stage.olga.submit(view, { reason: 'red' });
    expect(stage.decided).toMatchObject([
      { incoming: { sort: 'filled', token: 'form-1', address: { chat: 'C0TEAM' }, values: { reason: 'red' } } },
    ]);
  });

  test('being added to a channel is told with its name', async () => {
    stage.peer.channel({ id: 'C0NEW', name: 'newcomers', members: ['U0OLGA'], withBot: false });
    stage.olga.invite('C0NEW', stage.peer.botUserId);
    await vi.waitFor(() => expect(stage.stored.size).toBe(1));
    const [body] = stage.stored.values();
    expect(stage.slack.read(body)).toMatchObject({ sort: 'added', title: 'newcomers', account: 'slack:U0OLGA' });
  });

  test('a form whose decision takes longer shows its answer later', async () => {
    const slow = Promise.withResolvers<Reply>();
    stage.script.answer = ({ sort }) =>
      sort === 'filled' ? slow.promise : reply(['Say why.'], { ok: false, code: 'usage', form: FORM });
    await stage.olga.command('C0TEAM', '/baton', 'reject WEB-1');
    const view = await stage.peer.waitFor(() => stage.peer.view('U0OLGA'));
    const outcome = await stage.olga.submit(view, { reason: 'red' });
    expect(JSON.stringify(outcome.view?.content)).toContain('Working on it');
    slow.resolve(reply(['Rejected.']));
    await stage.peer.waitFor(() => JSON.stringify(stage.peer.view('U0OLGA')?.content).includes('Rejected.'));
  });

  test('the shortcut takes any words; a message becomes a story', async () => {
    await stage.olga.shortcut('baton_say');
    const say = await stage.peer.waitFor(() => stage.peer.view('U0OLGA'));
    await stage.olga.submit(say, { words: 'mine <b>' });
    expect(stage.decided.at(-1)?.incoming).toMatchObject({
      sort: 'said',
      text: 'mine <b>',
      isPrivate: true,
      address: { chat: 'U0OLGA' },
    });
    stage.script.form = {
      ...FORM,
      fields: [{ name: 'title', label: 'What?', optional: false, sort: 'long', value: 'x & y' }],
    };
    await stage.max.messageShortcut(stage.olga.say('C0TEAM', 'x & y'), 'baton_story');
    const story = await stage.peer.waitFor(() => stage.peer.view('U0MAX'));
    expect(stage.asked).toEqual([{ command: 'story', value: 'x & y' }]);
    expect(JSON.stringify(story.content)).toContain('"initial_value":"x & y"');
  });

  test('the home page shows what waits, and its buttons work', async () => {
    stage.script.sections = [
      { title: 'Waits for you', nodes: ['WEB-1', { node: 'buttons', buttons: [approve] }] },
      { title: 'The board', nodes: ['Nothing.', { node: 'buttons', buttons: [approve] }] },
    ];
    stage.olga.openHome();
    const home = await stage.peer.waitFor(() => stage.peer.home('U0OLGA'));
    stage.script.answer = () => reply(['Approved.']);
    await stage.olga.press(home, 'Approve');
    expect(stage.decided.at(-1)?.incoming).toMatchObject({
      token: 'home-approve',
      address: { chat: 'U0OLGA' },
      isPrivate: true,
    });
    await stage.peer.waitFor(() => stage.peer.messages(stage.olga.direct).find(({ text }) => text === 'Approved.'));
    expect(stage.stored.size).toBe(0);
  });

  test('nothing secret is logged', async () => {
    stage.peer.fault('chat.postMessage', { status: 500 });
    await stage.slack.send({
      id: '1',
      address: { platform: 'slack', chat: 'C0TEAM' },
      nodes: ['x'],
      token: () => '',
      loud: false,
    });
    stage.peer.fault('views.open', { html: true });
    await stage.olga.shortcut('baton_say');
    await vi.waitFor(() => expect(stage.logged.length).toBeGreaterThan(0));
    for (const secret of [stage.peer.botToken, stage.peer.appToken, stage.peer.signingSecret, 'ticket='])
      expect(stage.logged.join('\n')).not.toContain(secret);
  });
});
