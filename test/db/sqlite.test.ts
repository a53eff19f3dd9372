import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { createSqliteBuilder } from '../../src/db/engine/sqlite/dialect.ts';
import { openDatabase } from '../../src/db/open.ts';
import { compile, type Statement } from '../../src/db/prepared.ts';
import { accountStatements, ledgerStatements } from '../../src/db/stores/accounts.ts';
import { acmeOrderStatements } from '../../src/db/stores/acme-orders.ts';
import { answeredRequestStatements } from '../../src/db/stores/answered-requests.ts';
import { approvalStatements, numbersQuery as listApprovals } from '../../src/db/stores/approvals.ts';
import { authorityStatements } from '../../src/db/stores/authorities.ts';
import { authorizationStatements } from '../../src/db/stores/authorizations.ts';
import { caaCheckStatements } from '../../src/db/stores/caa-checks.ts';
import { listQuery as listCertificates } from '../../src/db/stores/certificate-lists.ts';
import { certificateStatements } from '../../src/db/stores/certificates.ts';
import { checkRecordStatements } from '../../src/db/stores/check-records.ts';
import { externalIdStatements, idempotencyStatements } from '../../src/db/stores/client-keys.ts';
import { confirmationStatements } from '../../src/db/stores/confirmations.ts';
import { containerStatements } from '../../src/db/stores/containers.ts';
import { credentialStatements } from '../../src/db/stores/credentials.ts';
import { crlStatements } from '../../src/db/stores/crls.ts';
import { customFieldStatements } from '../../src/db/stores/custom-fields.ts';
import { deliveryStatements, listQuery as listNotifications } from '../../src/db/stores/deliveries.ts';
import { eventStatements, listQuery as listEvents } from '../../src/db/stores/events.ts';
import { expiringValueStatements } from '../../src/db/stores/expiring-values.ts';
import { expiryReminderStatements } from '../../src/db/stores/expiry-reminders.ts';
import { externalAccountKeyStatements } from '../../src/db/stores/external-account-keys.ts';
import { certificatesQuery } from '../../src/db/stores/filtered-certificates.ts';
import { failingQuery, filteredOrderStatements, ordersQuery } from '../../src/db/stores/filtered-orders.ts';
import { importedSerialStatements } from '../../src/db/stores/imported-serials.ts';
import { issuanceStatements } from '../../src/db/stores/issuances.ts';
import { jobLeaseStatements } from '../../src/db/stores/job-leases.ts';
import { jobTurnStatements } from '../../src/db/stores/job-turns.ts';
import { jobStatements } from '../../src/db/stores/jobs.ts';
import { largeAccountStatements } from '../../src/db/stores/large-accounts.ts';
import { lateListStatements } from '../../src/db/stores/late-lists.ts';
import { mailboxStatements } from '../../src/db/stores/mailboxes.ts';
import {
  countQuery as countDomains,
  managedDomainStatements,
  pageQuery as pageOfDomains,
} from '../../src/db/stores/managed-domains.ts';
import { noteStatements } from '../../src/db/stores/notes.ts';
import { countQuery as countOrders, numbersQuery as searchOrders } from '../../src/db/stores/order-search.ts';
import { orderShareStatements } from '../../src/db/stores/order-shares.ts';
import { listQuery as listOrders, orderStatements } from '../../src/db/stores/orders.ts';
import { countQuery, organizationStatements, pageQuery } from '../../src/db/stores/organizations.ts';
import { outgoingMailStatements } from '../../src/db/stores/outgoing-mails.ts';
import { productStatements } from '../../src/db/stores/products.ts';
import { roleGrantStatements } from '../../src/db/stores/role-grants.ts';
import { sealedColumns } from '../../src/db/stores/sealing.ts';
import { settingStatements } from '../../src/db/stores/settings.ts';
import { upstreamStatements } from '../../src/db/stores/upstreams.ts';
import { userPreferenceStatements } from '../../src/db/stores/user-preferences.ts';
import { userSessionStatements } from '../../src/db/stores/user-sessions.ts';
import { userStatements } from '../../src/db/stores/users.ts';
import { webhookStatements } from '../../src/db/stores/webhooks.ts';
import { zoneRestStatements } from '../../src/db/stores/zone-rests.ts';
import { newNumberedId, nextId, numberOf } from '../../src/domain/ids.ts';
import type { StoredOrderSearch } from '../../src/domain/ports/stores/orders.ts';
import { openTempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';
import { id, insertOrder, insertWorld, newOrder } from './fixtures.ts';

const system = () => ({ clock: createFakeClock(), random: createFakeRandomness(), log: createFakeLog() });

describe('the embedded database', () => {
  it('belongs to one process: a second opening is refused and says why', async () => {
    const opened = await openTempDatabase();
    await assert.rejects(openDatabase({ path: opened.path, ...system() }), /in use: another certmux/);
    await opened.database.close();
    const again = await openDatabase({ path: opened.path, ...system() });
    await again.close();
    await opened.remove();
  });

  it('begins a table with the number it is opened with, the others as usual, and counts on where there are rows', async () => {
    const firstNumbers = { accounts: 52_295_091 };
    const opened = await openTempDatabase({ firstNumbers });
    const first = await opened.database.write((tx) => insertWorld(tx));
    assert.equal(first.account.number, 52_295_091);
    assert.equal(await opened.database.nextNumber('order'), 10_000_001);
    const orderId = await nextId('order', { ...system(), database: opened.database });
    const order = await opened.database.write((tx) => tx.orders.insert(newOrder(first, { id: orderId })));
    assert.equal(order.number, 10_000_002);
    await opened.database.close();
    const again = await openDatabase({ path: opened.path, ...system(), firstNumbers: { accounts: 7 } });
    const second = await again.write((tx) => insertWorld(tx));
    assert.equal(second.account.number, 52_295_092);
    assert.equal(await again.nextNumber('order'), 10_000_003);
    await again.close();
    await opened.remove();
  });

  it('finds nothing by an id that carries the number of another', async () => {
    const opened = await openTempDatabase();
    const world = await opened.database.write((tx) => insertWorld(tx));
    const { order } = await opened.database.write((tx) => insertOrder(tx, world, ['a.example']));
    const wrong = newNumberedId('order', numberOf(order.id), system());
    assert.notEqual(wrong, order.id);
    const { read } = opened.database;
    assert.equal(await read.orders.get(wrong), undefined);
    assert.deepEqual(await read.orders.listByIds([wrong]), []);
    assert.deepEqual(await read.orders.listByIds([wrong, order.id]), [order]);
    const isMoved = await opened.database.write((tx) => tx.orders.move(wrong, ['open'], 'cancelled'));
    assert.equal(isMoved, false);
    await opened.database.write((tx) => tx.orders.update(wrong, { alternativeReference: 'no' }));
    await opened.database.write((tx) => tx.orders.updateDialectData(wrong, { no: true }));
    assert.deepEqual(await read.orders.get(order.id), order);
    await opened.remove();
  });

  it('goes on counting where it stopped', async () => {
    const opened = await openTempDatabase();
    const { account } = await opened.database.write((tx) => insertWorld(tx));
    await opened.database.close();
    const again = await openDatabase({ path: opened.path, ...system() });
    assert.deepEqual(await again.read.accounts.get(account.id), account);
    const next = await again.write((tx) => insertWorld(tx));
    assert.equal(next.account.number, account.number + 1);
    await again.close();
    await opened.remove();
  });

  it('refuses a database that another version has written to, and leaves it as it is', async () => {
    const opened = await openTempDatabase();
    await opened.database.close();
    const newer = new DatabaseSync(opened.path);
    newer.exec("INSERT INTO migrations VALUES ('9999-future', 0)");
    newer.close();
    await assert.rejects(openDatabase({ path: opened.path, ...system() }), /another version of certmux.*9999-future/);
    await opened.remove();
  });

  it('leaves everything in one file when it is closed', async () => {
    const opened = await openTempDatabase();
    const { account } = await opened.database.write((tx) => insertWorld(tx));
    await opened.database.close();
    const folder = mkdtempSync(join(tmpdir(), 'certmux-copy-'));
    const path = join(folder, 'copy.db');
    copyFileSync(opened.path, path);
    const copy = await openDatabase({ path, ...system() });
    assert.deepEqual(await copy.read.accounts.get(account.id), account);
    await copy.close();
    rmSync(folder, { recursive: true });
    await opened.remove();
  });

  it('keeps its files to their owner', async () => {
    const opened = await openTempDatabase();
    for (const file of ['', '-wal']) assert.equal(statSync(opened.path + file).mode & 0o777, 0o600, file);
    await opened.remove();
  });

  it('keeps its log short while it is written to', async () => {
    const opened = await openTempDatabase();
    const { database } = opened;
    const page = 'x'.repeat(3000);
    let written = 0;
    const write = async () => {
      for (let i = 0; i < 400; i++) await database.write((tx) => tx.settings.put(`k${written++}`, page));
    };
    // Some 6400 transactions of two pages or more would be 50 MB, were the log never started anew.
    await Promise.all(Array.from({ length: 16 }, write));
    assert.ok(statSync(`${opened.path}-wal`).size < 40_000_000);
    await database.close();
    const file = new DatabaseSync(opened.path, { readOnly: true });
    assert.equal(file.prepare('SELECT count(*) AS n FROM settings').get()?.n, written);
    assert.equal(file.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    file.close();
    await opened.remove();
  });

  it('refuses to write outside a transaction', async () => {
    const opened = await openTempDatabase();
    await assert.rejects(opened.database.read.settings.put('a', 1), /must run in a transaction/);
    await assert.rejects(opened.database.read.accounts.insert({} as never), /must run in a transaction/);
    await opened.remove();
  });

  it('refuses work after it is closed', async () => {
    const opened = await openTempDatabase();
    await opened.database.close();
    await assert.rejects(
      opened.database.write((tx) => tx.settings.put('a', 1)),
      /database is closed/,
    );
    await opened.database.close();
    await opened.remove();
  });
});

/** Tables that hold at most what an operator sets up, where reading all of it is the question. */
const small = [
  'webhooks',
  'users',
  'credentials',
  'products',
  'authorities',
  'authority_requests',
  'upstream_accounts',
  'late_lists',
];
/** These sort the rows that they put into a list: some hundred of them; or those that are under way at upstreams. */
const sorting = [
  'lateLists.listAccountEvents',
  'lateLists.listSubjectEvents',
  'lateLists.listKindEvents',
  'lateLists.listActorEvents',
  'lateLists.listRequestEvents',
  'upstreams.countOpen',
];
/** A person's keys: those that are revoked are few. */
const ofFew = ['credentials.listUsableOfUser'];
/** A person's acts, and a list with a filter: planning them again is not noticed. */
const isSeldomRun = (title: string) => /^(users|organizations|containers)\.move$|^upstreams\.listInState$/.test(title);

/** What a partial index asks of its rows, besides that a column has a value at all. */
function termsOf(sql: string): number {
  const terms = (sql.split(' where ')[1] ?? '').split(' and ');
  return terms.filter((term) => term !== '' && !/^"\w+" is not null$/.test(term)).length;
}

/** By how many columns a step finds its rows. */
function constrained(step: string): number {
  return step.match(/\w+[=<>]/g)?.length ?? 0;
}

describe('no statement of the embedded database reads a table that grows from end to end', async () => {
  const db = createSqliteBuilder();
  const opened = await openTempDatabase();
  await opened.database.close();
  const native = new DatabaseSync(opened.path, { readOnly: true });

  const plan = (sql: string) =>
    native
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((step) => String(step.detail));
  const planIfAny = (sql: string) => {
    try {
      return plan(sql);
    } catch {
      // The index that it names does not have all rows that the statement asks for.
      return [];
    }
  };
  // What ends at the very same moment may be sorted (the last term of an order).
  // A partial index read in order up to a limit is no scan of the table; neither are the rows of an insert.
  const isHarmless = (step: string) =>
    /^SCAN \d+( CONSTANT ROWS|-ROW VALUES CLAUSE)/.test(step) ||
    // What a subquery with a limit has found; the steps inside it are steps of the plan too.
    /^SCAN (tail|listed|found|due|chosen|head|line|\(subquery-\d+\))$/.test(step) ||
    /^SCAN jobs USING (COVERING )?INDEX jobs_(failed|due|retried)/.test(step) ||
    /^SCAN approvals USING INDEX approvals_waiting/.test(step) ||
    /^SCAN accounts USING INDEX accounts_registered/.test(step) ||
    /^SCAN upstream_orders USING INDEX upstream_orders_noted/.test(step) ||
    small.some((table) => step.startsWith(`SCAN ${table}`));
  /** Columns by whose values partial indexes are chosen, by table. */
  const decisive = new Map<string, Set<string>>();
  for (const { tbl_name: table, sql } of native
    .prepare("SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% where %'")
    .all()) {
    const condition = String(sql).split(' where ')[1] ?? '';
    const columns = [...condition.matchAll(/"(\w+)" (?:=|!=|<>|in) /g)].map(([, column = '']) => column);
    decisive.set(String(table), new Set([...(decisive.get(String(table)) ?? []), ...columns]));
  }
  /** Parameters that SQLite looks at while it plans, so that it plans again in each run (sqlite3_bind: "expmask"). */
  const plannedBy = (sql: string) => {
    const [, table = ''] = /(?:from|update|into) "(\w+)"/.exec(sql) ?? [];
    const compared = [...sql.replace(/ set .*?( where |$)/g, '$1').matchAll(/"(\w+)" (?:=|!=|<>) \?/g)];
    return [
      ...(sql.match(/limit \?(?! \+ 0)|like \?/g) ?? []),
      ...compared.filter(([, column = '']) => decisive.get(table)?.has(column)).map(([text]) => text),
    ];
  };
  const partial = native
    .prepare("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% where %'")
    .all()
    .map(({ name, tbl_name: table, sql }) => ({
      name: String(name),
      table: String(table),
      terms: termsOf(String(sql)),
    }));
  /** Partial indexes that find fewer rows than the one that was chosen by the same columns. Nothing tells SQLite so. */
  const narrowerThanChosen = (sql: string, steps: readonly string[]) =>
    partial.filter(({ name, table, terms }) => {
      const chosen = steps.find((step) => step.startsWith(`SEARCH ${table} USING`));
      const chosenIndex = /INDEX (\w+)/.exec(chosen ?? '')?.[1];
      if (chosen === undefined || chosenIndex === undefined || steps.some((step) => step.includes(name))) return false;
      if (terms <= (partial.find((one) => one.name === chosenIndex)?.terms ?? 0)) return false;
      const forced = planIfAny(sql.replace(`from "${table}"`, `from "${table}" indexed by "${name}"`));
      const step = forced.find((one) => one.startsWith(`SEARCH ${table} USING`) && one.includes(name));
      return step !== undefined && constrained(step) >= constrained(chosen);
    });
  const check = (title: string, sql: string) =>
    it(title, () => {
      const steps = plan(sql);
      const sortsSmall =
        sorting.includes(title) || steps.some((step) => small.some((table) => step.startsWith(`SCAN ${table}`)));
      const bad = steps.filter(
        (step) =>
          (step.startsWith('SCAN') && !isHarmless(step)) ||
          (/TEMP B-TREE/.test(step) && !/LAST TERM/.test(step) && !sortsSmall),
      );
      assert.deepEqual(bad, [], `${sql}\n${steps.join('\n')}`);
      if (!ofFew.includes(title)) assert.deepEqual(narrowerThanChosen(sql, steps), [], `${sql}\n${steps.join('\n')}`);
    });

  const nouns = {
    accounts: accountStatements,
    containers: containerStatements,
    customFields: customFieldStatements,
    organizations: organizationStatements,
    users: userStatements,
    credentials: credentialStatements,
    products: productStatements,
    ledger: ledgerStatements,
    orders: orderStatements,
    filteredOrders: filteredOrderStatements,
    notes: noteStatements,
    managedDomains: managedDomainStatements,
    externalAccountKeys: externalAccountKeyStatements,
    roleGrants: roleGrantStatements,
    approvals: approvalStatements,
    issuances: issuanceStatements,
    upstreams: upstreamStatements,
    deliveries: deliveryStatements,
    webhooks: webhookStatements,
    expiringValues: expiringValueStatements,
    expiryReminders: expiryReminderStatements,
    authorizations: authorizationStatements,
    confirmations: confirmationStatements,
    caaChecks: caaCheckStatements,
    checkRecords: checkRecordStatements,
    orderShares: orderShareStatements,
    answeredRequests: answeredRequestStatements,
    mailboxes: mailboxStatements,
    outgoingMails: outgoingMailStatements,
    certificates: certificateStatements,
    authorities: authorityStatements,
    importedSerials: importedSerialStatements,
    crls: crlStatements,
    events: eventStatements,
    lateLists: lateListStatements,
    jobs: jobStatements,
    jobLeases: jobLeaseStatements,
    jobTurns: jobTurnStatements,
    zoneRests: zoneRestStatements,
    externalIds: externalIdStatements,
    idempotency: idempotencyStatements,
    settings: settingStatements,
    largeAccounts: largeAccountStatements,
    userPreferences: userPreferenceStatements,
    userSessions: userSessionStatements,
    ...Object.fromEntries(Object.entries(sealedColumns).map(([name, pages]) => [`sealed ${name}`, pages])),
    acmeOrders: acmeOrderStatements,
  };
  for (const [noun, statements] of Object.entries(nouns)) {
    for (const [name, statement] of Object.entries(statements)) {
      const one: Statement<object, unknown> = typeof statement === 'function' ? statement(2) : statement;
      const { sql } = compile(db, one);
      check(`${noun}.${name}`, sql);
      if (isSeldomRun(`${noun}.${name}`)) continue;
      it(`${noun}.${name} is planned once`, () => assert.deepEqual(plannedBy(sql), [], sql));
    }
  }

  const accountId = id('account');
  const page = { limit: 20, before: 5 };
  const list = { limit: 20, offset: 0 };
  const lists = {
    'orders of an account': [listOrders(db, { ...page, accountId }), 'orders_of_account '],
    'orders of all': [listOrders(db, { ...page, accountId: null }), 'PRIMARY KEY'],
    'orders of an account by dialect': [listOrders(db, { ...page, accountId, dialect: 'x' }), 'orders_of_account '],
    'open orders of all': [listOrders(db, { ...page, accountId: null, state: 'open' }), 'orders_not_active'],
    'open orders of an account': [
      listOrders(db, { ...page, accountId, state: 'open' }),
      'orders_of_account_not_active',
    ],
    'active orders of an account': [listOrders(db, { ...page, accountId, state: 'active' }), 'orders_of_account '],
    'orders by name': [listOrders(db, { ...page, accountId: null, name: 'a' }), 'order_names USING PRIMARY KEY'],
    'open orders of an account by name': [
      listOrders(db, { ...page, accountId, name: 'a', state: 'open' }),
      'order_names USING PRIMARY KEY',
    ],
    'the search for orders without conditions': [
      searchOrders(db, { accountId, now: new Date(0), limit: 20, offset: 40 }),
      'orders USING COVERING INDEX orders_of_account ',
    ],
    'how many orders an account has in a dialect': [
      countOrders(db, { accountId, dialect: 'x', now: new Date(0), limit: 20, offset: 40 }),
      'orders USING COVERING INDEX orders_of_account ',
    ],
    'domains of an account': [
      pageOfDomains(db, { accountId, limit: 20, offset: 40 }),
      'managed_domains USING INDEX managed_domains_of_account',
    ],
    'how many domains an account has': [
      countDomains(db, { accountId, limit: 20, offset: 40 }),
      'managed_domains USING COVERING INDEX ',
    ],
    'organizations of an account': [
      pageQuery(db, { accountId, limit: 20, offset: 40 }),
      'organizations USING INDEX organizations_of_account',
    ],
    'how many organizations an account has': [
      countQuery(db, { accountId, limit: 20, offset: 40 }),
      'COVERING INDEX organizations_',
    ],
    'certificates of all': [listCertificates(db, { ...page, accountId: null }), 'PRIMARY KEY'],
    'certificates of an account': [listCertificates(db, { ...page, accountId }), 'certificates_of_account'],
    'certificates of an order': [
      listCertificates(db, { ...page, accountId, orderId: id('order') }),
      'SEARCH issuances USING INDEX issuances_later_of_order[^]*COVERING INDEX certificates_withheld_of_order',
    ],
    'requests of an account': [listApprovals(db, { ...list, accountId }), 'approvals_of_account '],
    'requests of an order': [listApprovals(db, { ...list, accountId, orderIds: [id('order')] }), 'approvals_of_order'],
    'what waits in an account': [
      listApprovals(db, { ...list, accountId, states: ['pending', 'submitted'] }),
      'approvals_waiting_of_account',
    ],
    'what waits for the second step in an account, of one dialect': [
      listApprovals(db, { ...list, accountId, states: ['pending'], dialect: 'x' }),
      'approvals_waiting_of_account',
    ],
    'what waits anywhere': [listApprovals(db, { ...list, accountId: null, states: ['pending'] }), 'approvals_waiting '],
    'deliveries of an account': [listNotifications(db, { limit: 9, accountId }), 'deliveries_of_account '],
    'failed deliveries of an account': [
      listNotifications(db, { limit: 9, accountId, state: 'failed' }),
      'deliveries_of_account_not_delivered',
    ],
    'events of all': [listEvents(db, { ...page, accountId: null }), 'PRIMARY KEY'],
    'events of an account': [listEvents(db, { ...page, accountId }), 'account_id=\\? AND sequence<\\?'],
    'events of a subject': [listEvents(db, { ...page, accountId, subject: 'x' }), 'subject=\\? AND sequence<\\?'],
  } as const;
  for (const [title, [query, index]] of Object.entries(lists)) {
    const { sql } = query.compile();
    check(title, sql);
    it(`${title}: by ${index.trim()}`, () => assert.match(`${plan(sql).join('\n')} `, new RegExp(index)));
  }
  it('organizations that wait for the operator: by an index of no others, sorted', () => {
    const waiting = { accountId: null, limit: 20, offset: 40, isAwaitingVerification: true } as const;
    const steps = plan(pageQuery(db, waiting).compile().sql).join('\n');
    assert.match(steps, /SCAN organization_validations USING COVERING INDEX organization_validations_pending/);
    assert.match(steps, /SEARCH organizations USING INDEX/);
  });
  it('the search for open orders: by the index of orders that are not active', () => {
    const search = { accountId, now: new Date(0), limit: 20, offset: 0, standings: ['awaitingCsr', 'failed'] } as const;
    const steps = plan(searchOrders(db, search).compile().sql).join('\n');
    assert.match(steps, /SEARCH few USING COVERING INDEX orders_of_account_not_active \(account_id=\? AND state=\?\)/);
    assert.doesNotMatch(steps, /certificate|product/);
  });
  it('the search for active orders: those under way by an index of them alone', () => {
    const search = { accountId, now: new Date(0), limit: 20, offset: 0, standings: ['active'] } as const;
    const steps = plan(searchOrders(db, search).compile().sql).join('\n');
    assert.match(steps, /SEARCH orders USING INDEX orders_of_account /);
    assert.match(steps, /under_way USING INDEX issuances_later_under_way/);
  });
  it('what ends at one moment with the last that was looked at: by its number, not from the first of that moment on', () => {
    const { ordersEndingAt, certificatesEndingAt } = expiryReminderStatements;
    for (const query of [ordersEndingAt, certificatesEndingAt]) {
      const steps = plan(compile(db, query).sql).join('\n');
      assert.match(steps, /SEARCH \w+ USING INDEX \w+_ending \(\w+=\? AND rowid>\?\)/);
    }
  });
  it('the search for orders by name: by the index of names', () => {
    const search = { accountId, now: new Date(0), limit: 20, offset: 0, names: ['a'], sort: [] } as const;
    const steps = plan(searchOrders(db, search).compile().sql).join('\n');
    assert.match(steps, /SEARCH order_names USING PRIMARY KEY \(name=\?/);
    assert.match(steps, /SEARCH orders USING INDEX orders_of_account \(account_id=\? AND number=\?\)/);
  });
  for (const [title, condition, index] of [
    ['of a container', { containers: { in: ['x'] } }, 'orders_of_container'],
    ['that renew one', { isRenewal: true }, 'orders_that_renew'],
    ['without reminders', { hasRemindersOff: true }, 'orders_with_reminder_settings'],
    ['of an organization', { organizationNumbers: [1] }, 'orders_of_organization'],
  ] as const) {
    it(`how many orders there are ${title}: by an index of few, and all others by the index of the account alone`, () => {
      const search = { accountId, dialect: 'x', now: new Date(0), limit: 20, offset: 0 };
      const steps = plan(countOrders(db, { ...search, ...condition } as StoredOrderSearch).compile().sql).join('\n');
      assert.match(steps, new RegExp(`SEARCH few USING (COVERING )?INDEX ${index}`));
      assert.match(steps, /SEARCH orders USING COVERING INDEX orders_of_account/);
    });
  }
  for (const condition of [{ containers: { notIn: ['x'] } }, { isRenewal: false }, { hasRemindersOff: false }]) {
    it(`how many orders there are with ${JSON.stringify(condition)}: without reading the orders`, () => {
      const search = { accountId, dialect: 'x', now: new Date(0), limit: 20, offset: 0 };
      const steps = plan(countOrders(db, { ...search, ...condition } as StoredOrderSearch).compile().sql).join('\n');
      assert.match(steps, /SEARCH orders USING COVERING INDEX orders_of_account \(account_id=\?\)/);
    });
  }
  it('valid authorizations of an account: by the index of usable ones, sorted within a name', () => {
    const steps = plan(compile(db, authorizationStatements.listValid).sql).join('\n');
    assert.match(steps, /SEARCH authorizations USING INDEX authorizations_usable \(account_id=\? AND identifier>\?\)/);
    assert.match(steps, /USE TEMP B-TREE FOR LAST TERM OF ORDER BY/);
  });
  for (const [title, ofAccount, index] of [
    ['of all', null, 'issuances_failing'],
    ['of an account', accountId, 'issuances_failing_of_account'],
  ] as const) {
    it(`orders whose validation fails ${title}: by the index of those that fail, in its order`, () => {
      const query = {
        accountId: ofAccount,
        limit: 20,
        isFailing: true,
        name: 'a',
        createdFrom: new Date(0),
        now: new Date(0),
      } as const;
      for (const more of [{}, { before: { at: new Date(0), number: 9 } }]) {
        const steps = plan(failingQuery(db, { ...query, ...more }).compile().sql).join('\n');
        assert.match(steps, new RegExp(`^(SEARCH|SCAN) failing USING INDEX ${index}( |$)`, 'm'));
        assert.match(steps, /SEARCH newer USING INDEX issuances_later_of_order/);
        assert.doesNotMatch(steps, /TEMP B-TREE|SCAN (?!failing)/);
      }
    });
  }
  it('orders of a name that are narrowed: by the index of names', () => {
    const query = { accountId, limit: 20, name: 'a', states: ['active', 'open'], now: new Date(0) } as const;
    const steps = plan(ordersQuery(db, query).compile().sql).join('\n');
    assert.match(steps, /SEARCH order_names USING PRIMARY KEY \(name=\?/);
    assert.match(steps, /SEARCH orders USING INTEGER PRIMARY KEY \(rowid=\?\)/);
  });
  it('certificates of a serial and a name that are narrowed: by their indexes', () => {
    const query = { accountId, limit: 20, now: new Date(0), standings: ['valid'] } as const;
    const steps = (more: object) => plan(certificatesQuery(db, { ...query, ...more }).compile().sql).join('\n');
    assert.match(steps({ serial: 'ab' }), /SEARCH certificates USING INDEX .*autoindex.*\(serial=\?/);
    assert.match(steps({ name: 'a' }), /SEARCH order_names USING PRIMARY KEY/);
    assert.match(steps({ name: 'a' }), /SEARCH certificates USING INTEGER PRIMARY KEY \(rowid=\?\)/);
  });
  // These two sort what they find: the certificates of one name, of one serial.
  it('certificates of a serial: by their unique index', () => {
    const { sql } = listCertificates(db, { ...page, accountId, serial: 'ab' }).compile();
    assert.match(plan(sql).join('\n'), /SEARCH certificates USING INDEX .*autoindex.*\(serial=\?/);
  });
  it('certificates of a name: by the index of names', () => {
    const steps = plan(listCertificates(db, { ...page, accountId, name: 'a' }).compile().sql).join('\n');
    assert.match(steps, /SEARCH order_names USING PRIMARY KEY/);
    assert.match(steps, /SEARCH certificates USING INTEGER PRIMARY KEY \(rowid=\?\)/);
    assert.doesNotMatch(steps, /SCAN/);
  });
});
