import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minorUnits } from '../../src/cli/amount.ts';
import type { OfflineListRequest } from '../../src/cli/local.ts';
import { textWidth } from '../../src/cli/width.ts';
import { reason } from '../../src/domain/errors.ts';
import {
  createSession,
  failJob,
  issueOrder,
  lockedIssuer,
  type NativeSession,
  placeOrder,
  type SessionOptions,
  seedCsr,
} from '../dialects/native/session.ts';
import { createMailFake } from '../support/mail-fake.ts';
import { passingTime } from '../support/system.ts';
import { type CliWorld, run } from './harness.ts';

function worldOf({ fetch, baseUrl }: NativeSession, token: string): Partial<CliWorld> {
  return { fetch, connection: { url: baseUrl, token }, files: new Map([['www.csr', seedCsr]]) };
}

async function begin(options: SessionOptions = {}) {
  const session = await createSession(options);
  const world = worldOf(session, session.token);
  const operator = worldOf(session, session.operatorToken);
  return { session, world, operator };
}

/** Runs it and fails unless it succeeds. */
async function succeed(line: string | readonly string[], world: Partial<CliWorld>) {
  const outcome = await run(line, world);
  assert.equal(outcome.exitCode, 0, outcome.stderr);
  return outcome;
}

describe('order', () => {
  test('place shows what to place where', async () => {
    const { world } = await begin();
    const { stdout } = await succeed('order place encryption365:100 --csr www.csr --reference web', world);
    assert.match(stdout, /^Order 17 {2}open\nwaits for the proof of control of 1 of 1 name/);
    const file = 'http://trustocean.com/.well-known/pki-validation/B8EE25A34BC5CD1F4D5DC8C20FD4EEB2.txt';
    assert.ok(stdout.includes(`    HTTP   ${file}\n`));
    assert.match(stdout, /with the content\n +fdadae5f[0-9a-f]{56}\n +certmux\.invalid\n +[0-9a-z]{26}\n/);
    assert.match(stdout, / {4}CNAME {2}_b8ee25a34bc5cd1f4d5dc8c20fd4eeb2\.trustocean\.com\n +to {3}fdadae5f/);
    assert.match(stdout, /Reference: +web\n/);
    assert.match(stdout, /Next: .*certmux order check 17\n$/);
  });

  test('place reads the CSR from standard input and names from the options', async () => {
    const { world, session } = await begin();
    const line = 'order place encryption365:100 --csr - --name a.example --name b.example --json';
    const { stdout } = await succeed(line, { ...world, stdin: seedCsr });
    const order = JSON.parse(stdout) as { names: { name: string }[] };
    assert.deepEqual(
      order.names.map(({ name }) => name),
      ['a.example', 'b.example'],
    );
    assert.equal((await session.orders()).length, 1);
  });

  test('place with an idempotency key may be repeated', async () => {
    const { world, session } = await begin();
    const line = 'order place encryption365:100 --csr www.csr --idempotency-key k';
    await succeed(line, world);
    await succeed(line, world);
    assert.equal((await session.orders()).length, 1);
  });

  test('show tells what the last look found', async () => {
    const { world, session } = await begin();
    const problem = reason('httpStatus', { url: 'http://www.trustocean.com/x', status: 404 });
    session.app.checks.failWith('www.trustocean.com', problem);
    session.app.checks.place('trustocean.com');
    await placeOrder(session, ['trustocean.com', 'www.trustocean.com']);
    await session.app.idle();
    const { stdout } = await succeed('order show 17', world);
    assert.match(stdout, /✓ trustocean\.com {2}proved by httpFile on 2026-06-01, good until 2026-12-17\n/);
    assert.match(stdout, /· www\.trustocean\.com {2}pending; place any one of these:\n/);
    assert.match(
      stdout,
      /last look 2026-06-01 12:00Z: http:\/\/www\.trustocean\.com\/x answered with HTTP status 404\n/,
    );
  });

  test('show of an issued order leads to the certificate', async () => {
    const { world, session } = await begin();
    await issueOrder(session);
    const { stdout } = await succeed('order show 17', world);
    assert.match(stdout, /\nCertificate\n {2}number 17, valid, ends 2026-08-30, in 89 days\n/);
    assert.match(stdout, /Next: certmux certificate download 17 --output fullchain\.pem\n$/);
    assert.doesNotMatch(stdout, /place any one/);
  });

  test('approve and reject decide, with a note', async () => {
    for (const [verb, word] of [
      ['approve', 'approved'],
      ['reject', 'rejected'],
    ] as const) {
      const { world, session } = await begin({ account: { approval: 'manual' } });
      await placeOrder(session);
      assert.match((await succeed('order show 17', world)).stdout, /Next: certmux order approve 17/);
      const { stdout } = await succeed(['order', verb, '17', '--note', 'ticket 4711'], world);
      assert.match(stdout, new RegExp(`Approval: +${word} by test: ticket 4711\n`));
    }
  });

  test('choose-method with email names an address, which show tells', async () => {
    const { world, session } = await begin({ mail: createMailFake() });
    const none = await run('order choose-method 17 trustocean.com email --address admin@trustocean.com', world);
    assert.equal(none.exitCode, 3);
    await placeOrder(session);
    const plain = (await succeed('order choose-method 17 trustocean.com dnsTxt', world)).stdout;
    assert.match(plain, / {4}TXT {4}_certmux-challenge\.trustocean\.com\n +is {3}fdadae5f/);
    assert.match(plain, / {4}MAIL {3}confirmed by whoever reads one of these[^\n]*\n +admin@trustocean\.com\n/);
    assert.doesNotMatch(plain, /chosen/);
    const line = 'order choose-method 17 trustocean.com email --address webmaster@trustocean.com';
    assert.match((await succeed(line, world)).stdout, /chosen: webmaster@trustocean\.com\n/);
    await session.app.idle();
    assert.match(
      (await succeed('order show 17', world)).stdout,
      /2026-06-01 12:00Z: a mail was sent to webmaster@trustocean\.com; nobody has confirmed it yet\n/,
    );
    for (const [rest, words] of [
      ['email --address ceo@trustocean.com', /"ceo@trustocean\.com" cannot confirm trustocean\.com/],
      ['email', /the address for the validation mail of trustocean\.com is required/],
      ['dnsCname --address admin@trustocean.com', /address must be left out unless method is email/],
      ['phone', /method/],
    ] as const) {
      const refused = await run(`order choose-method 17 trustocean.com ${rest}`, world);
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.stderr, words);
    }
  });

  test('remove-name takes names out', async () => {
    const { world, session } = await begin();
    session.app.checks.place('trustocean.com');
    await placeOrder(session, ['trustocean.com', 'a.trustocean.com', 'b.trustocean.com', 'c.trustocean.com']);
    await session.app.idle();
    const { stdout } = await succeed('order remove-name 17 a.trustocean.com b.trustocean.com', world);
    assert.match(stdout, / trustocean\.com /);
    assert.doesNotMatch(stdout, / [ab]\.trustocean\.com {2}/);
    const left = await succeed('order remove-name 17 --unproved --json', world);
    const { names } = JSON.parse(left.stdout) as { names: { name: string }[] };
    assert.deepEqual(
      names.map(({ name }) => name),
      ['trustocean.com'],
    );
    const none = await run('order remove-name 17', world);
    assert.notEqual(none.exitCode, 0);
  });

  test('check, cancel, reissue and revoke do what they say', async () => {
    const { world, session } = await begin();
    await placeOrder(session);
    await session.app.idle();
    const { length } = session.app.checks.looks;
    await succeed('order check 17', world);
    await session.app.idle();
    assert.ok(session.app.checks.looks.length > length);
    assert.match((await succeed('order cancel 17', world)).stdout, /^Order 17 {2}cancelled\n/);

    const other = await begin();
    await issueOrder(other.session);
    const reissued = await succeed('order reissue 17 --csr www.csr --json', other.world);
    assert.equal((JSON.parse(reissued.stdout) as { issuance: { kind: string } }).issuance.kind, 'reissue');
    await other.session.app.idle();
    const revoked = await succeed('order revoke 17 --reason key_compromise', other.world);
    assert.match(revoked.stdout, /^Order 17 {2}revoked\nrevoked on 2026-06-01\n/);
  });

  test('revoke says when somebody has to approve it', async () => {
    const { world, session } = await begin({ account: { approval: 'manual' }, roles: ['requester'] });
    await issueOrder(session);
    await session.approve();
    await session.app.idle();
    const { stdout } = await succeed('order revoke 17', world);
    assert.match(stdout, /^The revocation waits for an approver: see certmux approval list\.\n\nOrder 17 {2}active\n/);
  });

  test('list is a table, goes on with the cursor, and is silent on standard output when empty', async () => {
    const { world, session } = await begin();
    const empty = await succeed('order list', world);
    assert.equal(empty.stdout, '');
    assert.match(empty.stderr, /No orders were found\. Place one: certmux order place/);
    for (let i = 0; i < 3; i++) await placeOrder(session);
    const first = await succeed('order list --limit 2', world);
    assert.match(first.stdout, /^NUMBER {2}NAMES +STATE.*\n +19 .*\n +18 .*\n$/);
    const cursor = /add --cursor (\S+)/.exec(first.stderr)?.[1];
    const second = await succeed(`order list --limit 2 --cursor ${cursor}`, world);
    assert.match(second.stdout, /\n +17 .*\n$/);
    assert.equal(second.stderr, '');
  });
});

