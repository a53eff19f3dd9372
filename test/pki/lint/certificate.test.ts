/** Each rule for certificates with a certificate that breaks it: the real one with one thing changed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { oid } from '../../../src/pki/der-writer.ts';
import { certificateRules } from '../../../src/pki/lint/certificate.ts';
import { type CertificateFacts, createCertificateLint } from '../../../src/pki/lint/index.ts';
import { oids } from '../../../src/pki/oid.ts';
import { childOf, encodeTree, leafNode, parseTree } from '../../support/der-tree.ts';
import { type Fixture, fixtures, now, Spoiled, sequenceOf } from './certificates.ts';

const utf8 = (text: string) => leafNode(0x0c, Buffer.from(text));
const printable = (text: string) => leafNode(0x13, text);
const dns = 0x82;
const ip = 0x87;
const C = '2.5.4.6';
const CN = '2.5.4.3';
const O = '2.5.4.10';
const OU = '2.5.4.11';
const businessCategory = '2.5.4.15';
const inHex = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

interface Change {
  /** Rules that find the same fault from another side. */
  readonly beside?: readonly string[];
  readonly facts?: Partial<CertificateFacts>;
  readonly at?: Date;
}

type Row = readonly [rule: string, fixture: keyof typeof fixtures, spoil: (tbs: Spoiled) => void, change?: Change];

const setBits =
  (...octets: number[]) =>
  (tbs: Spoiled) =>
    tbs.inside(oids.keyUsage, (content) => {
      content.bytes = Buffer.from(octets);
    });
const setPurposes =
  (...purposes: string[]) =>
  (tbs: Spoiled) =>
    tbs.inside(oids.extendedKeyUsage, (content) => {
      content.children = purposes.map((one) => parseTree(oid(one)));
    });
const setPolicies =
  (...policies: string[]) =>
  (tbs: Spoiled) =>
    tbs.inside(oids.certificatePolicies, (content) => {
      content.children = policies.map((one) => sequenceOf([parseTree(oid(one))]));
    });
const time = (index: 0 | 1, tag: 0x17 | 0x18, text: string) => (tbs: Spoiled) => {
  Object.assign(childOf(tbs.validity, index), leafNode(tag, text));
};
const name = (text: string) => (tbs: Spoiled) => tbs.addName(dns, text);
const address = (hex: string) => (tbs: Spoiled) => tbs.addName(ip, inHex(hex));
const rsaKey =
  (modulusBytes: Buffer, exponent = '010001') =>
  (tbs: Spoiled) => {
    const numbers = sequenceOf([leafNode(0x02, modulusBytes), leafNode(0x02, inHex(exponent))]);
    childOf(tbs.key, 1).bytes = Buffer.concat([Buffer.of(0), encodeTree(numbers)]);
  };
const withoutKeyId: Change = { beside: ['subject-key-id'] };

/** A modulus of so many bits, behind a sign octet where its first bit is set. */
function modulus(bits: number, last = 0xff): Buffer {
  const octets = Buffer.alloc(Math.ceil(bits / 8), 0xa7);
  octets[0] = 1 << ((bits - 1) % 8);
  octets[octets.length - 1] = last;
  return bits % 8 === 0 ? Buffer.concat([Buffer.of(0), octets]) : octets;
}

