/** What every engine must do with the domains that accounts keep, and with proofs that no order asked for. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CaaOutcome } from '../../src/domain/caa.ts';
import { reason } from '../../src/domain/errors.ts';
import type { ManagedDomain } from '../../src/domain/managed-domain.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { ManagedDomainSearch, ManagedDomainUpdate } from '../../src/domain/ports/stores/managed-domains.ts';
import { at, id, insertOrder, insertWorld, newAuthorization, newConfirmation, type World } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

export function domainSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`domains on ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openFresh();
    });
    after(() => opened.remove());
    const write: Database['write'] = (work) => opened.database.write(work);
    const read = () => opened.database.read;

    it('keeps look-ups of CAA records: one row for those in a row that found the same', async () => {
      const allows = (value: string): CaaOutcome => ({
        ok: true,
        answer: { foundAt: 'caa.example', records: [{ flags: 0, tag: 'issue', value }] },
      });
      const away: CaaOutcome = { ok: false, problem: reason('resolversAway', {}) };
      const look = (hours: number, outcome: CaaOutcome, name = 'www.caa.example') =>
        write((tx) => tx.caaChecks.put({ name, outcome, checkedAt: new Date(at.getTime() + hours * 3_600_000) }));
      await look(0, allows('one.example'));
      await look(1, allows('one.example'));
      await look(2, away);
      await look(3, allows('one.example'));
      await look(4, allows('one.example'));
      await look(1, away, 'other.caa.example');
      const newest = await read().caaChecks.listNewest(['www.caa.example', 'other.caa.example', 'none.caa.example']);
      const hoursOf = (date: Date) => (date.getTime() - at.getTime()) / 3_600_000;
      assert.deepEqual(
        newest
          .map((one) => [one.name, hoursOf(one.firstAt), hoursOf(one.checkedAt), one.count, one.outcome.ok])
          .toSorted(),
        [
          ['other.caa.example', 1, 1, 1, false],
          ['www.caa.example', 3, 4, 2, true],
        ],
      );
      // The clock was put back: what is found now is the newest all the same.
      await look(9, away, 'back.caa.example');
      await look(5, allows('one.example'), 'back.caa.example');
      const [back] = await read().caaChecks.listNewest(['back.caa.example']);
      assert.deepEqual([back?.outcome.ok, back && hoursOf(back.checkedAt)], [true, 5]);
      const before = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
      assert.equal(await write((tx) => tx.caaChecks.purge(before(3), 10)), 3);
      assert.deepEqual(
        (await read().caaChecks.listNewest(['www.caa.example', 'other.caa.example'])).map(({ name }) => name),
        ['www.caa.example'],
      );
    });

    async function insert({ account }: World, value: string, change: Partial<ManagedDomain> = {}) {
      const authorization = newAuthorization(account.id, { issuanceId: null, identifier: { kind: 'dns', value } });
      return write(async (tx) => {
        await tx.authorizations.insert(authorization);
        return tx.managedDomains.insert({
          id: id('managedDomain'),
          accountId: account.id,
          name: { kind: 'dns', value },
          organizationId: id('organization'),
          containerId: id('container'),
          state: 'active',
          proofReference: id('issuance'),
          authorizationId: authorization.id,
          requestedLevels: ['ov', 'ev'],
          createdAt: at,
          ...change,
        });
      });
    }

    it('keeps them, one of a name in an account', async () => {
      const world = await write((tx) => insertWorld(tx));
      const other = await write((tx) => insertWorld(tx));
      const a = await insert(world, 'a.example');
      const b = await insert(world, 'b.example', { organizationId: null, containerId: null, requestedLevels: [] });
      const strangers = await insert(other, 'a.example');
      assert.ok(b.number > a.number);
      assert.deepEqual(await read().managedDomains.get(a.id), a);
      assert.deepEqual(await read().managedDomains.getByNumber(b.number), b);
      assert.deepEqual(await read().managedDomains.getByName(world.account.id, 'a.example'), a);
      assert.deepEqual(await read().managedDomains.getByAuthorization(strangers.authorizationId), strangers);
      assert.equal(await read().managedDomains.getByName(id('account'), 'a.example'), undefined);
      await assert.rejects(insert(world, 'a.example'));
      assert.equal((await read().authorizations.get(a.authorizationId))?.issuanceId, null);
    });

    it('lists, counts, changes and removes them', async () => {
      const world = await write((tx) => insertWorld(tx));
      const containerId = id('container');
      const b = await insert(world, 'b.list.example', { containerId });
      const a = await insert(world, 'a.list.example', { state: 'inactive' });
      const list = (more: Partial<ManagedDomainSearch>) =>
        read().managedDomains.list({ accountId: world.account.id, limit: 10, offset: 0, ...more });
      assert.deepEqual(await list({}), { items: [a, b], total: 2 });
      assert.deepEqual(await list({ limit: 1, offset: 1 }), { items: [b], total: 2 });
      assert.deepEqual(await list({ sort: [{ by: 'name', descending: true }] }), { items: [b, a], total: 2 });
      assert.deepEqual(await list({ state: 'inactive' }), { items: [a], total: 1 });
      assert.deepEqual(await list({ containers: { in: [containerId] } }), { items: [b], total: 1 });
      assert.deepEqual(await list({ text: { value: 'A.LIST', isExact: false } }), { items: [a], total: 1 });
      assert.deepEqual(await list({ text: { value: 'a_list', isExact: false } }), { items: [], total: 0 });
      assert.deepEqual(await list({ text: { value: 'a.list.example', isExact: true } }), { items: [a], total: 1 });
      const authorization = newAuthorization(world.account.id, { issuanceId: null });
      const change: ManagedDomainUpdate = {
        state: 'active',
        authorizationId: authorization.id,
        proofReference: 'new',
        requestedLevels: ['dv'],
      };
      await write(async (tx) => {
        await tx.authorizations.insert(authorization);
        await tx.managedDomains.update(a.id, change);
        await tx.managedDomains.remove(b.id);
      });
      assert.deepEqual(await list({}), { items: [{ ...a, ...change }], total: 1 });
    });

    it('keeps a confirmation that is of no order', async () => {
      const world = await write((tx) => insertWorld(tx));
      const domain = await insert(world, 'mail.example');
      const { issuance } = await write((tx) => insertOrder(tx, world, ['x.example']));
      const confirmation = newConfirmation(issuance, domain.authorizationId, { orderId: null, issuanceId: null });
      await write((tx) => tx.confirmations.insert(confirmation));
      assert.deepEqual(await read().confirmations.get(confirmation.id), confirmation);
    });

    it('finds the issuances that wait for a name or for one below it', async () => {
      const world = await write((tx) => insertWorld(tx));
      const other = await write((tx) => insertWorld(tx));
      const waiting = async (of: World, names: readonly string[]) =>
        (await write((tx) => insertOrder(tx, of, names))).issuance;
      const same = await waiting(world, ['first.example', 'waits.example']);
      const below = await waiting(world, ['a.b.waits.example']);
      const wildcard = await waiting(world, ['*.waits.example']);
      await waiting(world, ['notwaits.example', 'waits.example.org']);
      await waiting(other, ['waits.example']);
      const over = await waiting(world, ['waits.example']);
      await write((tx) => tx.issuances.move(over.id, ['awaitingValidation'], 'cancelled'));
      const found = await read().issuances.listAwaiting(world.account.id, 'waits.example');
      assert.deepEqual(found, [same.id, below.id, wildcard.id]);
    });
  });
}
