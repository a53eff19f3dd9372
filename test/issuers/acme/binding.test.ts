/** What CAs ask for before they make an account: terms, contacts, a binding that works once or is had from an API. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AcmeFetch } from '../../../src/dialects/acme/client/face.ts';
import { type AcmeAccountSettings, createAcmeAccount } from '../../../src/issuers/acme/account.ts';
import { type AcmeCa, acmeCa } from '../../../src/issuers/acme/presets.ts';
import { createAccountTable } from '../../support/acme-account-rows.ts';
import { createMemoryMasterKeys } from '../../support/master-keys.ts';
import { ca as caUrl, problem, scriptedAcme, shown, urls } from '../../support/scripted-acme.ts';
import { createFakeRandomness } from '../../support/system.ts';

const signal = new AbortController().signal;
const { keySealer } = createMemoryMasterKeys(createFakeRandomness());
const directory = `${caUrl}/directory`;

interface CaOptions {
  readonly meta?: object;
  /** HMAC keys by their id that still work. */
  readonly keys?: Set<string>;
  /** Whether a binding works once. */
  readonly isOnce?: boolean;
  /** The answer to a look-up by key of one that has no account. */
  readonly unknown?: () => Response;
  /** Loses its first answers to newAccount that made one. */
  loses?: number;
}

/** A CA that makes accounts, each for a key. */
function createCa({ meta = {}, keys, isOnce = false, unknown, ...options }: CaOptions = {}) {
  const accounts: string[] = [];
  let { loses = 0 } = options;
  const scripted = scriptedAcme(({ path, header, payload = {} }) => {
    if (path === '/directory') return shown({ ...urls, meta });
    if (path !== '/new-account') return undefined;
    const key = JSON.stringify(header.jwk);
    const found = accounts.indexOf(key);
    const location = (index: number) => ({ location: `${caUrl}/account/${index}` });
    const account = { status: 'valid', contact: payload.contact };
    // A CA that looks at the binding before it looks for the key.
    const binding = payload.externalAccountBinding as { protected: string } | undefined;
    const keyId = binding && JSON.parse(Buffer.from(binding.protected, 'base64url').toString()).kid;
    if (keyId !== undefined && keys?.has(keyId) !== true) return problem(403, 'unauthorized', 'this key was used');
    if (found >= 0) return shown(account, { headers: location(found) });
    if (payload.onlyReturnExisting === true) return unknown?.() ?? problem(400, 'accountDoesNotExist', 'no such key');
    if (keys !== undefined && keyId === undefined) return problem(403, 'externalAccountRequired', 'bind it');
    if (isOnce) keys?.delete(keyId);
    accounts.push(key);
    if (loses-- > 0) throw new TypeError('the connection was reset');
    return shown(account, { status: 201, headers: location(accounts.length - 1) });
  });
  return { ...scripted, accounts };
}

type Ca = ReturnType<typeof createCa>;

function open(ca: Ca, settings: Partial<AcmeAccountSettings>, row: AcmeCa, more: { readonly fetch?: AcmeFetch } = {}) {
  const rows = createAccountTable();
  const account = () =>
    createAcmeAccount({
      settings: { account: 'a', directory, contacts: [], termsAgreed: true, externalKey: null, ...settings },
      ca: row,
      rows,
      keySealer,
      client: { fetch: more.fetch ?? ca.fetch, clock: ca.clock },
    });
  return { rows, account };
}

const given = (keyId: string) => ({ kind: 'given', keyId, hmacKey: Buffer.from(`hmac of ${keyId}`) }) as const;

