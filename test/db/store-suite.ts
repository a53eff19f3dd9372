/** What every engine must do; `stores.test.ts` runs it. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Authorization } from '../../src/domain/authorization.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { reason } from '../../src/domain/errors.ts';
import type { NewEvent } from '../../src/domain/event.ts';
import type { ExpiryReminder } from '../../src/domain/expiry-reminder.ts';
import type { OrderId } from '../../src/domain/ids.ts';
import { openPolicy } from '../../src/domain/key-policy.ts';
import { usablePerName } from '../../src/domain/ports/stores/authorizations.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { Resting } from '../../src/domain/ports/stores/issuances.ts';
import type { LedgerStore } from '../../src/domain/ports/stores/ledger.ts';
import type { ChangesQuery, OrderStore } from '../../src/domain/ports/stores/orders.ts';
import { networksPerUser } from '../../src/domain/ports/stores/users.ts';
import type { Webhook } from '../../src/domain/webhook.ts';
import { withDefined } from '../../src/domain/with-defined.ts';
import type { FakeClock } from '../support/system.ts';
import {
  at,
  bytes,
  id,
  insertCertificate,
  insertOrder,
  insertWorld,
  later,
  newAccount,
  newApproval,
  newAuthority,
  newAuthorization,
  newCertificate,
  newConfirmation,
  newCredential,
  newIssuance,
  newOrder,
  newProduct,
  newUser,
} from './fixtures.ts';

/** What holds for whatever key, as of `at`. */
const anyKey = { now: at, keyHash: null };

export interface Opened {
  readonly database: Database;
  readonly clock: FakeClock;
  remove(): Promise<void>;
}

