import type { AdapterLog, ForgeAdapter } from '../../src/forge-ports.ts';
import type { Failure } from './failure.ts';

/** How the connection is, as the last call found it. */

type State = ReturnType<ForgeAdapter['state']>;

export interface Connection {
  state(): State;
  went(username: string | undefined): void;
  failed(failure: Failure): void;
}

export function createConnection(log: AdapterLog): Connection {
  let now: State = { is: 'starting', line: 'Circles: connecting' };
  const tell = (state: State): void => {
    if (state.is === now.is && state.line === now.line) return;
    now = state;
    if (state.is === 'connected') log.info(state.line);
    else log.warn(state.line);
  };
  return {
    state: () => now,
    went: (username) =>
      tell({ is: 'connected', line: username === undefined ? 'Circles: connected' : `Circles: as ${username}` }),
    failed: (failure) => {
      if (failure.is !== 'answered') return tell({ is: 'away', line: `Circles: ${failure.why}; trying again` });
      if (failure.status === 401)
        return tell({
          is: 'refused',
          line: 'Circles: our token is not taken (401); set CIRCLES_TOKEN, or CIRCLES_USERNAME and CIRCLES_PASSWORD, anew',
        });
      if (failure.status === 429 || failure.status >= 500)
        return tell({ is: 'away', line: `Circles: ${failure.why}; trying again` });
      // Any other no is about one call: whoever made it deals with it.
      return undefined;
    },
  };
}
