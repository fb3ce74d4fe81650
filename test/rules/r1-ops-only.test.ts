import { expect } from 'vitest';
import { rows } from '../support/rows.ts';
import { APPROVED, MAINNET } from '../support/script.ts';

rows(
  APPROVED,
  `
  olga  /release WEB-1 production v1    -> released
  omar  /release WEB-1 production       -> released
  wim   /release WEB-1 production v1    -> forbidden R1
  sam   /release WEB-1 production v1    -> forbidden R1
  mia   /release WEB-1 production v1    -> forbidden R1
  wim   /release WEB-1 mainnet v1       -> forbidden R1
  olga  /release WEB-1 mainnet v1       -> refused
`,
  (found, wanted) => expect(found).toBe(wanted),
);

rows(
  MAINNET,
  `
  lea   /release PROD-1 mainnet v1                                     -> requested
  lea   /release PROD-1 mainnet v1; lea: /release PROD-1 mainnet v1    -> already
  dave  /release PROD-1 mainnet v1                                     -> forbidden R1
  pia   /release PROD-1 mainnet v1                                     -> forbidden R1
  olga  /release PROD-1 mainnet v1                                     -> refused request
`,
  (found, wanted) => expect(found).toBe(wanted),
);
