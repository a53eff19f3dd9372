/** Lists of very many revoked certificates: made in pieces, resumed after a kill, and each entry encoded once. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Certificate } from '../../../src/domain/certificate.ts';
import { nextId } from '../../../src/domain/ids.ts';
import { stageRevocations } from '../../../src/issuers/embedded/crl-stage.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { parseCrl } from '../../../src/pki/crl-reader.ts';
import { isSignedBy } from '../../../src/pki/signature.ts';
import { createCustomer, issue, startTestApp, type TestApp } from '../../support/app.ts';
import { crlDerOf } from '../../support/crl.ts';
import { readTables } from '../../support/tables.ts';

const daySeconds = 86_400;
/** More than two transactions' worth, and more than two pieces of one week. */
const count = 1300;

let app: TestApp;
let pattern: Certificate;
beforeEach(async () => {
  app = await startTestApp({ upkeep: true });
  const { caller } = await createCustomer(app);
  const { certificate } = await issue(app, caller, ['a.example']);
  assert.ok(certificate);
  pattern = certificate;
  await app.idle();
});
afterEach(() => app.close());

/** Certificates like the pattern, as they were revoked before this start. The last hundred end a year later. */
async function insertRevoked(): Promise<readonly Certificate[]> {
  const { database, context } = app;
  const ids = { ...context, database };
  return database.write(async (tx) => {
    const made: Certificate[] = [];
    for (let index = 0; index < count; index++) {
      const isLater = index >= count - 100;
      made.push(
        await tx.certificates.insert({
          ...pattern,
          id: await nextId('certificate', ids),
          serial: `41${randomBytes(15).toString('hex')}`,
          keyHash: randomBytes(32).toString('hex'),
          notAfter: new Date(pattern.notAfter.getTime() + (isLater ? 365 * daySeconds * 1000 : 0)),
          state: 'revoked',
          revokedAt: app.clock.now(),
          revocationReason: 'superseded',
        }),
      );
    }
    return made;
  });
}

async function list() {
  assert.ok(pattern.authorityId);
  const der = await crlDerOf(app.database.read, pattern.authorityId);
  assert.ok(der);
  const crl = parseCrl(der);
  const authority = (await app.database.read.authorities.list()).find(({ id }) => id === pattern.authorityId);
  assert.ok(authority && crl.signatureAlgorithm);
  const { publicKey } = parseCertificate(authority.certificate);
  assert.ok(publicKey);
  const signed = { algorithm: crl.signatureAlgorithm, data: crl.tbs, signature: crl.signature };
  assert.ok(await isSignedBy({ ...signed, publicKey }));
  return crl;
}

async function listedSerials(): Promise<readonly string[]> {
  return (await list()).entries.map(({ serialHex }) => serialHex).toSorted();
}

const serialsOf = (all: readonly Certificate[]) => all.map(({ serial }) => serial).toSorted();
const endOfWeek = (date: Date) => new Date(date.getTime() - 8 * daySeconds * 1000);

/** The versions of pieces that are new with the list of this number. */
function piecesNewWith(number: string | undefined) {
  const pieces = readTables(app.databasePath).crl_pieces ?? [];
  return pieces.filter(({ from_number: from }) => from === Number.parseInt(number ?? '', 16));
}

describe('a list of very many', () => {
  it('has each of them once, also after a kill in the middle', async () => {
    const revoked = await insertRevoked();
    const { authorityId } = pattern;
    assert.ok(authorityId);
    const staging = {
      authorityId,
      endedAfter: endOfWeek(app.clock.now()),
      backdateSeconds: 300,
      thisUpdate: app.clock.now(),
      check: () => undefined,
    };
    const isAll = await app.database.write((tx) => stageRevocations(tx, staging));
    assert.equal(isAll, false, 'one transaction does not stage all of them');
    assert.deepEqual(await listedSerials(), [], 'the list that was put stays whole');
    app = await app.restart({ upkeep: true });
    await app.idle();
    assert.deepEqual(await listedSerials(), serialsOf(revoked));
    const entries = (readTables(app.databasePath).crl_pieces ?? []).map(({ entries }) => Number(entries));
    assert.ok(entries.every((some) => some <= 500) && entries.length >= 4, String(entries));
  });

  it('is made again with one piece for one more, and another reason replaces the entry', async () => {
    const revoked = await insertRevoked();
    app = await app.restart({ upkeep: true });
    await app.idle();
    const before = await list();
    await app.ports.revocations.revokeCertificate(app.operator, pattern.id, 'unspecified');
    await app.idle();
    const after = await list();
    assert.deepEqual(after.entries.map(({ serialHex }) => serialHex).toSorted(), serialsOf([...revoked, pattern]));
    assert.equal(Number.parseInt(after.numberHex ?? '', 16), Number.parseInt(before.numberHex ?? '', 16) + 1);
    assert.equal(piecesNewWith(after.numberHex).length, 1);

    const [, raised] = revoked;
    assert.ok(raised);
    await app.ports.revocations.revokeCertificate(app.operator, raised.id, 'keyCompromise');
    await app.idle();
    const last = await list();
    assert.equal(piecesNewWith(last.numberHex).length, 1);
    assert.deepEqual(
      last.entries.map(({ serialHex }) => serialHex),
      after.entries.map(({ serialHex }) => serialHex),
      'each stays where it is',
    );
    assert.deepEqual(
      last.entries.filter(({ reason }) => reason === 'keyCompromise').map(({ serialHex }) => serialHex),
      [raised.serial],
    );
  });

  it('loses those that are over, and their pieces, and keeps the others', async () => {
    const revoked = await insertRevoked();
    app = await app.restart({ upkeep: true });
    await app.idle();
    app = await app.restart({ upkeep: true, afterSeconds: 106 * daySeconds });
    await app.idle();
    assert.deepEqual(await listedSerials(), serialsOf(revoked.slice(-100)));
    // The list after the next needs none of the old versions.
    app = await app.restart({ upkeep: true });
    await app.idle();
    app = await app.restart({ upkeep: true });
    await app.idle();
    assert.equal((readTables(app.databasePath).crl_pieces ?? []).length, 1);
    assert.deepEqual(await listedSerials(), serialsOf(revoked.slice(-100)));
  });

  it('made by several at once ends with one that holds everything', async () => {
    const { authorityId } = pattern;
    assert.ok(authorityId);
    const revoked = await insertRevoked();
    const never = new AbortController().signal;
    const { issuer } = app;
    await Promise.all([1, 2, 3].map(() => issuer.publishCrl(authorityId, never)));
    assert.deepEqual(await listedSerials(), serialsOf(revoked));
  });
});
