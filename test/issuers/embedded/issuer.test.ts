/** The CA inside: its own certificates, what it issues, and what it says of the revoked, as OpenSSL and Node judge it. */

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Authority } from '../../../src/domain/authority.ts';
import type { Certificate, RevocationReason } from '../../../src/domain/certificate.ts';
import { renderReason } from '../../../src/domain/errors.ts';
import type { AuthorityId } from '../../../src/domain/ids.ts';
import type { OrganizationDetails } from '../../../src/domain/organization.ts';
import { type CrlIssuer, publishesCrl, type SignRequest } from '../../../src/domain/ports/issuer.ts';
import type { Database, Stores } from '../../../src/domain/ports/stores/index.ts';
import { ensureAuthorities } from '../../../src/issuers/embedded/authorities.ts';
import { createSealedKeyStore } from '../../../src/issuers/embedded/sealed-key-store.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { findChainFlaw } from '../../../src/pki/chain.ts';
import { parseCrl } from '../../../src/pki/crl-reader.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import type { KeyAlgorithm } from '../../../src/pki/public-key.ts';
import { insertOrder, insertWorld, newCertificate } from '../../db/fixtures.ts';
import { withOpenSsl } from '../../pki/support.ts';
import { crlDerOf } from '../../support/crl.ts';
import {
  byId,
  certificatePem,
  createScene,
  issued,
  newCsr,
  p256,
  pkiUrl,
  profileNamed,
  requestFor,
  type Scene,
  sealerOf,
} from './support.ts';

const never = new AbortController().signal;

let scene: Scene;
let issuer: CrlIssuer;
let authorities: readonly Authority[];
before(async () => {
  scene = await createScene();
  issuer = await scene.start();
  authorities = await scene.authorities();
});
after(() => scene.remove());

/** The authority that signs for such a key, and the root above it. */
async function hierarchyFor(algorithm: KeyAlgorithm) {
  const csr = await newCsr(algorithm);
  const intermediate = byId(authorities, issuer.chooseAuthority(csr, profileNamed('private-dv')) ?? null);
  return { csr, intermediate, root: byId(authorities, intermediate.parentId) };
}

const unixSeconds = (date: Date) => String(Math.floor(date.getTime() / 1000));

describe('its authorities', () => {
  test('are a root and an intermediate for each kind of key, named by their generation', () => {
    const expected = [
      ['root', 'P-256', 'O=Example, CN=Example Root CA E1'],
      ['intermediate', 'P-256', 'O=Example, CN=Example TLS CA E1'],
      ['root', 'rsa', 'O=Example, CN=Example Root CA R1'],
      ['intermediate', 'rsa', 'O=Example, CN=Example TLS CA R1'],
    ];
    const found = authorities.map(({ role, keyKind, subject }) => [role, keyKind, subject]);
    const sorted = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(' · ')).toSorted();
    assert.deepEqual(sorted(found), sorted(expected));
    assert.deepEqual([...issuer.authorityIds()].toSorted(), authorities.map(({ id }) => id).toSorted());
    assert.ok(publishesCrl(issuer));
  });

  test('outlive what is below them, and begin a minute before they were made', () => {
    for (const authority of authorities) {
      const { notBefore, notAfter } = parseCertificate(authority.certificate);
      assert.equal(notBefore.toISOString(), '2026-05-31T23:59:00.000Z');
      assert.deepEqual(authority.notAfter, notAfter);
      const years = (notAfter.getTime() + 1000 - notBefore.getTime()) / (365.25 * 86_400_000);
      assert.equal(years, authority.role === 'root' ? 20 : 10);
      assert.deepEqual(issuer.validityOf(authority.id), { from: notBefore, until: notAfter });
    }
  });

  test('tell where they and their lists are found', () => {
    for (const { id, role, parentId, certificate } of authorities) {
      const { infoAccess } = new X509Certificate(certificate);
      if (role === 'root') assert.equal(infoAccess, undefined);
      else assert.equal(infoAccess?.trim(), `CA Issuers - URI:${pkiUrl}/${parentId}.cer`);
      assert.notEqual(id, parentId);
    }
  });

  test('are the same at the next start, with the same keys', async () => {
    const again = await scene.start();
    assert.deepEqual(await scene.authorities(), authorities);
    const { csr, intermediate } = await hierarchyFor(p256);
    const leaf = new X509Certificate(await issued(again, requestFor(scene, again, csr)));
    assert.ok(leaf.verify(new X509Certificate(intermediate.certificate).publicKey));
  });

  test('were each written into the audit log', async () => {
    const events = await scene.database.read.events.list({ accountId: null, limit: 100 });
    const created = events.filter(({ kind }) => kind === 'authority.created').map(({ subject }) => subject);
    assert.deepEqual(created.toSorted(), authorities.map(({ id }) => id).toSorted());
  });

  test('that it does not have are named', async () => {
    const request = requestFor(scene, issuer, await newCsr());
    const elsewhere = { ...request, plan: { ...request.plan, authorityId: 'ca_other' } };
    await assert.rejects(issuer.sign(elsewhere, never), { message: 'the issuer embedded has no authority ca_other' });
  });
});

