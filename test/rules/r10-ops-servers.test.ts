import { expect } from 'vitest';
import { rows } from '../support/rows.ts';
import { ROADMAP } from '../support/script.ts';

rows(
  ROADMAP,
  `
  olga  /env ready staging PROD-1                                              -> recorded
  dave  /env ready staging PROD-1                                              -> forbidden R10
  lea   /env remove staging PROD-1                                             -> forbidden R10
  dave  /env request staging PROD-1                                            -> requested
  olga  /env ready staging PROD-1; olga: /env remove staging PROD-1            -> recorded
  olga  /env ready staging PROD-1; lea: /env remove staging PROD-1             -> forbidden R10
  zed   /env request staging PROD-1                                            -> forbidden
`,
  (found, wanted) => expect(found).toBe(wanted),
);
