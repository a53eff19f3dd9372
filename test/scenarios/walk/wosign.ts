/** The walk through the WoSign front door, whose one operation places orders and fetches them. */
import { anyone, type DialectWalk, ofDoor, ordering, own } from './row.ts';

export const wosign: DialectWalk = {
  name: 'wosign',
  public: {},

  async prepare({ ask, prove, csrPem, goOn }) {
    prove('wo.tenant-a.example', 'wo-own.example');
    const order = { req_type: 'cert_apply', domain_name: ['wo.tenant-a.example'], csr: csrPem };
    const { handle_id: issued = '' } = await ask('cert.apply', order);
    await goOn();
    return { issued };
  },

  foreign: (_, { order }) => ({ issued: `handle_${order.id.slice('ord_'.length)}` }),

  rows: {
    'cert.apply placing': own(ordering, ({ csr = '' }) => ({
      req_type: 'cert_apply',
      domain_name: ['wo-own.example'],
      csr,
    })),
    'cert.apply fetching': ofDoor(anyone, ({ issued: handle_id = '' }) => ({ handle_id })),
  },
};
