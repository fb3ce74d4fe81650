import { expect, test } from 'vitest';
import { loadCommands } from '../../src/catalogue.ts';
import { parse } from '../../src/core/decide.ts';
import { table } from '../support/script.ts';

const catalogue = await loadCommands();

const ROWS = table(`
  /status WEB-1                  -> status WEB-1
  /STATUS WEB-1                  -> status WEB-1
  /status@baton WEB-1            -> status WEB-1
  /status@baton_grid_bot WEB-1   -> status WEB-1
  /status@other_bot WEB-1        -> another-bot
  /baton status WEB-1            -> status WEB-1
  /baton /status WEB-1           -> status WEB-1
  /baton@baton_bot status        -> status
  @baton status WEB-1            -> status WEB-1
  @baton_bot status              -> status
  /todo                          -> mine
  /prioritize WEB-1 2            -> prioritise WEB-1 2
  /link_account                  -> link-account
  /handover qa all is  green     -> handover qa all is  green
  /statsu                        -> unknown statsu
  /baton statsu                  -> unknown statsu
  /                              -> no-command
  status                         -> no-command
  say /status                    -> no-command
  /status!                       -> no-command
  //status                       -> no-command
`);

test.each(ROWS)('$columns -> $outcome', ({ columns, outcome }) => {
  const parsed = parse(catalogue, columns.join('  '));
  const found =
    typeof parsed === 'string'
      ? parsed
      : 'unknown' in parsed
        ? `unknown ${parsed.unknown}`
        : `${parsed.command.name} ${parsed.words.rest}`.trim();
  expect(found.replaceAll(/\s+/g, ' ')).toBe(outcome.replaceAll(/\s+/g, ' '));
});