describe('a CA with terms of service', () => {
  const meta = { termsOfService: 'https://ca.example/terms' };
  it('makes an account once the operator has agreed to them', async () => {
    const ca = createCa({ meta });
    const without = open(ca, { termsAgreed: false }, acmeCa('custom'));
    await assert.rejects(without.account().open(signal), {
      reason: { key: 'upstreamTermsNotAgreed', params: { account: 'a', directory, terms: meta.termsOfService } },
    });
    assert.equal(ca.accounts.length, 0);
    await open(ca, {}, acmeCa('custom')).account().open(signal);
    assert.equal(ca.requests.at(-1)?.payload?.termsOfServiceAgreed, true);
    assert.equal(ca.accounts.length, 1);
  });

  it('and one without asks for nothing', async () => {
    await open(createCa(), { termsAgreed: false }, acmeCa('custom')).account().open(signal);
  });
});

it('a CA that needs a contact is not asked without one', async () => {
  const ca = createCa();
  const settings = { externalKey: given('k1') };
  await assert.rejects(open(ca, settings, acmeCa('sslcom-rsa')).account().open(signal), {
    reason: { key: 'upstreamContactMissing', params: { account: 'a', directory } },
  });
  const bound = createCa({ keys: new Set(['k1']) });
  await open(bound, { ...settings, contacts: ['ops@example.com'] }, acmeCa('sslcom-rsa'))
    .account()
    .open(signal);
  assert.deepEqual(bound.requests.at(-1)?.payload?.contact, ['mailto:ops@example.com']);
});

describe('a CA with bindings', () => {
  const rows: readonly (readonly [why: string, ca: AcmeCa, meta: object])[] = [
    ['by its row in the table', acmeCa('google'), {}],
    ['by its directory', acmeCa('custom'), { externalAccountRequired: true }],
  ];
  for (const [why, row, meta] of rows) {
    it(`is not asked without one: ${why}`, async () => {
      const ca = createCa({ meta });
      await assert.rejects(open(ca, {}, row).account().open(signal), {
        reason: { key: 'upstreamBindingMissing', params: { account: 'a', directory } },
      });
      assert.equal(ca.accounts.length, 0);
    });
  }

  it('that work once is asked for the account first, where an answer was lost', async () => {
    const ca = createCa({ keys: new Set(['k1']), isOnce: true, loses: 1 });
    const { account, rows } = open(ca, { externalKey: given('k1') }, acmeCa('google'));
    await assert.rejects(account().open(signal), { code: 'unavailable' });
    assert.equal((await account().open(signal)).url, `${caUrl}/account/0`);
    assert.equal(ca.accounts.length, 1);
    assert.deepEqual(
      rows.all().map(({ sealedExternalKey }) => sealedExternalKey),
      [null],
      'nothing is kept that is worth nothing',
    );
  });

  it('and that answers a look-up by key with a refusal of its own is asked to register', async () => {
    for (const unknown of [
      () => problem(403, 'externalAccountRequired', 'bind it'),
      () => problem(400, 'malformed', 'what is onlyReturnExisting?'),
    ]) {
      const ca = createCa({ keys: new Set(['k1']), unknown });
      let isFirst = true;
      const fetch: AcmeFetch = (request) => {
        if (!request.url.endsWith('/new-account') || !isFirst) return ca.fetch(request);
        isFirst = false;
        throw new TypeError('the connection was refused');
      };
      const { account } = open(ca, { externalKey: given('k1') }, acmeCa('sectigo-dv'), { fetch });
      await assert.rejects(account().open(signal), { code: 'unavailable' });
      await account().open(signal);
      assert.equal(ca.accounts.length, 1);
    }
  });

  it('keeps the kept one for a registration after the configuration has lost it', async () => {
    const ca = createCa({ keys: new Set(['k1']) });
    const { rows, account } = open(ca, { externalKey: given('k1') }, acmeCa('sectigo-dv'));
    await account().open(signal);
    ca.accounts.length = 0;
    const without = createAcmeAccount({
      settings: { account: 'a', directory, contacts: [], termsAgreed: true, externalKey: null },
      ...{ ca: acmeCa('sectigo-dv'), rows, keySealer },
      client: { fetch: ca.fetch, clock: ca.clock },
    });
    const again = await without.registerAgain(signal);
    assert.equal(again.formerUrl, again.url);
    assert.equal(ca.accounts.length, 1);
  });
});

