/** `certmux key …` over the native API and the real core: two tenants and an operator. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { native } from '../../src/dialects/native/index.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Role } from '../../src/domain/role.ts';
import { compromiseReport } from '../../src/pki/compromise-report.ts';
import { keyHashOf } from '../../src/pki/csr.ts';
import { parsePrivateKeyPem } from '../../src/pki/key.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { type Customer, createCustomer, createKey, issue, startTestApp, type TestApp } from '../support/app.ts';
import { openFrontDoor } from '../support/front-door.ts';
import { createSubscriber, type Subscriber } from '../support/subscriber.ts';
import { type CliWorld, run } from './harness.ts';

let app: TestApp;
let one: Customer;
let other: Customer;
let key: Subscriber;
let world: Omit<CliWorld, 'connection' | 'clock'>;
let operator: Partial<CliWorld>;
let tenant: Partial<CliWorld>;

const baseUrl = 'https://certs.example';

beforeEach(async () => {
  app = await startTestApp();
  one = await createCustomer(app, { balanceMinor: 1_000_00, dialect: 'native' });
  other = await createCustomer(app, { balanceMinor: 1_000_00, dialect: 'native' });
  key = await createSubscriber('shared.example');
  const server = openFrontDoor(app, native, { publicUrl: baseUrl, language: 'en' });
  world = {
    fetch: (request: Request) => server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' }),
    files: new Map([
      ['leaked.csr', key.csrPem],
      ['found.key', encodePem('PRIVATE KEY', key.privateKeyPkcs8)],
    ]),
    stdin: '',
    answer: undefined,
    columns: 200,
    isTty: false,
    colours: false,
    now: '2026-06-01T12:00:00Z',
    local: {
      signCompromiseReport: async (pem) =>
        encodePem('CERTIFICATE REQUEST', await compromiseReport(parsePrivateKeyPem(pem))),
    },
  };
  operator = await signedIn(null, ['operator']);
  tenant = await signedIn(one.account, ['administrator', 'requester']);
});
afterEach(() => app.close());

async function signedIn(account: Account | null, roles: readonly Role[]): Promise<Partial<CliWorld>> {
  const request = { userId: null, dialect: 'native', label: '', roles, allowedAddresses: null };
  const { credential, secret } =
    account === null
      ? await app.ports.credentials.create(app.operator, { ...request, accountId: null })
      : await createKey(app, account, { dialect: 'native', roles });
  return { ...world, connection: { url: baseUrl, token: formatToken({ publicId: credential.publicId, secret }) } };
}

async function succeed(line: string | readonly string[], by: Partial<CliWorld>): Promise<string> {
  const outcome = await run(line, by);
  assert.equal(outcome.exitCode, 0, outcome.stderr);
  return outcome.stdout;
}

async function fails(line: string, by: Partial<CliWorld>, message: RegExp): Promise<void> {
  const before = await app.tables();
  const outcome = await run(line, by);
  assert.notEqual(outcome.exitCode, 0);
  assert.match(outcome.stderr, message);
  assert.deepEqual(await app.tables(), before);
}

const certified = ({ caller }: Customer, name: string) =>
  issue(app, caller, [name], { productCode: 'encryption365:paid', csr: key.csrDer });
const hash = () => keyHashOf(key.csrDer);

describe('key', () => {
  test('block takes a hash or a file, list shows why, unblock lifts it', async () => {
    assert.equal(
      await succeed(`key block ${hash()}`, operator),
      `Blocked ${hash()} everywhere.\nSee its certificates: certmux key list --certificates --key …\n`,
    );
    assert.match(await succeed('key list', operator), new RegExp(`${hash()} +everywhere +decision`));
    assert.match(await succeed('key list --key leaked.csr --json', operator), /"source": "decision"/);
    assert.equal(await succeed('key unblock leaked.csr', operator), `Unblocked ${hash()} everywhere.\n`);
    await fails('key unblock leaked.csr', operator, /is not blocked for all accounts/);
    await fails('key block nothing.csr', operator, /there is no file "nothing.csr"/);
    await fails('key block found.key', operator, /holds a private key/);
  });

  test('block in one account: by its administrator, or by an operator who names it', async () => {
    assert.match(await succeed('key block leaked.csr --note stolen', tenant), new RegExp(`in ${one.account.id}`));
    assert.match(
      await succeed(`key block leaked.csr --account ${other.account.number}`, operator),
      new RegExp(`in ${other.account.id}`),
    );
    assert.doesNotMatch(await succeed('key list', tenant), new RegExp(other.account.id));
    assert.match(await succeed(`key list --account ${other.account.number}`, operator), new RegExp(other.account.id));
    await fails(
      `key block leaked.csr --account ${other.account.number}`,
      tenant,
      /does not exist|no account|not found/i,
    );
  });

  test('block --revoke revokes what the caller sees; list --certificates shows it', async () => {
    await certified(one, 'a.example');
    await certified(other, 'b.example');
    const listed = (by: Partial<CliWorld>) => succeed('key list --certificates --key leaked.csr', by);
    assert.match(await listed(operator), /a\.example/);
    assert.match(await listed(operator), /b\.example/);
    assert.doesNotMatch(await listed(tenant), /b\.example/);
    assert.match(await succeed('key block leaked.csr --revoke', tenant), /Revoked 1 of its certificates\./);
    assert.match(await listed(operator), /b\.example +valid/);
    assert.match(await succeed('key block leaked.csr --revoke', operator), /Revoked 1 of its certificates\./);
    assert.match(await listed(operator), /b\.example +revoked/);
    await fails('key list --certificates', operator, /--certificates needs a key/);
  });

  test('prove needs no token: the private key signs here and stays here, or a CSR is sent that it signed', async () => {
    const nobody = { ...world, connection: { url: baseUrl } };
    const done = `The key ${hash()} is blocked. Thank you.\n`;
    assert.equal(await succeed('key prove found.key', nobody), done);
    const report = encodePem('CERTIFICATE REQUEST', await compromiseReport(key.privateKeyPkcs8));
    assert.equal(await succeed('key prove proof.csr', { ...nobody, files: new Map([['proof.csr', report]]) }), done);
    await fails(
      'key prove leaked.csr',
      nobody,
      /CN="shared\.example"; to report its key, sign one with CN=This key is compromised/,
    );
    assert.match(await succeed('key list', operator), new RegExp(`${hash()} +everywhere +proof`));
  });

  test('import sends a long list in parts, keeps PEM together, and may be repeated', async () => {
    const hashes = Array.from({ length: 1200 }, (_, index) => index.toString(16).padStart(64, '0'));
    const list = [...hashes.slice(0, 499), ...key.csrPem.trimEnd().split('\n'), ...hashes.slice(499)].join('\n');
    const by = { ...operator, files: new Map([['list.txt', list]]) };
    assert.equal(await succeed('key import list.txt', by), 'Blocked 1201 keys; 0 were blocked before.\n');
    assert.equal(await succeed('key import list.txt --json', by), '{\n  "added": 0,\n  "known": 1201\n}\n');
    const [newest] = (await app.ports.keyRegister.list(app.operator, { limit: 1 })).items;
    assert.deepEqual([newest?.source, newest?.note], ['list', 'list.txt']);
  });

  test('import names the line that is not a key and takes nothing of that part', async () => {
    const hashes = Array.from({ length: 700 }, (_, index) => index.toString(16).padStart(64, '0'));
    const list = [...hashes.slice(0, 650), 'no key', ...hashes.slice(650)].join('\n');
    const outcome = await run('key import list.txt', { ...operator, files: new Map([['list.txt', list]]) });
    assert.notEqual(outcome.exitCode, 0);
    assert.match(outcome.stderr, /line 651 is not a key: "no key"/);
    assert.equal((await app.ports.keyRegister.list(app.operator, { limit: 1000 })).items.length, 500);
  });

  test('what is refused to a tenant is refused in words', async () => {
    const viewer = await signedIn(one.account, ['viewer']);
    await succeed('key list', viewer);
    await fails('key block leaked.csr', viewer, /administrator/);
    await certified(one, 'a.example');
    const { items } = await app.ports.certificates.list(one.caller, { limit: 1 });
    await succeed(`certificate revoke ${items[0]?.number} --reason keyCompromise`, tenant);
    await fails('key unblock leaked.csr', tenant, /only the operator can unblock it/);
  });
});
