/** Software that signs with a key instead of sending a secret: registration, every call, another key, the end. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Account } from '../../../src/domain/account.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { ExternalAccountKey } from '../../../src/domain/external-account-key.ts';
import type { AccountBinding, KeySignature, MacAlgorithm } from '../../../src/domain/key-signature.ts';
import type { NewKeyCredential } from '../../../src/domain/ports/sign-in.ts';
import { bitString, derNull, oid, sequence, unsignedInteger } from '../../../src/pki/der-writer.ts';
import { oids } from '../../../src/pki/oid.ts';
import { spkiSha256 } from '../../../src/pki/public-key.ts';
import { type AccountKey, createAccountKey } from '../../support/account-key.ts';
import { createCaller, createCustomer, createKey, origin, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const dialect = 'digicert';
const realm = 'default';

interface Bound {
  readonly account: Account;
  readonly eab: ExternalAccountKey;
  readonly hmacKey: Uint8Array;
}

async function createBound(): Promise<Bound> {
  const { account, caller } = await createCustomer(app, { roles: ['administrator'] });
  const { key, hmacKey } = await app.ports.externalAccountKeys.add(caller, {
    name: 'web servers',
    productCode: 'paid',
    organization: null,
    coverage: { unit: 'years', count: 1 },
    settings: {},
  });
  return { account, eab: key, hmacKey };
}

const hashes = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

function bindingOf(
  { eab, hmacKey }: Pick<Bound, 'eab' | 'hmacKey'>,
  algorithm: MacAlgorithm = 'HS256',
): AccountBinding {
  const data = Buffer.from('header.jwk');
  const mac = createHmac(hashes[algorithm], hmacKey).update(data).digest();
  return { keyId: eab.keyId, algorithm, data: Uint8Array.from(data), mac: Uint8Array.from(mac) };
}

function requestOf(bound: Bound, key: AccountKey, change: Partial<NewKeyCredential> = {}): NewKeyCredential {
  return {
    dialect,
    realm,
    publicKey: key.publicKey,
    proof: key.sign('newAccount'),
    label: 'web-1',
    roles: ['requester'],
    allowedAddresses: null,
    holder: { binding: bindingOf(bound), accepts: ['encryption365'], atMost: 100 },
    ...change,
  };
}

const register = (request: NewKeyCredential) => app.ports.signIn.registerKey(request, origin);

const enter = (
  holder: { publicId: string } | { publicKey: Uint8Array },
  proof: KeySignature,
  change: { realm?: string; dialect?: string; address?: string } = {},
) =>
  app.ports.signIn.authenticateKey(
    { dialect: change.dialect ?? dialect, realm: change.realm ?? realm, holder, proof },
    { ...origin, address: change.address ?? origin.address },
  );

const wrong = (field: string) => ({ code: 'unauthenticated', reason: { key: 'credentialsWrong', params: { field } } });
const deactivated = { code: 'forbidden', reason: { key: 'keyDeactivated', params: {} } };

async function createRegistered(change: Partial<NewKeyCredential> = {}) {
  const bound = await createBound();
  const key = createAccountKey();
  const { credential } = await register(requestOf(bound, key, change));
  return { ...bound, key, credential };
}

async function createRegisteredCaller() {
  const { key, credential } = await createRegistered();
  return enter({ publicId: credential.publicId }, key.sign('r'));
}

/** A key of RSA whose numbers have these lengths. */
function rsaKey(modulusBits: number, exponentBits: number): Uint8Array {
  const ones = (bits: number) =>
    unsignedInteger(
      Buffer.from(((1n << BigInt(bits)) - 1n).toString(16).padStart(Math.ceil(bits / 8) * 2, '0'), 'hex'),
    );
  const numbers = sequence([ones(modulusBits), ones(exponentBits)]);
  return sequence([sequence([oid(oids.rsaEncryption), derNull]), bitString(numbers)]);
}

/** A key whose point is not on its curve. */
function pointKey(): Uint8Array {
  const point = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]);
  return sequence([sequence([oid(oids.ecPublicKey), oid(oids.p256)]), bitString(point)]);
}

