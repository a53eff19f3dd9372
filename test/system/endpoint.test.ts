import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointText, parseEndpoint } from '../../src/system/endpoint.ts';

const rows: readonly (readonly [text: string, canonical: string])[] = [
  ['192.0.2.53', '192.0.2.53:53'],
  ['192.0.2.53:5353', '192.0.2.53:5353'],
  ['2001:db8::53', '[2001:db8::53]:53'],
  ['[2001:db8::53]', '[2001:db8::53]:53'],
  ['[2001:db8::53]:5353', '[2001:db8::53]:5353'],
];
for (const [text, canonical] of rows) {
  test(`${text} is ${canonical}`, () => assert.equal(endpointText(parseEndpoint(text, 53)), canonical));
}

for (const text of [
  '',
  'dns.example',
  '192.0.2.53:',
  '192.0.2.53:0',
  '192.0.2.53:65536',
  '[192.0.2.53]:53',
  '[::1',
  '::1]:53',
]) {
  test(`${JSON.stringify(text)} is no endpoint`, () => assert.throws(() => parseEndpoint(text, 53), RangeError));
}
