/**
 * Every condition of every list changes the result. The rows are typed by the queries themselves: a condition without a row does not
 * compile, and one that the store passes over fails.
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { nobody } from '../../src/domain/account.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import type { ManagedDomain } from '../../src/domain/managed-domain.ts';
import type { ApprovalFilter } from '../../src/domain/ports/stores/approvals.ts';
import type { BlockedKeyQuery } from '../../src/domain/ports/stores/blocked-keys.ts';
import type { CertificateQuery } from '../../src/domain/ports/stores/certificates.ts';
import type { DeliveryQuery } from '../../src/domain/ports/stores/deliveries.ts';
import type { Stores } from '../../src/domain/ports/stores/index.ts';
import type { ManagedDomainSearch } from '../../src/domain/ports/stores/managed-domains.ts';
import type { ChangesQuery, OrderQuery, StoredOrderSearch } from '../../src/domain/ports/stores/orders.ts';
import type { OrganizationSearch } from '../../src/domain/ports/stores/organizations.ts';
import { noRegistration } from '../../src/domain/registration.ts';
import {
  at,
  bytes,
  id,
  insertCertificate,
  insertOrder,
  insertWorld,
  later,
  newApproval,
  newAuthorization,
  newCertificate,
  newCredential,
  newIssuance,
  newProduct,
  newUser,
} from './fixtures.ts';
import type { Opened } from './store-suite.ts';

/** Conditions by name, each alone, so that it leaves only the second of two objects. */
type Conditions<Query, Paging extends keyof Query = never> = {
  readonly [Name in keyof Omit<Query, Paging>]-?: Pick<Query, Name>;
};

const hash = () => Buffer.from(bytes(32)).toString('hex');

/** Two of everything, in two accounts: what a condition is about differs between them, and nothing else need. */
async function insertTwo(tx: Stores) {
  const [first, second] = [await insertWorld(tx), await insertWorld(tx)];
  const product = newProduct({ code: `second ${second.account.id}` });
  await tx.products.put(product);
  const accountId = first.account.id;
  const organization = await tx.organizations.insert({
    id: id('organization'),
    accountId,
    containerId: null,
    details: { name: 'Acme', city: 'Berlin', state: 'BE', country: 'DE' },
    state: 'active',
    validations: [],
    contacts: [],
    createdAt: at,
  });
  const container = await tx.containers.insert({
    id: id('container'),
    accountId,
    parentId: null,
    name: 'Acme',
    description: '',
    state: 'active',
    allowedNames: null,
    createdAt: at,
  });
  const people = await insertTwoPeople(tx, accountId);
  const [keyOfOne, keyOfOther] = people.map(({ credential }) => credential);
  assert.ok(keyOfOne && keyOfOther);
  const plain = await insertOrder(tx, first, ['one.example'], {
    credentialId: keyOfOne.id,
    organizationId: null,
    containerId: null,
    alternativeReference: null,
    customValues: [],
    renewalMark: null,
    renewalOf: null,
    reminders: { isOff: false, addresses: ['one@example.com'], message: '' },
    contact: null,
  });
  const marked = await insertOrder(tx, { ...first, product }, ['two.example', 'also.two.example'], {
    credentialId: keyOfOther.id,
    organizationId: organization.id,
    containerId: container.id,
    dialect: 'digicert',
    state: 'active',
    renewalOf: plain.order.id,
    reminders: { isOff: true, addresses: [], message: '' },
    contact: null,
    alternativeReference: 'PO-2',
    customValues: [{ fieldNumber: 12, label: 'cost', value: '34' }],
    renewalMark: 'renewed',
    coverageUntil: later(9_000),
    createdAt: later(10),
  });
  const stranger = await insertOrder(tx, second, ['stranger.example'], { createdAt: later(-10) });
  return { first, second, product, organization, container, people, plain, marked, stranger };
}

/** Two people of the account, each with a key and an address. */
async function insertTwoPeople(tx: Stores, accountId: AccountId) {
  const people = [];
  for (const email of ['ann@example.com', 'bob@example.com']) {
    const user = await tx.users.insert(
      newUser({ accountId, username: `${email} of ${accountId}`, person: { ...nobody, email } }),
    );
    const credential = await tx.credentials.insert(
      newCredential({ accountId, userId: user.id, publicId: `key of ${user.id}` }),
    );
    people.push({ user, credential });
  }
  return people;
}