describe('a key that is registered', () => {
  it('is a credential of the account that the external account key belongs to, and has no secret', async () => {
    const { account, eab, key, credential } = await createRegistered();
    assert.equal(credential.accountId, account.id);
    assert.equal(credential.secretHash, null);
    assert.equal(credential.externalAccountKeyId, eab.id);
    assert.deepEqual(credential.key?.spki, key.publicKey);
    assert.match(credential.publicId, /^[0-9a-z]{26}$/);
    const [event] = (await app.ports.events.list(app.operator, { limit: 1, subject: credential.id })).items;
    assert.deepEqual([event?.kind, event?.actor], ['credential.created', credential.id]);
    assert.deepEqual(event?.data, {
      dialect,
      label: 'web-1',
      keyHash: credential.key?.hash,
      externalAccountKeyId: eab.id,
    });
  });

  it('signs in by its id and by the key itself, with every algorithm', async () => {
    for (const algorithm of ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
      const bound = await createBound();
      const key = createAccountKey(algorithm);
      const { credential } = await register(requestOf(bound, key));
      for (const holder of [{ publicId: credential.publicId }, { publicKey: key.publicKey }]) {
        const { caller, credential: found } = await enter(holder, key.sign('request'));
        assert.deepEqual(caller, {
          dialect,
          seesAllDialects: false,
          scope: bound.account.id,
          isActingFor: false,
          actor: credential.id,
          credentialId: credential.id,
          roles: ['requester'],
          ...origin,
        });
        assert.equal(found.id, credential.id);
      }
      assert.deepEqual((await app.database.read.credentials.get(credential.id))?.lastUsedAt, app.clock.now());
    }
  });

  it('is the same credential again, whatever else the request says, also from two at once', async () => {
    const bound = await createBound();
    const key = createAccountKey();
    const both = await Promise.all([register(requestOf(bound, key)), register(requestOf(bound, key))]);
    assert.deepEqual(both.map(({ isNew }) => isNew).toSorted(), [false, true]);
    assert.equal(both[0]?.credential.id, both[1]?.credential.id);
    const other = await createBound();
    const again = await register(requestOf(other, key, { label: 'another', roles: ['administrator'] }));
    assert.deepEqual([again.isNew, again.credential.accountId], [false, bound.account.id]);
    const roles = (await enter({ publicKey: key.publicKey }, key.sign('request'))).caller.roles;
    assert.deepEqual(roles, ['requester'], 'and gives nobody more');
  });

  it('is one of its front door and realm; of another it is another', async () => {
    const { key, credential, ...bound } = await createRegistered();
    const elsewhere = await register(requestOf(bound, key, { realm: 'other' }));
    assert.ok(elsewhere.isNew);
    const { publicId } = credential;
    await assert.rejects(enter({ publicId }, key.sign('r'), { realm: 'other' }), wrong('credential'));
    await assert.rejects(enter({ publicId }, key.sign('r'), { dialect: 'native' }), wrong('credential'));
    await enter({ publicKey: key.publicKey }, key.sign('r'), { realm: 'other' });
    const row = { ...credential, id: `${credential.id.slice(0, -4)}zzzz` as typeof credential.id, publicId: 'x' };
    await assert.rejects(
      app.database.write((tx) => tx.credentials.insert(row)),
      /unique/i,
      'the database itself has one credential for a key',
    );
  });

  it('is of the account that the front door names, where it lets anybody in', async () => {
    const { account } = await createCustomer(app);
    const key = createAccountKey();
    const bound = await createBound();
    const { credential } = await register(requestOf(bound, key, { holder: { account: account.id } }));
    assert.deepEqual([credential.accountId, credential.externalAccountKeyId], [account.id, null]);
  });
});

