/** Every list of the API is one of the command line's, and whatever narrows or sorts it is an option that reaches the server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accountHeader } from '../../src/dialects/native/auth.ts';
import { api } from '../../src/dialects/native/schema.ts';
import { commandTree, leavesOf } from '../support/command-tree.ts';
import { run } from './harness.ts';

/** The command of each list, with its arguments. */
const commands: Readonly<Record<string, string>> = {
  'accounts.list': 'account list',
  'accounts.ledger': 'account ledger 100001',
  'acmeKeys.list': 'acme key list',
  'alarms.list': 'alarm list',
  'approvals.list': 'approval list',
  'authorities.list': 'ca show',
  'authorities.plan': 'ca plan',
  'authorities.requests': 'ca requests',
  'authorizations.list': 'authorization list',
  'certificates.list': 'certificate list',
  'checks.ofOrder': 'order checks 17',
  'containers.list': 'container list',
  'credentials.list': 'credential list',
  'customFields.list': 'custom-field list',
  'domains.list': 'domain list',
  'events.list': 'event list',
  'issuers.list': 'issuer list',
  'jobs.failed': 'event failed-jobs',
  'jobs.list': 'job list',
  'keys.blocked': 'key list',
  'keys.certificates': 'key list --certificates',
  'mail.stopped': 'mail list',
  'notes.history': 'order note history 17',
  'notes.list': 'order note list 17',
  'orders.issuances': 'order issuances 17',
  'orders.list': 'order list',
  'orders.shares': 'order share 17 --list',
  'orders.timeline': 'order timeline 17',
  'organizations.list': 'organization list',
  'prices.history': 'price history',
  'prices.list': 'price list',
  'products.list': 'product list',
  'profiles.list': 'profile list',
  'refunds.list': 'order refunds',
  'reports.months': 'report months',
  'roleGrants.list': 'grant list',
  'sessions.list': 'session list',
  'upstreams.costs': 'upstream costs',
  'upstreams.list': 'upstream list',
  'upstreams.orders': 'upstream orders',
  'users.list': 'user list',
  'webhooks.deliveries': 'webhook deliveries',
  'webhooks.list': 'webhook list',
};

/** Parameters whose option has another name than theirs; what else the command line needs with it. */
const optionOf: Readonly<Record<string, string>> = {
  productCode: '--product',
  issuerId: '--issuer',
  endsWithinDays: '--ends-within',
  isRenewed: '--renewed',
  lowBalance: '--low',
  requestId: '--request',
  'orders.list failingCode': '--failing --failing-code',
  'upstreams.costs upstream': '--account',
};

/** Parameters without an option, and why. */
const without: Readonly<Record<string, string>> = {};

const paging: ReadonlySet<string> = new Set(['limit', 'cursor', 'total']);
const day = '2026-06-01';
/** What an option takes that does not take any text. */
const values: Readonly<Record<string, string>> = {
  '--from': day,
  '--to': day,
  '--until': day,
  '--ends-from': day,
  '--ends-to': day,
  '--ends-within': '30',
  '--balance-below': '100',
  '--valid-until-before': day,
  '--unused-since': day,
  '--month': '2026-06',
  '--key': 'ab'.repeat(32),
  '--name-part': 'shop',
};

const leaves = new Map(leavesOf(commandTree()));
const leafOf = (line: string) => {
  const words = line.split(' ');
  for (let count = words.length; count > 0; count--) {
    const leaf = leaves.get(words.slice(0, count).join(' '));
    if (leaf !== undefined) return leaf;
  }
  return assert.fail(`there is no command ${line}`);
};

const lists = Object.values(api)
  .flatMap((endpoints) => Object.values(endpoints))
  .filter(({ method, response }) => method === 'GET' && 'shape' in response && 'items' in response.shape);

/** The request of a command line; an empty page answers it. */
async function requestOf(line: string): Promise<Request> {
  const sent: Request[] = [];
  const fetch = async (request: Request) => {
    sent.push(request);
    return Response.json({ items: [], nextCursor: null });
  };
  const { stderr } = await run(line, { fetch, connection: { url: 'https://certs.example.com', token: 'token' } });
  return sent[0] ?? assert.fail(stderr);
}

test('every list of the API has a command', () => {
  assert.deepEqual(Object.keys(commands).toSorted(), lists.map(({ id }) => id).toSorted());
});

describe('the command of', () => {
  for (const { id, path, request } of lists) {
    const line = commands[id] ?? '';
    for (const parameter of Object.keys(request.shape)) {
      const name = `${id} ${parameter}`;
      if (paging.has(parameter) || path.includes(`:${parameter}`) || name in without) continue;
      test(`${id} narrows or sorts by ${parameter}`, async () => {
        const kebab = `--${parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
        const flags = optionOf[name] ?? optionOf[parameter] ?? kebab;
        const long = flags.split(' ').at(-1) ?? '';
        const option = leafOf(line).options.find((one) => one.long === long);
        assert.ok(option, `certmux ${line} has no ${long}`);
        const value = option.required ? ` ${option.argChoices?.[0] ?? values[long] ?? 'x1'}` : '';
        const { url, headers } = await requestOf(`${line} ${flags}${value}`);
        const { pathname, searchParams } = new URL(url);
        assert.equal(pathname.split('/').length, path.split('/').length);
        // The account may also be acted for.
        const isActedFor = parameter === 'account' && headers.get(accountHeader) === value.trim();
        assert.ok(searchParams.has(parameter) || isActedFor, `${url} has no ${parameter}`);
      });
    }
  }
});

test('what is named above is there', () => {
  const names = new Set(
    lists.flatMap(({ id, request }) => Object.keys(request.shape).flatMap((one) => [one, `${id} ${one}`])),
  );
  for (const name of [...Object.keys(optionOf), ...Object.keys(without)]) assert.ok(names.has(name), name);
});