describe('certificate', () => {
  async function issued() {
    const { world, session } = await begin();
    await issueOrder(session);
    return world;
  }

  test('show is the description of the certificate', async () => {
    const { stdout } = await succeed('certificate show 17', await issued());
    assert.match(stdout, /^Certificate 17 {2}valid\n\nEnds: +2026-08-30, in 89 days\n/);
    assert.match(stdout, /\nSubject +CN=trustocean\.com\n/);
  });

  test('download goes to standard output or to a file', async () => {
    const world = await issued();
    const { stdout } = await succeed('certificate download 17', world);
    assert.equal(stdout.match(/BEGIN CERTIFICATE/g)?.length, 2);
    const written = await succeed('certificate download 17 --format pem -o www.pem', world);
    assert.match(written.stdout, /^Wrote www\.pem \(\d+ bytes\)\.\n$/);
    assert.match(written.files.get('www.pem') ?? '', /^-----BEGIN CERTIFICATE-----\n/);
    const der = await succeed('certificate download 17 --format der', world);
    assert.equal(der.stdout.charCodeAt(0), 0x30);
  });

  test('DER is not written to a screen', async () => {
    const outcome = await run('certificate download 17 --format der', { ...(await issued()), isTty: true });
    assert.equal(outcome.exitCode, 2);
    assert.match(outcome.stderr, /name a file with --output/);
  });

  test('revoke says which', async () => {
    const { stdout } = await succeed('certificate revoke 17 --reason superseded', await issued());
    assert.equal(stdout, 'Revoked certificate 17 of trustocean.com.\n');
  });
});

