import type { CliCommand } from './cli.ts';
export const processCommand: CliCommand = { usage: 'process', summary: '', options: {}, run: async () => 2 };
