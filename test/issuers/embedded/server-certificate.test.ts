/** The certificate that certmux serves itself with: kept while it serves, made anew when it does not. */

import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import type { CrlIssuer } from '../../../src/domain/ports/issuer.ts';
import type { Database } from '../../../src/domain/ports/stores/index.ts';
import { type ServerCertificateOptions, serverCertificate } from '../../../src/issuers/embedded/server-certificate.ts';
import { rightClock } from '../../support/system.ts';
import { createScene, profileNamed, type Scene, sealerOf } from './support.ts';

const dayMs = 86_400_000;

let scene: Scene;
let issuer: CrlIssuer;
before(async () => {
  scene = await createScene();
  issuer = await scene.start();
});
after(() => scene.remove());

function ask(change: Partial<ServerCertificateOptions> = {}) {
  const { files, database, clock, random, log } = scene;
  const names = ['certs.example.com', 'localhost', '127.0.0.1'];
  const profile = profileNamed('private-dv');
  const clockGuard = rightClock;
  return serverCertificate({
    ...{ names, issuer, profile, files, keySealer: sealerOf(), database, clock, clockGuard, random, log },
    ...change,
  });
}

const leafOf = ({ certificate }: { readonly certificate: string }) => new X509Certificate(certificate);
const keptFile = () => join(scene.keyDirectory, 'server-certificate');

test('It is for the names, from our own CA, with the intermediate behind it and a key of its own.', async () => {
  const served = await ask();
  const [leafPem = '', intermediatePem = '', ...rest] = served.certificate.split(/(?<=-----END CERTIFICATE-----\n)/);
  assert.deepEqual(rest, []);
  const [leaf, intermediate] = [new X509Certificate(leafPem), new X509Certificate(intermediatePem)];
  assert.equal(leaf.subjectAltName, 'DNS:certs.example.com, DNS:localhost, IP Address:127.0.0.1');
  assert.ok(leaf.verify(intermediate.publicKey));
  assert.ok(leaf.checkPrivateKey(createPrivateKey(served.key)));
  assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(new Date(leaf.validFrom).toISOString(), '2026-05-31T23:59:00.000Z');
  assert.equal(new Date(leaf.validTo).toISOString(), '2026-08-29T23:58:59.000Z');
  // Two thirds of 90 days.
  assert.ok(Math.abs(served.renewAt.getTime() - Date.parse('2026-07-30T23:59:00.000Z')) < 1000);
});

test('Its serial is in the audit log before it is signed.', async () => {
  const events = await scene.database.read.events.list({ accountId: null, limit: 10 });
  const planned = events.filter(({ kind }) => kind === 'server.certificatePlanned');
  const { serialNumber } = leafOf(await ask());
  assert.deepEqual(
    planned.map(({ data }) => data.serial),
    [serialNumber.toLowerCase()],
  );

  const noDatabase: Database = { ...scene.database, write: () => Promise.reject(new Error('disk full')) };
  let isAsked = false;
  const watched: CrlIssuer = {
    ...issuer,
    sign: (...request) => {
      isAsked = true;
      return issuer.sign(...request);
    },
  };
  await assert.rejects(ask({ names: ['other.example.com'], database: noDatabase, issuer: watched }), {
    message: 'disk full',
  });
  assert.equal(isAsked, false, 'what could not be written down was not signed');
});

test('It is kept: at the next start it is the same, key and all.', async () => {
  assert.deepEqual(await ask(), await ask());
  assert.deepEqual(await ask({ issuer: await scene.start() }), await ask());
});

test('Its key is sealed on disk.', async () => {
  const { key } = await ask();
  const bytes = readFileSync(keptFile());
  const pkcs8 = createPrivateKey(key).export({ format: 'der', type: 'pkcs8' });
  assert.ok(!bytes.includes(pkcs8.subarray(36, 68)));
  assert.doesNotMatch(bytes.toString('latin1'), /PRIVATE|CERTIFICATE/);
});

