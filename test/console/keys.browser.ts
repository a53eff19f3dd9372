/** The page of an ACME key with its clients, and that of a credential with the line that tries it, which is run as it is shown. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createClock } from '../../src/system/clock.ts';
import { createAccountKey } from '../support/account-key.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible } from './support/accessibility.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { issueCertificate } from './support/issued.ts';
import { until } from './support/until.ts';

const run = promisify(execFile);

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = String((await here.client.accounts.create({ name: 'Acme' })).number);
  await here.client.accounts.credit({ account, minor: 1_000_000, currency: 'CNY' });
});
after(() => here.close());

const dialog = (page: Page) => page.locator('[role=dialog]');
const isClosed = (page: Page) => dialog(page).waitFor({ state: 'detached' });
const submit = (page: Page) => dialog(page).locator('button[type=submit]').click();

/** A client registers by the key, and orders a name that the account has proved. The number of its order. */
async function orderByAcme(made: { readonly directoryUrl: string; readonly keyId: string; readonly hmacKey: string }) {
  const name = 'www.acme.example';
  await issueCertificate(here, { name, account });
  const key = createJwsKey(createAccountKey().pkcs8);
  const client = createAcmeClient({
    directoryUrl: made.directoryUrl,
    fetch: (request) => fetch(request),
    clock: createClock(),
    key,
  });
  await client.register({
    contact: ['mailto:ops@acme.example'],
    externalKey: { keyId: made.keyId, hmacKey: Buffer.from(made.hmacKey, 'base64url') },
  });
  const placed = await client.placeOrder({ names: [name] });
  assert.equal(placed.shown.status, 'ready');
  const { csrDer } = await createSubscriber(name);
  await client.finalize({
    url: placed.url,
    names: [name],
    finalizeUrl: placed.shown.finalize,
    csrDer,
    timeoutMs: 30_000,
  });
  const [newest] = (await here.client.orders.list({ account })).items;
  return String(newest?.number);
}

test('the page of an ACME key says what its clients may do, which there are and what they ordered', async () => {
  const { client } = here;
  const made = await client.acmeKeys.create({ account, name: 'web-1', productCode: 'tls-dv', names: ['acme.example'] });
  const order = await orderByAcme({ directoryUrl: made.directoryUrl, keyId: made.key.keyId, hmacKey: made.hmacKey });
  const bound = await client.credentials.list({ acmeKey: String(made.key.number) });
  assert.deepEqual(
    bound.items.map(({ dialect, label }) => [dialect, label]),
    [['acme', 'mailto:ops@acme.example']],
  );
  const { page, close } = await here.open();
  await here.signIn(page, `acme-keys?account=${account}`);
  await page.click('[role=row] a:has-text("web-1")');
  await page.waitForSelector(`aside >> text=${made.key.keyId}`);
  await page.goto(`${here.world.url}/console/acme-keys/${made.key.number}`);
  await page.waitForSelector(`main a:has-text("${order}")`);
  await page.waitForSelector('main a:has-text("mailto:ops@acme.example")');
  const lines = await page.locator('main pre').innerText();
  assert.ok(lines.includes(made.directoryUrl) && lines.includes(made.key.keyId) && lines.includes('HMAC_KEY'), lines);
  await assertAccessible(page, 'an ACME key');

  await page.click('main button:has-text("Change")');
  await dialog(page).locator('label:has-text("DNS TXT") input').check();
  await dialog(page).locator('[name=maxValidityDays]').fill('30');
  await dialog(page).locator('[name=accounts]').fill('5');
  await dialog(page).locator('[name=approval]').selectOption('automatic');
  await assertAccessible(page, 'the change of an ACME key');
  await submit(page);
  await isClosed(page);
  await page.waitForSelector('main dd:has-text("30 days")');
  const changed = await client.acmeKeys.show({ key: made.key.id });
  assert.deepEqual(
    [changed.methods, changed.maxValidityDays, changed.accounts, changed.approval, changed.names],
    [['dnsTxt'], 30, 5, 'automatic', ['acme.example']],
  );

  await page.click('main a:has-text("mailto:ops@acme.example")');
  await page.waitForURL('**/credentials/*');
  await page.waitForSelector('main dd:text-is("ACME")');
  await page.click('main a:has-text("Show in the audit log")');
  await page.waitForSelector('main >> text=order placed');
  await page.goto(`${here.world.url}/console/acme-keys/${made.key.number}`);
  await page.click('main button:has-text("Revoke")');
  await submit(page);
  await isClosed(page);
  await page.waitForSelector('main >> text=Revoked');
  assert.notEqual((await client.acmeKeys.show({ key: made.key.id })).revokedAt, null);
  assert.equal(await page.locator('main button:has-text("Change")').count(), 0);
  await close();
});

/** What each API answers somebody with the right key, and to whom the key is wrong. */
const apis = {
  native: [/"roles"/, /unauthenticated/],
  digicert: [/"primary_organization_id"/, /invalid_api_key|access_denied/],
  encryption365: [/"result":\s*"success"/, /"result":\s*"(?!success)/],
  httpsok: [/^ok/, /^(?!ok)/],
  racent: [/"code":\s*1\b/, /"code":\s*(?!1\b)/],
  wosign: [/10[3-9]/, /10[12]/],
} as const;

for (const [dialect, [accepted, refused]] of Object.entries(apis)) {
  test(`${dialect}: the line of a new credential is answered by its API, and not to another key`, async () => {
    const { page, close } = await here.open();
    await here.signIn(page, `credentials?account=${account}`);
    await page.click('main button:has-text("New credential")');
    await dialog(page).locator('[name=dialect]').selectOption(dialect);
    await dialog(page).locator('[name=label]').fill(`tried ${dialect}`);
    await submit(page);
    const command = await dialog(page).locator('pre').innerText();
    assert.match((await run('sh', ['-c', command])).stdout, accepted);
    await assertAccessible(page, `a new credential of ${dialect}`);
    await page.click('[role=dialog] button[aria-label="Close"]');
    await isClosed(page);

    const [made] = (await here.client.credentials.list({ account, text: `tried ${dialect}` })).items;
    assert.ok(made !== undefined);
    assert.notEqual(made.lastUsedAt, null);
    await page.click(`[role=row] a:has-text("tried ${dialect}")`);
    const known = await page.locator('aside pre').innerText();
    assert.ok(known.includes(made.publicId) && known.includes('SECRET'), known);
    // Whoever puts the secret in its place has the line that was shown with the key.
    const secret = /[0-9A-Za-z_]{20,}/.exec(command.slice(command.indexOf(made.publicId) + made.publicId.length))?.[0];
    assert.equal(known.replace('SECRET', secret?.replace(/^_/, '') ?? ''), command);
    assert.match((await run('sh', ['-c', known])).stdout, refused);
    await close();
  });
}

test('a requester is offered the roles that they may give', async () => {
  const password = 'correct horse battery staple';
  await here.client.users.create({ account, username: 'own.keys', password, roles: ['requester'] });
  const { page, close } = await here.open();
  await page.goto(`${here.world.url}/console/credentials`);
  await page.fill('input[name=username]', 'own.keys');
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.click('main button:has-text("New credential")');
  const offered = dialog(page).locator('fieldset label');
  await until(async () => (await offered.count()) === 2);
  const names = await offered.allInnerTexts();
  assert.deepEqual(
    names.map((text) => text.split('\n')[0]),
    ['Requester', 'Viewer'],
  );
  await close();
});