test('A start that breaks off at any write leaves what the next start completes.', async () => {
  const own = await createScene();
  try {
    // Keys of one kind are enough, and quick: the hierarchies are made in the same way.
    const options = (
      database: Database,
      keyStore = createSealedKeyStore({ place: own.files, keySealer: sealerOf() }),
    ) => ({
      issuerId: 'embedded',
      organization: 'Example',
      caaDomains: [],
      keyStore: {
        ...keyStore,
        create: (keyId: string) => keyStore.create(keyId, 'P-384'), // RSA would take seconds
      },
      database,
      clock: own.clock,
      log: own.log,
      random: own.random,
      pkiUrl,
    });
    /** Fails at the n-th transaction from now: the power goes out. */
    const failing = (writesLeft: number): Database => ({
      ...own.database,
      write: <T>(work: (tx: Stores) => Promise<T>) => {
        writesLeft -= 1;
        return writesLeft < 0 ? Promise.reject(new Error('power cut')) : own.database.write(work);
      },
    });
    const counts: number[] = [];
    for (const writes of [0, 1, 1, 1]) {
      await assert.rejects(ensureAuthorities(options(failing(writes))), { message: 'power cut' });
      counts.push((await own.authorities()).length);
    }
    // Each start keeps what the one before it had finished.
    assert.deepEqual(counts, [0, 1, 2, 3]);
    const complete = await ensureAuthorities(options(own.database));
    assert.equal(complete.length, 4);
    const again = await ensureAuthorities(options(failing(0)));
    const ids = (all: readonly Authority[]) => all.map(({ id }) => id);
    assert.deepEqual(ids(again), ids(complete), 'then nothing more is written');
    for (const authority of complete.filter(({ role }) => role === 'intermediate')) {
      const chain = [authority, byId(complete, authority.parentId)].map(({ certificate }) =>
        parseCertificate(certificate),
      );
      assert.equal(await findChainFlaw(chain, own.clock.now()), undefined);
    }
    // Keys without a row are what the power cuts left; nothing uses them.
    assert.ok(readdirSync(own.keyDirectory).length > 4);
  } finally {
    await own.remove();
  }
});

const keys: readonly (readonly [name: string, algorithm: KeyAlgorithm, hierarchy: Authority['keyKind']])[] = [
  ['P-256', p256, 'P-256'],
  ['P-384', { type: 'ec', curve: 'P-384' }, 'P-256'],
  ['P-521', { type: 'ec', curve: 'P-521' }, 'P-256'],
  ['Ed25519', { type: 'ed25519' }, 'P-256'],
  ['RSA-2048', { type: 'rsa', bits: 2048 }, 'rsa'], // for clients that cannot verify ECDSA: no curve anywhere in the chain
];

