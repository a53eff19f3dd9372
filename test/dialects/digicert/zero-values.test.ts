/**
 * What Go and C# clients send of fields that nobody filled in, and how a refusal points at one that somebody did: by its place in the
 * request, counted from 0, and by the number and the words of this API.
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { added, addOrganization, done, organizationBody } from './directory-states.ts';
import { type Answer, createSession, type Session } from './harness.ts';
import { csrPem, issueOrder, orderBody, placeOrder } from './order-states.ts';

let session: Session;
beforeEach(async () => {
  session = await createSession();
});

const dv = '/order/certificate/ssl_dv_geotrust_flex';
const zeroDate = '0001-01-01T00:00:00Z';
const blankContact = {
  contact_type: '',
  user_id: 0,
  first_name: '',
  last_name: '',
  job_title: '',
  telephone: '',
  telephone_extension: '',
  email: '',
};
const blankOrganization = {
  id: 0,
  name: '',
  assumed_name: '',
  address: '',
  address2: '',
  city: '',
  state: '',
  zip: '',
  country: '',
  telephone: '',
  is_active: false,
  contacts: [blankContact],
  container: { id: 0, name: '', is_active: false },
};
const { contact_type: _, ...blankPerson } = blankContact;

/** A whole order as a Go client without `omitempty` sends it. */
const blankOrder = {
  certificate: {
    common_name: 'example.com',
    dns_names: [''],
    csr: csrPem,
    signature_hash: '',
    organization_units: [''],
    server_platform: { id: 0 },
    profile_option: '',
    ca_cert_id: '',
    cert_validity: { years: 0, days: 0, custom_expiration_date: zeroDate },
    emails: null,
  },
  order_validity: { years: 1, days: 0, custom_expiration_date: '' },
  validity_years: 0,
  validity_days: 0,
  custom_expiration_date: zeroDate,
  comments: '',
  auto_renew: 0,
  custom_renewal_message: '',
  disable_renewal_notifications: false,
  additional_emails: [''],
  locale: '',
  renewal_of_order_id: 0,
  renewed_thumbprint: '',
  alternative_order_id: '',
  payment_method: '',
  dcv_method: '',
  dcv_emails: [{ dns_name: '', email_domain: '', email: '' }],
  skip_approval: false,
  disable_ct: false,
  organization: blankOrganization,
  technical_contact: blankPerson,
  container: { id: 0 },
  custom_fields: [{ metadata_id: 0, value: '' }],
  cs_provisioning_method: '',
  product: { type_hint: '' },
};

const refusal = ({ status, body }: Answer) => [status, body?.errors?.[0]?.code, body?.errors?.[0]?.message];

