/** What is sold. */
import type { ProductId } from '../../domain/ids.ts';
import type { ProductStore } from '../../domain/ports/stores/products.ts';
import type { Product } from '../../domain/product.ts';
import { fromJson, toFlag, toJson } from '../columns.ts';
import { pick, settingOf, statement } from '../prepared.ts';
import { type Session, update } from '../session.ts';
import type { ProductRow } from '../tables.ts';

// What `put` replaces: everything but the id and the unique pair.
const changing = [
  'name',
  'level',
  'profile_id',
  'issuer_id',
  'coverage_unit',
  'coverage_count',
  'max_periods',
  'csr_may_follow',
  'currency',
  'prices_json',
  'list_prices_json',
  'max_names',
  'allows_wildcard',
  'allows_ipv4',
  'allows_ipv6',
  'is_for_sale',
  'display_json',
] as const satisfies readonly (keyof ProductRow)[];

export const productStatements = {
  put: statement((db, p: ProductRow) =>
    db
      .insertInto('products')
      .values(pick(p, ['id', 'dialect', 'code', ...changing]))
      .onConflict((conflict) => conflict.columns(['dialect', 'code']).doUpdateSet(pick(p, changing))),
  ),
  get: statement((db, p: { id: ProductId }) => db.selectFrom('products').selectAll().where('id', '=', p.id)),
  getByCode: statement((db, p: { dialect: string; code: string }) =>
    db.selectFrom('products').selectAll().where('dialect', '=', p.dialect).where('code', '=', p.code),
  ),
  listAll: statement((db, _: object) => db.selectFrom('products').selectAll().orderBy('code').orderBy('dialect')),
  listOfDialect: statement((db, p: { dialect: string }) =>
    db.selectFrom('products').selectAll().where('dialect', '=', p.dialect).orderBy('code'),
  ),
};

const updateOf = settingOf<ProductRow>()(changing, (changed) =>
  statement((db, p: ProductRow) => db.updateTable('products').set(pick(p, changed)).where('id', '=', p.id)),
);

export function createProductStore(session: Session): ProductStore {
  const q = productStatements;
  return {
    async put(product) {
      await session.run(q.put, toRow(product));
    },
    async update(id, change) {
      const now = await session.kept(q.get, { id }, fromRow);
      if (now === undefined) return;
      await update(session, updateOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
    },
    async get(id) {
      return session.kept(q.get, { id }, fromRow);
    },
    async getByCode(dialect, code) {
      return session.kept(q.getByCode, { dialect, code }, fromRow);
    },
    async list(dialect) {
      const rows = await (dialect === null ? session.all(q.listAll, {}) : session.all(q.listOfDialect, { dialect }));
      return rows.map(fromRow);
    },
  };
}

function toRow(product: Product): ProductRow {
  return {
    id: product.id,
    dialect: product.dialect,
    code: product.code,
    name: product.name,
    level: product.level,
    profile_id: product.profileId,
    issuer_id: product.issuerId,
    coverage_unit: product.coverage.unit,
    coverage_count: product.coverage.count,
    max_periods: product.maxPeriods,
    csr_may_follow: toFlag(product.csrMayFollow),
    currency: product.currency,
    prices_json: toJson(product.prices),
    list_prices_json: toJson(product.listPrices),
    max_names: product.maxNames,
    allows_wildcard: toFlag(product.allowsWildcard),
    allows_ipv4: toFlag(product.allowsIpv4),
    allows_ipv6: toFlag(product.allowsIpv6),
    is_for_sale: toFlag(product.isForSale),
    display_json: toJson(product.display),
  };
}

function fromRow(row: ProductRow): Product {
  return {
    id: row.id,
    dialect: row.dialect,
    code: row.code,
    name: row.name,
    level: row.level,
    profileId: row.profile_id,
    issuerId: row.issuer_id,
    coverage: { unit: row.coverage_unit, count: row.coverage_count },
    maxPeriods: row.max_periods,
    csrMayFollow: row.csr_may_follow === 1,
    currency: row.currency,
    prices: fromJson(row.prices_json),
    listPrices: fromJson(row.list_prices_json),
    maxNames: row.max_names,
    allowsWildcard: row.allows_wildcard === 1,
    allowsIpv4: row.allows_ipv4 === 1,
    allowsIpv6: row.allows_ipv6 === 1,
    isForSale: row.is_for_sale === 1,
    display: fromJson(row.display_json),
  };
}
