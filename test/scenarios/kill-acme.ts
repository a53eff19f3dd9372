/**
 * Customers that speak ACME while the server is killed again and again: each repeats what was not answered, as clients do, and so must end
 * with exactly one certificate for each order that it finalized, and be charged once for each set of names.
 */
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import type { SQLOutputValue } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AcmeClient } from '../../src/dialects/acme/client/face.ts';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { CertError } from '../../src/domain/errors.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import type { LoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import type { LoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createClock } from '../../src/system/clock.ts';
import { createAccountKey } from '../support/account-key.ts';
import { createSubscriber } from '../support/subscriber.ts';
import type { Rows } from '../support/tables.ts';

export interface AcmeWorld {
  readonly url: string;
  readonly operatorToken: string;
  readonly dns: LoopbackDns;
  readonly web: LoopbackWeb;
}

/** An order that its client brought to its end. */
interface Finalized {
  readonly name: string;
  /** Of the key in its CSR. */
  readonly keyHash: string;
  readonly serial: string;
  readonly url: string;
}

export interface AcmeCustomers {
  readonly finalized: readonly Finalized[];
  /** Calls that were repeated because nobody answered. */
  readonly repeated: number;
  /** One client, which orders until that is over, and then ends what it has begun. It orders each kind of name at least once. */
  order(clientNumber: number, isOver: () => boolean): Promise<void>;
  check(tables: Rows): void;
}

const fetchRequest = (request: Request) => fetch(request);
const productCode = 'encryption365:108';
const priceMinor = 256_00;
/** A name of its own, one that is ordered again and again, and the shared one. */
const leastOrders = 3;
/** Ordered by every client at the same time. */
const sharedName = 'shared.acme.example';

export async function createAcmeCustomers(
  { url, operatorToken: token, dns, web }: AcmeWorld,
  { creditMinor }: { readonly creditMinor: number },
): Promise<AcmeCustomers> {
  const operator = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
  const account = await operator.accounts.create({ name: 'acme', currency: 'CNY', approval: 'automatic' });
  await operator.accounts.credit({ account: account.id, minor: creditMinor, currency: 'CNY', note: 'test' });
  const made = await operator.acmeKeys.create({ account: account.id, name: 'kill', productCode });
  const { directoryUrl } = made;
  const externalKey = { keyId: made.key.keyId, hmacKey: Buffer.from(made.hmacKey, 'base64url') };
  dns.set('*.acme.example', 'A', web.address);
  const finalized: Finalized[] = [];
  let repeated = 0;

  /** Repeats it until there is an answer. */
  async function answered<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (thrown) {
        if (!(thrown instanceof CertError) || thrown.code !== 'unavailable') throw thrown;
        repeated++;
        await sleep(20);
      }
    }
  }

  /** Looks until it says something else. */
  async function until<T extends { readonly status: string }>(
    passing: string,
    look: () => Promise<{ readonly shown: T }>,
  ): Promise<T> {
    for (;;) {
      const { shown } = await answered(look);
      if (shown.status !== passing) return shown;
      await sleep(20);
    }
  }

  async function prove(client: AcmeClient, name: string, authorizationUrl: string): Promise<void> {
    const { status, challenges } = (await answered(() => client.authorization(authorizationUrl))).shown;
    if (status === 'valid') return;
    const challenge = challenges.find(({ type }) => type === 'http-01') ?? assert.fail('no http-01');
    web.put(name, `/.well-known/acme-challenge/${challenge.token}`, client.keyAuthorization(challenge.token ?? ''));
    await answered(() => client.respond(challenge.url));
    const proved = await until('pending', () => client.authorization(authorizationUrl));
    assert.equal(proved.status, 'valid', JSON.stringify(proved));
  }

  async function orderOne(client: AcmeClient, name: string, isRepeated: boolean): Promise<Finalized> {
    // An order whose reply was lost is left: it costs nothing.
    const order = await answered(() => client.placeOrder({ names: [name] }));
    for (const authorizationUrl of order.shown.authorizations) await prove(client, name, authorizationUrl);
    const { csrDer } = await createSubscriber(name);
    const { url, shown } = order;
    const finalize = () => answered(() => client.finalize({ url, finalizeUrl: shown.finalize, csrDer }));
    await finalize();
    // A reply that was lost on its way, without a kill.
    if (isRepeated) await finalize();
    const { status, certificate, error } = await until('processing', () => client.order(order));
    assert.equal(status, 'valid', JSON.stringify(error));
    const leaf = new X509Certificate((await answered(() => client.certificate(certificate ?? ''))).shown.pem);
    assert.equal(leaf.subjectAltName, `DNS:${name}`);
    const spki = leaf.publicKey.export({ format: 'der', type: 'spki' });
    assert.ok(csrDer.includes(spki), 'the certificate has the key of its CSR');
    const keyHash = createHash('sha256').update(spki).digest('hex');
    return { name, keyHash, serial: leaf.serialNumber.toLowerCase(), url: order.url };
  }

  return {
    finalized,
    get repeated() {
      return repeated;
    },

    async order(clientNumber, isOver) {
      const client = createAcmeClient({
        directoryUrl,
        fetch: fetchRequest,
        clock: createClock(),
        key: createJwsKey(createAccountKey().pkcs8),
      });
      await answered(() => client.register({ externalKey }));
      const names = (i: number) =>
        [`new${i}-${clientNumber}.acme.example`, `own${clientNumber}.acme.example`, sharedName] as const;
      for (let i = 0; i < leastOrders || !isOver(); i++) {
        const name = names(i)[i % 3] ?? sharedName;
        finalized.push(await orderOne(client, name, i % 4 === 0));
      }
      // What was acknowledged is still there at the end.
      for (const { url: orderUrl, name } of finalized.filter((one) => one.name.includes(`${clientNumber}.`))) {
        assert.equal((await answered(() => client.order({ url: orderUrl }))).shown.status, 'valid', name);
      }
    },

    check({ certificates: certified = [], acme_orders: acmeOrders = [], orders = [], ledger = [] }) {
      const certificates = Map.groupBy(certified, (row) => hex(row.key_hash));
      for (const { keyHash, serial, name } of finalized) {
        const serials = certificates.get(keyHash)?.map((row) => row.serial);
        assert.deepEqual(serials, [serial], `exactly one certificate for each finalized order: ${name}`);
      }
      const ordered = Map.groupBy(acmeOrders, (row) => row.state);
      const placed = ordered.get('placed') ?? [];
      assert.equal(placed.length, finalized.length, 'every finalized order, and no other, was placed');
      assert.equal(new Set(placed.map((row) => row.issuance_id)).size, placed.length, 'an issuance is of one order');
      const states = [...ordered.keys()].filter((state) => state !== 'placed' && state !== 'open');
      assert.deepEqual(states, [], 'none waits or has ended');

      const own = orders.filter((row) => row.account_id === account.id);
      const sets = new Set(finalized.map(({ name }) => name));
      assert.equal(own.length, sets.size, 'the same names are bought once, however often they are ordered');
      const charges = ledger.filter((row) => row.account_id === account.id && row.kind === 'charge');
      assert.deepEqual(
        charges.map((row) => row.order_id).toSorted(),
        own.map((row) => row.id).toSorted(),
        'each is charged exactly once',
      );
      assert.ok(charges.every((row) => row.amount_minor === -priceMinor));
    },
  };
}

function hex(value: SQLOutputValue | undefined): string {
  return value instanceof Uint8Array ? value.toHex() : '';
}
