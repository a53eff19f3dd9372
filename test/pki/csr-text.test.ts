/** A CSR is read however it was saved, copied, mailed, pasted and posted; what cannot be read is named. */
import assert from 'node:assert/strict';
import { createPrivateKey, hash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CertError } from '../../src/domain/errors.ts';
import { csrDerOf, csrHashes, parseCsr } from '../../src/pki/csr.ts';
import { csrBytesOf } from '../../src/pki/csr-text.ts';
import { context, octetString, oid, sequence, setOfOne, smallInteger } from '../../src/pki/der-writer.ts';
import { extension, subjectAltName } from '../../src/pki/extension.ts';
import { generateKey, privateKeyPem } from '../../src/pki/key.ts';
import { encodeName } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { certError, names, newSigner, withOpenSsl } from './support.ts';

const signer = await newSigner();
const { spkiDer } = signer.publicKey;

/**
 * One whose base64 has a + at the beginning of a line, at the end of one, and twice in a row: all that a form can lose. An
 * extension that nobody knows holds bytes that look random.
 */
async function awkwardCsr(): Promise<Buffer> {
  const san = subjectAltName(names('www.example.com', 'example.com'), false);
  for (let number = 0; number < 10_000; number += 1) {
    const bytes = Array.from({ length: 8 }, (_, part) => hash('sha512', `${number} ${part}`, 'buffer'));
    const extensions = sequence([san, extension('2.25.1', false, octetString(bytes))]);
    const attributes = context(0, [sequence([oid(oids.extensionRequest), setOfOne(extensions)])]);
    const subject = encodeName({ CN: 'www.example.com' });
    const made = await signAndAssemble(sequence([smallInteger(0), subject, spkiDer, attributes]), signer);
    const text = encodePem('CERTIFICATE REQUEST', made);
    if (/^\+/m.test(text) && /\+$/m.test(text) && text.includes('++') && text.includes('=\n')) return made;
  }
  throw new Error('no such CSR was found');
}

const der = await awkwardCsr();
const pem = encodePem('CERTIFICATE REQUEST', der);
const base64 = der.toString('base64');
const withoutPlus = (text: string) => text.replaceAll('+', ' ');
const inLines = (change: (line: string) => string) => pem.trimEnd().split('\n').map(change).join('\n');
const utf16 = Buffer.from(`\ufeff${pem}`, 'utf16le');
const labelled = (label: string) => pem.replaceAll('CERTIFICATE REQUEST', label);
const opensslText = withOpenSsl(({ write, runAll }) => {
  write('a.der', der);
  return runAll('req', '-inform', 'der', '-in', 'a.der', '-text');
});
const publicKey = encodePem('PUBLIC KEY', spkiDer);

