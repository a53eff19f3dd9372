/** The index of `openssl ca`: what its lines mean, and what is wrong with those that mean nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CertError } from '../../src/domain/errors.ts';
import { createIndexReader } from '../../src/pki/issued-index.ts';

const line = (...fields: readonly string[]) => fields.join('\t');
const tail = ['1000', 'unknown', '/CN=www.example.com'] as const;

const good: readonly (readonly [
  text: string,
  expected: readonly [serial: string, notAfter: string, revoked: string | null],
])[] = [
  [line('V', '270131120000Z', '', ...tail), ['1000', '2027-01-31T12:00:00.000Z', null]],
  [line('E', '200131120000Z', '', '01', 'newcerts/01.pem', '/CN=old'), ['01', '2020-01-31T12:00:00.000Z', null]],
  // Years from 50 on are of the century before (RFC 5280 §4.1.2.5.1); later ones have four digits.
  [line('E', '500131120000Z', '', ...tail), ['1000', '1950-01-31T12:00:00.000Z', null]],
  [line('V', '20510131120000Z', '', ...tail), ['1000', '2051-01-31T12:00:00.000Z', null]],
  // Without seconds.
  [line('V', '2701311200Z', '', ...tail), ['1000', '2027-01-31T12:00:00.000Z', null]],
  [
    line('R', '270131120000Z', '260101000000Z', ...tail),
    ['1000', '2027-01-31T12:00:00.000Z', '2026-01-01T00:00:00.000Z unspecified'],
  ],
  [
    line('R', '270131120000Z', '20260101000000Z,keyCompromise', ...tail),
    ['1000', '2027-01-31T12:00:00.000Z', '2026-01-01T00:00:00.000Z keyCompromise'],
  ],
  [
    line('R', '270131120000Z', '260101000000Z,CACompromise', ...tail),
    ['1000', '2027-01-31T12:00:00.000Z', '2026-01-01T00:00:00.000Z cACompromise'],
  ],
  [
    line('R', '270131120000Z', '260101000000Z,holdInstruction,holdInstructionReject', ...tail),
    ['1000', '2027-01-31T12:00:00.000Z', '2026-01-01T00:00:00.000Z certificateHold'],
  ],
  [
    line('R', '270131120000Z', '260101000000Z,keyTime,20251201000000Z', ...tail),
    ['1000', '2027-01-31T12:00:00.000Z', '2026-01-01T00:00:00.000Z keyCompromise'],
  ],
  // Serials with zeros in front, of odd length, in lower case; Windows line ends; a subject with a tab.
  [line('V', '270131120000Z', '', '00ab', 'unknown', '/CN=x'), ['ab', '2027-01-31T12:00:00.000Z', null]],
  [line('V', '270131120000Z', '', 'ABC', 'unknown', '/CN=x\r'), ['0abc', '2027-01-31T12:00:00.000Z', null]],
  [line('V', '270131120000Z', '', 'AB', 'unknown', '/CN=x\\\ty'), ['ab', '2027-01-31T12:00:00.000Z', null]],
];

for (const [text, expected] of good) {
  test(`read: ${JSON.stringify(text)}`, () => {
    const entry = createIndexReader('index.txt').read(text);
    assert.ok(entry);
    const revoked = entry.revoked && `${entry.revoked.at.toISOString()} ${entry.revoked.reason}`;
    assert.deepEqual([entry.serial, entry.notAfter.toISOString(), revoked], expected);
  });
}

const bad: readonly (readonly [text: string, message: string])[] = [
  ['V 270131120000Z 1000 unknown /CN=x', 'it has 1 fields where six are expected, with tabs between them'],
  [line('V', '270131120000Z', '', '1000', 'unknown'), 'it has 5 fields where six are expected, with tabs between them'],
  [line('X', '270131120000Z', '', ...tail), 'the first field is "X", not V (valid), R (revoked) or E (expired)'],
  [
    line('V', '2027-01-31', '', ...tail),
    'the end of the certificate is "2027-01-31", no time like 270131120000Z or 20510131120000Z',
  ],
  [
    line('V', '270231120000Z', '', ...tail),
    'the end of the certificate is "270231120000Z", no time like 270131120000Z or 20510131120000Z',
  ],
  [
    line('V', '271331120000Z', '', ...tail),
    'the end of the certificate is "271331120000Z", no time like 270131120000Z or 20510131120000Z',
  ],
  [
    line('V', '270131120000+0100', '', ...tail),
    'the end of the certificate is "270131120000+0100", no time like 270131120000Z or 20510131120000Z',
  ],
  [line('R', '270131120000Z', '', ...tail), 'it is revoked (R), and the third field does not say when'],
  [
    line('V', '270131120000Z', '260101000000Z', ...tail),
    'the third field has a time of revocation, and the first is V, not R',
  ],
  [
    line('R', '270131120000Z', 'yesterday', ...tail),
    'the time of the revocation is "yesterday", no time like 260131120000Z',
  ],
  [
    line('R', '270131120000Z', '260101000000Z,boredom', ...tail),
    'the reason of the revocation is "boredom", which is none of RFC 5280, such as keyCompromise',
  ],
  [
    line('V', '270131120000Z', '', 'xyz', 'unknown', '/CN=x'),
    'the serial number is "xyz", not hex of at most 20 bytes',
  ],
  [
    line('V', '270131120000Z', '', '-01', 'unknown', '/CN=x'),
    'the serial number is "-01", not hex of at most 20 bytes',
  ],
  [line('V', '270131120000Z', '', '', 'unknown', '/CN=x'), 'the serial number is "", not hex of at most 20 bytes'],
];

for (const [text, message] of bad) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    const reader = createIndexReader('index.txt');
    assert.equal(reader.read('# a comment'), undefined);
    assert.equal(reader.read(''), undefined);
    assert.throws(
      () => reader.read(text),
      (thrown) => {
        assert.ok(thrown instanceof CertError);
        assert.equal(thrown.message, `index.txt:3 cannot be taken: ${message}; correct the line or take it out`);
        return true;
      },
    );
  });
}

test('A serial that comes twice names the line before.', () => {
  const reader = createIndexReader('index.txt');
  reader.read(line('V', '270131120000Z', '', ...tail));
  assert.throws(
    () => reader.read(line('E', '200131120000Z', '', '001000', 'unknown', '/CN=y')),
    /index\.txt:2 cannot be taken: .* 1000 is on line 1 already/,
  );
});
