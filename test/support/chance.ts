import fc from 'fast-check';

/**
 * Properties with a seed that stays, so that what passed here passes everywhere: a failure is a change's doing.
 * `npm run test:chance` looks further, with a seed of its own each time; what it finds becomes a case of a table.
 */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_123) });

/** How many to try: so many, or as many as `PROPERTY_RUNS` says. */
export const runs = (usually: number): number => Number(process.env.PROPERTY_RUNS ?? usually);

export { fc };
