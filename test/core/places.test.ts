import { expect, test } from 'vitest';
import { createStage } from './stage.ts';

const PROPOSED = `
  bea: /propose service One
  bea: /propose service Two`;

function staged() {
  const stage = createStage();
  stage.play(PROPOSED);
  return stage;
}

test('a thread is bound by itself, and what is not bound means its chat’s item', () => {
  const stage = staged();
  const dev = { place: 'dev' };
  const thread = { place: 'dev', thread: '1700000000.000100' };
  const asked = (where: object) => stage.say('sam', '/status', where).outcome.key;
  expect(stage.say('sam', '/bind SVC-1', thread).code).toBe('bound');
  expect([asked(thread), asked(dev)]).toEqual(['SVC-1', undefined]);
  expect(stage.say('sam', '/bind SVC-2', dev).code).toBe('bound');
  expect([asked(thread), asked(dev), asked({ ...thread, thread: '1700000000.000200' })]).toEqual([
    'SVC-1',
    'SVC-2',
    'SVC-2',
  ]);
  expect(stage.say('sam', '/unbind', thread).outcome.key).toBe('SVC-1');
  expect(asked(thread)).toBe('SVC-2');
  expect(stage.say('sam', '/unbind', thread).code).toBe('already');
  expect(asked(dev)).toBe('SVC-2');
});

test('every command that looks for the place’s item finds the thread’s', () => {
  const stage = staged();
  const thread = { place: 'dev', thread: '1.2' };
  stage.say('sam', '/bind SVC-2', thread);
  for (const words of ['/why', '/history', '/env request testnet', '/escalate nobody answers', '/bug minor Broken'])
    expect([words, stage.say('sam', words, thread).outcome.key]).toEqual([words, 'SVC-2']);
  expect(stage.say('sam', '/call open').code).toBe('opened');
  expect(stage.say('sam', '/approve', thread).outcome).toMatchObject({ code: 'voted', key: 'SVC-2' });
});

test('a chat that the file does not list is a place by its address, in a group as in a topic', () => {
  const stage = staged();
  expect(stage.say('sam', '/bind SVC-1', { place: 'telegram:-100555/7' }).code).toBe('bound');
  expect(stage.say('sam', '/status', { place: 'telegram:-100555/7' }).outcome.key).toBe('SVC-1');
  expect(stage.say('sam', '/status', { place: 'telegram:-100555' }).outcome.key).toBeUndefined();
  expect(stage.say('sam', 'hello @dave', { place: 'telegram:-100555/7' }).code).toBe('silent');
});

test('R3 goes by the chat: one hint an hour, in whichever thread', () => {
  const stage = staged();
  const hints = (thread: string) =>
    stage.say('sam', 'hey @dave', { place: 'general', thread }).messages.map(({ kind }) => kind);
  expect(hints('1.1')).toEqual(['hint']);
  expect(hints('1.2')).toEqual([]);
  stage.moveTo('2026-11-23T11:00:00+01:00');
  expect(hints('1.2')).toEqual(['hint']);
});