const rows: readonly Row[] = [
  // The frame.
  ['version-3', 'dv', (tbs) => Object.assign(childOf(tbs.tree, 0, 0), leafNode(0x02, Buffer.of(1)))],
  ['signature-algorithm', 'dv', (tbs) => tbs.signature.children.push(leafNode(0x05, ''))],
  [
    'signature-algorithm',
    'root',
    (tbs) => Object.assign(childOf(tbs.signature, 0), parseTree(oid(oids.ecdsaWithSha384))),
  ],
  ['no-unique-ids', 'dv', (tbs) => tbs.tree.children.splice(7, 0, leafNode(0x82, Buffer.of(0, 1)))],
  ['extensions-unique', 'dv', (tbs) => tbs.extensions.children.push(tbs.extension(oids.keyUsage))],
  ['extensions-known', 'dv', (tbs) => tbs.add('1.3.6.1.4.1.99999.1', Buffer.of(0x05, 0x00))],
  [
    'extensions-known',
    'root',
    (tbs) => tbs.add(oids.extendedKeyUsage, Buffer.concat([Buffer.of(0x30, 10), oid(oids.serverAuth)])),
  ],
  [
    'extensions-critical',
    'dv',
    (tbs) => tbs.add('1.3.6.1.4.1.99999.1', Buffer.of(0x05, 0x00), { isCritical: true }),
    { beside: ['extensions-known'] },
  ],
  ['extensions-critical', 'dv', (tbs) => tbs.extension(oids.keyUsage).children.splice(1, 1)],
  ['extensions-critical', 'root', (tbs) => tbs.extension(oids.basicConstraints).children.splice(1, 1)],
  [
    'extensions-critical',
    'dv',
    (tbs) => tbs.extension(oids.authorityKeyIdentifier).children.splice(1, 0, leafNode(0x01, Buffer.of(0xff))),
  ],
  [
    'extensions-default',
    'dv',
    (tbs) => tbs.extension(oids.extendedKeyUsage).children.splice(1, 0, leafNode(0x01, Buffer.of(0))),
  ],
  [
    'extensions-readable',
    'dv',
    (tbs) => {
      const value = childOf(tbs.extension(oids.subjectKeyIdentifier), -1);
      value.bytes = Buffer.concat([value.bytes, Buffer.of(0x05, 0x00)]);
    },
  ],
  [
    'extensions-readable', // FALSE is the default, and is not written
    'dv',
    (tbs) => tbs.inside(oids.basicConstraints, (content) => content.children.push(leafNode(0x01, Buffer.of(0)))),
  ],
  // The serial number.
  ['serial-positive', 'dv', (tbs) => Object.assign(tbs.serial, { bytes: inHex('8a5b6c7d8e9fa0b1c2d3') })],
  ['serial-positive', 'dv', (tbs) => Object.assign(tbs.serial, { bytes: Buffer.of(0) }), { beside: ['serial-random'] }],
  ['serial-length', 'dv', (tbs) => Object.assign(tbs.serial, { bytes: Buffer.alloc(21, 0x4a) })],
  ['serial-random', 'dv', (tbs) => Object.assign(tbs.serial, { bytes: Buffer.alloc(7, 0x4a) })],
  // The validity.
  ['time-written', 'dv', time(0, 0x17, '2605312359Z')],
  ['time-written', 'dv', time(1, 0x17, '260931000000+0800')],
  ['time-written', 'dv', time(1, 0x17, '260931000000Z')], // the 31st of September
  ['time-form', 'dv', time(1, 0x18, '20260831235959Z')],
  ['validity-order', 'dv', time(1, 0x17, '260531235800Z')],
  ['validity-profile', 'dv', time(1, 0x17, '270702235900Z')], // 397 days and a second
  [
    'validity-public',
    'publicDv',
    () => undefined,
    { at: new Date('2027-03-15T00:00:00Z'), beside: ['not-before-recent'] },
  ],
  ['validity-public', 'publicDv', time(1, 0x17, '261218235900Z'), { beside: ['validity-profile'] }],
  ['not-before-recent', 'dv', () => undefined, { at: new Date('2026-06-03T00:00:00Z') }],
  ['not-before-recent', 'dv', () => undefined, { at: new Date('2026-05-29T23:00:00Z') }],
  ['not-before-recent-ca', 'root', () => undefined, { at: new Date('2026-06-02T00:00:00Z') }],
  ['not-before-recent-ca', 'intermediate', () => undefined, { at: new Date('2026-05-31T23:00:00Z') }],
  ['validity-root', 'root', time(1, 0x17, '320101000000Z')],
  ['validity-root', 'root', time(1, 0x18, '20520101000000Z')],
  [
    'validity-within-issuer',
    'dv',
    () => undefined,
    {
      facts: { issuer: { ...fixtures.dv.facts.issuer, period: { from: new Date(0), until: new Date('2026-08-01') } } },
    },
  ],
  [
    'validity-within-issuer',
    'intermediate',
    () => undefined,
    {
      facts: {
        issuer: { ...fixtures.intermediate.facts.issuer, period: { from: now, until: new Date('2060-01-01') } },
      },
    },
  ],
  // Issuer and subject.
  ['issuer-name', 'dv', (tbs) => tbs.issuer.children.reverse()],
  [
    'subject-single-valued',
    'ov',
    (tbs) => childOf(tbs.subject, 0).children.push(...childOf(tbs.subject, -1).children),
    { beside: ['subject-unique', 'subject-order'] },
  ],
  ['subject-unique', 'ov', (tbs) => tbs.addAttribute(O, utf8('Other Ltd'), 4)],
  ['subject-attributes', 'ov', (tbs) => tbs.addAttribute(OU, utf8('Sales'))],
  ['subject-order', 'ov', (tbs) => tbs.subject.children.reverse()],
  ['subject-strings', 'ov', (tbs) => Object.assign(tbs.attribute(O), leafNode(0x14, 'Example Ltd'))], // TeletexString
  ['subject-strings', 'ov', (tbs) => Object.assign(tbs.attribute(C), utf8('CN'))],
  ['subject-strings', 'ov', (tbs) => Object.assign(tbs.attribute(O), printable('Example & Sons'))],
  ['subject-lengths', 'ov', (tbs) => Object.assign(tbs.attribute(O), utf8('x'.repeat(65)))],
  ['subject-characters', 'ov', (tbs) => Object.assign(tbs.attribute(O), utf8('Example\u0000 Ltd'))],
  ['subject-values', 'ov', (tbs) => Object.assign(tbs.attribute('2.5.4.8'), utf8('N/A'))],
  ['subject-values', 'ov', (tbs) => Object.assign(tbs.attribute('2.5.4.7'), utf8('-'))],
  ['subject-country', 'ov', (tbs) => Object.assign(tbs.attribute(C), printable('UK'))],
  ['subject-country', 'ev', (tbs) => Object.assign(tbs.attribute('1.3.6.1.4.1.311.60.2.1.3'), printable('XX'))],
  ['common-name-in-san', 'dv', (tbs) => Object.assign(tbs.attribute(CN), utf8('EXAMPLE.COM'))],
  ['dv-no-organization', 'dv', (tbs) => tbs.addAttribute(O, utf8('Example Ltd'), 0)],
  ['organization-named', 'ov', (tbs) => tbs.removeAttribute(C)],
  ['organization-named', 'publicEv', (tbs) => tbs.removeAttribute(O)],
  ['ov-no-ev-fields', 'ov', (tbs) => tbs.addAttribute(businessCategory, utf8('Private Organization'), 0)],
  ['ev-fields', 'ev', (tbs) => tbs.removeAttribute('2.5.4.5')],
  ['ev-business-category', 'ev', (tbs) => Object.assign(tbs.attribute(businessCategory), utf8('V1.0, Clause 5.(b)'))],
  ['ca-subject', 'intermediate', (tbs) => tbs.removeAttribute(O)],
  ['root-self-issued', 'root', (tbs) => Object.assign(tbs.attribute(CN), utf8('Example Root CA E2'))],
  ['intermediate-not-self-issued', 'intermediate', (tbs) => Object.assign(tbs.subject, tbs.issuer)],
  // The names.
  ['san-present', 'dv', (tbs) => tbs.remove(oids.subjectAltName), { beside: ['common-name-in-san'] }],
  [
    'san-present',
    'long',
    (tbs) =>
      tbs.inside(oids.subjectAltName, (content) => {
        content.children = [];
      }),
  ],
  ['san-critical', 'long', (tbs) => tbs.extension(oids.subjectAltName).children.splice(1, 1)],
  [
    'san-critical',
    'dv',
    (tbs) => tbs.extension(oids.subjectAltName).children.splice(1, 0, leafNode(0x01, Buffer.of(0xff))),
  ],
  ['san-kinds', 'dv', (tbs) => tbs.addName(0x81, 'ops@example.com')],
  ['san-unique', 'dv', name('example.com')],
  ['dns-characters', 'dv', name('a_b.example.com')],
  ['dns-characters', 'dv', name('a b.example.com')],
  ['dns-lower-case', 'dv', name('WWW.example.com')],
  ['dns-label-length', 'dv', name('www.example.com.')],
  ['dns-label-length', 'dv', name(`${'a'.repeat(64)}.example.com`)],
  ['dns-label-length', 'dv', name('www..example.com')],
  ['dns-length', 'dv', name(`${'abcdefghi.'.repeat(25)}com1.com`)],
  ['dns-hyphens', 'dv', name('-www.example.com')],
  ['dns-reserved-label', 'dv', name('ab--cd.example.com')],
  ['dns-wildcard', 'dv', name('www.*.example.com')],
  ['dns-wildcard', 'dv', name('w*.example.com')],
  ['dns-not-address', 'dv', name('9.9.9.9')],
  ['dns-public', 'publicDv', name('host.internal')],
  ['dns-public', 'publicDv', name('intranet')],
  ['dns-not-reverse', 'publicDv', name('7.2.0.192.in-addr.arpa')],
  ['ip-length', 'dv', address('c0 00 02')],
  ['ip-public', 'publicDv', address('0a 00 00 01')],
  ['ip-public', 'publicDv', address('fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01')],
  ['ip-public', 'publicDv', address('20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07')],
  ['ev-no-wildcard', 'publicEv', name('*.example.com')],
  ['ev-no-address', 'publicEv', address('08 08 08 08')],
  // The key.
  ['key-algorithm', 'dv', (tbs) => Object.assign(childOf(tbs.key, 0, 1), parseTree(oid('1.3.132.0.10')))], // secp256k1
  ['key-algorithm', 'rsa', (tbs) => childOf(tbs.key, 0).children.pop()], // no NULL behind the OID
  [
    'key-public',
    'ed25519',
    () => undefined,
    {
      facts: { profile: { ...fixtures.publicDv.facts.profile, maxValidityDays: 397 } as CertificateFacts['profile'] },
      beside: ['validity-public', 'policy-one-reserved'],
    },
  ],
  [
    'key-form',
    'dv',
    (tbs) => Object.assign(childOf(tbs.key, 1), { bytes: Buffer.concat([Buffer.of(0, 2), Buffer.alloc(32, 9)]) }),
    withoutKeyId,
  ],
  ['key-form', 'rsa', (tbs) => Object.assign(childOf(tbs.key, 1), { bytes: Buffer.of(0, 5, 0) }), withoutKeyId],
  ['rsa-size', 'rsa', rsaKey(modulus(1024)), withoutKeyId],
  ['rsa-whole-octets', 'rsa', rsaKey(modulus(2055)), withoutKeyId],
  ['rsa-modulus-odd', 'rsa', rsaKey(modulus(2048, 0xfe)), withoutKeyId],
  ['rsa-exponent', 'rsa', rsaKey(modulus(2048), '03'), withoutKeyId],
  ['rsa-exponent', 'rsa', rsaKey(modulus(2048), '010002'), withoutKeyId],
  ['subject-key-id', 'dv', (tbs) => tbs.inside(oids.subjectKeyIdentifier, (content) => content.bytes.fill(1))],
  // What it may be used for.
  [
    'leaf-is-no-ca',
    'dv',
    (tbs) => tbs.inside(oids.basicConstraints, (content) => content.children.push(leafNode(0x01, Buffer.of(0xff)))),
  ],
  [
    'ca-is-ca',
    'root',
    (tbs) =>
      tbs.inside(oids.basicConstraints, (content) => {
        content.children = [];
      }),
  ],
  ['ca-is-ca', 'root', (tbs) => tbs.remove(oids.basicConstraints)],
  [
    'root-path-length',
    'root',
    (tbs) => tbs.inside(oids.basicConstraints, (content) => content.children.push(leafNode(0x02, Buffer.of(0)))),
  ],
  [
    'path-length',
    'intermediate',
    (tbs) =>
      tbs.inside(oids.basicConstraints, (content) => {
        content.children.pop();
      }),
  ],
  [
    'path-length',
    'intermediate',
    () => undefined,
    { facts: { issuer: { ...fixtures.intermediate.facts.issuer, pathLength: 0 } } },
  ],
  ['key-usage-present', 'dv', (tbs) => tbs.remove(oids.keyUsage)],
  ['key-usage-leaf', 'dv', setBits(2, 0x84)], // digitalSignature, keyCertSign
  ['key-usage-of-key', 'dv', setBits(5, 0xa0)], // keyEncipherment with a curve
  ['key-usage-of-key', 'ed25519', setBits(3, 0x88)], // keyAgreement
  ['key-usage-ca', 'intermediate', setBits(2, 0x84)], // no cRLSign
  ['key-usage-ca', 'root', setBits(1, 0x26)], // keyEncipherment
  ['purpose-server', 'dv', (tbs) => tbs.remove(oids.extendedKeyUsage)],
  ['purpose-server', 'dv', setPurposes(oids.clientAuth)],
  ['purpose-not-any', 'dv', setPurposes(oids.serverAuth, '2.5.29.37.0')],
  ['purpose-not-foreign', 'intermediate', setPurposes(oids.serverAuth, oids.ocspSigning)],
  ['purpose-server-only', 'publicDv', setPurposes(oids.serverAuth, oids.clientAuth)],
  ['policies-unique', 'intermediate', setPolicies(oids.anyPolicy, oids.anyPolicy), { beside: ['policy-any-alone'] }],
  ['policy-one-reserved', 'publicDv', (tbs) => tbs.remove(oids.certificatePolicies)],
  [
    'policy-one-reserved',
    'publicDv',
    setPolicies(oids.domainValidated, oids.organizationValidated),
    { beside: ['policy-of-level'] },
  ],
  ['policy-of-level', 'publicDv', setPolicies(oids.organizationValidated)],
  ['policy-not-any', 'publicDv', setPolicies(oids.domainValidated, oids.anyPolicy)],
  ['policy-any-alone', 'intermediate', setPolicies(oids.anyPolicy, '1.3.6.1.4.1.99999.2')],
  [
    'policy-qualifiers',
    'publicDv',
    (tbs) =>
      tbs.inside(oids.certificatePolicies, (content) => {
        const qualifier = sequenceOf([parseTree(oid('1.3.6.1.5.5.7.2.2')), utf8('Only for tests')]);
        childOf(content, 0).children.push(sequenceOf([qualifier]));
      }),
  ],
  // What leads further.
  [
    'authority-key-id',
    'dv',
    (tbs) => tbs.inside(oids.authorityKeyIdentifier, (content) => childOf(content, 0).bytes.fill(1)),
  ],
  ['authority-key-id', 'intermediate', (tbs) => tbs.remove(oids.authorityKeyIdentifier)],
  [
    'authority-key-id-only',
    'dv',
    (tbs) => tbs.inside(oids.authorityKeyIdentifier, (content) => content.children.push(leafNode(0x82, Buffer.of(5)))),
  ],
  ['ca-subject-key-id', 'intermediate', (tbs) => tbs.remove(oids.subjectKeyIdentifier)],
  [
    'access-methods',
    'dv',
    (tbs) =>
      tbs.inside(oids.authorityInfoAccess, (content) =>
        Object.assign(childOf(content, 0, 0), parseTree(oid('1.3.6.1.5.5.7.48.3'))),
      ),
  ],
  [
    'access-urls',
    'dv',
    (tbs) =>
      tbs.inside(oids.authorityInfoAccess, (content) =>
        Object.assign(childOf(content, 0, 1), leafNode(0x86, 'ldap://ca.example.com/cn=ca')),
      ),
  ],
  ['list-pointer', 'intermediate', (tbs) => tbs.remove(oids.crlDistributionPoints)],
  [
    'list-urls',
    'dv',
    (tbs) =>
      tbs.inside(oids.crlDistributionPoints, (content) =>
        Object.assign(childOf(content, 0, 0, 0, 0), leafNode(0x86, 'ldap://ca.example.com/ca.crl')),
      ),
  ],
  [
    'list-points',
    'dv',
    (tbs) =>
      tbs.inside(oids.crlDistributionPoints, (content) =>
        childOf(content, 0).children.push(leafNode(0x81, Buffer.of(6, 0x40))),
      ),
  ],
];

