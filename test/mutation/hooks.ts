import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loaded before all else in a worker: whoever imports vitest gets the stand-in, and only the stand-in gets vitest. */

const standIn = pathToFileURL(join(import.meta.dirname, 'vitest-stand-in.ts')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vitest' && context.parentURL !== standIn
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
