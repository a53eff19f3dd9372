import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SealedObject } from '../../src/domain/ports/key-sealer.ts';
import { createKeyring, formerSecret } from '../../src/pki/key-sealer.ts';
import { masterKeyOf, sealedUnder } from '../../src/pki/seal.ts';

let counter = 0;
const random = { bytes: (size: number) => new Uint8Array(size).fill(++counter) };
const [first, second, third] = [1, 2, 3].map((value) => new Uint8Array(32).fill(value));
const secret = Buffer.from('a private key');
const a: SealedObject = { kind: 'subscriberKey', id: 'a' };
const ring = (...keys: readonly (Uint8Array | undefined)[]) => {
  const [current, ...others] = keys.filter((key) => key !== undefined);
  assert.ok(current);
  return createKeyring([current, ...others], random);
};

describe('the keyring', () => {
  it('opens what it sealed, for the same object only', () => {
    const sealed = ring(first).seal(secret, a);
    assert.deepEqual(Buffer.from(ring(first).open(sealed, a)), secret);
    assert.throws(() => ring(first).open(sealed, { ...a, id: 'b' }), /does not open/);
    assert.throws(() => ring(first).open(sealed, { ...a, kind: 'delivery' }), /does not open/);
    assert.throws(() => ring(second).open(sealed, a), /which is not here/);
  });

  it('seals under its first key and opens with each', () => {
    const old = ring(first).seal(secret, a);
    const keys = ring(second, first);
    assert.deepEqual(Buffer.from(keys.open(old, a)), secret);
    const renewed = keys.renew(old, a);
    assert.equal(sealedUnder(renewed), masterKeyOf(second ?? secret).id);
    assert.deepEqual(Buffer.from(ring(second).open(renewed, a)), secret);
    assert.equal(keys.renew(renewed, a), renewed, 'what is under it already is the very value');
  });

  it('goes on to another key, and forgets the others when it is told to', () => {
    const keys = ring(first);
    const old = keys.seal(secret, a);
    keys.switchTo(masterKeyOf(third ?? secret));
    assert.deepEqual(Buffer.from(keys.open(old, a)), secret);
    assert.equal(keys.keyOf(old, a).id, masterKeyOf(first ?? secret).id);
    keys.forgetOthers();
    assert.throws(() => keys.open(old, a), /which is not here/);
  });

  it('counts a key that it is given twice once', () => {
    assert.deepEqual(ring(first, first).others, []);
  });
});

describe('a secret as servers derived it before they stored it', () => {
  it('is 32 bytes that depend on the master key and the purpose alone, and never change', () => {
    const key = masterKeyOf(Buffer.alloc(32, 1));
    // What version 0.1 derived: labels in customers' DNS hang on it.
    const expected = '5f08f3ba562a1fda0fbcfd8dc3ef92dcde953c6005b8ae724ae565bdf43d1739';
    assert.equal(Buffer.from(formerSecret(key, 'dialect/httpsok/alias')).toString('hex'), expected);
    assert.notDeepEqual(formerSecret(key, 'a'), formerSecret(key, 'b'));
  });
});
