/**
 * The CA hangs under a root that somebody else keeps, from the first day on: orders wait for its certificate, a TLS client trusts the
 * outside root, and at each step `openssl verify -crl_check_all` agrees.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startOutsideCa } from '../support/outside-ca.ts';
import {
  clientOf,
  customerOf,
  handshake,
  issued,
  place,
  saved,
  subjectsOf,
  summaryOf,
  verify,
} from '../support/outside-scene.ts';
import { until } from '../support/system.ts';
import { startWorld } from '../support/world.ts';

describe('A CA under an outside root', () => {
  test('from the first request to a renewal with another key', async () => {
    await using cleanup = new AsyncDisposableStack();
    const ca = await startOutsideCa({ extensions: ['nameConstraints = critical,permitted;DNS:customer.example'] });
    cleanup.defer(() => ca.remove());
    const world = await startWorld({ authority: { root: 'outside' } });
    cleanup.defer(() => world.close());
    const operator = clientOf(world, world.operatorToken);
    const customer = await customerOf(world, operator);

    // Nothing was made, and an order waits for the operator.
    assert.deepEqual((await operator.authorities.list({})).items, []);
    const first = await place(world, customer, 'www.customer.example');
    await until(
      async () => (await summaryOf(customer, first.order)).includes('has no certificate yet'),
      'it waits for the CA',
    );

    const toldOf = async (said: RegExp) => {
      const ask = async () => (await fetch(`${world.url}/readyz`)).json() as Promise<{ status: string; ca?: string }>;
      await until(async () => said.test((await ask()).ca ?? 'nothing'), `/readyz says of the CA ${said}`);
      assert.equal((await ask()).status, 'ready');
    };
    await toldOf(/certmux ca request/);
    await assert.rejects(operator.setup.confirm({ step: 'root' }), /has no certificate yet/);

    // A request, its certificate, and the order goes on by itself.
    const request = await operator.authorities.request({ commonName: 'Customer TLS CA 1' });
    await toldOf(/the request of O=.*, CN=Customer TLS CA 1 is to be signed/);
    assert.match(
      await ca.openssl('req', '-noout', '-text', '-verify', '-in', await saved(ca, 'r.csr', request.csr)),
      /CA:TRUE, pathlen:0[\s\S]*TLS Web Server Authentication/,
    );
    assert.deepEqual(
      (await operator.authorities.requests({})).items.map(({ id }) => id),
      [request.id],
    );
    const certificate = await ca.sign(request.csr);
    const files = [
      { name: 'sub.pem', pem: certificate },
      { name: 'root.pem', pem: ca.certificate },
    ];
    const dry = await operator.authorities.install({ files, dryRun: true });
    assert.deepEqual(
      dry.authorities.map(({ change, role, keyPlace }) => [change, role, keyPlace]),
      [
        ['made', 'intermediate', 'here'],
        ['made', 'root', 'outside'],
      ],
    );
    assert.deepEqual((await operator.authorities.list({})).items, [], 'a dry run changes nothing');
    await operator.authorities.install({ files });
    assert.deepEqual((await operator.authorities.requests({})).items, []);
    const leaf = await issued(customer, first.order);
    await toldOf(/^nothing$/);
    const steps = (await operator.setup.confirm({ step: 'root' })).steps;
    assert.equal(steps.find(({ step }) => step === 'root')?.isDone, true);

    // Its list is made here, the root's comes from there.
    const [root, own] = ['root', 'intermediate'].map((role) => async () => {
      const found = (await operator.authorities.list({})).items.find((one) => one.role === role);
      assert.ok(found !== undefined);
      return found;
    });
    assert.ok(root !== undefined && own !== undefined);
    await until(async () => (await own()).crl !== null, 'its first list is made');
    await operator.authorities.uploadList({ authority: (await root()).id, list: await ca.list() });
    await verify(ca, world, leaf);
    await handshake({ ...leaf, key: first.key }, ca.certificate);

    // Names outside of the root's constraints are refused when they are ordered, before anything is charged.
    await assert.rejects(place(world, customer, 'www.other.example'), /permits only customer\.example/);

    // The same key, certified again: what was issued goes on being served with a chain that verifies.
    const again = await operator.authorities.request({ renews: (await own()).id, sameKey: true });
    const renewed = await ca.sign(again.csr);
    const result = await operator.authorities.install({ files: [{ name: 'renewed.pem', pem: renewed }] });
    assert.deepEqual(
      result.authorities.map(({ change }) => change),
      ['renewed', 'kept'],
    );
    await until(async () => (await issued(customer, first.order)).chain.includes(renewed.trim()), 'chains follow');
    await verify(ca, world, await issued(customer, first.order));

    // Another key: the new one signs, the former keeps its list.
    const next = await operator.authorities.request({ renews: (await own()).id, commonName: 'Customer TLS CA 2' });
    const successor = await operator.authorities.install({
      files: [{ name: 'next.pem', pem: await ca.sign(next.csr) }],
    });
    assert.deepEqual(
      successor.authorities.map(({ change }) => change),
      ['made', 'kept', 'retired'],
    );
    const second = await place(world, customer, 'shop.customer.example');
    const later = await issued(customer, second.order);
    assert.match(await subjectsOf(ca, later.chain), /Customer TLS CA 2/);
    await until(
      async () => (await operator.authorities.list({})).items.filter(({ crl }) => crl !== null).length === 3,
      'each has its list',
    );
    for (const one of [await issued(customer, first.order), later]) await verify(ca, world, one);
    await handshake({ ...later, key: second.key }, ca.certificate);

    // The root revokes the new one: it signs no more, and clients see it.
    const revoked = (await operator.authorities.list({})).items.find(({ id }) => id === next.id);
    await ca.revoke(revoked?.pem ?? '');
    const uploaded = await operator.authorities.uploadList({ authority: (await root()).id, list: await ca.list() });
    assert.deepEqual(uploaded.revoked, [next.subject]);
    await assert.rejects(verify(ca, world, later), /certificate revoked/);
    const third = await place(world, customer, 'api.customer.example');
    await until(
      async () => (await summaryOf(customer, third.order)).includes('has no certificate yet'),
      'nothing signs now',
    );
  });
});
