/**
 * What each front door shows while an order at an ACME CA cannot go on, or has failed: its own word for the state, and what is to be done
 * wherever its API has a text for people. The doors of Chinese vendors speak Chinese.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { refuse } from '../../src/domain/errors.ts';
import { type AcmeDoors, openAcmeDoors } from '../support/acme-doors.ts';
import { type Buyer, type BuyerName, buyerNames, createBuyer, type Shown, words } from '../support/buyers.ts';
import type { DoorLanguage } from '../support/front-doors.ts';

let scene: AcmeDoors;
let buyer: Buyer;
afterEach(() => scene.doors.app.close());

const names = ['shop.example.com', 'www.shop.example.com'] as const;
const always = Number.POSITIVE_INFINITY;

interface Texts {
  /** Null: the API has no text for orders; its state says all that it can. */
  readonly missing: RegExp | null;
  readonly refused: RegExp | null;
  readonly limited: RegExp | null;
}

const chinese: Texts = {
  missing: /请添加 CNAME 记录：_acme-challenge\.www\.shop\.example\.com 指向/,
  refused: /letsencrypt 拒绝了该订单：policy forbids it/,
  limited: /letsencrypt 在 2026-06-08T00:00:\d\d\.000Z 之前不再受理此类订单：too many certificates/,
};

/** What the texts say. The native API is called with Accept-Language: zh. */
const texts: Readonly<Record<BuyerName, Texts>> = {
  native: chinese,
  encryption365: chinese,
  acme: { missing: null, refused: /letsencrypt refused the order: policy forbids it/, limited: null },
  // Its errors are codes: other_msg is the record with 107, and the reason with 109.
  wosign: {
    missing: /107 .*_acme-challenge\.www\.shop\.example\.com/,
    refused: /109 refused: letsencrypt 拒绝了该订单：policy forbids it/,
    limited: null,
  },
  // While it is under way it has four members and no text: `/v1/cert/dv` shows the record as not valid.
  httpsok: { missing: null, refused: chinese.refused, limited: null },
  // Notes of the order.
  digicert: {
    missing: /set the record _acme-challenge\.www\.shop\.example\.com CNAME/,
    refused: /letsencrypt refused the order: policy forbids it/,
    limited: /letsencrypt takes .* 2026-06-08T00:00:\d\d\.000Z.*too many certificates/,
  },
  racent: chinese,
};

async function open(name: BuyerName, language: DoorLanguage = 'own'): Promise<number> {
  const currency = name === 'digicert' ? { currency: 'USD' } : {};
  scene = await openAcmeDoors({ language, ...currency });
  buyer = await createBuyer(name, scene);
  scene.prepare(...names);
  scene.prove(...names);
  return scene.balance();
}

/** Placed and proved; the answer of the order, where that is a refusal already (WoSign answers in one call). */
async function order(): Promise<{ readonly id: string; readonly answer: string }> {
  try {
    const id = await buyer.order(names);
    await buyer.proceed(id, names).catch(() => undefined);
    await scene.doors.app.advance(60);
    return { id, answer: '' };
  } catch (thrown) {
    await scene.doors.app.advance(60);
    return { id: '', answer: (thrown as Error).message };
  }
}

/** Those whose call for a check now says nothing of methods: the others find it at our next look, within a minute. */
const checksOnRequest: readonly BuyerName[] = ['native', 'encryption365', 'digicert', 'racent'];

function assertSays(shown: Shown, text: RegExp | null): void {
  if (text !== null) assert.match(shown.says, text);
}

