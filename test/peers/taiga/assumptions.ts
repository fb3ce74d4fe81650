/**
 * What this peer takes for granted about the real service beyond its recordings, which it is held against word for word.
 * `report`: seen on a real server by others; `server source`: read in the open source of Taiga 6; `guess`: nobody's word.
 */
export interface Assumption {
  readonly what: string;
  readonly source: 'report' | 'server source' | 'guess' | 'not modelled';
}

export const ASSUMPTIONS: readonly Assumption[] = [
  { what: 'An application token that is not good is answered 401 with `_error_message`.', source: 'guess' },
  { what: 'A wrong name or password is answered 401 with `detail` and `code`.', source: 'server source' },
  {
    what: 'A project that is hidden from us answers 404 by its slug, and 403 to the resolver.',
    source: 'server source',
  },
  { what: 'A story that is hidden from us answers 403 by its id.', source: 'server source' },
  { what: 'A role that may only comment may send a comment and nothing with it.', source: 'report' },
  { what: 'Tags are kept in lower case, asked for by the whole word, and parted at commas.', source: 'server source' },
  { what: 'A tag without a colour is not added to the project’s own list of tags.', source: 'server source' },
  { what: '`order_by` takes dates, status and subject, and passes over anything else.', source: 'server source' },
  { what: 'Rows of the same date are ordered by id, the highest first.', source: 'server source' },
  { what: 'Comments are never in conflict: no version ever changed one.', source: 'report' },
  { what: 'Who wrote a comment may change it by `edit_comment`; the answer has no body.', source: 'server source' },
  {
    what: 'HTML comments are taken out where Markdown is rendered, and stay in the text itself.',
    source: 'server source',
  },
  {
    what: 'A story dragged to another column keeps `modified_date` and `version`; hooks are told.',
    source: 'server source',
  },
  {
    what: 'A story that is closed gets its `finish_date` from that moment, and loses it when it opens.',
    source: 'report',
  },
  {
    what: 'A hook that tells of a task tells its story as it is by then; of a deleted one as it was before.',
    source: 'server source',
  },
  {
    what: 'Members of the template that are named become members of the duplicate; an unknown one is 404.',
    source: 'server source',
  },
  {
    what: '`GET /projects?member=` lists the projects of a member, also those that are private.',
    source: 'server source',
  },
  { what: 'Too many calls are answered 429 with `X-Throttle-Wait-Seconds`.', source: 'server source' },
  { what: 'NUL in a text is answered 500.', source: 'guess' },
  { what: 'A hook is called once, whatever the answer; the log keeps ten.', source: 'report' },
  { what: 'Rendered Markdown, attachments, watching, voting, swimlanes, importing.', source: 'not modelled' },
  { what: 'The light form of a list of projects (`slight`): the whole one is answered.', source: 'not modelled' },
];
