import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createJks } from '../../src/pki/jks.ts';
import { generateKey } from '../../src/pki/key.ts';
import type { KeystoreEntry } from '../../src/pki/keystore.ts';
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

interface JksEntry {
  readonly alias: string;
  readonly madeAt: Date;
  readonly key: Buffer;
  readonly chain: readonly Buffer[];
}

/** Reads a store as sun.security.provider.JavaKeyStore does; knows nothing of what wrote it. */
function readJks(file: Buffer, password: string): JksEntry {
  const secret = Buffer.concat([...password].map((character) => Buffer.of(0, character.charCodeAt(0))));
  const body = file.subarray(0, -20);
  const digest = createHash('sha1').update(secret).update('Mighty Aphrodite').update(body).digest();
  assert.deepEqual(file.subarray(-20), digest, 'keystore was tampered with, or password was incorrect');
  let offset = 0;
  const take = (size: number) => {
    offset += size;
    assert.ok(offset <= body.length, 'the store is cut off');
    return body.subarray(offset - size, offset);
  };
  const number = () => take(4).readUInt32BE();
  const text = () => take(take(2).readUInt16BE());
  assert.equal(number(), 0xfeedfeed);
  assert.equal(number(), 2);
  assert.equal(number(), 1, 'one entry');
  assert.equal(number(), 1, 'of a private key');
  const alias = text().toString('utf8');
  const madeAt = new Date(Number(take(8).readBigInt64BE()));
  const key = recoverKey(take(number()), secret);
  const chain = Array.from({ length: number() }, () => {
    assert.equal(text().toString(), 'X.509');
    return take(number());
  });
  assert.equal(offset, body.length);
  return { alias, madeAt, key, chain };
}

/** As sun.security.provider.KeyProtector. The bytes around the protected key are compared, not parsed. */
function recoverKey(encrypted: Buffer, secret: Buffer): Buffer {
  const algorithm = '300e060a2b060104012a021101010500'; // SEQUENCE { 1.3.6.1.4.1.42.2.17.1.1, NULL }
  const at = encrypted.indexOf(Buffer.from(algorithm, 'hex'));
  assert.equal(at, encrypted[1] === 0x81 ? 3 : 2);
  const octets = encrypted.subarray(at + algorithm.length / 2);
  assert.equal(octets[0], 0x04);
  const data = octets.subarray(octets[1] === 0x81 ? 3 : 2);
  const [salt, hidden, check] = [data.subarray(0, 20), data.subarray(20, -20), data.subarray(-20)];
  let stream = Buffer.alloc(0);
  let last: Buffer = salt;
  while (stream.length < hidden.length) {
    last = createHash('sha1').update(secret).update(last).digest();
    stream = Buffer.concat([stream, last]);
  }
  const key = hidden.map((byte, index) => byte ^ (stream[index] ?? 0)) as Buffer;
  assert.deepEqual(createHash('sha1').update(secret).update(key).digest(), check, 'cannot recover key');
  return Buffer.from(key);
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
