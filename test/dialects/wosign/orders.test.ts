/** What a request asks of the core, and how an order is answered: at once, when it is repeated, and when it is fetched. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newKey } from '../../../src/dialects/wosign/auth.ts';
import { handleOf, orderIdOf } from '../../../src/dialects/wosign/handle.ts';
import { wosign } from '../../../src/dialects/wosign/index.ts';
import { orderToWire } from '../../../src/dialects/wosign/order-to-wire.ts';
import { signfileOf } from '../../../src/dialects/wosign/proofs.ts';
import { standingOf } from '../../../src/dialects/wosign/status.ts';
import { refuse } from '../../../src/domain/errors.ts';
import { newNumberedId } from '../../../src/domain/ids.ts';
import type { IssuanceState, OrderState } from '../../../src/domain/states.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { createFakeClock, createFakeRandomness } from '../../support/system.ts';
import { application, createSession, credentials, servedSession } from './harness.ts';

const signfile = signfileOf({ customerId: credentials.customer_id, authToken: credentials.auth_token });

describe('the signfile', () => {
  test('is a function of the key, and another for another half of it', () => {
    // Customers have it on their servers: this must never change.
    assert.equal(
      signfileOf({ customerId: 'customer_XXXXX01', authToken: 'authority_XXXXXX01' }),
      '1b5b0ed9ac139bd01b147bb7810634dff58508dafd5ac1019584e2f7739a7075',
    );
    const others = [
      { customerId: 'customer_XXXXX02', authToken: 'authority_XXXXXX01' },
      { customerId: 'customer_XXXXX01', authToken: 'authority_XXXXXX02' },
      { customerId: 'customer_XXXXX01a', authToken: 'uthority_XXXXXX01' },
    ];
    assert.equal(new Set([signfile, ...others.map(signfileOf)]).size, 4);
  });

  test('is told with the key that it belongs to', () => {
    const key = newKey(createFakeRandomness());
    assert.match(key.publicId, /^customer_[0-9a-z]{16}$/);
    assert.match(key.secret, /^authority_[0-9a-z]{26}$/);
    assert.deepEqual(wosign.keySettings?.(key), {
      customer_id: key.publicId,
      auth_token: key.secret,
      signfile: signfileOf({ customerId: key.publicId, authToken: key.secret }),
    });
  });

  test('is looked for at every name, by HTTP and by HTTPS', async () => {
    const session = await servedSession();
    await session.post(application({ domain_name: ['a.com', 'www.a.com'] }));
    const path = '/.well-known/pki-validation/signfile';
    const [order] = await session.orders();
    assert.equal(order?.authorizations.length, 2);
    for (const { challenges } of order.authorizations) {
      assert.deepEqual(challenges, [
        { method: 'httpFile', binding: 'account', path, content: signfile },
        { method: 'httpsFile', binding: 'account', path, content: signfile },
      ]);
    }
  });
});

describe('an issued order', () => {
  test('answers the certificate, then its chain without the root, and a handle', async () => {
    const session = await servedSession();
    const reply = await session.post(application());
    const [order] = await session.orders();
    const { der } = order?.certificate ?? assert.fail();
    const [intermediate, root] = order?.chain ?? [];
    assert.ok(intermediate && root);
    const certificate = [der, intermediate].map((one) => encodePem('CERTIFICATE', one)).join('');
    assert.deepEqual(reply, { result: 'success', status: '0', handle_id: await session.handle(), certificate });
    assert.deepEqual(Object.keys(reply), ['result', 'status', 'handle_id', 'certificate']); // the order of the sample
    assert.deepEqual(await session.post({ handle_id: await session.handle() }), reply);
  });

  for (const what of ['with its root', 'without its root']) {
    test(`answers the same for a chain that an upstream sends ${what}`, async () => {
      const session = await servedSession();
      const reply = await session.post(application());
      const [order] = await session.orders();
      assert.ok(order?.certificate != null && order.chain.length === 2);
      const { certificate, chain } = order;
      const upstreamChain = what === 'with its root' ? chain : chain.slice(0, 1);
      const seen = { ...order, certificate: { ...certificate, upstreamChain }, chain: upstreamChain };
      assert.deepEqual(orderToWire(seen, 'string'), reply);
    });
  }

  test('has an integer as status where the configuration says so', async () => {
    const config = { statusAs: 'integer' };
    assert.equal((await (await servedSession({ config })).post(application())).status, 0);
    assert.equal((await (await createSession({ config, approval: 'manual' })).post(application())).status, 1);
  });
});

describe('an order that takes longer', () => {
  test('at the issuer is pending, and fetched later', async () => {
    let isBusy = true;
    const session = await servedSession({
      issuer: (embedded) => ({
        ...embedded,
        async sign(...request) {
          if (isBusy) throw new Error('the issuer is busy');
          return embedded.sign(...request);
        },
      }),
    });
    const pending = await session.post(application());
    assert.deepEqual(pending, { result: 'pending', status: '1', handle_id: await session.handle() });
    isBusy = false;
    await session.app.advance(60);
    assert.equal((await session.post({ handle_id: pending.handle_id })).result, 'success');
  });

  test('because a person approves is pending before and after, until somebody has looked for the file', async () => {
    const session = await createSession({ approval: 'manual' });
    const { handle_id } = await session.post(application());
    assert.equal((await session.post({ handle_id })).result, 'pending');
    session.app.checks.breakWith(new Error('the network is down'));
    await session.approve();
    assert.equal((await session.post({ handle_id })).result, 'pending');
    session.app.checks.breakWith(undefined);
    await session.app.advance(20);
    const failed = { result: 'error', status: '107', other_msg: 'test.ims.cn' };
    assert.deepEqual(await session.post({ handle_id }), failed);
    // A second application, within the minute in which it is the same, does not undo what the person did.
    assert.deepEqual(await session.post(application()), failed);
    assert.equal((await session.orders())[0]?.order.state, 'open');
    session.app.checks.placeEverywhere();
    await session.app.advance(60);
    assert.equal((await session.post({ handle_id })).result, 'success');
  });

  test('and is rejected is refused', async () => {
    const session = await createSession({ approval: 'manual' });
    const { handle_id } = await session.post(application());
    await session.approve(false);
    assert.deepEqual(await session.post({ handle_id }), {
      result: 'error',
      status: '109',
      other_msg: '申请已被审批人拒绝',
    });
  });
});

describe('a name that is not proved', () => {
  test('is told, the first of them, and its order is cancelled', async () => {
    const session = await createSession();
    session.app.checks.place('a.com');
    const reply = await session.post(application({ domain_name: ['a.com', 'c.com', 'b.com'] }));
    assert.deepEqual(reply, { result: 'error', status: '107', other_msg: 'c.com' });
    assert.equal((await session.orders())[0]?.order.state, 'cancelled');
    assert.deepEqual(await session.post({ handle_id: await session.handle() }), { result: 'error', status: '109' });
  });

  test('is looked for anew by the next request, which is another order', async () => {
    const session = await createSession();
    assert.equal((await session.post(application())).status, '107');
    session.app.checks.placeEverywhere();
    assert.equal((await session.post(application())).result, 'success');
    assert.equal((await session.orders()).length, 2);
  });

  test('at last after all, while it was being given up, has its certificate', async () => {
    const session = await createSession();
    const { orders, proving } = session.app.ports;
    const cancel = orders.cancel;
    orders.cancel = async (caller, reference) => {
      session.app.checks.placeEverywhere();
      await proving.recheck(caller, reference);
      await session.app.idle();
      return cancel(caller, reference);
    };
    assert.equal((await session.post(application())).result, 'success');
  });

  test('is no excuse for a failure to give its order up', async () => {
    const session = await createSession();
    session.app.ports.orders.cancel = async () => {
      throw refuse('internal', {});
    };
    assert.deepEqual(await session.post(application()), { result: 'error', status: '111' });
  });
});

describe('the same request twice', () => {
  test('at once is one order with one answer', async () => {
    const session = await servedSession();
    const [first, second] = await Promise.all([session.post(application()), session.post(application())]);
    assert.equal(first?.result, 'success');
    assert.deepEqual(second, first);
    assert.equal((await session.orders()).length, 1);
  });

  test('at once, for a name that is not proved, is one failure told twice', async () => {
    const session = await createSession();
    const replies = await Promise.all([session.post(application()), session.post(application())]);
    for (const reply of replies) assert.deepEqual(reply, { result: 'error', status: '107', other_msg: 'test.ims.cn' });
  });

  test('with its names in another order and its CSR in another form is the same', async () => {
    const session = await servedSession();
    const first = await session.post(application({ domain_name: ['a.com', 'b.com'] }));
    const { csr } = application();
    const again = { domain_name: 'B.com, a.com', csr: String(csr).replaceAll('\n', '') };
    assert.deepEqual(await session.post(application(again)), first);
    assert.equal((await session.orders()).length, 1);
  });

  test('with other names, or after a minute, is another', async () => {
    const session = await servedSession();
    await session.post(application());
    await session.post(application({ domain_name: ['b.com'] }));
    assert.equal((await session.orders()).length, 2);
    await session.app.clock.advance(61_000);
    await session.post(application());
    assert.equal((await session.orders()).length, 3);
  });
});

describe('a handle', () => {
  test('is the id of the order in other letters, and nothing else is one', () => {
    const id = newNumberedId('order', 1, { clock: createFakeClock(), random: createFakeRandomness() });
    assert.match(handleOf(id), /^handle_[0-9a-z]{26}$/);
    assert.equal(orderIdOf(handleOf(id)), id);
    for (const text of ['', 'handle_', id, `handle_${id}`, `${handleOf(id)}0`, handleOf(id).toUpperCase()]) {
      assert.equal(orderIdOf(text), undefined, text);
    }
  });
});

describe('an order stands as', () => {
  type Held = 'none' | 'valid' | 'revoked' | 'expired';
  const rows: readonly [OrderState, IssuanceState, Held, string][] = [
    ['open', 'awaitingApproval', 'none', 'pending'],
    ['open', 'awaitingValidation', 'none', 'notProved'],
    ['open', 'ready', 'none', 'pending'],
    ['open', 'issuing', 'none', 'pending'],
    ['active', 'issued', 'valid', 'issued'],
    ['active', 'issuing', 'none', 'pending'], // a reissue, which only the operator can ask for
    ['active', 'failed', 'none', 'refused'],
    ['active', 'issued', 'revoked', 'refused'],
    ['active', 'issued', 'expired', 'refused'],
    ['failed', 'failed', 'none', 'refused'],
    ['rejected', 'cancelled', 'none', 'refused'],
    ['cancelled', 'cancelled', 'none', 'refused'],
    ['revoked', 'issued', 'revoked', 'refused'],
    ['ended', 'issued', 'expired', 'refused'],
  ];
  for (const [state, issuanceState, held, expected] of rows) {
    test(`${expected}: order ${state}, issuance ${issuanceState}, certificate ${held}`, async () => {
      const session = await servedSession();
      await session.post(application());
      const [found] = await session.orders();
      const { order, issuance, certificate, authorizations, now, ...view } = found ?? assert.fail();
      assert.ok(certificate);
      const changed = {
        none: null,
        valid: certificate,
        revoked: { ...certificate, state: 'revoked' as const },
        expired: { ...certificate, notAfter: now },
      }[held];
      const check = {
        method: 'httpFile',
        binding: 'account',
        proved: false,
        checkedAt: now,
        durationMs: 1,
        asked: '',
        answer: '',
      } as const;
      const unproved = authorizations.map((one) => ({
        ...one,
        state: 'pending' as const,
        checks: [{ ...check, answeredBy: [] }],
      }));
      const isUnproved = issuanceState === 'awaitingValidation';
      const seen = {
        ...view,
        now,
        order: { ...order, state },
        issuance: { ...issuance, state: issuanceState },
        certificate: changed,
        authorizations: isUnproved ? unproved : authorizations,
      };
      assert.equal(standingOf(seen), expected);
    });
  }
});
