import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run new command NAME`, `new rule ID-NAME`, `new process KIND`: the file and its test, ready to be filled. */

const root = join(import.meta.dirname, '..', '..');
const [sort, name] = process.argv.slice(2);

const command = (id: string): Record<string, string> => ({
  [`src/commands/${id}.ts`]: `import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { say } from '../core/text.ts';

export default defineCommand({
  name: '${id}',
  usage: '/${id} [KEY]',
  summary: 'One sentence: what it does.',
  who: 'the team that holds it',
  examples: ['/${id} WEB-1'],
  on: 'item',
  args: Nothing,
  read: () => ({}),
  decide: ({ item }) => reply('shown', say\`\${item.key} is at \${item.step}.\`),
});
`,
  [`test/transcripts/${id}.jsonl`]: `{"at":"2026-11-23T10:00:00+01:00"}\n{"as":"sam","say":"/${id} WEB-1"}\n`,
});

const rule = (id: string): Record<string, string> => ({
  [`src/rules/${id}.ts`]: `import { defineRule } from '../core/rule.ts';

export const rule = defineRule({
  id: '${id.split('-')[0]?.toUpperCase()}',
  name: '${id.split('-').slice(1).join('-')}',
  source: 'Where the organisation says so',
  statement: 'One positive sentence: what holds.',
  check: () => undefined,
});
`,
  [`test/rules/${id}.test.ts`]: `import { expect, test } from 'vitest';
import { rule } from '../../src/rules/${id}.ts';

test('the rule says where it comes from', () => {
  expect(rule.source).not.toBe('Where the organisation says so');
});
`,
});

const processFile = (id: string): Record<string, string> => ({
  [`src/processes/${id}.yaml`]: `# One line: from what to what.
kind: ${id}
prefix: ${id.slice(0, 4).toUpperCase()}
title: ${id.slice(0, 1).toUpperCase()}${id.slice(1)}
proposed_by: [stakeholder]
steps:
  - { id: agree, kind: vote, owner: stakeholder, majority: stakeholder, on_call: true }
  - { id: prioritise, kind: decide, owner: stakeholder }
  - { id: build, kind: work, owner: developer, marks: [development] }
  - { id: handover-ops, kind: handover, owner: developer, to: ops }
  - { id: mainnet, kind: release, owner: ops, environment: mainnet }
`,
});

const templates: Readonly<Record<string, (id: string) => Record<string, string>>> = {
  command,
  rule,
  process: processFile,
};
const template = templates[sort ?? ''];

if (
  template === undefined ||
  name === undefined ||
  !/^[a-z][a-z0-9-]*$/.test(name) ||
  (sort === 'rule' && !/^r\d+-[a-z]/.test(name))
) {
  console.error('It goes: npm run new command NAME | npm run new rule r17-NAME | npm run new process KIND');
  process.exitCode = 2;
} else {
  const files = Object.entries(template(name));
  const there = files.find(([path]) => existsSync(join(root, path)));
  if (there !== undefined) {
    console.error(`${there[0]} is there already; nothing was written`);
    process.exitCode = 2;
  } else
    for (const [path, text] of files) {
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}`);
    }
}
