import { expect } from 'vitest';
import { rows } from '../support/rows.ts';
import { IMPLEMENT } from '../support/script.ts';

rows(
  IMPLEMENT,
  `
  dave  /docs PROD-1 https://docs.example.org/a; dave: /done PROD-1                                                     -> done
  dave  /docs PROD-1 https://docs.example.org/a; dave: /unlink PROD-1 us:34; dave: /done PROD-1                         -> done
  dave  /docs PROD-1 https://docs.example.org/a; dave: /unlink PROD-1 us:34; dave: /unlink PROD-1 #3; dave: /done PROD-1  -> refused R4
  dave  /unlink PROD-1 us:34; dave: /unlink PROD-1 #3; dave: /done PROD-1                                               -> refused R4 documentation
  sam   /urgent PROD-1 The map is gone                                                                                  -> logged
  dave  /return PROD-1 us:34 no                                                                                         -> refused
`,
  (found, wanted) => expect(found).toBe(wanted),
);

rows(
  `${IMPLEMENT}
    dave: /docs PROD-1 https://docs.example.org/a
    dave: /release PROD-1 testnet
    dave: /handover PROD-1 qa`,
  `
  quinn  /fail PROD-1                    -> usage
  quinn  /fail PROD-1 it does not work   -> usage
  quinn  /fail PROD-1 #9                 -> failed
  quinn  /return PROD-1                  -> usage
  quinn  /return PROD-1 #9               -> usage
  quinn  /return PROD-1 it does not work -> usage
  quinn  /return PROD-1 #9 nothing there -> returned
  dave   /return PROD-1 #9 nothing there -> forbidden
`,
  (found, wanted) => expect(found).toBe(wanted),
);
