/** What a front door asks of the parts of an account. */
import type { Reference } from '../caller.ts';
import type { NewUser } from './users.ts';

export interface NewContainer {
  /** The account's root unless told. */
  readonly parent?: Reference;
  readonly name: string;
  readonly description?: string;
  readonly allowedNames?: readonly string[] | null;
  /** Somebody who is to belong to it; neither is made without the other. */
  readonly user?: Omit<NewUser, 'accountId' | 'container'>;
}
