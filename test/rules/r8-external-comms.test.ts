import { expect } from 'vitest';
import { rows } from '../support/rows.ts';
import { IMPLEMENT, ROADMAP } from '../support/script.ts';

rows(
  `${IMPLEMENT}
    mia: /announce PROD-1 by 2026-11-30 It opens`,
  `
  sam   /approve ANN-1                                                                             -> signed
  sam   /approve ANN-1; sue: /approve ANN-1; arno: /approve ANN-1                                  -> signed
  sam   /approve ANN-1; sue: /approve ANN-1; arno: /approve ANN-1; pia: /approve ANN-1             -> announced
  sam   /approve ANN-1; pia: /approve ANN-1; arno: /approve ANN-1; sol: /approve ANN-1             -> announced
  dave  /approve ANN-1                                                                             -> forbidden R8
  arno  /reject ANN-1 no                                                                           -> rejected
  pia   /reject ANN-1 no                                                                           -> rejected
  sam   /reject ANN-1 no                                                                           -> voted
  sam   /reject ANN-1 no; sue: /reject ANN-1 no                                                    -> rejected
  dave  /announce PROD-1 It opens                                                                  -> forbidden R8
  pia   /announce PROD-1 It opens                                                                  -> drafted
  mia   /announce PROD-1 by 2026-11-22 It opened                                                   -> refused R8
  mia   /announce PROD-1 by 2026-11-23 It opens                                                    -> drafted
  mia   sam: /approve ANN-1; /announce ANN-1 by 2026-12-01 It opens; sam: /approve ANN-1           -> signed
`,
  (found, wanted) => expect(found).toBe(wanted),
);

// An objection moves the circle's owner, and so does its end: who is it no longer does not sign for it.
rows(
  `${ROADMAP}
    mia: /announce PROD-1 It opens
    pia: /approve ANN-1
    sam: /object PROD-1 the budget comes first
    sam: /approve ANN-1
    sue: /approve ANN-1`,
  `
  arno  /approve ANN-1                                                                             -> signed
  bea   arno: /approve ANN-1; /approve ANN-1                                                       -> announced
  pia   /approve ANN-1                                                                             -> forbidden R8
  bea   sam: /approve PROD-1; sue: /approve PROD-1; arno: /approve ANN-1; /approve ANN-1           -> forbidden R8
  pia   sam: /approve PROD-1; sue: /approve PROD-1; arno: /approve ANN-1; /approve ANN-1           -> announced
`,
  (found, wanted) => expect(found).toBe(wanted),
);
