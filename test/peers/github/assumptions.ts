/**
 * What this peer takes for granted about the real service. Nothing here was tried against it: `docs` is its public
 * documentation, `library` the installed client's source or types, `report` what others wrote of it, `guess` nobody's word.
 */
export interface Assumption {
  readonly what: string;
  readonly source: 'docs' | 'library' | 'report' | 'guess';
}

const docs = (what: string): Assumption => ({ what, source: 'docs' });
const library = (what: string): Assumption => ({ what, source: 'library' });
const report = (what: string): Assumption => ({ what, source: 'report' });
const guess = (what: string): Assumption => ({ what, source: 'guess' });

export const assumptions: readonly Assumption[] = [
  docs('A call without credentials, with unknown ones or with a token of another kind is answered 401.'),
  docs('What a token may not see is answered 404, as if it were not there.'),
  docs('The App’s signed token lives at most ten minutes; an installation’s token one hour.'),
  library('The client renews an installation’s token by itself, and tries again after a 401 within five seconds.'),
  docs('Labels given with a new issue are dropped in silence without push access; unknown ones are made with it.'),
  guess('Labels given with a new issue are told by `labeled` webhooks too, each with the issue as it then is.'),
  docs('A list of issues with `since` holds those that changed in that very second too, and pull requests.'),
  guess('Among issues of one second the order of a list by change is that of their numbers.'),
  docs('A list that has not changed since its ETag is answered 304, which does not count against the limit.'),
  docs('A deleted issue is answered 410; one that was transferred leads elsewhere by 301.'),
  docs('Removing a label that is not on the issue is answered 404 with “Label does not exist”.'),
  guess('A comment of an App can be edited by that App alone, other people’s by administrators.'),
  docs('A body holds 65,536 characters, a title 256, a label’s name 50.'),
  docs('Only an App hears of `deployment_protection_rule`, may answer it, and may make check runs.'),
  docs('A deployment takes ten reports of 1,024 characters; without a state it goes on waiting.'),
  guess('A report beyond the tenth, and one about what does not wait any more, is answered 422.'),
  guess('What waits for a protection rule is listed among the pending deployments of its run.'),
  guess('A rejected deployment gets the status failure.'),
  guess(
    'A run that is started again asks anew, as another deployment, at the same address; the one before waits no more.',
  ),
  report(
    'An issue that moves is told by `transferred` where it was and by `opened` where it is; its old name leads there.',
  ),
  docs('Deployments are listed the newest first, and so are their statuses.'),
  docs('Webhooks are sent once; those that failed are listed for three days, and keep their guid.'),
  report('A delivery that never reached us is listed with a status code that is no success.'),
  docs('A spent limit is 403 with x-ratelimit-remaining 0; a secondary one 403 or 429, mostly with Retry-After.'),
  docs('A code of the manifest flow is good once.'),
  guess('GitHub finds no mention and no issue where U+2060 stands behind the @ or the #.'),
  guess('In the words of an issue `close` and `Duplicate of` do as in a pull request: nobody is to find out.'),
];
