import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { showLive } from '../../src/core/live.ts';
import type { Message } from '../../src/core/message.ts';
import { type Node, type Text, toPlain } from '../../src/core/text.ts';
import type { Stage } from './stage.ts';

/** Pictures of what is seen, to the letter, in `sights/`. `UPDATE=1` takes new ones, to be read before they are kept. */

export function same(name: string, seen: readonly string[]): void {
  const file = join(import.meta.dirname, 'sights', `${name}.txt`);
  const text = `${seen.join('\n')}\n`;
  if (process.env.UPDATE === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** With what each button would say. */
export function show(text: Text): string {
  const pressed = text
    .flatMap((node: Node) => (typeof node !== 'string' && node.node === 'buttons' ? node.buttons : []))
    .map(({ command, on, args }) => ['/', command, on && ` ${on}`, args === undefined ? '' : ` ${args}`].join(''));
  const plain = toPlain(text).replaceAll('\n', '\n    ');
  return pressed.length === 0 ? plain : `${plain}\n    = ${pressed.join(', ')}`;
}

const whomOf = ({ to }: Message): string => Object.values(to).join(' ');

/** The messages, each with what it shows now if it is one that changes. */
export const told = (stage: Stage, from: number): string[] =>
  stage.messages.slice(from).map((message) => {
    const now = message.live === undefined ? undefined : showLive(stage.world(), message.live);
    const isSame = now !== undefined && !now.done && show(now.text) === show(message.text);
    const shows = now === undefined || isSame ? '' : `\n    ${now.done ? 'at last' : 'by now'}: ${show(now.text)}`;
    return `  to ${whomOf(message)}: ${show(message.text)}${shows}`;
  });

/** Plays `who: words` and `@moment` lines, and keeps what was answered and what was told after each. */
export function converse(stage: Stage, script: string): string[] {
  return script.split('\n').flatMap((each) => {
    const line = each.trim();
    if (line === '') return [];
    const from = stage.messages.length;
    const [, who = '', words = ''] = /^([\w:]+): (.*)$/.exec(line) ?? [];
    if (line.startsWith('@')) stage.moveTo(line.slice(1));
    const said = line.startsWith('@') ? undefined : stage.say(who, words);
    const rule = said?.outcome.ok === false ? (said.outcome.rule ?? '') : '';
    const answer =
      said === undefined ? [] : [`  ${said.code} ${rule}: ${show(said.outcome.text)}`.replace(' : ', ': ')];
    return [line, ...answer, ...told(stage, from)];
  });
}
