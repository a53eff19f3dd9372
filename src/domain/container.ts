/** A container: a part of an account, such as a department, into which organizations, users and orders are put. They form a tree. */
import type { AccountId, ContainerId } from './ids.ts';

export interface Container {
  readonly id: ContainerId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** Null: the root, of which every account has one from its beginning. */
  readonly parentId: ContainerId | null;
  readonly name: string;
  readonly description: string;
  readonly state: 'active' | 'inactive';
  /** Registrable domains and names for which orders may be placed in it, sub-domains included; null: any of the account. */
  readonly allowedNames: readonly string[] | null;
  readonly createdAt: Date;
}
