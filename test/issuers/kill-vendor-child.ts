/**
 * The core over a database file, buying from the doubles of all vendors in another process. It places orders, gives some of them up, and lets
 * time pass, until it is killed. Says `ready`, each issuance that it was told of, and `over` whenever nothing is left to do.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppContext } from '../../src/app/index.ts';
import { createPreparations } from '../../src/app/issuing/preparations.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { CertError } from '../../src/domain/errors.ts';
import { UpstreamFault } from '../../src/domain/upstream-fault.ts';
import { createSealedKeyStore, type SealedPlace } from '../../src/issuers/embedded/sealed-key-store.ts';
import { createVendorIssuers } from '../../src/issuers/vendor/index.ts';
import { createPublicSuffixes } from '../../src/system/index.ts';
import { csrFor } from '../support/acme-ca/raw-client.ts';
import { createCustomer, openTestApp, place } from '../support/app.ts';
import { createAuthorityKeys } from '../support/cheap-secrets.ts';
import { createMemoryMasterKeys } from '../support/master-keys.ts';
import { createFakeRandomness } from '../support/system.ts';
import { bought, doubleOf, emptyMapping, vendorTerms } from '../support/vendor-doors.ts';
import { sellThroughRacent, waysOut } from '../support/vendor-scene.ts';
import { isAllOver } from './kill-over.ts';
import { timeHeader } from './kill-vendor.ts';

const [folder = '', startsAt = '', runText = '', ordersText = '', ...urls] = process.argv.slice(2);
const run = Number(runText);

const files: SealedPlace = {
  read: (name) => readFile(join(folder, name)).catch(() => undefined),
  write: (name, seal) => writeFile(join(folder, name), seal()),
};
const { keySealer } = createMemoryMasterKeys(createFakeRandomness(run));
const keyStore = createSealedKeyStore({ place: files, keySealer, newKey: createAuthorityKeys() });

let underWay = 0;

/** Over the wire, with the time of our clock. */
async function send(url: string, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set(timeHeader, app.clock.now().toISOString());
  const body = request.body === null ? {} : { body: await request.arrayBuffer() };
  underWay++;
  try {
    const { method, signal } = request;
    const reply = await fetch(`${url}${pathname}${search}`, { method, headers, signal, ...body });
    const bytes = await reply.arrayBuffer();
    const hasBody = reply.status !== 204;
    return new Response(hasBody ? bytes : null, { status: reply.status, headers: reply.headers });
  } catch (thrown) {
    if (request.signal.aborted) throw request.signal.reason;
    throw new UpstreamFault('closed the connection without an answer', { isSent: true, cause: thrown });
  } finally {
    underWay--;
  }
}

const ways = waysOut.map(({ vendor, mode }, i) => ({ vendor, mode, id: `${vendor}-${mode}`, url: urls[i] ?? '' }));

function issuersIn(context: AppContext) {
  const made = ways.map(({ vendor, mode, id, url }) => ({
    maker: dialects.find(({ name }) => name === vendor)?.upstream ?? assert.fail(`${vendor} is no way out`),
    fetch: (request: Request) => send(url, request),
    settings: {
      id,
      mode,
      terms: { ...vendorTerms, account: id, deadlineHours: 10_000 },
      dialect: vendor,
      baseUrl: vendor === 'wosign' ? 'https://vendor.example/acmapi' : 'https://vendor.example',
      credentials: doubleOf(vendor, () => app.clock).credentials,
      currency: 'CNY',
      mapping: {
        ...emptyMapping,
        otherProducts: { code: bought[vendor].double, coverage: { unit: 'years', count: 1 } as const },
      },
    },
  }));
  const services = { ...context, preparations: createPreparations(context), publicSuffixes: createPublicSuffixes() };
  return createVendorIssuers(made, services);
}

const app = await openTestApp(join(folder, 'certmux.db'), keyStore, {
  seed: 1000 + run,
  startsAt,
  acceptsClock: true,
  upstreams: issuersIn,
});
app.checks.placeEverywhere();
const say = (line: string) => process.stdout.write(`${line}\n`);

/** It may have its certificate already, or be over by now. */
const ignore = (thrown: unknown) => {
  if (!(thrown instanceof CertError)) throw thrown;
};

async function placeOrders(): Promise<void> {
  const sending = await createCustomer(app, { balanceMinor: 10_000_00, dialect: 'native' });
  // Where the vendor makes the key, of a door that hands it out.
  const handed = await createCustomer(app, { balanceMinor: 10_000_00, dialect: 'racent' });
  const handedCode = await sellThroughRacent(app);
  for (let i = 0; i < Number(ordersText); i++) {
    const { vendor, id: issuerId } = ways[i % ways.length] ?? assert.fail('a way out');
    const name = `n${run}-${i}.example.com`;
    const { manners } = dialects.find((one) => one.name === vendor)?.upstream ?? assert.fail();
    const { caller } = manners.takesCsr ? sending : handed;
    const productCode = manners.takesCsr ? 'encryption365:paid' : handedCode;
    const csr = manners.takesCsr ? Buffer.from(await csrFor([name]), 'base64url') : ({ make: 'P-256' } as const);
    const preferredMethod = manners.relayed[0] ?? 'httpFile';
    const wish = { productCode, issuerId, preferredMethod, csr };
    const { order, issuance } = await place(app, caller, [name], wish);
    say(issuance.id);
    if (i % 4 === 2) await app.ports.orders.cancel(caller, order).catch(ignore);
    else await app.ports.proving.recheck(caller, order).catch(ignore);
  }
}

/** Time stands still while a vendor is at work, so that none is too slow. */
async function letTimePass(): Promise<never> {
  for (let passedSeconds = 0; ; ) {
    if (underWay > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    await app.clock.advance(isPlaced ? 30_000 : 1000);
    passedSeconds += 30;
    // Two hours are longer than any wait that is left from before the kill.
    if (isPlaced && passedSeconds % 7200 === 0 && (await isAllOver(app))) say('over');
  }
}

let isPlaced = false;
say('ready');
await Promise.all([
  placeOrders().then(() => {
    isPlaced = true;
  }),
  letTimePass(),
]);
