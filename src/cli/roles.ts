/** The option that says what a user or a credential may do. */

import { InvalidArgumentError, Option } from 'commander';
import type { Role } from '../domain/role.ts';

const meanings = {
  requester: 'orders',
  approver: 'decides about orders',
  administrator: 'manages everything in the account',
  registrar: 'keeps organizations and domains',
  userManager: 'manages users and their keys',
  viewer: 'only reads',
  operator: 'runs the server; belongs to no account',
  support: 'helps customers: reads all accounts, checks names again; belongs to no account',
  auditor: 'reads all accounts and the audit log; belongs to no account',
} as const satisfies Record<Role, string>;

const names = Object.keys(meanings) as Role[];

export interface RoleOptions {
  readonly role?: readonly Role[];
}

export function roleOption(): Option {
  const text = names.map((name) => `${name} (${meanings[name]})`).join(', ');
  return new Option('--role <role>', `what they may do (repeatable): ${text}`).argParser(collectRole);
}

function collectRole(text: string, before: readonly Role[] | undefined): readonly Role[] {
  const role = names.find((name) => name === text);
  if (role === undefined) throw new InvalidArgumentError(`Allowed are ${names.join(', ')}.`);
  return [...(before ?? []), role];
}
