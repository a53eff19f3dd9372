/**
 * The core over a database file, buying from upstreams in another process. It places orders, gives some of them up, and lets
 * time pass, until it is killed. Says `ready`, each issuance that it was told of, and `over` whenever nothing is left to do.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertError } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import { createSealedKeyStore, type SealedPlace } from '../../src/issuers/embedded/sealed-key-store.ts';
import { type Customer, createCustomer, openTestApp, place } from '../support/app.ts';
import { createAuthorityKeys } from '../support/cheap-secrets.ts';
import { createMemoryMasterKeys } from '../support/master-keys.ts';
import { createFakeRandomness } from '../support/system.ts';
import { createRelayingIssuer, createUpstreamIssuer } from '../support/upstream-issuer.ts';
import { connectUpstream } from '../support/upstream-server.ts';
import { isAllOver } from './kill-over.ts';

const [folder = '', startsAt = '', runText = '', ordersText = '', ...urls] = process.argv.slice(2);
const run = Number(runText);

const files: SealedPlace = {
  read: (name) => readFile(join(folder, name)).catch(() => undefined),
  write: (name, seal) => writeFile(join(folder, name), seal()),
};
const { keySealer } = createMemoryMasterKeys(createFakeRandomness(run));
const keyStore = createSealedKeyStore({ place: files, keySealer, newKey: createAuthorityKeys() });

const upstreams = ['upstream', 'once', 'relay'].map((id, i) => ({
  id,
  api: connectUpstream(urls[i] ?? '', () => app.clock),
}));
const app = await openTestApp(join(folder, 'certmux.db'), keyStore, {
  seed: 1000 + run,
  startsAt,
  acceptsClock: true,
  upstreams: upstreams.map(({ id, api }) => {
    const create = id === 'relay' ? createRelayingIssuer : createUpstreamIssuer;
    return create(api, () => app.clock, {
      id,
      isIdempotent: id === 'once',
      pollSeconds: 5,
      terms: { account: id, deadlineHours: 10_000, concurrency: 4 },
    });
  }),
});
app.checks.placeEverywhere();
const say = (line: string) => process.stdout.write(`${line}\n`);

async function placeOrders(): Promise<void> {
  const { caller } = await createCustomer(app, { balanceMinor: 10_000_00 });
  for (let i = 0; i < Number(ordersText); i++) {
    const issuerId = upstreams[i % 3]?.id ?? 'upstream';
    const name = `n${run}-${i}.example.com`;
    const { order, issuance } = await place(app, caller, [name], {
      productCode: 'paid',
      issuerId,
    });
    say(issuance.id);
    if (issuerId === 'relay') await proveThere(caller, { order, name, isOtherwise: i % 2 === 0 });
    if (i % 4 !== 2) continue;
    // It may have its certificate already: then there is nothing to give up.
    await app.ports.orders.cancel(caller, order).catch((thrown: unknown) => {
      if (!(thrown instanceof CertError)) throw thrown;
    });
  }
}

/** The customer of an upstream that checks the names asks for another method, and for a look. */
async function proveThere(
  caller: Customer['caller'],
  {
    order,
    name,
    isOtherwise,
  }: { readonly order: OrderView['order']; readonly name: string; readonly isOtherwise: boolean },
): Promise<void> {
  // It may be over by now, or not so far yet.
  const ignore = (thrown: unknown) => {
    if (!(thrown instanceof CertError)) throw thrown;
  };
  const choices = [{ name: parseIdentifier(name, 'name'), choice: 'dnsTxt' }] as const;
  if (isOtherwise) await app.ports.proving.chooseMethods(caller, order, choices).catch(ignore);
  await app.ports.proving.recheck(caller, order).catch(ignore);
}

/** Time stands still while an upstream is at work, so that none is too slow. */
async function letTimePass(): Promise<never> {
  for (let passedSeconds = 0; ; ) {
    if (upstreams.some(({ api }) => api.isBusy)) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    await app.clock.advance(5000);
    passedSeconds += 5;
    // Ten minutes are longer than any wait that is left from before the kill.
    if (isPlaced && passedSeconds % 600 === 0 && (await isAllOver(app))) say('over');
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
