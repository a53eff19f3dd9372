import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crlTbs } from '../../src/pki/crl.ts';
import { fileText } from '../../src/pki/file-text.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { createAuthority, notAfter, notBefore, withOpenSsl } from './support.ts';

const { profile, signer, intermediate } = await createAuthority();
const { issuerName, issuerKeyId } = profile;
const dates = { thisUpdate: notBefore, nextUpdate: notAfter };
const names = { issuerName, issuerKeyId, signatureAlgorithm: signer.algorithm };
const list = await signAndAssemble(crlTbs({ ...names, ...dates, number: 1, entries: [] }), signer);

test('A list in DER is known for one, and not taken for a certificate of version 1.', () => {
  assert.equal(fileText(list), encodePem('X509 CRL', list));
  assert.equal(fileText(intermediate), encodePem('CERTIFICATE', intermediate));
});

test('Certificates and lists of version 1, as OpenSSL makes them, are told apart.', () => {
  const { certificate, crl } = withOpenSsl(({ write, run, read }) => {
    run('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'a.key', '-subj', '/CN=a', '-out', 'a.csr');
    run('x509', '-req', '-in', 'a.csr', '-signkey', 'a.key', '-out', 'b.pem');
    run('x509', '-in', 'b.pem', '-outform', 'DER', '-out', 'a.der');
    write('index.txt', Buffer.alloc(0));
    write('ca.cnf', Buffer.from('[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\n'));
    run('ca', '-gencrl', '-config', 'ca.cnf', '-cert', 'b.pem', '-keyfile', 'a.key', '-crldays', '9', '-out', 'c.pem');
    run('crl', '-in', 'c.pem', '-outform', 'DER', '-out', 'c.der');
    return { certificate: read('a.der'), crl: read('c.der') };
  });
  assert.equal(fileText(certificate), encodePem('CERTIFICATE', certificate));
  assert.equal(fileText(crl), encodePem('X509 CRL', crl));
});
