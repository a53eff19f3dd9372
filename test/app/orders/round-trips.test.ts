/** What an order costs on PostgreSQL: how often it waits for the server. Through the doors that answer in one call. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatToken } from '../../../src/dialects/native/auth.ts';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { seedCsr } from '../../dialects/encryption365/seed.ts';
import { application, servedSession } from '../../dialects/wosign/harness.ts';
import { startSession } from '../../support/dialect-session.ts';
import { countRoundTrips } from '../../support/round-trips.ts';

/** Of an order whose names are proved already, up to its answer with the certificate. */
const mostTrips = 10;

/** Trips in which nothing goes but what numbers events, beside everything else: nobody waits for it. */
function withoutSealer(all: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let isOpen = false;
  return all.filter((statements) => {
    const isOfIt = statements.every((text) => ofSealer.test(text) || (isOpen && text === 'commit'));
    if (statements.some((text) => text.includes('update events set sequence'))) isOpen = true;
    if (isOpen && statements.includes('commit')) isOpen = false;
    return !isOfIt;
  });
}

const ofSealer =
  /^(begin isolation level read committed|select pg_advisory_xact_lock|\s*update events set sequence|select "list", "up_to"|select max\("sequence"\))/;

function assertFew(all: readonly (readonly string[])[]): void {
  const trips = withoutSealer(all);
  const lines = trips.map((statements, i) =>
    [`trip ${i + 1}:`, ...statements.map((text) => `  ${text.slice(0, 100)}`)].join('\n'),
  );
  assert.ok(trips.length > 1 && trips.length <= mostTrips, [`${trips.length} round trips:`, ...lines].join('\n'));
}

test('an order through WoSign waits for the server ten times at most', async () => {
  const session = await servedSession({ repeatsWork: false, patienceMs: 20 });
  // The same request again would be the same order.
  const names = [['test.ims.cn', 'www.test.ims.cn'], ['test.ims.cn'], ['www.test.ims.cn']];
  const place = async (index: number) => {
    const reply = await session.post(application({ domain_name: names[index] }));
    assert.match(reply.certificate, /BEGIN CERTIFICATE/);
  };
  for (const index of [0, 1]) {
    await place(index);
    await session.app.idle();
  }
  assertFew(await countRoundTrips(() => place(2)));
});

test('an order through the native API waits for the server ten times at most', async () => {
  // No time passes in which kept rows would be forgotten.
  const session = await startSession(native, {
    baseUrl: 'https://certs.example.com',
    repeatsWork: false,
    patienceMs: 20,
  });
  session.app.checks.placeEverywhere();
  const { baseUrl, key, fetch } = session;
  const client = createNativeClient({ baseUrl, token: formatToken(key), fetch });
  const place = async () => {
    await client.orders.place({ productCode: 'encryption365:100', csr: seedCsr, names: ['trustocean.com'] });
  };
  for (const _ of [0, 1]) {
    await place();
    await session.app.idle();
  }
  assertFew(await countRoundTrips(place));
});
