/** What the configuration of a dialect names is looked up when the server starts. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { checkReferences } from '../../src/app/index.ts';
import { references } from '../../src/dialects/acme/references.ts';
import { createAccount, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const open = (account: string, product: string) => ({
  directories: { lan: { open: { account, product } }, default: { keysOf: ['native'] } },
});
const check = (config: unknown) => checkReferences(app.context, 'acme', references(config));
const warnings = () => app.log.lines.filter(({ message }) => message.startsWith('this setting names'));

it('an account and products that there are pass, and so does no configuration', async () => {
  const { number } = await createAccount(app);
  await check(open(String(number), 'encryption365:paid'));
  await check(undefined);
  assert.deepEqual(warnings(), []);
});

it('a product that there is not stops the start, with the name of its setting', async () => {
  await assert.rejects(
    check(open('1', 'encryption365:nothing')),
    /^CertError: dialects\.acme\.directories\.lan\.open\.product: there is no product "encryption365:nothing"/,
  );
  const profile = { product: 'nobody:paid', description: 'x' };
  await assert.rejects(
    check({ directories: { default: { keysOf: ['native'], profiles: { short: profile } } } }),
    /dialects\.acme\.directories\.default\.profiles\.short\.product: there is no product "nobody:paid"/,
  );
});

it('an account that there is not yet, and a product that is not for sale, are warned of', async () => {
  await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale: false });
  await check(open('4711', 'encryption365:paid'));
  assert.deepEqual(
    warnings().map(({ fields }) => fields),
    [
      { setting: 'dialects.acme.directories.lan.open.product', product: 'encryption365:paid' },
      { setting: 'dialects.acme.directories.lan.open.account', account: '4711' },
    ],
  );
});
