import type { AdapterLog, ForgeAdapter } from '../../src/forge-ports.ts';
import { type Failure, isAnswered } from './failure.ts';

/** How the connection is, told by every call that is made. */

type State = ReturnType<ForgeAdapter['state']>;

export interface Status {
  state(): State;
  /** Who we are there, once it is known: `baton[bot]`. */
  named(login: string): void;
  went(): void;
  failed(failure: Failure): void;
}

export function createStatus(log: AdapterLog, setting: string): Status {
  let now: State = { is: 'starting', line: 'GitHub: connecting.' };
  let login: string | undefined;
  const tell = (state: State): void => {
    if (state.is === now.is && state.line === now.line) return;
    now = state;
    if (state.is === 'connected') log.info(state.line);
    else log.warn(state.line);
  };
  const went = (): void =>
    tell({ is: 'connected', line: `GitHub: connected${login === undefined ? '' : ` as ${login}`}.` });
  return {
    state: () => now,
    named: (name) => {
      login = name;
      went();
    },
    went,
    failed: (failure) => {
      if (isAnswered(failure, 401))
        tell({ is: 'refused', line: `GitHub: our credentials are not taken (401); look at ${setting}.` });
      else if (failure.is !== 'answered' || failure.status >= 500)
        tell({ is: 'away', line: `GitHub: ${failure.why}; trying again.` });
      else if (failure.after !== undefined)
        tell({ is: 'away', line: `GitHub: asked too much (${failure.status}); going on later.` });
      // A no to one call is an answer all the same.
      else if (now.is !== 'refused') went();
    },
  };
}
