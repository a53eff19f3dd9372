/** The parts of an account. */

import type { Container } from '../../domain/account.ts';
import type { Caller, Reference } from '../../domain/caller.ts';
import { CertError, quoted, type Reason, reason, refuse, withParts } from '../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts';
import { type AccountId, newId } from '../../domain/ids.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { isNameAmong } from '../../domain/policy.ts';
import type { Containers, NewContainer } from '../../domain/ports/containers.ts';
import type { ContainerCondition } from '../../domain/ports/stores/containers.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { printable } from '../../domain/printable.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf, findOwned } from '../scope.ts';
import { recordAccount } from './account-event.ts';

const longestName = 255;

export function createContainers(context: AppContext): Omit<Containers, 'add'> {
  const { database, clock } = context;

  return {
    async get(caller, reference) {
      return findContainer(database.read, caller, reference);
    },

    async list(caller) {
      return database.read.containers.list(accountIdOf(caller));
    },

    async change(caller, reference, wanted) {
      return database.write(async (tx) => {
        const before = await findContainer(tx, caller, reference);
        const change = checkContainer({ ...before, ...wanted });
        const changed = ([...Object.keys(change)] as (keyof typeof change)[]).filter(
          (field) => JSON.stringify(change[field]) !== JSON.stringify(before[field]),
        );
        if (changed.length === 0) return before;
        await tx.containers.update(before.id, change);
        await recordAccount(tx, caller, 'container.changed', {
          accountId: before.accountId,
          subject: before.id,
          data: { number: before.number, changed },
          at: clock.now(),
        });
        return { ...before, ...change };
      });
    },

    async setState(caller, reference, state) {
      return database.write(async (tx) => {
        const container = await findContainer(tx, caller, reference);
        const { number, accountId } = container;
        if (container.parentId === null && state === 'inactive')
          throw refuse('rootContainer', { value: String(number) });
        const from = state === 'active' ? 'inactive' : 'active';
        for (const one of branchOf(container, await tx.containers.list(accountId))) {
          if (!(await tx.containers.move(one.id, from, state))) continue;
          await recordAccount(tx, caller, state === 'active' ? 'container.activated' : 'container.deactivated', {
            accountId,
            subject: one.id,
            data: { number: one.number, name: one.name },
            at: clock.now(),
          });
        }
        return { ...container, state };
      });
    },
  };
}

/** The container and those below it. @param all of the account, each after the one that it lies in */
function branchOf(top: Container, all: readonly Container[]): readonly Container[] {
  const ids = new Set([top.id]);
  return all.filter(({ id, parentId }) => {
    const isIn = id === top.id || (parentId !== null && ids.has(parentId));
    if (isIn) ids.add(id);
    return isIn;
  });
}

/** @throws {CertError} notFound */
export function findContainer(stores: Stores, caller: Caller, reference: Reference): Promise<Container> {
  return findOwned(stores.containers, 'container', caller, reference);
}

/** One that something new may be put into: it and those it lies in are in use. @throws {CertError} notFound, wrongState */
export async function findOpenContainer(stores: Stores, caller: Caller, reference: Reference): Promise<Container> {
  const container = await findContainer(stores, caller, reference);
  await requireAllowedIn(stores, container, []);
  return container;
}

/**
 * The condition that lists have for these containers, and the account they are of. What is in none counts as in the root.
 * @throws {CertError} notFound
 */
export async function conditionOfContainers(
  stores: Stores,
  caller: Caller,
  numbers: readonly number[],
): Promise<{ readonly accountId: AccountId; readonly containers: ContainerCondition } | undefined> {
  const found = await Promise.all(numbers.map((number) => findContainer(stores, caller, { number })));
  const [first] = found;
  if (first === undefined) return undefined;
  const { accountId } = first;
  // The containers of an account that is operated are read one account at a time.
  const stray = found.find((one) => one.accountId !== accountId);
  if (stray !== undefined) throw refuse('notFound', { what: 'container', value: String(stray.number) });
  const ids = found.map(({ id }) => id);
  if (found.every(({ parentId }) => parentId !== null)) return { accountId, containers: { in: ids } };
  const all = await stores.containers.list(accountId);
  return { accountId, containers: { notIn: all.map(({ id }) => id).filter((id) => !ids.includes(id)) } };
}

