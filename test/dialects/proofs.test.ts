/** The proofs that each dialect makes for an issuance that the platform begins by itself. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { signfileData } from '../../src/dialects/wosign/dialect-data.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import type { Randomness } from '../../src/domain/ports/system.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { anyCsr, createCustomer, issue, startTestApp, type TestApp } from '../support/app.ts';
import { secretInTests } from '../support/dialect-harness.ts';
import { createFakeRandomness } from '../support/system.ts';

describe('the proofs of an issuance that nobody asked for', () => {
  let app: TestApp;
  let view: OrderView;
  before(async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 1_000_00 });
    view = await issue(app, customer.caller, ['www.example.com', '*.example.com'], {
      productCode: '100',
      // What WoSign's orders keep.
      dialectData: signfileData({ customerId: 'c', authToken: 't' }),
    });
  });
  after(() => app.close());

  it('are none of ACME, whose clients renew by themselves', () => {
    const acme = dialects.find(({ name }) => name === 'acme') ?? assert.fail('no ACME');
    const setup = { config: {}, secretFor: secretInTests, publicSuffixes: createPublicSuffixes() };
    assert.equal(acme.createProofMaker(setup).nextProofs, undefined);
  });

  for (const dialect of dialects.filter(({ name }) => name !== 'acme')) {
    it(`are made by ${dialect.name}: a reference of their own, and a way for each name`, async () => {
      const { challengesOf, nextProofs, drawsReferences } = dialect.createProofMaker({
        config: {},
        secretFor: secretInTests,
        publicSuffixes: createPublicSuffixes(),
      });
      assert.ok(nextProofs !== undefined);
      const csr = await anyCsr();
      const fake = createFakeRandomness(11);
      let drawnBytes = 0;
      const random: Randomness = {
        bytes(size) {
          drawnBytes += size;
          return fake.bytes(size);
        },
      };
      const fresh = { now: app.clock.now(), random };
      const [first, second] = [nextProofs(view, fresh), nextProofs(view, fresh)];
      // Only then may the core take two of them for different without looking.
      if (drawsReferences) assert.ok(drawnBytes >= 2 * 16, `${drawnBytes} random bytes in two references`);
      const { accountId, credentialId, dialectData } = view.order;
      const { proofReference } = first;
      const challengesFor = challengesOf({ accountId, credentialId, dialectData, csr, proofReference });
      const references = [first.proofReference, second.proofReference, view.issuance.proofReference];
      assert.equal(new Set(references).size, 3, references.join(', '));
      for (const { identifier } of view.issuance.names) {
        const methods = challengesFor(identifier).map(({ method }) => method);
        assert.ok(methods.length > 0, identifier.value);
        assert.ok(methods.includes(first.preferredMethod), `${first.preferredMethod} among ${methods.join(', ')}`);
      }
    });
  }
});
