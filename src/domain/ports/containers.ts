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

/** What is named replaces what was there. */
export type ContainerChange = Pick<NewContainer, 'description' | 'allowedNames'> & Partial<Pick<NewContainer, 'name'>>;

export interface Containers {
  /** Needs `administrator`. @throws {CertError} invalidField, notFound for the parent */
  add(caller: Caller, request: NewContainer): Promise<Container>;
  /** Needs `administrator`. @throws {CertError} invalidField, notFound */
  change(caller: Caller, reference: Reference, change: ContainerChange): Promise<Container>;
  /**
   * Stops or resumes the use of a container and of every one below it. In one that is not in use nothing is ordered or reissued, and no
   * other is added below it; what was ordered before stays. Needs `administrator`.
   * @throws {CertError} notFound; wrongState for the root, without which the account could order nothing
   */
  setState(caller: Caller, reference: Reference, state: Container['state']): Promise<Container>;
  get(caller: Caller, reference: Reference): Promise<Container>;
  /** All of the account, the root first: 1,000 at most. */
  list(caller: Caller): Promise<readonly Container[]>;
}
