/** A new part of an account, and perhaps a user who belongs to it. */
import type { Container } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Containers, NewContainer } from '../../domain/ports/containers.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { accountFilter } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { checkContainer, insertContainer, parentOf } from './containers.ts';
import type { AddingUser } from './new-users.ts';
import type { PasswordQueue } from './password-queue.ts';
import { hasherFor, newUser } from './users.ts';

/** Lists and trees of them are shown as a whole. */
const maxOfAccount = 1000;

export function createAddContainer(
  context: AppContext,
  passwords: PasswordQueue,
  adding: AddingUser,
): Containers['add'] {
  const { database } = context;
  return async (caller, request) => {
    const container = { ...request, ...checkContainer(request) };
    if (request.user === undefined) return database.write((tx) => addBelow(context, tx, caller, container));
    const own = { ...request.user, accountId: accountFilter(caller) };
    const user = await newUser(context, own, hasherFor(context, passwords, caller));
    return adding(caller, { user, invitation: own.invitation }, (add) =>
      database.write(async (tx) => {
        const added = await addBelow(context, tx, caller, container);
        await add(tx, { ...user, accountId: added.accountId, containerId: added.id });
        return added;
      }),
    );
  };
}

async function addBelow(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { name, description, allowedNames, ...request }: NewContainer & ReturnType<typeof checkContainer>,
): Promise<Container> {
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
  return container;
}
