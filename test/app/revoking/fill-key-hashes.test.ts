/** A database from before keys were kept: what is found in it once the server has started again. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { fillKeyHashes } from '../../../src/app/index.ts';
import { newId } from '../../../src/domain/ids.ts';
import { keyHashOf } from '../../../src/pki/csr.ts';
import { createCustomer, issue, orderFor, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';
import { createSubscriber } from '../../support/subscriber.ts';

let app: TestApp;
afterEach(() => app.close());

describe('keys of before they were kept', () => {
  it('are read at the first start: certificates are found by them, and those made here are protected', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { issuance, certificate } = await issue(app, caller, ['a.example']);
    assert.ok(certificate);
    const made = await createSubscriber('made.example');
    const old = (name: string) => ({
      id: newId('certificate', app.context),
      serial: name.padEnd(32, '0'),
      keyHash: null,
    });
    await app.database.write(async (tx) => {
      await tx.certificates.insert({ ...certificate, ...old('ab') });
      await tx.certificates.insert({ ...certificate, ...old('cd'), der: new Uint8Array([0x30, 0]) });
      const id = newId('issuance', app.context);
      await tx.issuances.insert({
        ...issuance,
        id,
        csr: made.csrDer,
        sealedKey: new Uint8Array(9),
        proofReference: id,
      });
    });
    const key = keyHashOf(issuance.csr ?? assert.fail());
    const found = async () => (await app.ports.keyRegister.certificates(caller, { key, limit: 9 })).items.length;
    assert.equal(await found(), 1);
    await fillKeyHashes(app.context);
    assert.equal(await found(), 2);
    const ask = async () => app.ports.orders.place(caller, await orderFor(['b.example'], { csr: made.csrDer }));
    await assert.rejects(ask, refused('keyMadeHere'));
    const warned = app.log.lines.filter(
      ({ level, message }) => level === 'warn' && /cannot be read/.test(message ?? ''),
    );
    assert.equal(warned.length, 1, 'what cannot be read does not keep the server from starting');
    const before = await app.tables();
    await fillKeyHashes(app.context);
    assert.deepEqual(await app.tables(), before, 'again it changes nothing');
  });
});