const forms: readonly (readonly [form: string, input: string | Uint8Array])[] = [
  ['PEM', pem],
  ['PEM without its last line break', pem.trimEnd()],
  ['CRLF', pem.replaceAll('\n', '\r\n')],
  ['CR alone, of old Macs', pem.replaceAll('\n', '\r')],
  ['blank lines between', pem.replaceAll('\n', '\n\n')],
  ['one line', pem.replaceAll('\n', '')],
  ['line breaks turned into blanks', pem.replaceAll('\n', ' ')],
  ['every blank lost, in the label as well', pem.replaceAll(/\s/g, '')],
  ['lines of 76 characters', pem.replace(/(?<=-\n)[^-]+/, base64.replaceAll(/(.{76})/g, '$1\n').concat('\n'))],
  ['indentation', inLines((line) => `    ${line}`)],
  ['tabs and blanks behind the lines', inLines((line) => `${line} \t`)],
  ['non-breaking blanks', inLines((line) => `\u00a0\u00a0${line}\u00a0`)],
  ['ideographic blanks', inLines((line) => `\u3000${line}`)],
  ['zero-width characters', inLines((line) => `\u200b${line.slice(0, 20)}\u200d${line.slice(20)}\u2060`)],
  ['a byte order mark', `\ufeff${pem}`],
  ['base64 in lines', base64.replaceAll(/(.{64})/g, '$1\r\n')],
  ['base64 on one line', base64],
  ['base64 without padding', base64.replaceAll('=', '')],
  ['base64 with too much padding', `${base64}==`],
  ['base64url', der.toString('base64url')],
  ['base64url in PEM', pem.replace(/(?<=-\n)[^-]+/, `${der.toString('base64url')}\n`)],
  ['DER', der],
  ['DER with a line break behind', Buffer.concat([der, Buffer.from('\r\n')])],
  ['DER filled up with zeros', Buffer.concat([der, Buffer.alloc(100)])],
  ['a file in UTF-8', Buffer.from(pem)],
  ['a file in UTF-8 with a mark', Buffer.from(`\ufeff${pem}`)],
  ['a file in UTF-16 LE with a mark (Exchange)', utf16],
  ['a file in UTF-16 BE with a mark', Buffer.from(utf16).swap16()],
  ['a file in UTF-16 LE without', utf16.subarray(2)],
  ['a file in UTF-16 BE without', Buffer.from(utf16.subarray(2)).swap16()],
  ['a file of base64 in UTF-16', Buffer.from(base64, 'utf16le')],
  ['UTF-16 that PHP read byte by byte', utf16.toString('latin1')],
  ['UTF-16 that was decoded as UTF-8', utf16.toString('utf8')],
  ['a file in Latin-1 with text around it', Buffer.from(`Schl\xfcssel f\xfcr M\xfcller\n${pem}`, 'latin1')],
  ['the label of Netscape and IIS', labelled('NEW CERTIFICATE REQUEST')],
  ['the name that people say as its label', labelled('CERTIFICATE SIGNING REQUEST')],
  ["RFC 2986's name as its label", labelled('CERTIFICATION REQUEST')],
  ['a label with more in front', labelled('X509 CERTIFICATE REQUEST')],
  ['labels that differ in NEW', pem.replace('BEGIN', 'BEGIN NEW')],
  ['blanks between dashes and label', pem.replaceAll(/-----(BEGIN|END) ([A-Z ]+)-----/g, '----- $1  $2 -----')],
  ['six dashes', pem.replaceAll('-----', '------')],
  ['en dashes', pem.replaceAll('-----', '–––––')],
  ['em dashes, one for two', pem.replaceAll('-----', '——-')],
  ['full-width dashes', pem.replaceAll('-', '－')],
  ['text around it', `Dear CA,\n\n${pem}\nKind regards`],
  ['the text that OpenSSL prints', opensslText],
  ['a public key before it', `${publicKey}${pem}`],
  ['a certificate behind it', `${pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`],
  ['mail quoting', inLines((line) => `> ${line}`)],
  ['mail quoting of mail quoting', inLines((line) => `>> | ${line}`)],
  ['quoted-printable padding', pem.replace(/(=+)\n/, (_, equals: string) => `${equals.replaceAll('=', '=3D')}\n`)],
  ['quoted-printable soft breaks', base64.replaceAll(/(.{75})/g, '$1=\r\n')],
  ['headers inside', pem.replace('-----\n', '-----\nComment: mine\nVersion: 1\n\n')],
  ['line breaks as two characters', pem.replaceAll('\n', '\\n')],
  ['CRLF as four characters', pem.replaceAll('\n', '\\r\\n')],
  ['JSON', JSON.stringify(pem)],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ csr: pem }))],
  ['JSON as PHP writes it', JSON.stringify(pem).replaceAll('/', '\\/')],
  ['JSON as .NET writes it', JSON.stringify(pem).replaceAll('+', '\\u002B')],
  ['shell lines that go on', pem.replaceAll('\n', '\\\n')],
  ['percent-encoding', encodeURIComponent(pem)],
  ['percent-encoding of a form', new URLSearchParams({ csr: pem }).toString().slice('csr='.length)],
  ['percent-encoding of the + only', pem.replaceAll('+', '%2B')],
  ['percent-encoding in small letters', encodeURIComponent(pem).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['percent-encoding of percent-encoding', encodeURIComponent(encodeURIComponent(pem))],
  ['references of HTML', pem.replaceAll(/[+/=-]/g, (character) => `&#${character.charCodeAt(0)};`)],
  ['references by name', pem.replaceAll('+', '&plus;').replaceAll('/', '&sol;').replaceAll('=', '&equals;')],
  ['references of XML, line breaks as well', pem.replaceAll('+', '&#x2B;').replaceAll('\n', '&#xD;&#xA;')],
  ['references that were escaped again', pem.replaceAll('+', '&amp;#43;').replaceAll(' ', '&amp;nbsp;')],
  ['dashes as references', pem.replaceAll('-----', '&ndash;&#8211;&mdash;')],
  ['mail quoting on a web page', inLines((line) => `&gt; ${line}`)],
  ['line breaks as tags', pem.replaceAll('\n', '<br />')],
  ['paragraphs of a web page', inLines((line) => `<p class="pem">${line}</p>`)],
  ['line ends of mainframes', pem.replaceAll('\n', '\u0085')],
  ['its label in small letters', pem.replaceAll(/-----.*-----/g, (line) => line.toLowerCase())],
  ['base64 of PEM, as Kubernetes has it', Buffer.from(pem).toString('base64')],
  ['base64url of PEM', Buffer.from(pem).toString('base64url')],
  ['base64 of base64', Buffer.from(base64).toString('base64')],
  ['base64 of UTF-16', utf16.toString('base64')],
  ['base64 of PEM in PEM', encodePem('CERTIFICATE REQUEST', Buffer.from(pem))],
  ['a file of base64 of PEM', Buffer.from(`${Buffer.from(pem).toString('base64')}\n`)],
  ['a data URL', `data:application/pkcs10;base64,${base64}`],
  ['a data URL of PEM', `data:application/x-pem-file;base64,${Buffer.from(pem).toString('base64')}`],
  ['+ lost to blanks', withoutPlus(pem)],
  ['+ lost to blanks, CRLF', withoutPlus(pem.replaceAll('\n', '\r\n'))],
  ['+ lost to blanks, one line', withoutPlus(pem.replaceAll('\n', ''))],
  ['+ and line breaks lost to blanks', withoutPlus(pem.replaceAll('\n', ' '))],
  ['+ and CRLF lost to blanks', withoutPlus(pem.replaceAll('\n', '  '))],
  ['+ lost to blanks, indentation', withoutPlus(inLines((line) => `   ${line}`))],
  ['+ lost to blanks, base64 alone', withoutPlus(base64)],
  ['+ lost to blanks, line breaks as tags', withoutPlus(pem.replaceAll('\n', '<br>'))],
  ...[60, 65, 76, 100].map((length): [string, string] => [
    `+ and breaks of lines of ${length} characters lost to blanks`,
    withoutPlus(base64).replaceAll(new RegExp(`(.{${length}})`, 'g'), '$1 '),
  ]),
];

