import type { World } from './draft.ts';
import type { ForgePlatform } from './job.ts';
import type { Organisation } from './organisation.ts';

/** References: how people name stories, issues and pages, read into one full name each. */

export type LinkKind = 'story' | 'issue' | 'document' | 'monitoring' | 'circle' | 'other';

export interface Reference {
  /** The full name: `org/repo#3`, `slug/us:34`, `slug/issue:5`, or a URL. */
  readonly ref: string;
  readonly kind: LinkKind;
}

/** The name under which the embedded tracker keeps issues and stories. */
export const EMBEDDED = 'baton';

export const isEmbedded = (ref: string): boolean => ref.startsWith(`${EMBEDDED}#`) || ref.startsWith(`${EMBEDDED}/`);
/** Only stories and issues are open or closed; no gate looks at any other link. */
export const isTracked = (kind: LinkKind): boolean => kind === 'story' || kind === 'issue';

/** The platform that keeps a story or issue, and the repository or circle there; undefined: it is kept here, or is none. */
export function keeperOf(ref: string): { readonly platform: ForgePlatform; readonly where: string } | undefined {
  if (isEmbedded(ref)) return undefined;
  const issue = /^([\w.-]+\/[\w.-]+)#\d+$/.exec(ref);
  if (issue !== null) return { platform: 'github', where: issue[1] ?? '' };
  const story = /^([\w.-]+)\/(?:us|issue):\d+$/.exec(ref);
  return story === null ? undefined : { platform: 'circles', where: story[1] ?? '' };
}

/** As `readReference`; what was only a placeholder is read as what was made. */
export function findReference(world: World, words: string, circle?: string): Reference | undefined {
  const reference = readReference(world.organisation, words, circle);
  const became = reference === undefined ? undefined : world.get('ref', reference.ref)?.became;
  return reference === undefined || became === undefined ? reference : { ...reference, ref: became };
}

/** Reads one reference. `circle` is the slug of the item's own circle, if it has one. Undefined: this is none. */
export function readReference(organisation: Organisation, words: string, circle?: string): Reference | undefined {
  const text = words.trim().replace(/^<(.+)>$/, '$1');
  const issue = /^(?:([\w.-]+\/[\w.-]+)|baton)?#(\d{1,9})$/i.exec(text);
  if (issue !== null) {
    const embedded = /^baton#/i.test(text);
    const repository = issue[1] ?? (embedded ? undefined : organisation.github.repositories[0]);
    return { ref: `${repository ?? EMBEDDED}#${Number(issue[2])}`, kind: 'issue' };
  }
  const story = /^(?:([\w.-]+)\/)?(us|issue):(\d{1,9})$/i.exec(text);
  if (story !== null) {
    const slug = story[1] ?? circle ?? organisation.circles.default ?? EMBEDDED;
    const sort = (story[2] ?? '').toLowerCase();
    return { ref: `${slug}/${sort}:${Number(story[3])}`, kind: sort === 'us' ? 'story' : 'issue' };
  }
  return readAddress(organisation, text);
}

function readAddress(organisation: Organisation, text: string): Reference | undefined {
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  // Plain http is for the inside hosts that the organisation lists.
  if (url.protocol !== 'https:' && !organisation.link_hosts.some((host) => host === url.hostname || host === url.host))
    return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  const issue = /^\/([\w.-]+\/[\w.-]+)\/issues\/(\d{1,9})\/?$/.exec(url.pathname);
  const ours =
    issue !== null && organisation.github.repositories.some((name) => name.toLowerCase() === issue[1]?.toLowerCase());
  if (issue !== null && (url.hostname === 'github.com' || ours))
    return { ref: `${issue[1]}#${Number(issue[2])}`, kind: 'issue' };
  const project = /^\/project\/([\w.-]+)(?:\/(us|issue)\/(\d{1,9}))?(?:\/.*)?$/.exec(url.pathname);
  const base = organisation.circles.url;
  if (
    project !== null &&
    (base === undefined ? url.hostname.startsWith('circles.') : url.host === new URL(base).host)
  ) {
    if (project[3] === undefined) return { ref: text, kind: 'circle' };
    return { ref: `${project[1]}/${project[2]}:${Number(project[3])}`, kind: project[2] === 'us' ? 'story' : 'issue' };
  }
  return { ref: text, kind: 'other' };
}

/** The slug of the circle that a recorded circle's reference names. */
export function circleSlug(ref: string): string | undefined {
  if (!URL.canParse(ref)) return ref.split('/').at(-1);
  return (
    /^\/project\/([\w.-]+)/.exec(new URL(ref).pathname)?.[1] ?? new URL(ref).pathname.split('/').filter(Boolean).at(-1)
  );
}

/** The slug that bare stories of an item mean; a circle of the embedded tracker has none of its own. */
export const ownCircle = (circle: string | null): string | undefined =>
  circle === null || isEmbedded(circle) ? undefined : circleSlug(circle);
