/** Roles by the vendor's numbers. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  keyRolesFromWire,
  permissionsOf,
  restrictionOf,
  rolesFromWire,
  rolesToWire,
} from '../../../src/dialects/digicert/users/roles.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { Role } from '../../../src/domain/role.ts';

const accessRoles: readonly { readonly id: number; readonly roles: readonly Role[]; readonly shown: number }[] = [
  { id: 1, roles: ['administrator'], shown: 1 },
  { id: 2, roles: ['requester'], shown: 5 }, // a limited user gets what a standard user gets, and is shown as one
  { id: 3, roles: ['viewer'], shown: 3 },
  { id: 4, roles: ['approver', 'requester', 'registrar', 'userManager'], shown: 4 },
  { id: 5, roles: ['requester'], shown: 5 },
];

const keyRoles: readonly {
  readonly restriction: number | undefined;
  readonly of: readonly Role[];
  readonly roles: readonly Role[] | 'forbidden' | 'invalidField';
}[] = [
  { restriction: undefined, of: ['requester'], roles: ['requester'] },
  { restriction: 0, of: ['administrator'], roles: ['administrator'] },
  { restriction: 100, of: ['administrator'], roles: ['requester'] },
  { restriction: 101, of: ['administrator'], roles: ['requester', 'registrar'] },
  { restriction: 101, of: ['requester'], roles: ['requester'] }, // a key may no more than its user
  { restriction: 102, of: ['requester'], roles: ['viewer'] },
  { restriction: 103, of: ['requester'], roles: 'forbidden' },
  { restriction: 7, of: ['administrator'], roles: 'invalidField' },
];

describe('roles of the DigiCert dialect', () => {
  for (const { id, roles, shown } of accessRoles) {
    test(`access role ${id}`, () => {
      assert.deepEqual(rolesFromWire([id]), roles);
      assert.deepEqual(
        rolesToWire(roles).map((role) => role.id),
        [shown],
      );
    });
  }

  test('several access roles are all of them', () => {
    assert.deepEqual(rolesFromWire([3, 5, 2]), ['viewer', 'requester']);
  });

  for (const { restriction, of, roles } of keyRoles) {
    test(`a key of ${of.join()} restricted to ${restriction}`, () => {
      if (typeof roles === 'string') {
        assert.throws(
          () => keyRolesFromWire(restriction, of),
          (thrown) => thrown instanceof CertError && thrown.code === roles,
        );
      } else assert.deepEqual(keyRolesFromWire(restriction, of), roles);
    });
  }

  test('a restriction is told from the roles of a key', () => {
    assert.deepEqual(
      [100, 101, 102, 103].map((id) => restrictionOf(keyRolesFromWire(id, ['administrator']))),
      [100, 101, 102, 103],
    );
    assert.equal(restrictionOf(['administrator']), 0);
  });

  test('permissions follow the roles', () => {
    const granted = (roles: readonly Role[]) =>
      permissionsOf(roles)
        .filter(({ authorized }) => authorized)
        .map(({ permission }) => permission);
    assert.ok(permissionsOf(['administrator']).every(({ authorized }) => authorized));
    assert.ok(granted(['viewer']).every((permission) => permission.startsWith('view_')));
    assert.ok(granted(['requester']).includes('place_order') && !granted(['requester']).includes('add_domains'));
  });
});