/** The root of a new account, which bears its name. */
export function insertRoot(
  context: AppContext,
  tx: Stores,
  account: { readonly id: AccountId; readonly name: string },
): Promise<Container> {
  const { id: accountId, name } = account;
  return insertContainer(context, tx, { accountId, parentId: null, name, description: '', allowedNames: null });
}

/** @throws {CertError} refusedName; wrongState for a container that no longer takes orders */
export async function requireAllowedIn(
  stores: Stores,
  container: Pick<Container, 'id' | 'accountId'>,
  names: readonly Identifier[],
): Promise<void> {
  const objection = await objectionInContainer(stores, container, names);
  if (objection !== undefined) throw new CertError(objection);
}

/** A container and those it lies in must all be in use and allow the names of an order. */
export async function objectionInContainer(
  stores: Stores,
  { id, accountId }: Pick<Container, 'id' | 'accountId'>,
  names: readonly Identifier[],
): Promise<Reason | undefined> {
  const all = new Map((await stores.containers.list(accountId)).map((container) => [container.id, container]));
  for (let at = all.get(id); at !== undefined; at = at.parentId === null ? undefined : all.get(at.parentId)) {
    const { number, state, allowedNames } = at;
    if (state !== 'active') {
      return reason('wrongState', { what: 'container', value: String(number), state, needed: 'active' });
    }
    const container = quoted(at.name);
    const parts = names
      .filter((name) => allowedNames !== null && !isNameAmong(name, allowedNames))
      .map(({ value: name }) => ({ name, reason: reason('nameNotAllowedInContainer', { name, container }) }));
    const [first] = parts;
    if (first !== undefined) return withParts(first.reason, parts);
  }
  return undefined;
}

export async function insertContainer(
  context: AppContext,
  tx: Stores,
  container: Pick<Container, 'accountId' | 'parentId' | 'name' | 'description' | 'allowedNames'>,
): Promise<Container> {
  return tx.containers.insert({
    ...container,
    id: newId('container', context),
    state: 'active',
    createdAt: context.clock.now(),
  });
}

/** @throws {CertError} notFound, wrongState for one that is not in use */
export async function parentOf(
  tx: Stores,
  caller: Caller,
  { parent }: Pick<NewContainer, 'parent'>,
): Promise<Container> {
  if (parent !== undefined) return findOpenContainer(tx, caller, parent);
  const root = (await tx.containers.list(accountIdOf(caller))).find(({ parentId }) => parentId === null);
  if (root === undefined) throw refuse('notFound', { what: 'container', value: quoted('root') });
  return root;
}

export function checkContainer({
  name: entered,
  description,
  allowedNames,
}: Pick<NewContainer, 'name' | 'description' | 'allowedNames'>): Pick<
  Container,
  'name' | 'description' | 'allowedNames'
> {
  const name = entered.trim();
  if (name === '' || name.length > longestName || printable(name) !== name) {
    throw refuse('fieldInvalid', {
      field: 'name',
      value: quoted(entered),
      expected: expectedOf.printableBetween(1, longestName),
    });
  }
  return { name, description: description?.trim() ?? '', allowedNames: canonicalNames(allowedNames ?? null) };
}

/**
 * Normalizes names as orders' names are compared: lower case, A-labels. A wildcard is below its base name, and no name is below a wildcard.
 * @throws {CertError} badName, invalidField
 */
export function canonicalNames(names: readonly string[] | null, field = 'allowedNames'): readonly string[] | null {
  return names?.map((name) => canonicalName(name, field)) ?? null;
}

function canonicalName(name: string, field: string): string {
  const { kind, value } = parseIdentifier(name, field);
  if (kind !== 'wildcard') return value;
  throw refuse('fieldInvalid', { field, value: quoted(name), expected: expected.domainOrAddress });
}
