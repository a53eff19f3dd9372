/** What support and auditors may call, of all operations: a new one is seen here, and decided about. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { operations } from '../../../src/dialects/native/operations.ts';
import type { Role } from '../../../src/domain/role.ts';

/** Calls that read nothing else, or only what is theirs: open to everybody. */
const own = [
  // It asks for the roles of what it does.
  'bulk.act',
  'keys.report',
  'me.change',
  'me.putViews',
  'passwords.change',
  'session.confirm',
  'session.create',
  'session.end',
  'sessions.end',
];

/** Calls that move on what is under way. */
const helping = ['delegations.check', 'domains.check', 'domains.chooseMethod', 'orders.check', 'orders.chooseMethod'];

/** Secrets are no reading. */
const secrets = ['accounts.webhookSecret'];

const mayCall = (role: Role) => operations.filter(({ roles }) => roles === undefined || roles.includes(role));

describe('the roles of the server', () => {
  for (const [role, extra] of [
    ['support', helping],
    ['auditor', []],
  ] as const) {
    it(`${role} changes nothing but ${[...own, ...extra].join(', ')}`, () => {
      const changing = mayCall(role).filter(({ method }) => method !== 'GET');
      assert.deepEqual(changing.map(({ id }) => id).toSorted(), [...own, ...extra].toSorted());
    });

    it(`${role} reads everything but ${secrets.join(', ')}`, () => {
      const readable = new Set(mayCall(role).map(({ id }) => id));
      const hidden = operations.filter(({ id, method }) => method === 'GET' && !readable.has(id));
      assert.deepEqual(hidden.map(({ id }) => id).toSorted(), secrets);
    });
  }

  it('are in no row without the operator’s having all', () => {
    for (const { id, roles } of operations) assert.notDeepEqual(roles, [], id);
  });
});
