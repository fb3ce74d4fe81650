import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ExportFormat, exportEvents } from '../../src/store/export.ts';
import { folder, note, opened } from './given.ts';

async function exported(format: ExportFormat, texts: readonly string[]): Promise<string[]> {
  const path = join(folder(), 'baton.db');
  const store = opened(path);
  await store.write(texts.map((text) => ({ decide: note('item/a', text) })));
  const lines = exportEvents(path, format);
  if ('refusal' in lines) throw new Error(lines.refusal);
  const all = [...lines];
  await store.close();
  return all;
}

it('writes every event as a line of JSON, past one batch', async () => {
  const lines = await exported(
    'jsonl',
    Array.from({ length: 2_500 }, (_, index) => `n${index}`),
  );
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, index) => index + 1));
  expect(lines).toHaveLength(2_500);
  expect(lines[0]).toBe(
    '{"seq":1,"stream":"item/a","version":1,"type":"noted","at":1000,"actor":"ole","via":"test","data":{"note":"n0"}}\n',
  );
});

it.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['\tx', "'\tx"],
  ['plain', 'plain'],
  ['a,"b"', '"a,""b"""'],
  ['=a,b', '"\'=a,b"'],
])('writes %j into a CSV cell as %j', async (via, cell) => {
  const path = join(folder(), 'baton.db');
  const store = opened(path);
  const decide = note('item/a', 'x');
  await store.write([
    {
      decide(read, now) {
        const commit = decide(read, now);
        return { ...commit, events: commit.events.map((event) => ({ ...event, via })) };
      },
    },
  ]);
  await store.close();
  const lines = exportEvents(path, 'csv');
  expect('refusal' in lines ? lines : [...lines]).toEqual([
    'seq,stream,version,type,at,actor,via,data\n',
    `1,item/a,1,noted,1970-01-01T00:00:01.000Z,ole,${cell},"{""note"":""x""}"\n`,
  ]);
});

it('says when there is nothing to export', () => {
  expect(exportEvents(join(folder(), 'none.db'), 'csv')).toMatchObject({ refusal: expect.any(String) });
});
