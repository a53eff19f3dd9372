/**
 * docs/proofs.md against the front doors: every challenge that is offered has its row, with its binding, and every row is offered.
 * Orders are placed through the real servers over the real core, in every form in which a client may send what a proof is made of.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import type { Challenge } from '../../src/domain/challenge.ts';
import { type FrontDoors, startFrontDoors } from '../support/front-doors.ts';
import { createMailFake } from '../support/mail-fake.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { type Body, createTenant } from '../support/tenants.ts';

interface Wanted {
  readonly csr: string;
  readonly names: readonly string[];
}

type Request = (wanted: Wanted) => readonly [path: string, fields: Body];

const encryption365 =
  (sent: Body): Request =>
  ({ csr, names }) => ['/cert/create', { pid: 100, csr_code: csr, domains: names.join(','), ...sent }];

const racent =
  (sent: Body): Request =>
  ({ csr, names }) => [
    '/ssl/place',
    {
      productCode: 'comodo-positive-multi-domain',
      years: 1,
      csr,
      domainInfo: names.map((domainName) => ({ domainName })),
      Administrator: { email: 'a@example.com' },
      ...sent,
    },
  ];

/** Every way to ask for proofs at a front door. One without a row fails below. */
const requests: Readonly<Record<string, readonly Request[]>> = {
  native: [({ csr, names }) => ['/api/v1/orders', { productCode: 'encryption365:100', csr, names }]],
  encryption365: [encryption365({}), encryption365({ unique_id: 'sentbyclient' })],
  wosign: [({ csr, names }) => ['/', { req_type: 'cert_apply', domain_name: names, csr }]],
  httpsok: [({ names }) => ['/v1/cert/apply', { domainList: names, algorithm: 'ECC' }]],
  racent: [racent({}), racent({ uniqueValue: 'sentByClient' })],
  acme: [({ names }) => ['/acme/default/new-order', { identifiers: names.map((value) => ({ type: 'dns', value })) }]],
  digicert: [
    ({ csr, names }) => [
      '/services/v2/order/certificate/ssl_dv_geotrust_flex',
      {
        certificate: { common_name: names[0], dns_names: names, csr, signature_hash: 'sha256' },
        order_validity: { years: 1 },
        dcv_method: 'dns-txt-token',
      },
    ],
    ({ names }) => ['/services/v2/domain', { name: names[0], dcv_method: 'dns-txt-token' }],
  ],
};

interface Offered {
  readonly dialect: string;
  readonly account: number;
  readonly challenge: Challenge;
}

let doors: FrontDoors;
const offered: Offered[] = [];
before(async () => {
  doors = await startFrontDoors({ mail: createMailFake() });
  const csr = (await createSubscriber('www.example.com')).csrPem;
  for (const account of [0, 1]) {
    const [yuan, dollars] = [await createTenant(doors), await createTenant(doors, { currency: 'USD' })];
    let orders = 0;
    for (const { name: dialect } of dialects) {
      for (const request of requests[dialect] ?? assert.fail(`no requests of ${dialect}`)) {
        orders++;
        // The same for both accounts, and no proof of one order serves another.
        const names = ['a', 'b'].map((label) => `${label}${orders}.example.com`);
        // httpsok takes no order before the delegation stands, and WoSign keeps none that is not proved.
        const method = dialect === 'httpsok' ? 'dnsCname' : 'httpFile';
        for (const name of names) doors.app.checks.place(name, method);
        const known = new Set((await doors.app.tables()).authorizations?.map(({ id }) => id));
        const tenant = dialect === 'digicert' ? dollars : yuan;
        const reply = await tenant.post(dialect, ...request({ csr, names }));
        const { authorizations = [] } = await doors.app.tables();
        const made = authorizations.filter(({ id }) => !known.has(id));
        assert.ok(made.length > 0, `${dialect}: ${JSON.stringify(reply)}`);
        for (const { challenges_json } of made) {
          const challenges = JSON.parse(String(challenges_json)) as readonly Challenge[];
          offered.push(...challenges.map((challenge) => ({ dialect, account, challenge })));
        }
      }
    }
  }
});
after(() => doors.app.close());

const rowOf = (dialect: string, { method, binding }: Challenge) => `${dialect} ${method} ${binding}`;
const unique = (rows: readonly string[]) => [...new Set(rows)].toSorted();

describe('the page of proofs', () => {
  it('has a row for every challenge that a front door offers, and no other row', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/proofs.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (\w+) \| `(\w+)` \| (\w+) \|/gm)].map(([, ...cells]) => cells.join(' '));
    assert.deepEqual(rows.toSorted(), unique(rows), 'each once');
    assert.deepEqual(unique(offered.map(({ dialect, challenge }) => rowOf(dialect, challenge))), unique(rows));
  });

  it('has those, too, that the platform asks for by itself, and these are of no client’s making but in Racent', async () => {
    const { app } = doors;
    const { items } = await app.ports.orders.list(app.operator, { limit: 100 });
    const known = new Set(offered.map(({ dialect, challenge }) => rowOf(dialect, challenge)));
    // ACME's clients renew by themselves (proofs.test.ts).
    for (const { name } of dialects.filter((dialect) => dialect.name !== 'acme')) {
      const found = items.filter(({ order }) => order.dialect === name);
      assert.ok(found.length > 0, name);
      for (const { order } of found) {
        const view = await app.ports.orders.get(app.operator, { id: order.id });
        const csr = view.issuance.csr ?? assert.fail();
        const proofMaker = app.context.proofMakers.get(name) ?? assert.fail(`no proofs of ${name}`);
        const fresh = { now: app.clock.now(), random: app.context.random };
        const { proofReference } = proofMaker.nextProofs?.(view, fresh) ?? assert.fail(name);
        const { accountId, credentialId, dialectData } = order;
        const facts = { accountId, credentialId, dialectData, csr, proofReference };
        const challenges = view.issuance.names.flatMap(({ identifier }) => proofMaker.challengesOf(facts)(identifier));
        assert.ok(challenges.length > 0, name);
        for (const challenge of challenges) {
          assert.ok(known.has(rowOf(name, challenge)), rowOf(name, challenge));
          // A customer's `uniqueValue` lasts as long as the order: the record that it is in may stay.
          if (name !== 'racent') assert.notEqual(challenge.binding, 'request');
        }
      }
    }
  });
});

describe('two accounts that send the same CSR', () => {
  const valuesOf = (account: number, isSent: boolean) =>
    offered
      .filter((one) => one.account === account && one.challenge.method !== 'email')
      .filter(({ challenge }) => (challenge.binding === 'request') === isSent)
      .map(({ challenge }) => JSON.stringify(challenge))
      // Names of one order are in no order.
      .toSorted();

  it('are asked for nothing that would prove a name to both, unless they sent the same value', () => {
    const first = new Set(valuesOf(0, false));
    assert.ok(first.size > 30);
    assert.deepEqual(
      valuesOf(1, false).filter((value) => first.has(value)),
      [],
    );
    assert.deepEqual(valuesOf(1, true), valuesOf(0, true));
  });
});