describe('registration is refused, and leaves nothing,', () => {
  const refusal = async (request: NewKeyCredential, expected: object | ((thrown: unknown) => boolean)) => {
    const before = await app.tables();
    await assert.rejects(register(request), expected);
    assert.deepEqual(await app.tables(), before);
  };
  const bindingWrong = { code: 'forbidden' } as const;

  it('to one who does not hold the key', async () => {
    const bound = await createBound();
    const [key, other] = [createAccountKey(), createAccountKey()];
    await refusal(requestOf(bound, key, { proof: other.sign('newAccount') }), wrong('credential.signature'));
  });

  it('for an external account key that is unknown, revoked, of another dialect, or has another MAC: in the same words', async () => {
    const bound = await createBound();
    const key = createAccountKey();
    const binding = bindingOf(bound);
    const accepts = ['encryption365'];
    const { hmacKey: otherKey } = await createBound();
    const caller = await createCaller(app, bound.account, { roles: ['administrator'] });
    const refused = [
      { binding: { ...binding, keyId: 'nobody' }, accepts },
      { binding: bindingOf({ ...bound, hmacKey: otherKey }), accepts },
      { binding: { ...binding, mac: binding.mac.subarray(1) }, accepts },
      { binding: { ...binding, algorithm: 'HS384' as const }, accepts },
      { binding, accepts: ['native'] },
    ];
    for (const holder of refused) {
      await refusal(requestOf(bound, key, { holder: { ...holder, atMost: 100 } }), bindingWrong);
      await assert.rejects(app.ports.externalAccountKeys.check(holder.binding, holder.accepts), {
        code: 'forbidden',
        reason: { key: 'bindingWrong', params: { keyId: JSON.stringify(holder.binding.keyId) } },
      });
    }
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
      const found = await app.ports.externalAccountKeys.check(bindingOf(bound, algorithm), accepts);
      assert.equal(found.id, bound.eab.id);
    }
    await app.ports.externalAccountKeys.revoke(caller, { id: bound.eab.id });
    await refusal(requestOf(bound, key), bindingWrong);
  });

  it('when the external account key has bound as many as it may', async () => {
    const bound = await createBound();
    const holder = { binding: bindingOf(bound), accepts: ['encryption365'], atMost: 2 };
    const first = createAccountKey();
    await register(requestOf(bound, first, { holder }));
    await register(requestOf(bound, createAccountKey(), { holder }));
    const params = { what: 'credential', limit: 2 };
    await refusal(requestOf(bound, createAccountKey(), { holder }), {
      code: 'conflict',
      reason: { key: 'tooManyOfKind', params },
    });
    assert.equal((await register(requestOf(bound, first, { holder }))).isNew, false);
  });

  it('for a key that is too short, no key at all, or blocked', async () => {
    const bound = await createBound();
    const key = createAccountKey();
    await refusal(requestOf(bound, key, { publicKey: key.publicKey.subarray(1) }), { code: 'badCsr' });
    await app.ports.keyRegister.block(app.operator, {
      key: spkiSha256(key.publicKey),
      scope: null,
      note: 'stolen',
    });
    const params = { key: spkiSha256(key.publicKey).slice(0, 16), flaw: 'it is blocked' };
    await refusal(requestOf(bound, key), { code: 'badKey', reason: { key: 'accountKeyBlocked', params } });
    const short = createAccountKey('RS256', { modulusLength: 1024 });
    await refusal(requestOf(bound, short), { code: 'badKey', reason: { key: 'keyRsaSize', params: { bits: 1024 } } });
  });

  it('for a key that cannot be one, before its signature is looked at: of a stranger’s making, it may take long', async () => {
    const bound = await createBound();
    const { caller } = await createRegisteredCaller();
    for (const [publicKey, algorithm, key] of [
      [rsaKey(2048, 2047), 'RS256', 'keyRsaExponent'],
      [rsaKey(16_384, 64), 'RS256', 'keyRsaSize'],
      [pointKey(), 'ES256', 'keyNotOnCurve'],
    ] as const) {
      const proof = { algorithm, data: Buffer.from('x'), signature: new Uint8Array(algorithm === 'ES256' ? 64 : 256) };
      const isRefused = (thrown: unknown) => thrown instanceof CertError && thrown.reason.key === key;
      await refusal(requestOf(bound, createAccountKey(), { publicKey, proof }), isRefused);
      const change = { oldKey: publicKey, publicKey, proof };
      await assert.rejects(app.ports.credentials.changeKey(caller, change), isRefused);
    }
  });

  it('while the account is suspended', async () => {
    const bound = await createBound();
    await app.ports.accounts.change(app.operator, bound.account.id, { state: 'suspended' });
    await refusal(requestOf(bound, createAccountKey()), { reason: { key: 'accountSuspended', params: {} } });
  });
});

describe('at every call', () => {
  it('an unknown key, and a wrong signature, are refused each in its word', async () => {
    const { key, credential } = await createRegistered();
    const { publicId } = credential;
    const stranger = createAccountKey();
    await assert.rejects(enter({ publicId: 'nobody' }, key.sign('r')), wrong('credential'));
    await assert.rejects(enter({ publicKey: stranger.publicKey }, stranger.sign('r')), wrong('credential'));
    await assert.rejects(enter({ publicId }, stranger.sign('r')), wrong('credential.signature'));
    await assert.rejects(enter({ publicId }, { ...key.sign('r'), algorithm: 'ES384' }), wrong('credential.signature'));
  });

  it('a secret opens nothing that has a key, and a key nothing that has a secret', async () => {
    const { account, key, credential } = await createRegistered();
    const byPassword = (secret: string) =>
      app.ports.signIn.authenticate({ dialect, publicId: credential.publicId, secret }, origin);
    for (const secret of ['', 'x', '\0'.repeat(32)])
      await assert.rejects(byPassword(secret), wrong('credential.secret'));
    const secret = await createKey(app, account, { dialect });
    await assert.rejects(enter({ publicId: secret.credential.publicId }, key.sign('r')), wrong('credential'));
  });

  it('allowed addresses, the end and the account’s state count as for secrets', async () => {
    const { account, key, credential } = await createRegistered({ allowedAddresses: ['192.0.2.0/28'] });
    const by = { publicId: credential.publicId };
    await enter(by, key.sign('r'));
    await assert.rejects(enter(by, key.sign('r'), { address: '198.51.100.1' }), {
      reason: { key: 'addressNotAllowed', params: { address: '198.51.100.1' } },
    });
    await app.ports.accounts.change(app.operator, account.id, { state: 'suspended' });
    await assert.rejects(enter(by, key.sign('r')), { reason: { key: 'accountSuspended', params: {} } });
    await app.ports.accounts.change(app.operator, account.id, { state: 'active' });
    const expiresAt = new Date(app.clock.now().getTime() + 60_000);
    await app.ports.credentials.change(app.operator, credential.id, { expiresAt });
    await enter(by, key.sign('r'));
    await app.advance(60);
    const expired = { key: 'credentialExpired', params: { field: 'credential', until: expiresAt.toISOString() } };
    await assert.rejects(enter(by, key.sign('r')), { code: 'unauthenticated', reason: expired });
  });
});

