import type { Command } from '../core/command.ts';
import { ENVIRONMENTS, ITEM_ROLES, ORGANISATION_ROLES, SEVERITIES } from '../core/organisation.ts';
import { rosterOf } from '../core/people.ts';
import { EMBEDDED } from '../core/reference.ts';
import type { Visit } from './visit.ts';

/** What the line of the console completes: commands, and the words that each of them takes. */

interface Word {
  readonly word: string;
  readonly about: string;
}
interface CommandWord extends Word {
  readonly usage: string;
  /** The groups of words that it takes, by the names in its usage. */
  readonly takes: readonly string[];
}
export interface Words {
  readonly commands: readonly CommandWord[];
  readonly groups: Readonly<Record<string, readonly Word[]>>;
}

const MOST_REFS = 60;
const plain = (words: readonly string[]): Word[] => words.map((word) => ({ word, about: '' }));

export function wordsOf({ world, sight }: Visit): Words {
  const commands = [...new Set(sight.catalogue.commands.values())];
  const roles = [...ORGANISATION_ROLES, ...ITEM_ROLES];
  const literals = Object.fromEntries(commands.map((command) => [`/${command.name}`, plain(literalsOf(command))]));
  return {
    commands: commands.map((command) => ({
      word: `/${command.name}`,
      about: command.summary,
      usage: command.usage,
      takes: [...new Set(command.usage.match(/\b[A-Z]{3,}\b/g) ?? []), `/${command.name}`],
    })),
    groups: {
      ...literals,
      KEY: world.open('item').map((item) => ({ word: item.key, about: item.title })),
      ALERT: world.open('alert').map((alert) => ({ word: alert.key, about: alert.title })),
      PERSON: [...rosterOf(world).people.values()].map((person) => ({ word: person.id, about: person.name ?? '' })),
      REF: refsOf(world),
      TEAM: plain(roles),
      ROLE: plain(roles),
      ENV: plain(ENVIRONMENTS),
      SEVERITY: plain(SEVERITIES),
      KIND: plain([...world.processes.keys()]),
      COMMAND: plain(commands.map((command) => command.name)),
      ID: world.rules.map((rule) => ({ word: rule.id, about: rule.name })),
    },
  };
}

/** The small words of a usage: `open`, `close`, `plan`. */
function literalsOf({ usage, name }: Command): string[] {
  const words = usage.match(/(?<![/\w…-])[a-z][a-z-]+\b/g) ?? [];
  return [...new Set(words)].filter((word) => word !== name && word !== 'or');
}

function refsOf(world: Visit['world']): Word[] {
  return [`${EMBEDDED}#`, `${EMBEDDED}/us:`, `${EMBEDDED}/issue:`].flatMap((prefix) => {
    const count = world.get('counter', prefix)?.n ?? 0;
    return Array.from({ length: Math.min(count, MOST_REFS) }, (_, at) => `${prefix}${count - at}`).map((word) => ({
      word,
      about: world.get('ref', word)?.title ?? '',
    }));
  });
}
