import { expect } from 'vitest';
import { rows } from '../support/rows.ts';
import { STAGED } from '../support/script.ts';

/** Staging is a dedicated environment of the transcripts’ organisation. */
rows(
  STAGED,
  `
  olga  /release WEB-1 staging v2                                                            -> released
  olga  /env remove staging WEB-1; olga: /release WEB-1 staging v2                           -> refused R13
  olga  /env remove staging WEB-1; wim: /env request staging WEB-1; olga: /release WEB-1 staging v2 -> refused R13
  olga  /env remove staging WEB-1; olga: /env ready staging WEB-1; olga: /release WEB-1 staging v2 -> released
`,
  (found, wanted) => expect(found).toBe(wanted),
);
