/** The walk through the DigiCert front door. */
import {
  administrators,
  anyone,
  approving,
  type DialectWalk,
  type Door,
  managing,
  named,
  ofDoor,
  ordering,
  own,
  proving,
  type Row,
  registering,
  unique,
} from './row.ts';

const organizationBody = {
  name: 'tenant-a Inc.',
  address: '123 Fake Street',
  city: 'Lehi',
  state: 'ut',
  zip: '84043',
  country: 'us',
  telephone: '801-701-9600',
};
const jill = {
  first_name: 'Jill',
  last_name: 'Valentine',
  email: 'jill@tenant-a.example',
  job_title: 'STAR Member',
  telephone: '8017019600',
};
const secret = '0123456789abcdef0123456789abcdef';
const endpoint = 'https://hooks.example/dc';

const certificateOf = (csr: string, name: string) => ({
  certificate: { common_name: name, csr, signature_hash: 'sha256' },
});

async function place({ ask, csrPem }: Door, name: string, more: object = {}) {
  return ask('order.place', {
    product_name_id: 'ssl_dv_geotrust_flex',
    ...certificateOf(csrPem, name),
    validity_years: 1,
    ...more,
  });
}

const order = (may: Row['may'], more: object = {}, options: Parameters<typeof ofDoor>[2] = {}) =>
  ofDoor(may, ({ issued = '' }) => ({ order_id: issued, ...more }), options);
const pending = (may: Row['may'], more: object = {}, options: Parameters<typeof ofDoor>[2] = {}) =>
  ofDoor(may, ({ pending: order_id = '' }) => ({ order_id, ...more }), options);
const certificate = (may: Row['may'], more: object = {}, options: Parameters<typeof ofDoor>[2] = {}) =>
  ofDoor(may, ({ certificate: certificate_id = '' }) => ({ certificate_id, ...more }), options);
const domain = (may: Row['may'], more: object = {}, options: Parameters<typeof named>[2] = {}) =>
  named(may, ({ domain: id = '' }) => ({ id, ...more }), options);
const organization = (may: Row['may'], more: object = {}) =>
  named(may, ({ organization: id = '' }) => ({ id, ...more }));
const container = (may: Row['may'], more: object = {}) => named(may, ({ container: id = '' }) => ({ id, ...more }));
const webhook = (may: Row['may'], more: object = {}, options: Parameters<typeof ofDoor>[2] = {}) =>
  ofDoor(may, ({ webhook: id = '' }) => ({ id, ...more }), options);

