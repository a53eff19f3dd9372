import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKeySealer } from '../../src/pki/key-sealer.ts';

let counter = 0;
const random = { bytes: (size: number) => new Uint8Array(size).fill(++counter) };
const sealer = createKeySealer(new Uint8Array(32).fill(1), random);
const other = createKeySealer(new Uint8Array(32).fill(2), random);

describe('the key sealer', () => {
  it('opens what it sealed, for the same context only', () => {
    const secret = Buffer.from('a private key');
    const sealed = sealer.seal(secret, 'key:a');
    assert.deepEqual(Buffer.from(sealer.open(sealed, 'key:a')), secret);
    assert.throws(() => sealer.open(sealed, 'key:b'), /does not open/);
    assert.throws(() => other.open(sealed, 'key:a'), /does not open/);
  });

  it('derives 32 bytes that depend on the master key and the purpose alone', () => {
    const [a, again, b] = [sealer.derive('a'), sealer.derive('a'), sealer.derive('b')];
    assert.equal(a.length, 32);
    assert.deepEqual(a, again);
    assert.notDeepEqual(a, b);
    assert.notDeepEqual(a, other.derive('a'));
  });
});
