/** BR §3.2.2.4.4: five mailboxes, at the name and its parents up to the registrable domain. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { constructedAddresses } from '../../src/domain/mailbox.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';

const rows: readonly (readonly [name: string, domains: readonly string[]])[] = [
  ['example.com', ['example.com']],
  ['*.example.com', ['example.com']], // a wildcard at its base name
  ['a.b.example.com', ['example.com', 'a.b.example.com', 'b.example.com']], // the order of the vendors' samples
  ['www.example.co.uk', ['example.co.uk', 'www.example.co.uk']], // never at the public suffix
  ['me.github.io', ['me.github.io']], // a suffix of the list's private section belongs to nobody either
  ['db.corp.internal', ['corp.internal', 'db.corp.internal']],
  ['192.0.2.1', []],
  ['2001:db8::1', []],
];
for (const [name, domains] of rows) {
  test(`${name}: ${domains.join(', ') || 'none'}`, () => {
    const found = constructedAddresses(parseIdentifier(name, 'name'), createPublicSuffixes());
    const mailboxes = ['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'];
    assert.deepEqual(
      found,
      domains.flatMap((domain) => mailboxes.map((mailbox) => `${mailbox}@${domain}`)),
    );
  });
}
