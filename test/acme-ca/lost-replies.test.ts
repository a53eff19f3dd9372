/** The reply of every operation of the CA in the tests can be lost, and the CA has acted all the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlattenedSign } from 'jose';
import type { CaBooks } from '../support/acme-ca/books.ts';
import type { Operation } from '../support/acme-ca/manners.ts';
import { createRawClient, csrFor, type RawReply } from '../support/acme-ca/raw-client.ts';
import { type Bought, createSession, type Session } from './session.ts';

const names = ['www.example.com'];

interface Row {
  readonly call: (session: Session, before: Bought) => Promise<RawReply>;
  /** What it changes in the books; without it, it only reads. */
  readonly trace?: (books: CaBooks) => unknown;
}

const authorizationOf = ({ order }: Bought): string => order.body.authorizations[0];

async function openOrder({ client }: Session): Promise<RawReply> {
  return client.newOrder(['other.example.com']);
}

async function openChallenge(session: Session): Promise<string> {
  const order = await openOrder(session);
  return session.place(await session.client.post(order.body.authorizations[0]));
}

const rows: Readonly<Record<Operation, Row>> = {
  directory: { call: ({ client, ca }) => client.get(ca.directoryUrl) },
  newNonce: { call: ({ client }) => client.get(client.directory.newNonce) },
  newAccount: {
    call: async ({ ca }) => (await createRawClient(ca.fetch, ca.directoryUrl)).register(),
    trace: ({ accounts }) => accounts.length,
  },
  account: {
    call: ({ client }) => client.post(client.account ?? '', { contact: [] }),
    trace: ({ accounts }) => accounts[0]?.contact,
  },
  orderList: { call: ({ client }) => client.post(`${client.account}/orders`) },
  keyChange: {
    async call({ client, ca }) {
      const url = client.directory.keyChange;
      const next = await createRawClient(ca.fetch, ca.directoryUrl);
      const payload = Buffer.from(JSON.stringify({ account: client.account, oldKey: client.jwk }));
      const inner = new FlattenedSign(payload).setProtectedHeader({ alg: 'ES256', jwk: next.jwk, url });
      return client.post(url, await inner.sign(next.privateKey));
    },
    trace: ({ accounts }) => accounts[0]?.thumbprint,
  },
  newOrder: { call: openOrder, trace: ({ orders }) => orders.length },
  order: { call: ({ client }, { url }) => client.post(url) },
  finalize: {
    async call(session) {
      const order = await openOrder(session);
      await session.prove(order);
      return session.client.post(order.body.finalize, { csr: await csrFor(['other.example.com']) });
    },
    trace: ({ certificates }) => certificates.length,
  },
  authorization: { call: ({ client }, bought) => client.post(authorizationOf(bought)) },
  deactivateAuthorization: {
    call: ({ client }, bought) => client.post(authorizationOf(bought), { status: 'deactivated' }),
    trace: ({ authorizations }) => authorizations[0]?.state,
  },
  challenge: { call: async (session) => session.client.post(await openChallenge(session)) },
  respond: {
    call: async (session) => session.client.post(await openChallenge(session), {}),
    trace: ({ authorizations }) => authorizations.filter(({ state }) => state === 'valid').length,
  },
  certificate: {
    call: ({ client }) => client.post('https://ca.example/certificate/1'),
    trace: ({ certificates }) => certificates[0]?.downloads,
  },
  revoke: {
    call: ({ client, ca }) =>
      client.post(client.directory.revokeCert, {
        certificate: ca.books.certificates[0]?.der.toString('base64url'),
      }),
    trace: ({ certificates }) => certificates[0]?.revoked,
  },
  renewalInfo: {
    call: ({ client, ca }) => client.get(`${client.directory.renewalInfo}/${ca.books.certificates[0]?.certId}`),
  },
};

describe('at the ACME CA of the tests', () => {
  for (const [operation, { call, trace }] of Object.entries(rows) as [Operation, Row][]) {
    it(`${operation} does nothing for a lost request, and acts where only the reply is lost`, async () => {
      const session = await createSession();
      const { ca } = session;
      const bought = await session.buy(names);
      ca.script(operation, 'loseRequest', 'loseReply');
      const before = trace?.(ca.books);
      await assert.rejects(call(session, bought), { message: 'fetch failed' });
      assert.deepEqual(trace?.(ca.books), before);
      await assert.rejects(call(session, bought), { message: 'fetch failed' });
      if (trace !== undefined) assert.notDeepEqual(trace(ca.books), before);
      const outcomes = ca.calls(operation).map(({ outcome }) => outcome);
      assert.deepEqual(
        outcomes.filter((outcome) => outcome !== 'answered'),
        ['requestLost', 'replyLost'],
      );
      assert.deepEqual(ca.unmet(), []);
      assert.deepEqual(ca.books.bugs, []);
    });
  }
});
