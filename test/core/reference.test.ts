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
  configured  http://github.com/example/grid/issues/12                -> issue example/grid#12
  configured  github.com/example/grid/issues/12                       -> issue example/grid#12
  configured  http://github.com.evil.example/example/grid/issues/12   -> none
  configured  https://circles.example.org/project/grid/us/34-roadmap-one -> story grid/us:34
  configured  https://circles.example.org/project/grid/us/34          -> story grid/us:34
  configured  https://circles.example.org/project/grid/issue/5        -> issue grid/issue:5
  configured  https://circles.example.org/project/harbour/            -> circle https://circles.example.org/project/harbour/
  configured  https://pad.example.org/p/1                             -> other https://pad.example.org/p/1
  configured  https://github.com/example/grid/pull/12                 -> pull example/grid#12
  configured  https://github.com/example/grid/pull/12/files#diff-0a1  -> pull example/grid#12
  configured  https://github.com/example/grid/pull/12/commits/c0ffee?w=1 -> pull example/grid#12
  configured  https://github.com/Example/GRID/issues/12               -> issue example/grid#12
  configured  Example/Web#7                                           -> issue example/web#7
  configured  https://github.com/other/repo/issues/7?notification=1   -> issue other/repo#7
  configured  https://www.github.com/other/repo/issues/7/             -> issue other/repo#7
  configured  https://api.github.com/repos/example/web/issues/7       -> issue example/web#7
  configured  https://code.example.org/example/web/issues/7#event-1   -> issue example/web#7
  configured  https://code.example.org/example/web/pull/8/checks      -> pull example/web#8
  configured  https://code.example.org/api/v3/repos/example/web/issues/7 -> issue example/web#7
  configured  https://code.example.org/else/where/issues/7            -> other https://code.example.org/else/where/issues/7
  configured  https://github.com/orgs/example/projects/1/views/2?pane=issue&itemId=9&issue=example%7Cweb%7C7 -> issue example/web#7
  configured  https://github.com/example/grid/milestone/3?closed=1    -> milestone https://github.com/example/grid/milestone/3
  configured  https://github.com/example/grid                         -> other https://github.com/example/grid
  configured  https://circles.example.org/project/harbour/us/34?kanban=1 -> story harbour/us:34
  configured  https://circles.example.org/project/grid/issue/5#comment -> issue grid/issue:5
  configured  https://circles.example.org/project/grid/task/12        -> other https://circles.example.org/project/grid/task/12
  configured  https://circles.example.org/project/grid/taskboard/sprint-2-4?x=1 -> milestone https://circles.example.org/project/grid/taskboard/sprint-2-4
  configured  https://circles.example.org/project/harbour/backlog     -> circle https://circles.example.org/project/harbour/backlog
  configured  https://circles.example.org/discover                    -> other https://circles.example.org/discover
  configured  <https://github.com/example/web/issues/7|the_bug>.      -> issue example/web#7
  configured  <https://pad.example.org/p/1>                           -> other https://pad.example.org/p/1
  configured  (https://github.com/example/web/issues/7)               -> issue example/web#7
  configured  https://pad.example.org/p/a_(b)                         -> other https://pad.example.org/p/a_(b)
  configured  “#12”,                                                  -> issue example/grid#12
  configured  us:34.                                                  -> story grid/us:34
  configured  example/web#7:                                          -> issue example/web#7
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
