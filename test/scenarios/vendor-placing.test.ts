/**
 * What the customer has to place, through every front door that relays and for every vendor: the order's own reply shows it, or where the
 * API of the door has another call for that, its answer.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import type { Challenge } from '../../src/domain/challenge.ts';
import { objectionToPair } from '../../src/domain/relay.ts';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';
import { csrPemFor } from '../support/buyers.ts';
import { type RelayDoorName, relayCustomer, relayDoorNames } from '../support/relay-doors.ts';
import { openVendorDoors, type VendorDoors, type VendorName, vendorNames } from '../support/vendor-doors.ts';

let scene: VendorDoors;
afterEach(() => scene.close());

const names = ['shop.example.com', 'www.example.org'] as const;

/** Its words for methods are known without calls. */
const nobody = { post: () => assert.fail(), put: () => assert.fail(), get: () => assert.fail() };

const doorOf = (dialect: string) => dialects.find(({ name }) => name === dialect)?.relayDoor;

/** What distinguishes it from any other: values, not places that are known beforehand. */
function wantedValue(challenge: Challenge): string {
  switch (challenge.method) {
    case 'dnsCname':
      return challenge.target;
    case 'dnsTxt':
      return challenge.value;
    case 'httpFile':
    case 'httpsFile':
      return challenge.content;
    default:
      return assert.fail(challenge.method);
  }
}

/** The values of each name, as the vendor wants them. */
async function wanted(): Promise<readonly string[]> {
  const [view = assert.fail('an order')] = await scene.orders();
  return view.authorizations.map(({ identifier, challenges, preferredMethod }) => {
    const challenge = challenges.find(({ method }) => method === preferredMethod) ?? challenges[0];
    return wantedValue(challenge ?? assert.fail(`nothing is known of ${identifier.value}`));
  });
}

for (const vendor of vendorNames) {
  const { manners } = dialects.find(({ name }) => name === vendor)?.upstream ?? assert.fail();
  if (!manners.modes.includes('relay')) continue;
  const issuer = {
    id: vendor,
    mode: 'relay' as const,
    relayed: manners.relayed,
    ...(manners.takesCsr ? {} : { makesKeys: true as const }),
  };
  for (const door of relayDoorNames) {
    const shown = doorOf(door);
    if (objectionToPair({ dialect: door, door: shown }, issuer) !== undefined) continue;
    const words = relayCustomer(door, nobody).methods;
    const methods = manners.relayed.filter(
      (method) => words[method] !== undefined && shown?.methods.includes(method) === true,
    );
    // Without a CSR where the vendor takes none, and beside it where the door takes such orders.
    const keys = manners.takesCsr ? [true, ...(door === 'racent' ? [false] : [])] : [false];
    for (const method of methods) {
      for (const hasCsr of keys) {
        for (const behind of ['double', 'certmux'] as const) {
          it(`${door} in, ${vendor} out (${behind}), ${method}${hasCsr ? '' : ', without a CSR'}`, async () => {
            await assertShown(door, { vendor, behind, method, hasCsr });
          });
        }
      }
    }
  }
}

async function assertShown(
  door: RelayDoorName,
  {
    vendor,
    behind,
    method,
    hasCsr,
  }: {
    readonly vendor: VendorName;
    readonly behind: 'double' | 'certmux';
    readonly method: ValidationMethod;
    readonly hasCsr: boolean;
  },
): Promise<void> {
  const currency = door === 'digicert' ? { currency: 'USD' } : {};
  scene = await openVendorDoors({ vendor, behind, mode: 'relay', terms: { relayWaitMs: 20_000 }, ...currency });
  const csr = hasCsr ? await csrPemFor(names) : null;
  const customer = relayCustomer(door, scene.tenant);
  const { isDone, text, id } = await customer.order(names, method, csr);
  assert.ok(isDone, text);
  // DigiCert's reply has the value for all names: what differs by name, as with another vendor, is found in the validation (contract 4).
  // A second certmux works in real time, while the wait of our reply is by the clock of the test.
  const isLater = door === 'digicert' || behind === 'certmux';
  if (isLater) await scene.pass(5);
  const reply = isLater ? text + (await customer.show(id, names)) : text;
  const values = await wanted();
  assert.equal(values.length, names.length);
  for (const value of values) {
    assert.ok(reply.includes(JSON.stringify(value).slice(1, -1)), `${value} is not in ${reply}`);
  }
}

describe('every front door', () => {
  it('that relays is in this table', () => {
    const relaying = dialects.filter(({ relayDoor }) => relayDoor !== undefined).map(({ name }) => name);
    assert.deepEqual(relayDoorNames.toSorted(), relaying.toSorted());
  });
});
