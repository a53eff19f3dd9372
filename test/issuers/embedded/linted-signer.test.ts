/** The gate before the key: what lint finds is not signed, by nobody and nowhere, and the operator can see it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { KeyStore } from '../../../src/domain/authority.ts';
import type { RevocationReason } from '../../../src/domain/certificate.ts';
import type { AuthorityId } from '../../../src/domain/ids.ts';
import { keptLintFindings, lintFindingsKey } from '../../../src/domain/lint.ts';
import type { OrganizationDetails } from '../../../src/domain/organization.ts';
import type { CrlIssuer, SignRequest } from '../../../src/domain/ports/issuer.ts';
import { createEmbeddedIssuer } from '../../../src/issuers/embedded/index.ts';
import { createSealedKeyStore } from '../../../src/issuers/embedded/sealed-key-store.ts';
import { parseCrl } from '../../../src/pki/crl-reader.ts';
import { insertOrder, insertWorld, newCertificate } from '../../db/fixtures.ts';
import { createAuthorityKeys } from '../../support/cheap-secrets.ts';
import { crlDerOf } from '../../support/crl.ts';
import { readSources } from '../../support/source.ts';
import { createScene, names, newCsr, pkiUrl, profileNamed, requestFor, type Scene, sealerOf } from './support.ts';

const never = new AbortController().signal;
const organization: OrganizationDetails = { name: 'Example Ltd', city: 'London', state: 'London', country: 'GB' };

let scene: Scene;
/** How many signatures were made. */
let signatures: number;
beforeEach(async () => {
  scene = await createScene();
  signatures = 0;
});
afterEach(() => scene.remove());

function countingKeys(): KeyStore {
  const keys = createSealedKeyStore({ place: scene.files, keySealer: sealerOf(), newKey: createAuthorityKeys() });
  return {
    ...keys,
    async signer(keyId) {
      const { algorithm, sign, signParts } = await keys.signer(keyId);
      const counted =
        <A extends unknown[], R>(work: (...args: A) => R) =>
        (...args: A): R => {
          signatures++;
          return work(...args);
        };
      return { algorithm, sign: counted(sign), signParts: counted(signParts) };
    },
  };
}

function open(organizationName = 'Example'): Promise<CrlIssuer> {
  const { database, clock, log, random } = scene;
  const keyStore = countingKeys();
  return createEmbeddedIssuer({
    issuerId: 'embedded',
    organization: organizationName,
    caaDomains: [],
    ...{ keyStore, database, clock, log, random, pkiUrl },
  });
}

async function findings() {
  const events = await scene.database.read.events.list({ accountId: null, limit: 100 });
  const kept = await scene.database.read.settings.get(lintFindingsKey);
  return {
    events: events
      .filter(({ kind }) => kind === 'lint.found')
      .map(({ subject, data }) => ({
        subject,
        rule: data.rule,
        source: data.source,
        found: data.found,
        what: data.what,
        of: data.of,
      })),
    kept: keptLintFindings(kept, scene.clock.now().getTime()),
  };
}

describe('a certificate', () => {
  async function request(issuer: CrlIssuer, change: Partial<SignRequest> = {}): Promise<SignRequest> {
    const profile = profileNamed('private-ov');
    return requestFor(scene, issuer, await newCsr(), { profile, organization, names: names('example.com'), ...change });
  }

  test('that is good is signed, and nothing is written down', async () => {
    const issuer = await open();
    assert.equal(signatures, 4, 'two hierarchies');
    assert.equal((await issuer.sign(await request(issuer), never)).kind, 'issued');
    assert.equal(signatures, 5);
    assert.deepEqual(await findings(), { events: [], kept: [] });
  });

  test('in which a rule finds something is refused for good, and nothing is signed', async () => {
    const issuer = await open();
    const spoiled = await request(issuer, { organization: { ...organization, country: 'UK' } });
    const outcome = await issuer.sign(spoiled, never);
    assert.ok(outcome.kind === 'refused');
    const source = 'BR §7.1.4.2, ISO 3166-1';
    assert.deepEqual(outcome.reason, { key: 'lintFound', params: { rule: 'subject-country', source } });
    assert.equal(signatures, 4);
    const { events, kept } = await findings();
    const { authorityId: subject } = spoiled.plan;
    const found = { rule: 'subject-country', source, found: 'C=UK' };
    assert.deepEqual(events, [{ subject, ...found, what: 'leaf', of: 'example.com' }]);
    const atMs = scene.clock.now().getTime();
    assert.deepEqual(kept, [{ ...found, authority: subject, kind: 'leaf', subject: 'example.com', atMs }]);
    // The next one is signed.
    assert.equal((await issuer.sign(await request(issuer), never)).kind, 'issued');
  });

  test('is measured by its own profile, also where the plan is wrong', async () => {
    const issuer = await open();
    const rows: readonly (readonly [string, Partial<SignRequest>])[] = [
      ['ip-public', { profile: profileNamed('public-ov'), names: names('10.0.0.1') }],
      ['policy-of-level', { profile: { ...profileNamed('private-ov'), policyOids: ['2.23.140.1.2.1'] } }],
    ];
    for (const [rule, change] of rows) {
      const outcome = await issuer.sign(await request(issuer, change), never);
      assert.ok(outcome.kind === 'refused');
      assert.equal('rule' in outcome.reason.params && outcome.reason.params.rule, rule);
    }
    const good = await request(issuer);
    for (const [rule, plan] of [
      ['serial-random', { serial: '4a' }],
      ['validity-profile', { notAfter: new Date(good.plan.notBefore.getTime() + 398 * 86_400_000) }],
      ['not-before-recent', { notBefore: new Date(good.plan.notBefore.getTime() - 3 * 86_400_000) }],
    ] as const) {
      const outcome = await issuer.sign({ ...good, plan: { ...good.plan, ...plan } }, never);
      assert.ok(outcome.kind === 'refused');
      assert.equal('rule' in outcome.reason.params && outcome.reason.params.rule, rule);
    }
    assert.equal(signatures, 4);
  });

  test('that is refused again and again is written down once an hour', async () => {
    const issuer = await open();
    const spoil = async () => {
      const spoiled = await request(issuer, { organization: { ...organization, city: 'N/A' } });
      assert.equal((await issuer.sign(spoiled, never)).kind, 'refused');
    };
    await spoil();
    await spoil();
    assert.equal((await findings()).events.length, 1);
    await scene.clock.advance(3_600_000);
    await spoil();
    const { events, kept } = await findings();
    assert.deepEqual([events.length, kept.length], [2, 1]);
    await scene.clock.advance(86_400_000);
    assert.deepEqual((await findings()).kept, [], 'a day later it is over');
  });
});

