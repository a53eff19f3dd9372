/**
 * Mode `persist` behind every front door, by the client half of its dialect: the customer sets one TXT record for good, which names the CA
 * and our account there, and orders as often as they like.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeDoors, type AcmeDoorsOptions, openAcmeDoors, persistHostOf } from '../support/acme-doors.ts';
import { type Buyer, type BuyerName, buyerNames, createBuyer, words } from '../support/buyers.ts';

let scene: AcmeDoors;
let buyer: Buyer;
afterEach(() => scene.doors.app.close());

/** WoSign's signfile and Racent's product of these tests are for plain names. */
const namesOf = (door: BuyerName) =>
  door === 'wosign' || door === 'racent'
    ? ['shop.example.com', 'www.shop.example.com']
    : ['shop.example.com', '*.shop.example.com'];

async function open(door: BuyerName, options: AcmeDoorsOptions = {}): Promise<void> {
  const currency = door === 'digicert' ? { currency: 'USD' } : {};
  scene = await openAcmeDoors({ mode: 'persist', ...currency, ...options });
  buyer = await createBuyer(door, scene);
}

/** Pebble's manners, and requests and answers that are lost. */
function beNasty(): void {
  scene.ca.misbehave({ on: 'any', how: 'loseRequest', rate: 0.05 });
  scene.ca.misbehave({ on: 'any', how: 'loseReply', rate: 0.05 });
}

/** Placed, and the door's own challenges answered. @returns '' where the order itself was answered with a refusal (WoSign) */
async function place(names: readonly string[]): Promise<{ readonly id: string; readonly answer: string }> {
  scene.prove(...names);
  try {
    const id = await buyer.order(names);
    scene.prove(...names);
    await buyer.proceed(id, names).catch(() => undefined);
    await scene.doors.app.advance(60);
    return { id, answer: '' };
  } catch (thrown) {
    await scene.doors.app.advance(60);
    return { id: '', answer: (thrown as Error).message };
  }
}

const issued = (count: number) =>
  scene.passUntil(async () => {
    return (await scene.newestIssuance()).state === 'issued' && scene.ca.books.certificates.length === count;
  }, `${count} certificates are issued`);

/** What the door says while the record is missing, where its API has a text for people. */
const missing: Readonly<Record<BuyerName, RegExp | null>> = {
  native:
    /set the record _validation-persist\.(www\.)?shop\.example\.com TXT "ca\.example; accounturi=https:\/\/ca1\.example\/account\//,
  encryption365:
    /set the record _validation-persist\.(www\.)?shop\.example\.com TXT "ca\.example; accounturi=https:\/\/ca1\.example\/account\//,
  wosign: /107 .*_validation-persist\.(www\.)?shop\.example\.com/,
  acme: null,
  httpsok: null,
  digicert: null,
  racent: null,
};

/** It waits for the customer, and the CA was not asked: a look that fails would count against us. */
async function assertWaits(
  door: BuyerName,
  { id, answer }: Awaited<ReturnType<typeof place>>,
  ordersBefore: number,
): Promise<void> {
  const issuance = await scene.newestIssuance();
  assert.deepEqual(
    [issuance.state, issuance.rest?.turn, issuance.rest?.reason.key, scene.ca.books.orders.length],
    ['issuing', 'customer', 'persistentRecordMissing', ordersBefore],
  );
  const text = missing[door];
  if (id === '') {
    assert.match(answer, text ?? assert.fail('only WoSign refuses'));
    return;
  }
  const shown = await buyer.show(id);
  assert.equal(shown.state, words[door].waiting);
  if (text !== null) assert.match(shown.says, text);
}

for (const [index, door] of buyerNames.entries()) {
  const names = namesOf(door);
  describe(door, () => {
    it('sells by a record that stays, and the next order for the same names needs nothing placed', async () => {
      // Every other CA looks for the record when the order is placed.
      const looksForRecordsAtOnce = index % 2 === 1;
      await open(door, { ca: { preset: 'pebble', seed: index + 1, settings: { looksForRecordsAtOnce } } });
      beNasty();
      scene.prepare(...names);
      await place(names);
      await issued(1);
      const second = await buyer.order(names);
      await buyer.proceed(second, names).catch(() => undefined);
      await issued(2);
      const shown = await buyer.show(second);
      assert.equal(shown.state, words[door].issued);
      assert.match(shown.pem, /BEGIN CERTIFICATE/);
      assert.deepEqual(scene.ca.books.bugs, []);
    });

    it('waits for the customer while the record is gone, and goes on once it is back', async () => {
      await open(door);
      scene.prepare(...names);
      await place(names);
      await issued(1);
      scene.unprepare(...names);
      const outcome = await place(names);
      await assertWaits(door, outcome, 1);
      scene.prepare(...names);
      await issued(2);
    });

    it('waits for the customer while the record names another account', async () => {
      await open(door);
      for (const name of new Set(names.map((one) => one.replace(/^\*\./, '')))) {
        scene.zone.set(
          persistHostOf(name),
          'TXT',
          'ca.example; accounturi=https://ca1.example/account/9; policy=wildcard',
        );
      }
      const outcome = await place(names);
      await assertWaits(door, outcome, 0);
      const { rest } = await scene.newestIssuance();
      assert.match(JSON.stringify(rest?.reason.params), /account\/9/);
      // A name may have records of several accounts.
      scene.prepare(...names);
      await issued(1);
    });
  });
}
