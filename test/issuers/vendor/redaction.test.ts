/** What is secret is found in whatever a vendor makes of it, and what is not stays as it was. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRedaction } from '../../../src/issuers/vendor/redaction.ts';

const secret = 'tök+en/"0' + "'&<x> y\\z=";
const redact = createRedaction({ secrets: { api_token: secret, 'X-DC-DEVKEY': 'ABCDEF012345', pin: '12' } });
const json = JSON.stringify(secret).slice(1, -1);

const encodings: readonly (readonly [how: string, text: string])[] = [
  ['as it is', secret],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded in lower case', encodeURIComponent(secret).toLowerCase()],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
  ['as a form has it', new URLSearchParams({ x: secret }).toString().slice(2)],
  ['as JSON has it', json],
  ['as PHP writes JSON', json.replaceAll('/', '\\/').replaceAll('ö', '\\u00f6')],
  [
    'as JSON with every character escaped',
    [...secret].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  ],
  ['as JSON inside of JSON', JSON.stringify(json).slice(1, -1)],
  [
    'as HTML has it',
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#039;'),
  ],
  ['in capitals', secret.toUpperCase()],
  ['as base64', Buffer.from(secret).toString('base64')],
];

describe('a credential is taken out', () => {
  for (const [how, text] of encodings) {
    test(how, () => {
      assert.equal(
        redact(`invalid token >${text}< of 192.0.2.1`).replaceAll(/…=*/g, '…'),
        'invalid token >…< of 192.0.2.1',
      );
    });
  }

  test('each time that it is there, and with others', () => {
    assert.equal(redact(`${secret},ABCDEF012345;${secret}`), '…,…;…');
  });

  test('by the name of its field, whatever its value became', () => {
    assert.equal(redact('{"api_token":"tok en","a":1}'), '{"api_token":"…","a":1}');
    assert.equal(redact('api_token=other&certId=5'), 'api_token=…&certId=5');
    assert.equal(redact('{"api_token": "cut off in the mid'), '{"api_token": "…');
  });

  test('unless it is so short that it is everywhere', () => assert.equal(redact('12 orders'), '12 orders'));
});

const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA==\n-----END RSA PRIVATE KEY-----\n';

describe('a private key is taken out', () => {
  const rows: readonly (readonly [text: string, shown: string])[] = [
    [pem, '…\n'],
    [JSON.stringify({ text: pem, a: 1 }), '{"text":"…\\n","a":1}'],
    ['-----BEGIN PRIVATE KEY-----\nMIIB without an end', '…'],
    ['-----BEGIN EC PRIVATE KEY-----\r\nAA\r\n-----END EC PRIVATE KEY-----', '…'],
    ['-----BEGIN+ENCRYPTED+PRIVATE+KEY-----%0AMIIB%0A-----END+ENCRYPTED+PRIVATE+KEY-----', '…'],
    ['{"privateKey":"MIIB","certId":7}', '{"privateKey":"…","certId":7}'],
    ['{"private_key" : "MIIB"}', '{"private_key" : "…"}'],
    [
      '{"pkcs12":"AAAA","pkcsPass":"p\\"w","jks":"BBBB","jksPass":"x"}',
      '{"pkcs12":"…","pkcsPass":"…","jks":"…","jksPass":"…"}',
    ],
    [
      '{"data":"{\\"privateKey\\":\\"MIIB\\",\\"x\\":\\"y\\"}"}',
      '{"data":"{\\"privateKey\\":\\"…\\",\\"x\\":\\"y\\"}"}',
    ],
    ['{"a":"x\\\\","privateKey":"MIIB"}', '{"a":"x\\\\","privateKey":"…"}'],
    ['{"private\\u004bey":"MIIB"}', '{"private\\u004bey":"…"}'],
    ['private_key=MIIB%2B&x=1', 'private_key=…&x=1'],
  ];
  for (const [text, shown] of rows) test(JSON.stringify(text).slice(0, 60), () => assert.equal(redact(text), shown));
});

test('everything else stays: certificates, requests, challenges, other fields', () => {
  for (const text of [
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----',
    '{"DCVdnsValue":"abc","dcv_token":{"token":"rnd"},"keyType":"rsa","monkey":"x"}',
    '{"price":256.10000000000002,"price":"1"}',
    'domains=a.example&csr=MIIB%2B',
  ]) {
    assert.equal(redact(text), text);
  }
});
