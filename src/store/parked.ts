/**
 * What did not get to where it belongs and needs a person. What was overtaken does not: a newer one follows, it was over,
 * or it was decided anew. The first half stands as the partial index has it.
 */
const OVERTAKEN = [
  'a newer one of its sort follows',
  'a newer one follows',
  'it was over before it could be said',
  'it was decided anew',
];

export const IS_PARKED = `state in ('failed', 'uncertain', 'expired') and not (state = 'expired' and coalesce(reason, '') in (${OVERTAKEN.map((reason) => `'${reason}'`).join(', ')}))`;