export const digicert: DialectWalk = {
  name: 'digicert',
  public: { 'user.temporaryKey': 'a sign-in with user name and password' },

  async prepare(door) {
    const { app, ask, prove, goOn } = door;
    const root = String((await ask('container.list', {})).containers[0].id);
    const added = await ask('organization.add', { ...organizationBody, validations: [{ type: 'ov' }] });
    const organizationId = String(added.id);
    await app.ports.organizations.verify(app.operator, { number: added.id }, { level: 'ov', verified: true, note: '' });
    const spare = await ask('organization.add', { ...organizationBody, name: 'tenant-a spare Inc.' });
    const domainOf = async (name: string) => {
      const request = { name, organization: { id: organizationId }, validations: [{ type: 'ov' }] };
      return String((await ask('domain.add', { ...request, dcv_method: 'dns-txt-token' })).id);
    };
    const user = await ask('user.add', { username: jill.email, ...jill, access_roles: [{ id: 3 }] });
    const key = await ask('key.add', { user: user.id, name: 'tenant-a key' });
    const leaving = await ask('user.add', { username: 'leaving@tenant-a.example', ...jill, access_roles: [{ id: 3 }] });
    await ask('metadata.add', { label: 'tenant-a field', data_type: 'text' });
    const { metadata } = await ask('metadata.list', {});
    const hook = await ask('webhook.add', { endpoint, secret, events: ['certificate_issued'] });
    prove('dc.tenant-a.example', 'dc-other.tenant-a.example', 'dc-reissued.tenant-a.example');
    const waiting = await place(door, 'dc-pending.tenant-a.example');
    const issued = await place(door, 'dc.tenant-a.example', { alternative_order_id: 'tenant-a-1' });
    const other = await place(door, 'dc-other.tenant-a.example');
    const reissued = await place(door, 'dc-reissued.tenant-a.example');
    const needing = await ask('order.place', {
      product_name_id: 'ssl_basic',
      certificate: { common_name: 'dc-late.tenant-a.example', signature_hash: 'sha256' },
      organization: { id: Number(organizationId) },
      validity_years: 1,
    });
    await goOn();
    await ask('order.duplicate', { order_id: issued.id, ...certificateOf(door.csrPem, 'dc.tenant-a.example') });
    await goOn();
    const [duplicate] = (await ask('order.duplicates', { order_id: issued.id })).certificates;
    const certificateIdOf = async (id: number) => String((await ask('order.info', { order_id: id })).certificate.id);
    return {
      root,
      organization: organizationId,
      spare: String(spare.id),
      container: String((await ask('container.add', { id: root, template_id: 6, name: 'tenant-a part' })).id),
      domain: await domainOf('dc-domain.tenant-a.example'),
      spareDomain: await domainOf('dc-spare.tenant-a.example'),
      user: String(user.id),
      leaving: String(leaving.id),
      key: String(key.id),
      field: String(metadata.find((one: { label: string }) => one.label === 'tenant-a field').id),
      webhook: String(hook.webhook_id),
      pending: String(waiting.id),
      issued: String(issued.id),
      alternative: 'tenant-a-1',
      reissued: String(reissued.id),
      duplicate: String(duplicate.id),
      late: String(needing.id),
      certificate: await certificateIdOf(issued.id),
      otherCertificate: await certificateIdOf(other.id),
    };
  },

  async prepareWaiting(door) {
    const { id } = await place(door, 'dc-waiting.tenant-a.example');
    const { requests } = await door.ask('request.list', {});
    const found = requests.find((one: { order: { id: number } }) => one.order.id === id);
    return { request: String(found.id) };
  },

  foreign: ({ issued = '', certificate: id = '', approval = '', webhookNumber = '', credentialNumber = '' }) => ({
    issued,
    pending: issued,
    reissued: issued,
    duplicate: id,
    late: issued,
    certificate: id,
    otherCertificate: id,
    request: approval,
    webhook: webhookNumber,
    key: credentialNumber,
    alternative: 'native-reference',
  }),

  rows: {
    'order.list': own(anyone),
    'order.statusChanges': own(anyone, () => ({ minutes: 10 })),
    'order.byAlternative': ofDoor(anyone, ({ alternative = '' }) => ({ alternative_order_id: alternative })),
    'order.place': named(ordering, ({ csr = '', container: id = '' }) => ({
      product_name_id: 'ssl_dv_geotrust_flex',
      ...certificateOf(csr, `${unique()}.placed.example`),
      validity_years: 1,
      container: { id: Number(id) },
    })),
    'order.info': order(anyone),
    'order.csr': ofDoor(ordering, ({ late: order_id = '', csr = '' }) => ({ order_id, csr })),
    'order.addNote': order(ordering, { text: 'a note' }),
    'order.notes': order(anyone),
    'order.customField': ofDoor(ordering, ({ issued: order_id = '', field = '' }) => ({
      order_id,
      metadata_id: Number(field),
      value: 'x',
    })),
    'order.renewalMessage': order(ordering, { custom_renewal_message: 'renew me' }),
    'order.reissue': ofDoor(ordering, ({ reissued: order_id = '', csr = '' }) => ({
      order_id,
      ...certificateOf(csr, 'dc-reissued.tenant-a.example'),
    })),
    'order.reissues': order(anyone),
    'order.duplicate': ofDoor(ordering, ({ issued: order_id = '', csr = '' }) => ({
      order_id,
      ...certificateOf(csr, 'dc.tenant-a.example'),
    })),
    'order.duplicates': order(anyone),
    'order.checkDcv': pending(ordering, {}, { answers: 'validationFailed' }),
    'order.dcvMethod': pending(ordering, { dcv_method: 'http-token' }),
    // It tells the value that there is.
    'order.dcvRandomValue': pending(anyone),
    'order.emailValidation': pending(anyone),
    'order.resendEmails': pending(ordering, {}, { answers: 'unsupported' }),
    'order.validation': pending(anyone),
    'order.status': pending(ordering, { status: 'CANCELED', note: null }),
    'certificate.intermediates': own(anyone),
    'certificate.downloadOfOrder': order(anyone),
    'certificate.downloadOfOrderByFormat': order(anyone, { format: 'pem_all' }),
    'certificate.download': certificate(anyone, { format: 'pem_all' }),
    'certificate.downloadPlatform': certificate(anyone, { platform_id: 2 }),
    'certificate.downloadDefault': certificate(anyone),
    'certificate.show': certificate(anyone),
    'certificate.chain': certificate(anyone),
    'certificate.archive': ofDoor(ordering, ({ duplicate: certificate_id = '' }) => ({ certificate_id })),
    'certificate.unarchive': ofDoor(ordering, ({ duplicate: certificate_id = '' }) => ({ certificate_id })),
    'certificate.send': certificate(ordering, { emails: ['a@example.com'] }, { answers: 'unsupported' }),
    'certificate.revoke': ofDoor(ordering, ({ otherCertificate: certificate_id = '' }) => ({
      certificate_id,
      skip_approval: true,
    })),
    'order.revoke': order(ordering, { skip_approval: true }),
    'request.list': own(anyone),
    'request.info': ofDoor(anyone, ({ request: request_id = '' }) => ({ request_id })),
    'request.status': ofDoor(approving, ({ request: request_id = '' }) => ({ request_id, status: 'approved' })),
    'report.expiring': named(anyone, ({ container: container_id = '' }) => ({ container_id })),
    'report.requests': own(anyone),
    'domain.list': own(anyone),
    'domain.methods': own(anyone),
    'domain.validationTypes': own(anyone),
    'domain.add': named(registering, ({ organization: id = '' }) => ({
      name: `${unique()}.added.example`,
      organization: { id },
      validations: [{ type: 'ov' }],
      dcv_method: 'dns-txt-token',
    })),
    // Whoever has the token of a mail may answer it: it names nothing of an account and changes nothing without one.
    'domain.confirmMail': own(anyone, () => ({ token: 'no-such-token', email: 'admin@example.com' }), {
      answers: 'notFound',
      stranger: 'notFound',
    }),
    'emailValidation.confirm': own(anyone, () => ({ token: 'no-such-token', email: 'admin@example.com' }), {
      answers: 'notFound',
      stranger: 'notFound',
    }),
    'domain.show': domain(anyone),
    'domain.validations': domain(anyone),
    'domain.activate': domain(registering),
    'domain.changeMethod': domain(registering, { dcv_method: 'dns-cname-token' }),
    'domain.makeToken': domain(registering, { dcv_method: 'http-token-dynamic' }),
    'domain.checkByPost': domain(proving, { method: 'dns-txt-token' }, { answers: 'validationFailed' }),
    'domain.checkCname': domain(proving, {}, { answers: 'validationFailed' }),
    'domain.changeMethodByPost': domain(registering, { method: 'dns-cname-token' }),
    'domain.sendEmailsByPost': domain(registering, {}, { answers: 'unsupported' }),
    'domain.check': domain(proving, {}, { answers: 'validationFailed' }),
    'domain.submit': domain(registering, { validations: [{ type: 'ov' }] }),
    'domain.emails': domain(anyone),
    'domain.sendEmails': domain(registering, { email_array: ['admin@tenant-a.example'] }, { answers: 'unsupported' }),
    'domain.deactivate': domain(registering),
    'domain.remove': named(registering, ({ spareDomain: id = '' }) => ({ id })),
    'organization.list': own(anyone),
    'organization.add': own(registering, () => ({ ...organizationBody, name: `${unique()} Inc.` })),
    'organization.show': organization(anyone),
    'organization.changeContacts': organization(registering, {
      contacts: [{ contact_type: 'organization_contact', ...jill }],
    }),
    'organization.validations': organization(anyone),
    'organization.submit': organization(registering, { validations: [{ type: 'ov' }] }),
    'organization.activate': organization(registering),
    'organization.deactivate': organization(registering),
    'organization.remove': named(registering, ({ spare: id = '' }) => ({ id })),
    'container.list': own(anyone),
    'container.show': container(anyone),
    'container.add': container(administrators, { template_id: 6, name: 'below' }),
    'container.change': container(administrators, { name: 'renamed' }),
    'container.deactivate': container(administrators),
    'container.activate': container(administrators),
    'container.activateByOldPath': container(administrators),
    'container.children': container(anyone),
    'container.parent': container(anyone),
    'container.roles': container(anyone),
    'container.templates': container(anyone),
    'container.template': container(anyone, { template: 5 }),
    'container.organizations': container(anyone),
    'user.list': own(anyone),
    'user.add': own(managing, () => ({
      username: `${unique()}@example.net`,
      ...jill,
      email: 'jill@example.net',
      access_roles: [{ id: 3 }],
    })),
    'user.me': own(anyone),
    'user.apiOnly': own(anyone),
    'user.show': named(anyone, ({ user: id = '' }) => ({ id })),
    'user.change': named(managing, ({ user: id = '' }) => ({ id, first_name: 'Jill' })),
    'user.assignContainers': named(managing, ({ user: id = '', container: part = '' }) => ({
      id,
      container_id_assignments: [part],
    })),
    'user.changeRole': named(managing, ({ user: id = '' }) => ({ id, access_roles: [{ id: 3 }] })),
    'user.availability': own(managing, () => ({ name: 'nobody@tenant-a.example' })),
    'user.invite': named(managing, ({ user: id = '' }) => ({ id }), { answers: 'unsupported' }),
    'user.remove': named(managing, ({ leaving: id = '' }) => ({ id })),
    'account.show': own(anyone),
    'authorization.list': own(anyone),
    'metadata.list': own(anyone),
    'metadata.add': own(administrators, () => ({ label: `field ${unique()}`, data_type: 'text' })),
    'metadata.addSeveral': own(administrators, () => ({ metadata: [{ label: `field ${unique()}` }] })),
    'metadata.change': named(administrators, ({ field: id = '' }) => ({ id, label: 'tenant-a other' })),
    'competitiveReplacement.find': own(anyone, () => ({ domains: ['dc.tenant-a.example'] }), {
      answers: 'unsupported',
      stranger: 'unsupported',
    }),
    'product.list': own(anyone),
    'product.show': own(anyone, () => ({ name_id: 'ssl_basic' })),
    'key.list': own(managing),
    'key.roles': own(anyone),
    'key.show': ofDoor(managing, ({ key: id = '' }) => ({ id })),
    'key.add': named(managing, ({ user = '' }) => ({ user, name: 'made' })),
    'key.change': ofDoor(managing, ({ key: id = '' }) => ({ id, name: 'other' })),
    'key.changeStatus': ofDoor(managing, ({ key: id = '' }) => ({ id, status: 'active' })),
    'key.remove': ofDoor(managing, ({ key: id = '' }) => ({ id })),
    'key.addAcme': named(administrators, ({ organization: organization_id = '' }) => ({
      name: 'made',
      product_name_id: 'ssl_plus',
      organization_id,
      validity_years: 1,
    })),
    'key.addCurrentAcme': named(administrators, ({ organization: organization_id = '' }) => ({
      name: 'made',
      product_name_id: 'ssl_plus',
      organization_id,
      validity_years: 1,
    })),
    'webhook.list': own(anyone),
    'webhook.add': own(administrators, () => ({ endpoint, secret, events: ['certificate_issued'] }), {
      // One is the vendor's limit; the tenant has it.
      answers: 'conflict',
    }),
    'webhook.test': own(administrators, () => ({ endpoint, secret })),
    'webhook.show': webhook(anyone),
    'webhook.change': webhook(administrators, { endpoint, secret: '', events: ['certificate_issued'] }),
    'webhook.sendChallenge': webhook(administrators),
    'webhook.checkChallenge': webhook(administrators, { token: 'wrong' }, { answers: 'invalidField' }),
    'webhook.activate': webhook(administrators, {}, { answers: 'wrongState' }),
    'webhook.deactivate': webhook(administrators, {}, { answers: 'wrongState' }),
    'webhook.remove': webhook(administrators),
  },
};
