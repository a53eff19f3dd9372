/** A CA, a world in memory that it looks at, and a customer who can place every proof. */
import assert from 'node:assert/strict';
import { createMemoryNetwork, type MemoryNetwork } from '../support/acme-ca/network.ts';
import { createRawClient, csrFor, type RawClient, type RawReply } from '../support/acme-ca/raw-client.ts';
import { type AcmeCaOptions, createNastyAcmeCa, type NastyAcmeCa } from '../support/nasty-acme-ca.ts';
import { createFakeClock, type FakeClock } from '../support/system.ts';

export interface Session {
  readonly ca: NastyAcmeCa;
  readonly clock: FakeClock;
  readonly network: MemoryNetwork;
  /** Registered. */
  readonly client: RawClient;
  /** Places what the first challenge of the type wants to find. */
  place(authorization: RawReply, type?: string): string;
  /** Proves all names of the order. */
  prove(order: RawReply, type?: string): Promise<void>;
  /** From names to the answer of finalize. */
  buy(names: readonly string[], payload?: object): Promise<Bought>;
}

export interface Bought {
  readonly order: RawReply;
  readonly url: string;
  readonly finalized: RawReply;
}

export function createCa(options: Partial<AcmeCaOptions> = {}) {
  const clock = createFakeClock();
  const network = createMemoryNetwork();
  return { ca: createNastyAcmeCa({ clock: () => clock, network, ...options }), clock, network };
}

export async function createSession(options: Partial<AcmeCaOptions> = {}): Promise<Session> {
  const { ca, clock, network } = createCa(options);
  const client = await createRawClient(ca.fetch, ca.directoryUrl);
  const external = ca.settings.requiresBinding ? ca.addExternalKey('kid-1') : undefined;
  const binding = external && { externalAccountBinding: await client.bind(external) };
  await client.register({ contact: ['mailto:ops@example.com'], ...binding });

  const session: Session = {
    ca,
    clock,
    network,
    client,
    place({ body }, type = 'dns-01') {
      const found = body.challenges.find((one: { readonly type: string }) => one.type === type);
      assert.ok(found, `a challenge ${type}`);
      const { value } = body.identifier;
      if (type === 'dns-01') {
        const name = `_acme-challenge.${value}`;
        network.texts.set(name, [...(network.texts.get(name) ?? []), client.digest(found.token)]);
      } else {
        const host = value.includes(':') ? `[${value}]` : value;
        const page = `${host}/.well-known/acme-challenge/${found.token}`;
        network.pages.set(page, client.keyAuthorization(found.token));
      }
      return found.url;
    },
    async prove({ body }, type) {
      for (const url of body.authorizations) {
        const shown = await client.post(url);
        if (shown.body.status === 'pending') await client.post(session.place(shown, type), {});
      }
    },
    async buy(names, payload = {}) {
      const order = await client.newOrder(names, payload);
      assert.equal(order.status, 201, order.text);
      await session.prove(order);
      const url = order.headers.get('location') ?? assert.fail('an order without a URL');
      const finalized = await client.post(order.body.finalize, { csr: await csrFor(names) });
      return { order, url, finalized };
    },
  };
  return session;
}

/** The certificate of an order that is valid. */
export async function download({ client }: Session, { url }: Bought): Promise<RawReply> {
  const { body } = await client.post(url);
  assert.equal(body.status, 'valid', JSON.stringify(body));
  return client.post(body.certificate);
}

/** Its type, without the part that all have. */
export function typeOf({ body }: RawReply): string {
  return String(body?.type).replace('urn:ietf:params:acme:error:', '');
}
