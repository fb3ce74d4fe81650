import { SLUG } from './access.ts';
import { isFailed, showDelivery } from './hooks.ts';
import { missing, Refusal } from './refusal.ts';
import { appOnly, ok, type Route, repoOf, route, text } from './router.ts';
import { showRepo, showUser } from './show.ts';

/** The App, its installation, its webhook's deliveries; and who a token belongs to. */

const PER_PAGE = 30;

export interface AppSettings {
  hookUrl: string | undefined;
  hookType: string;
  /** Codes of the manifest flow that are good, once. */
  readonly codes: Set<string>;
  readonly secret: string;
}

export const appRoutes = (settings: AppSettings): readonly Route[] => [
  route('GET /app', (context) => {
    appOnly(context);
    const { permissions, events } = context.access;
    return ok({ id: 4711, slug: SLUG, name: 'Baton', permissions, events });
  }),
  route('GET /app/hook/config', (context) => {
    appOnly(context);
    return ok({ url: settings.hookUrl, content_type: settings.hookType, insecure_ssl: '0', secret: '********' });
  }),
  route('GET /repos/{owner}/{repo}/installation', (context) => {
    appOnly(context);
    const { installation, permissions } = context.access;
    const repo = context.world.find(`${context.params.owner}/${context.params.repo}`);
    if (repo === undefined || !installation.repositories.has(repo.name)) throw missing();
    return ok({
      id: installation.id,
      permissions,
      suspended_at: installation.suspended ? '2026-01-01T00:00:00Z' : null,
    });
  }),
  route('POST /app/installations/{id}/access_tokens', (context) => {
    appOnly(context);
    const { installation } = context.access;
    if (Number(context.params.id) !== installation.id) throw missing();
    if (installation.suspended) throw new Refusal(403, 'This installation has been suspended');
    const { token, expires } = context.access.issue();
    const body = {
      token,
      expires_at: new Date(expires).toISOString(),
      permissions: context.access.permissions,
      repository_selection: 'selected',
    };
    return { status: 201, body };
  }),
  route('GET /app/hook/deliveries', (context) => {
    appOnly(context);
    const wanted = context.query.get('status');
    const from = Number(context.query.get('cursor') ?? Number.POSITIVE_INFINITY);
    const per = Math.min(100, Number(context.query.get('per_page') ?? PER_PAGE));
    const found = context.hooks.deliveries
      .filter((delivery) => delivery.id < from && delivery.status !== null)
      .filter((delivery) => wanted === null || isFailed(delivery) === (wanted === 'failure'))
      .toReversed();
    const rows = found.slice(0, per);
    const next = `${context.root}/app/hook/deliveries?per_page=${per}&cursor=${rows.at(-1)?.id}`;
    return ok(rows.map(showDelivery), found.length > per ? { link: `<${next}>; rel="next"` } : {});
  }),
  route('GET /app/hook/deliveries/{id}', (context) => {
    appOnly(context);
    const delivery = context.hooks.deliveries.find(({ id }) => id === Number(context.params.id));
    if (delivery === undefined) throw missing();
    return ok({ ...showDelivery(delivery), request: { headers: {}, payload: delivery.payload } });
  }),
  route('POST /app/hook/deliveries/{id}/attempts', (context) => {
    appOnly(context);
    const delivery = context.hooks.deliveries.find(({ id }) => id === Number(context.params.id));
    if (delivery === undefined) throw missing();
    void context.hooks.redeliver(delivery);
    return { status: 202, body: {} };
  }),
  route('GET /user', ({ caller, access }) => {
    if (caller.is === 'app') throw new Refusal(403, 'Resource not accessible by integration');
    if (caller.is === 'installation') throw new Refusal(403, 'Resource not accessible by integration');
    return ok(showUser(caller.user), { 'x-oauth-scopes': access.scopes });
  }),
  route('GET /repos/{owner}/{repo}', (context) => {
    const { repo, push } = repoOf(context);
    return ok({
      ...showRepo(repo),
      has_issues: repo.hasIssues,
      permissions: { admin: false, push, triage: push, pull: true },
    });
  }),
  route('GET /repos/{owner}/{repo}/hooks', (context) => {
    const { repo } = repoOf(context);
    if (context.caller.is === 'installation') throw new Refusal(403, 'Resource not accessible by integration');
    return ok(repo.hooks);
  }),
  route('POST /app-manifests/{code}/conversions', (context) => {
    if (!settings.codes.delete(text(context.params.code))) throw missing();
    const { privateKey: pem } = context.access;
    const page = 'https://github.com/apps/baton';
    return { status: 201, body: { id: 4711, slug: SLUG, html_url: page, pem, webhook_secret: settings.secret } };
  }),
];
