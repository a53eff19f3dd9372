/** A new part of an account, and perhaps a user who belongs to it. */
import type { Directory } from '../domain/directory.ts';
import { recordAccount } from './account-event.ts';
import { checkContainer, insertContainer, parentOf } from './containers.ts';
import type { AppContext } from './context.ts';
import { requireRole } from './scope.ts';
import { addUser, newUser } from './users.ts';

export function createAddContainer(context: AppContext): Directory['addContainer'] {
  return async (caller, request) => {
    requireRole(caller, 'administrator');
    const { name, description, allowedNames } = checkContainer(request);
    const { accountId: own } = caller;
    const user = request.user && (await newUser(context, { ...request.user, accountId: own }));
    return context.database.write(async (tx) => {
      const parent = await parentOf(tx, caller, request);
      const { accountId } = parent;
      const container = await insertContainer(context, tx, {
        accountId,
        parentId: parent.id,
        name,
        description,
        allowedNames,
      });
      await recordAccount(tx, caller, 'container.added', {
        accountId,
        subject: container.id,
        data: { number: container.number, name, parent: parent.number, allowedNames },
        at: container.createdAt,
      });
      if (user !== undefined) await addUser(tx, { ...user, accountId, containerId: container.id }, caller);
      return container;
    });
  };
}
