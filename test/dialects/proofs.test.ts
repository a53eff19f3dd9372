/** The proofs that each dialect makes for an issuance that the platform begins by itself. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { challengesOf as signfileChallenges } from '../../src/dialects/wosign/proofs.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { anyCsr, challengesFor, createCustomer, issue, startTestApp, type TestApp } from '../support/app.ts';
import { keySettingsOf, secretInTests } from '../support/dialect-harness.ts';
import { createFakeRandomness } from '../support/system.ts';

describe('the proofs of an issuance that nobody asked for', () => {
  let app: TestApp;
  let view: OrderView;
  before(async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 1_000_00 });
    // What WoSign's orders have is among them: it keeps what it had.
    const signfile = signfileChallenges({ customerId: 'c', authToken: 't' });
    view = await issue(app, customer.caller, ['www.example.com', '*.example.com'], {
      productCode: '100',
      challengesFor: (name) => [...challengesFor(name), ...signfile],
    });
  });
  after(() => app.close());

  for (const dialect of dialects) {
    it(`are made by ${dialect.name}: a reference of their own, and a way for each name`, async () => {
      const { proofs } = dialect.createServer({
        ...app,
        random: createFakeRandomness(11),
        publicSuffixes: createPublicSuffixes(),
        version: '0.0.0-test',
        publicUrl: 'https://certs.example',
        keySettings: keySettingsOf,
        secretFor: secretInTests,
        language: dialect.language,
        sendsMail: false,
        config: {},
      });
      assert.ok(proofs !== undefined);
      const csr = await anyCsr();
      const [first, second] = [proofs(view, csr), proofs(view, csr)];
      const references = [first.proofReference, second.proofReference, view.issuance.proofReference];
      assert.equal(new Set(references).size, 3, references.join(', '));
      for (const { identifier } of view.issuance.names) {
        const methods = first.challengesFor(identifier, csr).map(({ method }) => method);
        assert.ok(methods.length > 0, identifier.value);
        assert.ok(methods.includes(first.preferredMethod), `${first.preferredMethod} among ${methods.join(', ')}`);
      }
    });
  }
});
