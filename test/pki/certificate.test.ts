import 'reflect-metadata';
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { X509Certificate as PeculiarCertificate } from '@peculiar/x509';
import fc from 'fast-check';
import {
  type Certificate,
  colonHex,
  parseCertificate,
  parseCertificateBundle,
  parseCertificatePem,
  thumbprint,
} from '../../src/pki/certificate.ts';
import { DerReader } from '../../src/pki/der-reader.ts';
import { generateKey } from '../../src/pki/key.ts';
import { createLeafTemplate, type LeafInput, type LeafProfile, serialFrom } from '../../src/pki/leaf-template.ts';
import { formatName, type NameFields } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { keyAlgorithmName } from '../../src/pki/public-key.ts';
import { assembleSigned, signAndAssemble } from '../../src/pki/signature.ts';
import {
  certError,
  createAuthority,
  issueLeaf,
  keyAlgorithms,
  names,
  notAfter,
  notBefore,
  serial,
  withOpenSsl,
} from './support.ts';

const authority = await createAuthority();
const { spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
const input: LeafInput = { serial: serial(7), notBefore, notAfter, spkiDer, names: names('example.com') };

/** A leaf of the test authority with this profile and input, signed. */
async function leaf(profile: Partial<LeafProfile>, change: Partial<LeafInput> = {}): Promise<Certificate> {
  const template = createLeafTemplate({ ...authority.profile, ...profile });
  return parseCertificate(await signAndAssemble(template.tbs({ ...input, ...change }), authority.signer));
}

/** What OpenSSL says of a certificate, its text form without the blanks at line ends. */
function opensslText(der: Uint8Array): string {
  return withOpenSsl(({ write, run }) => {
    write('a.der', der);
    return run(
      'x509',
      '-inform',
      'der',
      '-in',
      'a.der',
      '-noout',
      '-text',
      '-nameopt',
      'utf8,sep_comma_plus_space,lname',
    );
  }).replace(/ +$/gm, '');
}

for (const algorithm of keyAlgorithms) {
  test(`A chain of three with keys of type ${keyAlgorithmName(algorithm)} passes openssl verify -x509_strict.`, async () => {
    const own = await createAuthority(algorithm);
    const der = await issueLeaf(own, algorithm);
    const verdict = withOpenSsl(({ write, run }) => {
      write('root.pem', encodePem('CERTIFICATE', own.root));
      write('intermediate.pem', encodePem('CERTIFICATE', own.intermediate));
      write('leaf.pem', encodePem('CERTIFICATE', der));
      const at = String(notBefore.getTime() / 1000 + 86_400);
      const args = [
        '-x509_strict',
        '-policy_check',
        '-purpose',
        'sslserver',
        '-verify_hostname',
        'a.example.com',
        '-attime',
        at,
      ];
      return run('verify', ...args, '-CAfile', 'root.pem', '-untrusted', 'intermediate.pem', 'leaf.pem');
    });
    assert.equal(verdict, 'leaf.pem: OK\n');
  });
}

test('A DV leaf says to Node and to @peculiar/x509 what it says to us.', async () => {
  const der = await issueLeaf(authority);
  const ours = parseCertificate(der);
  const node = new X509Certificate(der);
  const issuer = new X509Certificate(authority.intermediate);
  assert.equal(node.checkIssued(issuer) && node.verify(issuer.publicKey), true);
  assert.equal(node.serialNumber.toLowerCase(), ours.serialHex);
  assert.equal(node.subject, 'CN=example.com');
  assert.equal(node.subjectAltName, 'DNS:example.com, DNS:*.example.com, IP Address:192.0.2.7');
  assert.equal(node.checkIP('192.0.2.7'), '192.0.2.7');
  assert.equal(node.validFromDate.getTime(), ours.notBefore.getTime());
  assert.equal(node.validToDate.getTime(), ours.notAfter.getTime());
  assert.deepEqual(node.keyUsage, ['1.3.6.1.5.5.7.3.1']); // Node means the extended one
  assert.equal(node.fingerprint256, colonHex(thumbprint(der, 'sha256')));
  assert.equal(node.fingerprint, colonHex(thumbprint(der, 'sha1')));
  const peculiar = new PeculiarCertificate(new Uint8Array(der));
  assert.equal(peculiar.issuer, 'C=CN, O=certmux, CN=certmux test issuer');
  assert.deepEqual(
    Array.from(peculiar.extensions, ({ type, critical }) => [type, critical]),
    ours.extensions.map(({ oid, isCritical }) => [oid, isCritical]),
  );
  assert.deepEqual([...ours.names], ['example.com', '*.example.com', '192.0.2.7']);
});

test('A DV leaf has exactly the extensions of its profile (BR §7.1.2.7.6).', async () => {
  const certificate = await leaf({ ocspUrl: 'http://ocsp.example.com/' });
  assert.deepEqual(
    certificate.extensions.map(({ oid, isCritical }) => [oid, isCritical]),
    [
      [oids.basicConstraints, true],
      [oids.keyUsage, true],
      [oids.extendedKeyUsage, false],
      [oids.authorityKeyIdentifier, false],
      [oids.subjectKeyIdentifier, false],
      [oids.subjectAltName, false],
      [oids.authorityInfoAccess, false],
      [oids.crlDistributionPoints, false],
      [oids.certificatePolicies, false],
    ],
  );
  assert.equal(certificate.version, 3);
  assert.equal(certificate.isCa, false);
  assert.deepEqual(certificate.keyUsages, ['digitalSignature']);
  assert.deepEqual(certificate.purposes, [oids.serverAuth]);
  assert.deepEqual(certificate.policies, [oids.domainValidated]);
  assert.deepEqual(certificate.crlUrls, ['http://pki.example.com/1.crl']);
  assert.deepEqual(certificate.ocspUrls, ['http://ocsp.example.com/']);
  assert.deepEqual(certificate.caIssuersUrls, ['http://pki.example.com/issuer.der']);
  assert.equal(certificate.authorityKeyId, parseCertificate(authority.intermediate).subjectKeyId);
});

test('A profile without URLs and policies leaves those extensions out.', async () => {
  const { issuerName, issuerKeyId, signatureAlgorithm } = authority.profile;
  const bare: LeafProfile = { issuerName, issuerKeyId, signatureAlgorithm, validationLevel: 'dv', policies: [] };
  const tbs = createLeafTemplate(bare).tbs(input);
  const certificate = parseCertificate(await signAndAssemble(tbs, authority.signer));
  assert.equal(certificate.extensions.length, 6);
});

test('An RSA leaf may encipher keys, other leaves only sign.', async () => {
  const rsa = await generateKey({ type: 'rsa', bits: 2048 });
  assert.deepEqual((await leaf({}, { spkiDer: rsa.spkiDer })).keyUsages, ['digitalSignature', 'keyEncipherment']);
  const ed = await generateKey({ type: 'ed25519' });
  assert.deepEqual((await leaf({}, { spkiDer: ed.spkiDer })).keyUsages, ['digitalSignature']);
});

const long = `${'a'.repeat(60)}.example.com`;
const commonNames: readonly [names: string[], subject: string][] = [
  [['example.com', 'www.example.com'], 'CN=example.com'],
  [[long, 'example.com'], 'CN=example.com'], // the first that fits
  [['192.0.2.1', '*.example.com'], 'CN=*.example.com'], // a DNS name before an address
  [['192.0.2.1'], 'CN=192.0.2.1'],
  [['2001:db8::1'], 'CN=2001:db8::1'],
  [[long], '(empty)'],
];

for (const [list, subject] of commonNames) {
  test(`A certificate for ${list.join(', ')} has the subject ${subject}.`, async () => {
    const certificate = await leaf({}, { names: names(...list) });
    assert.equal(formatName(certificate.subject), subject);
    const san = certificate.extensions.find(({ oid }) => oid === oids.subjectAltName);
    assert.equal(san?.isCritical, subject === '(empty)'); // RFC 5280 §4.2.1.6
  });
}

const organization: NameFields = { O: '示例科技有限公司', ST: '陕西省', L: '西安市', C: 'CN' };
const evFields: NameFields = {
  ...organization,
  businessCategory: 'Private Organization',
  jurisdictionC: 'CN',
  serialNumber: '91610131MA6TX0XX0X',
};

test('An OV subject has C, ST, L, O and CN in the order and string types of BR §7.1.4.2.', async () => {
  const certificate = await leaf({ validationLevel: 'ov' }, { organization });
  assert.equal(formatName(certificate.subject), 'C=CN, ST=陕西省, L=西安市, O=示例科技有限公司, CN=example.com');
  assert.match(
    opensslText(certificate.der),
    /countryName=CN, .*organizationName=示例科技有限公司, commonName=example\.com/,
  );
  assert.deepEqual(stringTags(certificate.subject.der), [0x13, 0x0c, 0x0c, 0x0c, 0x0c]);
});

test('An EV subject names the jurisdiction and the registration number first (EV Guidelines §9.2).', async () => {
  const certificate = await leaf({ validationLevel: 'ev' }, { organization: evFields });
  assert.equal(
    formatName(certificate.subject),
    'businessCategory=Private Organization, jurisdictionC=CN, serialNumber=91610131MA6TX0XX0X, ' +
      'C=CN, ST=陕西省, L=西安市, O=示例科技有限公司, CN=example.com',
  );
  assert.deepEqual(stringTags(certificate.subject.der), [0x0c, 0x13, 0x13, 0x13, 0x0c, 0x0c, 0x0c, 0x0c]);
  assert.match(opensslText(certificate.der), /jurisdictionCountryName=CN/);
});

const identifiers: readonly [text: string, der: string][] = [
  ['NTRGB-12345678', '3013' + '13034e5452' + '13024742' + '0c083132333435363738'],
  ['NTRUS+CA-C09', '3012' + '13034e5452' + '13025553' + '80024341' + '0c03433039'],
  ['PSDBE-NBB-1.2', '3012' + '1303505344' + '13024245' + '0c074e42422d312e32'],
];

for (const [text, der] of identifiers) {
  test(`The identifier ${text} stands in the subject, and in its parts in the extension (EV guidelines §7.1.2.2).`, async () => {
    const certificate = await leaf(
      { validationLevel: 'ev' },
      { organization: { ...evFields, organizationIdentifier: text } },
    );
    const found = certificate.extensions.find(({ oid }) => oid === oids.cabfOrganizationIdentifier);
    assert.equal(found?.isCritical, false);
    assert.equal(found?.value.toString('hex'), der);
    assert.equal(certificate.organizationIdentifier, text);
    assert.match(formatName(certificate.subject), new RegExp(`organizationIdentifier=${RegExp.escape(text)},`));
  });
}

test('A DV certificate names no organization, whatever is handed in.', async () => {
  assert.equal(formatName((await leaf({}, { organization })).subject), 'CN=example.com');
});

/** The string tag of every attribute, in order. */
function stringTags(der: Buffer): (number | undefined)[] {
  const rdns = new DerReader(der, 'the subject').sequence();
  const tags: (number | undefined)[] = [];
  while (!rdns.isAtEnd) {
    const attribute = rdns.set().sequence();
    attribute.oid();
    tags.push(attribute.peek());
  }
  return tags;
}

const subjects: readonly [level: 'ov' | 'ev', fields: NameFields, message: string][] = [
  ['ov', {}, 'O is required for an OV certificate'],
  ['ov', { O: ' ', C: 'CN', L: 'x' }, 'O is required for an OV certificate'],
  ['ov', { O: 'Example' }, 'C is required for an OV certificate'],
  ['ov', { O: 'Example', C: 'CN' }, 'ST or L is required for an OV certificate'],
  ['ev', organization, 'businessCategory is required for an EV certificate'],
  ['ov', { ...organization, O: '字'.repeat(65) }, "the subject's O has 65 characters; at most 64 are allowed"],
  ['ov', { ...organization, L: 'x'.repeat(129) }, "the subject's L has 129 characters; at most 128 are allowed"],
  [
    'ov',
    { ...organization, C: 'cn' },
    'the subject\'s C must be a country code of two capital letters (ISO 3166-1), not "cn"',
  ],
  ['ov', { ...organization, C: 'CHN' }, "the subject's C has 3 characters; at most 2 are allowed"],
  [
    'ev',
    { ...evFields, serialNumber: 'n_1' },
    'the subject\'s serialNumber must be made of letters, digits, blanks and \'()+,-./:=?, not "n_1"',
  ],
  [
    'ev',
    { ...evFields, organizationIdentifier: 'HRB 4711' },
    "the subject's organizationIdentifier must be an identifier such as NTRDE-HRB86891, NTRUS+CA-C0987654, " +
      'VATFR-12345678901 or PSDBE-NBB-1234.567.890, not "HRB 4711"',
  ],
  ['ov', { ...organization, O: 'a\nb' }, 'the subject\'s O must be text without control characters, not "a\\nb"'],
];

for (const [level, fields, message] of subjects) {
  test(`An ${level.toUpperCase()} subject is refused: ${JSON.stringify(message)}.`, async () => {
    await assert.rejects(
      leaf({ validationLevel: level }, { organization: fields }),
      certError('invalidField', message),
    );
  });
}

test('An organization of 64 Chinese characters fits: the bounds count characters.', async () => {
  const certificate = await leaf({ validationLevel: 'ov' }, { organization: { ...organization, O: '字'.repeat(64) } });
  assert.match(formatName(certificate.subject), /O=字{64},/);
});

test('A template refuses what the caller must not ask for.', async () => {
  await assert.rejects(leaf({}, { names: [] }), /needs a name/);
  await assert.rejects(leaf({}, { notAfter: notBefore }), /must end after it begins/);
});

test('The same input gives the same bytes.', () => {
  const template = createLeafTemplate(authority.profile);
  assert.equal(template.tbs(input).equals(template.tbs(input)), true);
});

test('1,000 names fit into a certificate that OpenSSL reads.', async () => {
  const many = names(...Array.from({ length: 1000 }, (_, i) => `n${i}.example.com`));
  const certificate = await leaf({}, { names: many });
  assert.match(opensslText(certificate.der), /DNS:n999\.example\.com$/m);
});

const serials: readonly [random: string, serial: string][] = [
  ['00000000000000000000000000000000', '40000000000000000000000000000000'], // never zero, never shorter
  ['ffffffffffffffffffffffffffffffff', '7fffffffffffffffffffffffffffffff'], // never negative
  ['80112233445566778899aabbccddeeff', '40112233445566778899aabbccddeeff'],
];

for (const [random, expected] of serials) {
  test(`The random bytes ${random} make the serial ${expected}.`, () => {
    assert.equal(serialFrom(Buffer.from(random, 'hex')).toString('hex'), expected);
  });
}

test('A serial is not made of fewer bytes.', () => {
  assert.throws(() => serialFrom(Buffer.alloc(8)), /16 random bytes, not 8/);
});

test('The root names no path length, purpose or policy; the intermediate allows leaves only.', () => {
  const root = parseCertificate(authority.root);
  assert.deepEqual([root.isCa, root.pathLength, root.purposes, root.policies], [true, undefined, [], []]);
  assert.deepEqual(root.keyUsages, ['keyCertSign', 'cRLSign']);
  const intermediate = parseCertificate(authority.intermediate);
  assert.deepEqual([intermediate.isCa, intermediate.pathLength], [true, 0]);
  assert.deepEqual(intermediate.purposes, [oids.serverAuth]);
  assert.deepEqual(intermediate.policies, [oids.anyPolicy]);
  assert.deepEqual(intermediate.crlUrls, ['http://pki.example.com/root.crl']);
});

test('Certificates that OpenSSL made are read, odd ones too.', () => {
  const pem = withOpenSsl(({ write, run, read }) => {
    write(
      'a.cnf',
      '[req]\ndistinguished_name=dn\n[dn]\n[ext]\ntlsfeature=status_request\nsubjectAltName=DNS:a.example.com\ncertificatePolicies=1.2.3.4,@p\n[p]\npolicyIdentifier=2.23.140.1.1\nCPS.1=http://cps.example.com/\n',
    );
    const args = [
      '-x509',
      '-newkey',
      'rsa-pss',
      '-pkeyopt',
      'rsa_keygen_bits:2048',
      '-nodes',
      '-keyout',
      'k',
      '-out',
      'a.pem',
    ];
    run(
      'req',
      ...args,
      '-config',
      'a.cnf',
      '-extensions',
      'ext',
      '-subj',
      '/CN=a.example.com+O=x',
      '-days',
      '10',
      '-set_serial',
      '-5',
    );
    return read('a.pem').toString();
  });
  const certificate = parseCertificatePem(pem);
  assert.equal(certificate.keyName, 'RSASSA-PSS');
  assert.equal(certificate.publicKey, undefined);
  assert.equal(certificate.signatureAlgorithm, undefined);
  assert.equal(certificate.serialHex, 'fb');
  assert.deepEqual(certificate.policies, ['1.2.3.4', '2.23.140.1.1']);
  assert.deepEqual(certificate.names, ['a.example.com']);
});

test('Every certificate of a file is read in its order, keys between them passed over.', () => {
  const file = [authority.intermediate, authority.root]
    .map((der) => encodePem('CERTIFICATE', der))
    .join('-----BEGIN X-----\nAAAA\n-----END X-----\n');
  assert.deepEqual(
    parseCertificateBundle(file).map(({ isCa }) => isCa),
    [true, true],
  );
});

test('A certificate whose two signature algorithms differ is refused.', async () => {
  const der = Buffer.from(await issueLeaf(authority));
  const outer = der.lastIndexOf(Buffer.from('2a8648ce3d040302', 'hex'));
  der[outer + 7] = 3; // ecdsa-with-SHA384 outside only
  assert.throws(() => parseCertificate(der), certError('badCsr', /two different signature algorithms/));
});

test('Whatever names, serial and validity are asked for, Node reads the same back.', () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((text) => !text.startsWith('--', 2));
  const dns = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.example.com`);
  const anyName = fc.oneof(
    dns,
    dns.map((name) => `*.${name}`),
    fc.ipV4(),
    fc.ipV6(),
  );
  const template = createLeafTemplate(authority.profile);
  const arbitraryNames = fc.uniqueArray(anyName, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(arbitraryNames, fc.uint8Array({ minLength: 16, maxLength: 16 }), (list, random) => {
      const tbs = template.tbs({ ...input, names: names(...list), serial: serialFrom(random) });
      const der = signedNow(tbs);
      const node = new X509Certificate(der);
      const ours = parseCertificate(der);
      assert.equal(node.serialNumber.toLowerCase(), ours.serialHex);
      assert.equal(node.subjectAltName?.split(', ').length, list.length);
      assert.deepEqual(
        [...ours.names],
        names(...list).map(({ value }) => value),
      );
    }),
    { numRuns: 60 },
  );
});

function signedNow(tbs: Buffer): Buffer {
  return assembleSigned(tbs, authority.signer.algorithm, authority.signer.signSync(tbs));
}

test('A serial number that is usual is positive and of at most 20 octets (RFC 5280 §4.1.2.2).', () => {
  const ff = 'f'.repeat(40);
  const usual = withOpenSsl(({ run, read }) => {
    run('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'a.key', '-subj', '/CN=a', '-out', 'a.csr');
    return ['1', '0x80', `0x${ff}`, '0', '-5', `0x1${ff}`].map((serial) => {
      run(
        'x509',
        '-req',
        '-in',
        'a.csr',
        '-signkey',
        'a.key',
        '-set_serial',
        serial,
        '-outform',
        'DER',
        '-out',
        'a.der',
      );
      return parseCertificate(read('a.der')).hasUsualSerial;
    });
  });
  assert.deepEqual(usual, [true, true, true, false, false, false]);
});
