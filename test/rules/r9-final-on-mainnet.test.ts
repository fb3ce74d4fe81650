import { expect } from 'vitest';
import { rows } from '../support/rows.ts';
import { MAINNET } from '../support/script.ts';

rows(
  MAINNET,
  `
  lea   /skip PROD-1                                                                                                         -> usage
  dave  /skip PROD-1 no need                                                                                                 -> forbidden
  lea   /skip PROD-1 no need                                                                                                 -> requested
  lea   /skip PROD-1 no need; pia: /approve PROD-1                                                                           -> refused R5 links-closed
  lea   /skip PROD-1 no need; pia: /reject PROD-1 there is                                                                   -> rejected
  lea   /skip PROD-1 no need; sam: /approve PROD-1                                                                           -> forbidden
  lea   /unlink PROD-1 us:34; lea: /unlink PROD-1 #3; lea: /link PROD-1 baton#7; lea: /skip PROD-1 no need; sam: /call close; pia: /approve PROD-1 -> refused R5 links-closed
`,
  (found, wanted) => expect(found).toBe(wanted),
);
