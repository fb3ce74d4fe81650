import type { CliCommand } from './cli.ts';
export const exportCommand: CliCommand = { usage: 'export', summary: '', options: {}, run: async () => 2 };
