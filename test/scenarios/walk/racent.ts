/** The walk through the Racent front door. */
import { anyone, type DialectWalk, type Door, ofDoor, ordering, own, type Row, unique } from './row.ts';

const person = {
  firstName: 'nick',
  lastName: 'zhang',
  job: 'SRE',
  city: 'Shanghai',
  state: 'Shanghai',
  email: 'nick@example.com',
  mobile: '18111111111',
  address: 'Road 1',
  country: 'CN',
  postCode: '401320',
  organization: 'Example',
};

export const paramsOf = (csr: string, name: string) => ({
  csr,
  server: 'nginx',
  domainInfo: [{ domainName: name, dcvMethod: 'HTTP_CSR_HASH' }],
  Administrator: person,
});

async function place({ ask, csrPem }: Door, name: string, refId: string): Promise<string> {
  const order = { productCode: 'comodo-positivessl', years: 1, refId, params: paramsOf(csrPem, name) };
  return String((await ask('order.place', order)).data.certId);
}

const issued = (may: Row['may'], more: object = {}, options: Parameters<typeof ofDoor>[2] = {}) =>
  ofDoor(may, ({ issued: certId = '' }) => ({ certId, ...more }), options);
const pending = (may: Row['may'], more: object = {}, options: Parameters<typeof ofDoor>[2] = {}) =>
  ofDoor(may, ({ pending: certId = '' }) => ({ certId, ...more }), options);

const domainName = 'ra-pending.tenant-a.example';

export const racent: DialectWalk = {
  name: 'racent',
  public: {},

  async prepare(door) {
    door.prove('ra.tenant-a.example', 'ra-other.tenant-a.example');
    const pendingId = await place(door, domainName, 'tenant-a-pending');
    const issuedId = await place(door, 'ra.tenant-a.example', 'tenant-a-issued');
    const other = await place(door, 'ra-other.tenant-a.example', 'tenant-a-other');
    await door.goOn();
    return { pending: pendingId, issued: issuedId, other, reference: 'tenant-a-issued' };
  },

  foreign: (_, { issuance: { proofReference } }) => ({
    pending: proofReference,
    issued: proofReference,
    other: proofReference,
    reference: 'native-reference',
  }),

  rows: {
    'product.list': own(anyone),
    'order.place': own(ordering, ({ csr = '' }) => ({
      productCode: 'comodo-positivessl',
      years: 1,
      params: paramsOf(csr, `${unique()}.example`),
    })),
    'order.validate': own(ordering, ({ csr = '' }) => ({
      productCode: 'comodo-positivessl',
      years: 1,
      params: paramsOf(csr, `${unique()}.example`),
    })),
    'cert.collect': issued(anyone),
    'order.list': own(anyone),
    'cert.byRefId': ofDoor(anyone, ({ reference: refId = '' }) => ({ refId })),
    'cert.getByRefId': ofDoor(anyone, ({ reference: refId = '' }) => ({ refId })),
    'dcv.update': pending(ordering, { domainName, dcvMethod: 'HTTPS_CSR_HASH' }),
    'dcv.batchUpdate': pending(ordering, { domainInfo: [{ domainName, dcvMethod: 'CNAME_CSR_HASH' }] }),
    'dcv.emails': pending(ordering, { domainName, dcvEmail: `admin@${domainName}` }, { answers: 'unsupported' }),
    'dcv.file': pending(ordering, { domainName }),
    'dcv.dns': pending(ordering, { domainName }),
    'dcv.remove': pending(ordering, { domainName }, { answers: 'invalidField' }),
    'dcv.batchRemove': pending(ordering, {}, { answers: 'invalidField' }),
    'caa.check': own(anyone, () => ({ domainName: 'example.com' })),
    'cert.replace': ofDoor(ordering, ({ other: certId = '', csr = '' }) => ({
      certId,
      params: { csr, domainInfo: [{ domainName: 'ra-other.tenant-a.example', dcvMethod: 'CNAME_CSR_HASH' }] },
    })),
    'cert.reissue': issued(ordering, { reason: 'x' }),
    'order.renew': issued(ordering, {}, { answers: 'wrongState' }),
    'order.cancel': pending(ordering, { reason: 'x' }),
    'cert.revoke': issued(ordering, { reason: 'x' }),
    'country.list': own(anyone),
    'pac.verify': own(anyone, () => ({}), { answers: 'unsupported', stranger: 'unsupported' }),
  },
};
