/** Products. */
import type { ProductId } from '../../domain/ids.ts';
import type { ProductStore } from '../../domain/ports/stores/products.ts';
import { updateNoun, updatesOf } from '../numbered.ts';
import { pick, statement } from '../prepared.ts';
import { type ProductRow, products } from '../rows/products.ts';
import type { Session } from '../session.ts';

/** Columns that `put` replaces: everything but the id and the unique pair. */
const changing = products.columns.filter((name) => name !== 'id' && name !== 'dialect' && name !== 'code');

export const productStatements = {
  put: statement((db, p: ProductRow) =>
    db
      .insertInto('products')
      .values(pick(p, products.columns))
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

const updates = updatesOf(products, changing);

export function createProductStore(session: Session): ProductStore {
  const q = productStatements;
  return {
    async put(product) {
      session.write(q.put, products.toRow(product));
    },
    async get(id) {
      return session.kept(q.get, { id }, products.fromRow);
    },
    async getByCode(dialect, code) {
      return session.kept(q.getByCode, { dialect, code }, products.fromRow);
    },
    async list(dialect) {
      const rows = await (dialect === null ? session.all(q.listAll, {}) : session.all(q.listOfDialect, { dialect }));
      return rows.map(products.fromRow);
    },
    async update(id, change) {
      const now = await session.kept(q.get, { id }, products.fromRow);
      await updateNoun(session, products, updates, { now, change });
    },
  };
}
