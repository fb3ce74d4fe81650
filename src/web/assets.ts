import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';

/** The stylesheet, the script and the sign of the browser's tab: three small files, under names that change with them. */

const read = (name: string, type: string) => {
  const body = readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');
  const version = createHash('sha256').update(body).digest('hex').slice(0, 10);
  return { name, type, body, url: `/assets/${name}?v=${version}` };
};

const STYLE = read('console.css', 'text/css; charset=utf-8');
const SCRIPT = read('console.js', 'text/javascript; charset=utf-8');
const ICON = read('icon.svg', 'image/svg+xml');

export const STYLE_URL = STYLE.url;
export const SCRIPT_URL = SCRIPT.url;
export const ICON_URL = ICON.url;

export function serveAssets(app: Hono): void {
  for (const { name, type, body } of [STYLE, SCRIPT, ICON])
    app.get(`/assets/${name}`, (context) =>
      context.body(body, 200, { 'content-type': type, 'cache-control': 'max-age=86400, immutable' }),
    );
  app.get('/favicon.ico', (context) => context.redirect(ICON.url));
}
