/** The roles that the console offers are those that the API lets somebody give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notHeld } from '../../src/app/accounts/roles.ts';
import { accountRoles, type Role, serverRoles } from '../../src/domain/role.ts';

interface RolesModule {
  givableBy(roles: readonly Role[]): readonly Role[];
}
// By a name that `tsc` does not follow: the types of a browser are not those of the tests.
const rolesModule = new URL('../../console/src/users/roles.ts', import.meta.url).href;
const { givableBy } = (await import(rolesModule)) as RolesModule;

const roles: readonly Role[] = [...serverRoles, ...accountRoles];

for (const role of roles) {
  test(`${role}: offers what it may give`, () => {
    assert.deepEqual(
      givableBy([role]),
      roles.filter((other) => notHeld([role], [other]).length === 0),
    );
  });
}
