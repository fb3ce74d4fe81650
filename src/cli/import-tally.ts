import type { Listed, Listing } from '../forge-ports.ts';

/** What an import found: by repository and circle, and never the same thing twice. */

interface Place {
  issues: number;
  stories: number;
  /** By the name of the severity. */
  readonly severities: Map<string, number>;
  pairs: number;
  fresh: number;
  skipped: number;
}

export interface Tally {
  add(listing: Listing, isNew: (ref: string) => boolean): void;
  /** How many were new over all places. */
  fresh(): number;
  found(): number;
  lines(): readonly string[];
  readonly troubles: readonly string[];
}

export function createTally(severityOf: (labels: readonly string[]) => string | null): Tally {
  const places = new Map<string, Place>();
  const seen = new Set<string>();
  const troubles: string[] = [];
  const placeOf = (where: string): Place => {
    const known = places.get(where) ?? {
      issues: 0, stories: 0, severities: new Map<string, number>(), pairs: 0, fresh: 0, skipped: 0,
    }; // biome-ignore format: one value
    places.set(where, known);
    return known;
  };
  const count = (place: Place, { of, pair }: Listed, isNew: boolean): void => {
    if (of.kind === 'story') place.stories += 1;
    else place.issues += 1;
    const severity = severityOf(of.labels ?? []);
    if (severity !== null) place.severities.set(severity, (place.severities.get(severity) ?? 0) + 1);
    if (pair !== undefined) place.pairs += 1;
    if (isNew) place.fresh += 1;
  };
  const sum = (of: (place: Place) => number): number => [...places.values()].reduce((all, each) => all + of(each), 0);
  return {
    add: ({ where, entries, skipped, trouble }, isNew) => {
      if (trouble !== undefined) troubles.push(trouble);
      if (where === undefined || trouble !== undefined) return;
      const place = placeOf(where);
      place.skipped += skipped;
      for (const entry of entries) {
        if (seen.has(entry.of.ref)) continue;
        seen.add(entry.of.ref);
        count(place, entry, isNew(entry.of.ref));
      }
    },
    fresh: () => sum(({ fresh }) => fresh),
    found: () => seen.size,
    lines: () => [...places].map(([where, place]) => `${where}: ${lineOf(place)}`),
    troubles,
  };
}

function lineOf({ issues, stories, severities, pairs, fresh, skipped }: Place): string {
  const levels = ['critical', 'major', 'minor'].flatMap((level) => {
    const many = severities.get(level);
    return many === undefined ? [] : [`${many} ${level}`];
  });
  const known = issues + stories - fresh;
  return [
    ...(stories > 0 || issues === 0 ? [counted(stories, 'open story', 'open stories')] : []),
    ...(issues > 0 || stories === 0 ? [counted(issues, 'open issue', 'open issues')] : []),
    ...(levels.length === 0 ? [] : [levels.join(', ')]),
    ...(pairs === 0 ? [] : [counted(pairs, 'story with its issue', 'stories with their issue')]),
    ...(skipped === 0 ? [] : [`${counted(skipped, 'pull request', 'pull requests')} passed over`]),
    `${fresh} new${known === 0 ? '' : `, ${known} known already`}`,
  ].join('; ');
}

const counted = (many: number, one: string, more: string): string => `${many} ${many === 1 ? one : more}`;
