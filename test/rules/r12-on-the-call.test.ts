import { expect } from 'vitest';
import { rows } from '../support/rows.ts';

rows(
  `
  @2026-11-23T10:00:00+01:00
  bea: /propose service One`,
  `
  sam  /approve SVC-1                                                                                 -> refused R12
  sam  /reject SVC-1 no                                                                               -> refused R12
  sam  /abstain SVC-1                                                                                 -> refused R12
  sam  /prioritise SVC-1 1                                                                            -> refused R12
  sam  sue: /call open; sam: /approve SVC-1                                                           -> voted
  sam  sue: /call open; @2026-11-23T13:59:59+01:00; sam: /approve SVC-1                               -> voted
  sam  sue: /call open; @2026-11-23T14:00:00+01:00; sam: /approve SVC-1                               -> refused R12
  sam  sue: /call open; sue: /call close; sam: /approve SVC-1                                         -> refused R12
  sam  sue: /call open; sam: /approve SVC-1; sue: /approve SVC-1; sue: /call close; sam: /prioritise SVC-1 1 -> refused R12
  sam  sue: /call open; sam: /approve SVC-1; sue: /approve SVC-1; sam: /prioritise SVC-1 1            -> prioritised
  sam  /drop SVC-1 no                                                                                 -> refused R12
  sam  sue: /call open; sam: /drop SVC-1 no                                                           -> dropped
  bea  /drop SVC-1 no                                                                                 -> dropped
  dave /drop SVC-1 no                                                                                 -> forbidden
  bea  /propose service Two urgent #5                                                                 -> refused R12
  bea  /link SVC-1 #5; bea: /propose service Two urgent #5; sam: /approve SVC-2                       -> voted
  bea  /link SVC-1 #5; sue: /call open; sam: /drop SVC-1 no; bea: /propose service Two urgent #5      -> refused R12
  olga /call open                                                                                     -> forbidden
`
    .replace('dave /drop', 'dave  /drop')
    .replace('olga /call', 'olga  /call'),
  (found, wanted) => expect(found).toBe(wanted),
);
