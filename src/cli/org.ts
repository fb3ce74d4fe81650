import type { CliCommand } from './cli.ts';
export const org: CliCommand = { usage: 'org', summary: '', options: {}, run: async () => 2 };
