/** Two tenants at every front door, with keys of every role, and the first tenant's objects of every kind. */
import assert from 'node:assert/strict';
import type { Account } from '../../../src/domain/account.ts';
import type { KeySettings } from '../../../src/domain/ports/dialect.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { Role } from '../../../src/domain/role.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { anyCsr, createCustomer } from '../../support/app.ts';
import { type FrontDoors, type Input, startFrontDoors } from '../../support/front-doors.ts';
import { acme } from './acme.ts';
import { digicert } from './digicert.ts';
import { encryption365 } from './encryption365.ts';
import { httpsok } from './httpsok.ts';
import { native } from './native.ts';
import { racent } from './racent.ts';
import { anyone, type DialectWalk, type Objects } from './row.ts';
import { wosign } from './wosign.ts';

export const walks: readonly DialectWalk[] = [native, encryption365, wosign, httpsok, digicert, racent, acme];

export interface Walk {
  readonly doors: FrontDoors;
  readonly tenant: Account;
  readonly stranger: Account;
  /** A native order of the tenant, as the other doors would have to find it. */
  readonly nativeOrder: OrderView;
  /** Every key, by whose it is, dialect and role. */
  readonly keys: ReadonlyMap<string, KeySettings>;
  keyOf(of: 'tenant' | 'stranger' | 'operator', dialect: string, role: Role | 'every role'): KeySettings;
  objectsOf(walk: DialectWalk): Objects;
}

export async function startWalk(): Promise<Walk> {
  const csrPem = encodePem('CERTIFICATE REQUEST', await anyCsr());
  // What several nodes may not do is called here as well.
  const doors = await startFrontDoors({ isAlone: true });
  const { app } = doors;
  const objects = new Map<string, Objects>();
  const keys = new Map<string, KeySettings>();
  const keyOf: Walk['keyOf'] = (of, dialect, role) =>
    keys.get(`${of} ${dialect} ${role}`) ?? assert.fail(`a key of the ${of} to ${dialect} with ${role}`);
  const objectsOf = (walk: DialectWalk) => objects.get(walk.name) ?? assert.fail(walk.name);

  const options = { balanceMinor: 1_000_000_00, currency: 'CNY', dialect: 'native' } as const;
  const { account: tenant } = await createCustomer(app, { ...options, name: 'tenant-a', approval: 'manual' });
  const { account: stranger } = await createCustomer(app, { ...options, name: 'stranger' });
  // One tenant uses every door, so what is sold there has one currency.
  await app.database.write(async (tx) => {
    for (const product of await tx.products.list(null)) await tx.products.put({ ...product, currency: 'CNY' });
  });
  for (const { name } of walks) {
    for (const role of anyone) {
      keys.set(`tenant ${name} ${role}`, await doors.keyTo(name, tenant.id, [role]));
    }
    keys.set(`stranger ${name} every role`, await doors.keyTo(name, stranger.id, anyone));
  }
  keys.set('operator native operator', await doors.keyTo('native', null, ['operator']));
  const doorOf = ({ name }: DialectWalk) => ({
    app,
    csrPem,
    key: keyOf('tenant', name, 'administrator'),
    async ask(operation: string, input: Input) {
      const reply = await doors.call(name, operation, input, keyOf('tenant', name, 'administrator'));
      assert.equal(reply.refusal, undefined, `${name} ${operation}: ${reply.text}`);
      return /^\s*[[{]/.test(reply.text) ? JSON.parse(reply.text) : reply.text;
    },
    prove: (...names: readonly string[]) => {
      for (const name of names)
        for (const method of ['httpFile', 'dnsTxt', 'dnsCname'] as const) app.checks.place(name, method);
    },
    async goOn() {
      const query = { states: ['pending'], limit: 1000, offset: 0 } as const;
      for (const { approval } of (await app.ports.approvals.list(app.operator, query)).items) {
        await app.ports.approvals.decide(app.operator, { id: approval.id }, { approve: true, note: '' });
      }
      await app.idle();
    },
  });
  for (const walk of walks) objects.set(walk.name, { csr: csrPem, ...(await walk.prepare(doorOf(walk))) });
  for (const walk of walks) {
    objects.set(walk.name, { ...objectsOf(walk), ...(await walk.prepareWaiting?.(doorOf(walk))) });
  }
  const nativeOrder = await app.ports.orders.get(app.operator, { number: Number(objectsOf(native).issued) });
  return { doors, tenant, stranger, nativeOrder, keys, keyOf, objectsOf };
}

/** A row is named by its operation, and by what it does where there are several of one. */
export function operationOf(row: string): string {
  return row.split(' ')[0] ?? row;
}
