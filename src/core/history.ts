import type { PastEvent, World } from './draft.ts';
import { nameOf } from './people.ts';
import { oneLine } from './text.ts';
import { pluralOf, toRung, VOTE_ON } from './words.ts';

type Data = Readonly<Record<string, unknown>>;

/** An event in a few words, for `/history` and the time line. */
export function describeEvent(world: World, event: PastEvent): string {
  const data = (typeof event.data === 'object' && event.data !== null ? event.data : {}) as Data;
  const verb = PHRASES[event.type]?.says(data) ?? event.type.replaceAll('-', ' ');
  const parts = PARTS.flatMap((name) => {
    const value = data[name];
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0))
      return [];
    if (PHRASES[event.type]?.takes.includes(name) === true) return [];
    if (name === 'outside') return [data.admitted === true ? 'by the deployment that was let go' : 'outside the bot'];
    if (name === 'by')
      return TOLD.has(event.type) && event.actor === 'system' ? [`by ${nameOf(world, String(value))}`] : [];
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
  return parts.length === 0
    ? verb
    : oneLine(`${verb}${PHRASES[event.type] === undefined ? ':' : ','} ${parts.join(', ')}`);
}

/** What is worth a word, in the order in which it is said. */
const PARTS = [
  'decision', 'title', 'step', 'subject', 'choice', 'result', 'rank', 'owner', 'team', 'round', 'environment', 'version', 'emergency', 'ref', 'story', 'issues', 'kind',
  'person', 'people', 'approvedBy', 'confirmedBy', 'to', 'role', 'rung', 'severity', 'text', 'date', 'reason', 'note', 'why', 'by', 'outside',
]; // biome-ignore format: an order
const PEOPLE: ReadonlySet<string> = new Set(['owner', 'team', 'person', 'people', 'approvedBy', 'confirmedBy']);
/** What a platform tells of somebody: who it was does not stand before the event. */
const TOLD: ReadonlySet<string> = new Set(['released', 'deployed']);
const LABELS: Readonly<Record<string, string>> = {
  rank: 'rank ', owner: 'owner ', team: 'team ', round: 'round ', emergency: 'because of ', approvedBy: 'approved by ', confirmedBy: 'confirmed by ', to: 'to ', issues: 'with ',
}; // biome-ignore format: a table

interface Phrase {
  /** What is said of it in the phrase, and not after it. */
  readonly takes: readonly string[];
  readonly says: (data: Data) => string;
}
const phrase = (takes: readonly string[], says: Phrase['says']): Phrase => ({ takes, says });
const word = (data: Data, name: string): string => String(data[name] ?? '');
const voteOn = (data: Data): string => VOTE_ON[word(data, 'subject') as keyof typeof VOTE_ON] ?? word(data, 'subject');
const ballot = (data: Data): string => (data.choice === 'abstain' ? 'abstained' : `voted to ${word(data, 'choice')}`);
const kindOf = (data: Data): string => (data.kind === 'other' ? '' : ` (${word(data, 'kind')})`);

const DECIDED: Readonly<Record<string, string>> = { held: 'held', approved: 'let go', rejected: 'turned away' };

/** What happens most, as one would say it; the rest is told by its name. */
const PHRASES: Readonly<Record<string, Phrase>> = {
  proposed: phrase(['title', 'kind', 'step', 'role'], (data) => `proposed “${word(data, 'title')}” (${word(data, 'kind')})`),
  'vote-opened': phrase(['subject'], (data) => `the vote on ${voteOn(data)} opened`),
  'vote-not-opened': phrase(['subject', 'role'], (data) => `the vote on ${voteOn(data)} did not open: nobody holds the role ${word(data, 'role')}`),
  'ballot-cast': phrase(['choice'], ballot),
  'signature-given': phrase(['choice'], (data) => (data.choice === 'approve' ? 'signed' : ballot(data))),
  'vote-closed': phrase(['subject', 'result'], (data) => `the vote on ${voteOn(data)} closed: ${word(data, 'result')}`),
  'vote-reminded': phrase([], () => 'reminded those who have not voted'),
  'step-began': phrase(['step', 'role'], (data) => `the step ${word(data, 'step')} began (${pluralOf(word(data, 'role'))})`),
  'step-done': phrase(['step'], (data) => `finished the step ${word(data, 'step')}`),
  offered: phrase(['role'], (data) => `offered to ${pluralOf(word(data, 'role'))}`),
  'offer-reminded': phrase(['role'], (data) => `reminded ${pluralOf(word(data, 'role'))} of the offer`),
  accepted: phrase([], () => 'accepted it'),
  'handed-over': phrase(['to'], (data) => `handed it over to ${pluralOf(word(data, 'to'))}`),
  'release-requested': phrase(['environment'], (data) => `asked OPS to release on ${word(data, 'environment')}`),
  released: phrase(['environment'], (data) => `released on ${word(data, 'environment')}`),
  'deployment-decided': phrase(['decision', 'environment'], (data) => `${DECIDED[word(data, 'decision')] ?? 'looked at'} its deployment to ${word(data, 'environment')}`),
  deployed: phrase(['environment'], (data) => `saw it deployed to ${word(data, 'environment')}`),
  'circle-requested': phrase([], () => 'asked for its circle'),
  'circle-not-made': phrase([], () => 'could not make its circle'),
  'link-renamed': phrase(['to'], (data) => `found ${String(data.from)} made as ${word(data, 'to')}`),
  joined: phrase([], () => 'joined the test'),
  left: phrase([], () => 'left the test'),
  linked: phrase(['ref', 'kind'], (data) => `linked ${word(data, 'ref')}${kindOf(data)}`),
  paired: phrase(['story', 'issues'], (data) => `paired ${word(data, 'story')} with ${[data.issues].flat().join(', ')}`),
  unlinked: phrase(['ref'], (data) => `unlinked ${word(data, 'ref')}`),
  'circle-recorded': phrase(['ref'], (data) => `recorded the circle ${word(data, 'ref')}`),
  'environment-requested': phrase(['environment'], (data) => `asked for ${word(data, 'environment')}`),
  'environment-ready': phrase(['environment'], (data) => `reported ${word(data, 'environment')} ready`),
  'environment-removed': phrase(['environment'], (data) => `took ${word(data, 'environment')} down`),
  escalated: phrase(['rung', 'people'], (data) => `escalated it to ${toRung(word(data, 'rung'))}`),
  'urgent-logged': phrase(['ref'], (data) => `logged ${word(data, 'ref')} as urgent`),
}; // biome-ignore format: a table
