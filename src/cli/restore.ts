import type { CliCommand } from './cli.ts';
export const restoreCommand: CliCommand = { usage: 'restore', summary: '', options: {}, run: async () => 2 };