describe('zero values', () => {
  it('in every field of a DV order are none', async () => {
    const id = await added(session.call('POST', dv, blankOrder));
    const { body } = await session.call('GET', `/order/certificate/${id}`);
    assert.deepEqual(
      [body.organization, body.technical_contact, body.additional_emails, body.custom_fields, body.locale],
      [undefined, undefined, undefined, undefined, undefined],
    );
    assert.deepEqual([body.certificate.dns_names, body.certificate.server_platform.id], [['example.com'], -1]);
  });

  it('with null in place of each of them are none as well', async () => {
    const { certificate, order_validity, ...rest } = blankOrder;
    const nulls = Object.fromEntries(Object.keys(rest).map((name) => [name, null]));
    await added(session.call('POST', dv, { ...nulls, certificate, order_validity }));
  });

  it('of a contact leave its type alone on a DV order', async () => {
    const contacts = [{ ...blankContact, contact_type: 'organization_contact' }, blankContact, {}];
    const organization = { ...blankOrganization, contacts };
    await added(session.call('POST', dv, { ...blankOrder, organization }));
  });

  it('make no organization for the choice of a product', async () => {
    const id = await added(session.call('POST', '/order/certificate/ssl', blankOrder));
    const { body } = await session.call('GET', `/order/certificate/${id}`);
    assert.equal(body.product.validation_type, 'dv');
  });

  it('of an organization that is added are none', async () => {
    const id = await addOrganization(session, {
      assumed_name: '',
      address2: '',
      zip: '',
      telephone: '',
      registration_number: '',
      container: { id: 0 },
      organization_contact: blankPerson,
      technical_contact: {},
      contacts: [blankContact],
      ev_approvers: [blankPerson],
      validations: [
        { type: '', verified_users: null },
        { type: 'ov', verified_users: [blankPerson] },
      ],
      skip_duplicate_org_check: false,
    });
    const { body } = await session.call('GET', `/organization/${id}?include_validation=true`);
    assert.deepEqual(
      [body.organization_contact, body.technical_contact, body.verified_contacts],
      [undefined, undefined, []],
    );
  });

  it('of a domain, a webhook and a reissue are none', async () => {
    const blank = {
      organization: { id: 0 },
      container: { id: 0 },
      validations: [{ type: '', user: { id: 0 } }],
      dcv: { method: '' },
      email_array: [''],
      locale: '',
    };
    await added(session.call('POST', '/domain', { name: 'example.com', dcv_method: '', ...blank }));
    const webhook = { endpoint: 'https://hooks.example/dc', secret: '', events: [], webhook_settings: {} };
    await added(session.call('POST', '/webhook', webhook), 'webhook_id');
    const { order } = await issueOrder(session);
    const { certificate, dcv_emails } = blankOrder;
    const reissue = {
      certificate: { ...certificate, common_name: '', csr: '' },
      dcv_emails,
      dcv_method: '',
      comments: '',
    };
    await added(session.call('POST', `/order/certificate/${order}/reissue`, reissue));
  });
});

