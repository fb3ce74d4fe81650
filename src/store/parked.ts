import { OVERTAKEN } from './port.ts';

/** In SQL: what did not get to where it belongs and needs a person. The first half stands as the partial index has it. */
export const IS_PARKED = `state in ('failed', 'uncertain', 'expired') and not (state = 'expired' and coalesce(reason, '') in (${Object.values(
  OVERTAKEN,
)
  .map((reason) => `'${reason}'`)
  .join(', ')}))`;