const found = (tbs: Uint8Array, facts: CertificateFacts, at: Date = now) =>
  createCertificateLint(facts)(tbs, at).map(({ rule }) => rule);

describe('nothing is found in', () => {
  for (const [title, { tbs, facts }] of Object.entries<Fixture>(fixtures)) {
    test(`a certificate as it is made: ${title}`, () => {
      assert.deepEqual(createCertificateLint(facts)(tbs, now), []);
    });
  }
});

describe('a rule finds what breaks it, and nothing else does', () => {
  for (const [rule, fixture, spoil, { beside = [], facts = {}, at = now } = {}] of rows) {
    const { tbs, facts: own }: Fixture = fixtures[fixture];
    test(`${rule}, in ${fixture}`, () => {
      const spoiled = new Spoiled(tbs);
      spoil(spoiled);
      assert.deepEqual(found(spoiled.done(), { ...own, ...facts }, at).toSorted(), [rule, ...beside].toSorted());
    });
  }

  test('bytes that are no certificate are one finding, whatever they are', () => {
    const { tbs, facts } = fixtures.dv;
    const long = Buffer.concat([tbs, Buffer.of(0)]);
    for (const bytes of [Buffer.alloc(0), Buffer.from('garbage'), tbs.subarray(0, 100), long]) {
      assert.deepEqual(found(bytes, facts), ['der']);
    }
  });

  test('every rule has a certificate that breaks it', () => {
    const shown = new Set(rows.map(([rule]) => rule));
    const all = certificateRules.map(({ id }) => id);
    assert.deepEqual(
      all.filter((id) => !shown.has(id)),
      [],
    );
    assert.deepEqual(
      [...shown].filter((id) => !all.includes(id)),
      [],
    );
    assert.equal(new Set(all).size, all.length);
  });
});

test('A byte changed anywhere is read or refused, and never breaks the reader.', () => {
  const { tbs, facts } = fixtures.dv;
  const lint = createCertificateLint(facts);
  for (let at = 0; at < tbs.length; at++) {
    const changed = Buffer.from(tbs);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    assert.ok(Array.isArray(lint(changed, now)));
  }
});

test('What was found is shown in no more than a line.', () => {
  const spoiled = new Spoiled(fixtures.dv.tbs);
  spoiled.addName(dns, `${'A'.repeat(240)}.example.com`);
  const all = createCertificateLint(fixtures.dv.facts)(spoiled.done(), now);
  assert.ok(all.length > 0 && all.every((one) => one.found.length <= 120), JSON.stringify(all));
});