describe('account, user, credential', () => {
  test('a customer is set up: account, money, user, key', async () => {
    const { operator } = await begin();
    const created = await succeed(['account', 'create', '例子公司', '--approval', 'manual'], operator);
    assert.match(created.stdout, /^Account: {3}例子公司 \(active\)\n/);
    assert.match(created.stdout, /Next: certmux credential create --account 3 --dialect encryption365\n$/);
    const credited = await succeed('account credit 3 500.00 --note invoice', operator);
    assert.equal(credited.stdout, 'The balance is now 500.00 CNY.\n');
    const shown = await succeed('account show 3', operator);
    assert.match(shown.stdout, /credit {2}500\.00 CNY {2}500\.00 CNY {2}operator {2}invoice\n$/);
    const key = await succeed('credential create --account 3 --dialect encryption365 --label panel', operator);
    assert.match(key.stdout, /only this once\.\n\nclient_id: +\S+\naccess_token: +\S+\n$/);
    const platform = await succeed(
      'credential create --account 3 --dialect wosign --allow-address 192.0.2.7',
      operator,
    );
    assert.match(
      platform.stdout,
      /\n\ncustomer_id: +customer_\w{16}\nauth_token: +authority_\w{26}\nsignfile: +[0-9a-f]{64}\n$/,
    );
    const listed = await succeed('credential list', operator);
    assert.match(listed.stdout, /\n100001 {2}encryption365 {2}panel .* never /);
    assert.match((await succeed('account list', operator)).stdout, /\n +3 {2}例子公司 /);
  });

  test('a password comes from standard input, from a person, or is made and shown once', async () => {
    const { operator, session } = await begin();
    await session.operator.accounts.create({ name: 'Shop' });
    const made = await succeed('user create a --account 3', operator);
    assert.match(made.stdout, /Password: {2}[0-9a-z]{20}\n\nNote the password now/);
    const given = await succeed('user create b --account 3 --password-stdin', {
      ...operator,
      stdin: 'correct horse\n',
    });
    assert.doesNotMatch(given.stdout, /horse|Password/);
    const typed = await succeed('user create c --account 3', { ...operator, answer: 'battery staple' });
    assert.doesNotMatch(typed.stdout, /staple|Password/);
    const short = await run('user create d --password-stdin', { ...operator, stdin: 'short' });
    assert.equal(short.exitCode, 7);
    assert.doesNotMatch(short.stderr, /short"/);
    const none = await run('user create e --password-stdin', { ...operator, stdin: '' });
    assert.equal(none.exitCode, 2);
    assert.match((await succeed('user list', operator)).stdout, /\n100001 {2}a +requester /);
  });

  test('a user chooses a password by a link: printed, or in a mail', async () => {
    const { operator, session } = await begin();
    await session.operator.accounts.create({ name: 'Shop' });
    await session.operator.users.create({ account: '3', username: 'a@shop.example' });
    const printed = await succeed('user invite a@shop.example --print-link', operator);
    assert.match(printed.stdout, /Link: +https:\/\/certs\.example\/invitation\/[0-9a-z]{78}\n.*\n\nHand the link/);
    assert.doesNotMatch(printed.stdout, /Mail to/);
    for (const command of ['user invite a@shop.example', 'user create b@shop.example --account 3 --invite']) {
      const refused = await run(command, operator);
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.stderr, /no mail server is configured/);
    }
    assert.doesNotMatch((await succeed('user list', operator)).stdout, /b@shop/);
    assert.equal((await run('user create c --account 3 --invite --service', operator)).exitCode, 2);
  });

  test('a user and a key are changed by number; a service user has no password', async () => {
    const { operator, session } = await begin();
    await session.operator.accounts.create({ name: 'Shop' });
    const service = await succeed('user create deployer --account 3 --service', operator);
    assert.doesNotMatch(service.stdout, /Password/);
    const line = ['user', 'change', '100001', '--role', 'viewer', '--first-name', 'Jill', '--email', 'j@shop.example'];
    assert.match((await succeed(line, operator)).stdout, /Person: +Jill j@shop\.example\nRoles: +viewer\n/);
    assert.equal((await run('user change 100001', operator)).exitCode, 2);
    assert.equal((await run('user change 7 --role viewer', operator)).exitCode, 3);
    await succeed('credential create --account 3 --user deployer', operator);
    const key = await succeed('credential change 100003 --label ci --role viewer', operator);
    assert.match(key.stdout, /Label: +ci\nRoles: +viewer\n$/);
    assert.equal((await run('credential change 100003', operator)).exitCode, 2);
    const ending = await succeed('credential change 100003 --expires-at 2030-01-31T12:00:00Z', operator);
    assert.match(ending.stdout, /Until: +2030-01-31/);
    const endless = await succeed('credential change 100003 --expires-at never', operator);
    assert.doesNotMatch(endless.stdout, /Until/);
  });

  test('a user is disabled and enabled by name', async () => {
    const { operator, session } = await begin();
    await session.operator.accounts.create({ name: 'Shop' });
    await succeed('user create ops@example.com --account 3', operator);
    const disabled = await succeed('user disable ops@example.com', operator);
    assert.equal(disabled.stdout, 'Disabled ops@example.com and revoked their keys.\n');
    assert.match((await succeed('user list', operator)).stdout, /ops@example\.com +requester +disabled /);
    const enabled = await succeed('user enable ops@example.com', operator);
    assert.equal(enabled.stdout, 'ops@example.com may sign in again.\n');
    assert.equal((await run('user disable nobody@example.com', operator)).exitCode, 3);
  });

  test('a user who is removed stays removed, and the name is free', async () => {
    const { operator, session } = await begin();
    await session.operator.accounts.create({ name: 'Shop' });
    await succeed('user create ops@example.com --account 3', operator);
    const removed = await succeed('user remove ops@example.com', operator);
    assert.equal(removed.stdout, 'Removed ops@example.com and revoked their keys.\n');
    for (const again of ['remove', 'enable', 'disable']) {
      assert.equal((await run(`user ${again} ops@example.com`, operator)).exitCode, 3, again);
    }
    await succeed('user create ops@example.com --account 3', operator);
    assert.match((await succeed('user list', operator)).stdout, /ops@example\.com +requester +active /);
  });

  test('account change changes what is named and nothing else', async () => {
    const { operator } = await begin();
    await succeed('account create Shop --approval manual --allow-name shop.example --email a@shop.example', operator);
    const change = async (options: string) =>
      JSON.parse((await succeed(`account change 3 ${options} --json`, operator)).stdout) as Record<string, unknown>;
    const first = await change('--state suspended');
    assert.equal(first.state, 'suspended');
    assert.deepEqual(
      [first.allowedNames, first.approval, first.contactEmail],
      [['shop.example'], 'manual', 'a@shop.example'],
    );
    const second = await change('--any-name --product encryption365:100 --approval automatic');
    assert.deepEqual(second, {
      ...first,
      allowedNames: null,
      productCodes: ['encryption365:100'],
      approval: 'automatic',
    });
    assert.deepEqual(await change('--all-products --state active'), { ...second, productCodes: null, state: 'active' });
    const none = await run('account change 3', operator);
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /nothing is named that should change/);
    const both = await run('account change 3 --any-name --allow-name a.example', operator);
    assert.equal(both.exitCode, 2);
  });

  test('a made password is in the JSON, a given one is not', async () => {
    const { operator } = await begin();
    const password = (stdout: string) => (JSON.parse(stdout) as { password?: string }).password;
    assert.equal(password((await succeed('user create a --json', operator)).stdout)?.length, 20);
    const given = await succeed('user create b --json --password-stdin', { ...operator, stdin: 'correct horse' });
    assert.equal(password(given.stdout), undefined);
  });

  test('amounts are read in the units of the currency', () => {
    const rows: readonly (readonly [text: string, currency: string, minor: number | undefined])[] = [
      ['500', 'CNY', 50000],
      ['500.5', 'CNY', 50050],
      ['0.07', 'CNY', 7],
      ['-50', 'CNY', -5000],
      ['500', 'JPY', 500],
      ['500.5', 'JPY', undefined], // has no smaller unit
      ['1.234', 'CNY', undefined], // never rounded
      ['1,000', 'CNY', undefined],
      ['', 'CNY', undefined],
      ['1e3', 'CNY', undefined],
    ];
    for (const [text, currency, minor] of rows) {
      if (minor === undefined) assert.throws(() => minorUnits(text, currency), /is not an amount/, text);
      else assert.equal(minorUnits(text, currency), minor, text);
    }
  });
});

