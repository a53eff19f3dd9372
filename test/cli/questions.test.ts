/** What an operator asks of orders and certificates, each as a command line: who, since when, what ends, whose validation fails and why. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { reason } from '../../src/domain/errors.ts';
import {
  baseUrl,
  createSession,
  issueOrder,
  type NativeSession,
  placeOrder,
  seedCsr,
} from '../dialects/native/session.ts';
import { type CliWorld, run } from './harness.ts';

const paid = 'encryption365:108';

let session: NativeSession;
let operator: Partial<CliWorld>;
let customer: Partial<CliWorld>;
/** A second account, and the token of its key. */
let other: { readonly number: string; readonly world: Partial<CliWorld> };

const worldOf = (token: string): Partial<CliWorld> => ({ fetch: session.fetch, connection: { url: baseUrl, token } });

/**
 * Order 17 has its certificate, which ends 90 days after 2026-06-01; 18 is of another account; 19 fails; 20 was placed a day later and
 * fails too; 21 had a certificate then, which was revoked.
 */
before(async () => {
  session = await createSession();
  operator = worldOf(session.operatorToken);
  customer = worldOf(session.token);
  await issueOrder(session, ['early.example.com']);

  const account = await session.operator.accounts.create({ name: 'Second' });
  const { clientSettings } = await session.operator.credentials.create({ account: account.id, roles: ['requester'] });
  const token = clientSettings.token ?? assert.fail();
  other = { number: String(account.number), world: worldOf(token) };
  const client = createNativeClient({ baseUrl, token, fetch: session.fetch });
  session.app.checks.place('other.example.com');
  await placeOrder({ client }, ['other.example.com']);
  await session.app.idle();

  const problem = reason('httpStatus', { url: 'http://broken.example.com/x', status: 404 });
  session.app.checks.failWith('broken.example.com', problem);
  await placeOrder(session, ['broken.example.com']);
  await session.app.idle();

  await session.app.advance(86_400);
  await session.client.orders.place({ productCode: 'encryption365:100', csr: seedCsr, names: ['later.example.net'] });
  await issueOrder(session, ['revoked.example.com']);
  await session.client.orders.revoke({ order: '21', reason: 'superseded' });
  await session.app.idle();
});

async function numbersOf(line: string, world: Partial<CliWorld> = operator): Promise<readonly number[]> {
  const { exitCode, stdout, stderr } = await run(`${line} --json`, world);
  assert.equal(exitCode, 0, stderr);
  const { items } = JSON.parse(stdout) as { readonly items: readonly { readonly number: number }[] };
  return items.map(({ number }) => number);
}

describe('orders', () => {
  const rows: readonly (readonly [question: string, line: string, numbers: readonly number[]])[] = [
    ['all of them', 'order list', [21, 20, 19, 18, 17]],
    ['of an account', 'order list --account 1', [21, 20, 19, 17]],
    ['of a day', 'order list --from 2026-06-01 --to 2026-06-01', [19, 18, 17]],
    ['since a day', 'order list --from 2026-06-02', [21, 20]],
    ['until a day', 'order list --to 2026-06-01', [19, 18, 17]],
    ['that are not done', 'order list --state open', [20, 19]],
    ['in one of several states', 'order list --state open --state revoked', [21, 20, 19]],
    ['of an account in a state', 'order list --account 1 --state active', [17]],
    ['of an issuer', 'order list --issuer embedded --state active', [18, 17]],
    ['of a product', 'order list --product encryption365:100 --state open', [20, 19]],
    ['of a product that nobody ordered', `order list --product ${paid}`, []],
    ['with a name', 'order list --name later.example.net', [20]],
    ['with a name, of the first day', 'order list --name later.example.net --to 2026-06-01', []],
    ['with a part of a name', 'order list --name-part EXAMPLE.com --state active', [18, 17]],
    ['that end within N days, soonest first', 'order list --ends-within 89', [17, 18]],
    ['none of which ends so soon', 'order list --ends-within 20', []],
    ['that end until a day', 'order list --ends-to 2026-08-30', [17, 18]],
    ['that end from a day on', 'order list --ends-from 2026-08-31', [21]],
    ['whose validation fails', 'order list --failing', [20, 19]],
    ['whose validation fails since a day', 'order list --failing --to 2026-06-01', [19]],
    ['whose validation fails, of another account', 'order list --failing --account 100001', []],
  ];
  for (const [question, line, numbers] of rows)
    test(question, async () => assert.deepEqual(await numbersOf(line.replace('100001', other.number)), numbers));

  test('are the own ones of a customer, who learns of no other account', async () => {
    assert.deepEqual(await numbersOf('order list --from 2026-06-01', customer), [21, 20, 19, 17]);
    assert.deepEqual(await numbersOf('order list --failing --account 1', customer), [20, 19]);
    assert.deepEqual(await numbersOf('order list --failing', other.world), []);
    assert.deepEqual(await numbersOf('order list --ends-within 89', other.world), [18]);
    for (const account of [other.number, '100099']) {
      const { exitCode, stderr } = await run(`order list --from 2026-06-01 --account ${account}`, customer);
      assert.equal(exitCode, 3);
      assert.match(stderr, new RegExp(`there is no account "${account}"`));
    }
  });

  test('whose validation fails say which name, how, since when and why, in the language of the reader', async () => {
    const { stdout } = await run('order list --failing', operator);
    const found = 'http://broken.example.com/x answered with HTTP status 404';
    assert.match(stdout, /^NUMBER {2}NAME +METHOD +SINCE +FOUND/);
    assert.match(stdout, /\n +19 {2}broken\.example\.com {2}httpFile {2}2026-06-01 12:00/);
    assert.ok(stdout.includes(found), stdout);
    const zh = await run('order list --failing', { ...operator, language: 'zh' });
    assert.match(zh.stdout, /404/);
    assert.ok(!zh.stdout.includes('answered with'), zh.stdout);
    const csv = (await run('order list --failing --csv', operator)).stdout.split('\r\n');
    assert.match(csv[0] ?? '', /failing\.name,failing\.method,failing\.code,failing\.text,failing\.since/);
    assert.match(csv[2] ?? '', /,broken\.example\.com,httpFile,httpStatus,http:.*404,2026-06-01T12:00:00.000Z,/);
  });

  test('that end are shown with their ends, and a list in pages is the same list', async () => {
    const { stdout, stderr } = await run('order list --ends-within 3650 --limit 2', operator);
    assert.match(stdout, /^NUMBER {2}NAMES +STATE +ENDS +ISSUER/);
    assert.match(stdout, /\n +17 {2}early\.example\.com +active +2026-08-30 +embedded/);
    const cursor = /add --cursor (\S+)/.exec(stderr)?.[1] ?? assert.fail(stderr);
    assert.deepEqual(await numbersOf(`order list --ends-within 3650 --cursor ${cursor}`), [21]);
  });
});

