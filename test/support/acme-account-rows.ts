/** The store of our accounts at ACME CAs, in memory. Every transaction is run twice, as PostgreSQL may. */
import assert from 'node:assert/strict';
import { type AcmeUpstreamAccount, acmeUpstreamAccountId } from '../../src/domain/acme-upstream-account.ts';
import type { AcmeUpstreamAccountStore } from '../../src/domain/ports/stores/acme-upstream-accounts.ts';
import type { AcmeAccountRows } from '../../src/issuers/acme/account-row.ts';

type Table = Map<string, AcmeUpstreamAccount>;

export interface AccountTable extends AcmeAccountRows {
  readonly all: () => readonly AcmeUpstreamAccount[];
}

export function createAccountTable(): AccountTable {
  let table: Table = new Map();
  return {
    all: () => [...table.values()],
    read: { get: (account, directory) => storeOf(table).get(account, directory) },
    async write(work) {
      await work(storeOf(new Map(table)));
      const committed: Table = new Map(table);
      const answer = await work(storeOf(committed));
      table = committed;
      return answer;
    },
  };
}

function storeOf(table: Table): AcmeUpstreamAccountStore {
  const idOf = (account: string, directory: string) => acmeUpstreamAccountId({ account, directory });
  return {
    get: async (account, directory) => table.get(idOf(account, directory)),
    async insert(row) {
      assert.ok(!table.has(acmeUpstreamAccountId(row)), 'a row is inserted once');
      table.set(acmeUpstreamAccountId(row), row);
    },
    async update(account, directory, change) {
      const row = table.get(idOf(account, directory)) ?? assert.fail('no such row');
      table.set(idOf(account, directory), { ...row, ...change });
    },
    list: async (limit) => [...table.values()].slice(0, limit),
  };
}
