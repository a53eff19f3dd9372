/**
 * Chains of three: a customer's client, one certmux that buys from another through a vendor's API, and the CA at the end, which is the
 * second certmux's own or that of a third. The customer places exactly what its API shows, and nothing else is there to be found.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { createDigicertClient } from '../../src/dialects/digicert/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { type Buyer, type BuyerName, baseUrl, createBuyer, csrPemFor, words } from '../support/buyers.ts';
import type { FrontDoors } from '../support/front-doors.ts';
import { openVendorDoors, type VendorDoors } from '../support/vendor-doors.ts';

const names = ['shop.example.com', 'www.shop.example.com', 'example.org'];

let scene: VendorDoors;
afterEach(() => scene.close());

const secondOf = () => scene.other ?? assert.fail('there is a second certmux');
const thirdOf = () => scene.next?.other ?? assert.fail('there is a third certmux');

/** Challenges of this method, as a server has them for each name of its only order. */
async function challengesOf({ app }: FrontDoors, method: 'dnsCname' | 'httpFile') {
  const { items } = await app.ports.orders.list(app.operator, { limit: 2 });
  const [only = assert.fail('an order'), ...others] = items;
  assert.deepEqual(others, []);
  const view = await app.ports.orders.get(app.operator, { number: only.order.number });
  return view.authorizations.map(({ identifier: { value: name }, challenges }) => {
    const found = challenges.find((one) => one.method === method) ?? assert.fail(`no ${method} for ${name}`);
    if (found.method === 'httpFile') return { name, path: found.path, content: found.content };
    if (found.method === 'dnsCname') return { name, host: found.host, target: found.target };
    return assert.fail(found.method);
  });
}

const sorted = <One extends { readonly name: string }>(found: readonly One[]) =>
  found.toSorted((one, other) => (one.name < other.name ? -1 : 1));

const pathOf = (url: string) => new URL(url).pathname;

/** The chain that the customer downloaded, by whom each certificate is issued, with the CA at its end. */
async function assertIssuedBy(end: FrontDoors, pem: string): Promise<void> {
  const texts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const [leaf = assert.fail('a leaf'), issuer = assert.fail('its issuer')] = texts.map(
    (one) => new X509Certificate(one),
  );
  assert.ok(leaf.verify(issuer.publicKey));
  const subjects = (leaf.subjectAltName ?? '').split(', ').map((one) => one.replace('DNS:', ''));
  assert.deepEqual(subjects.toSorted(), names.toSorted());
  const { app } = end;
  const { items } = await app.ports.certificates.list(app.operator, { limit: 2 });
  assert.deepEqual(
    items.map(({ serial }) => serial.toLowerCase()),
    [leaf.serialNumber.toLowerCase()],
    'the CA at the end has issued this one, and no other',
  );
}

async function awaitIssued(buyer: Buyer, door: BuyerName, id: string): Promise<string> {
  await scene.passUntil(async () => (await buyer.show(id)).state === words[door].issued, `${door} shows it as issued`);
  return (await buyer.show(id)).pem;
}

describe('DigiCert in, the Racent API of a second certmux, its CA', () => {
  it('shows each name its own value of the second server, and issues once those stand', async () => {
    scene = await openVendorDoors({ vendor: 'racent', behind: 'certmux', currency: 'USD' });
    const { doors, tenant } = scene;
    const key = await doors.keyTo('digicert', tenant.accountId as never, ['requester', 'registrar', 'administrator']);
    const client = createDigicertClient({
      baseUrl,
      key: new Secret(Object.values(key)[0] ?? ''),
      fetch: (request) => doors.fetch('digicert', request),
    });
    const buyer = await createBuyer('digicert', scene);
    const placed = await client.placeOrder({
      product: 'ssl_dv_geotrust_flex',
      commonName: names[0] ?? '',
      names: names.slice(1),
      csrPem: await csrPemFor(names),
      years: 1,
      method: 'dns-cname-token',
      skipsApproval: true,
    });
    const tokens = async () => (await client.validation(placed.id)).dns_name_validations;
    await scene.passUntil(async () => (await tokens()).every((one) => one.dcv_token !== undefined), 'values are shown');
    const shown = (await tokens()).map(({ name_scope: name, dcv_token: token }) => ({
      name,
      host: `${token?.token}.${name}`,
      target: token?.verification_value ?? '',
    }));
    assert.deepEqual(sorted(shown), sorted(await challengesOf(secondOf(), 'dnsCname')));
    assert.equal(new Set(shown.map(({ host }) => host)).size, names.length);

    // All but one: nothing is issued, and the API says so of that one name.
    const [missing = assert.fail('a name'), ...first] = shown;
    for (const { host, target } of first) secondOf().app.checks.placeRecord(host, target);
    await scene.pass(600);
    assert.equal((await client.order(placed.id)).status, 'pending');
    assert.equal(await scene.sold(names), 0);
    secondOf().app.checks.placeRecord(missing.host, missing.target);
    await assertIssuedBy(secondOf(), await awaitIssued(buyer, 'digicert', String(placed.id)));
    assert.deepEqual(scene.doors.app.checks.looks, [], 'only the server at the end looks');
  });
});

