/**
 * Every front door sells certificates of an ACME CA that has Pebble's manners and loses requests and answers: order, proofs as the door
 * shows them, download, reissue, duplicate, revocation, cancellation, each by the client half of the door's dialect.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { type AcmeDoors, type AcmeDoorsOptions, openAcmeDoors } from '../support/acme-doors.ts';
import { type Buyer, type BuyerName, buyerNames, createBuyer, words } from '../support/buyers.ts';

let scene: AcmeDoors;
let buyer: Buyer;
let door: BuyerName;
afterEach(() => scene.doors.app.close());

async function open(name: BuyerName, options: AcmeDoorsOptions = {}): Promise<void> {
  door = name;
  const currency = name === 'digicert' ? { currency: 'USD' } : {};
  scene = await openAcmeDoors({
    ca: { preset: 'pebble', seed: buyerNames.indexOf(name) + 1 },
    ...currency,
    ...options,
  });
  for (const ca of scene.cas) {
    ca.misbehave({ on: 'any', how: 'loseRequest', rate: 0.05 });
    ca.misbehave({ on: 'any', how: 'loseReply', rate: 0.05 });
  }
  buyer = await createBuyer(name, scene);
}

const seen = async (id: string, word: keyof (typeof words)[BuyerName]) =>
  scene.passUntil(async () => (await buyer.show(id)).state === words[door][word], `${door} shows ${word}`);

const pems = (text: string) => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

const boughtFor = (names: readonly string[]) =>
  scene.cas.flatMap(({ books }) =>
    books.certificates.filter((one) => one.names.toSorted().join() === names.toSorted().join()),
  );

/** The download is the newest certificate of the CA for these names, with a chain that leads to its root. */
async function assertDelivered(id: string, names: readonly string[], count: number): Promise<void> {
  const [leaf = assert.fail('nothing was downloaded'), ...chain] = pems((await buyer.show(id)).pem).map(
    (one) => new X509Certificate(one),
  );
  const bought = boughtFor(names);
  assert.equal(bought.length, count, 'each certificate was bought once');
  const newest = bought.at(-1) ?? assert.fail();
  assert.equal(leaf.serialNumber.toLowerCase(), newest.serialHex.toLowerCase());
  assert.ok(
    chain.length > 0 && leaf.verify((chain[0] ?? assert.fail()).publicKey),
    'the chain begins with the issuer of the leaf',
  );
  for (const ca of scene.cas) assert.deepEqual(ca.books.bugs, []);
}

const namesOf = (name: BuyerName, mode = 'alias') =>
  mode === 'serve' || name === 'wosign' || name === 'racent'
    ? ['shop.example.com', 'www.shop.example.com']
    : ['shop.example.com', '*.shop.example.com'];

/** Placed, its proofs as the door shows them, and issued. */
async function buy(names: readonly string[]): Promise<string> {
  const standsBefore = door === 'httpsok' || door === 'wosign' || door === 'digicert' || door === 'acme';
  if (standsBefore) scene.prepare(...names);
  if (door === 'wosign') scene.prove(...names);
  const id = await buyer.order(names);
  if (!standsBefore) scene.prepare(...names);
  scene.prove(...names);
  await buyer.proceed(id, names);
  await seen(id, 'issued');
  return id;
}

for (const name of buyerNames) {
  describe(name, () => {
    for (const mode of ['alias', 'serve'] as const) {
      it(`sells certificates of the CA in mode ${mode}, renewed, revoked and cancelled as its API has it`, async () => {
        await open(name, { mode });
        const names = namesOf(name, mode);
        const id = await buy(names);
        await assertDelivered(id, names, 1);
        const next = buyer.reissue === undefined ? id : await buyer.reissue(id, names);
        if (buyer.reissue !== undefined) {
          await seen(next, 'issued');
          await assertDelivered(next, names, 2);
        }
        if (buyer.duplicate !== undefined) {
          await buyer.duplicate(id, names);
          await scene.passUntil(() => boughtFor(names).length === 3, 'the duplicate is bought');
          await scene.doors.app.advance(60);
          await assertDelivered(id, names, 3);
        }
        if (buyer.revoke !== undefined) {
          await buyer.revoke(next);
          if (name !== 'acme') await seen(next, 'revoked');
          await scene.passUntil(
            () => boughtFor(names).some(({ revoked }) => revoked !== undefined),
            'the CA has revoked it',
          );
        }
        if (buyer.cancel !== undefined) {
          const other = ['other.example.org'];
          const second = await buyer.order(other);
          await buyer.cancel(second);
          await seen(second, 'cancelled');
          await scene.doors.app.advance(3600);
          assert.deepEqual(boughtFor(other), []);
        }
      });
    }
  });
}

describe('a pool', () => {
  for (const name of ['encryption365', 'digicert'] as const) {
    it(`goes on to its second CA behind ${name} where the first takes no more for a week`, async () => {
      await open(name, { cas: ['google', 'letsencrypt'] });
      const [first = assert.fail(), second = assert.fail()] = scene.cas;
      const limit = { problem: 'rateLimited', detail: 'too many certificates', retryAfter: 7 * 86_400 };
      first.misbehave({ on: 'newOrder', how: limit, times: Number.POSITIVE_INFINITY });
      const names = namesOf(name);
      const id = await buy(names);
      await assertDelivered(id, names, 1);
      assert.deepEqual([first.books.certificates.length, second.books.certificates.length], [0, 1]);
      const [view = assert.fail('there is an order')] = await scene.orders();
      assert.equal(view.issuance.issuerId, 'letsencrypt');
    });
  }
});