for (const name of buyerNames) {
  const { missing, refused, limited } = texts[name];
  describe(name, () => {
    it('shows an order whose delegation was taken away as under way, names the record, and goes on once it is back', async () => {
      await open(name);
      const [, second] = names;
      // Our earlier look found it; the one before the order does not.
      scene.zone.remove(scene.recordOf(second).host);
      const { id, answer } = await order();
      const [view = assert.fail('there is an order')] = await scene.orders();
      assert.deepEqual(
        [view.issuance.state, view.issuance.rest?.turn, scene.ca.books.orders.length],
        ['issuing', 'customer', 0],
      );
      if (id === '') {
        assert.match(answer, missing ?? assert.fail());
      } else {
        const shown = await buyer.show(id);
        if (name !== 'wosign') assert.equal(shown.state, words[name].waiting);
        assertSays(shown, missing);
      }
      scene.prepare(second);
      // Whoever says so does not wait for our next look.
      if (checksOnRequest.includes(name)) {
        await buyer.proceed(id, names);
        await scene.doors.app.advance(5);
        assert.equal(scene.ca.books.orders.length, 1);
      }
      await scene.passUntil(async () => (await scene.orders())[0]?.issuance.state === 'issued', 'it is issued');
    });

    it('shows a name that the CA refuses as failed, and gives the money back', async () => {
      const before = await open(name);
      scene.ca.misbehave({ on: 'newOrder', how: { problem: 'rejectedIdentifier', detail: 'policy forbids it' } });
      const { id, answer } = await order();
      const [view = assert.fail('there is an order')] = await scene.orders();
      assert.deepEqual([view.issuance.state, view.issuance.failure?.key], ['failed', 'caRefused']);
      assert.equal(await scene.balance(), before);
      if (id === '') {
        assert.match(answer, refused ?? assert.fail());
        return;
      }
      const shown = await buyer.show(id);
      assert.equal(shown.state, words[name].failed);
      assertSays(shown, refused);
    });

    it('shows an order as under way while the CA takes none for a week, and afterwards sells it', async () => {
      await open(name);
      const how = { problem: 'rateLimited', detail: 'too many certificates', retryAfter: 7 * 86_400 };
      scene.ca.misbehave({ on: 'newOrder', how, times: always });
      const { id } = await order();
      const [view = assert.fail('there is an order')] = await scene.orders();
      assert.deepEqual([view.issuance.rest?.turn, view.issuance.rest?.reason.key], ['operator', 'upstreamLimit']);
      const shown = await buyer.show(id);
      assert.equal(shown.state, words[name].waiting);
      assertSays(shown, limited);
      scene.ca.behave();
      await scene.doors.app.advance(7 * 86_400);
      await scene.passUntil(async () => (await scene.orders())[0]?.issuance.state === 'issued', 'it is issued');
      assert.equal(scene.ca.books.certificates.length, 1);
    });

    it('shows an order as under way while the CA is away, and sells it once', async () => {
      await open(name);
      scene.ca.misbehave({ on: 'any', how: 'loseRequest', rate: 1 });
      const { id } = await order();
      assert.equal((await buyer.show(id)).state, words[name].waiting);
      scene.ca.behave();
      await scene.doors.app.advance(3600);
      await scene.passUntil(async () => (await scene.orders())[0]?.issuance.state === 'issued', 'it is issued');
      assert.equal(scene.ca.books.certificates.length, 1);
    });

    it('refuses a CSR that lacks a name of the order, names it, and charges nothing', async () => {
      const before = await open(name);
      if (name === 'httpsok') {
        // It makes the key itself, and a CSR with all names.
        const { id } = await order();
        await scene.passUntil(async () => (await buyer.show(id)).state === '1', 'it is issued');
        assert.deepEqual(
          scene.ca.books.certificates.map((one) => one.names),
          [[...names]],
        );
        return;
      }
      const asked = async () => {
        const id = await buyer.order(names, [names[0]]);
        await buyer.proceed(id, names);
        throw refuse('internal', {}, { cause: new Error('the order was taken') });
      };
      await assert.rejects(asked, (thrown: Error) => {
        assert.match(thrown.message, lacking[name]);
        return true;
      });
      await scene.doors.app.advance(60);
      assert.equal(await scene.balance(), before);
      assert.deepEqual(scene.ca.books.orders, []);
    });
  });
}

it('racent sells certificates for keys that are made here, whose CSRs have all names', async () => {
  await open('racent');
  const id = await buyer.order(names, []);
  await scene.passUntil(async () => (await buyer.show(id)).state === 'COMPLETE', 'it is issued');
  assert.deepEqual(
    scene.ca.books.certificates.map((one) => one.names.toSorted()),
    [[...names]],
  );
  assert.match((await buyer.show(id)).privateKey ?? '', /PRIVATE KEY/);
});

describe('why a CA has refused an order', () => {
  const english = /letsencrypt refused the order: policy forbids it/;
  for (const [name, language, text] of [
    ['wosign', 'en', english],
    ['racent', 'en', english],
    ['digicert', 'zh', /letsencrypt 拒绝了该订单：policy forbids it/],
  ] as const) {
    it(`is readable at ${name} in ${language} as well`, async () => {
      await open(name, language);
      scene.ca.misbehave({ on: 'newOrder', how: { problem: 'rejectedIdentifier', detail: 'policy forbids it' } });
      const { id, answer } = await order();
      assert.match(id === '' ? answer : (await buyer.show(id)).says, text);
    });
  }

  it('stands at digicert beside the notes that people wrote, newest first, by nobody', async () => {
    await open('digicert');
    scene.ca.misbehave({ on: 'newOrder', how: { problem: 'caa', detail: 'CAA forbids it' } });
    const { id } = await order();
    const notesOf = `/services/v2/order/certificate/${id}/note`;
    await scene.doors.app.advance(60);
    await scene.tenant.post('digicert', notesOf, { text: 'who owns this name?' });
    const { notes } = await scene.tenant.get('digicert', notesOf);
    assert.deepEqual(
      notes.map((note: { text: string; user: { id: number } }) => [note.text, note.user.id === 0]),
      [
        ['who owns this name?', false],
        ['letsencrypt refused the order: CAA forbids it', true],
      ],
    );
  });
});

it('digicert looks for the record that the CA needs when check-dcv is called, and names it while it is missing', async () => {
  await open('digicert');
  const [, second] = names;
  scene.zone.remove(scene.recordOf(second).host);
  const { id } = await order();
  await assert.rejects(buyer.proceed(id, names), (thrown: Error) => {
    assert.match(thrown.message, texts.digicert.missing ?? assert.fail());
    return true;
  });
  scene.prepare(second);
  await buyer.proceed(id, names);
  await scene.passUntil(async () => (await buyer.show(id)).state === 'issued', 'it is issued');
});

/** What each says of a CSR without `www.shop.example.com`. */
const lacking: Readonly<Record<BuyerName, RegExp>> = {
  native: /CSR 中缺少 www\.shop\.example\.com/,
  encryption365: /CSR 中缺少 www\.shop\.example\.com/,
  racent: /CSR 中缺少 www\.shop\.example\.com/,
  digicert: /it lacks www\.shop\.example\.com/,
  acme: /www\.shop\.example\.com/,
  // One of eleven codes; the words are in a header.
  wosign: /104 csr error/,
  httpsok: /^$/,
};
