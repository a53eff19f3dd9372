/** What somebody may have checked at once: how often, and what the audit log keeps of it. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { checksPerMinute } from '../../../src/app/proving/check-limit.ts';
import type { Caller, Reference } from '../../../src/domain/caller.ts';
import { createCustomer, names, newReference, place, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

interface Checkable {
  readonly id: string;
  readonly number: number;
}

/** Native callers name the front door as well. */
const codeFor = ({ seesAllDialects }: Caller) => (seesAllDialects ? 'encryption365:100' : '100');

const things = {
  order: {
    make: async (caller: Caller): Promise<Checkable> =>
      (await place(app, caller, ['checked.example.com'], { productCode: codeFor(caller) })).order,
    check: (caller: Caller, { number }: Checkable) => app.ports.proving.recheck(caller, { number }),
  },
  managedDomain: {
    async make(caller: Caller): Promise<Checkable> {
      const [name] = names('kept.example.com');
      assert.ok(name !== undefined);
      const proof = {
        preferredMethod: 'dnsTxt',
        proofReference: newReference(),
        organization: null,
        container: null,
      } as const;
      const { domain } = await app.ports.managedDomains.add(caller, { name, requestedLevels: [], ...proof });
      return domain;
    },
    check: (caller: Caller, { number }: Checkable) => app.ports.managedDomains.check(caller, { number } as Reference),
  },
} as const;

for (const what of ['order', 'managedDomain'] as const) {
  const { make, check } = things[what];

  it(`${checksPerMinute} checks of one ${what} a minute, then the time to wait; others are free`, async () => {
    const { caller } = await createCustomer(app, { dialect: 'native', roles: ['registrar', 'requester'] });
    const [one, other] = [
      await make(caller),
      await make((await createCustomer(app, { dialect: 'native', roles: ['registrar', 'requester'] })).caller),
    ];
    for (let asked = 0; asked < checksPerMinute; asked++) await check(caller, one);
    const params = { what, value: String(one.number), limit: checksPerMinute, retryAfterSeconds: 10 };
    await assert.rejects(check(caller, one), { code: 'rateLimited', reason: { key: 'checksTooOften', params } });
    await check(app.operator, other);
    await app.advance(10);
    await check(caller, one);
    await assert.rejects(check(caller, one), { code: 'rateLimited' });
  });

  it(`each check of one ${what} that somebody asked for has an event with their name, and none that was refused`, async () => {
    const { caller } = await createCustomer(app, { dialect: 'native', roles: ['registrar', 'requester'] });
    const one = await make(caller);
    await check(caller, one);
    await app.advance(60);
    await check(app.operator, one);
    for (let asked = 0; asked < checksPerMinute; asked++) await check(caller, one).catch(() => undefined);
    const query = { limit: 50, subject: one.id } as const;
    const { items } = await app.ports.events.list(app.operator, query);
    const checks = items.filter(({ kind }) => kind === 'validation.checkRequested');
    const actors = checks.map(({ actor }) => actor).toReversed();
    const mine = Array.from({ length: checksPerMinute - 1 }, () => caller.actor);
    assert.deepEqual(actors, [caller.actor, app.operator.actor, ...mine]);
  });

  it(`a client of a vendor that polls one ${what} by checks is never refused, and nothing more is looked at`, async () => {
    const { caller } = await createCustomer(app, { roles: ['registrar', 'requester'] });
    const one = await make(caller);
    for (let asked = 0; asked < 3 * checksPerMinute; asked++) await check(caller, one);
    const { items } = await app.ports.events.list(app.operator, { limit: 50, subject: one.id });
    assert.equal(items.filter(({ kind }) => kind === 'validation.checkRequested').length, checksPerMinute);
  });
}
