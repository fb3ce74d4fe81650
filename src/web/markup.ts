import type { HtmlEscapedString } from 'hono/utils/html';

/** What `html` makes: text that is escaped already. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;