describe("a binding by ZeroSSL's API", () => {
  const byEmail = { externalKey: { kind: 'byEmail', email: 'ops+1@example.com' } } as const;
  const api = 'https://api.zerossl.com/acme/eab-credentials-email';
  const hmac = Buffer.from('hmac of z1');

  function withApi(ca: Ca, answer: () => Response) {
    const asked: string[] = [];
    const fetch: AcmeFetch = async (request) => {
      if (request.url !== api) return ca.fetch(request);
      asked.push(`${request.method} ${request.headers.get('content-type')} ${await request.text()}`);
      return answer();
    };
    return { asked, fetch };
  }

  it('is had once, stored, and used for the account', async () => {
    const ca = createCa({ keys: new Set(['z1']), loses: 1 });
    const reply = () => Response.json({ success: true, eab_kid: 'z1', eab_hmac_key: hmac.toString('base64url') });
    const { asked, fetch } = withApi(ca, reply);
    const { account, rows } = open(ca, byEmail, acmeCa('zerossl'), { fetch });
    await assert.rejects(account().open(signal), { code: 'unavailable' });
    await account().open(signal);
    assert.deepEqual(asked, ['POST application/x-www-form-urlencoded;charset=UTF-8 email=ops%2B1%40example.com']);
    assert.equal(ca.accounts.length, 1);
    const [row] = rows.all();
    assert.equal(row?.externalKeyId, 'z1');
    const opened = keySealer.open(row?.sealedExternalKey ?? assert.fail(), {
      kind: 'acmeExternalKey',
      id: `${directory} a`,
    });
    assert.deepEqual(Buffer.from(opened), hmac);
  });

  const bad: readonly (readonly [what: string, reply: () => Response, said: RegExp])[] = [
    [
      'a refusal',
      () => Response.json({ success: false, error: { code: 2929, type: 'invalid_email_format' } }),
      /api\.zerossl\.com.*invalid_email_format/,
    ],
    ['a page', () => new Response('<html>', { status: 502 }), /HTTP status 502/],
    ['no key', () => Response.json({ success: true, eab_kid: 'z1' }), /no external account key/],
    [
      'a key that is not base64url',
      () => Response.json({ eab_kid: 'z1', eab_hmac_key: '!' }),
      /no external account key/,
    ],
    ['an empty one', () => Response.json({ eab_kid: 'z1', eab_hmac_key: '' }), /no external account key/],
    ['a list', () => Response.json([1]), /no external account key/],
    ['nothing at all', () => assert.fail('reset'), /no answer came from api\.zerossl\.com/],
  ];
  for (const [what, reply, said] of bad) {
    it(`is not had from ${what}`, async () => {
      const ca = createCa({ keys: new Set(['z1']) });
      const { fetch } = withApi(ca, reply);
      await assert.rejects(open(ca, byEmail, acmeCa('zerossl'), { fetch }).account().open(signal), {
        code: 'unavailable',
        message: said,
      });
      assert.equal(ca.accounts.length, 0);
    });
  }

  it('is not asked for where the configuration has one', async () => {
    const ca = createCa({ keys: new Set(['k1']) });
    const { asked, fetch } = withApi(ca, () => assert.fail());
    await open(ca, { externalKey: given('k1') }, acmeCa('zerossl'), { fetch })
      .account()
      .open(signal);
    assert.deepEqual(asked, []);
  });

  it('is missing where the CA has no such API', async () => {
    const ca = createCa({ keys: new Set(['k1']), meta: { externalAccountRequired: true } });
    await assert.rejects(open(ca, byEmail, acmeCa('custom')).account().open(signal), {
      reason: { key: 'upstreamBindingMissing', params: { account: 'a', directory } },
    });
  });
});
