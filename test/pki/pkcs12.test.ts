import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { generateKey } from '../../src/pki/key.ts';
import { createLeafTemplate } from '../../src/pki/leaf-template.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { createPkcs12 } from '../../src/pki/pkcs12.ts';
import { type KeyAlgorithm, keyAlgorithmName } from '../../src/pki/public-key.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { createFakeRandomness } from '../support/system.ts';
import { createAuthority, names, notAfter, notBefore, type OpenSsl, p256, serial, withOpenSsl } from './support.ts';

const authority = await createAuthority();

async function entryFor(algorithm: KeyAlgorithm, name = 'www.example.com') {
  const { privateKeyPkcs8, spkiDer } = await generateKey(algorithm);
  const input = { serial: serial(7), notBefore, notAfter, spkiDer, names: names('www.example.com') };
  const leaf = await signAndAssemble(createLeafTemplate(authority.profile).tbs(input), authority.signer);
  return { name, privateKeyPkcs8, chain: [leaf, authority.intermediate, authority.root] as const };
}

const pemBlocks = (text: string, label: string) =>
  text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\n`, 'g')) ?? [];

/** Everything in the file, as OpenSSL sees it. */
function open({ run }: OpenSsl, password: string): string {
  return run('pkcs12', '-in', 'site.p12', '-nodes', '-passin', `pass:${password}`);
}

const kinds: readonly KeyAlgorithm[] = [p256, { type: 'ec', curve: 'P-384' }, { type: 'rsa', bits: 2048 }];

for (const algorithm of kinds) {
  test(`OpenSSL finds the ${keyAlgorithmName(algorithm)} key and its chain in a PKCS #12 file.`, async () => {
    const entry = await entryFor(algorithm);
    withOpenSsl((openssl) => {
      openssl.write('site.p12', createPkcs12(entry, { password: 'correct horse', random: createFakeRandomness() }));
      const text = open(openssl, 'correct horse');
      const expected = entry.chain.map((der) => encodePem('CERTIFICATE', der));
      assert.deepEqual(pemBlocks(text, 'CERTIFICATE'), expected);
      assert.deepEqual(pemBlocks(text, 'PRIVATE KEY'), [encodePem('PRIVATE KEY', entry.privateKeyPkcs8)]);
    });
  });
}

test('The key and its certificate carry the name and the SHA-1 of the certificate; the issuers carry nothing.', async () => {
  const entry = await entryFor(p256, 'Shop (*.example.com)');
  const keyId = createHash('sha1')
    .update(entry.chain[0])
    .digest('hex')
    .toUpperCase()
    .replace(/..(?=.)/g, '$& ');
  withOpenSsl((openssl) => {
    openssl.write('site.p12', createPkcs12(entry, { password: 'pw', random: createFakeRandomness() }));
    const attributes = open(openssl, 'pw').split('-----BEGIN ');
    const counts = attributes.map((part) => [
      part.includes(`localKeyID: ${keyId}`),
      part.includes('friendlyName: Shop (*.example.com)'),
    ]);
    assert.deepEqual(
      counts.filter(([id, name]) => id || name),
      [
        [true, true], // leaf
        [true, true], // key
      ],
    );
    assert.equal(
      openssl.run('pkcs12', '-in', 'site.p12', '-nokeys', '-clcerts', '-passin', 'pass:pw').match(/BEGIN/g)?.length,
      1,
    );
  });
});

test('Nothing opens with another password, and a changed byte is noticed.', async () => {
  const file = createPkcs12(await entryFor(p256), { password: 'right', random: createFakeRandomness() });
  withOpenSsl((openssl) => {
    openssl.write('site.p12', file);
    assert.throws(() => open(openssl, 'wrong'), /Mac verify error: invalid password/);
    assert.throws(() => open(openssl, ''), /Mac verify error: invalid password/);
    const changed = Buffer.from(file);
    changed[300] = (changed[300] ?? 0) ^ 1;
    openssl.write('site.p12', changed);
    assert.throws(() => open(openssl, 'right'), /Mac verify error: invalid password/);
  });
});

test('Ciphers and rounds are those of OpenSSL 3: PBES2, PBKDF2-HMAC-SHA-256, AES-256-CBC, 2048.', async () => {
  const file = createPkcs12(await entryFor(p256), { password: 'pw', random: createFakeRandomness() });
  const info = withOpenSsl((openssl) => {
    openssl.write('site.p12', file);
    return openssl.runAll('pkcs12', '-in', 'site.p12', '-info', '-noout', '-passin', 'pass:pw');
  });
  assert.equal(
    info,
    [
      'MAC: sha256, Iteration 2048',
      'MAC length: 32, salt length: 16',
      'PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256',
      'Certificate bag',
      'Certificate bag',
      'Certificate bag',
      'PKCS7 Data',
      'Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256',
      '',
    ].join('\n'),
  );
});

test('The old form is 3DES under SHA-1 alone, and OpenSSL finds the same in it.', async () => {
  const entry = await entryFor(p256);
  for (const password of ['', 'correct horse', '密码🔑'.repeat(20)]) {
    withOpenSsl((openssl) => {
      openssl.write('site.p12', createPkcs12(entry, { password, random: createFakeRandomness(), form: '3des' }));
      const text = open(openssl, password);
      const expected = entry.chain.map((der) => encodePem('CERTIFICATE', der));
      assert.deepEqual(pemBlocks(text, 'CERTIFICATE'), expected);
      assert.deepEqual(pemBlocks(text, 'PRIVATE KEY'), [encodePem('PRIVATE KEY', entry.privateKeyPkcs8)]);
      assert.throws(() => open(openssl, 'wrong'), /Mac verify error: invalid password/);
      const info = openssl.runAll('pkcs12', '-in', 'site.p12', '-info', '-noout', '-passin', `pass:${password}`);
      assert.match(info, /^MAC: sha1, Iteration 2048$/m);
      const encryption = 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048';
      assert.deepEqual(info.match(/^(?:PKCS7 Encrypted data|Shrouded Keybag): .*$/gm), [
        `PKCS7 Encrypted data: ${encryption}`,
        `Shrouded Keybag: ${encryption}`,
      ]);
    });
  }
});

test('Passwords of any script work, whatever their length.', async () => {
  const entry = await entryFor(p256);
  for (const password of ['', 'x', '密码🔑'.repeat(20)]) {
    withOpenSsl((openssl) => {
      openssl.write('site.p12', createPkcs12(entry, { password, random: createFakeRandomness() }));
      const [key = ''] = pemBlocks(open(openssl, password), 'PRIVATE KEY');
      const [opened, made] = [
        createPublicKey(key),
        createPublicKey(createPrivateKey({ key: Buffer.from(entry.privateKeyPkcs8), format: 'der', type: 'pkcs8' })),
      ];
      assert.equal(opened.equals(made), true);
    });
  }
});

test('Neither key nor names show in the file, and two files of one entry share no ciphertext.', async () => {
  const entry = await entryFor(p256);
  const random = createFakeRandomness();
  const [one, other] = [
    createPkcs12(entry, { password: 'pw', random }),
    createPkcs12(entry, { password: 'pw', random }),
  ];
  assert.equal(one.includes(entry.privateKeyPkcs8.subarray(-32)), false);
  assert.equal(one.includes('example.com'), false);
  assert.notDeepEqual(one.subarray(-200), other.subarray(-200));
});
