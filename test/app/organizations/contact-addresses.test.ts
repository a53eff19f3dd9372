/** Addresses that would begin another header, name a second mailbox or forge a line are refused at every door that takes one. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { nobody } from '../../../src/domain/account.ts';
import { CertError } from '../../../src/domain/errors.ts';
import {
  type Customer,
  createCustomer,
  issue,
  orderFor,
  origin,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';

let app: TestApp;
let customer: Customer;
let number: number;
before(async () => {
  app = await startTestApp({ mail: createMailFake() });
  customer = await createCustomer(app, { dialect: 'native', roles: ['administrator'], balanceMinor: 1000_00 });
  number = (await issue(app, customer.caller, ['www.example.com'], { productCode: 'encryption365:100' })).order.number;
});
after(() => app.close());

const details = { name: 'Acme', city: 'Lehi', state: 'UT', country: 'US' };
const newAccount = {
  name: 'x',
  currency: 'CNY',
  approval: 'automatic',
  productCodes: null,
  allowedNames: null,
  contactEmail: '',
} as const;

const place = async (change: Parameters<typeof orderFor>[1]) =>
  app.ports.orders.place(
    customer.caller,
    await orderFor(['a.example'], { productCode: 'encryption365:100', ...change }),
  );

const doors: Readonly<Record<string, (email: string) => Promise<unknown>>> = {
  'the contact of an order': (email) => place({ contact: { email } }),
  'who is told of an end, while ordering': (email) =>
    place({ reminders: { isOff: false, addresses: [email], message: '' } }),
  'who is told of an end, later': (email) =>
    app.ports.orders.change(
      customer.caller,
      { number },
      { reminders: { isOff: false, addresses: [email], message: '' } },
    ),
  'who a certificate is sent to': (email) => app.ports.certificates.send(customer.caller, { number }, [email]),
  'the contact of a new account': (email) =>
    app.ports.accounts.create(app.operator, { ...newAccount, contactEmail: email }),
  'the contact of an account': (email) =>
    app.ports.accounts.change(app.operator, customer.account.id, { contactEmail: email }),
  'the contact of one who registers': (email) =>
    app.ports.signIn.register(
      {
        ...{ username: 'new@example.com', password: 'long enough', accountName: 'x', currency: 'CNY' },
        code: { given: 'right', expected: 'right' },
        limits: { perHour: 1000, perHourAndNetwork: 1000 },
        contactEmail: email,
      },
      origin,
    ),
  'a user': (email) =>
    app.ports.users.create(customer.caller, {
      ...{ accountId: customer.account.id, username: 'u', password: null, roles: ['viewer'], kind: 'service' },
      person: { ...nobody, email },
    }),
  'the contact of an organization': (email) =>
    app.ports.organizations.add(customer.caller, {
      details,
      contacts: [{ ...nobody, role: 'organization', lastName: 'Doe', email }],
    }),
  'a mailbox that is to get no mail': (email) => app.ports.mailboxes.stop(app.operator, email),
};

const wrong: readonly (readonly [what: string, email: string])[] = [
  ['another header', 'a@b.example\r\nBcc: victim@c.example'],
  ['a line end behind it', 'a@b.example\n'],
  ['a NUL', 'a\u0000@b.example'],
  ['an escape sequence', 'a\u001b[2J@b.example'],
  ['text that runs backwards', 'a\u202e@b.example'],
  ['a second mailbox', 'a@b.example, victim@c.example'],
  ['a name around it', 'Admin <a@b.example>'],
  ['no @', 'nobody'],
  ['255 characters', `${'a'.repeat(245)}@b.example`],
];

describe('an address with', () => {
  for (const [what, email] of wrong) {
    it(`${what} is refused at every door, which names the field and changes nothing`, async () => {
      for (const [door, enter] of Object.entries(doors)) {
        const tables = await app.tables();
        await assert.rejects(enter(email), (thrown) => {
          assert.ok(thrown instanceof CertError, `${door}: ${thrown}`);
          assert.equal(thrown.code, 'invalidField', door);
          assert.match(
            thrown.message,
            /^(contact\.email|email|contactEmail|reminders\.addresses|addresses|address) must be/,
          );
          assert.doesNotMatch(thrown.message, /[\p{Cc}\p{Cf}]/u);
          return true;
        });
        assert.deepEqual(await app.tables(), tables, door);
      }
    });
  }
});

it('the texts beside the address are held to the same', async () => {
  const contact = { name: 'Jo\r\nBcc: x@y.example', email: 'a@b.example' };
  await assert.rejects(place({ contact }), { code: 'invalidField', message: /^contact\.name must be printable/ });
});

it('an address that is good is kept as it was written, without blanks around it', async () => {
  const { order } = await place({ contact: { email: ' Admin@B.example ' } });
  assert.equal(order.contact?.email, 'Admin@B.example');
});