describe('a new one is made when', () => {
  /** Asks twice: the certificate is another, and then stays. */
  async function assertRenewed(change: Partial<ServerCertificateOptions> = {}): Promise<X509Certificate> {
    const old = leafOf({ certificate: lastSeen });
    const fresh = await ask(change);
    assert.notEqual(leafOf(fresh).serialNumber, old.serialNumber);
    assert.notDeepEqual(leafOf(fresh).publicKey.export({ format: 'jwk' }), old.publicKey.export({ format: 'jwk' }));
    assert.deepEqual(await ask(change), fresh);
    lastSeen = fresh.certificate;
    return leafOf(fresh);
  }
  let lastSeen: string;
  before(async () => {
    lastSeen = (await ask()).certificate;
  });

  test('the names change', async () => {
    const leaf = await assertRenewed({ names: ['certs.example.com', 'second.example.com'] });
    assert.equal(leaf.subjectAltName, 'DNS:certs.example.com, DNS:second.example.com');
  });

  test('two thirds of its life are over, and not a moment before', async () => {
    lastSeen = (await ask()).certificate;
    const { renewAt } = await ask();
    await scene.clock.advance(renewAt.getTime() - scene.clock.now().getTime() - 1);
    assert.equal((await ask()).certificate, lastSeen);
    await scene.clock.advance(1);
    await assertRenewed();
  });

  test('the kept one cannot be read, which is logged', async () => {
    for (const bytes of [Buffer.from('garbage'), Buffer.alloc(0), readFileSync(keptFile()).subarray(0, 100)]) {
      writeFileSync(keptFile(), bytes);
      const before = scene.log.lines.length;
      await assertRenewed();
      assert.deepEqual(
        scene.log.lines.slice(before).map(({ level, message }) => [level, message]),
        [['warn', 'the kept server certificate cannot be read: a new one is made']],
      );
    }
  });

  test('the kept one was issued by a CA that is no more', async () => {
    const other = await createScene(2);
    try {
      await other.clock.advance(scene.clock.now().getTime() - other.clock.now().getTime());
      // Other authorities with the same master key: the database was thrown away, the keys were not.
      const issuerNow = await other.start();
      const leaf = await assertRenewed({ issuer: issuerNow, database: other.database });
      const authorities = await other.authorities();
      assert.ok(authorities.some(({ certificate }) => leaf.verify(new X509Certificate(certificate).publicKey)));
    } finally {
      await other.remove();
    }
  });
});

test('Two ways to write a name are one name in it.', async () => {
  const leaf = leafOf(await ask({ names: ['a.example.com', 'A.example.com.', '::1', '0:0::1', 'LOCALHOST'] }));
  assert.equal(leaf.subjectAltName, 'DNS:a.example.com, IP Address:0:0:0:0:0:0:0:1, DNS:localhost');
});

test('A name that no certificate can carry is refused with the setting.', async () => {
  await assert.rejects(ask({ names: ['certs_1.example.com'] }), {
    message: 'the name "certs_1.example.com" has an invalid label "certs_1"',
  });
  await assert.rejects(ask({ names: [''] }), { message: 'tls.selfServed holds an empty name' });
});

test('It never outlives the CA that issued it.', async () => {
  const { clock } = scene;
  const authorities = await scene.authorities();
  const intermediate = authorities.find(({ role, keyKind }) => role === 'intermediate' && keyKind === 'P-256');
  assert.ok(intermediate !== undefined);
  await clock.advance(intermediate.notAfter.getTime() - clock.now().getTime() - 30 * dayMs);
  const leaf = leafOf(await ask());
  assert.equal(new Date(leaf.validTo).getTime(), intermediate.notAfter.getTime());
});

describe('by a clock that is wrong', () => {
  const fault = reason('clockWentBack', { now: '2026-01-01T00:00:00.000Z', newest: '2026-06-01T00:00:00.000Z' });
  const clockGuard = { ...rightClock, fault: () => fault };

  test('the kept one serves on, and none is made', async () => {
    const kept = await ask();
    await scene.clock.advance(kept.renewAt.getTime() - scene.clock.now().getTime());
    assert.deepEqual(await ask({ clockGuard }), kept);
    await assert.rejects(ask({ clockGuard, names: ['new.example.com'] }), { code: 'unavailable' });
    assert.notDeepEqual(await ask(), kept, 'it is renewed when the clock is right');
  });
});

test('Near the end of the CA it is shorter, which is logged; after that there is none.', async () => {
  const own = await createScene(3);
  try {
    const near = await own.start();
    const { files, database, clock, random, log } = own;
    const names = ['certs.example.com'];
    const profile = profileNamed('private-dv');
    const request = {
      names,
      issuer: near,
      profile,
      files,
      keySealer: sealerOf(),
      database,
      clock,
      clockGuard: rightClock,
      random,
      log,
    };
    const [intermediate] = (await own.authorities()).filter(
      ({ role, keyKind }) => role === 'intermediate' && keyKind !== 'rsa',
    );
    assert.ok(intermediate);
    await own.clock.advance(intermediate.notAfter.getTime() - own.clock.now().getTime() - 10 * 86_400_000);
    assert.equal(new Date(leafOf(await serverCertificate(request)).validTo).getTime(), intermediate.notAfter.getTime());
    assert.equal(own.log.lines.at(-1)?.message, 'the server certificate is shorter than usual: the CA ends soon');
    await own.clock.advance(11 * 86_400_000);
    await assert.rejects(serverCertificate(request), { message: /^the CA certificate expired on 2036-/ });
  } finally {
    await own.remove();
  }
});