for (const [name, algorithm, hierarchy] of keys) {
  test(`A certificate for a ${name} key hangs under the ${hierarchy} root, by OpenSSL and by Node.`, async () => {
    const { csr, intermediate, root } = await hierarchyFor(algorithm);
    assert.equal(intermediate.keyKind, hierarchy);
    assert.equal(root.keyKind, hierarchy);
    const request = requestFor(scene, issuer, csr);
    const der = await issued(issuer, request);

    const leaf = new X509Certificate(der);
    const [above, top] = [new X509Certificate(intermediate.certificate), new X509Certificate(root.certificate)];
    assert.ok(leaf.checkIssued(above) && leaf.verify(above.publicKey));
    assert.ok(above.checkIssued(top) && above.verify(top.publicKey));
    assert.ok(top.checkIssued(top) && top.verify(top.publicKey));
    assert.equal(leaf.serialNumber.toLowerCase(), request.plan.serial);
    assert.equal(leaf.subject, 'CN=example.com');
    assert.equal(
      leaf.subjectAltName,
      'DNS:example.com, DNS:*.example.com, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7',
    );
    assert.equal(new Date(leaf.validTo).getTime(), request.plan.notAfter.getTime());
    assert.equal(leaf.ca, false);
    assert.equal(leaf.infoAccess?.trim(), `CA Issuers - URI:${pkiUrl}/${intermediate.id}.cer`);

    const verdict = withOpenSsl(({ write, run }) => {
      write('root.pem', certificatePem(root.certificate));
      write('intermediate.pem', certificatePem(intermediate.certificate));
      write('leaf.pem', certificatePem(der));
      return run(
        ...['verify', '-x509_strict', '-policy_check', '-purpose', 'sslserver', '-verify_hostname', 'a.example.com'],
        ...[
          '-attime',
          unixSeconds(scene.clock.now()),
          '-CAfile',
          'root.pem',
          '-untrusted',
          'intermediate.pem',
          'leaf.pem',
        ],
      );
    });
    assert.equal(verdict, 'leaf.pem: OK\n');
  });
}

test('The same plan gives the same certificate again, but for the random part of an ECDSA signature.', async () => {
  const rsa = requestFor(scene, issuer, await newCsr({ type: 'rsa', bits: 2048 }));
  assert.deepEqual(await issued(issuer, rsa), await issued(await scene.start(), rsa), 'RSA signs without randomness');
  const ec = requestFor(scene, issuer, await newCsr());
  const [one, other] = [await issued(issuer, ec), await issued(await scene.start(), ec)].map(parseCertificate);
  assert.deepEqual(one?.tbs, other?.tbs);
});

describe('what stands in the subject', () => {
  const organization: OrganizationDetails = {
    name: 'Example Ltd',
    unit: 'Hosting', // never in a certificate: BR §7.1.4.2 bans organizationalUnitName
    street: '1 Example Street',
    city: '深圳',
    state: 'Guangdong',
    country: 'CN',
    postalCode: '518000',
    phone: '+86 755 1234',
    registrationNumber: '91440300MA5',
  };
  const ovSubject =
    'C=CN, postalCode=518000, ST=Guangdong, L=深圳, street=1 Example Street, O=Example Ltd, CN=example.com';
  const rows: readonly (readonly [
    profile: string,
    organization: OrganizationDetails | null,
    subject: string | undefined,
    refusal?: string,
  ])[] = [
    ['private-dv', organization, 'CN=example.com'], // a DV certificate names nobody
    ['private-ov', organization, ovSubject],
    ['public-ov', organization, ovSubject],
    [
      'private-ev',
      organization,
      `businessCategory=Private Organization, jurisdictionC=CN, serialNumber=91440300MA5, ${ovSubject}`,
    ],
    [
      'private-ov',
      { name: 'Example Ltd', city: '', state: 'Guangdong', country: 'CN' },
      'C=CN, ST=Guangdong, O=Example Ltd, CN=example.com', // an empty field is left out
    ],
    ['private-ov', null, undefined, 'O is required for an OV certificate'],
    [
      'private-ev',
      { ...organization, registrationNumber: '' },
      undefined,
      'serialNumber is required for an EV certificate',
    ],
    [
      'private-ov',
      { ...organization, country: 'China' },
      undefined,
      "the subject's C has 5 characters; at most 2 are allowed",
    ],
    [
      'private-ov',
      { ...organization, name: 'x'.repeat(65) },
      undefined,
      "the subject's O has 65 characters; at most 64 are allowed",
    ],
  ];
  for (const [profile, given, subject, refusal] of rows) {
    test(`${profile}: ${subject ?? refusal}`, async () => {
      const request = requestFor(scene, issuer, await newCsr(), {
        profile: profileNamed(profile),
        organization: given,
      });
      const outcome = await issuer.sign(request, never);
      if (outcome.kind === 'issued') {
        assert.deepEqual(subjectOf(outcome.der), new Set(subject?.split(', ')));
        assert.equal(outcome.chain, null, 'the chain is that of the authority');
        return;
      }
      assert.equal(subject, undefined, JSON.stringify(outcome));
      assert.ok(outcome.kind === 'refused');
      assert.equal(renderReason(outcome.reason, 'en'), refusal);
    });
  }

  /** As OpenSSL reads it; the order of its parts does not matter here. */
  function subjectOf(der: Uint8Array): Set<string> {
    const text = withOpenSsl(({ write, run }) => {
      write('leaf.der', der);
      return run(
        'x509',
        '-inform',
        'der',
        '-in',
        'leaf.der',
        '-noout',
        '-subject',
        '-nameopt',
        'utf8,sname,sep_multiline,space_eq',
      );
    });
    const parts = text
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replace(' = ', '='));
    return new Set(parts.filter((part) => part !== ''));
  }
});

