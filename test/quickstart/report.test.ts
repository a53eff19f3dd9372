import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textWidth } from '../../src/cli/width.ts';
import type { Proof } from '../../src/quickstart/customer-servers.ts';
import { createReport } from '../../src/quickstart/report.ts';
import { createCollector } from './collector.ts';

const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const proofs: readonly Proof[] = [
  {
    kind: 'file',
    name: 'www.quickstart.example',
    path: `/.well-known/pki-validation/${md5.toUpperCase()}.txt`,
    content: `${sha256}\r\ncomodoca.com\r\nabcdefghij`,
  },
  {
    kind: 'cname',
    name: '*.apps.quickstart.example',
    host: `_${md5}.apps.quickstart.example`,
    target: `${sha256.slice(0, 32)}.${sha256.slice(32)}.abcdefghij.comodoca.com`,
  },
];

function shown(screen: { readonly isTty: boolean; readonly columns?: number }): readonly string[] {
  const terminal = createCollector(screen);
  createReport(terminal).proofs(proofs);
  return terminal.text().split('\n').slice(1, -2);
}

describe('the proofs to place', () => {
  const wide = [
    '  NAME                       PROOF  WHERE                                      WHAT',
    '  www.quickstart.example     file   /.well-known/pki-validation/D41D…427E.txt  e3b0…b855 / comodoca.com / abcdefghij',
    '  *.apps.quickstart.example  CNAME  _d41d…427e.apps.quickstart.example         e3b0…b924.27ae…b855.abcdefghij.comodoca.com',
  ];
  test('one line each, in a pipe', () => assert.deepEqual(shown({ isTty: false }), wide));
  test('one line each, on a wide terminal', () => assert.deepEqual(shown({ isTty: true, columns: 130 }), wide));
  test('two lines each, where one would not fit', () => {
    const lines = shown({ isTty: true, columns: 80 });
    assert.deepEqual(lines, [
      '  NAME                       PROOF  WHERE AND WHAT',
      '  www.quickstart.example     file   /.well-known/pki-validation/D41D…427E.txt',
      '                                    e3b0…b855 / comodoca.com / abcdefghij',
      '  *.apps.quickstart.example  CNAME  _d41d…427e.apps.quickstart.example',
      '                                    e3b0…b924.27ae…b855.abcdefghij.comodoca.com',
    ]);
    for (const line of lines) assert.ok(textWidth(line) <= 80);
  });
});
