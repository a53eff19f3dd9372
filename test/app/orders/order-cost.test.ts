/** What an order costs the database: speed is made of that here (design §7). Through the doors that answer in one call. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatToken } from '../../../src/dialects/native/auth.ts';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { generateKey } from '../../../src/pki/key.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { application, servedSession } from '../../dialects/wosign/harness.ts';
import { startSession } from '../../support/dialect-session.ts';
import { csrOf } from '../../support/key-csr.ts';
import { countBtreeWrites, growthOf, listExecutions, sizesOf, watchStatements } from '../../support/statements.ts';

interface Cost {
  /** B-trees that are written. */
  readonly btrees: number;
  /** Executions of statements, of which the commit that two transactions share takes two. */
  readonly statements: number;
  /** What its rows and their entries in indexes hold; in a file of pages it takes about an eighth more. */
  readonly bytes: number;
}

/** A change that costs more is seen here; one that costs less lowers it. */
const limits = {
  // Two of the b-trees so that the same request again is the same order: those rows are gone a minute later.
  wosign: { btrees: 17, statements: 15, bytes: 2235 },
  native: { btrees: 15, statements: 14, bytes: 2043 },
} satisfies Record<string, Cost>;

/** The DER of a signature has 70 to 72 bytes: two of them, in the CSR and in the certificate, and some numbers grow. */
const toleratedBytes = 8;

/**
 * The test itself looks when the next job is due, until there is nothing left to do; how far the lists are behind is looked at, and made good,
 * once every few transactions; and the authorities are read once a second.
 */
const isOfNoOrder =
  /^(select ("run_at" from "jobs"|"list", "up_to" from|max\("(sequence|number)"\) as "number" from|\* from "authorities" order)|update "orders" set "is_listed" = 1 where|insert into "late_lists")/;

/** Of an elliptic curve, whose authority signs in the turn: the certificate goes with the commit of its order. */
async function newCsr(name: string): Promise<string> {
  const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
  return encodePem('CERTIFICATE REQUEST', await csrOf(privateKeyPkcs8, name));
}

/** @param place the first order proves the names of the others */
async function assertFew(limit: Cost, databasePath: string, place: (index: number) => Promise<void>): Promise<void> {
  await place(0);
  const { total, lines } = await countBtreeWrites(() => place(1));
  assert.equal(total, limit.btrees, [`${total} writes:`, ...lines].join('\n'));

  const before = sizesOf(databasePath, 'payload');
  const statements = (await listExecutions(() => place(2))).filter((sql) => !isOfNoOrder.test(sql));
  const { total: bytes, each } = growthOf(before, sizesOf(databasePath, 'payload'));
  assert.equal(statements.length, limit.statements, [`${statements.length} executions:`, ...statements].join('\n'));
  const grown = [...each].filter(([, size]) => size > 0).map(([name, size]) => `${size} ${name}`);
  assert.ok(Math.abs(bytes - limit.bytes) <= toleratedBytes, [`${bytes} bytes:`, ...grown].join('\n'));
}

test('an order through WoSign, of names that are proved already, takes few b-trees, statements and bytes', async (t) => {
  t.after(watchStatements());
  const session = await servedSession({ repeatsWork: false, patienceMs: 20 });
  // The same request again would be the same order.
  const names = [['test.ims.cn', 'www.test.ims.cn'], ['test.ims.cn'], ['www.test.ims.cn']];
  await assertFew(limits.wosign, session.app.databasePath, async (index) => {
    const reply = await session.post(application({ domain_name: names[index], csr: await newCsr('test.ims.cn') }));
    assert.match(reply.certificate, /BEGIN CERTIFICATE/);
    await session.app.idle();
  });
  assert.equal((await session.orders()).length, 3);
});

test('an order through the native API, of a name that is proved already, takes few b-trees, statements and bytes', async (t) => {
  t.after(watchStatements());
  const session = await startSession(native, { baseUrl: 'https://certs.example.com', repeatsWork: false });
  session.app.checks.placeEverywhere();
  const { baseUrl, key, fetch } = session;
  const client = createNativeClient({ baseUrl, token: formatToken(key), fetch });
  await assertFew(limits.native, session.app.databasePath, async () => {
    await client.orders.place({
      productCode: 'encryption365:100',
      csr: await newCsr('trustocean.com'),
      names: ['trustocean.com'],
    });
    await session.app.idle();
  });
  assert.deepEqual(
    (await session.orders()).map(({ order }) => order.state),
    ['active', 'active', 'active'],
  );
});
