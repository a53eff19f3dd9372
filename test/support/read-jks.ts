/** Reads a Java keystore as Java does: a second writing of the format, which knows nothing of ours. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

export interface JksEntry {
  readonly alias: string;
  readonly madeAt: Date;
  readonly key: Buffer;
  readonly chain: readonly Buffer[];
}

/** As sun.security.provider.JavaKeyStore. @throws {AssertionError} where it is damaged, or the password is another */
export function readJks(file: Buffer, password: string): JksEntry {
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
  assert.equal(at, headSize(encrypted));
  const octets = encrypted.subarray(at + algorithm.length / 2);
  assert.equal(octets[0], 0x04);
  const data = octets.subarray(headSize(octets));
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

/** Tag and length of a DER value. */
function headSize(der: Buffer): number {
  const [, length = 0] = der;
  return length < 0x80 ? 2 : 2 + (length & 0x7f);
}
