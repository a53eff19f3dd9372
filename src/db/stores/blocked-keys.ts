/** Keys that must not be certified, and keys that were made here. */
import type { BlockedKeyQuery, BlockedKeyStore, MadeKeyStore } from '../../domain/ports/stores/blocked-keys.ts';
import type { RowOf } from '../codec.ts';
import { fromHex } from '../fields.ts';
import { type Builder, pick, statement } from '../prepared.ts';
import { type BlockedKeyRow, blockedKeys, everywhere, madeKeys, type Scope } from '../rows/certificates.ts';
import type { Session } from '../session.ts';
import { hasText } from './conditions.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

export const blockedKeyStatements = {
  insert: statement((db, p: BlockedKeyRow) =>
    db
      .insertInto('blocked_keys')
      .values(pick(p, blockedKeys.columns))
      .onConflict((conflict) => conflict.columns(['fingerprint', 'scope']).doNothing()),
  ),
  get: statement((db, p: { fingerprint: string; scope: Scope }) =>
    db.selectFrom('blocked_keys').selectAll().where('fingerprint', '=', p.fingerprint).where('scope', '=', p.scope),
  ),
  applying: statement((db, p: Applying) => blocksOf(db, 'fingerprint', p)),
  ofModulus: statement((db, p: Applying) => blocksOf(db, 'modulus_hash', p)),
  addModulus: statement((db, p: { modulusHash: string; fingerprint: string; scope: Scope }) =>
    db
      .updateTable('blocked_keys')
      .set('modulus_hash', p.modulusHash)
      .where('fingerprint', '=', p.fingerprint)
      .where('scope', '=', p.scope)
      .where('modulus_hash', 'is', null),
  ),
  remove: statement((db, p: { fingerprint: string; scope: Scope }) =>
    db.deleteFrom('blocked_keys').where('fingerprint', '=', p.fingerprint).where('scope', '=', p.scope),
  ),
};

interface Applying {
  readonly hash: string;
  readonly scope: Scope;
}

/**
 * Everywhere first, then in the account. Two look-ups in one statement: as one condition on both, for which SQLite makes a table
 * of the values and another to sort by, it takes 13 µs instead of 1, and every order asks twice.
 */
function blocksOf(db: Builder, column: 'fingerprint' | 'modulus_hash', { hash, scope }: Applying) {
  const blocksIn = (place: Scope) =>
    db.selectFrom('blocked_keys').selectAll().where(column, '=', hash).where('scope', '=', place);
  return blocksIn(everywhere).unionAll(blocksIn(scope)).limit(1);
}

export function createBlockedKeyStore(session: Session): BlockedKeyStore {
  const q = blockedKeyStatements;
  const optional = (row: BlockedKeyRow | undefined) => row && blockedKeys.fromRow(row);
  return {
    async insert(key) {
      const numbered = { ...key, number: await session.nextNumber('blocked_keys') };
      const row = blockedKeys.toRow(numbered);
      if ((await session.run(q.insert, row)) === 1) return numbered;
      const { fingerprint, scope, modulus_hash: modulusHash } = row;
      if (modulusHash !== null) session.write(q.addModulus, { fingerprint, scope, modulusHash });
      return undefined;
    },
    async get(fingerprint, accountId) {
      return optional(await session.first(q.get, { fingerprint, scope: accountId ?? everywhere }));
    },
    async findApplying({ fingerprints, modulusHash }, accountId) {
      // At once: hardly any key is blocked, and each may be a round trip.
      const found = await Promise.all([
        ...fingerprints.map((hash) => session.first(q.applying, { hash, scope: accountId })),
        modulusHash === null ? undefined : session.first(q.ofModulus, { hash: modulusHash, scope: accountId }),
      ]);
      return optional(found.find((row) => row !== undefined));
    },
    async list(query) {
      const isLookedThrough = query.text !== undefined || query.source !== undefined;
      const rows = isLookedThrough
        ? session.beside((db) => listQuery(db, query))
        : session.select((db) => listQuery(db, query));
      return (await rows).map(blockedKeys.fromRow);
    },
    // Imported lists have hundreds of thousands of keys.
    count: (query) =>
      totalOfList(session, (db) => listQuery(db, { ...query, limit: countedLimit }).clearOrderBy(), true),
    async remove(fingerprint, accountId) {
      return (await session.run(q.remove, { fingerprint, scope: accountId ?? everywhere })) === 1;
    },
  };
}

export function listQuery(db: Builder, { scope, fingerprint, source, text, before, limit }: BlockedKeyQuery) {
  const only: Scope | undefined = scope === 'all' ? undefined : scope === 'everywhere' ? everywhere : scope;
  return db
    .selectFrom('blocked_keys')
    .selectAll()
    .$if(only !== undefined, (query) => query.where('scope', '=', only ?? everywhere))
    .$if(fingerprint !== undefined, (query) => query.where('fingerprint', '=', fingerprint ?? ''))
    .$if(source !== undefined, (query) => query.where('source', '=', source ?? 'list'))
    .$if(text !== undefined, (query) => query.where(hasText(text ?? '', ['note'])))
    .$if(before !== undefined, (query) => query.where('number', '<', before ?? 0))
    .orderBy('number', 'desc')
    .limit(limit);
}

export const madeKeyStatements = {
  insert: statement((db, p: RowOf<typeof madeKeys>) =>
    db
      .insertInto('made_keys')
      .values(pick(p, madeKeys.columns))
      .onConflict((conflict) => conflict.column('key_hash').doNothing()),
  ),
  get: statement((db, p: { keyHash: Uint8Array }) =>
    db.selectFrom('made_keys').select('issuance_id').where('key_hash', '=', p.keyHash),
  ),
};

export function createMadeKeyStore(session: Session): MadeKeyStore {
  const q = madeKeyStatements;
  return {
    async insert(keyHash, issuanceId) {
      session.write(q.insert, madeKeys.toRow({ keyHash, issuanceId }));
    },
    async get(keyHash) {
      return (await session.first(q.get, { keyHash: fromHex(keyHash) }))?.issuance_id;
    },
  };
}
