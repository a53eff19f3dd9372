/** The walk through the Encryption365 front door. */
import { anyone, type DialectWalk, type Door, ofDoor, ordering, own, unique } from './row.ts';

async function place({ ask, csrPem }: Door, domains: string): Promise<string> {
  return String((await ask('cert.create', { pid: 'paid', csr_code: csrPem, domains })).trustocean_id);
}

export const encryption365: DialectWalk = {
  name: 'encryption365',
  public: {
    'client.create': 'a sign-in with user name and password',
    'client.version': 'the newest version of the client',
    'account.register': 'closed, or for whoever knows the code',
    'account.register.authcode': 'says how to get the code',
    ping: 'says that the server is there',
    payment: 'says that there is none',
    invoice: 'says that there is none',
  },

  async prepare(door) {
    door.prove('e3.tenant-a.example');
    const pending = await place(door, 'e3-pending.tenant-a.example');
    const issued = await place(door, 'e3.tenant-a.example');
    await door.goOn();
    return { pending, issued };
  },

  foreign: ({ issued = '' }) => ({ pending: issued, issued }),

  rows: {
    'account.products': own(anyone),
    'account.details': own(anyone),
    'cert.create': own(ordering, ({ csr = '' }) => ({ pid: 'paid', csr_code: csr, domains: `${unique()}.example` })),
    'cert.details': ofDoor(anyone, ({ issued: trustocean_id = '' }) => ({ trustocean_id })),
    'cert.challenge': ofDoor(ordering, ({ pending: trustocean_id = '' }) => ({ trustocean_id })),
    'cert.change_dcv': ofDoor(ordering, ({ pending: trustocean_id = '' }) => ({
      trustocean_id,
      domain: 'e3-pending.tenant-a.example',
      method: 'dns',
    })),
    'cert.reissue': ofDoor(ordering, ({ issued: trustocean_id = '', csr = '' }) => ({
      trustocean_id,
      csr_code: csr,
      domains: 'e3.tenant-a.example',
    })),
    'cert.revoke': ofDoor(ordering, ({ issued: trustocean_id = '' }) => ({ trustocean_id })),
  },
};
