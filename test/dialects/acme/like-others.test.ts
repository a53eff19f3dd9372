/** An order of an ACME client is an order like any other: its events, webhooks, reminders and price are those of other front doors. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAccount, createCaller, issue } from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { createSession, csrFor, type Session } from './harness.ts';

const name = 'www.example.com';
const daySeconds = 86_400;
const contactEmail = 'pki@customer.example';

async function finalized(session: Session) {
  const ready = await session.readyOrder([name]);
  const { body, text } = await session.client.post(ready.body.finalize, { csr: await csrFor([name]) });
  assert.equal(body.status, 'valid', text);
  await session.app.idle();
  return body;
}

/** Kinds of the events of orders and certificates of an account, in their order. */
async function eventsOf({ app }: Pick<Session, 'app'>, accountId: string): Promise<readonly string[]> {
  const { items } = await app.ports.events.list(app.operator, { limit: 200 });
  return items
    .filter((event) => event.accountId === accountId && /^(order|certificate)\./.test(event.kind))
    .map(({ kind }) => kind)
    .toReversed();
}

async function hookOf({ app }: Session, account: Session['account'], url: string): Promise<void> {
  const administrator = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
  await app.ports.webhooks.add(administrator, { url, events: null, secret: null });
}

describe('an order of an ACME client', () => {
  it('has the events, the webhooks and the price of one that came through another front door', async () => {
    const session = await createSession();
    const { app, account } = session;
    const other = await createAccount(app, { balanceMinor: 1_000_000 });
    await hookOf(session, account, 'https://acme.example/hook');
    await hookOf(session, other, 'https://other.example/hook');
    const body = await finalized(session);
    await issue(app, await createCaller(app, other), [name], { productCode: 'paid' });
    await app.idle();
    assert.deepEqual(await eventsOf(session, account.id), await eventsOf(session, other.id));
    const told = app.hooks.requests.map(({ url, post }) => [url, JSON.parse(post?.body ?? '{}')] as const);
    const eventsAt = (host: string) => told.filter(([url]) => url.includes(host)).map(([, { event }]) => event);
    assert.deepEqual(eventsAt('acme.example'), eventsAt('other.example'));
    assert.ok(eventsAt('acme.example').length > 0);
    const balanceOf = async (id: string) => (await app.ports.accounts.get(app.operator, id)).balanceMinor;
    assert.equal(await balanceOf(account.id), await balanceOf(other.id));
    assert.ok((await balanceOf(account.id)) < 1_000_000);
    // And its revocation.
    const { client } = session;
    const pem = (await client.post(body.certificate)).text;
    const der = Buffer.from(/BEGIN CERTIFICATE-----([^-]+)/.exec(pem)?.[1] ?? '', 'base64').toString('base64url');
    assert.equal((await client.post(client.directory.revokeCert ?? '', { certificate: der })).status, 200);
    await app.idle();
    const last = app.hooks.requests.at(-1);
    assert.match(last?.url ?? '', /acme\.example/);
    assert.equal(JSON.parse(last?.post?.body ?? '{}').event, 'certificateRevoked');
  });

  it('is reminded of before its end, to the address of the account', async () => {
    const mail = createMailFake();
    const session = await createSession({
      mail,
      upkeep: true,
      productCode: 'month',
      coverage: { unit: 'months', count: 1 },
      account: { contactEmail },
    });
    await finalized(session);
    const seen: string[] = [];
    for (let day = 1; day <= 31; day++) {
      const before = mail.sent.length;
      await session.stayAway(daySeconds);
      for (const { to, subject } of mail.sent.slice(before)) seen.push(`${day} ${to} ${subject.split(' / ')[0]}`);
    }
    assert.deepEqual(seen, [
      `23 ${contactEmail} The certificate order for ${name} ends in 7 days`,
      `27 ${contactEmail} The certificate order for ${name} ends in 3 days`,
    ]);
  });
});
