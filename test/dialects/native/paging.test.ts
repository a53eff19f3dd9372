/** Cursors of every list of the native API over the real core: all pages together are the list, and a strange cursor is refused. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { formatToken } from '../../../src/dialects/native/auth.ts';
import { createNativeClient, type NativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { newId } from '../../../src/domain/ids.ts';
import { createCustomer, place, startTestApp, type TestApp } from '../../support/app.ts';
import { openFrontDoor } from '../../support/front-door.ts';

interface WirePage {
  readonly items: readonly object[];
  readonly nextCursor: string | null;
}
interface Query {
  readonly limit: number;
  readonly cursor?: string;
}

const baseUrl = 'https://certs.example';
let app: TestApp;
let client: NativeClient;
let accountId: string;

before(async () => {
  // The jobs that are made here stay as they are.
  app = await startTestApp({ works: false });
  const { account, caller } = await createCustomer(app, { approval: 'manual', balanceMinor: 1_000_00 });
  accountId = account.id;
  const { credential, secret } = await app.ports.credentials.create(app.operator, {
    accountId: null,
    userId: null,
    dialect: 'native',
    label: 'operator',
    roles: ['operator'],
    allowedAddresses: null,
  });
  const server = openFrontDoor(app, native, { publicUrl: baseUrl });
  const fetch = (request: Request) => server.fetch(request, { address: '192.0.2.7', requestId: 'r' });
  client = createNativeClient({ baseUrl, token: formatToken({ publicId: credential.publicId, secret }), fetch });
  const { database, clock, context } = app;
  const kinds = ['issue', 'deliver', 'validate'] as const;
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await place(app, caller, [`${name}.example`]);
    await client.mail.stop({ address: `${name}@paging.example` });
    await client.accounts.credit({ account: accountId, minor: 1, currency: 'CNY', note: name });
    await client.webhooks.add({ account: accountId, url: `https://${name}.example/hook` });
    await client.organizations.add({
      account: accountId,
      details: { name, city: 'Springfield', state: 'Illinois', country: 'US' },
    });
    await database.write(async (tx) => {
      const runAt = clock.now();
      for (const kind of kinds) {
        await tx.jobs.enqueue({ kind, subject: `${name}:${kind}`, runAt, owner: account.id });
        const job = await tx.jobs.get(kind, `${name}:${kind}`);
        assert.ok(job);
        await tx.jobs.claimDueOf(kind, runAt, 0, 10);
        await tx.jobs.moveToFailed(job, 'no luck');
      }
      await tx.deliveries.insert({
        id: newId('delivery', context),
        accountId: account.id,
        event: 'certificateIssued',
        orderId: null,
        issuanceId: null,
        domainId: null,
        organizationId: null,
        refund: null,
        webhookId: null,
        dialect: 'native',
        url: `https://${name}.example/hook`,
        state: 'failed',
        message: null,
        attempts: 1,
        lastAnswer: null,
        tries: [],
        replayedAs: null,
        createdAt: runAt,
        endedAt: runAt,
      });
    });
  }
});
after(() => app.close());

const lists: Readonly<Record<string, (query: Query) => Promise<WirePage>>> = {
  orders: (query) => client.orders.list(query),
  approvals: (query) => client.approvals.list(query),
  organizations: (query) => client.organizations.list(query),
  webhooks: (query) => client.webhooks.list(query),
  deliveries: (query) => client.webhooks.deliveries(query),
  'failed jobs': (query) => client.jobs.failed(query),
  'stopped mailboxes': (query) => client.mail.stopped(query),
  events: (query) => client.events.list(query),
  credentials: (query) => client.credentials.list(query),
  ledger: (query) => client.accounts.ledger({ ...query, account: accountId }),
};

describe('a list of the native API', () => {
  for (const [name, list] of Object.entries(lists)) {
    it(`of ${name} is the same in pages of one, of two and as a whole`, async () => {
      const whole = await list({ limit: 200 });
      assert.equal(whole.nextCursor, null);
      assert.ok(whole.items.length >= (name === 'credentials' ? 1 : 5), `${whole.items.length} items`);
      for (const limit of [1, 2]) {
        const found: object[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page: WirePage = await list({ limit, ...(cursor === undefined ? {} : { cursor }) });
          assert.ok(page.items.length <= limit);
          found.push(...page.items);
          cursor = page.nextCursor;
        }
        assert.deepEqual(found, whole.items);
      }
    });

    it(`of ${name} refuses a cursor that is not its own`, async () => {
      for (const text of ['', 'x', 'before:', 'before:-1', 'offset:1', 'at:1', 'at:x:y', 'ntf_1']) {
        for (const cursor of [text, Buffer.from(text).toString('base64url')]) {
          // An empty one is as good as none.
          if (cursor === '') continue;
          await assert.rejects(
            list({ limit: 1, cursor }),
            (thrown) => thrown instanceof CertError && thrown.code === 'invalidField' && /cursor/.test(thrown.message),
            `${name} ${text}`,
          );
        }
      }
    });
  }
});
