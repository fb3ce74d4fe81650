import { expect, test, vi } from 'vitest';
import { buttons, list, say as sentence, toWritten } from '../../src/core/text.ts';
import { TO_ISSUES } from '../core/on-forges.ts';
import { createFakeForge, forgesOn, inFolder } from './forge-stage.ts';

/** Commands that are written as comments on issues, and how they are answered there. */

async function started() {
  const forge = createFakeForge();
  const shell = await forgesOn(inFolder(), forge);
  shell.start();
  return { forge, ...shell };
}

test('said at an issue, /ack and /resolve mean its own alert; where there is none, no other is shown', async () => {
  const { forge, play, engine } = await started();
  await play('wim: /bug critical It is down\n wim: /bug critical All is down');
  await vi.waitFor(() => expect(engine.world().get('alert', 'ALERT-2')?.ref).toBe('example/grid#102'));
  const say = (id: string, ref: string, text: string) =>
    forge.webhook(id, { news: 'said', id, ref, account: 'olga-gh', text });
  const answers = (ref: string) =>
    forge.done.flatMap(({ job }) => (job.do === 'comment' && !job.status && job.ref === ref ? [job.body] : []));
  const state = () => engine.world().get('alert', 'ALERT-2')?.state;
  await say('a1', 'example/grid#102', '/ack on it');
  await vi.waitFor(() => expect(state()).toBe('acknowledged'));
  expect(engine.world().get('alert', 'ALERT-1')?.state).toBe('open');
  await say('a2', 'example/web#3', '/ack');
  await vi.waitFor(() => expect(answers('example/web#3')).toHaveLength(1));
  expect(answers('example/web#3')[0]).toBe('No alert is open here. Name the one that you mean: /ack ALERT-1.');
  await say('a3', 'example/grid#102', '/resolve the disk was full');
  await vi.waitFor(() => expect(state()).toBe('resolved'));
  expect(engine.world().get('alert', 'ALERT-1')?.state).toBe('open');
});

test.each(['\r\n', '\r', '\n'])(
  'a command in a comment ends at its line, also at %j; a long text goes on',
  async (end) => {
    const { forge, play, engine } = await started();
    await play(TO_ISSUES);
    const say = (id: string, text: string) =>
      forge.webhook(id, { news: 'said', id, ref: 'example/web#3', account: 'wim-gh', text });
    await say('d1', `/done${end}thanks`);
    await vi.waitFor(() => expect(engine.world().get('item', 'WEB-1')?.step).toBe('build'));
    await say('d2', `/bug minor A typo${end}in the title`);
    await vi.waitFor(() =>
      expect(forge.done.flatMap(({ job }) => (job.do === 'log' ? [job.title] : []))).toHaveLength(1),
    );
    expect(forge.done.flatMap(({ job }) => (job.do === 'log' ? [job.title] : []))).toEqual(['A typo in the title']);
  },
);

test('what could be pressed elsewhere is a command on a line of its own, without marks that would be shown', () => {
  const choices = buttons(
    { label: 'ALERT-1', command: 'ack', on: 'ALERT-1', args: 'on it' },
    { label: 'ALERT-2', command: 'ack', on: 'ALERT-2', args: 'on it' },
  );
  const text = sentence`Which one?${list([['ALERT-1'], ['ALERT-2']])}${choices}`;
  const written = toWritten(text, ({ command, on, args }) => `/${command} ${on} ${args}`);
  expect(written).toBe('Which one?\n• ALERT-1\n• ALERT-2\n/ack ALERT-1 on it\n/ack ALERT-2 on it');
});
