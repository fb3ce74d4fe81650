import { expect, test } from 'vitest';
import type { Organisation } from '../../src/core/organisation.ts';
import { circleSlug, readReference } from '../../src/core/reference.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { table } from '../support/script.ts';

const HEAD = 'organisation: Example\ntimezone: Europe/Brussels\npeople: []\n';
const configured = organisation(
  `${HEAD}github: { repositories: [example/grid, example/web] }\ncircles: { url: https://circles.example.org, default: grid }\n`,
);
const bare = organisation(HEAD);

const ROWS = table(`
  configured  #12                                                     -> issue example/grid#12
  configured  example/web#7                                           -> issue example/web#7
  configured  other/repo#7                                            -> issue other/repo#7
  configured  #007                                                    -> issue example/grid#7
  configured  baton#1                                                 -> issue baton#1
  configured  baton/us:1                                              -> story baton/us:1
  configured  us:34                                                   -> story grid/us:34
  configured  US:34                                                   -> story grid/us:34
  configured  harbour/us:34                                           -> story harbour/us:34
  configured  issue:5                                                 -> issue grid/issue:5
  configured  harbour/issue:5                                         -> issue harbour/issue:5
  configured  https://github.com/example/grid/issues/12               -> issue example/grid#12
  configured  https://github.com/example/grid/issues/12#issuecomment-1 -> issue example/grid#12
  configured  https://circles.example.org/project/grid/us/34          -> story grid/us:34
  configured  https://circles.example.org/project/grid/issue/5        -> issue grid/issue:5
  configured  https://circles.example.org/project/harbour/            -> circle https://circles.example.org/project/harbour/
  configured  https://pad.example.org/p/1                             -> other https://pad.example.org/p/1
  configured  https://github.com/example/grid/pull/12                 -> other https://github.com/example/grid/pull/12
  configured  http://pad.example.org/p/1                              -> none
  configured  https://me:secret@pad.example.org/p                     -> none
  configured  javascript:alert(1)                                     -> none
  configured  12                                                      -> none
  configured  grid                                                    -> none
  configured  us:                                                     -> none
  configured  #                                                       -> none
  bare        #12                                                     -> issue baton#12
  bare        us:34                                                   -> story baton/us:34
  bare        issue:5                                                 -> issue baton/issue:5
  bare        org/repo#3                                              -> issue org/repo#3
`);

test.each(ROWS)('$columns -> $outcome', ({ columns: [which, words = ''], outcome }) => {
  const read = readReference(which === 'bare' ? bare : configured, words);
  expect(read === undefined ? 'none' : `${read.kind} ${read.ref}`).toBe(outcome);
});

test('a bare story belongs to the item’s own circle, where it has one', () => {
  expect(readReference(configured, 'us:34', 'harbour')?.ref).toBe('harbour/us:34');
  expect(readReference(configured, 'grid/us:34', 'harbour')?.ref).toBe('grid/us:34');
  expect(circleSlug('https://circles.example.org/project/harbour/timeline')).toBe('harbour');
});

function organisation(text: string): Organisation {
  const read = parseOrganisation('organisation.yaml', text);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.organisation;
}