describe('certificates', () => {
  const rows: readonly (readonly [question: string, line: string, numbers: readonly number[]])[] = [
    ['all of them', 'certificate list', [19, 18, 17]],
    ['of an account', 'certificate list --account 1', [19, 17]],
    ['of a day', 'certificate list --from 2026-06-01 --to 2026-06-01', [18, 17]],
    ['that are valid and end within N days', 'certificate list --state valid --ends-within 89', [17, 18]],
    ['that end from a day on', 'certificate list --ends-from 2026-08-31', [19]],
    ['that end until a day', 'certificate list --ends-to 2026-08-29', []],
    ['that are revoked', 'certificate list --state revoked', [19]],
    ['in one of several states', 'certificate list --state revoked --state expired', [19]],
    ['of an issuer', 'certificate list --issuer embedded --state valid', [18, 17]],
    ['of a product', 'certificate list --product encryption365:100', [19, 18, 17]],
    ['of a product of an account', `certificate list --product ${paid} --account 1`, []],
    ['with a name that is valid', 'certificate list --name other.example.com --state valid', [18]],
    ['with a name that is revoked', 'certificate list --name other.example.com --state revoked', []],
  ];
  for (const [question, line, numbers] of rows)
    test(question, async () => assert.deepEqual(await numbersOf(line), numbers));

  test('are the own ones of a customer', async () => {
    assert.deepEqual(await numbersOf('certificate list --ends-within 3650', other.world), [18]);
    assert.equal((await run(`certificate list --account ${other.number}`, customer)).exitCode, 3);
  });

  test('as CSV are all of them, soonest first', async () => {
    const { stdout } = await run('certificate list --ends-within 3650 --csv', operator);
    const [header = '', ...lines] = stdout.trimEnd().split('\r\n');
    const column = header.split(',').indexOf('number');
    assert.deepEqual(
      lines.map((line) => line.split(',')[column]),
      ['17', '18', '19'],
    );
  });
});

describe('a slip of the pen is refused in a sentence that says what was meant', () => {
  const rows: readonly (readonly [line: string, exitCode: number, message: RegExp])[] = [
    ['order list --from june', 2, /--from "june" is not a date\nnext: {2}write it like 2026-06-01/],
    ['order list --to 2026-02-30', 2, /--to "2026-02-30" is not a date/],
    ['order list --from 2026-06-02 --to 2026-06-01', 2, /--to 2026-06-01 is before --from 2026-06-02/],
    ['certificate list --ends-from 2027-01-01 --ends-to 2026-01-01', 2, /--ends-to 2026-01-01 is before --ends-from/],
    ['order list --ends-within soon', 2, /A whole number is needed/],
    ['order list --ends-within 9999', 7, /endsWithinDays must be at most 3650, not "9999"/],
    ['order list --ends-within 0', 7, /endsWithinDays must be an integer from 1 to 3650, not "0"/],
    ['order list --ends-within 5 --ends-to 2026-07-01', 2, /say the same thing twice/],
    ['order list --state open --state odd', 2, /Allowed choices are open, active/],
    ['certificate list --state open', 2, /Allowed choices are valid, revoked, expired/],
    ['order list --issuer embeded', 7, /issuerId must be the id of an issuer.*not "embeded"/],
    ['order list --product tls-xx', 7, /productCode "tls-xx" is not a product/],
    ['order list --name-part ab', 2, /--name-part "ab" is too short/],
    ['order list --name-part 例子例子', 7, /namePart must be at least three letters of a name/],
    ['order list --account nobody', 3, /there is no account "nobody"/],
    ['order list --failing --cursor YXQ6MTp4', 7, /cursor must be a nextCursor/], // at:1:x
  ];
  for (const [line, exitCode, message] of rows) {
    test(line, async () => {
      const outcome = await run(line, operator);
      assert.match(outcome.stderr, message);
      assert.equal(outcome.exitCode, exitCode, outcome.stderr);
      assert.equal(outcome.stdout, '');
    });
  }
});