describe('a refusal', () => {
  const contact = { contact_type: 'organization_contact', first_name: 'A', last_name: 'B', email: 'a@example.com' };
  const ovWith = (contacts: object[]) => ({ ...orderBody(), organization: { ...organizationBody, contacts } });
  const rows: readonly (readonly [path: string, body: () => object, code: string, field: string])[] = [
    [
      dv,
      () => orderBody({ technical_contact: { email: 'a@b.example' } }),
      'required_param:first_name',
      'technical_contact.first_name is',
    ],
    [
      '/order/certificate/ssl_basic',
      () => ovWith([contact, { ...contact, email: 'nobody' }]),
      'invalid_value:email',
      'organization.contacts[1].email must be',
    ],
    [
      '/order/certificate/ssl_basic',
      () => ovWith([blankContact, { ...contact, email: '' }]),
      'required_param:email',
      'organization.contacts[1].email is',
    ],
    [
      '/order/certificate/ssl_basic',
      () => ovWith([{ ...contact, contact_type: '' }]),
      'required_param:contact_type',
      'organization.contacts[0].contact_type is',
    ],
    [
      '/order/certificate/ssl_basic',
      () => ovWith([{ ...contact, contact_type: 'boss' }]),
      'invalid_value:contact_type',
      'organization.contacts[0].contact_type must be',
    ],
    [
      '/order/certificate/ssl_basic',
      () => ovWith([{ ...contact, job_title: 'x'.repeat(129) }]),
      'invalid_value:job_title',
      'organization.contacts[0].job_title must be',
    ],
    [
      '/order/certificate/ssl_basic',
      () => orderBody({ organization: { ...organizationBody, state: '' } }),
      'required_param:state',
      'organization.state is',
    ],
    [
      '/order/certificate/ssl_basic',
      () => orderBody({ organization: { ...organizationBody, name: 'x'.repeat(65) } }),
      'invalid_value:name',
      'organization.name must be',
    ],
    [
      dv,
      () => orderBody({ additional_emails: ['a@example.com', '', 'nobody'] }),
      'invalid_value:additional_emails',
      'additional_emails[2] must be',
    ],
    [
      dv,
      () =>
        orderBody({
          custom_fields: [
            { metadata_id: 0, value: '' },
            { metadata_id: 7, value: 'x' },
          ],
        }),
      'invalid_value:metadata_id',
      'custom_fields[1].metadata_id must be',
    ],
    [
      dv,
      () => orderBody({ dcv_emails: [{ dns_name: 'example.com', email: '' }] }),
      'required_param:email',
      'dcv_emails[0].email is',
    ],
    [dv, () => orderBody({}, { csr: '' }), 'required_param:csr', 'certificate.csr is'],
    [
      '/organization',
      () => ({ ...organizationBody, contacts: [{}, { ...contact, email: 'nobody' }] }),
      'invalid_value:email',
      'contacts[1].email must be',
    ],
    [
      '/organization',
      () => ({ ...organizationBody, validations: [{}, { type: 'vip' }] }),
      'invalid_value:type',
      'validations[1].type must be',
    ],
    [
      '/user',
      () => ({ username: 'a@example.com', first_name: 'x'.repeat(129) }),
      'invalid_value:first_name',
      'first_name must be',
    ],
    [
      '/user',
      () => ({ username: 'a@example.com', access_roles: [{ id: 5 }, { id: 6 }] }),
      'invalid_value:id',
      'access_roles[1].id must be',
    ],
  ];
  for (const [path, body, code, field] of rows) {
    it(`points at the field: ${field.split(' ')[0]} of ${path}`, async () => {
      const [status, found, message] = refusal(await session.call('POST', path, body()));
      assert.deepEqual([status, found], [400, code]);
      assert.ok(message.startsWith(`${field} `), message);
    });
  }

  it('points at the user of a validation where it stands', async () => {
    const id = await addOrganization(session);
    const body = { validations: [{ type: 'ov', verified_users: [{ first_name: 'A' }] }] };
    const [, , message] = refusal(await session.call('POST', `/organization/${id}/validation`, body));
    assert.match(message, /^validations\[0\]\.verified_users\[0\]\.last_name is required/);
  });

  it('names the certificate as the caller did', async () => {
    // An order without a certificate first, so that certificates are counted otherwise than in this API.
    await placeOrder(session, { body: orderBody({}, { common_name: 'open.example.net' }) });
    const { certificate = '', order } = await issueOrder(session);
    const serial = (await session.call('GET', `/order/certificate/${order}`)).body.certificate.serial_number;
    const revoke = (id: string) => session.call('PUT', `/certificate/${id}/revoke`, { skip_approval: true });
    await done(revoke(certificate));
    for (const id of [certificate, serial, serial.toLowerCase()]) {
      assert.deepEqual(refusal(await revoke(id)), [
        400,
        'invalid_status',
        `certificate ${id} is revoked; this needs issued`,
      ]);
    }
    assert.deepEqual(refusal(await revoke('ABCDEF0123456789')), [
      404,
      'not_found|certificate',
      'no certificate ABCDEF0123456789 in this account',
    ]);
    assert.deepEqual(refusal(await session.call('GET', '/certificate/7654321/chain')), [
      404,
      'not_found|certificate',
      'no certificate 7654321 in this account',
    ]);
  });

  it('uses the words of the API for states and things', async () => {
    const { order: open } = await placeOrder(session, { body: orderBody({}, { common_name: 'open.example.net' }) });
    const { order: issued } = await issueOrder(session);
    const { order: gone } = await placeOrder(session, { body: orderBody({}, { common_name: 'gone.example.net' }) });
    await done(session.call('PUT', `/order/certificate/${gone}/status`, { status: 'canceled', note: 'x' }));
    const { body: keys } = await session.call('GET', '/key');
    const calls: readonly (readonly [method: string, path: string, body: object | undefined, message: RegExp])[] = [
      ['POST', `/order/certificate/${open}/reissue`, orderBody(), /^order \d+ is pending; this needs issued$/],
      ['POST', `/order/certificate/${gone}/reissue`, orderBody(), /^order \d+ is canceled; this needs issued$/],
      ['PUT', `/order/certificate/${gone}/status`, { status: 'canceled' }, /^order \d+ is canceled; this needs /],
      ['PUT', `/order/certificate/${issued}/status`, { status: 'canceled' }, /^order \d+ is issued; this needs /],
      ['PUT', `/order/certificate/${open}/revoke`, {}, /^order \d+ is pending; this needs /],
      ['GET', '/request/7654321', undefined, /^no request .*7654321.* in this account$/],
      ['GET', `/key/${keys.api_keys.length + 7_654_321}`, undefined, /^no key \d+ in this account$/],
    ];
    for (const [method, path, body, expected] of calls) {
      const [, , message] = refusal(await session.call(method, path, body));
      assert.match(message, expected, `${method} ${path}`);
      assert.doesNotMatch(message, /\b(open|active|ended|cancelled|ready|awaiting\w+|approval|credential)\b/, path);
    }
  });

  it('of a list says that it may begin at 0', async () => {
    for (const path of ['/order/certificate', '/request', '/domain', '/organization', '/user', '/container']) {
      assert.equal((await session.call('GET', `${path}?offset=0&limit=5`)).body.page.offset, 0, path);
      const [status, code, message] = refusal(await session.call('GET', `${path}?offset=-1`));
      assert.deepEqual([status, code], [400, 'invalid_value:offset'], path);
      assert.match(message, /^offset must be at least 0, not /, path);
    }
  });

  it('of a thing named in a body by an impossible number is the same as of one that is not there', async () => {
    const big = 99_999_999_999;
    for (const [path, body, code] of [
      [dv, orderBody({ container: { id: big } }), 'not_found|container'],
      [dv, orderBody({ renewal_of_order_id: String(big) }), 'not_found|order'],
      ['/order/certificate/ssl_basic', orderBody({ organization: { id: big } }), 'not_found|organization'],
      ['/domain', { name: 'example.com', organization: { id: -1 } }, 'not_found|organization'],
      ['/user', { username: 'a@example.com', container: { id: big } }, 'not_found|container'],
    ] as const) {
      assert.deepEqual(refusal(await session.call('POST', path, body)).slice(0, 2), [404, code], path);
    }
    assert.deepEqual(refusal(await session.call('GET', `/domain?container_id=${big}`)).slice(0, 2), [
      404,
      'not_found|container',
    ]);
  });

  it('an order whose reissue waits by the status that it shows', async () => {
    const { order, certificate } = await issueOrder(session);
    const names = { common_name: 'later.example', csr: csrPem };
    assert.equal(
      (await session.call('POST', `/order/certificate/${order}/reissue`, { certificate: names })).status,
      201,
    );
    const { status } = (await session.call('GET', `/order/certificate/${order}`)).body;
    assert.equal(status, 'reissue_pending');
    for (const path of [`/order/certificate/${order}/revoke`, `/certificate/${certificate}/revoke`]) {
      const { body } = await session.call('PUT', path, { skip_approval: true });
      assert.equal(
        body.errors[0].message,
        `order ${order} is reissue_pending; this needs an order with an issued certificate and no issuance under way`,
        path,
      );
    }
  });

  it('a text that is too long by its limit, not as something else', async () => {
    const { order } = await issueOrder(session);
    const { body } = await session.call('POST', `/order/certificate/${order}/note`, { text: 'x'.repeat(10_001) });
    assert.match(body.errors[0].message, /^text must be at most 10000 characters, not /);
  });

  it('names of a canceled order as canceled', async () => {
    const { order } = await placeOrder(session);
    await done(session.call('PUT', `/order/certificate/${order}/status`, { status: 'canceled', note: 'no' }));
    const { status, body } = await session.call('PUT', `/order/certificate/${order}/dcv-method`, {
      dcv_method: 'dns-txt-token',
    });
    assert.equal(status, 400);
    assert.match(body.errors[0].message, /is canceled; this needs a pending validation$/);
  });
});
