/**
 * The walk through the ACME front door. Its clients have no roles: an ACME account is a requester, whoever made its external account
 * key. So every role of the walk is the same ACME account here.
 */
import { createSubscriber } from '../../support/subscriber.ts';
import { anyone, type DialectWalk, named, ofDoor, own, unique } from './row.ts';

const identifier = (value: string) => ({ type: 'dns', value });
const lastPart = (url: string) => url.split('/').at(-1) ?? '';

async function csrFor(name: string): Promise<string> {
  return (await createSubscriber(name)).csrDer.toString('base64url');
}

export const acme: DialectWalk = {
  name: 'acme',
  public: {
    'directory.show': 'names no tenant',
    'directory.showBase': 'names no tenant',
    'directory.about': 'names no tenant',
    'nonce.new': 'names no tenant',
    'certificate.renewalInfo': 'RFC 9773 §4.1: anybody who holds a certificate may ask when to renew it',
    'account.create':
      'makes an account for whoever holds the external account key, or finds the one of the key that signs',
    'certificate.revoke': 'looks itself at who signs: an account, or the key of the certificate (revocation.test.ts)',
  },

  async prepare({ ask, prove, goOn, key }) {
    prove('ac.tenant-a.example', 'ac-ready.tenant-a.example');
    async function place(name: string) {
      const { finalize, authorizations } = await ask('order.create', { identifiers: [identifier(name)] });
      const [, order = ''] = /order\/([^/]+)\/finalize$/.exec(finalize) ?? [];
      return { order, authorization: lastPart(authorizations[0]) };
    }
    const pending = await place('ac-pending.tenant-a.example');
    const issued = await place('ac.tenant-a.example');
    const ready = await place('ac-ready.tenant-a.example');
    for (const { authorization } of [issued, ready]) await ask('challenge.respond', { authorization, type: 'http-01' });
    await goOn();
    await ask('order.finalize', { order: issued.order, csr: await csrFor('ac.tenant-a.example') });
    await goOn();
    const { certificate } = await ask('order.show', { order: issued.order });
    return {
      account: key.account ?? '',
      order: issued.order,
      ready: ready.order,
      readyCsr: await csrFor('ac-ready.tenant-a.example'),
      authorization: pending.authorization,
      certificate: lastPart(certificate),
    };
  },

  foreign: (_, { order, issuance, certificate }) => ({
    order: order.id,
    ready: issuance.id,
    certificate: certificate?.id ?? '',
  }),

  rows: {
    'account.update': named(anyone, ({ account = '' }) => ({ account })),
    // Another key would be every role's here; accounts.test.ts changes them.
    'account.changeKey': own(anyone, () => ({}), { answers: 'invalidField', stranger: 'invalidField' }),
    'directory.read': own(anyone, () => ({})),
    'directory.readBase': own(anyone, () => ({})),
    'nonce.read': own(anyone, () => ({})),
    'account.orders': named(anyone, ({ account = '' }) => ({ account })),
    'order.create': own(anyone, () => ({ identifiers: [identifier(`${unique()}.example`)] })),
    'order.show': ofDoor(anyone, ({ order = '' }) => ({ order })),
    // Off, as in every directory by default: directories.test.ts has it on.
    'authorization.create': own(anyone, () => ({ identifier: identifier('pre.example') }), {
      answers: 'notFound',
      stranger: 'notFound',
    }),
    // What another door has proved serves this one too, so it is shown.
    'authorization.show': named(anyone, ({ authorization = '' }) => ({ authorization })),
    'challenge.respond': named(anyone, ({ authorization = '' }) => ({ authorization, type: 'dns-01' })),
    'order.finalize': ofDoor(anyone, ({ ready: order = '', readyCsr: csr = '' }) => ({ order, csr })),
    'certificate.show': ofDoor(anyone, ({ certificate = '' }) => ({ certificate })),
  },
};
