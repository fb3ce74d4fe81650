import { describe, expect, test } from 'vitest';
import * as office from '../../src/core/office.ts';

/** What each event makes of the organisation's own streams: what was there, what happened, and what is otherwise. */

const HOUR = 3_600_000;
const META = { at: 100 * HOUR, actor: 'sam' };

describe('calls', () => {
  const none = { open: null, planned: null, count: 0, round: 0 };
  const open = { id: 'C1', at: 1, by: 'sam', round: null };
  const planned = (hours: number) => ({ at: META.at + hours * HOUR, by: 'sue' });
  test.each<[string, office.CallsState | undefined, office.CallsEvent, object]>([
    ['the first opens', undefined, { type: 'call-opened', id: 'C1', by: 'sam' }, { open: { ...open, at: META.at }, count: 1 }],
    ['the next opens', { ...none, count: 3, round: 2 }, { type: 'call-opened', id: 'C4', by: 'sam' }, { open: { ...open, id: 'C4', at: META.at }, count: 4 }],
    ['the one that was planned opens', { ...none, planned: planned(4) }, { type: 'call-opened', id: 'C1', by: 'sam' }, { open: { ...open, at: META.at }, count: 1, planned: null }],
    ['one opens before the planned one', { ...none, planned: planned(4.1) }, { type: 'call-opened', id: 'C1', by: 'sam' }, { open: { ...open, at: META.at }, count: 1 }],
    ['closes', { ...none, open, planned: planned(9) }, { type: 'call-closed', id: 'C1', by: 'sam' }, { open: null }],
    ['planned', none, { type: 'call-planned', at: 7, by: 'sue' }, { planned: { at: 7, by: 'sue' } }],
    ['a round begins', { ...none, open }, { type: 'round-begun', round: 5 }, { open: { ...open, round: 5 }, round: 5 }],
    ['a round begins between calls', none, { type: 'round-begun', round: 5 }, { round: 5 }],
    ['the agenda is due', { ...none, open }, { type: 'agenda-due', at: 7 }, {}],
  ])('%s', (_name, before, event, after) =>
    expect(office.evolveCalls(before, event, META)).toEqual({ ...none, ...before, ...after }),
  );
}); // biome-ignore format: a table

