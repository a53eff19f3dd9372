/** A CSR comes back byte for byte as it was sent, and costs next to nothing to remember. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { csrFromWire, spell, spellingOf } from '../../../src/dialects/digicert/orders/csr-spelling.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { anyCsr } from '../../support/app.ts';

const der = await anyCsr();
const pem = encodePem('CERTIFICATE REQUEST', der);
const base64 = Buffer.from(der).toString('base64');

const rows: readonly (readonly [who: string, text: string, kept: string])[] = [
  ['lemur, riboseinc, sapcc: PEM', pem, 'lf'],
  ['PEM without its last line break', pem.trimEnd(), 'lf-open'],
  ['PEM of Windows', pem.replaceAll('\n', '\r\n'), 'crlf'],
  ['PEM of Windows without its last line break', pem.trimEnd().replaceAll('\n', '\r\n'), 'crlf-open'],
  ['Venafi, harbinger: every line break stripped', pem.replaceAll('\n', ''), 'joined'],
  ['acme2certifier: base64 alone', base64, 'base64'],
  ['old Windows: the NEW header', pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'), 'new-lf'],
];

describe('a CSR as it was sent', () => {
  for (const [who, text, kept] of rows) {
    test(`by ${who}`, () => {
      assert.deepEqual(csrFromWire(text, 'csr'), Buffer.from(der));
      assert.equal(spellingOf(text, der), kept);
      assert.equal(spell(der, kept), text);
    });
  }

  test('in a way of its own is kept as it is', () => {
    const odd = ` ${pem.replaceAll('\n', '\n ')}\n\n`;
    assert.equal(spellingOf(odd, der), odd);
    assert.equal(spell(der, odd), odd);
  });

  test('by nobody knows whom is PEM', () => assert.equal(spell(der), pem));
});
