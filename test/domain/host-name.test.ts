import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CertError } from '../../src/domain/errors.ts';
import { type IdentifierKind, parseHostName } from '../../src/domain/identifier.ts';

const accepted: readonly (readonly [text: string, kind: IdentifierKind, value: string])[] = [
  ['localhost', 'dns', 'localhost'],
  [' Certmux ', 'dns', 'certmux'],
  ['web-1', 'dns', 'web-1'],
  ['certs.example.com', 'dns', 'certs.example.com'],
  ['*.example.com', 'wildcard', '*.example.com'],
  ['192.0.2.7', 'ipv4', '192.0.2.7'],
  ['[::1]', 'ipv6', '::1'],
  ['例え.example', 'dns', 'xn--r8jz45g.example'],
];
for (const [text, kind, value] of accepted) {
  test(`${text} is the name of a host`, () => assert.deepEqual(parseHostName(text, 'hosts'), { kind, value }));
}

const refused = ['', '-a', 'a-', 'a_b', 'ab--cd', '5', '0x1', '*', 'a b', 'a:80', 'http://a', 'a/', 'x'.repeat(64)];
for (const text of refused) {
  test(`"${text}" is none`, () => {
    assert.throws(
      () => parseHostName(text, 'hosts'),
      (thrown) => thrown instanceof CertError && thrown.code === 'badName',
    );
  });
}
