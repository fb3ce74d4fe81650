/** What the runner and its workers say to each other. */

/** Which tests are to try a mutant, and in which order. */
export interface Trial {
  readonly mutant: string;
  readonly tests: readonly string[];
}

/** What becomes of a mutant: `unreached` is one that no test comes to. */
export type Verdict = 'killed' | 'timeout' | 'survived' | 'unreached';

export interface Tried {
  readonly mutant: string;
  readonly verdict: Verdict;
  /** The test that found it. */
  readonly by?: string;
  /** Whether the process is as it was before: what found the mutant passes without it. */
  readonly clean: boolean;
}

export interface KnownTest {
  readonly id: string;
  readonly file: string;
  readonly milliseconds: number;
  readonly problem?: string;
}

/** What a run without any mutant shows. */
export interface Survey {
  readonly tests: readonly KnownTest[];
  /** For each mutant, the places of the tests in `tests` that reach it. */
  readonly reached: Readonly<Record<string, readonly number[]>>;
  /** Mutants that are evaluated when a file is loaded. */
  readonly loaded: readonly string[];
}

export type ToWorker = { readonly ask: 'survey' } | { readonly ask: 'try'; readonly trial: Trial };
export type FromWorker =
  | { readonly say: 'ready' }
  | { readonly say: 'begins'; readonly test: string }
  | { readonly say: 'survey'; readonly survey: Survey }
  | { readonly say: 'tried'; readonly tried: Tried };
