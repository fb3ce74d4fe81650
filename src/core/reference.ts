import type { World } from './draft.ts';
import type { ForgePlatform } from './job.ts';
import type { Organisation } from './organisation.ts';

/** References: how people name stories, issues and pages, read into one full name each. */

export type LinkKind = 'story' | 'issue' | 'pull' | 'milestone' | 'document' | 'monitoring' | 'circle' | 'other';

export interface Reference {
  /** The full name: `org/repo#3` (a pull request as well), `slug/us:34`, `slug/issue:5`, or a URL. */
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

/** As `readReference`; what was only a placeholder is read as what was made, and a pull request is one by its number too. */
export function findReference(world: World, words: string, circle?: string): Reference | undefined {
  const reference = readReference(world.organisation, words, circle);
  if (reference === undefined) return undefined;
  const known = world.get('ref', reference.ref);
  if (known?.became !== undefined) return { ...reference, ref: known.became };
  // GitHub numbers issues and pull requests together, and leads from one's page to the other's.
  return known !== undefined && isNumbered(reference.kind) ? { ...reference, kind: known.kind } : reference;
}

const isNumbered = (kind: LinkKind): boolean => kind === 'issue' || kind === 'pull';

/** Reads one reference. `circle` is the slug of the item's own circle, if it has one. Undefined: this is none. */
export function readReference(organisation: Organisation, words: string, circle?: string): Reference | undefined {
  const text = unwrapped(words);
  const issue = /^(?:([\w.-]+\/[\w.-]+)|baton)?#(\d{1,9})$/i.exec(text);
  if (issue !== null) {
    const embedded = /^baton#/i.test(text);
    const repository = issue[1] ?? (embedded ? undefined : organisation.github.repositories[0]);
    const where = repository === undefined ? EMBEDDED : spelled(organisation, repository);
    return { ref: `${where}#${Number(issue[2])}`, kind: 'issue' };
  }
  const story = /^(?:([\w.-]+)\/)?(us|issue):(\d{1,9})$/i.exec(text);
  if (story !== null) {
    const slug = story[1] ?? circle ?? organisation.circles.default ?? EMBEDDED;
    const sort = (story[2] ?? '').toLowerCase();
    return { ref: `${slug}/${sort}:${Number(story[3])}`, kind: sort === 'us' ? 'story' : 'issue' };
  }
  return readAddress(organisation, text);
}

/** What stands around a reference in a sentence, and the marks in which chats put a link. */
function unwrapped(words: string): string {
  const inner = words.trim().replace(/^<([^<>|]+)(?:\|[^<>]*)?>/, '$1');
  const text = inner.replace(/^[(["'“„«‹]+/, '').replace(/[.,;:!?'"”»›>\]]+$/, '');
  // A bracket that is opened in an address is closed by it.
  return text.endsWith(')') && !text.includes('(') ? unwrapped(text.replace(/\)+$/, '')) : text;
}

/** Repositories are one in any case: ours are written as the organisation writes them. */
const spelled = ({ github }: Organisation, name: string): string =>
  github.repositories.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;

function readAddress(organisation: Organisation, words: string): Reference | undefined {
  // As it stands in a browser's line, without its beginning, or with one of long ago.
  const text = words.replace(/^(?:http:\/\/)?(?=(?:www\.)?github\.com\/)/i, 'https://');
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  // Plain http is for the inside hosts that the organisation lists, and where Circles itself has nothing better.
  const isPlain = url.protocol !== 'https:';
  if (isPlain && !isInside(organisation, url)) return undefined;
  return onGithub(organisation, url) ?? onCircles(organisation, url, text) ?? { ref: text, kind: 'other' };
}

const isInside = ({ link_hosts: hosts, circles }: Organisation, { hostname, host, origin }: URL): boolean =>
  hosts.some((each) => each === hostname || each === host) ||
  (circles.url !== undefined && new URL(circles.url).origin === origin);

const GITHUB = /^(?:www\.|api\.)?github\.com$/;

/** A page of GitHub, or of an Enterprise server that keeps our repositories. */
function onGithub(organisation: Organisation, url: URL): Reference | undefined {
  // A board shows the issue that is opened beside it.
  const pane = /^([\w.-]+)\|([\w.-]+)\|(\d{1,9})$/.exec(url.searchParams.get('issue') ?? '');
  const path = pane === null ? url.pathname : `/${pane[1]}/${pane[2]}/issues/${pane[3]}`;
  const found =
    /^(?:(?:\/api\/v3)?\/repos)?\/([\w.-]+\/[\w.-]+)\/(issues|pulls?|milestones?)\/(\d{1,9})(?:\/.*)?$/.exec(path);
  const [, repository = '', sort = '', number] = found ?? [];
  const name = spelled(organisation, repository);
  const isOurs = organisation.github.repositories.includes(name);
  if (found === null || !(GITHUB.test(url.hostname) || isOurs)) return undefined;
  if (sort.startsWith('milestone')) return { ref: `${url.origin}/${name}/milestone/${number}`, kind: 'milestone' };
  return { ref: `${name}#${Number(number)}`, kind: sort === 'issues' ? 'issue' : 'pull' };
}

/** A page of Circles. What is neither a story, an issue nor a sprint, and is no view of the circle either, is a page like others. */
function onCircles({ circles }: Organisation, url: URL, text: string): Reference | undefined {
  const base = circles.url === undefined ? undefined : new URL(circles.url);
  if (base === undefined ? !url.hostname.startsWith('circles.') : url.host !== base.host) return undefined;
  const root = base?.pathname.replace(/\/+$/, '') ?? '';
  if (!url.pathname.startsWith(`${root}/`)) return undefined;
  const found = /^\/project\/([\w.-]+)(?:\/([\w-]+)(?:\/([\w.-]+))?)?(?:\/.*)?$/.exec(url.pathname.slice(root.length));
  if (found === null) return undefined;
  const [, slug = '', view = '', of = ''] = found;
  const number = /^(\d{1,9})(?:-.*)?$/.exec(of)?.[1];
  if ((view === 'us' || view === 'issue') && number !== undefined)
    return { ref: `${slug}/${view}:${Number(number)}`, kind: view === 'us' ? 'story' : 'issue' };
  if (view === 'taskboard' && of !== '') return { ref: `${url.origin}${url.pathname}`, kind: 'milestone' };
  return { ref: text, kind: ['task', 'epic', 'wiki'].includes(view) ? 'other' : 'circle' };
}

/** The slug of the circle that a recorded circle's reference names. */
export function circleSlug(ref: string): string | undefined {
  if (!URL.canParse(ref)) return ref.split('/').at(-1);
  return (
    /\/project\/([\w.-]+)/.exec(new URL(ref).pathname)?.[1] ?? new URL(ref).pathname.split('/').filter(Boolean).at(-1)
  );
}

/** The slug that bare stories of an item mean; a circle of the embedded tracker has none of its own. */
export const ownCircle = (circle: string | null): string | undefined =>
  circle === null || isEmbedded(circle) ? undefined : circleSlug(circle);
