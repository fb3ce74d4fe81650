import { writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { createStore } from '../../../src/store/sqlite.ts';
import { opened, options } from '../../store/given.ts';
import { SHAPES } from './shapes.ts';

/** Makes so many commits of a shape, and says each once it is promised. `normal`: with the setting that we never use. */
const [path = '', name = '', count = '0', synchronous = 'full'] = process.argv.slice(2);
const store = synchronous === 'full' ? opened(path) : careless();
writeSync(1, 'ready\n');
for (let n = 0; n < Number(count); n += 1) {
  await SHAPES[name]?.run(store, n);
  writeSync(1, `promised ${n}\n`);
}
await store.close();

function careless() {
  const db = new Sqlite(path);
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = normal');
  return createStore(db, undefined, options(path));
}
