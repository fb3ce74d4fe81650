import type { CliCommand } from './cli.ts';
export const backupCommand: CliCommand = { usage: 'backup', summary: '', options: {}, run: async () => 2 };