describe('a list', () => {
  /** A revoked certificate with this serial number. */
  async function revokeOne(authorityId: AuthorityId, serial: string, reason = 'keyCompromise'): Promise<void> {
    await scene.database.write(async (tx) => {
      const { issuance } = await insertOrder(tx, await insertWorld(tx), ['example.com']);
      const dates = { notBefore: scene.clock.now(), notAfter: new Date(scene.clock.now().getTime() + 86_400_000) };
      const { id } = await tx.certificates.insert(newCertificate(issuance, { authorityId, serial, ...dates }));
      await tx.certificates.moveToRevoked(id, scene.clock.now(), reason as RevocationReason);
    });
  }

  test('with an entry in which a rule finds something is not made, and the one before stays', async () => {
    const issuer = await open();
    const [authorityId] = issuer.authorityIds();
    assert.ok(authorityId);
    await issuer.publishCrl(authorityId, never);
    const before = await crlDerOf(scene.database.read, authorityId);
    const signed = signatures;
    await revokeOne(authorityId, '41', 'removeFromCRL');
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(issuer.publishCrl(authorityId, never), {
        reason: { key: 'lintFound', params: { rule: 'entry-reason', source: 'RFC 5280 §5.3.1' } },
      });
    }
    assert.equal(signatures, signed);
    assert.deepEqual(await crlDerOf(scene.database.read, authorityId), before);
    const { events, kept } = await findings();
    assert.deepEqual(
      events.map(({ subject, rule, what }) => [subject, rule, what]),
      [[authorityId, 'entry-reason', 'list']],
    );
    assert.deepEqual(
      kept.map(({ kind }) => kind),
      ['list'],
    );
  });

  test('with good entries is signed over all its pieces', async () => {
    const issuer = await open();
    const [authorityId] = issuer.authorityIds();
    assert.ok(authorityId);
    for (const serial of ['4a01', '8b02']) await revokeOne(authorityId, serial);
    assert.equal((await issuer.publishCrl(authorityId, never)).entries, 2);
    assert.equal(parseCrl((await crlDerOf(scene.database.read, authorityId)) ?? Buffer.alloc(0)).entries.length, 2);
  });
});

test('An authority in whose certificate a rule finds something is not made, and the start says why.', async () => {
  await assert.rejects(open('N/A'), {
    reason: {
      key: 'authorityLintFound',
      params: { rule: 'subject-values', source: 'BR §7.1.4.1', found: 'O=N/A' },
    },
  });
  assert.equal(signatures, 0);
  assert.deepEqual(await scene.database.read.authorities.list(), []);
});

test('Nothing in the embedded issuer signs but the linted signer.', async () => {
  const sources = await readSources(join(import.meta.dirname, '../../../src/issuers/embedded'));
  const signing = sources.filter(({ code }) =>
    /\.(sign|signParts|signSync)\(|signAndAssemble|assembleSigned/.test(code),
  );
  // `issuer.sign` of the server's own certificate is the issuer's door, which goes through lint.
  assert.deepEqual(signing.map(({ path }) => path).toSorted(), ['linted-signer.ts', 'server-certificate.ts']);
});
