/** What people chose for themselves: kept by person, whichever of their keys they come by, and of nobody else. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import { mostViews } from '../../../src/domain/user-preferences.ts';
import { createCaller, createCustomer, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
let person: Caller;
let other: Caller;
let program: Caller;
before(async () => {
  app = await startTestApp();
  const { account } = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
  const callerOf = async (username: string): Promise<Caller> => {
    const password = 'long enough for it';
    const user = await app.ports.users.create(app.operator, {
      accountId: account.id,
      username,
      password,
      roles: ['viewer'],
    });
    return {
      ...(await createCaller(app, account, { dialect: 'native', roles: ['viewer'] })),
      actor: user.id,
      credentialId: null,
    };
  };
  [person, other] = [await callerOf('jill'), await callerOf('jack')];
  program = await createCaller(app, account, { dialect: 'native', roles: ['viewer'] });
});
after(() => app.close());

const preferences = () => app.ports.preferences;
const view = (name: string, list = 'orders') => ({ name, list, query: 'state=open' });

describe('preferences', () => {
  test('begin with nothing, and change one by one', async () => {
    const chosen = async () => {
      const { preferences: of = assert.fail() } = (await preferences().get(person)) ?? {};
      return [of.language, of.zone, of.views];
    };
    assert.deepEqual(await chosen(), [null, null, []]);
    await preferences().change(person, { zone: 'Asia/Shanghai' });
    await preferences().change(person, { language: 'zh' });
    assert.deepEqual(await chosen(), ['zh', 'Asia/Shanghai', []]);
    await preferences().putViews(person, [view('Stuck')]);
    await preferences().change(person, { zone: null });
    assert.deepEqual(await chosen(), ['zh', null, [view('Stuck')]]);
  });

  test('are of one person, and of no key that nobody holds', async () => {
    await preferences().putViews(person, [view('Mine')]);
    assert.deepEqual((await preferences().get(other))?.preferences.views, []);
    assert.equal(await preferences().get(program), undefined);
    await assert.rejects(preferences().putViews(program, []), { code: 'notFound' });
    await assert.rejects(preferences().change(program, { language: 'en' }), { code: 'notFound' });
  });

  for (const zone of ['Asia/Nowhere', '../etc/passwd', 'Asia/Shanghai ', '+08:00', 'x'.repeat(61)])
    test(`have no time zone ${JSON.stringify(zone.slice(0, 20))}`, async () => {
      await assert.rejects(preferences().change(person, { zone }), { code: 'invalidField', message: /zone/ });
    });

  test('have each view once in its list, and not too many', async () => {
    await preferences().putViews(person, [view('Stuck'), view('Stuck', 'certificates')]);
    await assert.rejects(preferences().putViews(person, [view('Twice'), view('Twice')]), {
      code: 'invalidField',
      message: /Twice/,
    });
    const many = Array.from({ length: mostViews + 1 }, (_, index) => view(`View ${index}`));
    await assert.rejects(preferences().putViews(person, many), { code: 'invalidField', message: /views/ });
    await preferences().putViews(person, many.slice(1));
    assert.equal((await preferences().get(person))?.preferences.views.length, mostViews);
  });

  test('leave nothing in the audit log', async () => {
    const before = await app.ports.events.list(app.operator, { limit: 1 });
    await preferences().change(person, { language: 'en' });
    assert.deepEqual((await app.ports.events.list(app.operator, { limit: 1 })).items, before.items);
  });
});
