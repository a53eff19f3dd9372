import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePem, decodePemBundle, encodePem } from '../../src/pki/pem.ts';
import { certError } from './support.ts';

const expectation = { what: 'the CSR', labels: ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'] };
const der = Buffer.from(Array.from({ length: 100 }, (_, i) => i));
const body = der.toString('base64');
const wrapped = `${body.slice(0, 64)}\n${body.slice(64, 128)}\n${body.slice(128)}`;
const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${wrapped}\n-----END CERTIFICATE REQUEST-----\n`;
const other = '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n';

const accepted: readonly [form: string, text: string][] = [
  ['LF', pem],
  ['CRLF', pem.replaceAll('\n', '\r\n')],
  ['CR alone, as old Macs', pem.replaceAll('\n', '\r')],
  ['line breaks removed', pem.replaceAll('\n', '')],
  ['line breaks turned into blanks', pem.replaceAll('\n', ' ')],
  ['line breaks escaped once too often', pem.replaceAll('\n', '\\n')],
  ['CRLF escaped once too often', pem.replaceAll('\n', '\\r\\n')],
  ['lines of 76 characters', pem.replace(wrapped, `${body.slice(0, 76)}\n${body.slice(76)}`)],
  ['a blank in front, as in the WoSign document', ` ${pem}`],
  ['a byte order mark in front', `\ufeff${pem}`],
  ['an explanatory text around it (RFC 7468 §5.2)', `Certificate Request:\n    Data:\n${pem}sent by ACME`],
  ['the label of Netscape and IIS', pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
  ['another block before it', `${other}${pem}`],
  ['bare base64 on one line', body],
  ['bare base64 in lines', `${wrapped}\r\n`],
];

for (const [form, text] of accepted) {
  test(`PEM is read with ${form}.`, () => {
    assert.equal(decodePem(text, expectation).toString('hex'), der.toString('hex'));
  });
}

const refused: readonly [reason: string, text: string, detail: string][] = [
  ['nothing', '', 'it is empty'],
  ['blanks', ' \r\n ', 'it is empty'],
  ['an empty block', pem.replace(wrapped, ''), 'it is empty'],
  ['another block', other, 'it holds "EC PRIVATE KEY", not "CERTIFICATE REQUEST"'],
  ['no END line', pem.slice(0, 80), 'there is no line "-----END CERTIFICATE REQUEST-----": it may be cut off'],
  [
    'an END line of another kind',
    pem.replace('END CERTIFICATE REQUEST', 'END CERTIFICATE'),
    'there is no line "-----END CERTIFICATE REQUEST-----": it may be cut off',
  ],
  ['an unfinished BEGIN line', '-----BEGIN CERTIFICATE REQUEST', 'its BEGIN line does not end in -----'],
  [
    'a lost character',
    pem.replace(body.slice(0, 64), body.slice(1, 64)),
    'its 135 base64 characters are not a multiple of 4',
  ],
  ['a stranger', 'MIIB*AAA', '"*" is not a base64 character'],
  ['base64url', 'MIIB-_AA', '"-" is not a base64 character'],
  ['= in the middle', 'MI==MIIB', 'a = stands inside the base64'],
  ['a name instead', '/etc/ssl/example.csr', '"." is not a base64 character'],
];

for (const [reason, text, detail] of refused) {
  test(`PEM is refused with ${reason}.`, () => {
    const message = `the CSR is neither PEM nor base64: ${detail}`;
    assert.throws(() => decodePem(text, expectation), certError('badCsr', message));
  });
}

test('PEM is written in lines of 64 characters with LF and a final newline.', () => {
  assert.equal(encodePem('CERTIFICATE REQUEST', der), pem);
  assert.equal(encodePem('X', Buffer.alloc(48)), `-----BEGIN X-----\n${'A'.repeat(64)}\n-----END X-----\n`);
});

test('A bundle gives every block in its order.', () => {
  assert.deepEqual(
    decodePemBundle(`${other}${pem}`, 'the file').map(({ label, der }) => [label, der.length]),
    [
      ['EC PRIVATE KEY', 3],
      ['CERTIFICATE REQUEST', 100],
    ],
  );
  assert.throws(() => decodePemBundle('AAAA', 'the file'), certError('badCsr', /there is no line -----BEGIN …-----/));
});

test('Whatever is encoded decodes to the same bytes.', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      assert.deepEqual(new Uint8Array(decodePem(encodePem('CERTIFICATE REQUEST', bytes), expectation)), bytes);
    }),
  );
});
