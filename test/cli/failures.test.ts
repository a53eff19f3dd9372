import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.ts';
import { errorCodes } from '../../src/domain/error-codes.ts';
import { createSession, placeOrder } from '../dialects/native/session.ts';
import { run } from './harness.ts';

const session = await createSession();
await placeOrder(session);
const { fetch, baseUrl: url, token } = session;
const world = { fetch, connection: { url, token } };

const untrusting = async () => {
  throw new TypeError('fetch failed', { cause: new Error('unable to get local issuer certificate') });
};
const nobody = async () => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:8080') });
};

describe('a command that fails says why, what to do next, and ends with', () => {
  const rows: readonly (readonly [line: string, world: object, exitCode: number, stderr: RegExp])[] = [
    ['nonsense', {}, 2, /unknown command 'nonsense'\nAdd --help/],
    ['order', {}, 2, /^Usage: certmux order/],
    ['order shwo 1', {}, 2, /Did you mean show/],
    ['order show', {}, 2, /missing required argument 'order'\nAdd --help/],
    ['order list --limit many', {}, 2, /A whole number is needed/],
    ['get a.test --standalone --timeout 0', {}, 2, /argument '0' is invalid\. It must be at least 1/],
    ['get a.test --standalone --renew-within 0', {}, 2, /argument '0' is invalid\. It must be at least 1/],
    ['order list --state odd', {}, 2, /Allowed choices are open, active/],
    ['order show 17', {}, 2, /no server is named\nnext: {2}.*CERTMUX_URL.*certmux init \(data\/operator\.json\)/],
    ['order show 17', { connection: { url } }, 2, /no token\nnext: {2}.*CERTMUX_TOKEN/],
    ['order show 17 --url ftp://x --token y', {}, 2, /"ftp:\/\/x" is not the URL of a server/],
    ['order place a:b --csr gone.csr', world, 2, /there is no file "gone\.csr"/],
    [
      'order place a:b --csr empty.csr',
      { ...world, files: new Map([['empty.csr', '\n']]) },
      2,
      /the file "empty\.csr" is empty\nnext: /,
    ],
    [
      'ca install a.bin',
      { ...world, files: new Map([['a.bin', 'a\0b']]) },
      2,
      /the file "a\.bin" is neither text nor DER\nnext: /,
    ],
    [
      'ca list upload ca_1 root.key',
      { ...world, files: new Map([['root.key', '-----BEGIN PRIVATE KEY-----\n']]) },
      2,
      /the file "root\.key" is not to be sent: it holds a private key\nnext: /,
    ],
    ['account credit 7 1.23', { ...world }, 3, /no account "7"/],
    ['order show 99', world, 3, /no order 99 in this account\nnext: {2}.*certmux order list/],
    ['order show 17 --token cmx_x', world, 4, /wrong or was revoked\nnext: {2}.*CERTMUX_TOKEN/],
    ['account list', world, 4, /needs the role operator \/ support \/ auditor\nnext: /],
    [
      'order show 17',
      { ...world, fetch: nobody },
      5,
      /cannot be reached: connect ECONNREFUSED.*\nnext: {2}.*npm start/,
    ],
    [
      'order show 17',
      { ...world, fetch: untrusting },
      5,
      /unable to get local issuer certificate\nnext: {2}trust its roots: NODE_EXTRA_CA_CERTS=/,
    ],
    [
      'order approve 17',
      world,
      6,
      /approval 17 is approved; this needs submitted or pending\nnext: {2}.*certmux order show/,
    ],
    ['order list --limit 900', world, 7, /limit must be at most 200/],
  ];
  for (const [line, where, exitCode, stderr] of rows) {
    test(`${exitCode}: certmux ${line}`, async () => {
      const outcome = await run(line, where);
      assert.match(outcome.stderr, stderr);
      assert.equal(outcome.stdout, '');
      assert.equal(outcome.exitCode, exitCode);
    });
  }
});

describe('with --json the error is JSON too', () => {
  const rows: readonly (readonly [line: string, code: string, exitCode: number])[] = [
    ['order show 99 --json', 'notFound', 3],
    ['order show --json', 'usage', 2],
    ['nonsense --json', 'usage', 2],
    ['order show 17 --url nowhere --json', 'usage', 2],
  ];
  for (const [line, code, exitCode] of rows) {
    test(line, async () => {
      const outcome = await run(line, world);
      const { error } = JSON.parse(outcome.stderr) as { error: { code: string; message: string; exitCode: number } };
      assert.equal(error.code, code);
      assert.equal(error.exitCode, exitCode);
      assert.notEqual(error.message, '');
      assert.equal(outcome.exitCode, exitCode);
      assert.equal(outcome.stdout, '');
    });
  }
});

test('the exit codes of all error codes are a promise', () => {
  const table = Object.fromEntries(errorCodes.map((code) => [code, exitCodeOf(code)]));
  assert.deepEqual(table, {
    malformedRequest: 7,
    invalidField: 7,
    unauthenticated: 4,
    forbidden: 4,
    notFound: 3,
    unknownProduct: 7,
    badCsr: 7,
    badKey: 7,
    badName: 7,
    refusedName: 7,
    tooManyNames: 7,
    wrongState: 6,
    insufficientBalance: 7,
    conflict: 6,
    tooLarge: 7,
    rateLimited: 5,
    validationFailed: 7,
    issuerRefused: 7,
    unavailable: 5,
    unsupported: 7,
    internal: 1,
  });
  assert.deepEqual(Object.values(exitCodes), [0, 1, 2, 3, 4, 5, 6, 7]);
});

test("an error without a code of ours is a failure, and its message is the person's", async () => {
  const checkConfig = () => Promise.reject(new Error('certmux.yaml cannot be read'));
  const outcome = await run('config check', { local: { checkConfig } });
  assert.equal(outcome.exitCode, 1);
  assert.equal(outcome.stderr, 'error: certmux.yaml cannot be read\n');
});

test('what a server says cannot move the cursor', async () => {
  const detail = 'bad \x1b[2J name';
  const problem = { type: 'x', title: 'x', status: 404, detail, instance: 'r', code: 'notFound', errors: [] };
  const outcome = await run('order show 1', { ...world, fetch: async () => Response.json(problem, { status: 404 }) });
  assert.match(outcome.stderr, /bad \\u\{1b\}\[2J name/);
});
