interface Port {
  readonly name: string;
  readonly embedded: string;
  readonly platforms: readonly string[];
}

/** The ports, and what stands behind each as long as no token says otherwise. */
export const PORTS: readonly Port[] = [
  { name: 'chat', embedded: 'the web console', platforms: ['Telegram', 'Slack'] },
  { name: 'issues', embedded: 'a tracker in the store', platforms: ['GitHub'] },
  { name: 'planning', embedded: 'stories in the store', platforms: ['Circles'] },
  { name: 'documents', embedded: 'a link check', platforms: ['Gitea'] },
  { name: 'mail', embedded: 'the mail page', platforms: ['Mail'] },
  { name: 'store', embedded: 'SQLite', platforms: [] },
];
