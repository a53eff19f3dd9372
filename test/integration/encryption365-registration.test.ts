/** From a stranger to a certificate without the operator: the code, the account, the device, the order. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { createEncryption365Client } from '../../src/dialects/encryption365/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { type Customer, placeHttpProofs } from '../support/customer.ts';
import { readRequestTables, readTables } from '../support/tables.ts';
import { startWorld, type World } from '../support/world.ts';
import { assertRefused, place, pollUntilIssued, post, settled } from './harness.ts';

const authcode = 'given by the operator';
let world: World;
before(async () => {
  world = await startWorld({ dialects: { encryption365: { registration: { authcode } } } });
});
after(() => world.close());

const person = {
  username: 'Stranger@Example.com',
  password: 'correct horse',
  authcode,
  realName: '张三',
  idcardNumber: '110101199003078888',
  phoneNumber: '13800000000',
  country: 'CN',
  companyname: '例子公司',
};

/** Signs in and is a customer like those whom the operator made. */
async function enter(): Promise<Customer> {
  const connection = { baseUrl: world.url, fetch: (request: Request) => fetch(request) };
  const { username, password } = person;
  const login = { username, password: new Secret(password), serverName: 'panel' };
  const device = await createEncryption365Client(connection).signIn(login);
  const credentials = { clientId: device.client_id, accessToken: new Secret(device.access_token) };
  const client = createEncryption365Client({ ...connection, credentials });
  return { clientId: device.client_id, accessToken: device.access_token, accountId: '', client };
}

it('A stranger with the code gets an account, a device and a certificate.', async () => {
  const where = await post(world, '/account/register/authcode', { username: person.username });
  assert.deepEqual([where.status, where.body.result], [200, 'success']);
  assertRefused(await post(world, '/account/register', { ...person, authcode: 'guessed' }), /^authcode 错误/);
  assertRefused(await post(world, '/client/create', { ...person, servername: 'panel' }), /^账户或密码错误$/);

  const registered = await post(world, '/account/register', person);
  assert.deepEqual([registered.status, registered.body.result], [200, 'success']);
  const customer = await enter();
  const placed = await place(customer, ['registered.example.com']);
  placeHttpProofs(world, placed.dcv_info);
  await pollUntilIssued(customer, placed.trustocean_id);

  const operator = createNativeClient({
    baseUrl: world.url,
    token: world.operatorToken,
    fetch: (request) => fetch(request),
  });
  const [account, ...others] = (await operator.accounts.list({})).items;
  assert.deepEqual([account?.name, account?.contactEmail, others.length], ['例子公司', person.username, 0]);
});

it('A second registration of the same user leaves nothing behind.', async () => {
  await settled(world);
  const before = readRequestTables(world.databasePath);
  assertRefused(await post(world, '/account/register', person), /^用户 stranger@example.com 已存在$/);
  assertRefused(
    await post(world, '/account/register', { ...person, password: 'short' }),
    /^参数 password 无效：\[secret\]/,
  );
  assert.deepEqual(readRequestTables(world.databasePath), before);
});

it('The number of the identity card is stored nowhere.', () => {
  const everything = JSON.stringify(readTables(world.databasePath));
  assert.ok(everything.includes('stranger@example.com'));
  assert.doesNotMatch(everything, /110101199003078888|13800000000|given by the operator/);
});

it('Suspending the account shuts its devices out; disabling the user revokes them.', async () => {
  const operator = createNativeClient({
    baseUrl: world.url,
    token: world.operatorToken,
    fetch: (request) => fetch(request),
  });
  const { clientId, accessToken } = await enter();
  const ask = () => post(world, '/account/details', { client_id: clientId, access_token: accessToken });
  assert.equal((await ask()).body.result, 'success');
  const [account] = (await operator.accounts.list({})).items;
  const reference = { account: String(account?.number) };
  await operator.accounts.change({ ...reference, state: 'suspended' });
  assertRefused(await ask(), /^该账户已停用/);
  await operator.accounts.change({ ...reference, state: 'active' });
  assert.equal((await ask()).body.result, 'success');
  await operator.users.disable({ user: 'stranger@example.com' });
  assertRefused(await ask(), /错误或已被吊销$/);
  assertRefused(await post(world, '/client/create', { ...person, servername: 'panel' }), /^账户或密码错误$/);
});
