/** Private keys of CAs in every form in which they come, made by OpenSSL. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { fileText } from '../../src/pki/file-text.ts';
import { generateKey } from '../../src/pki/key.ts';
import { createPkcs12 } from '../../src/pki/pkcs12.ts';
import { readPrivateKeyFile } from '../../src/pki/private-key-reader.ts';
import { refused } from '../support/refused.ts';
import { createFakeRandomness } from '../support/system.ts';
import { createAuthority, type OpenSsl, withOpenSsl } from './support.ts';

const pem = async (pkcs8: Uint8Array) =>
  createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
const p384 = await generateKey({ type: 'ec', curve: 'P-384' });
const rsa = await generateKey({ type: 'rsa', bits: 2048 });
const password = 'pa ss wörd';
const pass = ['-passout', `pass:${password}`];

/** Each writes `out` from `key.pem`, which is the key. */
const forms: readonly (readonly [
  title: string,
  key: 'ec' | 'rsa',
  args: readonly string[],
  password: string | null,
])[] = [
  ['PKCS#8, PEM', 'ec', ['pkcs8', '-topk8', '-nocrypt'], null],
  ['PKCS#8, DER', 'rsa', ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'], null],
  ['SEC 1, PEM', 'ec', ['ec'], null],
  ['SEC 1, DER', 'ec', ['ec', '-outform', 'DER'], null],
  ['PKCS#1, PEM', 'rsa', ['rsa', '-traditional'], null],
  ['PKCS#1, DER', 'rsa', ['rsa', '-traditional', '-outform', 'DER'], null],
  ['PBES2, PBKDF2 and AES-256', 'ec', ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', ...pass], password],
  [
    'PBES2, PBKDF2 of SHA-512 and AES-128, DER',
    'rsa',
    ['pkcs8', '-topk8', '-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512', '-outform', 'DER', ...pass],
    password,
  ],
  [
    'PBES2, PBKDF2 of SHA-1 and 3DES',
    'ec',
    ['pkcs8', '-topk8', '-v2', 'des3', '-v2prf', 'hmacWithSHA1', ...pass],
    password,
  ],
  ['PBES2, scrypt', 'rsa', ['pkcs8', '-topk8', '-scrypt', ...pass], password],
  ['the older form, 3DES', 'ec', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', '-passout', 'pass:plain'], 'plain'],
  ['PEM with headers, AES', 'rsa', ['rsa', '-traditional', '-aes256', ...pass], password],
];

for (const [title, kind, args, secret] of forms) {
  test(`A key is read from ${title}.`, async () => {
    const key = kind === 'ec' ? p384 : rsa;
    const keyPem = await pem(key.privateKeyPkcs8);
    const text = withOpenSsl((openssl: OpenSsl) => {
      openssl.write('key.pem', Buffer.from(keyPem));
      openssl.run(...args, '-in', 'key.pem', '-out', 'out');
      return fileText(openssl.read('out'));
    });
    const read = await readPrivateKeyFile(text, secret);
    assert.deepEqual(read.pkcs8, key.privateKeyPkcs8);
    if (secret === null) return;
    await assert.rejects(readPrivateKeyFile(text, null), refused('caKeyPasswordMissing'));
    await assert.rejects(readPrivateKeyFile(text, 'another'), refused('caKeyPasswordWrong'));
  });
}

const authority = await createAuthority();
const chain = [authority.intermediate, authority.root] as const;

for (const form of ['aes', '3des'] as const) {
  test(`A key and its certificates are read from PKCS#12 of certmux (${form}).`, async () => {
    const entry = { name: 'CA', privateKeyPkcs8: rsa.privateKeyPkcs8, chain };
    const file = createPkcs12(entry, { password: 'secret', random: createFakeRandomness(), form });
    const text = fileText(file);
    const read = await readPrivateKeyFile(text, 'secret');
    assert.deepEqual(read.pkcs8, rsa.privateKeyPkcs8);
    assert.deepEqual(read.certificates, chain.map(Buffer.from));
    await assert.rejects(readPrivateKeyFile(text, null), refused('caKeyPasswordMissing'));
    await assert.rejects(readPrivateKeyFile(text, 'wrong'), refused('caKeyPasswordWrong'));
  });
}

const bundles: readonly (readonly [title: string, args: readonly string[], password: string])[] = [
  ['as OpenSSL makes it', [], 'secret'],
  ['with a MAC of SHA-512', ['-macalg', 'sha512'], 'secret'],
  ['without a MAC', ['-nomac'], 'secret'],
  ['with nothing encrypted', ['-keypbe', 'NONE', '-certpbe', 'NONE'], 'secret'],
  ['under the empty password', [], ''],
];

for (const [title, args, secret] of bundles) {
  test(`A key and its certificate are read from PKCS#12 ${title}.`, async () => {
    const keyPem = await pem(p384.privateKeyPkcs8);
    const text = withOpenSsl((openssl) => {
      openssl.write('key.pem', Buffer.from(keyPem));
      openssl.run('req', '-new', '-x509', '-key', 'key.pem', '-subj', '/CN=Old CA', '-out', 'ca.pem');
      const io = ['-inkey', 'key.pem', '-in', 'ca.pem', '-out', 'ca.p12', '-passout', `pass:${secret}`];
      openssl.run('pkcs12', '-export', ...io, ...args);
      return fileText(openssl.read('ca.p12'));
    });
    const read = await readPrivateKeyFile(text, secret === '' ? null : secret);
    assert.deepEqual([read.pkcs8, read.certificates.length, read.unread], [p384.privateKeyPkcs8, 1, []]);
  });
}

test('What is no key, or several, or half of one is refused by name.', async () => {
  const one = await pem(p384.privateKeyPkcs8);
  await assert.rejects(readPrivateKeyFile(`${one}${one}`, null), refused('caKeysSeveral'));
  const certificate = fileText(authority.root);
  for (const text of [
    certificate,
    '',
    'hello',
    'AAAA',
    one.toString().slice(0, 80),
    '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----',
  ]) {
    await assert.rejects(readPrivateKeyFile(text, null), refused('caKeyUnreadable'), text);
  }
  const file = createPkcs12(
    { name: 'CA', privateKeyPkcs8: rsa.privateKeyPkcs8, chain },
    { password: 'secret', random: createFakeRandomness() },
  );
  await assert.rejects(
    readPrivateKeyFile(file.subarray(0, 900).toString('base64'), 'secret'),
    refused('caKeyUnreadable'),
  );
});

test('A file that would cost too much to open is refused before any work.', async () => {
  const keyPem = await pem(p384.privateKeyPkcs8);
  const der = withOpenSsl((openssl) => {
    openssl.write('key.pem', Buffer.from(keyPem));
    openssl.run(
      'pkcs8',
      '-topk8',
      '-v2',
      'aes-256-cbc',
      '-iter',
      '1000000',
      '-outform',
      'DER',
      '-passout',
      'pass:x',
      '-in',
      'key.pem',
      '-out',
      'out',
    );
    return openssl.read('out');
  });
  // The number of rounds, as it stands in the file, and one in its place that nobody writes.
  const at = der.indexOf(Buffer.from('02030f4240', 'hex'));
  assert.ok(at > 0);
  der.write('02037fffff', at, 'hex');
  await assert.rejects(readPrivateKeyFile(der.toString('base64'), 'x'), refused('caKeyEncryption'));
});
