/** Authorities that follow others: their serial numbers, and their order where no time lies between them. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Authority } from '../../../src/domain/authority.ts';
import { type RollingIssuer, rollsOver } from '../../../src/domain/ports/issuer.ts';
import type { Randomness } from '../../../src/domain/ports/system.ts';
import { createEmbeddedIssuer } from '../../../src/issuers/embedded/index.ts';
import { createSealedKeyStore } from '../../../src/issuers/embedded/sealed-key-store.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { serialFrom } from '../../../src/pki/leaf-template.ts';
import { createAuthorityKeys } from '../../support/cheap-secrets.ts';
import { createScene, pkiUrl, type Scene, sealerOf } from './support.ts';

const by = { actor: 'usr_operator', requestId: 'request-1' };
const longestDays = 397;

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.remove());

async function open(random: Randomness = scene.random): Promise<RollingIssuer> {
  const { database, clock, log } = scene;
  const keyStore = createSealedKeyStore({ place: scene.files, keySealer: sealerOf(), newKey: createAuthorityKeys() });
  const names = { issuerId: 'embedded', organization: 'Example', caaDomains: [], pkiUrl };
  const issuer = await createEmbeddedIssuer({ ...names, keyStore, database, clock, log, random });
  assert.ok(rollsOver(issuer));
  return issuer;
}

async function ofKind(role: Authority['role']): Promise<readonly Authority[]> {
  return (await scene.authorities()).filter((one) => one.role === role && one.keyKind === 'P-256');
}

async function firstOf(role: Authority['role']): Promise<Authority> {
  const [first] = await ofKind(role);
  assert.ok(first);
  return first;
}

test('An intermediate gets no serial number that its root had used before it came here.', async () => {
  await open();
  const root = await firstOf('root');
  const bytes = Buffer.alloc(16, 0x5a);
  const serial = serialFrom(bytes).toString('hex');
  const { notAfter, id: authorityId } = root;
  await scene.database.write(async (tx) => {
    await tx.authorities.change({ ...root, importedAt: scene.clock.now() });
    await tx.importedSerials.insertUpload(authorityId, scene.clock.now());
    const unrevoked = { certificate: null, revokedAt: null, revocationReason: null };
    await tx.importedSerials.put([{ authorityId, serial, notAfter, ...unrevoked }]);
    await tx.importedSerials.removeUpload(authorityId);
  });
  let drawn = 0;
  // The first draw hits what was used.
  const repeating: Randomness = {
    ...scene.random,
    bytes: (size) => (size === 16 && drawn++ === 0 ? bytes : scene.random.bytes(size)),
  };
  const issuer = await open(repeating);
  const made = await issuer.succeed((await firstOf('intermediate')).id, { by });
  const certificate = (await scene.authorities()).find(({ id }) => id === made)?.certificate;
  assert.ok(certificate);
  assert.ok(drawn > 1, 'the serial number was drawn again');
  assert.notEqual(parseCertificate(certificate).serialHex, serial);
});

describe('Two of one line that were made within a millisecond', () => {
  test('follow one another: intermediates', async () => {
    const issuer = await open();
    const former = await firstOf('intermediate');
    const id = await issuer.succeed(former.id, { publishDays: 0, by });
    const rows = await ofKind('intermediate');
    assert.equal(new Set(rows.map(({ createdAt }) => createdAt.getTime())).size, 1);
    assert.deepEqual(
      rows.filter(({ retiredAt }) => retiredAt === null).map((one) => one.id),
      [id],
    );
  });

  test('follow one another: roots, and no third one is made', async () => {
    const issuer = await open();
    const former = await firstOf('root');
    const root = await issuer.succeed(former.id, { publishDays: 0, by });
    await issuer.succeed((await firstOf('intermediate')).id, { publishDays: 0, by });
    await issuer.rollOver(longestDays);
    assert.deepEqual(
      (await ofKind('root')).filter(({ retiredAt }) => retiredAt === null).map(({ id }) => id),
      [root],
    );
    assert.deepEqual([(await ofKind('root')).length, (await ofKind('intermediate')).length], [2, 2]);
  });
});