export function conditionSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`conditions of lists on ${name}`, () => {
    let opened: Opened;
    let two: Awaited<ReturnType<typeof insertTwo>>;
    before(async () => {
      opened = await openFresh();
      two = await opened.database.write(insertTwo);
    });
    after(() => opened.remove());
    const read = () => opened.database.read;

    /** @param all what the list holds without the condition; the second of them is left by each */
    async function eachLeaves<Item>(
      conditions: Readonly<Record<string, object>>,
      {
        all,
        left,
        list,
      }: {
        readonly all: readonly Item[];
        readonly left: readonly Item[];
        readonly list: (condition: object) => Promise<readonly Item[]>;
      },
    ): Promise<void> {
      assert.deepEqual(await list({}), all, 'without any');
      for (const [condition, query] of Object.entries(conditions)) {
        assert.deepEqual(await list(query), left, condition);
      }
    }

    it('of orders that are searched for', async () => {
      const { first, plain, marked, product, organization, container, people } = two;
      const [, bob] = people;
      assert.ok(bob);
      const certificates = await opened.database.write(async (tx) => [
        await insertCertificate(tx, plain.issuance, { notAfter: later(50) }),
        await insertCertificate(tx, marked.issuance, { notAfter: later(100) }),
      ]);
      const [, certificate] = certificates;
      assert.ok(certificate);
      const base = { accountId: first.account.id, now: at, limit: 9, offset: 0 };
      const search = async (condition: object) => {
        const { items, total } = await read().orders.search({ ...base, ...condition });
        assert.equal(total, items.length);
        return items.map((order) => order.id);
      };
      const conditions: Conditions<
        StoredOrderSearch,
        'accountId' | 'now' | 'limit' | 'offset' | 'sort' | 'createdUntil' | 'expiresUntil'
      > = {
        dialect: { dialect: 'digicert' },
        standings: { standings: ['active'] },
        productCodes: { productCodes: [product.code] },
        numbers: { numbers: [marked.order.number] },
        commonNames: { commonNames: ['two.example'] },
        names: { names: ['also.two.example'] },
        text: { text: { value: 'so.tw', isExact: false } },
        serials: { serials: [certificate.serial] },
        issuanceNumbers: { issuanceNumbers: [marked.issuance.number] },
        organizationNumbers: { organizationNumbers: [organization.number] },
        containers: { containers: { in: [container.id] } },
        alternativeReference: { alternativeReference: 'PO-2' },
        anyReference: { anyReference: 'PO-2' },
        customFieldNumbers: { customFieldNumbers: [12] },
        userNumbers: { userNumbers: [bob.user.number] },
        emails: { emails: ['Bob@example.com'] },
        isRenewal: { isRenewal: true },
        isRenewed: { isRenewed: true },
        hasRemindersOff: { hasRemindersOff: true },
        createdFrom: { createdFrom: later(5) },
        expiresFrom: { expiresFrom: later(60) },
      };
      const all = [marked.order.id, plain.order.id];
      await eachLeaves(conditions, { all, left: [marked.order.id], list: search });
      // The same the other way round, and in a second form.
      const others: readonly Partial<StoredOrderSearch>[] = [
        { containers: { notIn: [container.id] } },
        { emails: ['one@example.com'] },
        { text: { value: '%ne@ex', isExact: false, inEmails: false } },
        { isRenewal: false },
        { isRenewed: false },
        { hasRemindersOff: false },
      ];
      for (const [index, condition] of others.entries()) {
        const expected = index === 2 ? [] : [plain.order.id];
        assert.deepEqual(await search(condition), expected, JSON.stringify(condition));
      }
      assert.deepEqual(await search({ text: { value: 'ne@ex', isExact: false, inEmails: true } }), [plain.order.id]);
      const ends: Conditions<Pick<StoredOrderSearch, 'createdUntil' | 'expiresUntil' | 'sort'>> = {
        createdUntil: { createdUntil: later(5) },
        expiresUntil: { expiresUntil: later(60) },
        sort: { sort: [{ by: 'number', descending: false }] },
      };
      assert.deepEqual(await search(ends.createdUntil), [plain.order.id]);
      assert.deepEqual(await search(ends.expiresUntil), [plain.order.id]);
      assert.deepEqual(await search(ends.sort), all.toReversed());
      assert.deepEqual(await search({ accountId: two.second.account.id }), [two.stranger.order.id]);
      const page = await read().orders.search({ ...base, limit: 1, offset: 1 });
      assert.deepEqual([page.items.map((order) => order.id), page.total], [[plain.order.id], 2]);
    });

    it('of orders', async () => {
      const { first, plain, marked } = two;
      const list = async (condition: object) =>
        (await read().orders.list({ accountId: first.account.id, limit: 9, ...condition })).map((order) => order.id);
      const conditions: Conditions<OrderQuery, 'accountId' | 'limit' | 'before'> = {
        dialect: { dialect: 'digicert' },
        state: { state: 'active' },
        name: { name: 'also.two.example' },
      };
      const all = [marked.order.id, plain.order.id];
      await eachLeaves(conditions, { all, left: [marked.order.id], list });
      assert.deepEqual(await list({ before: marked.order.number }), [plain.order.id]);
      assert.deepEqual(await list({ limit: 1 }), [marked.order.id]);
      assert.deepEqual(await list({ accountId: two.second.account.id }), [two.stranger.order.id]);
    });

    it('of orders that changed', async () => {
      const { first, plain, marked } = two;
      await opened.database.write(async (tx) => {
        for (const [{ order }, moment] of [
          [plain, at],
          [marked, later(1_000)],
        ] as const) {
          const event = { kind: 'order.changed', actor: 'system', requestId: null, data: {} } as const;
          await tx.events.append({ ...event, accountId: first.account.id, subject: order.id, at: moment });
        }
      });
      const base = { accountId: first.account.id, from: at, until: later(1_000), limit: 9 };
      const list = async (condition: object) =>
        (await read().orders.listChanged({ ...base, ...condition })).items.map(({ order }) => order.id);
      const conditions: Conditions<ChangesQuery, 'accountId' | 'limit' | 'before' | 'until'> = {
        dialect: { dialect: 'digicert' },
        from: { from: later(500) },
      };
      const all = [marked.order.id, plain.order.id];
      await eachLeaves(conditions, { all, left: [marked.order.id], list });
      assert.deepEqual(await list({ until: later(500) }), [plain.order.id]);
      assert.deepEqual(await list({ limit: 1 }), [marked.order.id]);
      assert.deepEqual(await list({ accountId: two.second.account.id }), []);
      const { next } = await read().orders.listChanged({ ...base, limit: 1 });
      assert.deepEqual(await list({ before: next }), [plain.order.id]);
    });

    it('of requests for approval, and their count', async () => {
      const { first, second, people, plain, marked, stranger, container } = two;
      const [one, other] = await opened.database.write(async (tx) => [
        await tx.approvals.insert(newApproval(plain.issuance)),
        await tx.approvals.insert(
          newApproval(marked.issuance, { asks: 'revoke', state: 'approved', requestedBy: people[1]?.user.id ?? null }),
        ),
        await tx.approvals.insert(newApproval(stranger.issuance)),
      ]);
      assert.ok(one && other);
      const list = async (condition: object) => {
        const filter = { accountId: first.account.id, ...condition };
        const { items, total } = await read().approvals.search({ limit: 9, offset: 0, ...filter });
        assert.equal(total, items.length);
        return items.map((approval) => approval.id);
      };
      const conditions: Conditions<ApprovalFilter, 'accountId'> = {
        dialect: { dialect: 'digicert' },
        states: { states: ['approved'] },
        asks: { asks: ['revoke'] },
        containers: { containers: { in: [container.id] } },
        orderIds: { orderIds: [marked.order.id] },
        requestedBy: { requestedBy: [other.requestedBy ?? '', id('user')] },
        customField: { customField: { numbers: [12], values: ['34'] } },
        commonName: { commonName: { value: 'wo.ex', isExact: false } },
      };
      await eachLeaves(conditions, { all: [other.id, one.id], left: [other.id], list });
      assert.equal((await list({ accountId: second.account.id })).length, 1);
      assert.deepEqual(await list({ accountId: second.account.id, orderIds: [marked.order.id] }), []);
      for (const customField of [{ numbers: [13] }, { values: ['3'] }, { numbers: [12], values: ['35'] }]) {
        assert.deepEqual(await list({ customField }), [], JSON.stringify(customField));
      }
      assert.deepEqual(await list({ containers: { notIn: [container.id] } }), [one.id]);
      // Not the first of its names.
      assert.deepEqual(await list({ commonName: { value: 'also.two.example', isExact: true } }), []);
      for (const by of ['number', 'asks', 'orderNumber', 'commonName'] as const) {
        assert.deepEqual(await list({ sort: [{ by, descending: false }] }), [one.id, other.id], by);
        assert.deepEqual(await list({ sort: [{ by, descending: true }] }), [other.id, one.id], by);
      }
      assert.deepEqual(await list({ sort: [{ by: 'state', descending: false }] }), [other.id, one.id]);
      const page = { accountId: first.account.id, limit: 9, offset: 0 };
      const ofBoth = { items: [one], total: 2 };
      assert.deepEqual(await read().approvals.search({ ...page, before: other.number }), ofBoth);
      assert.deepEqual(await read().approvals.search({ ...page, limit: 1, offset: 1 }), ofBoth);
    });

    it('of organizations', async () => {
      const { account } = await opened.database.write((tx) => insertWorld(tx));
      const { second, container } = two;
      const base = {
        accountId: account.id,
        containerId: null,
        details: { name: 'Acme', city: 'Berlin', state: 'BE', country: 'DE' },
        state: 'active',
        validations: [],
        contacts: [],
        createdAt: at,
      } as const;
      const waiting = { level: 'ov', state: 'pending', askedAt: at, decidedAt: null, decidedBy: null } as const;
      const validation = { ...waiting, note: '', validUntil: null, ...noRegistration };
      const [plain, marked, stranger] = await opened.database.write(async (tx) => [
        await tx.organizations.insert({ ...base, id: id('organization') }),
        await tx.organizations.insert({
          ...base,
          id: id('organization'),
          containerId: container.id,
          details: { ...base.details, name: 'Zoo' },
          state: 'inactive',
          validations: [validation, { ...validation, level: 'ev', state: 'valid', validUntil: later(30) }],
        }),
        await tx.organizations.insert({ ...base, id: id('organization'), accountId: second.account.id }),
      ]);
      assert.ok(plain && marked && stranger);
      const list = async (condition: object) => {
        const query = { accountId: account.id, limit: 9, offset: 0, ...condition };
        const { items, total } = await read().organizations.list(query);
        assert.equal(total, items.length);
        return items.map((one) => one.id);
      };
      const conditions: Conditions<OrganizationSearch, 'accountId' | 'limit' | 'offset' | 'before' | 'sort'> = {
        state: { state: 'inactive' },
        containers: { containers: { in: [container.id] } },
        text: { text: { value: 'zO', isExact: false } },
        isAwaitingVerification: { isAwaitingVerification: true },
        level: { level: 'ev' },
        validUntilBefore: { validUntilBefore: later(60) },
      };
      await eachLeaves(conditions, { all: [marked.id, plain.id], left: [marked.id], list });
      const number = String(marked.number);
      assert.deepEqual(await list({ text: { value: number, isExact: true, orNumber: true } }), [marked.id]);
      assert.deepEqual(await list({ text: { value: number, isExact: true } }), []);
      assert.deepEqual(await list({ containers: { notIn: [container.id] } }), [plain.id]);
      for (const by of ['number', 'name', 'state'] as const) {
        assert.deepEqual(await list({ sort: [{ by, descending: false }] }), [plain.id, marked.id], by);
        assert.deepEqual(await list({ sort: [{ by, descending: true }] }), [marked.id, plain.id], by);
      }
      assert.deepEqual(await list({ accountId: second.account.id }), [stranger.id]);
      const page = { accountId: account.id, limit: 9, offset: 0 };
      assert.deepEqual((await read().organizations.list({ ...page, before: marked.number })).items, [plain]);
      assert.deepEqual((await read().organizations.list({ ...page, limit: 1, offset: 1 })).items, [plain]);
    });

    it('of managed domains', async () => {
      const { first, second, container } = two;
      const insert = async (tx: Stores, accountId: AccountId, name: string, change: Partial<ManagedDomain> = {}) => {
        const authorization = newAuthorization(accountId, { issuanceId: null });
        await tx.authorizations.insert(authorization);
        return tx.managedDomains.insert({
          id: id('managedDomain'),
          accountId,
          name: { kind: 'dns', value: name },
          organizationId: null,
          containerId: null,
          state: 'active',
          proofReference: 'proof',
          authorizationId: authorization.id,
          requestedLevels: [],
          createdAt: at,
          ...change,
        });
      };
      const [plain, marked, stranger] = await opened.database.write(async (tx) => [
        await insert(tx, first.account.id, 'a.domain.example'),
        await insert(tx, first.account.id, 'b.domain.example', { containerId: container.id, state: 'inactive' }),
        await insert(tx, second.account.id, 'c.domain.example'),
      ]);
      assert.ok(plain && marked && stranger);
      const list = async (condition: object) => {
        const query = { accountId: first.account.id, limit: 9, offset: 0, ...condition };
        const { items, total } = await read().managedDomains.list(query);
        assert.equal(total, items.length);
        return items.map((one) => one.id);
      };
      const conditions: Conditions<ManagedDomainSearch, 'accountId' | 'limit' | 'offset' | 'sort' | 'before'> = {
        state: { state: 'inactive' },
        containers: { containers: { in: [container.id] } },
        text: { text: { value: 'b.dom', isExact: false } },
      };
      await eachLeaves(conditions, { all: [marked.id, plain.id], left: [marked.id], list });
      const behind = { accountId: first.account.id, limit: 9, offset: 0, before: marked.number };
      assert.deepEqual(await read().managedDomains.list(behind), { items: [plain], total: 2 });
      assert.deepEqual(await list({ text: { value: 'b.dom', isExact: true } }), []);
      assert.deepEqual(await list({ containers: { notIn: [container.id] } }), [plain.id]);
      for (const by of ['number', 'name', 'state'] as const) {
        assert.deepEqual(await list({ sort: [{ by, descending: false }] }), [plain.id, marked.id], by);
        assert.deepEqual(await list({ sort: [{ by, descending: true }] }), [marked.id, plain.id], by);
      }
      assert.deepEqual(await list({ accountId: second.account.id }), [stranger.id]);
      const page = { accountId: first.account.id, limit: 1, offset: 1 };
      assert.deepEqual((await read().managedDomains.list(page)).items, [plain]);
    });

    it('of certificates', async () => {
      const { second, product } = two;
      const { account: stranger } = await opened.database.write((tx) => insertWorld(tx));
      const [plain, marked, withheld] = await opened.database.write(async (tx) => {
        const world = { account: second.account, product };
        const ordered = [
          await insertOrder(tx, world, ['plain.certificate.example']),
          await insertOrder(tx, world, ['marked.certificate.example'], { dialect: 'digicert' }),
        ];
        const [one, other] = ordered;
        assert.ok(one && other);
        const reissue = await tx.issuances.insert({
          ...newIssuance({ ...one.order, issuanceId: id('issuance') }, ['plain.certificate.example']),
          kind: 'reissue',
        });
        return [
          await insertCertificate(tx, one.issuance),
          await insertCertificate(tx, other.issuance),
          await insertCertificate(tx, reissue, { isWithheld: true, keyHash: hash() }),
        ];
      });
      assert.ok(plain && marked && withheld);
      const list = async (condition: object) =>
        (await read().certificates.list({ accountId: second.account.id, limit: 9, ...condition })).map((one) => one.id);
      const { orderId, serial, keyHash } = marked;
      assert.ok(keyHash);
      const conditions: Conditions<CertificateQuery, 'accountId' | 'limit' | 'before' | 'withheld'> = {
        dialect: { dialect: 'digicert' },
        orderId: { orderId },
        name: { name: 'marked.certificate.example' },
        serial: { serial },
        keyHash: { keyHash },
      };
      await eachLeaves(conditions, { all: [withheld.id, marked.id, plain.id], left: [marked.id], list });
      for (const [condition, query] of Object.entries(conditions)) {
        assert.deepEqual(await list({ ...query, accountId: stranger.id }), [], `${condition} in another account`);
      }
      assert.deepEqual(await list({ withheld: false }), [marked.id, plain.id]);
      assert.deepEqual(await list({ before: marked.number }), [plain.id]);
      assert.deepEqual(await list({ limit: 1 }), [withheld.id]);
    });

    it('of certificates that a SHA-1 finds, however many are newer', async () => {
      const { account, product } = await opened.database.write((tx) => insertWorld(tx));
      const made = await opened.database.write(async (tx) => {
        const found = [];
        for (let n = 0; n < 502; n++) {
          const { issuance } = await insertOrder(tx, { account, product }, [`n${n}.sha1.example`]);
          found.push(await tx.certificates.insert(newCertificate(issuance, n === 1 ? { isWithheld: true } : {})));
        }
        return found;
      });
      const find = async ({ der }: (typeof made)[number], query: object = {}) => {
        const scope = { accountId: account.id, ...query };
        return (await read().certificates.findByThumbprint(scope, createHash('sha1').update(der).digest('hex')))
          ?.orderId;
      };
      const [oldest, withheld] = made;
      const newest = made.at(-1);
      assert.ok(oldest && withheld && newest);
      for (const one of [oldest, withheld, newest]) assert.equal(await find(one), one.orderId);
      assert.equal(await find(withheld, { withheld: false }), undefined);
      assert.equal(await find(oldest, { dialect: 'digicert' }), undefined);
      assert.equal(await find(oldest, { accountId: two.first.account.id }), undefined);
      assert.equal(await read().certificates.findByThumbprint({ accountId: null }, 'ab'.repeat(20)), undefined);
    });

    it('of deliveries', async () => {
      const { first } = two;
      const [older, newer] = [id('delivery'), id('delivery')].toSorted();
      const webhookId = id('webhook');
      assert.ok(older && newer);
      const about = {
        accountId: first.account.id,
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
      await opened.database.write(async (tx) => {
        await tx.deliveries.insert({
          ...about,
          id: older,
          createdAt: new Date(at.getTime() - 1),
          dialect: 'native',
          state: 'waiting',
        });
        await tx.deliveries.insert({
          ...about,
          id: newer,
          dialect: 'digicert',
          state: 'failed',
          webhookId,
          event: 'orderRejected',
          replayedAs: older,
        });
      });
      const list = async (condition: object) =>
        (await read().deliveries.list({ accountId: first.account.id, limit: 9, ...condition })).map((one) => one.id);
      const conditions: Conditions<DeliveryQuery, 'accountId' | 'limit' | 'before'> = {
        dialect: { dialect: 'digicert' },
        state: { state: 'failed' },
        webhookId: { webhookId },
        event: { event: 'orderRejected' },
        from: { from: at },
        isReplayed: { isReplayed: true },
      };
      await eachLeaves(conditions, { all: [newer, older], left: [newer], list });
      assert.deepEqual(await list({ isReplayed: false }), [older]);
      assert.deepEqual(await list({ before: newer }), [older]);
      assert.deepEqual(await list({ limit: 1 }), [newer]);
      assert.deepEqual(await list({ accountId: two.second.account.id }), []);
    });

    it('of blocked keys', async () => {
      const { first, second } = two;
      const block = (fingerprint: string, accountId: typeof first.account.id | null) => ({
        fingerprint,
        accountId,
        modulusHash: null,
        source: 'decision' as const,
        actor: 'system' as const,
        note: '',
        certificateId: null,
        createdAt: at,
      });
      const [one, other, everywhere] = [hash(), hash(), hash()];
      await opened.database.write(async (tx) => {
        await tx.blockedKeys.insert(block(one, first.account.id));
        await tx.blockedKeys.insert({
          ...block(other, first.account.id),
          source: 'proof',
          note: 'leaked by a build',
        });
        await tx.blockedKeys.insert(block(everywhere, null));
      });
      const list = async (condition: object) =>
        (await read().blockedKeys.list({ scope: first.account.id, limit: 9, ...condition })).map(
          ({ fingerprint }) => fingerprint,
        );
      const conditions: Conditions<BlockedKeyQuery, 'scope' | 'limit' | 'before'> = {
        fingerprint: { fingerprint: other },
        source: { source: 'proof' },
        text: { text: 'LEAK' },
      };
      await eachLeaves(conditions, { all: [other, one], left: [other], list });
      assert.deepEqual(await list({ scope: 'everywhere' }), [everywhere]);
      assert.deepEqual(await list({ scope: 'all' }), [everywhere, other, one]);
      assert.deepEqual(await list({ scope: second.account.id }), []);
      assert.deepEqual(await list({ limit: 1 }), [other]);
    });
  });
}
