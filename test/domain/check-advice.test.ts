/** What to do after a check, and the mistakes that it points to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Challenge, CheckResult } from '../../src/domain/challenge.ts';
import { adviceFor, hintsFor } from '../../src/domain/check-advice.ts';
import { type Reason, reason } from '../../src/domain/errors.ts';

const name = '_certmux-challenge.www.example.com';
const value = `${'8da7'.repeat(16)}.${'abcd'.repeat(6)}ef`;
const url = 'http://www.example.com/.well-known/pki-validation/fileauth.txt';
const txt: Challenge = { method: 'dnsTxt', binding: 'server', host: name, value };

function checkOf(method: CheckResult['method'], problem?: Reason, change: Partial<CheckResult> = {}): CheckResult {
  return {
    method,
    binding: 'server',
    proved: problem === undefined,
    checkedAt: new Date(0),
    durationMs: 1,
    asked: name,
    answeredBy: [],
    answer: '',
    ...(problem === undefined ? {} : { problem }),
    ...change,
  };
}

const advice = [
  ['dnsTxt', undefined, 'nothing'],
  ['dnsTxt', reason('dnsNoSuchName', { name }), 'addRecord'],
  ['httpFile', reason('dnsNoSuchName', { name }), 'pointName'],
  ['dnsTxt', reason('dnsWrongText', { name, found: '"x"', expected: value }), 'changeRecord'],
  ['dnsTxt', reason('dnsTimeout', { name }), 'askDnsHost'],
  ['httpFile', reason('httpStatus', { url, status: 404 }), 'placeFile'],
  ['httpFile', reason('httpStatus', { url, status: 403 }), 'openFile'],
  ['httpFile', reason('httpStatus', { url, status: 502 }), 'openServer'],
  ['httpFile', reason('fileWrongContent', { url, found: '"x"', expected: '"y"' }), 'changeFile'],
  ['httpFile', reason('fileInUtf16', { url }), 'changeFile'],
  ['httpFile', reason('resolversAway', {}), 'waitForServer'],
  ['tlsAlpn', reason('alpnNoCertificate', { host: name }), 'presentCertificate'],
  ['email', reason('mailUnanswered', { address: 'admin@example.com' }), 'askForMail'],
] as const;

for (const [method, problem, expected] of advice) {
  test(`${method} after ${problem?.key ?? 'a proof'}: ${expected}`, () =>
    assert.equal(adviceFor(checkOf(method, problem)), expected));
}

const wrong = (found: string) => checkOf('dnsTxt', reason('dnsWrongText', { name, found, expected: `"${value}"` }));

test('quotes around the value, and a value of another order, are told apart', () => {
  assert.deepEqual(hintsFor(wrong(`""${value}""`), txt, false), ['quotedValue']);
  assert.deepEqual(hintsFor(wrong(`"${value.replaceAll('8', '9')}"`), txt, false), ['oldValue']);
  assert.deepEqual(hintsFor(wrong('"v=spf1 -all"'), txt, false), []);
});

test('a record under a doubled name, a CNAME beside the TXT record, and another server are named', () => {
  const missing = checkOf('dnsTxt', reason('dnsNoSuchName', { name }));
  assert.deepEqual(hintsFor(missing, txt, true), ['doubledName']);
  const elsewhere = reason('dnsOtherRecord', { name, type: 'TXT' });
  const followed = checkOf('dnsTxt', elsewhere, { answer: 'TXT "x"', source: { isOwn: false } });
  assert.deepEqual(hintsFor(followed, txt, false), ['cnameBesideTxt']);
  const file = checkOf('httpFile', reason('httpRedirectFailed', { url }), { source: { isOwn: false } });
  assert.deepEqual(hintsFor(file, undefined, false), ['offsiteRedirect']);
});

test('what proved the name needs no hint', () => assert.deepEqual(hintsFor(checkOf('dnsTxt'), txt, true), []));