describe('a deactivated key', () => {
  it('is refused to its holder by name, at sign-in and at another registration; strangers learn nothing', async () => {
    const { key, credential, ...bound } = await createRegistered();
    const by = { publicId: credential.publicId };
    const { caller } = await enter(by, key.sign('r'));
    const revoked = await app.ports.credentials.revokeOwn(caller);
    assert.deepEqual(revoked.revokedAt, app.clock.now());
    await assert.rejects(enter(by, key.sign('r')), deactivated);
    await assert.rejects(register(requestOf(bound, key)), deactivated);
    await assert.rejects(enter(by, createAccountKey().sign('r')), wrong('credential.signature'));
    // What its holder still had under way is refused where it would write.
    const next = createAccountKey();
    const change = { oldKey: key.publicKey, publicKey: next.publicKey, proof: next.sign('keyChange') };
    await assert.rejects(app.ports.credentials.changeKey(caller, change), { code: 'wrongState' });
  });
});

describe('another key', () => {
  it('opens the credential from then on, and the earlier one does not', async () => {
    const { key, credential, ...bound } = await createRegistered();
    const by = { publicId: credential.publicId };
    const { caller } = await enter(by, key.sign('r'));
    const next = createAccountKey('RS256');
    const changed = await app.ports.credentials.changeKey(caller, {
      oldKey: key.publicKey,
      publicKey: next.publicKey,
      proof: next.sign('keyChange'),
    });
    assert.deepEqual([changed.id, changed.publicId], [credential.id, credential.publicId]);
    assert.equal((await enter(by, next.sign('r'))).caller.actor, credential.id);
    assert.equal((await enter({ publicKey: next.publicKey }, next.sign('r'))).credential.id, credential.id);
    await assert.rejects(enter(by, key.sign('r')), wrong('credential.signature'));
    await assert.rejects(enter({ publicKey: key.publicKey }, key.sign('r')), wrong('credential'));
    const [event] = (await app.ports.events.list(app.operator, { limit: 1, subject: credential.id })).items;
    assert.equal(event?.kind, 'credential.keyChanged');
    assert.deepEqual(event?.data, { dialect, before: credential.key?.hash, keyHash: changed.key?.hash });
    assert.ok((await register(requestOf(bound, key))).isNew, 'the earlier key is free again');
  });

  it('is refused where it is the same, another account’s, not held by who names it, or where there is only a secret', async () => {
    const { key, credential, account } = await createRegistered();
    const other = await createRegistered();
    const { caller } = await enter({ publicId: credential.publicId }, key.sign('r'));
    const change = (one: AccountKey, proof = one.sign('keyChange'), by = caller) =>
      app.ports.credentials.changeKey(by, { oldKey: key.publicKey, publicKey: one.publicKey, proof });
    const withSecret = await createCaller(app, account, { dialect });
    const before = await app.tables();
    await assert.rejects(change(key), { code: 'invalidField' });
    await assert.rejects(change(other.key), {
      code: 'conflict',
      reason: { key: 'accountKeyInUse', params: { account: other.credential.publicId } },
    });
    await assert.rejects(change(createAccountKey(), key.sign('keyChange')), wrong('credential.signature'));
    const next = createAccountKey();
    await assert.rejects(change(next, next.sign('keyChange'), withSecret), { code: 'notFound' });
    assert.deepEqual(await app.tables(), before);
  });

  it('of two at once is one: the other finds the key changed', async () => {
    const { key, credential } = await createRegistered();
    const { caller } = await enter({ publicId: credential.publicId }, key.sign('r'));
    const [one, other] = [createAccountKey(), createAccountKey()];
    const changes = await Promise.allSettled(
      [one, other].map((next) =>
        app.ports.credentials.changeKey(caller, {
          oldKey: key.publicKey,
          publicKey: next.publicKey,
          proof: next.sign('keyChange'),
        }),
      ),
    );
    assert.deepEqual(changes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    const [winner, loser] = changes[0]?.status === 'fulfilled' ? [one, other] : [other, one];
    await enter({ publicId: credential.publicId }, winner.sign('r'));
    await assert.rejects(enter({ publicId: credential.publicId }, loser.sign('r')), wrong('credential.signature'));
  });
});
