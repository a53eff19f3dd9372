import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateFaultText } from '../../src/domain/messages/faults.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { findChainFlaw, isIssuedBy, namesAsIssuer, orderChain } from '../../src/pki/chain.ts';
import { createAuthority, issueLeaf, notAfter, notBefore } from './support.ts';

const authority = await createAuthority();
const other = await createAuthority();
const leaf = parseCertificate(await issueLeaf(authority));
const intermediate = parseCertificate(authority.intermediate);
const root = parseCertificate(authority.root);
const stranger = parseCertificate(other.intermediate); // same name, other key

test('The issuer is told by name and key identifier, and proved by its signature.', async () => {
  assert.equal(namesAsIssuer(leaf, intermediate), true);
  assert.equal(namesAsIssuer(leaf, stranger), false);
  assert.equal(namesAsIssuer(leaf, root), false);
  assert.equal(await isIssuedBy(leaf, intermediate), true);
  assert.equal(await isIssuedBy(intermediate, root), true);
  assert.equal(await isIssuedBy(root, root), true);
  assert.equal(await isIssuedBy({ ...leaf, authorityKeyId: undefined }, stranger), false);
});

const orders: readonly [what: string, given: (typeof leaf)[], expected: (typeof leaf)[]][] = [
  ['root first', [root, intermediate, leaf], [leaf, intermediate, root]],
  ['a stranger among them', [leaf, stranger, intermediate, root], [leaf, intermediate, root]],
  ['no issuer', [leaf, root], [leaf]],
  ['no leaf', [intermediate, root], [intermediate, root]],
  ['nothing', [], []],
];

for (const [what, given, expected] of orders) {
  test(`A chain given with ${what} is put in order.`, () => {
    assert.deepEqual(
      orderChain(given).map(({ serialHex }) => serialHex),
      expected.map(({ serialHex }) => serialHex),
    );
  });
}

const day = 86_400_000;
const flaws: readonly [chain: (typeof leaf)[], at: Date, flaw: string | undefined][] = [
  [[leaf, intermediate, root], notBefore, undefined],
  [[leaf, intermediate, root], notAfter, undefined],
  [
    [leaf, intermediate],
    new Date(notBefore.getTime() - 1),
    'certificate 1 of 2 is not valid before 2026-11-21T00:00:00.000Z',
  ],
  [[leaf, intermediate], new Date(notAfter.getTime() + day), 'certificate 1 of 2 expired at 2027-06-07T23:59:59.000Z'],
  [[leaf, root], notBefore, 'certificate 1 of 2 is not signed by the next'],
  [[leaf, leaf], notBefore, 'certificate 1 of 2 is not signed by the next'],
  [[intermediate, root, leaf], notBefore, 'certificate 2 of 3 is not signed by the next'],
];

for (const [chain, at, flaw] of flaws) {
  test(`A chain of ${chain.length} at ${at.toISOString()}: ${flaw ?? 'no flaw'}.`, async () => {
    const found = await findChainFlaw(chain, at);
    assert.equal(found && certificateFaultText(found, 'en'), flaw);
  });
}