describe('product, ca, event', () => {
  test('product list lines up with Chinese names, folded to a terminal and whole in a pipe', async () => {
    const { world } = await begin({ account: { productCodes: ['encryption365:100', 'encryption365:108'] } });
    const wide = (await succeed('product list', world)).stdout.trimEnd().split('\n');
    assert.match(wide[1] ?? '', /^encryption365:100 {2}免费版 SSL 证书 {2}DV {5}90 days/);
    const narrow = (await succeed('product list', { ...world, isTty: true, columns: 80 })).stdout.trimEnd().split('\n');
    for (const line of narrow) assert.ok(textWidth(line) <= 80, line);
    // What does not fit goes on in a second line.
    assert.match(narrow.join('\n'), /\nencryption365:100 {2}免费版 SSL 证书/);
  });

  test('product change keeps the prices that were not named', async () => {
    const { operator } = await begin();
    const { stdout } = await succeed('product change encryption365:108 --price 99.5 --no-for-sale --json', operator);
    const product = JSON.parse(stdout) as { isForSale: boolean; prices: Record<string, { minor: number }> };
    assert.equal(product.isForSale, false);
    assert.equal(product.prices.fqdn?.minor, 9950);
    assert.equal(product.prices.wildcard?.minor, 75000);
  });

  test('ca request writes a request, which ca requests shows and ca withdraw removes', async () => {
    const { operator } = await begin();
    assert.match((await succeed('ca requests', operator)).stderr, /No request waits/);
    const made = await succeed(['ca', 'request', '--name', 'Example TLS CA 7', '--output', 'ca.csr'], operator);
    assert.match(made.files.get('ca.csr') ?? '', /^-----BEGIN CERTIFICATE REQUEST-----\n/);
    const [, id = ''] = /the request (ca_\S+) of O=Example, CN=Example TLS CA 7/.exec(made.stdout) ?? [];
    assert.match((await succeed('ca requests', operator)).stdout, new RegExp(`CN=Example TLS CA 7 .*${id}`));
    const again = await succeed(['ca', 'requests', id, '--output', 'again.csr'], operator);
    assert.equal(again.files.get('again.csr'), made.files.get('ca.csr'));
    const files = new Map([['ca.pem', '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n']]);
    const refusal = await run('ca install ca.pem', { ...operator, files });
    assert.match(refusal.stderr, /ca\.pem holds no certificate; give files of certificates/);
    await succeed(['ca', 'withdraw', id], operator);
    assert.equal((await run(['ca', 'withdraw', id], operator)).exitCode, 3);
  });

  test('ca root export asks for the passphrase twice, and ca sign-list needs no server', async () => {
    const { operator } = await begin();
    const files = new Map([
      ['pass', 'correct horse battery\n'],
      ['root.key', 'ENCRYPTED'],
      ['root.pem', 'PEM'],
    ]);
    const short = new Map([['pass', 'short\n']]);
    const root = /(ca_\S+)\n/.exec((await succeed('ca show', operator)).stdout)?.[1] ?? '';
    const line = ['ca', 'root', 'export', root, '--passphrase-file', 'pass', '--output', 'root.key'];
    assert.match((await run(line, { ...operator, files: short })).stderr, /at least 12/);
    const nobody = await run(['ca', 'root', 'export', root, '--output', 'root.key'], operator);
    assert.match(nobody.stderr, /the key needs a passphrase/);
    const given: unknown[] = [];
    const signCaList = async (request: OfflineListRequest) => {
      given.push([request.passphrase, request.days, request.previous, request.reason]);
      return { pem: 'LIST', number: 8, entries: 2, nextUpdate: '2026-12-01T00:00:00.000Z' };
    };
    const signed = await run(
      'ca sign-list --key root.key --certificate root.pem --passphrase-file pass --output new.crl',
      {
        files,
        local: { signCaList },
      },
    );
    assert.match(signed.stdout, /^Wrote list 8 with 2 entries to new\.crl/);
    assert.equal(signed.files.get('new.crl'), 'LIST');
    assert.deepEqual(given, [['correct horse battery', 180, undefined, 'unspecified']]);
  });

  test('ca export gives the roots, or others', async () => {
    const { world } = await begin();
    const count = async (line: string) => (await succeed(line, world)).stdout.match(/BEGIN CERTIFICATE/g)?.length;
    assert.equal(await count('ca export'), 2);
    assert.equal(await count('ca export --role all'), 4);
    const written = await succeed('ca export --output root.pem', world);
    assert.match(written.files.get('root.pem') ?? '', /^-----BEGIN CERTIFICATE-----\n/);
    assert.equal((await run('ca export ca_none', world)).exitCode, 2);
    // The end of both roots.
    const ended = await run('ca export --role all', { ...world, now: '2046-06-02T00:00:00Z' });
    assert.equal(ended.stdout.match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.match(ended.stderr, /^Left out: the root O=Example, CN=Example Root CA E1 ended on 2046-06-01\.\n/);
    assert.match(
      (await succeed('ca show', world)).stdout,
      /\nroot +O=Example, CN=Example Root CA E1 +P-256 +2046-06-01 {2}/,
    );
    // Two years before the end.
    const late = await succeed('ca show', { ...world, now: '2044-06-02T00:00:00Z' });
    assert.match(late.stdout, /\nroot +O=Example, CN=Example Root CA E1 +P-256 +2046-06-01, see ca plan/);
  });

  test('mailboxes that want no mail are listed, stopped and allowed again', async () => {
    const { operator } = await begin();
    const stopped = await succeed('mail stop admin@example.com', operator);
    assert.match(stopped.stdout, /^No more mail goes to admin@example\.com\.$/m);
    assert.match((await succeed('mail list', operator)).stdout, /admin@example\.com .* operator +192\.0\.2\.7/);
    assert.match((await succeed('mail allow admin@example.com', operator)).stdout, /admin@example\.com again\.$/m);
    assert.equal((await run('mail allow other@example.com', operator)).exitCode, 3);
  });

  test('event list and failed-jobs are tables', async () => {
    const { operator, session } = await begin({ issuer: lockedIssuer });
    await failJob(session);
    await session.operator.accounts.create({ name: '例子' });
    const events = await succeed('event list', operator);
    assert.match(events.stdout, /account\.created +acc_\w+ +operator +\S+ +\{"name":"例子"\}/);
    assert.match((await succeed('event failed-jobs', operator)).stdout, /issue +iss_\w+ +50 /);
  });

  test('key-encryption shows the master key, and rotate waits for the end of it', async () => {
    const { operator, session } = await begin();
    await session.client.webhooks.add({ url: 'https://hooks.example.com/', secret: 'a-word-of-ours' });
    const shown = await succeed('key-encryption show', operator);
    const [, before] =
      /^Master key: +([0-9a-f]{16})\nKept in: +master\.key of the data directory\n$/.exec(shown.stdout) ?? [];
    assert.ok(before);
    const { clock } = session.app;
    const rotated = await passingTime(clock, succeed('key-encryption rotate', { ...operator, clock }), 1000);
    assert.match(rotated.stderr, /^0 sealed again, 0 looked at, now: /);
    assert.match(rotated.stdout, /^Master key: +[0-9a-f]{16}\n.*\nRotation: +over since .*\nSealed again: +[1-9]\d*\n/);
    assert.ok(!rotated.stdout.includes(before));
    assert.match((await succeed('key-encryption show', operator)).stdout, /Rotation: +over since /);
  });
});

describe('what runs here', () => {
  test('serve and quickstart answer the exit code, with their options', async () => {
    const seen: unknown[] = [];
    const local = {
      serve: async (options: object) => {
        seen.push(options);
        return 0;
      },
      quickstart: async (options: object) => {
        seen.push(options);
        return 130;
      },
    };
    assert.equal((await run('serve --config a.yaml --data d --listen 8443', { local })).exitCode, 0);
    assert.equal((await run('quickstart --keep', { local })).exitCode, 130);
    assert.deepEqual(seen, [
      { config: 'a.yaml', data: 'd', listen: '8443' },
      { api: 'encryption365', keep: true },
    ]);
  });

  test('init tells what it made and where', async () => {
    const init = async () => ({
      dataDirectory: '/srv/data',
      operatorFile: '/srv/data/operator.json',
      configFile: '/srv/certmux.yaml',
      url: 'https://certs.example.com',
      isNew: true,
      operator: { username: 'operator', password: 'abcde-fghij' },
      ca: null,
      made: ['root CN=Example'],
    });
    const { stdout } = await succeed('init', { local: { init } });
    assert.match(stdout, /Configuration: {3}\/srv\/certmux\.yaml\n/);
    assert.match(stdout, /Operator token: {2}\/srv\/data\/operator\.json\n/);
    assert.match(stdout, /Password: {8}abcde-fghij {3}\(shown this once: note it now\)\n/);
    assert.match(stdout, /Made:\n {2}root CN=Example\n/);
    const json = await succeed('init --json', { local: { init } });
    assert.deepEqual(JSON.parse(json.stdout), await init());
    const awaited = async () => ({ ...(await init()), ca: 'the CA of this server has no certificate yet', made: [] });
    const outside = await succeed('init', { local: { init: awaited } });
    assert.match(outside.stdout, /\n\nNote: the CA of this server has no certificate yet\.\n\nBack up/);
  });

  test('config check lists problems and ends with 7', async () => {
    const problems = ['listen: must be a URL'];
    const local = { checkConfig: async () => ({ path: 'certmux.yaml', problems, warnings: [], sold: [] }) };
    const outcome = await run('config check certmux.yaml', { local });
    assert.equal(outcome.exitCode, 7);
    assert.equal(outcome.stdout, 'certmux.yaml has a problem:\n  listen: must be a URL\n');
    const isFine = { path: 'c.yaml', problems: [], warnings: [], sold: [] };
    const fine = await run('config check', { local: { checkConfig: async () => isFine } });
    assert.deepEqual([fine.exitCode, fine.stdout], [0, 'c.yaml is fine.\n']);
  });

  test('config check speaks Chinese to whom reads it', async () => {
    const checked = async (problems: readonly string[]) => {
      const sold = [{ issuer: 'le', mode: 'alias', doors: [{ dialect: 'native', standing: 'shown' }] } as const];
      const local = { checkConfig: async () => ({ path: 'c.yaml', problems, warnings: ['issuers.x：无'], sold }) };
      return (await run('config check', { local, language: 'zh' })).stdout;
    };
    assert.equal(await checked(['log：缺失', 'mail：缺失']), 'c.yaml 有 2 处问题：\n  log：缺失\n  mail：缺失\n');
    assert.equal(await checked([]), 'c.yaml 没有问题。\n  le（alias）：可通过 native 销售\n请留意 issuers.x：无\n');
  });

  test('config check says what sells each issuer, and what is probably not meant', async () => {
    const doors = [
      { dialect: 'native', standing: 'shown' },
      { dialect: 'racent', standing: 'shown' },
      { dialect: 'acme', standing: 'none' },
    ] as const;
    const sold = [
      { issuer: 'vendor', mode: 'relay', doors },
      { issuer: 'le', mode: 'alias', doors: doors.slice(0, 2) },
    ];
    const warnings = ['issuers.vendor.products.tls-x: no front door has this product'];
    const checked = { path: 'c.yaml', problems: [], warnings, sold };
    const { exitCode, stdout } = await run('config check', { local: { checkConfig: async () => checked } });
    assert.equal(exitCode, 0);
    assert.equal(
      stdout,
      'c.yaml is fine.\n' +
        '  vendor (relay): sold by native, racent; not by acme\n' +
        '  le (alias): sold by native, racent\n' +
        'Look at issuers.vendor.products.tls-x: no front door has this product\n',
    );
  });
});

test('--json of every remote command is JSON and nothing else', async () => {
  const { session, operator, world } = await begin();
  await session.operator.accounts.create({ name: 'Shop' });
  await issueOrder(session);
  const lines: readonly (readonly [line: string, world: Partial<CliWorld>])[] = [
    ['order list', world],
    ['order show 17', world],
    ['certificate list', world],
    ['certificate show 17', world],
    ['certificate download 17', world],
    ['certificate download 17 -o x.pem', world],
    ['product list', world],
    ['ca show', world],
    ['ca export', world],
    ['account create X', operator],
    ['account list', operator],
    ['account show 3', operator],
    ['account credit 3 5', operator],
    ['user list', operator],
    ['credential create', operator],
    ['credential list', operator],
    ['event list', operator],
    ['event failed-jobs', operator],
    ['key-encryption show', operator],
    ['mail list', operator],
  ];
  for (const [line, where] of lines) {
    const { stdout, stderr } = await succeed(`${line} --json`, { ...where, isTty: true, colours: true });
    assert.equal(typeof JSON.parse(stdout), 'object', line);
    assert.equal(stderr, '', line);
  }
});

test('colours are used where the terminal has them', async () => {
  const { world, session } = await begin();
  await placeOrder(session);
  const coloured = await succeed('order show 17', { ...world, colours: true });
  assert.ok(coloured.stdout.startsWith('Order 17  \x1b[33mopen\x1b[0m\n'));
  assert.ok(!(await succeed('order show 17', world)).stdout.includes('\x1b'));
});

describe('organizations, containers, custom fields', () => {
  const acme = [
    'organization',
    'add',
    'Acme GmbH',
    '--city',
    'Berlin',
    '--state',
    'BE',
    '--country',
    'de',
    '--level',
    'ov',
  ];

  test('an organization is added, found waiting, and verified', async () => {
    const { world: customer, operator } = await begin();
    const added = await succeed(acme, customer);
    assert.match(added.stdout, /^Organization: +Acme GmbH \(active\)\nNumber: +100001\n/);
    assert.match(added.stdout, /Verified: +OV pending\n/);
    const waiting = await succeed('organization list --waiting', operator);
    assert.match(waiting.stdout, /\n100001 {2}Acme GmbH {2}Berlin, DE {2}active {2}OV pending /);
    assert.equal((await run('organization verify 100001 --level ov', customer)).exitCode, 4);
    assert.equal((await run('organization verify 100001 --level dv', operator)).exitCode, 2);
    assert.equal((await run('organization verify 100001', operator)).exitCode, 2);
    const line = ['organization', 'verify', '100001', '--level', 'ov', '--note', 'trade register', '--days', '90'];
    assert.match((await succeed(line, operator)).stdout, /Verified: +OV until 2026-08-30 \(trade register\)\n/);
    assert.equal((await succeed('organization list --waiting', operator)).stderr, 'There are none.\n');
    const found = ['--registration-number', 'HRB 4711', '--incorporated-on', '2001-02-03'];
    const kind = ['--business-category', 'Private Organization', '--jurisdiction-country', 'DE'];
    const halfKnown = ['organization', 'verify', '100001', '--level', 'ev', ...found];
    assert.match((await run(halfKnown, operator)).stderr, /businessCategory is required for an EV certificate/);
    const ev = await succeed([...halfKnown, ...kind], operator);
    assert.match(ev.stdout, /Verified: +EV until 2027-07-04\nRegistered as: +HRB 4711\nRegistered on: +2001-02-03\n/);
    const rejected = await succeed('organization reject 100001 --level ov --note moved', operator);
    assert.match(rejected.stdout, /Verified: +OV rejected \(moved\)\n/);
    // EV covers OV, so that there is nothing to ask for before it is gone as well.
    await succeed('organization reject 100001 --level ev', operator);
    assert.match((await succeed('organization ask 100001 --level ov', customer)).stdout, /OV pending/);
    assert.match((await succeed('organization deactivate 100001', customer)).stdout, /Acme GmbH \(inactive\)/);
    assert.match((await succeed('organization activate 100001', customer)).stdout, /Acme GmbH \(active\)/);
    assert.equal((await run(acme, customer)).exitCode, 6, 'it is there already');
    assert.equal((await succeed('organization remove 100001', customer)).stdout, 'Removed organization 100001.\n');
    assert.equal((await run('organization show 100001', customer)).exitCode, 3);
  });

  test('containers and custom fields are added and listed', async () => {
    const { world: customer } = await begin();
    await succeed('container add Acme', customer);
    const added = await succeed('container add Sales --parent 100003 --allow-name sales.acme.example', customer);
    assert.match(
      added.stdout,
      /^Container: +Sales\nNumber: +100005\n.*\nState: +active\nNames: +sales\.acme\.example\n$/,
    );
    assert.match(
      (await succeed('container list', customer)).stdout,
      /\n100005 {2}Sales .* sales\.acme\.example {2}active /,
    );
    const moved = await succeed('container change 100005 --name Shop --any-name --state inactive', customer);
    assert.match(moved.stdout, /^Container: +Shop\nNumber: +100005\n.*\nState: +inactive\nNames: +any\n$/);
    assert.equal((await run('container change 100005', customer)).exitCode, 2);
    const field = ['custom-field', 'add', 'Cost centre', '--kind', 'integer', '--required'];
    assert.match((await succeed(field, customer)).stdout, /Kind: +integer\nRequired: +yes\nActive: +yes\n/);
    const changed = await succeed('custom-field change 100001 --optional --inactive', customer);
    assert.match(changed.stdout, /Required: +no\nActive: +no\n/);
    assert.match(
      (await succeed('custom-field list', customer)).stdout,
      /\n100001 {2}Cost centre {2}integer {2}no {8}no /,
    );
    assert.equal((await run('custom-field change 100001', customer)).exitCode, 2);
    assert.equal((await run('custom-field add x --kind colour', customer)).exitCode, 2);
  });
});

test('a key of ACME clients is made with limits, shown, changed and listed', async () => {
  const { world, operator } = await begin();
  const make = ['acme', 'key', 'create', 'web servers', '--product', 'encryption365:100'];
  const names = Array.from({ length: 12 }, (_, i) => ['--allow-name', `shop-number-${i}.example`]).flat();
  const limits = ['--method', 'dns-01', '--max-days', '30', '--accounts', 'one', '--allow-address', '198.51.100.0/24'];
  const rest = ['--prove-all', '--use-before', '2100-01-31T12:00:00Z'];
  const made = await succeed([...make, ...names, ...limits, ...rest, '--json'], world);
  const { key } = JSON.parse(made.stdout);
  assert.deepEqual(key.methods, ['dnsTxt']);
  assert.deepEqual([key.accounts, key.maxValidityDays, key.preAuthorized], [1, 30, []]);
  const shown = await succeed(`acme key show ${key.number}`, world);
  for (const line of shown.stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.match(shown.stdout, /\nProduct: +encryption365:100\n/);
  assert.match(shown.stdout, /\nNames: +shop-number-0\.example, shop-number-1\.example,[^:]*shop-number-11\.example\n/);
  assert.match(shown.stdout, /\nLongest: +30 days\n(.*\n)?Methods: +dns-01\nApproval: +by the account's rule\n/);
  assert.match(
    shown.stdout,
    /\nAccounts: +at most 1\nAddresses: +198\.51\.100\.0\/24\nProofs: +only of its own clients\n/,
  );
  const line = `acme key change ${key.number} --lift names --lift max-days --approval automatic --name mail`;
  const changed = await succeed(line, world);
  assert.match(changed.stdout, /\nName: +mail\n(.*\n)*Names: +all of the account\n(.*\n)*Approval: +none: automatic\n/);
  assert.doesNotMatch(changed.stdout, /Longest/);
  assert.equal((await run(`acme key change ${key.number}`, world)).exitCode, 2);
  assert.equal((await run(`acme key change ${key.number} --lift everything`, world)).exitCode, 2);
  assert.equal((await run(`acme key change ${key.number} --method smoke-signals`, world)).exitCode, 2);
  assert.match((await succeed('acme key list', world)).stdout, /\n\d+ +mail +encryption365:100 +\w+ +valid\n/);
  const { stdout } = await succeed('account list --json', operator);
  const [account] = JSON.parse(stdout).items;
  assert.match((await succeed(`acme key list --account ${account.number}`, operator)).stdout, /mail/);
  assert.match((await run('acme key list', operator)).stderr, /account/);
});
