import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJks } from '../../src/pki/jks.ts';
import { generateKey } from '../../src/pki/key.ts';
import type { KeystoreEntry } from '../../src/pki/keystore.ts';
import { readJks } from '../support/read-jks.ts';
import { createFakeRandomness } from '../support/system.ts';
import { createAuthority, issueLeaf, p256, withOpenSsl } from './support.ts';

const authority = await createAuthority();
const leaf = await issueLeaf(authority);
const now = new Date('2026-11-21T08:30:00.123Z');

async function storeOf(name: string, password = 'changeit') {
  const { privateKeyPkcs8 } = await generateKey(p256);
  const entry: KeystoreEntry = { name, privateKeyPkcs8, chain: [leaf, authority.intermediate] };
  return { entry, file: createJks(entry, { password, random: createFakeRandomness(), now }) };
}

test('A reader of Java keystores finds the alias, the date, the key and the chain.', async () => {
  const { entry, file } = await storeOf('www.example.com');
  const { alias, madeAt, key, chain } = readJks(file, 'changeit');
  assert.equal(alias, 'www.example.com');
  assert.deepEqual(madeAt, now);
  assert.deepEqual(key, Buffer.from(entry.privateKeyPkcs8));
  assert.deepEqual(chain, entry.chain);
});

test('The key has the shape of an EncryptedPrivateKeyInfo.', async () => {
  const { file } = await storeOf('a');
  const keyAt = 4 + 4 + 4 + 4 + (2 + 1) + 8;
  const size = file.readUInt32BE(keyAt);
  const shape = withOpenSsl(({ write, run }) => {
    write('key.der', file.subarray(keyAt + 4, keyAt + 4 + size));
    return run('asn1parse', '-inform', 'DER', '-in', 'key.der');
  });
  const types = [...shape.matchAll(/(?:prim|cons): (\S+)/g)].map(([, type]) => type);
  assert.deepEqual(types, ['SEQUENCE', 'SEQUENCE', 'OBJECT', 'NULL', 'OCTET']);
});

test('Another password opens neither the store nor the key.', async () => {
  const { file } = await storeOf('site');
  assert.throws(() => readJks(file, 'changeIt'), /tampered with/);
});

test('The key does not stand in the file in the clear.', async () => {
  const { entry, file } = await storeOf('site');
  assert.equal(file.includes(entry.privateKeyPkcs8.subarray(-20)), false);
});

const aliases: readonly [name: string, bytes: string, why: string][] = [
  ['*.Example.COM', Buffer.from('*.example.com').toString('hex'), 'Java looks aliases up in lower case'],
  ['例子', 'e4be8be5ad90', 'three octets a character'],
  ['ä', 'c3a4', 'two octets'],
  ['🔑', 'eda0bdedb491', 'each half of a pair by itself, as DataOutput.writeUTF has it'],
  ['a\0', '61c080', 'NUL in two octets'],
];

for (const [name, bytes, why] of aliases) {
  test(`The alias of ${JSON.stringify(name)} is ${bytes}: ${why}.`, async () => {
    const { file } = await storeOf(name);
    const length = file.readUInt16BE(16);
    assert.equal(file.toString('hex', 18, 18 + length), bytes);
  });
}
