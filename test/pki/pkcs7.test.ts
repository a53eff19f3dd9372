import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerReader } from '../../src/pki/der-reader.ts';
import { decodePem, encodePem } from '../../src/pki/pem.ts';
import { certsOnlyPkcs7, certsOnlyPkcs7Pem } from '../../src/pki/pkcs7.ts';
import { createAuthority, issueLeaf, withOpenSsl } from './support.ts';

const authority = await createAuthority();
const chain = [await issueLeaf(authority), authority.intermediate, authority.root];

test('OpenSSL reads every certificate of a PKCS #7 file, in the order given.', () => {
  const expected = chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  withOpenSsl(({ write, run }) => {
    write('chain.p7b', certsOnlyPkcs7(chain));
    write('chain.pem', certsOnlyPkcs7Pem(chain));
    for (const args of [
      ['-inform', 'DER', '-in', 'chain.p7b'],
      ['-in', 'chain.pem'],
    ]) {
      const printed = run('pkcs7', '-print_certs', ...args);
      const blocks = printed.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
      assert.equal(blocks.join(''), expected);
    }
    assert.match(
      run('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'chain.p7b'),
      /signerInfos:\s*<ABSENT>|signerInfos:\s*<EMPTY>/,
    );
  });
});

test('It is a SignedData of version 1 without content and without signers (RFC 5652 §5.2).', () => {
  const reader = new DerReader(certsOnlyPkcs7(chain.slice(0, 1)), 'the file');
  const contentInfo = reader.sequence();
  reader.finish();
  assert.equal(contentInfo.oid(), '1.2.840.113549.1.7.2');
  const signedData = contentInfo.enter(0xa0).sequence();
  assert.equal(signedData.smallUnsigned(), 1);
  assert.equal(signedData.set().isAtEnd, true); // digestAlgorithms
  const encapsulated = signedData.sequence();
  assert.equal(encapsulated.oid(), '1.2.840.113549.1.7.1');
  encapsulated.finish();
  assert.deepEqual(signedData.enter(0xa0).raw(), chain[0]);
  assert.equal(signedData.set().isAtEnd, true); // signerInfos
  signedData.finish();
});

test('The text is armoured as PKCS7 (RFC 7468 §8).', () => {
  const pem = certsOnlyPkcs7Pem(chain);
  assert.equal(pem.startsWith('-----BEGIN PKCS7-----\nMII'), true);
  assert.deepEqual(decodePem(pem, { what: 'the file', labels: ['PKCS7'] }), certsOnlyPkcs7(chain));
});
