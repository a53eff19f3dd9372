/** Port for front doors: the parts of an account. */

import type { Container } from '../account.ts';
import type { Caller, Reference } from '../caller.ts';
import type { NewUser } from './users.ts';

export interface NewContainer {
  /** The account's root by default. */
  readonly parent?: Reference;
  readonly name: string;
  readonly description?: string;
  readonly allowedNames?: readonly string[] | null;
  /** Somebody who is to belong to it; neither is made without the other. */
  readonly user?: Omit<NewUser, 'accountId' | 'container'>;
}

export interface Containers {
  /** Needs `administrator`. @throws {CertError} invalidField, notFound for the parent */
  add(caller: Caller, request: NewContainer): Promise<Container>;
  get(caller: Caller, reference: Reference): Promise<Container>;
  /** All of the account, the root first: 1,000 at most. */
  list(caller: Caller): Promise<readonly Container[]>;
}
