import type { CliCommand } from './cli.ts';
export const start: CliCommand = { usage: 'start', summary: '', options: {}, run: async () => 2 };
