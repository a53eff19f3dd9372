/** Orders of names that are covered already: more certificates of the order that covers them, which cost nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { parseCertificatePem } from '../../../src/pki/certificate.ts';
import { certIdOf, createSession, csrFor, type Session } from './harness.ts';

const names = ['www.example.com', 'example.com'];
const dayMs = 86_400_000;

async function order(session: Session, of: readonly string[] = names, payload = {}) {
  const ready = await session.readyOrder(of, payload);
  const finalized = await session.client.post(ready.body.finalize, { csr: await csrFor(of) });
  assert.equal(finalized.body.status, 'valid', finalized.text);
  const certificate = parseCertificatePem((await session.client.post(finalized.body.certificate)).text);
  return { certificate, ...(await orderOf(session, finalized.body.certificate)) };
}

/** The order and the issuance behind a certificate's URL. */
async function orderOf({ app }: Session, url: string): Promise<Pick<OrderView, 'order' | 'issuance'>> {
  const id = url.split('/').at(-1) ?? '';
  const { certificate } = await app.ports.certificates.get(app.operator, id);
  const issuance = await app.database.read.issuances.get(certificate.issuanceId);
  const found = await app.database.read.orders.get(certificate.orderId);
  assert.ok(issuance !== undefined && found !== undefined);
  return { order: found, issuance };
}

async function balanceOf({ app, account }: Session): Promise<number> {
  return (await app.ports.accounts.get(app.operator, account.id)).balanceMinor;
}

describe('the same names again', () => {
  it('soon: a duplicate, which costs nothing', async () => {
    const session = await createSession({ balanceMinor: 1_000_000 });
    const first = await order(session);
    const paid = await balanceOf(session);
    await session.app.clock.advance(10 * dayMs);
    const second = await order(session, names.toReversed());
    assert.deepEqual([second.order.id, second.issuance.kind], [first.order.id, 'duplicate']);
    assert.deepEqual(second.certificate.notAfter, first.certificate.notAfter);
    assert.equal(await balanceOf(session), paid);
  });

  it('to replace the certificate: a reissue', async () => {
    const session = await createSession({ balanceMinor: 1_000_000 });
    const first = await order(session);
    const paid = await balanceOf(session);
    await session.app.clock.advance(10 * dayMs);
    const second = await order(session, names, { replaces: certIdOf(first.certificate.der) });
    assert.deepEqual([second.order.id, second.issuance.kind], [first.order.id, 'reissue']);
    assert.equal(await balanceOf(session), paid);
  });

  it('after half of its life: a reissue', async () => {
    const session = await createSession({ balanceMinor: 1_000_000 });
    const first = await order(session);
    await session.app.clock.advance(200 * dayMs);
    const second = await order(session);
    assert.deepEqual([second.order.id, second.issuance.kind], [first.order.id, 'reissue']);
    // Young again.
    await session.app.clock.advance(dayMs);
    assert.equal((await order(session)).issuance.kind, 'duplicate');
  });

  it('after a revocation: a reissue', async () => {
    const session = await createSession({ balanceMinor: 1_000_000 });
    const first = await order(session);
    const { client } = session;
    const der = Buffer.from(first.certificate.der).toString('base64url');
    assert.equal((await client.post(client.directory.revokeCert ?? '', { certificate: der })).status, 200);
    const second = await order(session);
    assert.notEqual(second.issuance.kind, 'duplicate');
  });

  it('when the certificate could last no longer, near the end of the coverage: a renewal, to which the rest is added', async () => {
    const session = await createSession({ balanceMinor: 1_000_000 });
    const first = await order(session);
    const paid = await balanceOf(session);
    await session.app.clock.advance(340 * dayMs);
    const second = await order(session);
    assert.deepEqual([second.issuance.kind, second.order.renewalOf], ['new', first.order.id]);
    assert.ok((await balanceOf(session)) < paid);
    const restMs = (first.order.coverageUntil?.getTime() ?? 0) - session.app.clock.now().getTime();
    const { coverageFrom, coverageUntil } = second.order;
    const lengthMs = (coverageUntil?.getTime() ?? 0) - (coverageFrom?.getTime() ?? 0);
    assert.ok(lengthMs > 365 * dayMs + restMs - 2 * dayMs, String(lengthMs / dayMs));
  });

  it('after the coverage: a renewal', async () => {
    const session = await createSession({ balanceMinor: 1_000_000 });
    const first = await order(session);
    await session.app.clock.advance(400 * dayMs);
    const second = await order(session);
    assert.deepEqual([second.issuance.kind, second.order.renewalOf], ['new', first.order.id]);
  });
});

it('other names are another order, and so are fewer', async () => {
  const session = await createSession({ balanceMinor: 1_000_000 });
  const first = await order(session);
  const second = await order(session, ['www.example.com']);
  assert.equal(second.issuance.kind, 'new');
  assert.notEqual(second.order.id, first.order.id);
  assert.equal(second.order.renewalOf, null);
});

it('two clients that finalize at once share one order, and pay once', async () => {
  const session = await createSession({ balanceMinor: 1_000_000 });
  const { client } = session;
  const before = await balanceOf(session);
  const [one, other] = [await session.readyOrder(names), await session.readyOrder(names)];
  const [firstCsr, secondCsr] = [await csrFor(names), await csrFor(names)];
  const replies = await Promise.all([
    client.post(one.body.finalize, { csr: firstCsr }),
    client.post(other.body.finalize, { csr: secondCsr }),
  ]);
  for (const reply of replies) {
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.body.status, /^(processing|valid)$/);
  }
  await session.app.idle();
  const urls = await Promise.all(
    replies.map(async (reply) => {
      const shown = await client.post(reply.headers.get('location') ?? '');
      const last = await client.post(reply.headers.get('location') ?? '');
      assert.equal(last.body.status, 'valid', `${shown.text} ${last.text}`);
      return String(last.body.certificate);
    }),
  );
  assert.notEqual(urls[0], urls[1]);
  const orders = await Promise.all(urls.map(async (url) => (await orderOf(session, url)).order));
  assert.equal(orders[0]?.id, orders[1]?.id);
  assert.equal(before - (await balanceOf(session)), orders[0]?.totalMinor);
});
