/** A new part of an account, and perhaps a user who belongs to it. */
import { refuse } from '../../domain/errors.ts';
import type { Containers } from '../../domain/ports/containers.ts';
import type { AppContext } from '../context.ts';
import { accountFilter } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { checkContainer, insertContainer, parentOf } from './containers.ts';
import type { PasswordQueue } from './password-queue.ts';
import { addUser, hasherFor, newUser } from './users.ts';

/** Lists and trees of them are shown as a whole. */
const maxOfAccount = 1000;

export function createAddContainer(context: AppContext, passwords: PasswordQueue): Containers['add'] {
  return async (caller, request) => {
    const { name, description, allowedNames } = checkContainer(request);
    const own = accountFilter(caller);
    const user =
      request.user &&
      (await newUser(context, { ...request.user, accountId: own }, hasherFor(context, passwords, caller)));
    return context.database.write(async (tx) => {
      const parent = await parentOf(tx, caller, request);
      const { accountId } = parent;
      if ((await tx.containers.list(accountId)).length >= maxOfAccount) {
        throw refuse('tooManyOfKind', { what: 'container', limit: maxOfAccount });
      }
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
