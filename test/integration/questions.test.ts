/** The questions of an operator, as command lines over HTTP against the whole server: one name is proved, of another the file is wrong. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { certmux, type Outcome } from '../support/command-line.ts';
import { type Customer, createCustomer, placeHttpProofs } from '../support/customer.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';
import { place, pollUntilIssued } from './harness.ts';

let world: World;
let customer: Customer;
before(async () => {
  world = await startWorld();
  customer = await createCustomer(world.url, world.operatorToken, { name: 'Acme', creditMinor: 100_000_00 });
});
after(() => world.close());

async function ask(line: string): Promise<Outcome> {
  const connection = ['--url', world.url, '--token', world.operatorToken];
  const outcome = await certmux([...line.split(' '), ...connection], { workingDirectory: '.' });
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

interface Listed {
  readonly number: number;
  readonly failing: { readonly name: string; readonly method: string; readonly code: string } | null;
}

async function listed(line: string): Promise<readonly Listed[]> {
  return (JSON.parse((await ask(`${line} --json`)).stdout) as { readonly items: readonly Listed[] }).items;
}

describe('an operator who asks a running server', () => {
  it('sees whose validation fails and why, until it is proved, and then when its certificate ends', async () => {
    const host = 'shop.example.com';
    const { trustocean_id: number, dcv_info } = await place(customer, [host]);
    const proof = dcv_info[host] ?? assert.fail();
    world.dns.set(host, 'A', world.web.address);
    world.web.put(host, new URL(proof.http_verifylink).pathname, 'something else');
    const failing = async () => (await listed('order list --failing')).filter((one) => one.number === number);
    await until(async () => (await failing()).length > 0, 'a check finds what is wrong');
    const [line] = await failing();
    assert.deepEqual([line?.failing?.name, line?.failing?.method], [host, 'httpFile']);
    assert.match((await ask('order list --failing')).stdout, new RegExp(`${number} +${host} +httpFile +20`));

    placeHttpProofs(world, dcv_info);
    await pollUntilIssued(customer, number);
    assert.deepEqual(await failing(), []);
    const ending = (await listed('order list --state active --ends-within 3650 --issuer embedded')).map(
      (one) => one.number,
    );
    assert.ok(ending.includes(number));
    assert.equal((await listed('certificate list --state valid --ends-within 3650')).length, ending.length);
    const { stdout } = await ask(
      `order list --name-part shop.exam --product encryption365:100 --account ${customer.accountId} --csv`,
    );
    assert.equal(stdout.trimEnd().split('\r\n').length, 2);
  });
});