describe('the calendar', () => {
  const none = { freezes: [], declared: 0, swaps: {}, offers: [], awaited: {}, tests: {} };
  const freeze = { id: 'F1', from: 1, until: 2, reason: 'holidays', by: 'sam' };
  const duty = { date: '2026-12-04', from: 'olga', to: 'omar' };
  const offers = [duty, { ...duty, date: '2026-12-05' }];
  const tests = { olga: { at: 1, confirmed: false }, omar: { at: 1, confirmed: false } };
  test.each<[string, Partial<office.CalendarState> | undefined, office.CalendarEvent, object]>([
    ['a freeze', undefined, { type: 'freeze-declared', ...freeze }, { freezes: [freeze], declared: 1 }],
    ['another', { freezes: [freeze], declared: 4 }, { type: 'freeze-declared', ...freeze, id: 'F5' }, { freezes: [freeze, { ...freeze, id: 'F5' }], declared: 5 }],
    ['one is lifted', { freezes: [freeze, { ...freeze, id: 'F2' }], declared: 2 }, { type: 'freeze-lifted', id: 'F1', by: 'sam' }, { freezes: [{ ...freeze, id: 'F2' }] }],
    ['a duty is offered', { offers }, { type: 'duty-offered', ...duty, to: 'ole' }, { offers: [offers[1], { ...duty, to: 'ole' }] }],
    ['a duty is taken', { offers, swaps: { a: { from: 'x', to: 'y' } } }, { type: 'duty-taken', ...duty }, { offers: [offers[1]], swaps: { a: { from: 'x', to: 'y' }, '2026-12-04': { from: 'olga', to: 'omar' } } }],
    ['somebody left', { offers: [duty, { ...duty, from: 'x', to: 'olga' }, { ...duty, from: 'x' }], swaps: { a: { from: 'olga', to: 'omar' }, b: { from: 'omar', to: 'olga' } }, tests }, { type: 'duties-dropped', person: 'olga' }, { offers: [{ ...duty, from: 'x' }], swaps: { a: { from: 'omar', to: 'omar' } }, tests: { omar: tests.omar } }],
    ['one waits', { awaited: { 'WEB-2': ['mia'] } }, { type: 'window-awaited', item: 'WEB-1', person: 'sam', until: 9 }, { awaited: { 'WEB-2': ['mia'], 'WEB-1': ['sam'] } }],
    ['two wait', { awaited: { 'WEB-1': ['mia'] } }, { type: 'window-awaited', item: 'WEB-1', person: 'sam', until: 9 }, { awaited: { 'WEB-1': ['mia', 'sam'] } }],
    ['the window opens', { awaited: { 'WEB-1': ['mia'], 'WEB-2': ['sam'] } }, { type: 'window-opened', item: 'WEB-1', people: ['mia'] }, { awaited: { 'WEB-2': ['sam'] } }],
    ['the window does not open yet', { awaited: { 'WEB-1': ['mia'] } }, { type: 'window-postponed', item: 'WEB-1', until: 9 }, {}],
    ['pages are tried', { tests }, { type: 'page-test-sent', people: ['olga'] }, { tests: { olga: { at: META.at, confirmed: false } } }],
    ['one is confirmed', { tests }, { type: 'page-test-confirmed', person: 'olga' }, { tests: { ...tests, olga: { at: 1, confirmed: true } } }],
    ['one is confirmed that nobody remembers', {}, { type: 'page-test-confirmed', person: 'olga' }, { tests: { olga: { at: META.at, confirmed: true } } }],
    ['one is not let through', { tests }, { type: 'page-test-refused', person: 'olga' }, { tests: { ...tests, olga: { at: 1, confirmed: false, refused: true } } }],
    ['one is not let through that nobody remembers', {}, { type: 'page-test-refused', person: 'olga' }, { tests: { olga: { at: META.at, confirmed: false, refused: true } } }],
    ['a reminder', {}, { type: 'reminder-fired', name: 'board', due: 1, late: false }, {}],
    ['no reminder', {}, { type: 'reminder-dropped', name: 'board', due: 1 }, {}],
  ])('%s', (_name, before, event, after) => {
    const state = before === undefined ? undefined : { ...none, ...before };
    expect(office.evolveCalendar(state, event, META)).toEqual({ ...none, ...before, ...after });
  });
}); // biome-ignore format: a table

