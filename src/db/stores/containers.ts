/** The parts of accounts. */
import type { ContainerStore } from '../../domain/ports/stores/containers.ts';
import { listOfAccountStatement, numberedStatements, numberedStore } from '../numbered.ts';
import { containers } from '../rows/accounts.ts';
import type { Session } from '../session.ts';

export const containerStatements = {
  ...numberedStatements(containers),
  list: listOfAccountStatement(containers, 'asc'),
};

export function createContainerStore(session: Session): ContainerStore {
  const q = containerStatements;
  return {
    ...numberedStore(session, containers, q),
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(containers.fromRow);
    },
  };
}
