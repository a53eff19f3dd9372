/** The signfile as the proof of every issuance of an order, by what the order keeps of the key that it was placed with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signfileData, storedSignfile } from '../../../src/dialects/wosign/dialect-data.ts';
import { createProofMaker } from '../../../src/dialects/wosign/proof-maker.ts';
import { signfileOf } from '../../../src/dialects/wosign/proofs.ts';
import type { AccountId } from '../../../src/domain/ids.ts';
import { names } from '../../support/app.ts';

const key = { customerId: '1', authToken: 'token' };
const facts = { accountId: 'acc_1' as AccountId, credentialId: null, csr: null, proofReference: 'a' };

test('is the one of the key for every name, whatever the reference and the CSR', () => {
  const path = '/.well-known/pki-validation/signfile';
  const content = signfileOf(key);
  const expected = [
    { method: 'httpFile', binding: 'account', path, content },
    { method: 'httpsFile', binding: 'account', path, content },
  ];
  for (const proofReference of ['a', 'b']) {
    const of = createProofMaker().challengesOf({ ...facts, proofReference, dialectData: signfileData(key) });
    for (const name of names('example.com', 'www.example.com')) assert.deepEqual(of(name), expected);
  }
});

test('tells nothing of the key, and is of that key alone', () => {
  assert.deepEqual(Object.keys(signfileData(key)), ['signfile']);
  assert.equal(storedSignfile({ dialectData: signfileData(key) }), signfileOf(key));
  assert.match(signfileOf(key), /^[0-9a-f]{64}$/);
  for (const other of [
    { ...key, customerId: '2' },
    { ...key, authToken: 'tokem' },
  ]) {
    assert.notDeepEqual(signfileData(other), signfileData(key));
  }
});
