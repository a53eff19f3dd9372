/**
 * That every statement of the stores is bounded: it is about one row by a unique key, has a limit, or is on the list below with what bounds
 * it. One that is not would hold up everybody once its table has grown.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { createSqliteBuilder, sqliteSchema } from '../../src/db/engine/sqlite/dialect.ts';
import { listingsSchema } from '../../src/db/migrations/0001-schema/listings.ts';
import { questionListingsSchema } from '../../src/db/migrations/0003-questions/listings.ts';
import { certificateEndsSchema } from '../../src/db/migrations/0005-watching.ts';
import { approvalListingsSchema } from '../../src/db/migrations/0008-listings.ts';
import { accountEndsSchema } from '../../src/db/migrations/0017-statistics.ts';
import { migrations } from '../../src/db/migrations/index.ts';
import { compile, type Statement } from '../../src/db/prepared.ts';

const folder = new URL('../../src/db/stores/', import.meta.url);

const ofOneOrder = 'an order has as many as its coverage has reissues';
const ofOneAccount = 'an account has as many as people make by hand';
const pending = 'an account has no more pending orders than its limit';
const lateListed = 'the rows of the few commits since the engine looked last';
const fewRows = 'a table that the operator fills';

/** What bounds the statements that have neither a unique key nor a limit. */
const bounds: Readonly<Record<string, string>> = {
  'ledger.listMonths': 'the months that a report is about, of the accounts of its page',
  'ledger.newest': 'the end of the primary key',
  'ledger.sum': 'for tests and checks by hand: the balance is a row of its own',
  'acmeOrder.listReplacing': 'a certificate is replaced by the orders that one client places for it',
  'approvalFill.listOfOrders': 'requests of the orders of one piece of events',
  'approval.listNewestOfOrders': 'one of each order of a page',
  'approval.listWaitingOfOrder': ofOneOrder,
  'authority.list': fewRows,
  'authority.listReplaced': 'as many as certificates were installed for one authority',
  'authority.listRequests': fewRows,
  'authorization.endOfDomain': 'each that is made for a domain ends those before it',
  'authorization.listPendingOfOwner': pending,
  'authorization.countPending': pending,
  'caaCheck.listNewest': 'the newest of each name of an order',
  'caaCheck.removeLater': 'what one name was found to have while the clock was ahead',
  'certificate.listBySerial': 'a serial is unique within its issuer',
  'confirmation.listOfAuthorization': 'a name has as many as mails may be sent to its mailboxes',
  'confirmation.listOfMail': 'a mail asks about the names of one order',
  'confirmation.listOfMailbox': 'an order has as many as mails may be sent to the mailbox',
  'confirmation.updateSent': 'a mail asks about the names of one order',
  'container.list': ofOneAccount,
  'crl.countEntries': 'the pieces of one list, of some hundred entries each',
  'crl.endAllPieces': 'the pieces of one list, of some hundred entries each',
  'crl.replacePiece': 'a piece has one version that no later one has replaced',
  'credential.countOfExternalAccountKey': 'a key binds at most 10,000 accounts (accountsPerKey)',
  'credential.listUsableOfUser': 'a person has as many as they make by hand',
  'customField.list': ofOneAccount,
  'customField.countToFill': ofOneAccount,
  'event.newest': 'the end of the primary key',
  'expiringValue.count': 'a shelf has no more values than its limit',
  'expiryReminder.countSince': ofOneOrder,
  'externalAccountKey.list': ofOneAccount,
  'filteredOrder.shownIssuances': 'one of each order of a page',
  'importedSerial.count': 'what one CA had issued, counted when it is handed in and when it is taken over',
  'importedSerial.rename': 'what one CA had issued, once, when its key comes back to it',
  'issuance.listAwaiting': pending,
  'issuance.listOfOrder': ofOneOrder,
  'issuance.listSigning': 'a range of at most 1,000 numbers, which the caller cuts',
  'issuance.oldestNumber': 'the end of the primary key',
  'issuance.newestNumber': 'the end of the primary key',
  'issuance.countAwaiting': pending,
  'jobLease.renew': 'the jobs that a node runs',
  'jobTurn.take': 'the jobs of one claim',
  'jobTurn.underWay': 'a lane has no more jobs under way than places on all nodes',
  'job.bringForward': 'the jobs of one page',
  'job.bringForwardLane': 'the jobs of one page',
  'lateList.ends': 'two rows',
  'lateList.newestEvent': 'the end of the primary key',
  'lateList.newestOrder': 'the end of the primary key',
  'lateList.listAccountEvents': lateListed,
  'lateList.listSubjectEvents': lateListed,
  'lateList.listKindEvents': lateListed,
  'lateList.listActorEvents': lateListed,
  'lateList.listRequestEvents': lateListed,
  'lateList.listOpenOrders': lateListed,
  'managedDomain.getByAuthorization': 'an authorization proves one domain',
  'checkRecord.countFindings': 'a challenge has at most as many as `mostFindings` and one of each kind',
  'checkRecord.listOfAuthorization': 'a challenge has at most as many as `mostFindings` and one of each kind',
  'note.listVersions': 'a note has at most 50',
  'note.listOfOrder': 'an order has as many as people write by hand',
  'orderFill.listCertificates': 'certificates of one piece of events',
  'orderFill.listOrders': 'orders of one piece of events',
  'organization.listByDetails': ofOneAccount,
  'organization.validations': 'an organization has one of each level',
  'organization.contacts': 'an organization has as many as people enter by hand',
  'organization.removeValidations': 'an organization has one of each level',
  'organization.removeContacts': 'an organization has as many as people enter by hand',
  'organization.removeContactsOfRole': 'an organization has as many as people enter by hand',
  'product.listAll': fewRows,
  'product.listOfDialect': fewRows,
  'sealing.inUse': fewRows,
  'sealing.retireOthers': fewRows,
  'upstream.countOpen': 'a row for each account and state, counted by an index of what is under way',
  'upstream.listAccounts': fewRows,
  'userSession.listOfUser': 'a person signs in by hand, and sessions end',
  'user.networksOf': 'those of one person, of whom old ones are forgotten',
  'webhook.listActive': ofOneAccount,
  'webhook.count': ofOneAccount,
  'webhook.countActive': ofOneAccount,
  'upstreamWork.giveBack': 'an issuance spends of a budget once for each of its names',
  'upstreamWork.removeProofs': 'an issuance publishes one value for each of its names',
};

