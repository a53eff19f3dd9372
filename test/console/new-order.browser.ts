/** A new order in a browser: with a key that it makes, with what is wrong at its field, charged once. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { createSubscriber } from '../support/subscriber.ts';
import { english } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let account = 0;
before(async () => {
  here = await startConsoleWorld();
  const { accounts, products } = here.client;
  account = (await accounts.create({ name: 'Acme' })).number;
  await accounts.credit({ account: String(account), minor: 10_000, currency: 'CNY' });
  await products.change({
    dialect: 'native',
    code: 'tls-dv',
    prices: { fqdnMinor: 4000, wildcardMinor: 8000, ipMinor: 4000 },
  });
});
after(() => here.close());

for (const look of [english, { language: 'zh', scheme: 'light', width: 390 }] as const) {
  test(`${look.language}: from names to a certificate, with a key that only the person has`, async () => {
    const name = `made-${look.language}.customer.example`;
    const isChinese = look.language === 'zh';
    const watched = await here.open(look);
    const { page } = watched;
    // A price that is asked for while the order is placed is one of a second order, for which the balance may be too low.
    watched.expect(/status of 4(?:02|09)/);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await here.signIn(page, 'orders/new');
    await page.fill('input[list]', String(account));
    await page.fill('textarea', name);
    await page.click(isChinese ? '[role=tab]:has-text("在浏览器中生成")' : '[role=tab]:has-text("Make it here")');
    const download = page.waitForEvent('download');
    await page.click(isChinese ? 'button:has-text("生成密钥和 CSR")' : 'button:has-text("Make key and CSR")');
    const file = await download;
    assert.equal(file.suggestedFilename(), `${name}.key`);
    const key = await readFile(await file.path(), 'utf8');
    // What it costs and leaves, before anything is ordered.
    await page.waitForSelector('dd:text("40.00 CNY") >> nth=0');
    const before = (await here.client.accounts.show({ account: String(account) })).balance.minor;
    await page.locator('button[type=submit]').dblclick();
    await page.waitForSelector(`text=_certmux-challenge.${name}`);
    const number = /orders\/(\d+)/.exec(page.url())?.[1] ?? '';
    const order = await here.client.orders.show({ order: number });
    assert.equal((await here.client.accounts.show({ account: String(account) })).balance.minor, before - 4000);
    const [proof] = (order.names[0]?.proofs ?? []).filter(({ method }) => method === 'dnsTxt');
    assert.ok(proof?.method === 'dnsTxt');
    here.world.dns.set(proof.host, 'TXT', proof.value);
    await page.click(isChinese ? 'text=立即检查' : 'text=Check now');
    await page.waitForSelector('a[download]');
    const secret = key.split('\n')[1] ?? '';
    assert.ok(secret.length > 40);
    assert.ok(!sent.some((body) => body.includes(secret)), 'the key was sent');
    assert.ok(!(await page.content()).includes(secret), 'the key is in the page');
    await watched.close();
  });
}

test('what the API refuses stands at its field, and what was typed stays', async () => {
  const watched = await here.open();
  const { page } = watched;
  watched.expect(/status of 4(?:09|22|02|03)/);
  await here.signIn(page, 'orders/new');
  await page.click('button[type=submit]');
  await page.waitForSelector('text=For whom is it?');
  await page.fill('input[list]', String(account));
  await page.fill('textarea', 'not a name_!');
  await page.waitForSelector('textarea[aria-invalid=true]');
  await page.fill('textarea', 'good.customer.example');
  await until(async () => (await page.locator('textarea[aria-invalid=true]').count()) === 0);
  assert.equal(await page.inputValue('input[list]'), String(account));
  // More than there is in the account.
  await page.fill('textarea', 'a.b.example c.d.example e.f.example g.h.example');
  await page.waitForSelector('aside [role=alert] p');
  await watched.close();
});

test('a CSR is decoded at once, and its names are taken', async () => {
  const { csrPem } = await createSubscriber('from-csr.customer.example');
  const { page, close } = await here.open();
  await here.signIn(page, 'orders/new');
  await page.fill('textarea >> nth=1', csrPem);
  await page.waitForSelector('dd:text("from-csr.customer.example")');
  assert.equal(await page.inputValue('textarea >> nth=0'), 'from-csr.customer.example');
  await page.fill('textarea >> nth=1', 'hello');
  await page.waitForSelector('text=This is no CSR that can be read.');
  await close();
});

for (const way of ['pasted', 'from a file'] as const) {
  test(`a CSR that is ${way} becomes a certificate for its key`, async () => {
    // A domain of its own: one that was proved before serves the names below it.
    const name = `www.${way.replaceAll(' ', '-')}.example`;
    const { csrPem, csrDer } = await createSubscriber(name);
    await here.client.accounts.credit({ account: String(account), minor: 4_000, currency: 'CNY' });
    const watched = await here.open();
    const { page } = watched;
    watched.expect(/status of 4(?:02|09)/);
    await here.signIn(page, 'orders/new');
    await page.fill('input[list]', String(account));
    if (way === 'pasted') await page.fill('textarea >> nth=1', csrPem);
    else await page.setInputFiles('input[type=file]', { name: 'www.csr', mimeType: '', buffer: Buffer.from(csrPem) });
    await page.waitForSelector(`dd:text("${name}")`);
    await page.click('button[type=submit]');
    await page.waitForSelector(`text=_certmux-challenge.${name}`);
    const order = /orders\/(\d+)/.exec(page.url())?.[1] ?? '';
    const [proof] = (await here.client.orders.show({ order })).names[0]?.proofs.filter(isRecord) ?? [];
    assert.ok(proof?.method === 'dnsTxt');
    here.world.dns.set(proof.host, 'TXT', proof.value);
    await page.click('text=Check now');
    const download = page.waitForEvent('download');
    await page.click('a[download] >> nth=0');
    const pem = await readFile(await (await download).path(), 'utf8');
    const { publicKey } = new X509Certificate(pem);
    assert.ok(csrDer.includes(publicKey.export({ type: 'spki', format: 'der' })), 'the key of the CSR');
    await watched.close();
  });
}

function isRecord({ method }: { readonly method: string }): boolean {
  return method === 'dnsTxt';
}

test('an order that was cancelled is placed again: the same names, product and account', async () => {
  const { client } = here;
  const { csrPem } = await createSubscriber('again.example');
  const names = ['again.example', 'www.again.example'];
  const one = { productCode: 'tls-dv', account: String(account), method: 'httpFile' as const };
  await client.accounts.credit({ account: String(account), minor: 100_000, currency: 'CNY' });
  const before = await client.orders.place({ ...one, csr: csrPem, names, reference: 'ticket-1' });
  await client.orders.cancel({ order: String(before.number) });
  const { page, close } = await here.open();
  await here.signIn(page, `orders/${before.number}`);
  await page.click('main a:has-text("Order again")');
  await page.waitForSelector('main textarea');
  assert.equal(await page.inputValue('main textarea >> nth=0'), names.join('\n'));
  assert.equal(await page.inputValue('input[list]'), String(account));
  assert.ok(await page.isChecked('input[name=method][value=httpFile]'));
  const another = await createSubscriber('again.example');
  await page.fill('main textarea >> nth=1', another.csrPem);
  await page.click('main button[type=submit]');
  await page.waitForURL((url) => /orders\/\d+$/.test(url.pathname) && !url.pathname.endsWith(String(before.number)));
  const placed = await client.orders.show({ order: /\d+$/.exec(page.url())?.[0] ?? '' });
  assert.deepEqual([placed.names.map(({ name }) => name).toSorted(), placed.reference], [names, 'ticket-1']);
  await close();
});

test('an order that ended is ordered again with its organization and its container', async () => {
  const { client } = here;
  const of = String(account);
  const container = await client.containers.add({ account: of, name: 'Shop' });
  const organization = await client.organizations.add({
    account: of,
    details: { name: 'Acme Ltd', city: 'Hangzhou', state: 'Zhejiang', country: 'CN' },
    levels: ['ov'],
  });
  const { csrPem } = await createSubscriber('again.customer.example');
  const first = await client.orders.place({
    account: of,
    productCode: 'tls-ov',
    csr: csrPem,
    organization: organization.id,
    container: container.id,
  });
  await client.orders.cancel({ order: first.id });
  const watched = await here.open();
  const { page } = watched;
  watched.expect(/status of 4(?:02|09)/);
  await here.signIn(page, `orders/${first.number}`);
  await page.click('main a:has-text("Order again")');
  await page.waitForURL('**/orders/new?*');
  await page.locator('select').filter({ hasText: 'Shop' }).waitFor();
  await page.click('button[type=submit]');
  await page.waitForURL(/orders\/\d+$/);
  const number = /orders\/(\d+)/.exec(page.url())?.[1] ?? '';
  const second = await client.orders.show({ order: number });
  assert.notEqual(second.number, first.number);
  assert.deepEqual(
    [second.productCode, second.organization?.name, second.containerId, second.names.map(({ name }) => name)],
    ['tls-ov', 'Acme Ltd', container.id, ['again.customer.example']],
  );
  assert.equal((await client.organizations.list({ account: of })).items.length, 1, 'no second organization is made');
  await watched.close();
});
