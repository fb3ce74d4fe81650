import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type DestinationStream, pino } from 'pino';
import { redact } from './redact.ts';

/** Structured logs through the one redactor. A fault gets a short reference, which the user also sees. */
export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Logs our own error and returns its reference. */
  fault(message: string, error: unknown): string;
}

/** Keeps what is logged until it is let go: a start that fails at once says why in one line, and nothing else. */
export function holdLog(log: Log): { readonly log: Log; release(): void } {
  let held: (() => void)[] | undefined = [];
  const keep = (line: () => void): void => {
    if (held === undefined) line();
    else held.push(line);
  };
  return {
    log: {
      info: (message, details) => keep(() => log.info(message, details)),
      warn: (message, details) => keep(() => log.warn(message, details)),
      fault: log.fault,
    },
    release: () => {
      for (const line of held ?? []) line();
      held = undefined;
    },
  };
}

/**
 * Pino's own way tries a full disk again and again when the process ends, and so has it never end. A line that can not be
 * written is lost: nothing else stops for it.
 */
const STANDARD_ERROR: DestinationStream = {
  write(line) {
    try {
      writeSync(2, line);
    } catch {}
  },
};

export function createLog(level: string, to?: DestinationStream): Log {
  const target = to ?? STANDARD_ERROR;
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
