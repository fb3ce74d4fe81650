import type { AdapterLog } from '../../src/forge-ports.ts';

/** Says in one line what was passed over: by its number, for its words are other people's. */
export function tellOdd(log: AdapterLog, what: string, odd: readonly (number | null)[]): void {
  if (odd.length > 0) log.warn('Circles shows what can not be read; it is passed over', { what, numbers: [...odd] });
}
