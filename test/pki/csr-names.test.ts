/** The names that a CSR asks for are a set of names that were surely meant; the rest is said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Identifier } from '../../src/domain/identifier.ts';
import { parseCsr } from '../../src/pki/csr.ts';
import { leftOutOf } from '../../src/pki/csr-left-out.ts';
import { namesInCsr } from '../../src/pki/csr-names.ts';
import { contextConstructed, contextPrimitive, tag } from '../../src/pki/der-tag.ts';
import { context, element, oid, sequence, setOfOne, smallInteger } from '../../src/pki/der-writer.ts';
import {
  basicConstraints,
  extendedKeyUsage,
  extension,
  keyUsage,
  subjectKeyIdentifier,
} from '../../src/pki/extension.ts';
import { oids } from '../../src/pki/oid.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { certError, newSigner } from './support.ts';

const signer = await newSigner();
const rsaSigner = await newSigner({ type: 'rsa', bits: 2048 });

const dns = (name: string | Uint8Array) => element(contextPrimitive(2), [Buffer.from(name)]);
const ip = (...bytes: number[]) => element(contextPrimitive(7), [Buffer.from(bytes)]);
const email = element(contextPrimitive(1), [Buffer.from('admin@example.com')]);
const uri = element(contextPrimitive(6), [Buffer.from('https://example.com/x')]);
const upn = element(contextConstructed(0), [
  oid('1.3.6.1.4.1.311.20.2.3'),
  context(0, [element(tag.utf8String, [Buffer.from('ann@example.com')])]),
]);
const cn = (value: string | Uint8Array, kind: number = tag.utf8String) =>
  setOfOne(sequence([oid('2.5.4.3'), element(kind, [Buffer.from(value)])]));
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const sanOf = (...general: Uint8Array[]) => extension(oids.subjectAltName, false, sequence(general));

async function csrWith({ subject = [] as Uint8Array[], extensions = [] as Uint8Array[], rsa = false }) {
  const chosen = rsa ? rsaSigner : signer;
  const asked = context(0, [sequence([oid(oids.extensionRequest), setOfOne(sequence(extensions))])]);
  const body = sequence([smallInteger(0), sequence(subject), chosen.publicKey.spkiDer, asked]);
  return parseCsr(await signAndAssemble(body, chosen));
}

const values = (names: readonly Identifier[]) => names.map(({ value }) => value);

type Row = readonly [
  what: string,
  subject: Uint8Array[],
  san: Uint8Array[] | undefined,
  names: string[],
  left: string[],
];

const sets: readonly Row[] = [
  ['one name in both places', [cn('www.example.com')], [dns('www.example.com')], ['www.example.com'], []],
  ['a common name besides', [cn('example.com')], [dns('www.example.com')], ['example.com', 'www.example.com'], []],
  ['a common name alone', [cn('example.com')], undefined, ['example.com'], []],
  [
    'names without a common name',
    [],
    [dns('b.example.com'), dns('a.example.com')],
    ['b.example.com', 'a.example.com'],
    [],
  ],
  [
    'a name again and again',
    [cn('WWW.Example.COM')],
    [dns('www.example.com'), dns('www.example.com.'), dns('Www.example.com')],
    ['www.example.com'],
    [],
  ],
  [
    'U-labels and A-labels',
    [cn('bücher.example.com')],
    [dns('xn--bcher-kva.example.com'), dns('XN--BCHER-KVA.example.com')],
    ['xn--bcher-kva.example.com'],
    [],
  ],
  [
    'a letter in two code points and in one',
    [cn('bu\u0308cher.example.com')],
    [dns('xn--bcher-kva.example.com')],
    ['xn--bcher-kva.example.com'],
    [],
  ],
  ['full-width letters and dots', [cn('ｗｗｗ．example。com')], [dns('www.example.com')], ['www.example.com'], []],
  [
    'several common names',
    [cn('a.example.com'), cn('b.example.com')],
    undefined,
    ['b.example.com', 'a.example.com'],
    [],
  ],
  [
    'a common name that is a person',
    [cn('Users'), cn('www.example.com')],
    undefined,
    ['www.example.com'],
    ['commonName Users'],
  ],
  [
    'a common name that is a company',
    [cn('Example Ltd')],
    [dns('example.com')],
    ['example.com'],
    ['commonName Example Ltd'],
  ],
  [
    'a wildcard',
    [cn('*.example.com')],
    [dns('example.com'), dns('*.example.com')],
    ['*.example.com', 'example.com'],
    [],
  ],
  [
    'an address as one, as a DNS name and as a common name',
    [cn('192.0.2.1')],
    [ip(192, 0, 2, 1), dns('192.0.2.1')],
    ['192.0.2.1'],
    [],
  ],
  [
    'an address of version 6',
    [cn('2001:DB8::1')],
    [ip(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
    ['2001:db8::1'],
    [],
  ],
  ['PrintableString', [cn('example.com', tag.printableString)], undefined, ['example.com'], []],
  ['TeletexString in ASCII', [cn('example.com', tag.teletexString)], undefined, ['example.com'], []],
  ['BMPString', [cn(utf16be('bücher.example.com'), tag.bmpString)], undefined, ['xn--bcher-kva.example.com'], []],
  [
    'other letters in T.61 or Latin-1, nobody knows',
    [cn(latin1('bücher.example.com'), tag.teletexString)],
    [dns('example.com')],
    ['example.com'],
    ['commonName "b\\xfccher.example.com"'],
  ],
  [
    'UTF-8 in a PrintableString',
    [cn('bücher.example.com', tag.printableString)],
    [dns('example.com')],
    ['example.com'],
    ['commonName "b\\xc3\\xbccher.example.com"'],
  ],
  [
    'Latin-1 in a UTF8String',
    [cn(latin1('bücher.example.com'))],
    [dns('example.com')],
    ['example.com'],
    ['commonName "b\\xfccher.example.com"'],
  ],
  [
    'a BMPString the wrong way round',
    [cn(Buffer.from('example.com', 'utf16le'), tag.bmpString)],
    [dns('example.com')],
    ['example.com'],
    [`commonName "${[...'example.com'].map((letter) => `${letter}\\x00`).join('')}"`],
  ],
  [
    'NUL in a common name',
    [cn('example.com\0.example.org')],
    [dns('example.com')],
    ['example.com'],
    ['commonName example.com\\u{0}.example.org'],
  ],
  [
    'a replacement character in a common name',
    [cn('b\ufffdcher.example.com')],
    [dns('example.com')],
    ['example.com'],
    ['commonName b\ufffdcher.example.com'],
  ],
  [
    'an underscore in a common name',
    [cn('_x.example.com')],
    [dns('example.com')],
    ['example.com'],
    ['commonName _x.example.com'],
  ],
  ['an empty common name', [cn(' ')], [dns('example.com')], ['example.com'], []],
  [
    'names of other kinds',
    [],
    [dns('example.com'), email, uri, upn, email],
    ['example.com'],
    [
      'otherName rfc822Name: admin@example.com',
      'otherName URI: https://example.com/x',
      'otherName otherName UPN: ann@example.com',
    ],
  ],
  ['nothing', [], undefined, [], []],
];

describe('the names of a CSR with', () => {
  for (const [what, subject, general, names, left] of sets) {
    test(what, async () => {
      const csr = await csrWith({ subject, extensions: general === undefined ? [] : [sanOf(...general)] });
      const found = namesInCsr(csr, 'csr');
      assert.deepEqual(values(found), names);
      assert.deepEqual(
        leftOutOf(csr, found).map(({ kind, value }) => `${kind} ${value}`),
        left,
      );
    });
  }
});

const refused: readonly (readonly [
  what: string,
  subject: Uint8Array[],
  san: Uint8Array[] | undefined,
  code: 'badCsr' | 'badName',
  message: RegExp,
])[] = [
  [
    'UTF-8 in a DNS name',
    [],
    [dns('bücher.example.com')],
    'badCsr',
    /^the CSR's subjectAltName holds a name in an unknown character set: "b\\xc3\\xbccher\.example\.com"/,
  ],
  [
    'Latin-1 in a DNS name',
    [],
    [dns('example.com'), dns(latin1('bücher.example.com'))],
    'badCsr',
    /"b\\xfccher\.example\.com"/,
  ],
  ['NUL in a DNS name', [], [dns('example.com\0.example.org')], 'badName', /example\.com.*example\.org/],
  ['an underscore in a DNS name', [], [dns('_x.example.com')], 'badName', /"_x"/],
  ['a blank in a DNS name', [], [dns('example .com')], 'badName', /"example "/],
  ['a DNS name of one label', [], [dns('localhost')], 'badName', /"localhost"/],
  [
    'T.61 in the only name',
    [cn(latin1('bücher.example.com'), tag.teletexString)],
    undefined,
    'badCsr',
    /^the CSR's subject holds a name in an unknown character set: CN="b\\xfccher/,
  ],
  [
    'a BMPString the wrong way round as the only name',
    [cn(Buffer.from('example.com', 'utf16le'), tag.bmpString)],
    undefined,
    'badCsr',
    /^the CSR's subject holds a name/,
  ],
  [
    'half a surrogate in the only name',
    [cn(Buffer.from('d8000061', 'hex'), tag.bmpString)],
    undefined,
    'badCsr',
    /^the CSR's subject holds a name/,
  ],
  ['a company as the only name', [cn('Example Ltd')], undefined, 'badName', /Example Ltd/],
];

describe('the names of a CSR are refused with', () => {
  for (const [what, subject, general, code, message] of refused) {
    test(what, async () => {
      // Whoever names the names otherwise may send it: it is read all the same.
      const csr = await csrWith({ subject, extensions: general === undefined ? [] : [sanOf(...general)] });
      assert.throws(() => namesInCsr(csr, 'csr'), certError(code, message));
    });
  }
});

test('What a CSR asks for besides names is said, as far as a server certificate does not have it.', async () => {
  const asked = [
    sanOf(dns('example.com')),
    keyUsage(['digitalSignature', 'keyEncipherment', 'keyCertSign']),
    extendedKeyUsage([oids.serverAuth, oids.clientAuth]),
    basicConstraints({ pathLength: 0 }),
    extension(oids.tlsFeature, false, sequence([smallInteger(5)])),
    subjectKeyIdentifier(Buffer.alloc(20)),
    extension('1.3.6.1.4.1.311.20.2', false, element(tag.bmpString, [utf16be('WebServer')])),
  ];
  const rsa = await csrWith({ extensions: asked, rsa: true });
  const left = (csr: Awaited<ReturnType<typeof csrWith>>) =>
    leftOutOf(csr, namesInCsr(csr, 'csr')).map(({ kind, value }) => `${kind} ${value}`);
  const besides = [
    'extendedKeyUsage clientAuth',
    'extension basicConstraints CA:TRUE',
    'extension tlsFeature (OCSP must-staple)',
    'extension 1.3.6.1.4.1.311.20.2',
  ];
  assert.deepEqual(left(rsa), ['keyUsage keyCertSign', ...besides]);
  const ec = await csrWith({ extensions: asked });
  assert.deepEqual(left(ec), ['keyUsage keyEncipherment', 'keyUsage keyCertSign', ...besides]);
  const usual = [keyUsage(['digitalSignature']), extendedKeyUsage([oids.serverAuth]), basicConstraints('leaf')];
  assert.deepEqual(left(await csrWith({ extensions: usual })), []);
});

test('Names that the order does not have are said, whoever chose its names.', async () => {
  const csr = await csrWith({ subject: [cn('placeholder.example.com')], extensions: [sanOf(dns('www.example.com'))] });
  const [, www] = namesInCsr(csr, 'csr');
  assert.ok(www !== undefined);
  assert.deepEqual(leftOutOf(csr, [www]), [{ kind: 'commonName', value: 'placeholder.example.com' }]);
  assert.deepEqual(
    leftOutOf(csr, []).map(({ kind }) => kind),
    ['dNSName', 'commonName'],
  );
});

test('A thousand wishes are cut to what somebody reads.', async () => {
  const many = Array.from({ length: 900 }, (_, index) =>
    element(contextPrimitive(1), [Buffer.from(`${'x'.repeat(index / 9)}@example.com`)]),
  );
  const left = leftOutOf(await csrWith({ extensions: [sanOf(...many)] }), []);
  assert.equal(left.length, 100);
  assert.ok(left.every(({ value }) => value.length <= 201));
});
