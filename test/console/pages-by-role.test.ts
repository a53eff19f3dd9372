/** Which pages each role has, and that the API answers each of them to it. */
import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { endpointTable } from '../../console/build/endpoints-plugin.ts';
import { baseUrl, createSession, type NativeSession } from '../dialects/native/session.ts';

const table = endpointTable();
const source = `data:text/javascript,${encodeURIComponent(`export const endpoints = ${JSON.stringify(table)};`)}`;
registerHooks({
  resolve: (target, context, next) =>
    target === 'virtual:native-endpoints'
      ? { url: source, format: 'module', shortCircuit: true }
      : next(target, context),
});

interface PagesModule {
  pagesOf(me: object): readonly { readonly name: string; readonly to: string; readonly needs: string | null }[];
}
// By a name that `tsc` does not follow: the types of a browser are not those of the tests.
const pagesModule = new URL('../../console/src/frame/pages.ts', import.meta.url).href;
const { pagesOf } = (await import(pagesModule)) as PagesModule;

const work = ['orders', 'certificates', 'approvals', 'domains', 'organizations'];
const people = [
  'users',
  'credentials',
  'acmeKeys',
  'containers',
  'customFields',
  'roleGrants',
  'webhooks',
  'deliveries',
];
const ofServer = [
  ...work,
  'reports',
  'accounts',
  ...people,
  'products',
  'issuers',
  'jobs',
  'alarms',
  'mail',
  'blockedKeys',
  'audit',
];

const ofOneAccount: readonly string[] = ['acmeKeys', 'containers', 'customFields'];

/** Besides Home and settings, in the order of the menu; what is below them comes first in it on phones. */
const rows = [
  ['administrator', [...work, 'reports', 'account', ...people, 'products', 'issuers', 'blockedKeys', 'audit']],
  ['approver', ['orders', 'certificates', 'approvals']],
  ['requester', ['orders', 'certificates', 'domains']],
  ['registrar', ['domains', 'organizations']],
  ['userManager', ['users', 'credentials']],
  ['viewer', ['orders', 'certificates', 'approvals', 'domains', 'organizations', 'products']],
  ['operator', ofServer],
  ['support', ofServer],
  ['auditor', ofServer],
] as const;

const password = 'correct horse battery staple';
let session: NativeSession;
before(async () => {
  session = await createSession();
});
after(() => session.app.close());

const headers = { 'sec-fetch-site': 'same-origin', 'x-certmux-console': '1', 'content-type': 'application/json' };

async function signedIn(role: (typeof rows)[number][0]) {
  const isOfServer = ['operator', 'support', 'auditor'].includes(role);
  const account = isOfServer ? {} : { account: '1' };
  await session.operator.users.create({ ...account, username: `a-${role}`, password, roles: [role] });
  const body = JSON.stringify({ username: `a-${role}`, password });
  const entered = await session.fetch(new Request(`${baseUrl}/api/v1/session`, { method: 'POST', headers, body }));
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? assert.fail('signed in');
  return (path: string) => session.fetch(new Request(`${baseUrl}${path}`, { headers: { ...headers, cookie } }));
}

describe('the pages of a role', () => {
  for (const [role, expected] of rows) {
    it(`${role}: ${expected.join(', ')}; and the API answers each`, async () => {
      const get = await signedIn(role);
      const me = (await (await get('/api/v1/me')).json()) as { readonly account: { readonly number: number } | null };
      const pages = pagesOf(me);
      assert.deepEqual(
        pages.map(({ name }) => name),
        ['home', ...expected, 'settings'],
      );
      for (const { needs, name } of pages) {
        if (needs === null) continue;
        const [noun = '', verb = ''] = needs.split('.');
        const [method, path = ''] = table[noun]?.[verb] ?? assert.fail(`no operation ${needs}`);
        assert.equal(method, 'GET');
        const own = String(me.account?.number ?? '');
        // Whoever sees all accounts chooses one first.
        const chosen = me.account === null && ofOneAccount.includes(name) ? '?account=1' : '';
        assert.equal((await get(`${path.replace(':account', own)}${chosen}`)).status, 200, `${name} of ${role}`);
      }
    });
  }
});
