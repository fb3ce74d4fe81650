import type { CliCommand } from './cli.ts';
export const say: CliCommand = { usage: 'say', summary: '', options: {}, run: async () => 2 };
