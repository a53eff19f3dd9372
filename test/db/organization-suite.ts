/** What every engine must do with the parts of an account, its organizations and its custom fields. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Container, nobody } from '../../src/domain/account.ts';
import type { CustomField } from '../../src/domain/custom-field.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import type { Organization } from '../../src/domain/organization.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { OrganizationSearch } from '../../src/domain/ports/stores/organizations.ts';
import { noRegistration } from '../../src/domain/registration.ts';
import { at, id, insertOrder, insertWorld, later, newUser } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

function newContainer(accountId: AccountId, change: Partial<Container> = {}): Omit<Container, 'number'> {
  return {
    id: id('container'),
    accountId,
    parentId: null,
    name: 'Acme',
    description: 'all of it',
    state: 'active',
    allowedNames: ['acme.example'],
    createdAt: at,
    ...change,
  };
}

function newField(accountId: AccountId, change: Partial<CustomField> = {}): Omit<CustomField, 'number'> {
  return {
    id: id('customField'),
    accountId,
    label: 'Cost centre',
    description: 'four digits',
    isRequired: true,
    isActive: true,
    kind: 'integer',
    defaults: [{ keyId: null, value: '4711' }],
    createdAt: at,
    ...change,
  };
}

function newOrganization(accountId: AccountId, change: Partial<Organization> = {}): Omit<Organization, 'number'> {
  return {
    id: id('organization'),
    accountId,
    containerId: null,
    details: { name: 'Acme GmbH', city: 'Berlin', state: 'BE', country: 'DE' },
    state: 'active',
    validations: [],
    contacts: [],
    createdAt: at,
    ...change,
  };
}

export function organizationSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`containers, organizations and custom fields on ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openFresh();
    });
    after(() => opened.remove());
    const write: Database['write'] = (work) => opened.database.write(work);
    const read = () => opened.database.read;

    it('keeps containers, in the order in which they were made', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const root = await write((tx) => tx.containers.insert(newContainer(account.id)));
      const part = await write((tx) =>
        tx.containers.insert(newContainer(account.id, { parentId: root.id, name: 'Sales', allowedNames: null })),
      );
      assert.ok(part.number > root.number);
      assert.deepEqual(await read().containers.get(part.id), part);
      assert.deepEqual(await read().containers.getByNumber(root.number), root);
      assert.equal(await read().containers.get(id('container')), undefined);
      assert.deepEqual(await read().containers.list(account.id), [root, part]);
      const change = { name: 'Shops', description: 'Who sells', allowedNames: ['shop.example'] };
      await write((tx) => tx.containers.update(part.id, change));
      assert.equal(await write((tx) => tx.containers.move(part.id, 'inactive', 'active')), false);
      assert.equal(await write((tx) => tx.containers.move(part.id, 'active', 'inactive')), true);
      assert.deepEqual(await read().containers.list(account.id), [root, { ...part, ...change, state: 'inactive' }]);
      assert.deepEqual(await read().containers.list(id('account')), []);
    });

    it('keeps custom fields, one for each label of an account', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const other = await write((tx) => insertWorld(tx));
      const field = await write((tx) => tx.customFields.insert(newField(account.id)));
      const second = await write((tx) => tx.customFields.insert(newField(account.id, { label: 'Ticket' })));
      await write((tx) => tx.customFields.insert(newField(other.account.id)));
      await assert.rejects(write((tx) => tx.customFields.insert(newField(account.id))));
      const change = { label: 'Department', isRequired: false, isActive: false, kind: 'text' } as const;
      await write((tx) => tx.customFields.update(field.id, change));
      const changed = { ...field, ...change };
      assert.deepEqual(await read().customFields.get(field.id), changed);
      assert.deepEqual(await read().customFields.getByNumber(second.number), second);
      assert.deepEqual(await read().customFields.list(account.id), [changed, second]);
    });

    it('keeps organizations with their validations and contacts', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const user = await write((tx) =>
        tx.users.insert(newUser({ accountId: account.id, username: 'jill@acme.example' })),
      );
      const container = await write((tx) => tx.containers.insert(newContainer(account.id)));
      const made = newOrganization(account.id, { containerId: container.id });
      const organization = await write(async (tx) => {
        const number = await tx.organizations.takeContactNumber(made.id);
        return tx.organizations.insert({
          ...made,
          validations: [
            {
              level: 'ov',
              state: 'pending',
              askedAt: at,
              decidedAt: null,
              decidedBy: null,
              note: '',
              validUntil: null,
              ...noRegistration,
            },
            {
              level: 'ev',
              state: 'valid',
              askedAt: at,
              decidedAt: at,
              decidedBy: user.id,
              note: 'register',
              validUntil: later(9),
              registrationNumber: 'HRB 4711',
              incorporatedOn: '2001-02-03',
              businessCategory: 'Government Entity',
              jurisdictionCountry: 'DE',
              jurisdictionState: 'Bayern',
              jurisdictionLocality: 'München',
              organizationIdentifier: 'NTRDE+BY-HRB4711',
            },
          ],
          contacts: [
            { ...user.person, number: user.number, role: 'organization', userId: user.id },
            { ...nobody, lastName: 'Kennedy', number, role: 'technical', userId: null },
          ],
        });
      });
      assert.deepEqual(await read().organizations.get(organization.id), organization);
      assert.deepEqual(await read().organizations.listByIds([organization.id, id('organization')]), [organization]);
      assert.deepEqual(await read().organizations.listByIds([]), []);
      assert.deepEqual(await read().organizations.getByNumber(organization.number), organization);
      assert.equal(await read().organizations.get(id('organization')), undefined);

      const [ov, ev] = organization.validations;
      assert.ok(ov && ev);
      const rejected = { ...ov, state: 'rejected', decidedAt: later(1), decidedBy: user.id, note: 'moved' } as const;
      await write((tx) => tx.organizations.putValidation(organization.id, rejected));
      const corrected = { ...ev, registrationNumber: 'HRB 4712', incorporatedOn: null };
      await write((tx) => tx.organizations.putValidation(organization.id, corrected));
      const [first, second] = organization.contacts;
      assert.ok(first && second);
      assert.ok(second.number > user.number, 'contacts are numbered as users are');
      await write((tx) => tx.organizations.putContact(organization.id, { ...second, email: 'leon@acme.example' }));
      await write((tx) => tx.organizations.putContact(organization.id, { ...second, role: 'verified' }));
      const now = await read().organizations.get(organization.id);
      assert.deepEqual(now?.validations, [rejected, corrected]);
      assert.deepEqual(now?.contacts, [
        first,
        { ...second, email: 'leon@acme.example' },
        { ...second, role: 'verified' },
      ]);
      assert.equal((await read().organizations.getContact(account.id, second.number))?.lastName, 'Kennedy');
      assert.equal(await read().organizations.getContact(id('account'), second.number), undefined);

      await write((tx) => tx.organizations.removeContacts(organization.id, 'technical'));
      assert.deepEqual((await read().organizations.get(organization.id))?.contacts, [
        first,
        { ...second, role: 'verified' },
      ]);

      assert.equal(await write((tx) => tx.organizations.move(organization.id, 'inactive', 'active')), false);
      assert.equal(await write((tx) => tx.organizations.move(organization.id, 'active', 'inactive')), true);
      assert.equal((await read().organizations.get(organization.id))?.state, 'inactive');
      await write((tx) => tx.organizations.remove(organization.id));
      assert.equal(await read().organizations.get(organization.id), undefined);
      assert.equal(await read().organizations.getContact(account.id, second.number), undefined);
    });

    it('finds organizations by their details, whatever the order of the fields', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const { details } = newOrganization(account.id);
      const older = await write((tx) => tx.organizations.insert(newOrganization(account.id)));
      const newer = await write((tx) => tx.organizations.insert(newOrganization(account.id)));
      await write((tx) =>
        tx.organizations.insert(newOrganization(account.id, { details: { ...details, street: 'Allee 1' } })),
      );
      const turned = { country: 'DE', state: 'BE', city: 'Berlin', name: 'Acme GmbH' };
      assert.deepEqual(await read().organizations.listByDetails(account.id, turned), [newer, older]);
      assert.deepEqual(await read().organizations.listByDetails(account.id, { ...turned, city: 'Bonn' }), []);
    });

    it('lists organizations by filters, sorted, in pages, and counts them', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const container = await write((tx) => tx.containers.insert(newContainer(account.id)));
      const pending = {
        state: 'pending',
        askedAt: at,
        decidedAt: null,
        decidedBy: null,
        note: '',
        validUntil: null,
        ...noRegistration,
      } as const;
      const add = (named: string, change: Partial<Organization> = {}) =>
        write((tx) =>
          tx.organizations.insert(
            newOrganization(account.id, {
              details: { ...newOrganization(account.id).details, name: named },
              ...change,
            }),
          ),
        );
      const a = await add('Umbrella');
      const b = await add('Acme 50%', { containerId: container.id, validations: [{ level: 'ov', ...pending }] });
      const c = await add('acme 500', {
        state: 'inactive',
        validations: [
          { level: 'ov', ...pending },
          { level: 'ev', ...pending },
        ],
      });
      const rows: readonly (readonly [Partial<OrganizationSearch>, readonly Organization[], number])[] = [
        [{}, [c, b, a], 3],
        [{ limit: 1, offset: 1 }, [b], 3],
        [{ sort: [{ by: 'name', descending: false }] }, [b, a, c], 3],
        [{ sort: [{ by: 'number', descending: false }], limit: 2 }, [a, b], 3],
        [{ state: 'inactive' }, [c], 1],
        [{ containers: { in: [container.id] } }, [b], 1],
        [{ text: { value: 'ACME', isExact: false } }, [c, b], 2],
        [{ text: { value: '50%', isExact: false } }, [b], 1], // a percent sign is one
        [{ text: { value: 'Umbrella', isExact: true } }, [a], 1],
        [{ text: { value: 'umbrella', isExact: true } }, [], 0],
        [{ isAwaitingVerification: true }, [c, b], 2], // once, however many levels wait
        [{ isAwaitingVerification: false }, [a], 1],
      ];
      for (const [search, items, total] of rows) {
        const found = await read().organizations.list({ accountId: account.id, limit: 10, offset: 0, ...search });
        assert.deepEqual(found, { items, total }, JSON.stringify(search));
      }
      const all = await read().organizations.list({ accountId: null, limit: 1, offset: 0 });
      assert.deepEqual(all.items, [c]);
      assert.ok(all.total >= 3);
    });

    it('tells whether an organization has orders', async () => {
      const world = await write((tx) => insertWorld(tx));
      const organization = await write((tx) => tx.organizations.insert(newOrganization(world.account.id)));
      assert.equal(await read().organizations.isUsed(organization.id, world.account.id), false);
      await write((tx) => insertOrder(tx, world, ['a.example'], { organizationId: organization.id }));
      assert.equal(await read().organizations.isUsed(organization.id, world.account.id), true);
      await assert.rejects(
        write((tx) => tx.containers.insert(newContainer(id('account')))),
        /FOREIGN KEY|foreign key/,
      );
    });
  });
}
