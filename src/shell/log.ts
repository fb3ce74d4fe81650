import { randomBytes } from 'node:crypto';
import { type DestinationStream, pino } from 'pino';
import { redact } from './redact.ts';

/** Structured logs through the one redactor. A fault gets a short reference, which the user also sees. */
export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Logs our own error and returns its reference. */
  fault(message: string, error: unknown): string;
}

export function createLog(level: string, to?: DestinationStream): Log {
  const target = to ?? pino.destination(2);
  const logger = pino(
    { level, base: null, formatters: { level: (label) => ({ level: label }) } },
    { write: (line) => target.write(redact(line)) },
  );
  return {
    info: (message, details = {}) => logger.info(details, message),
    warn: (message, details = {}) => logger.warn(details, message),
    fault: (message, error) => {
      const reference = randomBytes(4).toString('hex');
      logger.error({ reference, err: error }, message);
      return reference;
    },
  };
}
