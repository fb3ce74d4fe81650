import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { letterOf } from '../../adapters/email/render.ts';
import { createLog } from '../../src/shell/log.ts';
import { catalogue, createStage, everyCommand } from '../core/stage.ts';
import { fc, runs } from '../support/chance.ts';
import { tally } from '../support/tally.ts';

/** Words that are more than words: for parsers, logs, mail and objects. What each platform makes of them is tested where it is rendered. */

const HOSTILE = [
  "'; drop table events; --",
  "' or 1=1 --",
  '%27%20or%201=1',
  ['$', '{process.exit(1)}'].join(''),
  '{{constructor.constructor("return process")()}}',
  '__proto__',
  'constructor',
  '\r\nBcc: everyone@example.org\r\n\r\nhello',
  '=HYPERLINK("https://evil.example")',
  '\u001b[2J\u001b[31mred',
  '\ud800 alone',
  '\u202egnp.exe',
  '\0',
  'a'.repeat(40_000),
  '/'.repeat(5_000),
  '@'.repeat(5_000),
  '<'.repeat(5_000),
];

test.each(everyCommand.map(({ name }) => name))('/%s makes nothing of hostile words but an answer', (name) => {
  const stage = createStage();
  stage.play('sam: /call open\nbea: /propose product Alpha');
  for (const words of HOSTILE)
    for (const line of [`/${name} ${words}`, `/${name} PROD-1 ${words}`, `/${name} ${words} PROD-1`, `/${name}${words}`]) {
      const { code } = stage.ask('sam', line);
      expect([line.slice(0, 40), code]).toEqual([line.slice(0, 40), expect.stringMatching(/^[a-z-]+$/)]);
      expect(code).not.toBe('fault');
    }
  expect(({} as Record<string, unknown>).roles).toBeUndefined();
  tally('bad input', '`__proto__`', HOSTILE.length * 4);
}); // biome-ignore format: a table of lines

test('any words at all, by anybody, anywhere: an answer and never an error', () => {
  const stage = createStage();
  stage.play('sam: /call open\nbea: /propose product Alpha');
  const names = [...catalogue.names, 'constructor', '__proto__'];
  fc.assert(
    fc.property(
      fc.constantFrom('sam', 'olga', 'telegram:1', 'constructor', '__proto__'),
      fc.constantFrom(...names),
      fc.array(
        fc.oneof(fc.constantFrom(...HOSTILE.slice(0, 13), 'PROD-1'), fc.string({ unit: 'binary', maxLength: 30 })),
      ),
      fc.constantFrom(null, 'general', '__proto__', 'telegram:-7'),
      (as, name, words, place) => {
        expect(stage.ask(as, `/${name} ${words.join(' ')}`, { place }).code).toMatch(/^[a-z-]+$/);
      },
    ),
    { numRuns: runs(500) },
  );
  tally('bad input', '`__proto__`', runs(500));
});

/** In a thread of its own: a pattern that blows up stops the whole thread, and only from outside can that be seen. */
const PATTERNS = `
  const { parentPort, workerData } = require('node:worker_threads');
  (async () => {
    const { withoutCredentials, removedFrom } = await import(workerData.root + '/src/core/credentials.ts');
    const { redact, purge } = await import(workerData.root + '/src/shell/redact.ts');
    const { readReference } = await import(workerData.root + '/src/core/reference.ts');
    const { oneLine } = await import(workerData.root + '/src/core/text.ts');
    const { unwrap, afterMention, fromSlash } = await import(workerData.root + '/adapters/slack/inbound-text.ts');
    const { commandOf } = await import(workerData.root + '/adapters/github/news.ts');
    const { readAddress } = await import(workerData.root + '/src/shell/address.ts');
    const organisation = { github: { repositories: ['a/b'] }, circles: { default: 'grid' } };
    const reads = [withoutCredentials, removedFrom, redact, purge, (text) => readReference(organisation, text), oneLine, unwrap, afterMention,
      (text) => fromSlash('/baton', text), commandOf, readAddress];
    const pieces = ['a', '-', '/', '@', '<', '>', ':', '.', ' ', '\\t', '=', '"', '[removed: ', 'https://', '://a:', '@a', '/sign-in#',
      '-----BEGIN PRIVATE KEY-----', '-----BEGIN ', 'eyJaaaaaaaaaa.', 'xoxb-', 'Bearer ', 'ghp_', '1234567890:', '\\n> ', '\`\`\`\\n', 'us:', 'a#1', '<@U1', '<!date^'];
    for (const read of reads)
      for (const piece of pieces)
        for (const end of ['', '!', '@', '"', '\\n'])
          read(piece.repeat(Math.ceil(20000 / piece.length)) + end);
    parentPort.postMessage('done');
  })();`;

test('no pattern blows up on what is long and almost right', { timeout: 60_000 }, async () => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const worker = new Worker(PATTERNS, { eval: true, workerData: { root: process.cwd() } });
  worker.once('message', resolve);
  worker.once('error', reject);
  const cut = setTimeout(() => reject(new Error('a pattern takes for ever')), 45_000);
  try {
    expect(await promise).toBe('done');
  } finally {
    clearTimeout(cut);
    await worker.terminate();
  }
});

describe('what is written elsewhere', () => {
  test.each(HOSTILE.slice(0, 13))('a line of the log stays one line, whatever is in it: %j', (words) => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    log.info(words, { account: words, nested: { deep: [words] } });
    log.fault(words, new Error(words));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(['\n', '\r', '\u001b', '\0'].filter((mark) => line.trimEnd().includes(mark))).toEqual([]);
      expect((JSON.parse(line) as { msg: string }).msg.toWellFormed()).toBe(words.toWellFormed());
    }
  });

  test('no header of a letter is made from words', () => {
    const words = 'Alpha\r\nBcc: everyone@example.org\r\n\r\nhello';
    const letter = letterOf({ organisation: words, kind: 'invitation', nodes: [words] });
    expect(letter.subject).not.toMatch(/[\r\n]/);
  });
});