test('Public-like certificates name their policy, private ones none.', async () => {
  const rows = [
    ['private-dv', null],
    ['public-dv', '2.23.140.1.2.1'],
    ['public-ov', '2.23.140.1.2.2'],
  ] as const;
  const organization: OrganizationDetails = { name: 'Example', city: 'X', state: 'Y', country: 'CN' };
  for (const [id, policy] of rows) {
    const request = requestFor(scene, issuer, await newCsr(), { profile: profileNamed(id), organization });
    const der = await issued(issuer, request);
    const printed = withOpenSsl(({ write, run }) => {
      write('leaf.der', der);
      return run('x509', '-inform', 'der', '-in', 'leaf.der', '-noout', '-text');
    });
    assert.equal(/Policy: ([\d.]+)/.exec(printed)?.[1] ?? null, policy);
    assert.match(printed, /X509v3 Extended Key Usage: *\n *TLS Web Server Authentication\n/);
  }
});

describe('revocation lists', () => {
  let revokedOnes: readonly { readonly serial: string; readonly reason: RevocationReason }[];
  let good: Uint8Array;
  let bad: Uint8Array;
  let root: Authority;
  let intermediate: Authority;

  before(async () => {
    const found = await hierarchyFor(p256);
    ({ root, intermediate } = found);
    const issueOne = async (change: Partial<SignRequest> = {}) => {
      const request = requestFor(scene, issuer, await newCsr(), change);
      const der = await issued(issuer, request);
      return { der, request, certificate: await keep(scene.database, der, request) };
    };
    good = (await issueOne()).der;
    const list = [];
    for (const reason of ['keyCompromise', 'unspecified', 'superseded'] as const) {
      const { der, request, certificate } = await issueOne();
      await scene.database.write((tx) => tx.certificates.moveToRevoked(certificate.id, scene.clock.now(), reason));
      if (reason === 'keyCompromise') bad = der;
      list.push({ serial: request.plan.serial, reason });
    }
    revokedOnes = list;
    for (const id of issuer.authorityIds()) await issuer.publishCrl(id, never);
  });

  async function crlOf(authority: Authority): Promise<Uint8Array> {
    const crl = await crlDerOf(scene.database.read, authority.id);
    assert.ok(crl !== undefined);
    return crl;
  }

  test('of every authority verify under its certificate', async () => {
    for (const authority of authorities) {
      const der = await crlOf(authority);
      const verdict = withOpenSsl(({ write, runAll }) => {
        write('ca.pem', certificatePem(authority.certificate));
        write('list.crl', der);
        return runAll('crl', '-inform', 'der', '-in', 'list.crl', '-CAfile', 'ca.pem', '-noout', '-verify');
      });
      assert.match(verdict, /verify OK/);
    }
  });

  test('hold each revoked certificate with its reason, and nobody else', async () => {
    const crl = parseCrl(await crlOf(intermediate));
    const entries = crl.entries.map(({ serialHex, reason, revokedAt }) => ({ serial: serialHex, reason, revokedAt }));
    const revokedAt = new Date('2026-06-01T00:00:00.000Z');
    const bySerial = (one: { serial: string }, other: { serial: string }) => one.serial.localeCompare(other.serial);
    assert.deepEqual(entries.toSorted(bySerial), revokedOnes.map((one) => ({ ...one, revokedAt })).toSorted(bySerial));
    assert.equal(parseCrl(await crlOf(root)).entries.length, 0);
  });

  test('make openssl verify -crl_check_all refuse the revoked and accept the good', async () => {
    const [rootCrl, crl] = [await crlOf(root), await crlOf(intermediate)];
    const verify = (leaf: Uint8Array) =>
      withOpenSsl(({ write, run }) => {
        write('root.pem', certificatePem(root.certificate));
        write('intermediate.pem', certificatePem(intermediate.certificate));
        write('crls.pem', encodePem('X509 CRL', rootCrl) + encodePem('X509 CRL', crl));
        write('leaf.pem', certificatePem(leaf));
        const at = unixSeconds(scene.clock.now());
        const options = ['-x509_strict', '-crl_check_all', '-CRLfile', 'crls.pem', '-attime', at];
        return run('verify', ...options, '-CAfile', 'root.pem', '-untrusted', 'intermediate.pem', 'leaf.pem');
      });
    assert.equal(verify(good), 'leaf.pem: OK\n');
    assert.throws(() => verify(bad), /certificate revoked/);
  });

  test('are numbered upwards, good for a week, and in the audit log', async () => {
    const before = await scene.database.read.crls.get(intermediate.id);
    await issuer.publishCrl(intermediate.id, never);
    const next = await scene.database.read.crls.get(intermediate.id);
    assert.ok(before !== undefined && next !== undefined);
    assert.equal(next.number, before.number + 1);
    assert.equal(next.thisUpdate.toISOString(), '2026-06-01T00:00:00.000Z');
    assert.equal(next.nextUpdate.toISOString(), '2026-06-08T00:00:00.000Z');
    const events = await scene.database.read.events.list({ accountId: null, subject: intermediate.id, limit: 1 });
    assert.equal(events[0]?.kind, 'crl.published');
    assert.deepEqual(events[0]?.data, { number: next.number, entries: 3, nextUpdate: '2026-06-08T00:00:00.000Z' });
  });

  test('made at the same moment end with one that holds everything', async () => {
    const start = (await scene.database.read.crls.get(intermediate.id))?.number ?? 0;
    await Promise.all([1, 2, 3].map(() => issuer.publishCrl(intermediate.id, never)));
    assert.equal((await scene.database.read.crls.get(intermediate.id))?.number, start + 3);
  });

  test('keep a certificate until a list made after its end has shown it (RFC 5280 §3.3)', async () => {
    const entriesNow = async () => {
      await issuer.publishCrl(intermediate.id, never);
      return parseCrl(await crlOf(intermediate)).entries.length;
    };
    await scene.clock.advance(90 * 86_400_000); // they ended a minute ago
    assert.equal(await entriesNow(), 3);
    await scene.clock.advance(6 * 86_400_000);
    assert.equal(await entriesNow(), 3);
    // It leaves with those that end in the same week.
    await scene.clock.advance(9 * 86_400_000);
    assert.equal(await entriesNow(), 0);
  });
});

/** The row of an issued certificate, with the order and the account that it belongs to. */
function keep(database: Database, der: Uint8Array, { plan }: SignRequest): Promise<Certificate> {
  return database.write(async (tx) => {
    const { issuance } = await insertOrder(tx, await insertWorld(tx), ['example.com']);
    const { serial, notBefore, notAfter } = plan;
    const authorityId = plan.authorityId as AuthorityId;
    return tx.certificates.insert(newCertificate(issuance, { authorityId, serial, der, notBefore, notAfter }));
  });
}