describe('ACME in, the DigiCert API of a second certmux in mode standing, its CA', () => {
  it('issues at once for domains that stand there, while the client proves its names here', async () => {
    scene = await openVendorDoors({ vendor: 'digicert', behind: 'certmux', mode: 'standing' });
    await scene.prepare(...names);
    const buyer = await createBuyer('acme', scene);
    const id = await buyer.order(names);
    await scene.pass(5);
    scene.prove(...names);
    await buyer.proceed(id, names);
    await assertIssuedBy(secondOf(), await awaitIssued(buyer, 'acme', id));
    const looked = new Set(scene.doors.app.checks.looks.map(({ name }) => name));
    assert.deepEqual(
      [...looked].toSorted(),
      names.toSorted(),
      'the first server has looked for the proofs of its client',
    );
  });

  it('waits for the operator while a domain does not stand there, and buys nothing', async () => {
    scene = await openVendorDoors({ vendor: 'digicert', behind: 'certmux', mode: 'standing' });
    const buyer = await createBuyer('acme', scene);
    const id = await buyer.order(names);
    await scene.pass(5);
    scene.prove(...names);
    await buyer.proceed(id, names);
    const reasonOf = async () => (await scene.orders())[0]?.issuance.rest?.reason.key;
    await scene.passUntil(async () => (await reasonOf()) !== undefined, 'the order waits');
    assert.equal(await reasonOf(), 'vendorNotStanding');
    const { app } = secondOf();
    assert.deepEqual((await app.ports.orders.list(app.operator, { limit: 1 })).items, []);
  });
});

describe('native in, the Encryption365 API of a second certmux, the Racent API of a third, its CA', () => {
  it('hands the challenges of the third down to the customer, and its certificate up', async () => {
    scene = await openVendorDoors({ vendor: 'encryption365', behind: 'certmux', onwards: 'racent' });
    const { doors, tenant } = scene;
    const { token } = await doors.keyTo('native', tenant.accountId as never, ['requester', 'registrar']);
    const client = createNativeClient({ baseUrl, token, fetch: (request) => doors.fetch('native', request) });
    const csr = await csrPemFor(names);
    const { number } = await client.orders.place({ productCode: 'encryption365:paid', names: [...names], csr });
    const order = String(number);
    // The API between them orders by file unless it is asked for something else, and the third shows what it was asked for.
    const shown = async () =>
      (await client.orders.show({ order })).names.flatMap(({ name, proofs }) =>
        proofs.flatMap((one) =>
          one.method === 'httpFile' ? [{ name, path: pathOf(one.url), content: one.content }] : [],
        ),
      );
    await scene.passUntil(async () => (await shown()).length === names.length, 'the files are shown');
    const files = await shown();
    assert.deepEqual(sorted(files), sorted(await challengesOf(thirdOf(), 'httpFile')));
    assert.deepEqual(sorted(files), sorted(await challengesOf(secondOf(), 'httpFile')));

    for (const { name, path, content } of files) thirdOf().app.checks.placeFile(name, path, content);
    const state = async () => (await client.orders.show({ order })).state;
    await scene.passUntil(async () => (await state()) === 'active', 'the order is active');
    const { certificate } = await client.orders.show({ order });
    const { bytes } = await client.certificates.download({ certificate: certificate?.id ?? assert.fail() });
    await assertIssuedBy(thirdOf(), Buffer.from(bytes).toString());
    assert.equal(await scene.sold(names), 1);
    for (const { app } of [doors, secondOf()]) assert.deepEqual(app.checks.looks, []);
  });
});
