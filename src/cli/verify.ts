import type { CliCommand } from './cli.ts';
export const verify: CliCommand = { usage: 'verify', summary: '', options: {}, run: async () => 2 };
