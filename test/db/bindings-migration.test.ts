/** A database from before challenges had a binding: what its proofs are worth afterwards, and whose its references are. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { openDatabase } from '../../src/db/open.ts';
import type { Authorization } from '../../src/domain/authorization.ts';
import type { Issuance } from '../../src/domain/issuance.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { openTempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';
import { at, insertOrder, insertWorld, later, newAuthorization } from './fixtures.ts';

/** As migration 0008 left it. */
const backToBefore = `
  DELETE FROM migrations WHERE name = '0009-bindings';
  DROP INDEX authorizations_usable;
  DROP INDEX authorizations_of_domain;
  ALTER TABLE authorizations DROP COLUMN binding;
  ALTER TABLE authorizations DROP COLUMN serves_key;
  CREATE INDEX authorizations_usable ON authorizations (account_id, identifier, valid_until) WHERE state = 'valid';
  UPDATE authorizations SET challenges_json = replace(challenges_json, '"binding":"server",', '');
  UPDATE external_ids SET kind = 'encryption365.proof' WHERE kind LIKE 'encryption365.proof %';
`;

describe('a database from before challenges had a binding', () => {
  let path: string;
  let database: Database;
  let byFile: Authorization;
  let byMail: Authorization;
  let ofDomain: Authorization;
  let openDomain: Authorization;
  let openOrder: Authorization;
  let issuance: Issuance;
  before(async () => {
    const opened = await openTempDatabase();
    ({ path } = opened);
    await opened.database.write(async (tx) => {
      const world = await insertWorld(tx);
      ({ issuance } = await insertOrder(tx, world, ['a.example.com']));
      const kind = `encryption365.proof ${world.account.id}`;
      await tx.externalIds.insert(kind, 'reference1', issuance.id);
      await tx.externalIds.insert('other', 'reference1', 'kept');
      const valid = { state: 'valid', provedAt: at, validUntil: later(1e6), issuanceId: issuance.id } as const;
      const of = (change: Partial<Authorization>) => newAuthorization(world.account.id, change);
      byFile = of({ ...valid, provedBy: 'httpFile' });
      byMail = of({ ...valid, provedBy: 'email' });
      ofDomain = of({ ...valid, provedBy: 'dnsTxt', issuanceId: null });
      openDomain = of({ issuanceId: null });
      const mail = { method: 'email', binding: 'server', addresses: ['admin@example.com'] } as const;
      openOrder = of({ issuanceId: issuance.id, challenges: [...byFile.challenges, mail] });
      for (const one of [byFile, byMail, ofDomain, openDomain, openOrder]) await tx.authorizations.insert(one);
    });
    await opened.database.close();
    const file = new DatabaseSync(path);
    file.exec(backToBefore);
    file.close();
    database = await openDatabase({
      path,
      clock: createFakeClock(),
      random: createFakeRandomness(),
      log: createFakeLog(),
    });
  });
  after(async () => {
    await database.close();
    rmSync(dirname(path), { recursive: true });
  });

  const usable = async (keyHash: string | null) =>
    (
      await database.read.authorizations.listUsable(byFile.accountId, [byFile.identifier.value], { now: at, keyHash })
    ).map(({ id }) => id);

  it('has the proofs of domains and mails, and no others, for whatever key', async () => {
    const expected = [ofDomain.id, byMail.id].toSorted();
    assert.deepEqual((await usable(null)).toSorted(), expected);
    assert.deepEqual((await usable('a'.repeat(64))).toSorted(), expected);
    const seen = await database.read.authorizations.get(byFile.id);
    assert.deepEqual([seen?.state, seen?.binding, seen?.keyHash], ['valid', null, null]);
  });

  it('reads the challenges of domains as ours, those of orders as anybody’s, but for mails', async () => {
    const bindings = async ({ id }: Authorization) =>
      (await database.read.authorizations.get(id))?.challenges.map(({ binding }) => binding);
    assert.deepEqual(await bindings(openDomain), ['server', 'server']);
    assert.deepEqual(await bindings(openOrder), ['request', 'request', 'server']);
    const { challenges } = (await database.read.authorizations.get(openDomain.id)) ?? assert.fail();
    assert.deepEqual(challenges, openDomain.challenges);
  });

  it('knows references by their account', async () => {
    const { externalIds } = database.read;
    assert.equal(await externalIds.get(`encryption365.proof ${byFile.accountId}`, 'reference1'), issuance.id);
    assert.equal(await externalIds.get('encryption365.proof', 'reference1'), undefined);
    assert.equal(await externalIds.get('other', 'reference1'), 'kept');
  });
});