describe('a CSR is read with', () => {
  for (const [form, input] of forms) {
    test(form, () => assert.equal(csrDerOf(input, 'csr').toString('hex'), der.toString('hex')));
  }

  test('the same hashes whatever its form: those of its DER', () => {
    const sha256 = hash('sha256', der, 'hex');
    for (const [form, input] of forms) assert.equal(csrHashes(csrDerOf(input, 'csr')).sha256, sha256, form);
  });
});

const keyPem = privateKeyPem((await generateKey({ type: 'rsa', bits: 2048 })).privateKeyPkcs8, 'pkcs8');
const keyBytes = Buffer.from(keyPem.replaceAll(/-----.*-----|\n/g, ''), 'base64');
const ecKeyPem = privateKeyPem((await generateKey({ type: 'ec', curve: 'P-256' })).privateKeyPkcs8, 'sec1');
const pkcs1 = createPrivateKey(keyPem).export({ type: 'pkcs1', format: 'der' }).toString('base64');
const withKey = /^csr holds a private key, which nobody but its owner may have; nothing was stored/;
const asCsr = /^the CSR holds a private key/;
const pemFault = (detail: string) => `csr is neither PEM nor base64: ${detail}`;
const notDer = (first: string) => `csr is not valid DER: tag 0x${first} instead of SEQUENCE at byte 0`;
const endMissing = pemFault('there is no line "-----END CERTIFICATE REQUEST-----": it may be cut off');
const certificate = encodePem('CERTIFICATE', der);

