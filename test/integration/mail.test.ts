/**
 * Validation by e-mail over real SMTP and HTTP: the mail arrives, opening its link does nothing, the form confirms, and the
 * certificate is issued.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { type Customer, createCustomer } from '../support/customer.ts';
import { decideOnPage, invitationIn, tokenIn } from '../support/mail-fake.ts';
import { type MailServer, type ReceivedMail, startMailServer } from '../support/mail-server.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';
import { assertRefused, credentialsOf, place, pollUntil, pollUntilIssued, post } from './harness.ts';

let mail: MailServer;
let world: World;
let customer: Customer;
let operator: NativeClient;
before(async () => {
  mail = await startMailServer();
  const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'certs@certs.example' };
  world = await startWorld({ mail: settings });
  customer = await createCustomer(world.url, world.operatorToken, { name: 'Acme', creditMinor: 100_000_00 });
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
});
after(async () => {
  await world.close();
  await mail.close();
});

async function received(address: string): Promise<ReceivedMail> {
  const find = () => mail.received.findLast(({ to }) => to.includes(address));
  await until(() => find() !== undefined, `a mail to ${address} arrives`);
  return find() ?? assert.fail();
}

const linkIn = ({ text }: ReceivedMail) => `${world.url}/confirm/${tokenIn(text)}`;
describe('an order of the Encryption365 API', () => {
  it('is proved by mail: looking does nothing, the form issues the certificate', async () => {
    const { trustocean_id: number, dcv_info } = await place(customer, ['*.mailed.example.com']);
    const name = '*.mailed.example.com';
    const [address = ''] = dcv_info[name]?.emails ?? [];
    assert.equal(address, 'admin@example.com');
    await customer.client.changeMethod(number, name, address);
    const message = await received(address);
    assert.ok(message.text.includes(name) && message.text.includes('Acme'));
    assert.equal(message.headers['auto-submitted'], 'auto-generated');
    const link = linkIn(message);
    assert.ok(message.text.includes(link), 'the link leads to the public URL');

    for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await fetch(link, { method })).status, 200);
    const waiting = await customer.client.order(number);
    assert.equal(waiting.cert_status, 'enroll_caprocessing');
    const entry = waiting.dcv_info[name];
    assert.deepEqual([entry?.method, entry?.email, entry?.status], ['email', address, 'needverification']);

    const page = await (await fetch(link, { headers: { 'accept-language': 'zh-CN' } })).text();
    for (const fact of [name, 'Acme', String(number), address]) assert.ok(page.includes(fact), fact);
    const confirmed = await decideOnPage(link, 'confirm');
    assert.equal(confirmed.status, 200);
    assert.match(await confirmed.text(), /Confirmed/);
    const details = await pollUntilIssued(customer, number);
    assert.equal(details.dcv_info[name]?.status, 'verified');
    assert.match(new X509Certificate(details.cert_code ?? '').subjectAltName ?? '', /DNS:\*\.mailed\.example\.com/);

    // The link is good once, and shows what was decided.
    const again = await decideOnPage(link, 'reject');
    assert.equal(again.status, 409);
    assert.match(await (await fetch(link)).text(), /Confirmed/);
    assert.equal((await customer.client.order(number)).cert_status, 'issued_active');
  });

  it('is ended by a rejection', async () => {
    const { trustocean_id: number } = await place(customer, ['rejected.example.net']);
    await customer.client.changeMethod(number, 'rejected.example.net', 'postmaster@example.net');
    const link = linkIn(await received('postmaster@example.net'));
    assert.equal((await decideOnPage(link, 'reject')).status, 200);
    const details = await pollUntil(customer, number, (seen) => seen.cert_status === 'rejected', 'it is rejected');
    assert.match(details.message ?? '', /^postmaster@example\.net 的收件人拒绝为 rejected\.example\.net 签发证书$/);
  });

  it('says why a mail was not taken, and takes only addresses of the name', async () => {
    const { trustocean_id: number } = await place(customer, ['refused.example.org']);
    mail.refuse('admin@example.org', { code: 550, text: 'no such user here' });
    await customer.client.changeMethod(number, 'refused.example.org', 'admin@example.org');
    const names = async () => (await operator.orders.show({ order: String(number) })).names;
    const problem = async () =>
      (await names())[0]?.proofs.find(({ method }) => method === 'email')?.lastCheck?.problem ?? '';
    await until(async () => /550 no such user here/.test(await problem()), 'the operator sees what the server said');
    const body = { ...credentialsOf(customer), trustocean_id: number, domain: 'refused.example.org' };
    for (const method of ['ceo@example.org', 'admin@org', 'admin@example.com']) {
      assertRefused(await post(world, '/cert/change_dcv', { ...body, method }), /不能用于验证/);
    }
  });
});

describe('an order of the native API', () => {
  it('is proved by mail, and names that nobody confirms are taken out of it', async () => {
    const { trustocean_id: number } = await place(customer, ['native.example.edu', 'nobody.example.edu'], {
      pid: '108',
    });
    const order = String(number);
    const before = await operator.orders.show({ order });
    await operator.orders.chooseMethod({
      order,
      name: 'native.example.edu',
      method: 'email',
      address: 'hostmaster@native.example.edu',
    });
    assert.equal((await decideOnPage(linkIn(await received('hostmaster@native.example.edu')), 'confirm')).status, 200);
    const after = await operator.orders.removeNames({ order, names: 'unproved' });
    assert.deepEqual(
      after.names.map(({ name, provedBy }) => [name, provedBy]),
      [['native.example.edu', 'email']],
    );
    assert.equal(after.total.minor * 2, before.total.minor);
    await pollUntilIssued(customer, number);
  });
});

describe('the link that stops the mail', () => {
  it('does nothing when a scanner opens it, and stops the mail in one click', async () => {
    const { trustocean_id: number } = await place(customer, ['one.stop.example.com', 'two.stop.example.com']);
    const address = 'webmaster@stop.example.com';
    await customer.client.changeMethod(number, 'one.stop.example.com', address);
    const { text, headers } = await received(address);
    const link = /\/mail\/stop\/[0-9a-z]{32}\n/.exec(text)?.[0].trim() ?? assert.fail();
    assert.equal(headers['list-unsubscribe'], `<${world.url}${link}>`);
    const url = world.url + link;
    for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await fetch(url, { method })).status, 200);
    assert.deepEqual((await operator.mail.stopped({})).items, []);
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    assert.equal((await fetch(url, { method: 'POST', body })).status, 200);
    const [stopped] = (await operator.mail.stopped({})).items;
    assert.deepEqual(
      [stopped?.address, stopped?.stoppedBy?.id, stopped?.stoppedFrom],
      [address, 'reader', '127.0.0.1'],
    );
    const other = {
      ...credentialsOf(customer),
      trustocean_id: (await place(customer, ['x.stop.example.com'])).trustocean_id,
    };
    const change = () => post(world, '/cert/change_dcv', { ...other, domain: 'x.stop.example.com', method: address });
    assertRefused(await change(), /的收件人已拒收本服务器的邮件/);
    assert.equal((await operator.mail.lift({ address })).stoppedAt, null);
    assert.equal((await change()).body.result, 'success');
  });
});

describe('a user who is invited', () => {
  it('chooses a password on the page of the mail, and signs in with it', async () => {
    const username = 'jill@invited.example.com';
    const user = await operator.users.create({ account: customer.accountId, username, invite: true });
    assert.equal(user.username, username);
    const { text } = await received(username);
    const link = `${world.url}/invitation/${invitationIn(text)}`;
    assert.ok(text.includes(link), 'the link leads to the public URL');
    for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await fetch(link, { method })).status, 200);
    const password = 'correct horse battery staple';
    const choose = () =>
      fetch(link, { method: 'POST', body: new URLSearchParams({ username, password, repeat: password }) });
    const signIn = () =>
      fetch(`${world.url}/services/v2/user/tempkey`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, current_password: password }),
      });
    assert.equal((await signIn()).status, 403);
    const answers = await Promise.all([choose(), choose()]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 404]);
    assert.equal((await signIn()).status, 201);
    assert.equal((await fetch(link)).status, 404);
    const refusal = operator.users.invite({ user: username });
    await assert.rejects(refusal, /already/);
  });
});

describe('links that nobody was sent', () => {
  for (const path of [
    '/invitation/',
    `/invitation/${'a'.repeat(78)}`,
    `/invitation/${'z'.repeat(5000)}`,
    '/mail/stop/',
    `/mail/stop/${'a'.repeat(32)}`,
    '/confirm/',
    `/confirm/${'a'.repeat(52)}`,
    '/confirm/..%2f..%2fapi',
    `/confirm/${'z'.repeat(5000)}`,
  ]) {
    it(`${path.slice(0, 40)} leads nowhere`, async () => {
      assert.equal((await fetch(world.url + path)).status, 404);
      assert.equal((await decideOnPage(world.url + path, 'confirm')).status, 404);
    });
  }
});
