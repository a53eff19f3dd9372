/** A name that is proved by mail: the address is chosen, the mail waits its turn before it is sent again, and who reads it confirms. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let mail: MailServer;
let here: ConsoleWorld;
let account = '';
before(async () => {
  mail = await startMailServer();
  here = await startConsoleWorld({
    mail: { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'certs@certs.example' },
  });
  account = (await here.client.accounts.create({ name: 'Acme' })).id;
});
after(async () => {
  await here.close();
  await mail.close();
});

const words = {
  en: { method: 'E-mail', send: 'Send the mail', wait: /^Sent; again in \d+ s$/ },
  zh: { method: '邮箱', send: '发送验证邮件', wait: /\d+ 秒/ },
} as const;

for (const look of looks.filter(({ scheme, width }) => scheme === 'light' && width === 1280)) {
  const { method, send, wait } = words[look.language];
  test(`${nameOf(look)}: sent to the address that was chosen, again after a pause, and confirmed`, async () => {
    const name = `mailed-${look.language}.example`;
    const { csrPem } = await createSubscriber(name);
    const order = await here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, method: 'dnsTxt', account });
    const number = String(order.number);
    const { page, close } = await here.open(look);
    await here.signIn(page, `orders/${number}`);
    await page.click(`[role=tab]:has-text("${method}")`);
    const address = `postmaster@${name}`;
    await page.click(`label:has-text("${address}")`);
    await page.click(`button:has-text("${send}")`);
    // It counts down, and cannot be clicked meanwhile.
    const button = page.locator('[role=tabpanel] button[disabled]');
    await until(async () => wait.test((await button.allInnerTexts()).at(-1)?.trim() ?? ''));
    await until(async () => mail.received.some(({ to }) => to.includes(address)));
    assert.ok(!mail.received.some(({ to }) => to.includes(`admin@${name}`)), 'nobody else has one');
    const [shown] = (await here.client.orders.show({ order: number })).names;
    assert.equal(shown?.preferredMethod, 'email');
    // Whoever reads it opens the link, and sends the form that is there.
    const text = mail.received.find(({ to }) => to.includes(address))?.text ?? '';
    const link = /http:\/\/\S+\/confirm\/\S+/.exec(text)?.[0] ?? assert.fail(`no link in ${text}`);
    const reader = await here.open(look);
    await reader.page.goto(link);
    await reader.page.click('button, input[type=submit]');
    await reader.close();
    await page.waitForSelector('a[download]');
    assert.equal((await here.client.orders.show({ order: number })).state, 'active');
    await close();
  });
}

test('a domain: another method, a mail instead, and what was looked for before', async () => {
  const name = 'kept.example';
  const { client } = here;
  const added = await client.domains.add({ account, name, method: 'dnsTxt' });
  const domain = String(added.number);
  await client.domains.check({ domain });
  const { page, close } = await here.open();
  await here.signIn(page, `domains/${domain}`);
  await page.click('summary:has-text("Earlier checks")');
  await page.waitForSelector('details li >> text=DNS TXT');
  await page.click('[role=tab]:has-text("File (HTTP)")');
  await page.click('button:has-text("Choose File (HTTP)")');
  await until(async () => (await client.domains.show({ domain })).validation.preferredMethod === 'httpFile');
  await page.click('[role=tab]:has-text("E-mail")');
  await page.click(`label:has-text("admin@${name}")`);
  await page.click('button:has-text("Send the mail")');
  await until(async () => mail.received.some(({ to }) => to.includes(`admin@${name}`)));
  const text = mail.received.find(({ to }) => to.includes(`admin@${name}`))?.text ?? '';
  const link = /http:\/\/\S+\/confirm\/\S+/.exec(text)?.[0] ?? assert.fail(`no link in ${text}`);
  const reader = await here.open();
  await reader.page.goto(link);
  await reader.page.click('button, input[type=submit]');
  await reader.close();
  await page.waitForSelector('dt:has-text("Proved by") + dd:has-text("E-mail")');
  assert.equal((await client.domains.show({ domain })).validation.provedBy, 'email');
  await close();
});
