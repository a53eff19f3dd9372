/** `/account/register`, where the operator opens it and where not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configSchema } from '../../../src/dialects/encryption365/config.ts';
import type { Account } from '../../../src/domain/account.ts';
import { authcode, createSession, type Session } from './harness.ts';

const person = {
  username: 'ops@example.com',
  password: 'correct horse',
  authcode,
  realName: '张三',
  idcardNumber: '110101199003078888',
  phoneNumber: '13800000000',
  country: 'CN',
  companyname: '例子公司',
};

const open = (language: 'zh' | 'en' = 'zh'): Promise<Session> =>
  createSession({ config: { registration: { authcode }, language } });
const register = (session: Session, body: object) => session.postRaw('/account/register', JSON.stringify(body));

/** The accounts and users beside those that the session began with, the newest first. */
async function registered({ app, account }: Session): Promise<readonly Account[]> {
  const accounts = (await app.ports.accounts.list(app.operator, { limit: 10 })).items.filter(
    ({ id }) => id !== account.id,
  );
  const users = (await app.ports.users.list(app.operator, { limit: 10 })).items;
  assert.equal(users.length, accounts.length + 1, 'every account has its user, and no user is without');
  return accounts;
}

describe('an open registration', () => {
  test('makes an account that can sign in and asks for its products', async () => {
    const session = await open();
    assert.equal((await register(session, person)).result, 'success');
    const { username, password } = person;
    const login = { username, password, servername: 'web1' };
    const device = await session.postRaw('/client/create', JSON.stringify(login));
    assert.equal(device.result, 'success');
    const key = { client_id: device.client_id, access_token: device.access_token };
    const details = await session.postRaw('/account/details', JSON.stringify(key));
    assert.deepEqual([details.result, details.credit, details.currency], ['success', 0, 'CNY']);
  });

  const named: readonly (readonly [what: string, change: object, name: string])[] = [
    ['the company', {}, '例子公司'],
    ['the person, without a company', { companyname: '' }, '张三'],
    ['the person, of a company of blanks', { companyname: '  ' }, '张三'],
    ['the user name, without either', { companyname: null, realName: undefined }, 'ops@example.com'],
  ];
  for (const [what, change, name] of named) {
    test(`calls the account by ${what}`, async () => {
      const session = await open();
      assert.equal((await register(session, { ...person, ...change })).result, 'success');
      const account = (await registered(session)).at(0) ?? assert.fail();
      assert.deepEqual([account.name, account.contactEmail, account.currency], [name, 'ops@example.com', 'CNY']);
    });
  }

  const numbers = { idcardNumber: 110101199003078900, phoneNumber: 13800000000, country: ['CN'], realName: 7 };
  test('takes what it does not need in every form, or not at all', async () => {
    const { username, password } = person;
    const bare = { username, password, authcode };
    for (const body of [{ ...person, ...numbers }, bare]) {
      assert.equal((await register(await open(), body)).result, 'success');
    }
  });

  test('hands on nothing of the identity card, the telephone and the country', async () => {
    const session = await open();
    await register(session, person);
    await register(session, { ...person, authcode: 'wrong' });
    const kept = JSON.stringify([await session.app.tables(), session.logLines]);
    assert.doesNotMatch(kept, /110101199003078888|13800000000/);
    assert.doesNotMatch(kept, /panels-2026-may-register/);
  });

  test('says where the code comes from, in both languages', async () => {
    const ask = (session: Session) => session.postRaw('/account/register/authcode', '{"username":"ops@example.com"}');
    assert.match((await ask(await open('en'))).message, /^this server sends no mail: the operator gives the code/);
    assert.match((await ask(await open('zh'))).message, /^本服务器不发送邮件/);
    assert.equal(
      (await register(await open('en'), person)).message,
      'the account is made; sign in with its user name and password',
    );
  });

  const refusals: readonly (readonly [what: string, change: object, message: RegExp])[] = [
    ['no code', { authcode: undefined }, /^缺少参数 authcode$/],
    ['an empty code', { authcode: '' }, /^缺少参数 authcode$/],
    ['a wrong code', { authcode: 'panels-2026-may-registeR' }, /^authcode 错误/],
    ['a code in an array, which no message quotes', { authcode: [authcode] }, /^参数 authcode 无效：\[secret\]/],
    ['no user name', { username: undefined }, /^缺少参数 username$/],
    ['a user name of blanks', { username: ' ' }, /^缺少参数 username$/],
    ['a user name that is no address', { username: 'ops' }, /^参数 username 无效："ops"（应为邮箱地址）$/],
    ['a user name that is taken', { username: 'account@exmaple.com' }, /^用户 account@exmaple.com 已存在$/],
    ['no password', { password: undefined }, /^缺少参数 password$/],
    ['a password that is a number', { password: 12345678901 }, /^参数 password 无效：\[secret\]/],
    ['a company of 201 characters', { companyname: '司'.repeat(201) }, /^参数 companyname 无效：.*至多 200 个字符）$/],
    ['a person of 201 characters', { companyname: '', realName: 'x'.repeat(201) }, /^参数 realName 无效/],
    ['a company that is an object', { companyname: {} }, /^参数 companyname 无效：\{\}/],
  ];
  for (const [what, change, message] of refusals) {
    test(`refuses ${what}, and makes nothing`, async () => {
      const session = await open();
      const reply = await register(session, { ...person, ...change });
      assert.deepEqual(Object.keys(reply), ['result', 'status', 'message']);
      assert.deepEqual([reply.result, reply.status], ['error', 'error']);
      assert.match(reply.message, message);
      assert.equal((await registered(session)).length, 0);
    });
  }
});

describe('a closed registration', () => {
  test('says that it is closed, whatever is sent', async () => {
    const session = await createSession();
    for (const path of ['/account/register', '/account/register/authcode']) {
      for (const body of [person, {}, { username: '', password: '' }]) {
        const { result, message } = await session.postRaw(path, JSON.stringify(body));
        assert.equal(result, 'error');
        assert.equal(message, `本服务器未开放 ${path}：账户由本服务器管理员创建，请向管理员索取用户名和密码`);
      }
    }
    assert.equal((await registered(session)).length, 0);
  });
});

describe('the setting', () => {
  const rows: readonly (readonly [value: unknown, message: RegExp | undefined])[] = [
    ['closed', undefined],
    [{ authcode: '123456789012' }, undefined],
    [{ authcode: '12345678901' }, /"minimum":12/],
    [{ authcode: `${' '.repeat(12)}short` }, /"minimum":12/],
    ['open', /must be closed, or a section with an authcode/],
    [{}, /must be closed, or a section with an authcode/],
    [{ authcode: '123456789012', more: 1 }, /more/],
  ];
  for (const [registration, message] of rows) {
    test(JSON.stringify(registration), () => {
      const read = configSchema.safeParse({ registration });
      if (message === undefined) assert.ok(read.success, String(read.error));
      else assert.match(JSON.stringify(read.error?.issues), message);
    });
  }
});
