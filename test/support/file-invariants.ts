import { readFileSync } from 'node:fs';
import type { Organisation } from '../../src/core/organisation.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { fold } from '../properties/engine.ts';
import { checkReleases } from '../sim/oracle-releases.ts';
import { checkVotes } from '../sim/oracle-votes.ts';

/** What must hold in a database file after any fault, once nobody has it open. The simulation holds the rest to account. */

/**
 * Throws where an invariant does not hold: I2, I7 and I11 (the folds, the chain, the file), I4 (votes recounted), I5
 * (releases, by the events alone), and I9 (none of `secrets` in the file).
 */
export function checkInvariants(
  path: string,
  organisation: Pick<Organisation, 'people' | 'timezone' | 'calendar' | 'on_call'>,
  secrets: readonly string[] = [],
): void {
  const { ok, problems } = verifyStore(path, { fold: FOLD_VERSION, evolve: fold });
  if (!ok) throw new Error(`I2, I7 or I11: ${problems.join('; ')}`);
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: Date.now, productVersion: 'test' });
  if ('refusal' in store) throw new Error(`I11: ${store.refusal}`);
  const events = store.events(0, 1_000_000);
  void store.close();
  checkVotes(events, (what) => new Error(`I4: ${what}`));
  checkReleases(organisation, events, (what) => new Error(`I5: ${what}`));
  const bytes = readFileSync(path);
  for (const secret of secrets) if (bytes.includes(secret)) throw new Error('I9: a secret is in the database');
}