export function storeSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`stores on ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openFresh();
    });
    after(() => opened.remove());
    const write: Database['write'] = (work) => opened.database.write(work);
    const read = () => opened.database.read;
    const withoutSequence = async (...args: Parameters<LedgerStore['list']>) =>
      (await read().ledger.list(...args)).map(({ sequence: _, ...entry }) => entry);

    /** Every page, one after the other. */
    async function everyChanged(query: ChangesQuery): Promise<readonly OrderId[]> {
      const found: OrderId[] = [];
      for (let next: number | null | undefined; next !== null; ) {
        const page: Awaited<ReturnType<OrderStore['listChanged']>> = await read().orders.listChanged({
          ...query,
          ...withDefined({ before: next }),
        });
        assert.ok(page.items.length <= query.limit);
        found.push(...page.items.map(({ order }) => order.id));
        next = page.next;
      }
      return found;
    }

    it('blocks a key once in one place, and finds what holds for an account', async () => {
      const [one, other] = [
        await write((tx) => tx.accounts.insert(newAccount())),
        await write((tx) => tx.accounts.insert(newAccount())),
      ];
      const row = (fingerprint: string, accountId: typeof one.id | null) => ({
        fingerprint,
        modulusHash: null,
        accountId,
        source: 'decision' as const,
        actor: id('credential'),
        note: 'found',
        certificateId: id('certificate'),
        createdAt: at,
      });
      const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
      const modulus = 'd'.repeat(20);
      const everywhere = await write((tx) => tx.blockedKeys.insert(row(a, null)));
      const inOne = await write((tx) => tx.blockedKeys.insert(row(b, one.id)));
      const weak = await write((tx) => tx.blockedKeys.insert({ ...row(modulus, null), certificateId: null }));
      assert.ok(everywhere && inOne && weak);
      assert.equal(await write((tx) => tx.blockedKeys.insert({ ...row(a, null), note: 'again' })), undefined);
      const store = read().blockedKeys;
      assert.deepEqual(await store.get(a, null), everywhere);
      assert.equal(await store.get(a, one.id), undefined, 'not there itself');
      const applying: readonly [readonly string[], typeof one.id, typeof everywhere | undefined][] = [
        [[a], one.id, everywhere],
        [[a], other.id, everywhere],
        [[b], one.id, inOne],
        [[b], other.id, undefined],
        [[c], one.id, undefined],
        [[c, modulus], one.id, weak],
      ];
      for (const [fingerprints, accountId, expected] of applying) {
        assert.deepEqual(await store.findApplying({ fingerprints, modulusHash: null }, accountId), expected);
      }
      assert.deepEqual(await store.list({ scope: 'all', limit: 9 }), [weak, inOne, everywhere]);
      assert.deepEqual(await store.list({ scope: 'all', limit: 9, before: weak.number }), [inOne, everywhere]);
      assert.deepEqual(await store.list({ scope: 'everywhere', limit: 1 }), [weak]);
      assert.deepEqual(await store.list({ scope: one.id, limit: 9 }), [inOne]);
      assert.deepEqual(await store.list({ scope: 'all', limit: 9, fingerprint: b }), [inOne]);
      assert.equal(await write((tx) => tx.blockedKeys.remove(a, one.id)), false);
      assert.equal(await write((tx) => tx.blockedKeys.remove(a, null)), true);
      assert.equal(await store.findApplying({ fingerprints: [a], modulusHash: null }, one.id), undefined);
      assert.ok(await write((tx) => tx.blockedKeys.insert(row(a, null))), 'it may be blocked again');

      const modulusHash = 'e'.repeat(64);
      const ofModulus = { fingerprints: [c], modulusHash };
      assert.equal(await store.findApplying(ofModulus, one.id), undefined);
      const withModulus = { ...row(b, one.id), modulusHash };
      assert.equal(await write((tx) => tx.blockedKeys.insert(withModulus)), undefined, 'known, now with its modulus');
      assert.deepEqual(await store.findApplying(ofModulus, one.id), { ...inOne, modulusHash });
      assert.equal(await store.findApplying(ofModulus, other.id), undefined);
    });

    it('knows the keys that were made here, and the certificates of a key', async () => {
      await write(async (tx) => {
        const { order, issuance } = await insertOrder(tx, await insertWorld(tx), ['made.example']);
        const keyHash = 'e'.repeat(64);
        await tx.madeKeys.insert(keyHash, issuance.id);
        await tx.madeKeys.insert(keyHash, issuance.id);
        assert.equal(await tx.madeKeys.get(keyHash), issuance.id);
        assert.equal(await tx.madeKeys.get('f'.repeat(64)), undefined);
        const known = await tx.certificates.insert(newCertificate(issuance, { keyHash }));
        await tx.certificates.insert(newCertificate(issuance, { keyHash: null }));
        const another = await tx.certificates.insert(newCertificate(issuance));
        const find = (accountId: typeof order.accountId | null) =>
          tx.certificates.list({ accountId, keyHash, limit: 9 });
        assert.deepEqual(await find(null), [known]);
        assert.deepEqual(await find(order.accountId), [known]);
        assert.deepEqual(await find(id('account')), []);

        assert.equal(await tx.certificates.raiseToKeyCompromise(another.id), false, 'it is not revoked');
        await tx.certificates.moveToRevoked(another.id, later(5), 'superseded');
        assert.equal(await tx.certificates.raiseToKeyCompromise(another.id), true);
        const raised = await tx.certificates.get(another.id);
        assert.deepEqual([raised?.revocationReason, raised?.revokedAt], ['keyCompromise', later(5)]);
        assert.equal(await tx.certificates.raiseToKeyCompromise(another.id), false);
      });
    });

    it('keeps accounts and numbers them upwards', async () => {
      const first = await write((tx) => tx.accounts.insert(newAccount()));
      const second = await write((tx) =>
        tx.accounts.insert(newAccount({ productCodes: null, allowedNames: ['a.org'] })),
      );
      assert.ok(second.number > first.number);
      assert.deepEqual(await read().accounts.get(first.id), first);
      assert.deepEqual(await read().accounts.getByNumber(second.number), second);
      assert.equal(await read().accounts.get(id('account')), undefined);
      assert.deepEqual(await read().accounts.list({ limit: 2 }), [second, first]);
      assert.deepEqual(await read().accounts.list({ limit: 1, before: second.number }), [first]);
      await write((tx) => tx.accounts.update(first.id, { state: 'suspended', productCodes: null }));
      assert.deepEqual(await read().accounts.get(first.id), { ...first, state: 'suspended', productCodes: null });
    });

    it('keeps users, one for each username', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const [operator, approver] = await write(async (tx) => [
        await tx.users.insert(newUser()),
        await tx.users.insert(
          newUser({ username: 'approver@example.com', accountId: account.id, roles: ['approver'], passwordHash: null }),
        ),
      ]);
      assert.ok(operator !== undefined && approver !== undefined && approver.number > operator.number);
      assert.deepEqual(await read().users.get(operator.id), operator);
      assert.deepEqual(await read().users.getByUsername('approver@example.com'), approver);
      assert.deepEqual(await read().users.list(account.id, { limit: 10 }), [approver]);
      assert.deepEqual(await read().users.list(null, { limit: 10 }), [approver, operator]);
      assert.deepEqual(await read().users.list(null, { limit: 1 }), [approver]);
      assert.deepEqual(await read().users.list(null, { limit: 10, before: approver.number }), [operator]);
      assert.deepEqual(await read().users.list(account.id, { limit: 10, before: approver.number }), []);
      await assert.rejects(write((tx) => tx.users.insert(newUser())));
      assert.equal(await write((tx) => tx.users.move(approver.id, 'disabled', 'active')), false);
      assert.equal(await write((tx) => tx.users.move(approver.id, 'active', 'disabled')), true);
      assert.deepEqual(await read().users.get(approver.id), { ...approver, state: 'disabled' });
      assert.deepEqual(await read().users.get(operator.id), operator);
      const person = { ...operator.person, lastName: 'Redfield' };
      const change = { roles: ['viewer'], person, containerId: id('container') } as const;
      await write((tx) => tx.users.update(approver.id, change));
      await write((tx) => tx.users.updateLastSignIn(approver.id, later(3)));
      const changed = { ...approver, ...change, state: 'disabled', lastSignInAt: later(3) };
      assert.deepEqual(await read().users.getByNumber(approver.number), changed);
      assert.deepEqual(await read().users.getByNumber(operator.number), operator);
      assert.equal(await read().users.getByNumber(7), undefined);
    });

    it('keeps where users signed in from, of each the newest', async () => {
      const { users } = read();
      const [one, other] = await write(async (tx) => [
        await tx.users.insert(newUser({ username: 'networks@example.com' })),
        await tx.users.insert(newUser({ username: 'others@example.com' })),
      ]);
      assert.ok(one && other);
      await write(async (tx) => {
        await tx.users.putNetwork(other.id, 'net 0', later(0));
        for (let i = 0; i < networksPerUser; i++) await tx.users.putNetwork(one.id, `net ${i}`, later(i));
      });
      const known = () => Promise.all([0, 1, networksPerUser].map((i) => users.hasNetwork(one.id, `net ${i}`)));
      assert.deepEqual(await known(), [true, true, false]);
      await write((tx) => tx.users.putNetwork(one.id, 'net 0', later(100)));
      await write((tx) => tx.users.putNetwork(one.id, `net ${networksPerUser}`, later(101)));
      assert.deepEqual(await known(), [true, false, true]);
      assert.equal(await users.hasNetwork(other.id, 'net 0'), true);
      assert.equal(await users.hasNetwork(other.id, 'net 1'), false);
    });

    it('sets the first password of a user, once', async () => {
      const user = await write((tx) => tx.users.insert(newUser({ username: 'new@example.com', passwordHash: null })));
      const set = (hash: string) => write((tx) => tx.users.setFirstPassword(user.id, hash));
      assert.deepEqual([await set('first'), await set('second')], [true, false]);
      assert.equal((await read().users.get(user.id))?.passwordHash, 'first');
    });

    it('finds credentials by public id and revokes them once', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const credential = await write((tx) => tx.credentials.insert(newCredential({ accountId: account.id })));
      assert.deepEqual(await read().credentials.getByPublicId('encryption365', 'CID-1'), credential);
      assert.equal(await read().credentials.getByPublicId('digicert', 'CID-1'), undefined);
      assert.equal(await write((tx) => tx.credentials.moveToRevoked(credential.id, at)), true);
      assert.equal(await write((tx) => tx.credentials.moveToRevoked(credential.id, later(9))), false);
      await write((tx) => tx.credentials.updateLastUsed(credential.id, later(5), '192.0.2.7'));
      const expected = { ...credential, revokedAt: at, lastUsedAt: later(5), lastUsedAddress: '192.0.2.7' };
      assert.deepEqual(await read().credentials.get(credential.id), expected);
      assert.deepEqual(await read().credentials.list(account.id, { limit: 10 }), [expected]);
      assert.deepEqual(await read().credentials.list(null, { limit: 10 }), [expected]);
      assert.deepEqual(await read().credentials.list(id('account'), { limit: 10 }), []);
      await write((tx) => tx.credentials.update(credential.id, { label: 'panel 2', roles: ['viewer'] }));
      const changed = { ...expected, label: 'panel 2', roles: ['viewer'] };
      assert.deepEqual(await read().credentials.getByNumber(credential.number), changed);
      assert.deepEqual(await read().credentials.getByPublicId('encryption365', 'CID-1'), changed);
      assert.equal(await read().credentials.getByNumber(7), undefined);
    });

    it('lists the keys of a user that are not revoked', async () => {
      const { user, kept } = await write(async (tx) => {
        const inserted = await tx.users.insert(newUser({ username: 'keys@example.com' }));
        const first = await tx.credentials.insert(newCredential({ userId: inserted.id, publicId: 'of-user-1' }));
        await tx.credentials.insert(newCredential({ userId: inserted.id, publicId: 'of-user-2', revokedAt: at }));
        await tx.credentials.insert(newCredential({ publicId: 'of-nobody' }));
        return { user: inserted, kept: first };
      });
      assert.ok(kept.number > user.number);
      assert.deepEqual(await read().credentials.listUsableOfUser(user.id), [kept]);
      assert.deepEqual(await read().credentials.listUsableOfUser(id('user')), []);
    });

    it('replaces a product by dialect and code, keeping its id', async () => {
      const product = newProduct({ code: '62' });
      const changed = newProduct({ code: '62', name: 'DV renamed', isForSale: false, display: {} });
      await write((tx) => tx.products.put(product));
      assert.deepEqual(await read().products.get(product.id), product);
      await write((tx) => tx.products.put(changed));
      assert.deepEqual(await read().products.getByCode('encryption365', '62'), { ...changed, id: product.id });
      await write((tx) => tx.products.update(product.id, { name: 'DV again' }));
      assert.deepEqual(await read().products.get(product.id), { ...changed, id: product.id, name: 'DV again' });
      await write((tx) => tx.products.put(newProduct({ dialect: 'racent', code: '10' })));
      assert.deepEqual(
        (await read().products.list('racent')).map((one) => one.code),
        ['10'],
      );
      const codes = (await read().products.list(null)).map((one) => one.code);
      assert.deepEqual(codes, codes.toSorted());
    });

    it('charges no more than the balance holds and keeps the sum of the lines equal to it', async () => {
      const account = await write((tx) => tx.accounts.insert(newAccount()));
      const line = (kind: 'credit' | 'charge', amountMinor: number) => ({
        id: id('ledgerEntry'),
        accountId: account.id,
        kind,
        amountMinor,
        currency: 'CNY',
        orderId: null,
        note: 'x',
        at,
      });
      assert.equal(await write((tx) => tx.ledger.append(line('charge', -1))), undefined);
      const credit = await write((tx) => tx.ledger.append(line('credit', 500)));
      assert.equal(credit?.balanceAfterMinor, 500);
      assert.equal(await write((tx) => tx.ledger.append(line('charge', -501))), undefined);
      const charge = await write((tx) => tx.ledger.append(line('charge', -500)));
      assert.equal(charge?.balanceAfterMinor, 0);
      assert.deepEqual(await withoutSequence(account.id, { limit: 10 }), [charge, credit]);
      const [newest, ...none] = await read().ledger.list(account.id, { limit: 1 });
      assert.ok(newest !== undefined && none.length === 0);
      assert.deepEqual(await withoutSequence(account.id, { limit: 1, before: newest.sequence }), [credit]);
      assert.equal(await read().ledger.sum(account.id), 0);
      assert.equal(await read().ledger.balance(account.id), 0);
      assert.equal(await read().ledger.sum(id('account')), 0);
    });

    it('keeps orders whole, numbered from a number that looks like one', async () => {
      const world = await write((tx) => insertWorld(tx));
      const order = await write((tx) =>
        tx.orders.insert(newOrder(world, { coverageFrom: at, coverageUntil: later(1) })),
      );
      const bare = await write((tx) =>
        tx.orders.insert(newOrder(world, { organization: null, contact: null, credentialId: null, dialectData: {} })),
      );
      assert.ok(order.number >= 10_000_001 && bare.number > order.number && bare.number < 2 ** 31);
      assert.deepEqual(await read().orders.get(order.id), order);
      assert.deepEqual(await read().orders.getByNumber(bare.number), bare);
      assert.deepEqual(await write((tx) => tx.orders.getForUpdate(order.id)), order);
      const issuanceId = id('issuance');
      await write(async (tx) => {
        await tx.orders.updateIssuance(order.id, issuanceId, 50);
        await tx.orders.updateDialectData(order.id, { seen: true });
      });
      const expected = { ...order, issuanceId, totalMinor: 150, dialectData: { seen: true } };
      assert.deepEqual(await read().orders.get(order.id), expected);
    });

    it('finds orders, issuances, certificates and newest approvals by many ids, and changes what is told of an order', async () => {
      const world = await write((tx) => insertWorld(tx));
      const [a, b] = await write(async (tx) => [
        await insertOrder(tx, world, ['a.found.example']),
        await insertOrder(tx, world, ['b.found.example']),
      ]);
      assert.ok(a !== undefined && b !== undefined);
      const found = <T extends { readonly id: string }>(rows: readonly T[]) => rows.map((row) => row.id).toSorted();
      const ids = [a.order.id, id('order'), b.order.id];
      assert.deepEqual(found(await read().orders.listByIds(ids)), found([a.order, b.order]));
      assert.deepEqual(await read().orders.listByIds([]), []);
      const many = Array.from({ length: 1500 }, () => id('issuance'));
      assert.deepEqual(await read().issuances.listByIds([...many, a.issuance.id]), [a.issuance]);
      assert.deepEqual(await read().issuances.getByNumber(b.issuance.number), b.issuance);
      const certificate = await write((tx) => tx.certificates.insert(newCertificate(a.issuance)));
      assert.deepEqual(await read().certificates.listByIds([certificate.id, id('certificate')]), [certificate]);
      await write((tx) => tx.approvals.insert(newApproval(a.issuance)));
      const newest = await write((tx) => tx.approvals.insert(newApproval(a.issuance, { asks: 'revoke' })));
      const other = await write((tx) => tx.approvals.insert(newApproval(b.issuance)));
      assert.deepEqual(found(await read().approvals.listNewestOfOrders(ids)), found([newest, other]));
      const change = {
        customValues: [{ fieldNumber: 1, label: 'x', value: 'y' }],
        reminders: { isOff: true, addresses: ['a@example.com'], message: 'm' },
        renewalMark: 'renewed',
        isAutoRenewed: !a.order.isAutoRenewed,
        alternativeReference: 'mine',
        renewedBy: b.order.id,
        dialectData: { x: 1 },
      } as const;
      await write((tx) => tx.orders.update(a.order.id, change));
      assert.deepEqual(await read().orders.get(a.order.id), { ...a.order, ...change });
      await write((tx) => tx.orders.update(a.order.id, { renewalMark: null }));
      assert.deepEqual(await read().orders.get(a.order.id), { ...a.order, ...change, renewalMark: null });
      assert.deepEqual(await read().orders.get(b.order.id), b.order);
    });

    it('keeps keys for ACME clients and revokes them once', async () => {
      const { account, product } = await write((tx) => insertWorld(tx));
      const key = {
        id: id('externalAccountKey'),
        accountId: account.id,
        dialect: 'digicert',
        keyId: id('job'),
        sealedHmacKey: bytes(60),
        name: 'web servers',
        productId: product.id,
        organizationId: id('organization'),
        coverage: { unit: 'years', count: 2 },
        policy: { ...openPolicy, names: ['example.com'], methods: ['dnsTxt'] },
        expiresAt: at,
        settings: { ssl: true },
        createdAt: at,
        revokedAt: null,
      } as const;
      const first = await write((tx) => tx.externalAccountKeys.insert(key));
      const more = { id: id('externalAccountKey'), keyId: id('job'), organizationId: null };
      const second = await write((tx) => tx.externalAccountKeys.insert({ ...key, ...more }));
      await assert.rejects(write((tx) => tx.externalAccountKeys.insert({ ...key, id: id('externalAccountKey') })));
      assert.deepEqual(await read().externalAccountKeys.get(first.id), first);
      assert.deepEqual(await read().externalAccountKeys.getByNumber(second.number), second);
      assert.deepEqual(await read().externalAccountKeys.getByKeyId(first.keyId), first);
      assert.deepEqual(await read().externalAccountKeys.list(account.id), [second, first]);
      assert.deepEqual(await read().externalAccountKeys.list(id('account')), []);
      assert.equal(await write((tx) => tx.externalAccountKeys.moveToRevoked(first.id, later(1))), true);
      assert.equal(await write((tx) => tx.externalAccountKeys.moveToRevoked(first.id, later(2))), false);
      assert.deepEqual(await read().externalAccountKeys.list(account.id), [second, { ...first, revokedAt: later(1) }]);
    });

    it('keeps role grants, of which one waits for each user or key', async () => {
      const account = await write((tx) => tx.accounts.insert(newAccount()));
      const subject = id('user');
      const grant = {
        id: id('roleGrant'),
        accountId: account.id,
        subject,
        roles: ['requester', 'approver'],
        state: 'pending',
        proposedBy: id('credential'),
        decidedBy: null,
        createdAt: at,
        decidedAt: null,
      } as const;
      const first = await write((tx) => tx.roleGrants.insert(grant));
      await assert.rejects(write((tx) => tx.roleGrants.insert({ ...grant, id: id('roleGrant') })));
      const second = await write((tx) => tx.roleGrants.insert({ ...grant, id: id('roleGrant'), subject: id('user') }));
      assert.deepEqual(await read().roleGrants.get(first.id), first);
      assert.deepEqual(await read().roleGrants.getByNumber(second.number), second);
      assert.deepEqual(await read().roleGrants.getPending(subject), first);
      const { accountId } = first;
      assert.deepEqual(await read().roleGrants.list({ accountId, limit: 5 }), [second, first]);
      assert.deepEqual(await read().roleGrants.list({ accountId: null, limit: 1 }), [second]);
      assert.deepEqual(await read().roleGrants.list({ accountId, limit: 5, before: second.number }), [first]);
      assert.deepEqual(await read().roleGrants.list({ accountId: id('account'), limit: 5 }), []);
      const decision = { by: id('user'), at: later(1) };
      const move = (state: 'confirmed' | 'withdrawn') =>
        write((tx) => tx.roleGrants.moveFromPending(first.id, state, decision));
      assert.deepEqual([await move('confirmed'), await move('withdrawn')], [true, false]);
      const confirmed = { ...first, state: 'confirmed', decidedBy: decision.by, decidedAt: decision.at };
      assert.deepEqual(await read().roleGrants.get(first.id), confirmed);
      assert.equal(await read().roleGrants.getPending(subject), undefined);
      await write((tx) => tx.roleGrants.insert({ ...grant, id: id('roleGrant') }));
    });

    it('keeps notes to orders, the newest first', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { order } = await write((tx) => insertOrder(tx, world, ['a.found.example']));
      const note = { id: id('note'), orderId: order.id, author: id('user'), text: 'first', createdAt: at };
      const first = await write((tx) => tx.notes.insert(note));
      const second = await write((tx) => tx.notes.insert({ ...note, id: id('note'), text: 'second' }));
      assert.deepEqual(await read().notes.listOfOrder(order.id), [second, first]);
      assert.deepEqual(await read().notes.listOfOrder(id('order')), []);
    });

    it('finds the orders that events of a time are about, however many others there are', async () => {
      const world = await write((tx) => insertWorld(tx));
      const accountId = world.account.id;
      const [a, b, c] = await write(async (tx) => [
        (await insertOrder(tx, world, ['a.found.example'])).order,
        (await insertOrder(tx, world, ['b.found.example'], { dialect: 'racent' })).order,
        (await insertOrder(tx, world, ['c.found.example'])).order,
      ]);
      assert.ok(a !== undefined && b !== undefined && c !== undefined);
      const about = (subject: string, seconds: number): NewEvent => ({
        kind: 'order.changed',
        accountId,
        actor: 'system',
        subject,
        data: {},
        requestId: null,
        at: later(seconds),
      });
      await write(async (tx) => {
        for (const [subject, seconds] of [
          [a.id, 1000],
          [b.id, 2000],
          [a.id, 3000],
          [c.id, 4000],
        ] as const) {
          await tx.events.append(about(subject, seconds));
        }
        for (let i = 0; i < 1200; i++) await tx.events.append(about(id('credential'), 5000 + i));
        await tx.events.append(about(b.id, 9000));
      });
      const changed = (from: number, until: number, more: object = {}) =>
        everyChanged({ accountId, from: later(from), until: later(until), limit: 1000, ...more });
      assert.deepEqual(await changed(0, 10_000), [b.id, c.id, a.id]);
      assert.deepEqual(await changed(1000, 3000), [a.id, b.id]);
      assert.deepEqual(await changed(1000, 2000), [b.id, a.id]);
      assert.deepEqual(await changed(4001, 8999), []);
      for (const limit of [1, 2, 3, 7])
        assert.deepEqual(await changed(0, 10_000, { limit }), [b.id, c.id, a.id], `pages of ${limit}`);
      assert.deepEqual(await changed(0, 10_000, { dialect: 'encryption365' }), [c.id, a.id]);
      assert.deepEqual(await changed(0, 10_000, { accountId: id('account') }), []);
    });

    it('moves an order by compare-and-set and changes nothing otherwise', async () => {
      const world = await write((tx) => insertWorld(tx));
      const order = await write((tx) => tx.orders.insert(newOrder(world)));
      const change = { coverageFrom: at, coverageUntil: later(3600) };
      assert.equal(
        await write((tx) => tx.orders.move(order.id, ['ended', 'revoked', 'failed'], 'active', change)),
        false,
      );
      assert.deepEqual(await read().orders.get(order.id), order);
      assert.equal(await write((tx) => tx.orders.move(order.id, ['open'], 'active', change)), true);
      assert.deepEqual(await read().orders.get(order.id), { ...order, ...change, state: 'active' });
      assert.equal(await write((tx) => tx.orders.move(order.id, ['open', 'active'], 'ended')), true);
      assert.deepEqual(await read().orders.get(order.id), { ...order, ...change, state: 'ended' });
      assert.equal(await write((tx) => tx.orders.move(id('order'), ['open'], 'active')), false);
    });

    it('lists orders newest first by account, dialect, state and name, page by page', async () => {
      const world = await write((tx) => insertWorld(tx));
      const other = await write((tx) => insertWorld(tx));
      const [a, b, c, d] = await write(async (tx) => [
        (await insertOrder(tx, world, ['one.example.com', 'shared.example.com'])).order,
        (await insertOrder(tx, world, ['shared.example.com'], { dialect: 'racent', state: 'active' })).order,
        (await insertOrder(tx, other, ['shared.example.com'])).order,
        (await insertOrder(tx, world, ['two.example.com', 'three.example.com', 'four.example.com'])).order,
      ]);
      const list = (query: object) => read().orders.list({ accountId: world.account.id, limit: 10, ...query });
      assert.deepEqual(await list({}), [d, b, a]);
      assert.deepEqual(await list({ limit: 2 }), [d, b]);
      assert.deepEqual(await list({ before: b?.number }), [a]);
      assert.deepEqual(await list({ dialect: 'racent' }), [b]);
      assert.deepEqual(await list({ state: 'open' }), [d, a]);
      assert.deepEqual(await list({ state: 'active' }), [b]);
      assert.deepEqual(await list({ name: 'shared.example.com' }), [b, a]);
      assert.deepEqual(await list({ name: 'shared.example.com', before: b?.number }), [a]);
      assert.deepEqual(await list({ name: 'shared.example.com', state: 'open', dialect: 'encryption365' }), [a]);
      assert.deepEqual(await list({ name: 'four.example.com', accountId: null }), [d]);
      assert.deepEqual(await list({ name: 'shared.example.com', accountId: null }), [c, b, a]);
      assert.deepEqual(await list({ name: 'example.com' }), []);
    });

    it('lists active orders whose coverage is over', async () => {
      const world = await write((tx) => insertWorld(tx));
      const [over, , inactive] = await write(async (tx) => [
        await tx.orders.insert(newOrder(world, { state: 'active', coverageUntil: later(-10) })),
        await tx.orders.insert(newOrder(world, { state: 'active', coverageUntil: later(10) })),
        await tx.orders.insert(newOrder(world, { state: 'cancelled', coverageUntil: later(-10) })),
      ]);
      assert.ok(inactive);
      assert.deepEqual(await read().orders.listEnding(at, 10), [over]);
      assert.deepEqual(await read().orders.listEnding(later(-100), 10), []);
    });

    it('keeps approvals and decides them once', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { order, issuance } = await write((tx) => insertOrder(tx, world, ['a.example.com']));
      const first = await write((tx) => tx.approvals.insert(newApproval(issuance)));
      const second = await write((tx) => tx.approvals.insert(newApproval(issuance, { asks: 'revoke' })));
      assert.deepEqual(await read().approvals.getNewestOfOrder(order.id), second);
      const decision = { approve: false, by: id('user'), note: 'no', at: later(1) };
      assert.equal(await write((tx) => tx.approvals.move(second.id, ['pending'], 'rejected', decision)), true);
      assert.equal(await write((tx) => tx.approvals.move(second.id, ['pending'], 'approved', decision)), false);
      assert.deepEqual(await read().approvals.getNewestOfOrder(order.id), {
        ...second,
        state: 'rejected',
        decisions: [decision],
      });
      assert.equal(await read().approvals.getNewestOfOrder(id('order')), undefined);
      assert.ok(second.number > first.number);
      assert.deepEqual(await read().approvals.listWaitingOfOrder(order.id), [first]);
      assert.deepEqual(await read().approvals.get(first.id), first);
      assert.deepEqual(await read().approvals.getByNumber(first.number), first);
      assert.equal(await read().approvals.getByNumber(7), undefined);
    });

    it('lists and counts approvals by every filter, newest first', async () => {
      const [world, other] = await write(async (tx) => [await insertWorld(tx), await insertWorld(tx)] as const);
      const inserted = await write(async (tx) => {
        const { order, issuance } = await insertOrder(tx, world, ['a.example.com']);
        const made = [
          await tx.approvals.insert(newApproval(issuance, { state: 'approved' })),
          await tx.approvals.insert(newApproval(issuance, { state: 'submitted', asks: 'reissue' })),
          await tx.approvals.insert(newApproval(issuance, { state: 'pending', asks: 'revoke' })),
        ] as const;
        const stranger = await insertOrder(tx, other, ['b.example.com']);
        await tx.approvals.insert(newApproval(stranger.issuance));
        return { order, made };
      });
      const { order } = inserted;
      const [approved, submitted, pending] = inserted.made;
      const { id: accountId } = world.account;
      const rows = [
        [{}, [pending, submitted, approved]],
        [{ states: ['pending', 'submitted'] }, [pending, submitted]],
        [{ states: ['approved', 'submitted'] }, [submitted, approved]],
        [{ states: ['approved'] }, [approved]],
        [{ states: [] }, []],
        [{ asks: ['revoke', 'reissue'], states: ['submitted'] }, [submitted]],
        [{ dialect: order.dialect, asks: ['revoke'] }, [pending]],
        [{ dialect: 'other' }, []],
        [{ containers: { in: [order.containerId ?? assert.fail()] } }, [pending, submitted, approved]],
        [{ containers: { in: [id('container')] } }, []],
      ] as const;
      for (const [filter, expected] of rows) {
        const query = { accountId, ...filter };
        const found = await read().approvals.search({ ...query, limit: 9, offset: 0 });
        assert.deepEqual(found, { items: expected, total: expected.length });
      }
      assert.deepEqual((await read().approvals.search({ accountId, limit: 1, offset: 1 })).items, [submitted]);
      assert.ok((await read().approvals.search({ accountId: null, limit: 1, offset: 0 })).total >= 4);
    });

    it('keeps issuances of an order and what each move adds', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { order, issuance } = await write((tx) => insertOrder(tx, world, ['a.example.com', 'b.example.com']));
      const reissue = await write((tx) =>
        tx.issuances.insert({
          ...newIssuance({ ...order, issuanceId: id('issuance') }, ['a.example.com', 'c.example.com']),
          kind: 'reissue',
          csr: null,
        }),
      );
      assert.deepEqual(await read().issuances.listOfOrder(order.id), [issuance, reissue]);
      const plan = { serial: '0a0b', notBefore: at, notAfter: later(60), authorityId: null };
      const certificateId = id('certificate');
      const failure = reason('internal', {});
      const rest = { turn: 'operator', reason: reason('accountSuspended', {}), since: later(1) } as const;
      assert.equal(await write((tx) => tx.issuances.move(issuance.id, ['ready'], 'issuing', { plan })), false);
      await write(async (tx) => {
        await tx.issuances.move(issuance.id, ['awaitingValidation'], 'ready', { validatingSince: later(3) });
        await tx.issuances.move(issuance.id, ['ready', 'issuing', 'failed'], 'issuing', { plan });
        assert.deepEqual((await tx.issuances.get(issuance.id))?.plan, plan);
        await tx.issuances.move(issuance.id, ['issuing'], 'issued', { certificateId, failure });
        await tx.issuances.updateNames(reissue.id, issuance.names);
        await tx.issuances.updateRest(reissue.id, rest);
      });
      assert.deepEqual((await read().issuances.get(reissue.id))?.rest, rest);
      const { accountId, issuerId } = reissue;
      const resting = [{ id: reissue.id, accountId, state: 'awaitingValidation', issuerId }] as const;
      const limit = 10;
      assert.deepEqual(await read().issuances.listResting(order.accountId, { limit }), resting);
      assert.deepEqual(await read().issuances.listResting(id('account'), { limit }), []);
      assert.deepEqual(await read().issuances.listResting(null, { limit }), resting);
      await write((tx) => tx.issuances.move(reissue.id, ['awaitingValidation'], 'ready'));
      assert.equal((await read().issuances.get(reissue.id))?.rest, null, 'each move forgets it');
      assert.deepEqual(await read().issuances.listResting(null, { limit }), []);
      const expected = { ...issuance, state: 'issued', plan: null, certificateId, failure, validatingSince: later(3) };
      assert.deepEqual(await read().issuances.get(issuance.id), expected);
      assert.deepEqual((await read().issuances.get(reissue.id))?.names, issuance.names);
      // The names of a reissue find the order too, and names that were there already do no harm.
      const found = await read().orders.list({ accountId: null, limit: 5, name: 'c.example.com' });
      assert.deepEqual(found, [order]);
    });

    it('keeps authorizations with their challenges, checks and proof', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const one = newAuthorization(account.id);
      const two = newAuthorization(account.id, { identifier: { kind: 'wildcard', value: '*.example.com' } });
      const checks = [
        {
          method: 'httpFile',
          binding: 'server',
          proved: false,
          checkedAt: later(1),
          durationMs: 12,
          asked: 'http://www.example.com/',
          answeredBy: ['192.0.2.1:80'],
          answer: '404',
          problem: reason('internal', {}),
        },
      ] as const;
      const attempt = { challenge: 1, requestedAt: later(1), looks: 2 };
      await write(async (tx) => {
        await tx.authorizations.insert(one);
        await tx.authorizations.insert(two);
        await tx.authorizations.updateChecks(one.id, checks);
        await tx.authorizations.updateChallenges(two.id, { preferredMethod: 'httpsFile' });
        await tx.authorizations.updateChallenges(two.id, { challenges: [] });
        await tx.authorizations.updateLook(two.id, { attempt, checks });
      });
      assert.deepEqual(await read().authorizations.get(one.id), { ...one, checks });
      assert.deepEqual(await read().authorizations.get(two.id), {
        ...two,
        attempt,
        checks,
        preferredMethod: 'httpsFile',
        challenges: [],
      });
      const both = await read().authorizations.listByIds([two.id, one.id, id('authorization')]);
      assert.deepEqual(both.map((each) => each.id).toSorted(), [one.id, two.id].toSorted());
      assert.deepEqual(await read().authorizations.listByIds([]), []);
      const proof = {
        provedBy: 'httpFile',
        provedAt: later(2),
        validUntil: later(100),
        binding: 'request',
        keyHash: 'a'.repeat(64),
      } as const;
      assert.equal(await write((tx) => tx.authorizations.move(one.id, ['valid'], 'expired')), false);
      assert.equal(await write((tx) => tx.authorizations.move(one.id, ['pending'], 'valid', proof)), true);
      assert.deepEqual(await read().authorizations.get(one.id), { ...one, checks, ...proof, state: 'valid' });
    });

    it('offers the usable authorizations of each name, the longest first, of this account only', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const other = await write((tx) => insertWorld(tx));
      const valid = (value: string, seconds: number, accountId = account.id) =>
        newAuthorization(accountId, {
          identifier: { kind: 'dns', value },
          state: 'valid',
          binding: 'server',
          validUntil: later(seconds),
        });
      const rows = [
        valid('a.example.org', 100),
        valid('a.example.org', 300),
        valid('a.example.org', 200),
        valid('b.example.org', -1),
        valid('c.example.org', 50),
        valid('d.example.org', 50, other.account.id),
        newAuthorization(account.id, { identifier: { kind: 'dns', value: 'e.example.org' } }),
      ];
      await write(async (tx) => {
        for (const row of rows) await tx.authorizations.insert(row);
      });
      const names = ['a', 'b', 'c', 'd', 'e'].map((label) => `${label}.example.org`);
      const usable = await read().authorizations.listUsable(account.id, names, anyKey);
      const found = (name: string) => usable.filter(({ identifier }) => identifier.value === name).map((one) => one.id);
      assert.deepEqual(found('a.example.org'), [rows[1]?.id, rows[2]?.id, rows[0]?.id]);
      assert.deepEqual(found('c.example.org'), [rows[4]?.id]);
      assert.equal(usable.length, 4);
      assert.deepEqual(await read().authorizations.listUsable(account.id, [], anyKey), []);
    });

    it('offers those of any key before those of the key, of none those of another key or of nothing', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const identifier = { kind: 'dns', value: 'keys.example.org' } as const;
      const [key, other] = ['a'.repeat(64), 'b'.repeat(64)];
      const valid = (seconds: number, change: Partial<Authorization>) =>
        newAuthorization(account.id, { identifier, state: 'valid', validUntil: later(seconds), ...change });
      const [server, ofAccount] = [valid(100, { binding: 'server' }), valid(90, { binding: 'account' })];
      const own = valid(1000, { binding: 'request', keyHash: key });
      // However many: they must not take the place of the others.
      const strangers = Array.from({ length: usablePerName * 2 }, (_, i) =>
        valid(2000 + i, { binding: 'request', keyHash: i === 0 ? other : i.toString(16).padStart(64, '0') }),
      );
      const before = valid(3000, { binding: null });
      await write(async (tx) => {
        for (const row of [...strangers, before, own, ofAccount, server]) await tx.authorizations.insert(row);
      });
      const usable = async (keyHash: string | null) =>
        (await read().authorizations.listUsable(account.id, [identifier.value], { now: at, keyHash })).map(
          ({ id }) => id,
        );
      assert.deepEqual(await usable(key), [server.id, ofAccount.id, own.id]);
      assert.deepEqual(await usable('c'.repeat(64)), [server.id, ofAccount.id]);
      assert.deepEqual(await usable(null), [server.id, ofAccount.id]);
      assert.deepEqual(await read().authorizations.get(own.id), own);
    });

    it('offers so many of them and no more', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const identifier = { kind: 'dns', value: 'often.example.org' } as const;
      const rows = Array.from({ length: usablePerName + 1 }, (_, i) =>
        newAuthorization(account.id, { identifier, state: 'valid', binding: 'server', validUntil: later(100 + i) }),
      );
      await write(async (tx) => {
        for (const row of rows) await tx.authorizations.insert(row);
      });
      const usable = await read().authorizations.listUsable(account.id, [identifier.value], anyKey);
      const longest = rows.slice(1).toReversed();
      assert.deepEqual(
        usable.map(({ id }) => id),
        longest.map(({ id }) => id),
      );
    });

    it('ends the authorizations of a domain that are of no issuance, and no others', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const other = await write((tx) => insertWorld(tx));
      const valid = (value: string, change: Partial<Authorization> = {}) =>
        newAuthorization(account.id, {
          identifier: { kind: 'dns', value },
          issuanceId: null,
          state: 'valid',
          validUntil: later(100),
          ...change,
        });
      const rows = [
        valid('kept.example.org'),
        valid('kept.example.org'),
        valid('kept.example.org', { issuanceId: id('issuance') }),
        valid('kept.example.org', { state: 'pending', validUntil: null }),
        valid('other.example.org'),
        valid('kept.example.org', { accountId: other.account.id }),
      ];
      await write(async (tx) => {
        for (const row of rows) await tx.authorizations.insert(row);
      });
      assert.equal(await write((tx) => tx.authorizations.endOfDomain(account.id, 'kept.example.org')), 3);
      assert.equal(await write((tx) => tx.authorizations.endOfDomain(account.id, 'kept.example.org')), 0);
      const states = await Promise.all(rows.map(async ({ id }) => (await read().authorizations.get(id))?.state));
      assert.deepEqual(states, ['expired', 'expired', 'valid', 'invalid', 'valid', 'valid']);
    });

    it('expires authorizations whose time is over, once', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const due = newAuthorization(account.id, { state: 'valid', validUntil: later(1) });
      const live = newAuthorization(account.id, { state: 'valid', validUntil: later(1e6) });
      await write(async (tx) => {
        await tx.authorizations.expireDue(later(1), 100);
        await tx.authorizations.insert(due);
        await tx.authorizations.insert(live);
      });
      assert.equal(await write((tx) => tx.authorizations.expireDue(later(1), 100)), 1);
      assert.equal(await write((tx) => tx.authorizations.expireDue(later(1), 100)), 0);
      assert.equal((await read().authorizations.get(due.id))?.state, 'expired');
      assert.equal((await read().authorizations.get(live.id))?.state, 'valid');
    });

    it('keeps confirmations, finds them by the hash of their secret, and decides them once', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { issuance } = await write((tx) => insertOrder(tx, world, ['mail.example']));
      const authorization = newAuthorization(world.account.id);
      // Ids of one millisecond come in any order.
      const [older, newer] = [id('confirmation'), id('confirmation')].sort();
      assert.ok(older !== undefined && newer !== undefined);
      const first = newConfirmation(issuance, authorization.id, { id: older });
      const second = newConfirmation(issuance, authorization.id, { id: newer, requestedAt: later(1) });
      await write(async (tx) => {
        await tx.authorizations.insert(authorization);
        await tx.confirmations.insert(first);
        await tx.confirmations.insert(second);
      });
      assert.deepEqual(await read().confirmations.get(first.id), first);
      assert.deepEqual(await read().confirmations.listOfAuthorization(authorization.id), [second, first]);
      const [tokenHash, newerHash] = [bytes(32), bytes(32)];
      await write((tx) => tx.confirmations.updateToken(first.id, tokenHash));
      await write((tx) => tx.confirmations.updateSent(first.id, later(5)));
      const sent = { ...first, tokenHash, sentAt: later(5) };
      assert.deepEqual(await read().confirmations.getByTokenHash(tokenHash), sent);
      await write((tx) => tx.confirmations.updateToken(first.id, newerHash));
      assert.equal(await read().confirmations.getByTokenHash(tokenHash), undefined);
      const decision = { from: '198.51.100.1', at: later(9) };
      const decide = (to: 'confirmed' | 'rejected') =>
        write((tx) => tx.confirmations.move(first.id, ['pending'], to, decision));
      assert.deepEqual([await decide('confirmed'), await decide('rejected')], [true, false]);
      assert.deepEqual(await read().confirmations.getByTokenHash(newerHash), {
        ...sent,
        tokenHash: newerHash,
        state: 'confirmed',
        decidedFrom: '198.51.100.1',
        decidedAt: later(9),
      });
      assert.equal(await write((tx) => tx.confirmations.move(second.id, ['pending'], 'withdrawn')), true);
    });

    it('keeps what one mail asks about together, and what a mailbox was asked about an issuance', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { issuance } = await write((tx) => insertOrder(tx, world, ['mail.example']));
      const authorization = newAuthorization(world.account.id);
      const lead = newConfirmation(issuance, authorization.id);
      const joined = newConfirmation(issuance, authorization.id, { mailId: lead.id });
      const other = newConfirmation(issuance, authorization.id, { address: 'webmaster@example.com' });
      await write(async (tx) => {
        await tx.authorizations.insert(authorization);
        for (const one of [lead, joined, other]) await tx.confirmations.insert(one);
        await tx.confirmations.updateSent(lead.id, later(5));
      });
      const sorted = [lead, joined].map((one) => ({ ...one, sentAt: later(5) })).sort((a, b) => (a.id < b.id ? -1 : 1));
      assert.deepEqual(await read().confirmations.listOfMail(lead.id), sorted);
      assert.deepEqual(await read().confirmations.listOfMail(other.id), [other]);
      assert.deepEqual(await read().confirmations.listOfMailbox(issuance.id, lead.address), sorted.toReversed());
    });

    it('counts mails by mailbox and by domain, and forgets old ones', async () => {
      const domain = 'counted.example';
      const at = (seconds: number) => later(seconds);
      await write(async (tx) => {
        for (const [mailId, address, seconds] of [
          ['m1', `a@${domain}`, 1],
          ['m2', `b@${domain}`, 2],
          ['m3', `a@${domain}`, 3],
          ['m3', `a@${domain}`, 9], // a mail counts once
        ] as const) {
          await tx.outgoingMails.insert({ id: mailId, address, domain, at: at(seconds) });
        }
      });
      const { outgoingMails } = read();
      assert.deepEqual([await outgoingMails.isCounted('m3'), await outgoingMails.isCounted('m4')], [true, false]);
      const address = `a@${domain}`;
      const times = async (to: { address: string } | { domain: string }) =>
        Promise.all([1, 2, 3, 4].map(async (n) => (await outgoingMails.nthNewest(to, n))?.getTime()));
      const [one, two, three] = [1, 2, 3].map((seconds) => at(seconds).getTime());
      assert.deepEqual(await times({ address }), [three, one, undefined, undefined]);
      assert.deepEqual(await times({ domain }), [three, two, one, undefined]);
      await write((tx) => tx.outgoingMails.purge(at(2), 100));
      assert.deepEqual(await times({ domain }), [three, two, undefined, undefined]);
    });

    it('keeps mailboxes that want no mail until somebody lifts it', async () => {
      const [address, tokenHash] = ['stop@mailbox.example', bytes(32)];
      const known = { address, tokenHash, createdAt: later(0) };
      await write((tx) => tx.mailboxes.put(known));
      assert.deepEqual(await read().mailboxes.get(address), { ...known, stopped: null });
      const stopped = { at: later(1), by: 'reader', from: '198.51.100.7' };
      const stop = () => write((tx) => tx.mailboxes.stop(address, stopped));
      assert.deepEqual([await stop(), await stop()], [true, false]);
      // A later mail changes nothing of that; the token is the one in the newest.
      const newHash = bytes(32);
      await write((tx) => tx.mailboxes.put({ ...known, tokenHash: newHash, createdAt: later(9) }));
      const expected = { ...known, tokenHash: newHash, stopped };
      assert.deepEqual(await read().mailboxes.getByTokenHash(newHash), expected);
      assert.equal(await read().mailboxes.getByTokenHash(tokenHash), undefined);
      assert.deepEqual(
        (await read().mailboxes.listStopped({ limit: 10 })).filter((one) => one.address === address),
        [expected],
      );
      const lift = () => write((tx) => tx.mailboxes.lift(address));
      assert.deepEqual([await lift(), await lift()], [true, false]);
      assert.equal((await read().mailboxes.get(address))?.stopped, null);
    });

    it('takes names and their cost out of an issuance', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { issuance } = await write((tx) => insertOrder(tx, world, ['a.example', 'b.example']));
      const names = issuance.names.slice(0, 1);
      await write((tx) => tx.issuances.reduce(issuance.id, { names, chargedMinor: 40 }));
      assert.deepEqual(await read().issuances.get(issuance.id), { ...issuance, names, chargedMinor: 40 });
    });

    it('keeps certificates and lists them by account, order, name and serial', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { order, issuance } = await write((tx) => insertOrder(tx, world, ['x.example.net', 'y.example.net']));
      const second = await write((tx) => insertOrder(tx, world, ['x.example.net']));
      const [a, b, c] = await write(async (tx) => [
        await insertCertificate(tx, issuance),
        await tx.certificates.insert(
          newCertificate(issuance, { names: ['y.example.net'], upstreamChain: null, isWithheld: true }),
        ),
        await insertCertificate(tx, second.issuance),
      ]);
      assert.ok(a && b && c);
      assert.deepEqual(await read().certificates.get(a.id), a);
      assert.deepEqual(await read().certificates.getByNumber(b.number), b);
      const list = (query: object) => read().certificates.list({ accountId: world.account.id, limit: 10, ...query });
      assert.deepEqual(await list({}), [c, b, a]);
      assert.deepEqual(await list({ limit: 1, before: c.number }), [b]);
      assert.deepEqual(await list({ orderId: order.id }), [b, a]);
      assert.deepEqual(await list({ orderId: order.id, withheld: false }), [a]);
      assert.deepEqual(await list({ orderId: id('order') }), []);
      assert.deepEqual(await list({ name: 'x.example.net' }), [c, a]);
      assert.deepEqual(await list({ name: 'x.example.net', before: c.number, accountId: null }), [a]);
      assert.deepEqual(await list({ name: '%' }), []);
      assert.deepEqual(await list({ serial: b.serial }), [b]);
      assert.deepEqual(await list({ serial: b.serial, accountId: id('account') }), []);
    });

    it('refuses a second certificate with the same serial of the same authority', async () => {
      const world = await write((tx) => insertWorld(tx));
      const authority = newAuthority();
      const { issuance } = await write((tx) => insertOrder(tx, world, ['z.example.net']));
      const first = newCertificate(issuance, { authorityId: authority.id });
      await write(async (tx) => {
        await tx.authorities.insert(authority);
        await tx.certificates.insert(first);
      });
      await assert.rejects(write((tx) => tx.certificates.insert({ ...first, id: id('certificate') })));
    });

    it('lists what rests page by page, through all accounts and each once', async () => {
      const rest = { turn: 'operator', reason: reason('accountSuspended', {}), since: at } as const;
      const made: Resting['id'][] = [];
      for (let account = 0; account < 2; account++) {
        const world = await write((tx) => insertWorld(tx));
        for (const name of ['r1.example', 'r2.example', 'r3.example']) {
          const { issuance } = await write((tx) => insertOrder(tx, world, [name]));
          await write((tx) => tx.issuances.updateRest(issuance.id, rest));
          made.push(issuance.id);
        }
      }
      const listed: Resting['id'][] = [];
      for (let after: Resting | undefined; ; ) {
        const page = await read().issuances.listResting(null, { after, limit: 2 });
        assert.ok(page.length <= 2);
        listed.push(...page.map(({ id }) => id));
        after = page.at(-1);
        if (page.length < 2) break;
      }
      assert.deepEqual(listed.toSorted(), made.toSorted());
      for (const id of made) await write((tx) => tx.issuances.updateRest(id, null));
    });

    it('revokes a certificate once, and has it listed by the CRL unless it has ended', async () => {
      const world = await write((tx) => insertWorld(tx));
      const root = newAuthority();
      const authority = newAuthority({ role: 'intermediate', parentId: root.id, createdAt: later(1) });
      const { issuance } = await write((tx) => insertOrder(tx, world, ['z.example.net']));
      const [revoked] = await write(async (tx) => {
        await tx.authorities.insert(root);
        await tx.authorities.insert(authority);
        return [
          await tx.certificates.insert(newCertificate(issuance, { authorityId: authority.id })),
          await tx.certificates.insert(newCertificate(issuance, { authorityId: authority.id })),
        ];
      });
      assert.ok(revoked);
      assert.equal(await write((tx) => tx.certificates.moveToRevoked(revoked.id, at, 'superseded')), true);
      assert.equal(await write((tx) => tx.certificates.moveToRevoked(revoked.id, at, 'unspecified')), false);
      const { id, serial, notAfter } = revoked;
      const line = { id, serial, notAfter, revokedAt: at, revocationReason: 'superseded', piece: null } as const;
      const unlisted = (authorityId: typeof authority.id, endedAfter: Date) =>
        read().crls.listUnlisted(authorityId, { endedAfter, limit: 10 });
      assert.deepEqual(await unlisted(authority.id, at), [line]);
      assert.deepEqual(await unlisted(authority.id, later(86_401)), []);
      assert.deepEqual(await unlisted(root.id, at), []);
      assert.equal((await read().certificates.get(id))?.state, 'revoked');
      await write((tx) => tx.crls.markListed(7, [id]));
      assert.deepEqual(await unlisted(authority.id, at), []);
      assert.equal(await write((tx) => tx.certificates.raiseToKeyCompromise(id)), true);
      assert.equal(await write((tx) => tx.certificates.raiseToKeyCompromise(id)), false);
      assert.deepEqual(await unlisted(authority.id, at), [{ ...line, revocationReason: 'keyCompromise', piece: 7 }]);
    });

    it('keeps the pieces of a CRL until the list after the next, and lets only who saw all of them put the next', async () => {
      const authority = newAuthority();
      const { id: authorityId } = authority;
      await write((tx) => tx.authorities.insert(authority));
      const crl = (number: number, ...sizes: number[]) => {
        const sizeBytes = sizes.reduce((sum, size) => sum + size, 2);
        return { authorityId, number, head: bytes(1), tail: bytes(1), sizeBytes, thisUpdate: at, nextUpdate: later(9) };
      };
      const piece = (number: number, size: number, endsAt = later(900)) => ({
        ...{ piece: number, endsAt, entries: size },
        der: Uint8Array.from({ length: size }, () => number),
      });
      const sizesOf = (crls: readonly Uint8Array[] | undefined) => crls?.map(({ length }) => length);
      assert.deepEqual(await read().crls.next(authorityId), { number: 1, revision: 0, pieces: [], entries: 0 });
      assert.equal(await read().crls.get(authorityId), undefined);
      await write((tx) => tx.crls.putPiece(authorityId, piece(1, 5)));
      assert.equal(await read().crls.get(authorityId), undefined, 'staged is not put');
      const first = await read().crls.next(authorityId);
      assert.deepEqual([first.number, first.entries, sizesOf(first.pieces)], [1, 5, [5]]);
      await write((tx) => tx.crls.putPiece(authorityId, piece(2, 7, later(10))));
      assert.equal(
        await write((tx) => tx.crls.put(crl(1, 5), first.revision)),
        false,
        'something was staged meanwhile',
      );
      const second = await read().crls.next(authorityId);
      assert.equal(await write((tx) => tx.crls.put(crl(1, 5, 7), second.revision)), true);
      assert.equal(await write((tx) => tx.crls.put(crl(1, 5, 7), second.revision)), false, 'it is put already');
      assert.deepEqual(sizesOf((await read().crls.get(authorityId))?.pieces), [5, 7]);
      // Another version of the first piece, a further one, and the second is over.
      await write(async (tx) => {
        await tx.crls.putPiece(authorityId, piece(1, 6));
        await tx.crls.putPiece(authorityId, piece(await tx.crls.nextPieceNumber(authorityId), 3));
        assert.equal(await tx.crls.endPieces(authorityId, later(11), 10), 1);
        assert.equal((await tx.crls.getPiece(authorityId, 1))?.entries, 6);
        assert.equal((await tx.crls.newestPieceEndingAt(authorityId, later(900)))?.piece, 3);
        assert.equal(await tx.crls.newestPieceEndingAt(authorityId, later(10)), undefined);
      });
      assert.deepEqual(sizesOf((await read().crls.get(authorityId))?.pieces), [5, 7], 'what was put stays as it is');
      const third = await read().crls.next(authorityId);
      assert.deepEqual([third.number, third.entries, sizesOf(third.pieces)], [2, 9, [6, 3]]);
      assert.equal(await write((tx) => tx.crls.put(crl(2, 6, 3), third.revision)), true);
      const put = await read().crls.get(authorityId);
      assert.deepEqual([put?.number, sizesOf(put?.pieces), put?.nextUpdate], [2, [6, 3], later(9)]);
      assert.equal(await read().crls.get(authorityId), put, 'from memory');
      const { revision, pieces } = await read().crls.next(authorityId);
      assert.deepEqual(sizesOf(pieces), [6, 3]);
      assert.equal(await write((tx) => tx.crls.put(crl(3, 6, 3), revision)), true);
      assert.deepEqual(sizesOf((await read().crls.get(authorityId))?.pieces), [6, 3]);
      assert.equal(
        await write((tx) => tx.crls.put(crl(3, 6, 3), revision)),
        false,
        'numbers only grow (RFC 5280 §5.2.3)',
      );
      assert.deepEqual(
        (await read().authorities.list()).find((one) => one.id === authorityId),
        authority,
      );
    });

    it('lists events newest first by account and subject', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const event = (subject: string, accountId: NewEvent['accountId'] = account.id): NewEvent => ({
        kind: 'order.placed',
        accountId,
        actor: 'crd_1',
        subject,
        data: { names: ['a'] },
        requestId: null,
        at,
      });
      await write(async (tx) => {
        for (const one of [event('s1'), event('s2'), event('s1', null), event('s1')]) await tx.events.append(one);
      });
      const list = async (query: object) => read().events.list({ accountId: account.id, limit: 10, ...query });
      const all = await list({});
      assert.deepEqual(
        all.map(({ sequence, ...rest }) => rest),
        [event('s1'), event('s2'), event('s1')],
      );
      assert.ok(all.every((one, i) => i === 0 || one.sequence < (all[i - 1]?.sequence ?? 0)));
      assert.equal((await list({ subject: 's1' })).length, 2);
      assert.equal((await list({ subject: 's1', accountId: null })).length, 3);
      assert.deepEqual(await list({ before: all[1]?.sequence }), [all[2]]);
    });

    it('finds the events of some kinds about some subjects, in their order', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const [a, b, c] = [id('order'), id('order'), id('order')];
      const event = (subject: string, kind: NewEvent['kind'], actor: string): NewEvent => ({
        ...{ kind, subject, actor, accountId: account.id },
        ...{ data: {}, requestId: null, at },
      });
      for (const one of [
        event(a, 'order.placed', 'crd_1'),
        event(b, 'order.placed', 'crd_2'),
        event(a, 'order.cancelled', 'system'),
        event(c, 'order.placed', 'crd_3'),
        event(a, 'order.changed', 'crd_4'),
      ]) {
        await write((tx) => tx.events.append(one));
      }
      const found = async (subjects: readonly string[], kinds: readonly NewEvent['kind'][]) =>
        (await read().events.listOfSubjects({ subjects, kinds })).map(({ subject, actor }) => [subject, actor]);
      assert.deepEqual(await found([b, a], ['order.placed', 'order.cancelled']), [
        [a, 'crd_1'],
        [b, 'crd_2'],
        [a, 'system'],
      ]);
      assert.deepEqual(await found([c], ['order.cancelled']), []);
      assert.deepEqual(await found([], ['order.placed']), []);
    });

    it('finds users and credentials by their ids at once', async () => {
      const account = await write((tx) => tx.accounts.insert(newAccount()));
      const users = [
        await write((tx) => tx.users.insert(newUser({ accountId: account.id, username: 'found@example.com' }))),
        await write((tx) => tx.users.insert(newUser({ username: 'gone@example.com', state: 'removed' }))),
      ];
      const key = await write((tx) =>
        tx.credentials.insert(newCredential({ accountId: account.id, publicId: 'CID-found' })),
      );
      await write((tx) => tx.credentials.moveToRevoked(key.id, at));
      const wanted = [...users.map((user) => user.id), id('user')];
      const byNumber = (one: { readonly number: number }, other: { readonly number: number }) =>
        one.number - other.number;
      assert.deepEqual((await read().users.listByIds(wanted)).toSorted(byNumber), users);
      assert.deepEqual(
        (await read().credentials.listByIds([key.id, id('credential')])).map((one) => one.id),
        [key.id],
      );
      assert.deepEqual(await read().users.listByIds([]), []);
    });

    it('keeps a delivery with its message until it ends, once', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { account } = world;
      const { order, issuance } = await write((tx) => insertOrder(tx, world, ['told.example.com']));
      const notificationId = id('delivery');
      const told: Delivery = {
        id: notificationId,
        accountId: account.id,
        event: 'certificateIssued',
        orderId: order.id,
        issuanceId: issuance.id,
        domainId: null,
        organizationId: null,
        refund: { id: id('ledgerEntry'), amountMinor: 5, currency: 'CNY', note: 'agreed' },
        webhookId: null,
        dialect: 'httpsok',
        url: 'https://hook.example/told',
        state: 'waiting',
        message: null,
        attempts: 0,
        lastAnswer: null,
        tries: [],
        replayedAs: null,
        createdAt: at,
        endedAt: null,
      };
      const message = { contentType: 'application/json', sealedBody: Uint8Array.of(1, 2, 3) };
      await write((tx) => tx.deliveries.insert(told));
      assert.deepEqual(await read().deliveries.get(notificationId), told);
      await write((tx) => tx.deliveries.putMessage(notificationId, message));
      await write((tx) => tx.deliveries.putMessage(notificationId, { ...message, contentType: 'text/plain' }));
      // As a version kept it that knew no reasons.
      const made = { at: later(1), status: 500, ms: 12, answer: 'HTTP status 500' };
      await write((tx) => tx.deliveries.recordTry(notificationId, made));
      const tried = await read().deliveries.get(notificationId);
      assert.deepEqual(tried, { ...told, message, attempts: 1, lastAnswer: 'HTTP status 500', tries: [made] });
      const again = { at: later(2), status: 503, ms: 9, answer: reason('webhookStatus', { status: 503 }) };
      await write((tx) => tx.deliveries.recordTry(notificationId, again));
      const triedAgain = await read().deliveries.get(notificationId);
      assert.deepEqual([triedAgain?.lastAnswer, triedAgain?.tries], [again.answer, [made, again]]);
      assert.deepEqual(await read().deliveries.list({ accountId: account.id, limit: 5 }), [triedAgain]);
      assert.equal(await write((tx) => tx.deliveries.end(notificationId, 'delivered', later(1))), true);
      assert.equal(await write((tx) => tx.deliveries.end(notificationId, 'failed', later(2))), false);
      const ended = await read().deliveries.get(notificationId);
      assert.deepEqual([ended?.state, ended?.message, ended?.endedAt], ['delivered', null, later(1)]);
    });

    it('lists what ends behind a cursor, and keeps reminders of it', async () => {
      const world = await write((tx) => insertWorld(tx));
      const far = 1e10;
      const [one, two, three] = await write(async (tx) => {
        const orders = [];
        for (const seconds of [far, far, far + 60]) {
          orders.push(await tx.orders.insert(newOrder(world, { state: 'active', coverageUntil: later(seconds) })));
        }
        await tx.orders.insert(newOrder(world, { state: 'revoked', coverageUntil: later(far) }));
        return orders;
      });
      assert.ok(one && two && three);
      const ids = async (endsAt: Date, number: number, until: Date, limit = 9) =>
        (await read().expiryReminders.listOrdersEnding({ after: { endsAt, number }, until, limit })).map(
          (found) => found.id,
        );
      assert.deepEqual(await ids(later(far - 1), 0, later(far + 60)), [one.id, two.id, three.id]);
      assert.deepEqual(await ids(later(far), one.number, later(far + 60)), [two.id, three.id]);
      assert.deepEqual(await ids(later(far), Number.MAX_SAFE_INTEGER, later(far + 60)), [three.id]);
      assert.deepEqual(await ids(later(far - 1), 0, later(far), 1), [one.id]);
      assert.deepEqual(await ids(later(far - 1), 0, later(far - 1)), []);
      const { issuance } = await write((tx) => insertOrder(tx, world, ['a.example.com']));
      const certificate = await write((tx) =>
        tx.certificates.insert(newCertificate(issuance, { notAfter: later(far + 5) })),
      );
      const window = { after: { endsAt: later(far), number: 0 }, until: later(far + 9), limit: 9 };
      const { id: certificateId, number, notAfter: endsAt } = certificate;
      assert.deepEqual(await read().expiryReminders.listCertificatesEnding(window), [
        { id: certificateId, number, endsAt },
      ]);
      await write((tx) => tx.certificates.moveToRevoked(certificateId, at, 'superseded'));
      assert.deepEqual(await read().expiryReminders.listCertificatesEnding(window), []);
      assert.deepEqual(await read().expiryReminders.listValidationsEnding(window), []);
      const reminder: ExpiryReminder = {
        id: id('expiryReminder'),
        accountId: world.account.id,
        orderId: issuance.orderId,
        issuanceId: issuance.id,
        event: 'orderExpiring',
        endsAt: later(far),
        address: 'ops@example.com',
        state: 'waiting',
        lastAnswer: null,
        createdAt: at,
        endedAt: null,
      };
      await write((tx) => tx.expiryReminders.insert(reminder));
      assert.deepEqual(await read().expiryReminders.get(reminder.id), reminder);
      const ended = { answer: '250 queued', at: later(1) };
      assert.equal(await write((tx) => tx.expiryReminders.end(reminder.id, 'sent', ended)), true);
      assert.equal(await write((tx) => tx.expiryReminders.end(reminder.id, 'failed', ended)), false);
      const state = { state: 'sent', lastAnswer: '250 queued', endedAt: later(1) };
      assert.deepEqual(await read().expiryReminders.get(reminder.id), { ...reminder, ...state });
    });

    it('keeps webhooks, and that there is none, until one is added', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const other = (await write((tx) => insertWorld(tx))).account;
      assert.deepEqual(await read().webhooks.listActive(account.id), []);
      const made: Omit<Webhook, 'number'> = {
        id: id('webhook'),
        accountId: account.id,
        dialect: 'digicert',
        url: 'https://hook.example/',
        events: ['certificateIssued', 'orderRejected'],
        sealedSecret: bytes(20),
        state: 'active',
        settings: { chain: true },
        createdAt: at,
      };
      const webhook = await write((tx) => tx.webhooks.insert(made));
      assert.deepEqual(webhook, { ...made, number: webhook.number });
      assert.deepEqual(await read().webhooks.get(webhook.id), webhook);
      assert.deepEqual(await read().webhooks.getByNumber(webhook.number), webhook);
      assert.deepEqual(await read().webhooks.listActive(account.id), [webhook]);
      assert.deepEqual(await read().webhooks.listActive(other.id), []);
      const change = { state: 'inactive', sealedSecret: null, url: 'http://b.example/' } as const;
      const changed = { ...webhook, ...change };
      await write(async (tx) => {
        await tx.webhooks.update(webhook.id, change);
        assert.deepEqual(await tx.webhooks.listActive(account.id), [], 'seen by its own transaction');
      });
      assert.deepEqual(await read().webhooks.listActive(account.id), []);
      assert.deepEqual(await read().webhooks.list({ accountId: account.id, limit: 10 }), [changed]);
      assert.ok((await read().webhooks.list({ accountId: null, limit: 1000 })).some((one) => one.id === webhook.id));
      assert.equal(await write((tx) => tx.webhooks.remove(webhook.id, at)), true);
      assert.equal(await write((tx) => tx.webhooks.remove(webhook.id, at)), false);
      assert.equal(await read().webhooks.get(webhook.id), undefined);
      assert.equal(await read().webhooks.getByNumber(webhook.number), undefined);
      assert.deepEqual(await read().webhooks.list({ accountId: account.id, limit: 10 }), []);
      const next = await write((tx) => tx.webhooks.insert({ ...made, id: id('webhook') }));
      assert.equal(next.number, webhook.number + 1);
    });

    it('lists deliveries by state and dialect, and forgets one', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const about = {
        accountId: account.id,
        event: 'domainValidated',
        orderId: null,
        issuanceId: null,
        domainId: id('managedDomain'),
        organizationId: id('organization'),
        refund: null,
        webhookId: id('webhook'),
        url: 'https://hook.example/',
        message: null,
        attempts: 0,
        lastAnswer: null,
        tries: [],
        replayedAs: null,
        createdAt: at,
        endedAt: null,
      } as const;
      // Ids of one moment are in no order.
      const [one, two, three] = [id('delivery'), id('delivery'), id('delivery')].toSorted();
      assert.ok(one && two && three);
      const [first, second, third] = [
        { ...about, id: one, dialect: 'native', state: 'delivered' },
        { ...about, id: two, dialect: 'digicert', state: 'failed' },
        { ...about, id: three, dialect: 'native', state: 'waiting' },
      ] as const;
      await write(async (tx) => {
        for (const delivery of [first, second, third]) await tx.deliveries.insert(delivery);
      });
      const rows = [
        [{}, [third, second, first]],
        [{ state: 'waiting' }, [third]],
        [{ state: 'delivered' }, [first]],
        [{ state: 'failed', dialect: 'native' }, []],
        [{ dialect: 'native' }, [third, first]],
      ] as const;
      for (const [filter, expected] of rows) {
        assert.deepEqual(await read().deliveries.list({ accountId: account.id, limit: 9, ...filter }), expected);
      }
      assert.deepEqual(await read().deliveries.list({ accountId: null, limit: 1, state: 'waiting' }), [third]);
      await write((tx) => tx.deliveries.remove(third.id));
      assert.equal(await read().deliveries.get(third.id), undefined);
    });

    it('never gives an external id twice within its kind', async () => {
      assert.equal(await write((tx) => tx.externalIds.insert('racent', 'R1', 'ord_1')), true);
      assert.equal(await write((tx) => tx.externalIds.insert('racent', 'R1', 'ord_2')), false);
      assert.equal(await write((tx) => tx.externalIds.insert('wosign', 'R1', 'ord_3')), true);
      assert.equal(await read().externalIds.get('racent', 'R1'), 'ord_1');
      assert.equal(await read().externalIds.get('racent', 'R2'), undefined);
    });

    it('answers who claimed an idempotency key until it is over', async () => {
      const accountId = id('account');
      const claim = (objectId: string, now: Date) =>
        write((tx) =>
          tx.idempotency.claim({
            accountId,
            key: 'k',
            fingerprint: `f-${objectId}`,
            objectId,
            now,
            expiresAt: later(60),
          }),
        );
      assert.equal(await claim('ord_1', at), undefined);
      assert.deepEqual(await claim('ord_2', later(59)), { objectId: 'ord_1', fingerprint: 'f-ord_1' });
      assert.equal(await claim('ord_3', later(60)), undefined);
      const move = (from: string) =>
        write((tx) => tx.idempotency.move({ accountId, key: 'k', from, to: 'ord_4', expiresAt: later(60) }));
      assert.equal(await move('ord_1'), false);
      assert.equal(await move('ord_3'), true);
      assert.deepEqual(await claim('ord_5', later(59)), { objectId: 'ord_4', fingerprint: 'f-ord_3' });
      assert.equal(await write((tx) => tx.idempotency.purge(later(59), 100)), 0);
      assert.equal(await write((tx) => tx.idempotency.purge(later(60), 100)), 1);
    });

    it('keeps settings', async () => {
      assert.equal(await read().settings.get('nothing'), undefined);
      await write((tx) => tx.settings.put('a', { b: [1, null] }));
      await write((tx) => tx.settings.put('c', null));
      assert.deepEqual(await read().settings.get('a'), { b: [1, null] });
      assert.equal(await read().settings.get('c'), null);
      await write((tx) => tx.settings.put('a', 2));
      assert.equal(await read().settings.get('a'), 2);
    });

    describe('jobs', () => {
      const kind = 'issue';
      const enqueue = (subject: string, runAt: Date) => write((tx) => tx.jobs.enqueue({ kind, subject, runAt }));
      const claim = (now: Date, limit = 10, leaseMs = 600_000) =>
        write((tx) => tx.jobs.claimDue('local', now, leaseMs, limit));
      const get = (subject: string) => read().jobs.get(kind, subject);
      const taken = async (subject: string) => {
        const job = await get(subject);
        assert.ok(job);
        return job;
      };

      it('moves a waiting job nearer, never farther', async () => {
        await enqueue('near', later(50));
        await enqueue('near', later(90));
        assert.deepEqual((await get('near'))?.runAt, later(50));
        await enqueue('near', later(20));
        assert.deepEqual((await get('near'))?.runAt, later(20));
        await write((tx) => tx.jobs.finish(kind, 'near'));
        assert.equal(await get('near'), undefined);
      });

      it('makes due what waits for a time that a wrong clock set, and leaves what is due as it is', async () => {
        await enqueue('far', later(900));
        await enqueue('due', later(1));
        assert.equal(await write((tx) => tx.jobs.bringForward(later(5), { limit: 100 })), undefined);
        assert.deepEqual([(await get('far'))?.runAt, (await get('due'))?.runAt], [later(5), later(1)]);
        for (const subject of ['far', 'due']) await write((tx) => tx.jobs.finish(kind, subject));
      });

      it('goes through the queue page by page, whatever the pages become meanwhile', async () => {
        const subjects = ['p1', 'p2', 'p3', 'p4', 'p5'];
        for (const subject of subjects) await enqueue(subject, later(900));
        const reached: (string | undefined)[] = [];
        let after = await write((tx) => tx.jobs.bringForward(later(5), { limit: 2 }));
        // What runs after it was made due, and waits again, is not made due a second time.
        await enqueue('p0', later(800));
        while (after !== undefined) {
          reached.push(after.subject);
          const last = after;
          after = await write((tx) => tx.jobs.bringForward(later(5), { after: last, limit: 2 }));
        }
        assert.deepEqual(reached.slice(-2), ['p2', 'p4']);
        const times = await Promise.all(['p0', ...subjects].map(async (subject) => (await get(subject))?.runAt));
        assert.deepEqual(times, [later(800), ...subjects.map(() => later(5))]);
        for (const subject of ['p0', ...subjects]) await write((tx) => tx.jobs.finish(kind, subject));
      });

      it('frees and moves no more jobs at once than it is told to', async () => {
        const subjects = ['s1', 's2', 's3'];
        for (const subject of subjects) await write((tx) => tx.jobs.enqueueClaimed({ kind, subject, now: at }));
        const free = () => write((tx) => tx.jobs.recoverAtStart(2));
        assert.deepEqual([await free(), await free(), await free()], [2, 1, 0]);
        for (const subject of subjects) {
          await write((tx) => tx.jobs.enqueue({ kind, subject, runAt: at, lane: 'issuer gone' }));
        }
        const move = () => write((tx) => tx.jobs.moveStrayed('local', ['local'], 2));
        assert.deepEqual([await move(), await move(), await move()], [2, 1, 0]);
        assert.deepEqual(
          (await write((tx) => tx.jobs.claimDueOf(kind, later(1), 600_000, 2))).map(({ lane }) => lane),
          ['local', 'local'],
        );
        for (const subject of subjects) await write((tx) => tx.jobs.finish(kind, subject));
      });

      it('claims what is due, the longest waiting first, and each job once', async () => {
        await enqueue('due-2', later(2));
        await enqueue('due-1', later(1));
        await enqueue('due-9', later(9));
        assert.deepEqual(await read().jobs.nextRunAt('local'), later(1));
        assert.deepEqual(
          (await claim(later(5), 1)).map((job) => job.subject),
          ['due-1'],
        );
        assert.deepEqual(
          (await claim(later(5))).map((job) => [job.subject, job.state]),
          [['due-2', 'running']],
        );
        assert.deepEqual(await claim(later(5)), []);
        assert.deepEqual(await read().jobs.count(), { waiting: 1, running: 2, failed: 0 });
        for (const subject of ['due-1', 'due-2', 'due-9']) await write((tx) => tx.jobs.finish(kind, subject));
      });

      it('runs a job again that was enqueued while it ran, however the run ends', async () => {
        const ends = {
          complete: async (subject: string) => {
            const job = await taken(subject);
            await write((tx) => tx.jobs.complete(job));
          },
          finish: (subject: string) => write((tx) => tx.jobs.finish(kind, subject)),
          release: async (subject: string) => {
            const job = await taken(subject);
            await write((tx) => tx.jobs.release(job, later(500), null));
          },
        };
        for (const [end, run] of Object.entries(ends)) {
          await enqueue(end, at);
          await claim(at);
          await enqueue(end, later(40));
          await enqueue(end, later(30));
          await enqueue(end, later(60));
          assert.equal((await get(end))?.state, 'running');
          await run(end);
          const after = await get(end);
          assert.deepEqual([after?.state, after?.runAt], ['waiting', later(30)], end);
          await write((tx) => tx.jobs.finish(kind, end));
          assert.equal(await get(end), undefined);
        }
      });

      it('counts failed attempts until a run succeeds', async () => {
        await enqueue('tries', at);
        for (const [attempts, error] of [
          [1, 'first'],
          [2, reason('webhookStatus', { status: 500 })],
          [3, '{"key":"ofALaterVersion","params":{}}'],
          [4, '{"key": not JSON'],
          [0, null],
        ] as const) {
          await claim(later(100));
          const job = await taken('tries');
          await write((tx) => tx.jobs.release(job, later(10), error));
          const after = await get('tries');
          assert.deepEqual([after?.attempts, after?.lastError, after?.state], [attempts, error, 'waiting']);
        }
        await write((tx) => tx.jobs.finish(kind, 'tries'));
      });

      it('keeps a failed job to be seen, and revives it when it is enqueued again', async () => {
        await enqueue('bad', at);
        await claim(at);
        const job = await taken('bad');
        await write((tx) => tx.jobs.moveToFailed(job, 'no luck'));
        assert.deepEqual(
          (await read().jobs.listFailed({ limit: 10 })).map(({ subject, state, attempts, lastError }) => ({
            subject,
            state,
            attempts,
            lastError,
          })),
          [{ subject: 'bad', state: 'failed', attempts: 1, lastError: 'no luck' }],
        );
        assert.deepEqual(await claim(later(1000)), []);
        await enqueue('bad', later(7));
        const revived = await get('bad');
        assert.deepEqual([revived?.state, revived?.attempts, revived?.runAt], ['waiting', 0, later(7)]);
        await write((tx) => tx.jobs.finish(kind, 'bad'));
      });

      it('leaves a newer job of the same subject alone when an older run ends', async () => {
        await enqueue('twice', at);
        const [older] = await claim(at);
        assert.ok(older);
        await write((tx) => tx.jobs.finish(kind, 'twice'));
        await enqueue('twice', later(3));
        await write(async (tx) => {
          await tx.jobs.complete(older);
          await tx.jobs.release(older, later(1), 'late');
          await tx.jobs.moveToFailed(older, 'late');
        });
        const newer = await get('twice');
        assert.deepEqual([newer?.state, newer?.runAt, newer?.lastError], ['waiting', later(3), null]);
        await write((tx) => tx.jobs.finish(kind, 'twice'));
      });

      it('queues a job as taken: no claim sees it, a crash frees it', async () => {
        const job = await write((tx) => tx.jobs.enqueueClaimed({ kind, subject: 'mine', now: at }));
        assert.deepEqual(job, await get('mine'));
        assert.equal(job?.state, 'running');
        assert.deepEqual(await claim(later(100)), []);
        assert.equal(await write((tx) => tx.jobs.recover(9)), 0);
        assert.equal(await write((tx) => tx.jobs.recoverAtStart(9)), 1);
        // A waiting one is taken over, as the same job.
        const again = await write((tx) => tx.jobs.enqueueClaimed({ kind, subject: 'mine', now: later(5) }));
        assert.deepEqual(again, { ...job, runAt: later(5) });
        // One that runs already is not taken; it runs once more.
        assert.equal(await write((tx) => tx.jobs.enqueueClaimed({ kind, subject: 'mine', now: later(8) })), undefined);
        await write((tx) => tx.jobs.finish(kind, 'mine'));
        assert.deepEqual([(await get('mine'))?.state, (await get('mine'))?.runAt], ['waiting', later(8)]);
        await write((tx) => tx.jobs.finish(kind, 'mine'));
      });

      it('frees only jobs whose lease is over', async () => {
        await enqueue('leased', at);
        const [job] = await claim(at);
        assert.ok(job);
        assert.equal(await write((tx) => tx.jobs.recover(9)), 0);
        assert.deepEqual(await write((tx) => tx.jobs.renew([job.id, id('job')], 600_000)), [job.id]);
        assert.equal(await write((tx) => tx.jobs.recover(9)), 0);
        // Its end is over already, by whatever clock leases go.
        await write((tx) => tx.jobs.renew([job.id], -1));
        assert.equal(await write((tx) => tx.jobs.recover(9)), 1);
        assert.deepEqual(await write((tx) => tx.jobs.renew([job.id], 600_000)), [], 'nobody has it now');
        assert.equal((await get('leased'))?.state, 'waiting');
        await write((tx) => tx.jobs.finish(kind, 'leased'));
      });
    });
  });
}