const inAnotherThread = 'in another thread, for accounts with more than 1,000 orders';

/** Lists whose shape depends on the filters (`Session.select`): each takes its page's limit, except for these. */
const builtCounts: Readonly<Record<string, string>> = {
  'organizations.ts': ofOneAccount,
  'managed-domains.ts': ofOneAccount,
  'carried-totals.ts': `${inAnotherThread}, 32 cells of 2,048 numbers at a time`,
  'large-accounts.ts': inAnotherThread,
  'listed-approvals.ts': inAnotherThread,
  'listed-months.ts': inAnotherThread,
  'listed-orders.ts': inAnotherThread,
  'listed-shelf.ts': inAnotherThread,
  'listed-texts.ts': inAnotherThread,
  'totals.ts': 'counters, in another thread where there are more than 1,000 orders',
  'certificates.ts': 'those whose SHA-1 begins alike',
};

describe('every statement of the stores is bounded', async () => {
  const db = createSqliteBuilder();
  const native = new DatabaseSync(':memory:');
  for (const { up } of migrations) for (const query of up(db, sqliteSchema)) native.exec(query.compile().sql);
  // The embedded engine keeps them in a file of their own.
  const schemas = [
    listingsSchema,
    questionListingsSchema,
    certificateEndsSchema,
    approvalListingsSchema,
    accountEndsSchema,
  ];
  for (const schema of schemas) for (const query of schema(db, sqliteSchema)) native.exec(query.compile().sql);
  const seen = new Set<string>();

  for (const file of readdirSync(folder)) {
    const module: Readonly<Record<string, unknown>> = await import(new URL(file, folder).href);
    for (const [name, statements] of Object.entries(module)) {
      if (!name.endsWith('Statements') && name !== 'sealedColumns') continue;
      for (const [verb, form] of formsOf(statements)) {
        const title = `${name.replace(/Statements$/, '')}.${verb}`;
        const { sql, table } = compile(db, form);
        const isBounded = hasLimit(sql) || isOfRows(sql) || (table !== undefined && isByKey(native, table, sql));
        if (isBounded) {
          it(title, () => assert.equal(bounds[title], undefined, 'it is bounded by itself: no reason is needed'));
          continue;
        }
        seen.add(title);
        it(`${title}: ${bounds[title]}`, () => {
          assert.ok(bounds[title], `without a limit, and not by a unique key:\n${sql}`);
        });
      }
    }
  }

  it('and none is on the list that is gone', () => {
    assert.deepEqual(
      Object.keys(bounds).filter((title) => !seen.has(title)),
      [],
    );
  });

  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const built = [...text.matchAll(/session\.(?:select|beside)\(\(db\)\s*=>\s*(\w+)/g)].map(
      ([, query]) => query ?? '',
    );
    if (built.length === 0 && !/session\.(?:select|beside)\(/.test(text)) continue;
    it(`what ${file} builds for a call has the limit of its page`, () => {
      if (builtCounts[file] !== undefined) return;
      assert.ok(built.length > 0, 'it builds queries in another way than the others');
      for (const query of built) {
        const body = text.slice(text.indexOf(`function ${query}(`));
        // A walk has the limit as its second argument (`list-walk.ts`).
        assert.match(body.slice(0, body.indexOf('\n}\n')), /\.limit\(|walk\.page\(/, `${query} has no limit`);
      }
    });
  }
});

/** Those of one variable: statements, and for lists of several lengths the shortest. */
function formsOf(statements: unknown, prefix = ''): readonly (readonly [string, Statement<object, unknown>])[] {
  if (typeof statements !== 'object' || statements === null) return [];
  return Object.entries(statements).flatMap(([verb, one]): (readonly [string, Statement<object, unknown>])[] => {
    const title = prefix === '' ? verb : `${prefix}.${verb}`;
    if (typeof one === 'function') return [[title, one(1)]];
    if ('build' in one) return [[title, one]];
    return [...formsOf(one, title)];
  });
}

function hasLimit(sql: string): boolean {
  return / limit (\?|\d+)/.test(sql);
}

/** An insert of rows that the caller hands over. */
function isOfRows(sql: string): boolean {
  return (
    sql.startsWith('insert into') && / values \(/.test(sql) && !/ select .* from "(events|orders)" where/.test(sql)
  );
}

/** Whether it fixes every column of a unique key. */
function isByKey(native: DatabaseSync, table: string, sql: string): boolean {
  const fixed = new Set(fixedColumns(sql));
  return uniqueKeys(native, table).some((columns) => columns.length > 0 && columns.every((name) => fixed.has(name)));
}

function uniqueKeys(native: DatabaseSync, table: string): readonly (readonly string[])[] {
  const rows = (pragma: string) => native.prepare(`pragma ${pragma}`).all();
  const primary = rows(`table_info(${table})`).filter(({ pk }) => Number(pk) > 0);
  const indexes = rows(`index_list(${table})`).filter(({ unique }) => unique === 1);
  return [primary, ...indexes.map(({ name }) => rows(`index_info(${name})`))].map((columns) =>
    columns.map(({ name }) => String(name)),
  );
}

/** Columns that the last condition outside of brackets compares with values. */
function fixedColumns(sql: string): readonly string[] {
  // A list of values is no query.
  const outside = textOutsideBrackets(sql.replaceAll(/\(\?(?:, \?)*\)/g, '[?]'));
  const [, condition = ''] = / where (?!.* where )(.*)$/.exec(outside) ?? [];
  if (/ or /.test(condition)) return [];
  const parts = condition.split(/ and | order by | returning /);
  return parts.flatMap((part) => /^"(?:\w+"\.")?(\w+)" (?:= (?:\?|'\w+'|\d+)|in \[\?\])$/.exec(part.trim())?.[1] ?? []);
}

function textOutsideBrackets(sql: string): string {
  let depth = 0;
  let text = '';
  for (const sign of sql) {
    if (sign === ')') depth--;
    if (depth === 0) text += sign;
    if (sign === '(') depth++;
  }
  return text;
}
