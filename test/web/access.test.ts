import { expect, test } from 'vitest';
import { accessOf, accessProblem } from '../../src/web/access.ts';

/** Where sign-in can be had, and where every page wants it. */

const ORIGIN = 'http://127.0.0.1:8080';

test.each([
  ['127.0.0.1', undefined, { address: ORIGIN, isClosed: false, isSecure: false }],
  ['127.0.0.1', 'https://baton.example/', { address: 'https://baton.example', isClosed: true, isSecure: true }],
  ['0.0.0.0', 'http://localhost:8080', { address: 'http://localhost:8080', isClosed: true, isSecure: false }],
])('HOST %s with BATON_URL %s', (host, url, access) => {
  expect(accessOf(host, ORIGIN, url)).toEqual(access);
});

test.each([
  [{}, undefined],
  [{ HOST: '::1' }, undefined],
  [{ HOST: '0.0.0.0', BATON_URL: 'https://baton.example' }, undefined],
  [{ HOST: '0.0.0.0', BATON_URL: 'http://localhost:8080' }, undefined],
  [{ HOST: '0.0.0.0' }, /^HOST is 0\.0\.0\.0, and BATON_URL is not set/],
  [{ BATON_URL: 'http://baton.example' }, /^BATON_URL is http:\/\/baton\.example, and without https/],
])('%o', (settings, problem) => {
  const found = accessProblem(settings);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(problem);
});
