import { join } from 'node:path';

/** What the last long runs came to: written by `npm run proof`, shown by `docs/reliability.md`. */
export const RESULTS = join(import.meta.dirname, '../../docs/results.json');
