import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { type CrlInput, crlReasons, crlTbs } from '../../src/pki/crl.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { keyAlgorithmName } from '../../src/pki/public-key.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { createAuthority, issueLeaf, keyAlgorithms, notAfter, notBefore, serial, withOpenSsl } from './support.ts';

const authority = await createAuthority();
const input: CrlInput = {
  issuerName: authority.profile.issuerName,
  issuerKeyId: authority.profile.issuerKeyId,
  signatureAlgorithm: authority.signer.algorithm,
  number: 4711,
  thisUpdate: notBefore,
  nextUpdate: notAfter,
  entries: [],
};
const sign = (change: Partial<CrlInput>) => signAndAssemble(crlTbs({ ...input, ...change }), authority.signer);

/** OpenSSL's text form of a CRL whose signature it has checked. */
function opensslText(der: Uint8Array, issuer: Uint8Array = authority.intermediate): string {
  const text = withOpenSsl(({ write, runAll }) => {
    write('a.crl', der);
    write('issuer.pem', encodePem('CERTIFICATE', issuer));
    return runAll('crl', '-inform', 'der', '-in', 'a.crl', '-noout', '-text', '-CAfile', 'issuer.pem');
  });
  assert.match(text, /^verify OK$/m);
  return text;
}

test('A CRL without entries has no empty list in it.', async () => {
  const der = await sign({});
  const text = opensslText(der);
  assert.match(text, /Version 2/);
  assert.match(text, /No Revoked Certificates/);
  assert.match(text, /X509v3 CRL Number: \n\s+4711/);
  const crl = parseCrl(der);
  assert.deepEqual(crl.entries, []);
  assert.equal(crl.numberHex, '1267');
  assert.equal(
    crl.authorityKeyId,
    authority.profile.issuerKeyId && Buffer.from(authority.profile.issuerKeyId).toString('hex'),
  );
  assert.equal(crl.nextUpdate?.getTime(), notAfter.getTime());
});

test('Every reason is written as OpenSSL reads it, and unspecified is left out (RFC 5280 §5.3.1).', async () => {
  const reasons = Object.keys(crlReasons).filter((name): name is keyof typeof crlReasons => name in crlReasons);
  const entries = reasons.map((reason, i) => ({
    serial: serial(i + 1),
    revokedAt: new Date(notBefore.getTime() + i),
    reason,
  }));
  const der = await sign({ entries });
  const text = opensslText(der);
  const spoken = [...text.matchAll(/X509v3 CRL Reason Code: \n\s+(.+)/g)].map(([, reason]) => reason);
  assert.deepEqual(spoken, [
    'Key Compromise',
    'CA Compromise',
    'Affiliation Changed',
    'Superseded',
    'Cessation Of Operation',
    'Certificate Hold',
    'Remove From CRL',
    'Privilege Withdrawn',
    'AA Compromise',
  ]);
  assert.deepEqual(
    parseCrl(der).entries.map(({ reason }) => reason),
    reasons,
  );
});

const serials: readonly [serial: string, opensslText: string][] = [
  ['01', '01'],
  ['7f', '7F'],
  ['80', '80'], // needs a sign octet
  ['00', '00'],
  ['ff'.repeat(20), 'FF'.repeat(20)],
];

for (const [hex, shown] of serials) {
  test(`The serial ${hex} is on the list as ${shown}.`, async () => {
    const der = await sign({
      entries: [{ serial: Buffer.from(hex, 'hex'), revokedAt: notBefore, reason: 'superseded' }],
    });
    assert.match(opensslText(der), new RegExp(`Serial Number: ${shown}\n`));
    assert.equal(parseCrl(der).entries[0]?.serialHex, hex);
  });
}

for (const wrong of ['', '0001', 'ff'.repeat(21)]) {
  test(`The serial "${wrong}" is not written.`, () => {
    const entries = [{ serial: Buffer.from(wrong, 'hex'), revokedAt: notBefore, reason: 'superseded' } as const];
    assert.throws(() => crlTbs({ ...input, entries }), /must have 1 to 20 bytes/);
  });
}

test('A shard says which certificates it is for, critically (RFC 5280 §5.2.5).', async () => {
  const shardUrl = 'http://pki.example.com/1.crl';
  const der = await sign({ shardUrl });
  assert.match(
    opensslText(der),
    /Issuing Distribution Point: critical\s+Full Name:\s+URI:http:\/\/pki\.example\.com\/1\.crl\s+Only User Certificates/,
  );
  assert.deepEqual(parseCrl(der).shardUrls, [shardUrl]);
});

test('openssl verify -crl_check refuses the revoked leaf and accepts it before.', async () => {
  const leaf = await issueLeaf(authority);
  const check = (crl: Uint8Array) =>
    withOpenSsl(({ write, run }) => {
      write('leaf.pem', encodePem('CERTIFICATE', leaf));
      write('chain.pem', encodePem('CERTIFICATE', authority.intermediate));
      write('root.pem', encodePem('CERTIFICATE', authority.root));
      write('crl.pem', encodePem('X509 CRL', crl));
      const at = String(notBefore.getTime() / 1000 + 60);
      return run(
        'verify',
        '-x509_strict',
        '-crl_check',
        '-attime',
        at,
        '-CRLfile',
        'crl.pem',
        '-CAfile',
        'root.pem',
        '-untrusted',
        'chain.pem',
        'leaf.pem',
      );
    });
  const shardUrl = 'http://pki.example.com/1.crl';
  assert.equal(check(await sign({})), 'leaf.pem: OK\n');
  assert.equal(check(await sign({ shardUrl })), 'leaf.pem: OK\n');
  const entries = [{ serial: parseCertificate(leaf).serial, revokedAt: notBefore, reason: 'keyCompromise' } as const];
  for (const crl of [await sign({ entries }), await sign({ entries, shardUrl })]) {
    assert.throws(() => check(crl), /certificate revoked/);
  }
});

for (const algorithm of keyAlgorithms) {
  test(`A CRL signed with ${keyAlgorithmName(algorithm)} verifies in OpenSSL.`, async () => {
    const own = await createAuthority(algorithm);
    const { issuerName, issuerKeyId, signatureAlgorithm } = own.profile;
    const der = await signAndAssemble(crlTbs({ ...input, issuerName, issuerKeyId, signatureAlgorithm }), own.signer);
    assert.match(opensslText(der, own.intermediate), /certmux test issuer/);
  });
}

test('20,000 entries are written, read back and counted by OpenSSL.', async () => {
  const entries = Array.from({ length: 20_000 }, (_, i) => {
    const bytes = Buffer.alloc(16, 0x5a);
    bytes.writeUInt32BE(i, 12);
    return { serial: bytes, revokedAt: new Date(notBefore.getTime() + i * 1000), reason: 'superseded' } as const;
  });
  const der = await sign({ entries });
  assert.equal(opensslText(der).match(/Serial Number:/g)?.length, 20_000);
  const read = parseCrl(der).entries;
  assert.equal(read.length, 20_000);
  assert.equal(read[19_999]?.serialHex, `${'5a'.repeat(12)}00004e1f`);
  assert.equal(read[19_999]?.revokedAt.getTime(), notBefore.getTime() + 19_999_000);
});
