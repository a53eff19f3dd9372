/** The parts of accounts. */
import type { Container } from '../../domain/account.ts';
import type { ContainerId } from '../../domain/ids.ts';
import type { ContainerStore } from '../../domain/ports/stores/containers.ts';
import { listOfAccountStatement, numberedStatements, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { containers } from '../rows/accounts.ts';
import type { Session } from '../session.ts';

export const containerStatements = {
  ...numberedStatements(containers),
  list: listOfAccountStatement(containers, 'asc'),
  move: statement((db, p: { id: ContainerId; from: Container['state']; to: Container['state'] }) =>
    db.updateTable('containers').set({ state: p.to }).where('id', '=', p.id).where('state', '=', p.from),
  ),
};

const updates = updatesOf(containers, ['name', 'description', 'allowed_names_json']);

export function createContainerStore(session: Session): ContainerStore {
  const q = containerStatements;
  const numbered = numberedStore(session, containers, q);
  return {
    ...numbered,
    async move(id, from, to) {
      return (await session.run(q.move, { id, from, to })) === 1;
    },
    async update(id, change) {
      const now = await numbered.get(id);
      await updateNoun(session, containers, updates, { now, change });
    },
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(containers.fromRow);
    },
  };
}
