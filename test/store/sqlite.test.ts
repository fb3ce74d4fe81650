import { join } from 'node:path';
import { describeStore } from './contract.ts';
import { folder, opened } from './given.ts';

describeStore('SQLite in memory', ({ now }) => opened(':memory:', { now }));
describeStore('SQLite on a file', ({ now }) => opened(join(folder(), 'baton.db'), { now }));
