/** The issuers of the configuration, with the files they name and what is known of their CAs. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { issuerSettings } from '../../src/boot/issuer-settings.ts';
import { parseConfig } from '../../src/config/load.ts';
import { CertError } from '../../src/domain/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'certmux-issuers-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string, mode = 0o600) => {
  writeFileSync(join(folder, name), text, { mode });
  chmodSync(join(folder, name), mode);
  return join(folder, name);
};
const aliasZone = {
  zone: 'acme.example.com',
  nameServers: [{ name: 'ns1.example.com' }],
  contact: 'hostmaster@example.com',
};
const read = (issuers: object) => issuerSettings(parseConfig(JSON.stringify({ aliasZone, issuers }), 'test'));
const ca = { kind: 'acme', directory: 'https://ca.example.com/directory', termsAgreed: true };
const withKey = (hmacKeyFile: string) => ({ le: { ...ca, externalKey: { keyId: 'kid-1', hmacKeyFile } } });

test('An issuer has what its CA is known for, and an account of its own; pools come last.', async () => {
  const [first, second, third, ...others] = await read({
    both: { kind: 'pool', members: ['le', 'own'] },
    le: { kind: 'acme', ca: 'letsencrypt', termsAgreed: true, contacts: ['a@b.example'] },
    own: {
      ...ca,
      mode: 'alias',
      account: 'shared',
      profile: { name: 'short', mandatory: false },
      preferredChain: 'R1',
    },
  });
  assert.ok(first?.kind === 'acme' && second?.kind === 'acme');
  assert.deepEqual(first.account, {
    account: 'le',
    directory: 'https://acme-v02.api.letsencrypt.org/directory',
    contacts: ['a@b.example'],
    termsAgreed: true,
    externalKey: null,
  });
  assert.deepEqual(
    first.terms.budgets.map(({ name, counts, limit }) => `${name} ${counts} ${limit}`),
    [
      'new orders order 300',
      'certificates per registered domain certificate 50',
      'certificates for the same names certificate 5',
      'failed validations failedValidation 5',
    ],
  );
  assert.deepEqual(
    { ...second, account: second.account.account },
    {
      kind: 'acme',
      id: 'own',
      ca: 'custom',
      mode: 'alias',
      account: 'shared',
      terms: { account: 'shared', deadlineHours: 72, afterDeadline: 'fail', concurrency: 8, budgets: [] },
      caPem: undefined,
      proxyUrl: undefined,
      profile: { name: 'short', isMandatory: false },
      preferredChain: 'R1',
    },
  );
  assert.deepEqual(third, { kind: 'pool', id: 'both', members: ['le', 'own'] });
  assert.deepEqual(others, []);
});

test('Budgets are changed one by one, or replaced by a list.', async () => {
  const le = { kind: 'acme', ca: 'letsencrypt', termsAgreed: true };
  const budgets = { 'new orders': 'off', 'failed validations': { limit: 3, windowHours: 2 } };
  const [changed] = await read({ le: { ...le, budgets } });
  assert.ok(changed?.kind === 'acme');
  assert.equal(changed.terms.budgets.length, 3);
  assert.deepEqual(changed.terms.budgets.at(-1), {
    name: 'failed validations',
    counts: 'failedValidation',
    per: 'name',
    limit: 3,
    windowSeconds: 7200,
    isExemptForRenewal: false,
  });
  const list = [{ name: 'own', counts: 'order', per: 'account', limit: 9, windowHours: 24, isExemptForRenewal: true }];
  const [replaced] = await read({ le: { ...le, budgets: list } });
  assert.ok(replaced?.kind === 'acme');
  assert.deepEqual(replaced.terms.budgets, [
    { name: 'own', counts: 'order', per: 'account', limit: 9, windowSeconds: 86_400, isExemptForRenewal: true },
  ]);
});

test('The key is read from its file, whose line end does not count, and the roots from theirs.', async () => {
  const text = Buffer.from('a secret of the CA').toString('base64url');
  const caFile = file('roots.pem', 'PEM', 0o644);
  const [settings] = await read({
    le: { ...ca, caFile, externalKey: { keyId: 'kid-1', hmacKeyFile: file('hmac', `${text}\n`, 0o640) } },
  });
  assert.ok(settings?.kind === 'acme');
  const { externalKey } = settings.account;
  assert.ok(externalKey?.kind === 'given');
  assert.equal(externalKey.keyId, 'kid-1');
  assert.equal(Buffer.from(externalKey.hmacKey).toString(), 'a secret of the CA');
  assert.equal(settings.caPem, 'PEM');
});

test('A key that everybody can read is refused, with the command that mends it.', async () => {
  const exposed = file('exposed', 'c2VjcmV0LXNlY3JldA', 0o644);
  await assert.rejects(read(withKey(exposed)), (thrown) => {
    assert.ok(thrown instanceof CertError);
    assert.match(thrown.message, /exposed.*chmod 640/);
    return true;
  });
});

test('A file that is missing, empty or no key stops the start, naming setting and file.', async () => {
  const setting = 'issuers\\.le\\.externalKey\\.hmacKeyFile';
  await assert.rejects(read(withKey(join(folder, 'none'))), new RegExp(`${setting} .*none does not exist`));
  await assert.rejects(read(withKey(file('empty', '\n'))), new RegExp(`${setting} .*empty is empty`));
  await assert.rejects(
    read(withKey(file('words', 'no key at all'))),
    new RegExp(`${setting} .*words is not base64url`),
  );
  await assert.rejects(
    read({ le: { ...ca, caFile: join(folder, 'none') } }),
    /issuers\.le\.caFile .*none does not exist/,
  );
});

const racent = {
  kind: 'racent',
  credentials: { api_tokenFile: '' },
  products: { 'native:tls-dv': 100, 'racent:x': { code: 'y', years: 2 } },
};

test('An issuer that buys has the vendor’s address and mode, its credentials from their files, and the mapping.', async () => {
  const credentials = { api_tokenFile: file('vendor-token', 'secret of the vendor\r\n', 0o640) };
  const [settings] = await read({
    v: {
      ...racent,
      credentials,
      url: 'https://api.example.com/racent/',
      otherProducts: { code: 7, days: 90 },
      organizations: { 12: 'org-9' },
      contact: { name: 'Li Wei', country: 'CN' },
      container: 5,
      currency: 'CNY',
      relayWaitSeconds: 2,
      budgets: [{ name: 'day', counts: 'order', per: 'account', limit: 9, windowHours: 24 }],
    },
  });
  assert.deepEqual(settings, {
    kind: 'vendor',
    id: 'v',
    dialect: 'racent',
    mode: 'relay',
    baseUrl: 'https://api.example.com/racent',
    formerUrls: ['https://api.example.com/racent/ssl'],
    credentials: { api_token: 'secret of the vendor' },
    currency: 'CNY',
    terms: {
      account: 'v',
      deadlineHours: 168,
      afterDeadline: 'wait',
      concurrency: 8,
      budgets: [
        { name: 'day', counts: 'order', per: 'account', limit: 9, windowSeconds: 86_400, isExemptForRenewal: false },
      ],
      relayWaitMs: 2000,
    },
    mapping: {
      products: new Map([
        ['tls-dv', { code: '100', coverage: null }],
        ['racent:x', { code: 'y', coverage: { unit: 'years', count: 2 } }],
      ]),
      otherProducts: { code: '7', coverage: { unit: 'days', count: 90 } },
      organizations: new Map([[12, 'org-9']]),
      contact: { name: 'Li Wei', country: 'CN' },
      container: '5',
    },
    caPem: undefined,
    proxyUrl: undefined,
    balanceWarning: null,
  });
});

test('A balance that is watched is kept in minor units.', async () => {
  const credentials = { client_id: '1', access_token: 'secret' };
  const section = { ...racent, kind: 'encryption365', credentials, balanceWarning: '1000.5 CNY' };
  const [settings] = await read({ v: section });
  assert.deepEqual(settings?.kind === 'vendor' && settings.balanceWarning, { minor: 100_050, currency: 'CNY' });
});

test('A credential that everybody can read is refused, and one that is missing or empty stops the start, naming setting and file.', async () => {
  const withFile = (api_tokenFile: string) => read({ v: { ...racent, credentials: { api_tokenFile } } });
  const setting = 'issuers\\.v\\.credentials\\.api_tokenFile';
  await assert.rejects(withFile(file('open-token', 'secret', 0o644)), /open-token.*chmod 640/);
  await assert.rejects(withFile(join(folder, 'none')), new RegExp(`${setting} .*none does not exist`));
  await assert.rejects(withFile(file('empty-token', '\n')), new RegExp(`${setting} .*empty-token is empty`));
  for (const text of ['“secret”', 'secret\nother', 's\u0000e\u0000']) {
    await assert.rejects(withFile(file('odd-token', text)), new RegExp(`${setting} .*odd-token holds characters`));
  }
});
