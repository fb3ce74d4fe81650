import type { PastEvent, World } from './draft.ts';
import { nameOf } from './people.ts';

/** An event in a few words, for `/history` and the time line. */
export function describeEvent(world: World, event: PastEvent): string {
  const data = (typeof event.data === 'object' && event.data !== null ? event.data : {}) as Readonly<
    Record<string, unknown>
  >;
  const verb = event.type.replaceAll('-', ' ');
  const parts = PARTS.flatMap((name) => {
    const value = data[name];
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0))
      return [];
    // Who did it stands before the event, and that a step follows the one before goes without saying.
    if ((name === 'person' && value === event.actor) || (name === 'why' && value === 'next')) return [];
    if (PEOPLE.has(name))
      return [
        `${LABELS[name] ?? ''}${[value]
          .flat()
          .map((id) => nameOf(world, String(id)))
          .join(', ')}`,
      ];
    return [`${LABELS[name] ?? ''}${Array.isArray(value) ? value.join(', ') : String(value)}`];
  });
  return parts.length === 0 ? verb : `${verb}: ${parts.join(', ')}`;
}

/** What is worth a word, in the order in which it is said. */
const PARTS = [
  'title', 'step', 'subject', 'choice', 'result', 'rank', 'owner', 'team', 'round', 'environment', 'version', 'emergency', 'ref', 'story', 'issues', 'kind',
  'person', 'people', 'approvedBy', 'confirmedBy', 'to', 'role', 'rung', 'severity', 'text', 'date', 'reason', 'note', 'why',
]; // biome-ignore format: an order
const PEOPLE: ReadonlySet<string> = new Set(['owner', 'team', 'person', 'people', 'approvedBy', 'confirmedBy']);
const LABELS: Readonly<Record<string, string>> = {
  rank: 'rank ', owner: 'owner ', team: 'team ', round: 'round ', emergency: 'because of ', approvedBy: 'approved by ', confirmedBy: 'confirmed by ', to: 'to ', issues: 'with ',
}; // biome-ignore format: a table
