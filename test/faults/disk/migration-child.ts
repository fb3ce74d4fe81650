import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { options } from '../../store/given.ts';

/** Opens a file with these migrations, which brings it up to date. */
const [path = '', migrations = ''] = process.argv.slice(2);
const store = openSqliteStore(options(path, { migrations, backups: `${path}.backups` }));
if ('refusal' in store) throw new Error(store.refusal);
process.stdout.write('promised 0\n');
await store.close();
