import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

/** Asks in the terminal, or reads the answers line by line where they come from a file or a pipe. */
export interface Asker {
  /** The answer without the spaces around it; undefined: there is no more input. What is secret is not shown. */
  ask(question: string, secret?: boolean): Promise<string | undefined>;
  close(): void;
}

/** Reads whole lines; one that comes before its question waits for it. */
export function createAsker(input: Readable & { readonly isTTY?: boolean }, output: Writable): Asker {
  const terminal = input.isTTY === true;
  // Also between questions: what is typed or pasted too early may be the next secret.
  let isMuted = true;
  const shown = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  // Without a history nobody brings a token back with the arrow keys.
  const reader = createInterface({ input, output: shown, terminal, historySize: 0 });
  let isOver = false;
  reader.once('close', () => {
    isOver = true;
  });
  const lines = reader[Symbol.asyncIterator]();
  return {
    ask: async (question, secret = false) => {
      isMuted = secret;
      // The prompt is drawn anew with every key, and with what was typed so far: only for what may be seen.
      if (secret || !terminal) output.write(`${question} `);
      else if (!isOver) {
        reader.setPrompt(`${question} `);
        reader.prompt();
      }
      const line = await lines.next();
      isMuted = true;
      if (secret || !terminal) output.write('\n');
      return line.done === true ? undefined : line.value.trim();
    },
    close: () => reader.close(),
  };
}