describe('people', () => {
  const none = { added: {}, removed: [], grants: {}, accounts: {}, roster: {} };
  const ole = { id: 'ole', name: 'Ole', roles: [], github: 'Ole-GH' };
  const numbers = { 'github:ole-gh': '7', 'github:other': '8' };
  const handles = { 'slack:U1': 'ole', 'slack:U2': 'sam', 'telegram:3': 'ole' };
  test.each<[string, Partial<office.PeopleState> | undefined, office.PeopleEvent, object]>([
    ['one comes', undefined, { type: 'person-added', person: ole, by: 'ada' }, { added: { ole } }],
    ['one comes back', { removed: ['ole', 'mia'], numbers }, { type: 'person-added', person: ole, by: 'ada' }, { added: { ole }, removed: ['mia'], numbers: { 'github:other': '8' } }],
    ['one without GitHub comes', { numbers }, { type: 'person-added', person: { id: 'x', name: 'X', roles: [] }, by: 'ada' }, { added: { x: { id: 'x', name: 'X', roles: [] } } }],
    ['one goes', { added: { ole }, grants: { ole: { ops: true }, sam: { ops: true } }, accounts: { 'slack:U1': 'ole', 'slack:U2': 'sam' }, removed: ['ole', 'mia'], numbers }, { type: 'person-removed', person: 'ole', by: 'ada' }, { added: {}, grants: { sam: { ops: true } }, accounts: { 'slack:U2': 'sam' }, removed: ['mia', 'ole'], numbers: { 'github:other': '8' }, left: { ole: 1 } }],
    ['another goes', { added: { ole } }, { type: 'person-removed', person: 'sam', by: 'ada' }, { removed: ['sam'], left: { sam: 1 } }],
    ['one goes once more', { left: { sam: 1, mia: 4 } }, { type: 'person-removed', person: 'sam', by: 'ada' }, { removed: ['sam'], left: { sam: 2, mia: 4 } }],
    ['a role is given', { grants: { sam: { qa: false }, mia: { web: true } } }, { type: 'role-granted', role: 'ops', person: 'sam', by: 'ada' }, { grants: { sam: { qa: false, ops: true }, mia: { web: true } } }],
    ['a role is taken', {}, { type: 'role-revoked', role: 'ops', person: 'sam', by: 'ada' }, { grants: { sam: { ops: false } } }],
    ['an account is linked', { accounts: { a: 'mia' } }, { type: 'account-linked', account: 'slack:U1', person: 'sam' }, { accounts: { a: 'mia', 'slack:U1': 'sam' } }],
    ['a name is taken by another account', { handles }, { type: 'handle-seen', account: 'slack:U9', handle: 'OLE' }, { handles: { 'slack:U2': 'sam', 'telegram:3': 'ole', 'slack:U9': 'OLE' } }],
    ['the first name', {}, { type: 'handle-seen', account: 'slack:U9', handle: 'ole' }, { handles: { 'slack:U9': 'ole' } }],
    ['a number', { numbers }, { type: 'account-numbered', account: 'github:new', number: '9' }, { numbers: { ...numbers, 'github:new': '9' } }],
    ['the file is read', { roster: { a: ['ops'] } }, { type: 'roster-read', roster: { b: ['qa'] } }, { roster: { b: ['qa'] }, left: { a: 1 } }],
    ['the file is read without whom a command has taken out or added', { added: { ole }, removed: ['a'], roster: { a: [], ole: [] } }, { type: 'roster-read', roster: { b: [] } }, { roster: { b: [] } }],
    ['one comes by an id that was another’s', { grants: { ole: { ops: true }, sam: { qa: true } }, accounts: { 'slack:U1': 'ole', 'slack:U2': 'sam' } }, { type: 'person-added', person: ole, by: 'ada' }, { added: { ole }, grants: { sam: { qa: true } }, accounts: { 'slack:U2': 'sam' } }],
    ['the file is read without somebody', { added: { ole }, roster: { sam: [], mia: [] }, grants: { ole: { qa: true }, sam: { qa: true }, mia: { qa: true } }, accounts: { 'slack:U1': 'ole', 'slack:U2': 'sam', 'slack:U3': 'mia' } }, { type: 'roster-read', roster: { mia: [] } }, { roster: { mia: [] }, grants: { ole: { qa: true }, mia: { qa: true } }, accounts: { 'slack:U1': 'ole', 'slack:U3': 'mia' }, left: { sam: 1 } }],
  ])('%s', (_name, before, event, after) => {
    const state = before === undefined ? undefined : { ...none, ...before };
    expect(office.evolvePeople(state, event)).toEqual({ ...none, ...before, ...after });
  });
}); // biome-ignore format: a table

describe('places, codes and sessions', () => {
  test('a place is bound and let go, and forgets its hints after an hour', () => {
    const at = (event: office.PlaceEvent, state?: office.PlaceState) => office.evolvePlace(state, event, META);
    expect(at({ type: 'bound', item: 'WEB-1', by: 'mia' })).toEqual({ item: 'WEB-1', hints: {} });
    const bound = { item: 'WEB-1', hints: { sam: META.at - HOUR, sue: META.at - HOUR + 1 } };
    expect(at({ type: 'unbound', by: 'mia' }, bound)).toEqual({ ...bound, item: null });
    expect(at({ type: 'hinted', person: 'bea', names: [] }, bound)).toEqual({
      item: 'WEB-1',
      hints: { sue: META.at - HOUR + 1, bea: META.at },
    });
  });

  test('a code is used once it was issued', () => {
    const issued = office.evolveCode(undefined, { type: 'code-issued', person: 'sam', until: 9, opens: 'web' });
    expect(issued).toEqual({ person: 'sam', until: 9, opens: 'web', used: false });
    expect(office.evolveCode(issued, { type: 'code-used', account: 'slack:U1' })).toEqual({ ...issued, used: true });
    expect(() => office.evolveCode(undefined, { type: 'code-used', account: 'a' })).toThrow('a code is issued before it is used');
  });

  test('a session ends once it was begun', () => {
    const begun = office.evolveSession(undefined, { type: 'signed-in', person: 'sam', until: 9 });
    expect(begun).toEqual({ person: 'sam', until: 9, ended: false });
    expect(office.evolveSession(begun, { type: 'signed-out' })).toEqual({ ...begun, ended: true });
    expect(() => office.evolveSession(undefined, { type: 'signed-out' })).toThrow('nobody signs out who was not signed in');
  });
}); // biome-ignore format: long lines
