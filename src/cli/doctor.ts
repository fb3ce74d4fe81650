import type { CliCommand } from './cli.ts';
export const doctor: CliCommand = { usage: 'doctor', summary: '', options: {}, run: async () => 2 };
