import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOT_LISTED, NOT_VERIFIED } from '../../src/core/page-status.ts';
import type { Documents, Unproved } from '../../src/forge-ports.ts';
import { withDocuments } from '../../src/shell/document-check.ts';
import { createDocumentGate } from '../../src/shell/document-gate.ts';
import { createLinkCheck } from '../../src/shell/link-check.ts';

/** Documents are asked after once it is proved that nothing else can be seen, and not before. */

const AWAY: Unproved = { is: 'unknown', why: 'no answer' };
const SEEN: Unproved = { is: 'seen', why: 'the token of Gitea can see infra/secrets' };

let answers: (Unproved | undefined)[] = [];
let looks: string[] = [];
const shouted: string[] = [];
const documents: Documents = {
  covers: (url) => url.includes('/infra/docs'),
  isHere: (url) => url.startsWith('https://git.example.org/'),
  look: async (url) => {
    looks.push(url);
    return { status: 200 };
  },
  proveBlindness: async () => answers.shift(),
  check: async () => [],
};
const log = { info: () => undefined, warn: () => undefined, fault: () => 'f00' };
const gateOf = () => createDocumentGate({ documents, log, shout: (line) => shouted.push(line) });
const PAGE = 'https://git.example.org/infra/docs';

beforeEach(() => {
  vi.useFakeTimers();
  looks = [];
  shouted.length = 0;
});
afterEach(() => void vi.useRealTimers());

test('away at the start: shut until the proof succeeds', async () => {
  answers = [AWAY, AWAY, undefined];
  const gate = gateOf();
  expect(await gate.prove()).toBeUndefined();
  gate.start();
  expect(gate.state().is).toBe('away');
  expect(await gate.documents.look(PAGE)).toEqual({ status: NOT_VERIFIED });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await gate.documents.look(PAGE)).toEqual({ status: NOT_VERIFIED });
  expect(looks).toEqual([]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(gate.state().is).toBe('connected');
  expect(await gate.documents.look(PAGE)).toEqual({ status: 200 });
});

test('what can be seen later shuts it for good, and is said once', async () => {
  answers = [AWAY, SEEN, undefined];
  const gate = gateOf();
  await gate.prove();
  gate.start();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(gate.state().is).toBe('refused');
  expect(shouted).toEqual([expect.stringContaining(SEEN.why)]);
  expect(await gate.documents.look(PAGE)).toEqual({ status: NOT_VERIFIED });
  expect(answers).toEqual([undefined]);
});

test('seen at the start is why there is none', async () => {
  answers = [SEEN];
  expect(await gateOf().prove()).toBe(SEEN.why);
});

test('what is on its host and not on the list is never asked, also not by the common check', async () => {
  const asked: string[] = [];
  const check = withDocuments({ check: async (url) => asked.push(url) }, documents);
  expect(await check.check('https://git.example.org/infra/secrets')).toBe(NOT_LISTED);
  expect(asked).toEqual([]);
  const resolved: string[] = [];
  const links = createLinkCheck({
    hosts: [],
    isClosed: documents.isHere,
    resolve: async (host) => {
      resolved.push(host);
      return [];
    },
  });
  expect(await links.check('https://git.example.org/infra/secrets')).toBe(0);
  expect(resolved).toEqual([]);
});