const refused: readonly (readonly [reason: string, input: string | Uint8Array, message: string | RegExp])[] = [
  ['nothing', '', pemFault('it is empty')],
  ['nothing but blanks that cannot be seen', '\ufeff\u200b \r\n', pemFault('it is empty')],
  ['an empty file', new Uint8Array(), pemFault('it is empty')],
  ['an empty block', pem.replace(/(?<=-\n)[^-]+/, ''), pemFault('it is empty')],
  [
    '4 dashes in front',
    pem.replace('-----BEGIN', '----BEGIN'),
    pemFault('the BEGIN line has 4 dashes in front instead of 5'),
  ],
  [
    '4 dashes behind',
    pem.replace('-----\n', '----\n'),
    pemFault('the BEGIN line has 4 dashes at its end instead of 5'),
  ],
  ['no dashes behind', pem.replace('-----\n', '\n'), pemFault('the BEGIN line has 0 dashes at its end instead of 5')],
  [
    'an END line with 3 dashes',
    pem.replace('-----END', '---END'),
    pemFault('the END line has 3 dashes in front instead of 5'),
  ],
  ['an END line cut short', pem.slice(0, -2), pemFault('the END line has 4 dashes at its end instead of 5')],
  ['no END line', pem.slice(0, 600), endMissing],
  ['the END line of another block', pem.replace('END CERTIFICATE REQUEST', 'END CERTIFICATE'), endMissing],
  ['no BEGIN line', pem.slice(40), pemFault('there is no line "-----BEGIN CERTIFICATE REQUEST-----"')],
  ['a certificate', certificate, pemFault('it holds "CERTIFICATE", not "CERTIFICATE REQUEST"')],
  ['the same CSR twice', pem + pem, 'csr holds 2 CSRs; send one'],
  [
    'two CSRs, one of them bent',
    `${pem}${labelled('NEW CERTIFICATE REQUEST').replaceAll('-----', '–––––')}`,
    'csr holds 2 CSRs; send one',
  ],
  ['its private key behind it', pem + keyPem, withKey],
  ['its private key before it', keyPem + pem, withKey],
  ['a private key of a curve', ecKeyPem + pem, withKey],
  ['a private key alone', keyPem, withKey],
  ['an encrypted private key', keyPem.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE') + pem, withKey],
  ['a private key without its END line', pem + keyPem.slice(0, 300), withKey],
  ['a private key in UTF-16', Buffer.from(`\ufeff${keyPem}${pem}`, 'utf16le'), withKey],
  ['a private key with escaped line breaks', JSON.stringify(pem + keyPem), withKey],
  ["OpenSSL's listing of a private key", `modulus:\n 00:ab\nprivateExponent:\n 12:34\n${pem}`, withKey],
  ["OpenSSL's listing of the key of a curve", `Private-Key: (256 bit)\npriv:\n    00:ab\n${pem}`, withKey],
  ["PuTTY's key file", `Private-Lines: 14\nAAAA\n${pem}`, withKey],
  ['a private key whose dashes were lost', pem + keyPem.replaceAll('-----', ''), withKey],
  ['a private key in small letters', pem + keyPem.replaceAll(/-----.*-----/g, (line) => line.toLowerCase()), withKey],
  ['a private key from a web page', pem + keyPem.replaceAll('-', '&#45;').replaceAll('\n', '<br>'), withKey],
  ['a private key without its lines', pem + keyPem.replaceAll(/-----.*-----/g, ''), withKey],
  ['a private key of a curve without its lines', pem + ecKeyPem.replaceAll(/-----.*-----/g, ''), withKey],
  ['a private key of PKCS#1 as base64', `${pem}key=${pkcs1}`, withKey],
  ['a private key in a header', pem.replace('-----\n', `-----\nComment: ${keyBytes.toString('base64')}\n\n`), withKey],
  ['base64 of a private key behind it', `${pem}\n${Buffer.from(keyPem).toString('base64')}`, withKey],
  ['base64 of a private key', Buffer.from(keyPem).toString('base64'), withKey],
  ['base64 of both', Buffer.from(pem + keyPem).toString('base64'), withKey],
  ['base64 of something else', Buffer.from([0x1f, 0x8b, 8]).toString('base64'), notDer('1f')],
  ['letters that happen to be base64', 'beginCERTIFICATEREQUEST-----MIIB', notDer('6d')],
  ['a name', 'www.example.com', pemFault('"." is not a base64 character')],
  ['an emoji, whole', 'MIIB😀AAA', pemFault('"😀" is not a base64 character')],
  ['an umlaut of a file', Buffer.from('MIIBäAAA'), pemFault('"ä" is not a base64 character')],
  ['an escape that is none of base64, as it stands there', 'MIIB%7EAA', pemFault('"%" is not a base64 character')],
  [
    'a lost character',
    pem.replace('MII', 'MI'),
    new RegExp(pemFault('its \\d+ base64 characters are not a multiple of 4')),
  ],
  ['= in the middle', 'MI==MIIB', pemFault('a = stands inside the base64')],
];

/** Layouts of a CSR with one +, which a form turns into a blank wherever it stands. */
const layouts: readonly (readonly [layout: string, write: (pem: string, base64: string) => string])[] = [
  ['lines', (text) => text],
  ['lines that end in CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['one line between its labels', (text) => text.replaceAll('\n', '')],
  ['line breaks that are blanks', (text) => text.replaceAll('\n', ' ')],
  ['line breaks that are two blanks', (text) => text.replaceAll('\n', '  ')],
  ['base64 alone', (_, digits) => digits],
  ['base64 alone, in lines', (_, digits) => digits.replaceAll(/(.{64})/g, '$1\n').concat('\n')],
];

describe('a single + that a form lost is found wherever it stands, in', () => {
  // Of every length that a last group of base64 can have: with = behind it, == or none.
  const bodies = [101, 102, 103].map((length) => sequence([octetString([Buffer.alloc(length, 0x41)])]));
  for (const [layout, write] of layouts) {
    test(layout, () => {
      for (const body of bodies) {
        const digits = body.toString('base64');
        for (let at = 8; at < digits.replaceAll('=', '').length; at += 1) {
          const altered = `${digits.slice(0, at)}+${digits.slice(at + 1)}`;
          const expected = Buffer.from(altered, 'base64');
          // The bits of a last digit that no byte holds: what has them is written differently again.
          if (expected.toString('base64') !== altered) continue;
          const text = withoutPlus(write(encodePem('CERTIFICATE REQUEST', expected), altered));
          const read = csrBytesOf(text, 'csr');
          const found = 'der' in read ? [read.der] : read.guesses;
          assert.ok(
            found.some((guess) => guess.equals(expected)),
            `+ at ${at} of ${digits.length}`,
          );
        }
      }
    });
  }
});

describe('a CSR is refused with', () => {
  for (const [reason, input, message] of refused) {
    test(reason, () => assert.throws(() => parseCsr(csrDerOf(input, 'csr')), certError('badCsr', message)));
  }

  test('blanks where + should be only if the signature does not verify with them', () => {
    const flipped = Buffer.from(der);
    const last = flipped.length - 20;
    flipped[last] = (flipped[last] ?? 0) ^ 1;
    const text = withoutPlus(encodePem('CERTIFICATE REQUEST', flipped));
    assert.throws(
      () => csrDerOf(text, 'csr'),
      certError('badCsr', /^csr is neither PEM nor base64: blanks stand inside its base64/),
    );
  });

  test('a private key in any form, without a word of it', () => {
    for (const input of [keyBytes, keyBytes.toString('base64'), keyPem, pem + keyPem]) {
      assert.throws(
        () => parseCsr(input),
        (thrown: unknown) => {
          assert.ok(thrown instanceof CertError);
          assert.match(thrown.message, asCsr);
          const shown = JSON.stringify(thrown.reason) + thrown.message + String(thrown.cause);
          assert.ok(!shown.includes(keyBytes.toString('base64').slice(40, 60)));
          return true;
        },
      );
    }
  });

  test('prose about private keys', () => {
    for (const prose of ['The private key - ours - stays here.', 'We begin with the private key.']) {
      assert.equal(csrDerOf(`${prose}\n${pem}`, 'csr').equals(der), true, prose);
    }
  });

  test('more than it may have, before anything is looked at', () => {
    const many = 'A'.repeat(4 << 20);
    for (const input of [many, Buffer.from(many), Buffer.from(many, 'utf16le'), `${pem}${' '.repeat(200_000)}`]) {
      assert.throws(
        () => csrDerOf(input, 'csr'),
        certError('badCsr', /^the CSR has \d+ bytes; at most 65536 are accepted$/),
      );
    }
  });
});

/** Ways to write the same text again: any of them after any other. */
const rewritings: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\n  '),
  (text) => `\ufeff${text}`,
  (text) => `Hello,\n${text}\nbye`,
  (text) => text.replaceAll('NEW CERTIFICATE REQUEST', 'CERTIFICATE REQUEST'),
  (text) => text.replaceAll('N CERTIFICATE REQUEST', 'N NEW CERTIFICATE REQUEST'),
  (text) => text.replaceAll('-----', '–––––'),
  (text) => text.replaceAll('\n', '\n\u200b'),
  (text) => text.replaceAll('+', '%2B'),
  (text) => text.replaceAll('\n', '\n> '),
];
const savings: readonly ((text: string) => string | Uint8Array)[] = [
  (text) => text,
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  (text) => JSON.stringify(text),
];

describe('whatever is done to a CSR', () => {
  test('its DER is the same, in any combination of ways to write it', () => {
    const ways = fc.tuple(fc.subarray([...rewritings]), fc.constantFrom(...savings));
    fc.assert(
      fc.property(ways, ([changes, save]) => {
        const text = changes.reduce((written, change) => change(written), pem);
        assert.equal(csrDerOf(save(text), 'csr').equals(der), true);
      }),
      { numRuns: 300 },
    );
  });

  test('the reader reads it or refuses it, and nothing else', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          '-----BEGIN ',
          '-----',
          'BEGIN',
          'END',
          'CERTIFICATE REQUEST',
          'NEW ',
          'PRIVATE KEY',
          '\n',
          ' ',
          '+',
          '%2B',
          '%',
        ],
        ...[
          '\\',
          '\\n',
          '\\u002',
          '=',
          '==',
          '=3D',
          '>',
          ':',
          'Comment: x\n',
          '\u200b',
          '–',
          '\ud800',
          '\0',
          'MII',
          'A',
          '-',
          '_',
        ],
      ),
      fc.string({ maxLength: 10 }),
      fc.constant(pem.slice(30, 200)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => refusesOrReads(pieces.join(''))),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), refusesOrReads), { numRuns: 1000 });
    const mutated = fc.tuple(fc.nat(der.length - 1), fc.nat(255)).map(([at, value]) => {
      const changed = Buffer.from(der);
      changed[at] = value;
      return changed;
    });
    fc.assert(fc.property(mutated, refusesOrReads), { numRuns: 1000 });
  });
});

function refusesOrReads(input: string | Uint8Array): void {
  try {
    parseCsr(input);
  } catch (thrown) {
    if (!(thrown instanceof CertError) || thrown.code === 'internal') throw thrown;
  }
}
