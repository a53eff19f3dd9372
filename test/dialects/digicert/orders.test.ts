/** What orders go through, told by what their customers see. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { createMailFake } from '../../support/mail-fake.ts';
import { addOrganization, done, verify } from './directory-states.ts';
import { createSession, type Reply, type Session } from './harness.ts';
import { addValidated, csrPem, duplicateOf, issueOrder, orderBody, placeOrder } from './order-states.ts';

const info = async (session: Session, order: string | number): Promise<Reply> =>
  (await session.call('GET', `/order/certificate/${order}`)).body;

describe('the answer to an order', () => {
  const dv = '/order/certificate/ssl_dv_geotrust_flex';
  const members = async (session: Session, body = orderBody()) => {
    const { status, body: reply, text } = await session.call('POST', dv, body);
    assert.equal(status, 201, text);
    const chain = reply.certificate_chain?.length;
    return [reply.requests?.map((request: Reply) => request.status), reply.certificate_id !== undefined, chain];
  };

  test('of an account that approves by hand is a pending request', async () => {
    assert.deepEqual(await members(await createSession({ account: { approval: 'manual' } })), [
      ['pending'],
      false,
      undefined,
    ]);
  });

  test('of an account that approves in two steps is a submitted one', async () => {
    assert.deepEqual(await members(await createSession({ account: { approval: 'twoStep' } })), [
      ['submitted'],
      false,
      undefined,
    ]);
  });

  test('of an account that approves by itself is an approved one, with the id of the certificate', async () => {
    assert.deepEqual(await members(await createSession()), [['approved'], true, undefined]);
  });

  test('that skips the approval is the id of the certificate alone', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    assert.deepEqual(await members(session, orderBody({ skip_approval: true })), [undefined, true, undefined]);
  });

  test('that asks to skip the approval, of a key that may not, waits all the same', async () => {
    const session = await createSession({ account: { approval: 'manual' }, roles: ['requester'] });
    assert.deepEqual(await members(session, orderBody({ skip_approval: true })), [['pending'], false, undefined]);
  });

  test('whose names are proved already is the certificate with its chain', async () => {
    const session = await createSession();
    await issueOrder(session);
    assert.deepEqual(await members(session), [['approved'], true, 3]);
  });

  test('of a DV order has a value to place, also where its names are proved already', async () => {
    const session = await createSession();
    await issueOrder(session);
    const body = {
      certificate: { common_name: 'example.com', csr: csrPem },
      validity_years: 1,
      dcv_method: 'dns-txt-token',
    };
    const placed = await session.call('POST', '/order/certificate/ssl', body);
    assert.equal(placed.status, 201, placed.text);
    assert.equal(placed.body.certificate_chain.length, 3);
    assert.match(placed.body.dcv_random_value, /^[a-z0-9]{20,}$/);
    const { body: info } = await session.call('GET', `/order/certificate/${placed.body.id}`);
    assert.equal(info.product.name_id, 'ssl_dv_rapidssl');
  });

  test('is not waited for where the configuration says so', async () => {
    const session = await createSession({ config: { answerWithinMs: 0 } });
    await issueOrder(session);
    assert.deepEqual(await members(session), [['approved'], true, undefined]);
  });
});

describe('an approval', () => {
  test('in two steps takes two people', async () => {
    const session = await createSession({ account: { approval: 'twoStep' } });
    const { order, request } = await placeOrder(session);
    const decide = (key: string, status: string) =>
      session.call('PUT', `/request/${request}/status`, { status, processor_comment: status }, key);
    const [first, second] = [await session.keyWith(['approver']), await session.keyWith(['approver'])];
    assert.equal((await decide(first, 'pending')).status, 204);
    assert.equal((await decide(first, 'approved')).body.errors[0].code, 'access_denied|invalid_approver');
    assert.equal((await info(session, order ?? '')).status, 'needs_approval');
    assert.equal((await decide(second, 'approved')).status, 204);
    const { body } = await session.call('GET', `/request/${request}`);
    assert.deepEqual([body.status, body.processor_comment], ['approved', 'approved']);
    assert.notEqual(body.reviewer.id, body.processor.id);
    assert.equal((await info(session, order ?? '')).status, 'pending');
  });

  test('that is refused ends the order', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    const { order, request } = await placeOrder(session);
    await done(session.call('PUT', `/request/${request}/status`, { status: 'rejected', processor_comment: 'no' }));
    assert.equal((await info(session, order ?? '')).status, 'rejected');
    const { body } = await session.call('GET', '/request?filters[status]=rejected');
    assert.deepEqual(
      body.requests.map(({ id }: Reply) => id),
      [Number(request)],
    );
  });

  test('of an order that was canceled is refused with the note', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    const { order, request } = await placeOrder(session);
    await done(session.call('PUT', `/order/certificate/${order}/status`, { status: 'canceled', note: 'not needed' }));
    const { body } = await session.call('GET', `/request/${request}`);
    assert.deepEqual([body.status, body.processor_comment], ['rejected', 'not needed']);
    assert.equal(body.order.status, 'canceled');
  });
});

describe('a renewal', () => {
  for (const [how, renewal] of [
    ['its number', async (_: Session, order: string) => ({ renewal_of_order_id: Number(order) })],
    [
      'its thumbprint',
      async (session: Session, order: string) => ({
        renewal_of_order_id: 0,
        renewed_thumbprint: (await info(session, order)).certificate.thumbprint,
      }),
    ],
  ] as const) {
    test(`by ${how} marks both orders`, async () => {
      const session = await createSession();
      const { order = '' } = await issueOrder(session);
      const { order: newer = '' } = await issueOrder(session, { body: orderBody(await renewal(session, order)) });
      const [old, fresh] = [await info(session, order), await info(session, newer)];
      assert.deepEqual([old.is_renewed, old.is_renewal], [true, false]);
      assert.deepEqual([fresh.is_renewed, fresh.is_renewal, fresh.renewed_order_id], [false, true, Number(order)]);
      const { body } = await session.call('GET', '/order/certificate?filters[is_renewed]=0');
      assert.deepEqual(
        body.orders.map(({ id }: Reply) => id),
        [Number(newer)],
      );
    });
  }

  test('is marked and unmarked by hand', async () => {
    const session = await createSession();
    const { order = '' } = await issueOrder(session);
    for (const [status, isRenewed] of [
      ['renewed', true],
      ['not_renewed', false],
    ] as const) {
      await done(session.call('PUT', `/order/certificate/${order}/status`, { status }));
      assert.equal((await info(session, order)).is_renewed, isRenewed);
    }
  });
});

describe('a CSR', () => {
  test('may come after the order, and is told as it was sent', async () => {
    const session = await createSession();
    const { organization = '' } = await addValidated(session);
    const body = orderBody({ organization: { id: organization } }, { csr: undefined });
    const { order = '' } = await placeOrder(session, { product: 'ssl_basic', body });
    assert.equal((await info(session, order)).status, 'needs_csr');
    assert.ok(!('csr' in (await info(session, order)).certificate));
    const csr = csrPem.replaceAll('\n', '\r\n');
    await done(session.call('POST', `/order/certificate/${order}/csr`, { csr }));
    await session.app.idle();
    const shown = await info(session, order);
    assert.deepEqual([shown.status, shown.certificate.csr], ['issued', csr]);
  });

  test('of each duplicate is its own', async () => {
    const session = await createSession();
    const variables = await issueOrder(session);
    const texts = [csrPem.replaceAll('\n', ''), csrPem.trimEnd(), csrPem];
    for (const csr of texts) await duplicateOf(session, variables, orderBody({}, { csr }));
    const { body } = await session.call('GET', `/order/certificate/${variables.order}/duplicate`);
    assert.deepEqual(
      body.certificates.map(({ csr, sub_id }: Reply) => [csr, sub_id]),
      texts.map((csr, index) => [csr, `00${index + 1}`]).toReversed(),
    );
    assert.equal((await info(session, variables.order ?? '')).certificate.csr, csrPem);
    assert.equal((await info(session, variables.order ?? '')).duplicates_count, 3);
    const { body: listed } = await session.call('GET', '/order/certificate');
    assert.equal(listed.orders[0].duplicates_count, 3);
  });

  test('of duplicates that are asked for at once is not lost', async () => {
    const session = await createSession();
    const variables = await issueOrder(session);
    await Promise.all([1, 2, 3].map(() => duplicateOf(session, variables)));
    const { body } = await session.call('GET', `/order/certificate/${variables.order}/duplicate`);
    assert.deepEqual(body.certificates.map(({ sub_id }: Reply) => sub_id).toSorted(), ['001', '002', '003']);
  });

  test('is not needed for a reissue with the same key', async () => {
    const session = await createSession();
    const { order = '', certificate } = await issueOrder(session);
    const reissued = await session.call('POST', `/order/certificate/${order}/reissue`, {});
    assert.equal(reissued.status, 201, reissued.text);
    const shown = await info(session, order);
    assert.deepEqual([shown.certificate.csr, shown.status], [csrPem, 'issued']);
    assert.notEqual(shown.certificate.id, Number(certificate));
  });
});

describe('an order of an organization', () => {
  test('shows what was sent with it', async () => {
    const session = await createSession();
    const { organization = '' } = await addValidated(session);
    const { body: fields } = await (async () => {
      await done(session.call('POST', '/account/metadata', { label: 'ticket' }));
      return session.call('GET', '/account/metadata');
    })();
    const metadata = fields.metadata[0].id;
    const person = { first_name: 'Jill', last_name: 'Valentine', email: 'jill@example.com' };
    const body = orderBody(
      {
        organization: { id: organization, contacts: [{ contact_type: 'organization_contact', ...person }] },
        technical_contact: { ...person, first_name: 'Chris', telephone: 8017019600 },
        custom_fields: [{ metadata_id: metadata, value: 'T-1' }],
        additional_emails: ['team@example.com'],
        disable_renewal_notifications: true,
        locale: 'de',
        payment_method: 'profile',
        order_validity: { years: 2 },
      },
      { organization_units: ['Shop'], server_platform: { id: 2 }, signature_hash: 'SHA384' },
    );
    const { order = '' } = await issueOrder(session, { product: 'ssl_plus', body });
    const shown = await info(session, order);
    assert.deepEqual(shown.organization_contact, person);
    assert.deepEqual(shown.technical_contact, { ...person, first_name: 'Chris', telephone: '8017019600' });
    assert.deepEqual(shown.custom_fields, [{ metadata_id: metadata, label: 'ticket', value: 'T-1' }]);
    assert.deepEqual(shown.additional_emails, ['team@example.com']);
    assert.deepEqual(
      [shown.disable_renewal_notifications, shown.send_minus_30, shown.locale, shown.payment_method],
      [true, false, 'de', 'profile'],
    );
    assert.deepEqual([shown.validity_years, shown.order_validity], [2, { years: 2 }]);
    assert.deepEqual(shown.certificate.organization_units, ['Shop']);
    assert.deepEqual([shown.certificate.server_platform.name, shown.certificate.signature_hash], ['Apache', 'sha384']);
    assert.equal(shown.organization.is_active, true);
    const { body: found } = await session.call('GET', `/order/certificate?filters[metadata_id]=${metadata}`);
    assert.deepEqual([found.orders[0].id, found.orders[0].is_multi_year_plan], [Number(order), '1']);
  });

  test('gives its contacts to the organization that it makes', async () => {
    const session = await createSession();
    const person = { first_name: 'Jill', last_name: 'Valentine', email: 'jill@example.com' };
    const described = { name: 'New Inc.', address: '1 Main Street', city: 'Lehi', state: 'ut', country: 'us' };
    const contacts = [
      { contact_type: 'organization_contact', ...person },
      { contact_type: 'technical_contact', ...person, first_name: 'Chris' },
    ];
    const place = (change: object = {}) =>
      session.call(
        'POST',
        '/order/certificate/ssl_plus',
        orderBody({ organization: { ...described, contacts, ...change } }),
      );
    const first = await place();
    const path = `/organization/${first.body.organization.id}`;
    const { body } = await session.call('GET', path);
    const { id, ...shown } = body.organization_contact;
    assert.deepEqual(shown, { ...person, job_title: '', telephone: '' });
    assert.ok(Number.isSafeInteger(id));
    // It is there now: whoever describes it again says nothing about who speaks for it.
    await place({ contacts: [{ contact_type: 'organization_contact', ...person, first_name: 'Rebecca' }] });
    const again = await session.call('GET', path);
    assert.equal(again.body.organization_contact.first_name, 'Jill');
    assert.equal((await session.call('GET', '/organization')).body.organizations.length, 1);
    const nameless = await place({ name: 'Third Inc.', contacts: [{ contact_type: 'technical_contact' }] });
    assert.deepEqual([nameless.status, nameless.body.errors[0].code], [400, 'required_param:first_name']);
    assert.equal((await session.call('GET', '/organization')).body.organizations.length, 1);
  });

  test('changes the user of whom it says something new, where its key may change users', async () => {
    const session = await createSession();
    const { organization = '' } = await addValidated(session);
    const person = { first_name: 'Jill', last_name: 'Valentine', email: 'jill@example.com', job_title: 'Manager' };
    const user = { username: 'jill', ...person, access_roles: [{ id: 5 }] };
    const { id } = (await session.call('POST', '/user', user)).body;
    const orderingKey = await session.keyWith(['requester']);
    const place = (change: object, key?: string, names: Readonly<Record<string, unknown>> = {}) => {
      const contact = { contact_type: 'organization_contact', user_id: id, ...change };
      const body = orderBody({ organization: { id: organization, contacts: [contact] }, skip_approval: true }, names);
      return session.call('POST', '/order/certificate/ssl_plus', body, key);
    };
    const titleOf = async () => (await session.call('GET', `/user/${id}`)).body.job_title;
    assert.equal((await place({}, orderingKey)).status, 201);
    assert.equal((await place(person, orderingKey)).status, 201);
    const refusedReply = await place({ job_title: 'Director' }, orderingKey);
    assert.deepEqual(
      [refusedReply.status, refusedReply.body.errors[0].code, await titleOf()],
      [403, 'access_denied|missing_permission', 'Manager'],
    );
    // An order that is refused changes nobody.
    assert.equal((await place({ job_title: 'Director' }, undefined, { csr: 'nonsense' })).status, 400);
    assert.equal(await titleOf(), 'Manager');
    const placed = await place({ job_title: 'Director' });
    assert.deepEqual([placed.status, await titleOf()], [201, 'Director']);
    const shown = await info(session, String(placed.body.id));
    assert.deepEqual(shown.organization_contact, { id, ...person, job_title: 'Director' });
  });

  test('that is not verified stays pending and says why; verified, it goes on', async () => {
    const session = await createSession();
    const organization = await addOrganization(session);
    session.app.checks.place('example.com', 'dnsTxt');
    const body = orderBody({ organization: { id: organization }, dcv_method: 'dns-txt-token' });
    const { order = '' } = await placeOrder(session, { product: 'ssl_basic', body });
    await session.app.idle();
    assert.equal((await info(session, order)).status, 'pending');
    const { body: waits } = await session.call('GET', `/order/certificate/${order}/validation`);
    assert.deepEqual(
      waits.organization_validations.map(({ type, status }: Reply) => [type, status]),
      [['ov', 'pending']],
    );
    assert.equal(waits.dns_name_validations[0].status, 'approved');
    await verify(session, organization);
    await session.app.idle();
    assert.equal((await info(session, order)).status, 'issued');
  });

  test("of EV needs the vendor's own fields alone: the operator finds the number that the certificate says", async () => {
    const session = await createSession();
    const details = {
      name: 'New Inc.',
      address: '1 Main',
      city: 'Lehi',
      state: 'Utah',
      zip: '84043',
      country: 'us',
      telephone: '8017019600',
    };
    session.app.checks.place('example.com', 'dnsTxt');
    const body = orderBody({ organization: details, dcv_method: 'dns-txt-token' });
    const { order = '' } = await placeOrder(session, { product: 'ssl_ev_basic', body });
    await session.app.idle();
    const waits = await info(session, order);
    assert.equal(waits.status, 'pending');
    await verify(session, String(waits.organization.id), 'ev', { registrationNumber: '5157550-0142' });
    await session.app.idle();
    const { status, certificate } = await info(session, order);
    assert.equal(status, 'issued');
    const { text } = await session.call('GET', `/certificate/${certificate.id}/download/format/pem_nointermediate`);
    const { subject } = new X509Certificate(text);
    for (const part of [
      'serialNumber=5157550-0142',
      'businessCategory=Private Organization',
      'jurisdictionC=US',
      'O=New Inc.',
    ]) {
      assert.ok(subject.includes(part), subject);
    }
  });

  test('that nobody has asked about for EV yet: the refusal says what to do, which this API and the operator can', async () => {
    const session = await createSession();
    const { app } = session;
    // As an organization stands there that came by another API, or before EV said what its register says.
    const by = await app.ports.signIn.actFor(app.operator, session.account.id);
    const details = { name: 'Old Inc.', city: 'Lehi', state: 'Utah', country: 'US' };
    const { number } = await app.ports.organizations.add(by, { details, levels: ['ov'] });
    await verify(session, String(number));
    app.checks.place('example.com', 'dnsTxt');
    const body = orderBody({ organization: { id: number }, dcv_method: 'dns-txt-token' });
    const order = () => session.call('POST', '/order/certificate/ssl_ev_basic', body);
    const refused = await order();
    assert.equal(refused.status, 400);
    const [{ code, message } = { code: '', message: '' }] = refused.body.errors;
    assert.equal(code, 'required_param:organization');
    assert.match(
      message,
      /^an EV certificate says organization\.business_category of organization \d+, which has none: /,
    );
    assert.match(message, new RegExp(`certmux organization verify ${number} --level ev`));

    await done(session.call('POST', `/organization/${number}/validation`, { validations: [{ type: 'ev' }] }));
    const found = {
      registrationNumber: '7',
      businessCategory: 'Private Organization',
      jurisdictionCountry: 'US',
    } as const;
    await verify(session, String(number), 'ev', found);
    const { status, body: placed, text } = await order();
    assert.equal(status, 201, text);
    await app.idle();
    assert.equal((await info(session, placed.id)).status, 'issued');
  });

  test('that is new is made with the order, once', async () => {
    const session = await createSession();
    const details = { name: 'New Inc.', address: '1 Main', city: 'Lehi', state: 'Utah', country: 'us' };
    const place = () => session.call('POST', '/order/certificate/ssl_basic', orderBody({ organization: details }));
    const [first, second] = [await place(), await place()];
    assert.equal(first.status, 201, first.text);
    assert.ok(first.body.organization.id > 0);
    await session.app.advance(1);
    const { body } = await session.call('GET', '/organization');
    assert.equal(body.organizations.length, 1);
    assert.equal((await info(session, second.body.id)).organization.id, first.body.organization.id);
  });

  test('writes one mail a domain, where this server sends mail', async () => {
    const mail = createMailFake();
    const session = await createSession({ mail, roles: ['administrator'] });
    const organization = await addOrganization(session);
    const body = orderBody({ organization: { id: organization } }, { dns_names: ['a.example.com', 'b.example.com'] });
    await placeOrder(session, { product: 'ssl_basic', body });
    await session.app.idle();
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['admin@example.com'],
    );
  });
});

describe('mails of a DV order', () => {
  test('go to the chosen addresses, and again on demand when some minutes have passed', async () => {
    const mail = createMailFake();
    const session = await createSession({ mail });
    const body = orderBody(
      { dcv_method: 'email', dcv_emails: [{ dns_name: 'example.com', email: 'webmaster@example.com' }] },
      { dns_names: ['other.example.net'] },
    );
    const { order = '' } = await placeOrder(session, { body });
    await session.app.idle();
    const addresses = () => mail.sent.map(({ to }) => to).toSorted();
    assert.deepEqual(addresses(), ['admin@example.net', 'webmaster@example.com']);
    const resend = () => session.call('PUT', `/order/certificate/${order}/resend-emails`);
    // Too soon: they have a mail each, and get no other.
    assert.equal((await resend()).status, 204);
    await session.app.idle();
    assert.equal(mail.sent.length, 2);
    await session.app.advance(600);
    assert.equal((await resend()).status, 204);
    await session.app.idle();
    assert.equal(mail.sent.length, 4);
    const { body: told } = await session.call('GET', `/order/certificate/${order}/email-validation`);
    assert.deepEqual(
      told.emails.map(({ email, status }: Reply) => [email, status]),
      [
        ['webmaster@example.com', 'unvalidated'],
        ['admin@example.net', 'unvalidated'],
      ],
    );
  });
});

describe('mails that are sent again', () => {
  test('go to the addresses that the request names, and to the others if one has had its mail', async () => {
    const mail = createMailFake();
    const session = await createSession({ mail });
    const body = orderBody({ dcv_method: 'email' }, { dns_names: ['other.example.net', '*.example.org'] });
    const { order = '' } = await placeOrder(session, { body });
    await session.app.idle();
    let seen = 0;
    const sent = () => {
      const fresh = mail.sent.slice(seen).map(({ to }) => to);
      seen = mail.sent.length;
      return fresh.toSorted();
    };
    assert.deepEqual(sent(), ['admin@example.com', 'admin@example.net', 'admin@example.org']);
    const resend = async (emails?: readonly object[]) => {
      const request = emails === undefined ? undefined : { domain_approval_emails: emails };
      const reply = await session.call('PUT', `/order/certificate/${order}/resend-emails`, request);
      await session.app.idle();
      return reply;
    };
    // Another mailbox of the same name has had none.
    const named = [{ domain: 'example.org', email: 'webmaster@example.org' }];
    assert.equal((await resend([...named, { domain: 'example.com', email: 'admin@example.com' }])).status, 204);
    assert.deepEqual(sent(), ['webmaster@example.org']);
    await session.app.advance(200);
    assert.equal((await resend()).status, 204);
    assert.deepEqual(sent(), []);
    await session.app.advance(150);
    assert.equal((await resend()).status, 204);
    assert.deepEqual(sent(), ['admin@example.com', 'admin@example.net', 'webmaster@example.org']);
    const strange = await resend([{ domain: 'strange.example', email: 'admin@strange.example' }]);
    assert.equal(strange.status, 400);
    assert.match(strange.body.errors[0].message, /strange\.example/);
    await session.app.advance(600);
    const outside = await resend([{ domain: 'example.com', email: 'admin@strange.example' }]);
    assert.equal(outside.status, 400, outside.text);
    assert.deepEqual(sent(), []);
  });

  test('of a domain are none while the last is fresh', async () => {
    const mail = createMailFake();
    const session = await createSession({ mail });
    const { body: domain } = await session.call('POST', '/domain', { name: 'example.com', dcv_method: 'email' });
    await session.app.idle();
    for (const [seconds, count] of [
      [10, 1],
      [400, 2],
    ] as const) {
      await session.app.advance(seconds);
      assert.equal((await session.call('PUT', `/domain/${domain.id}/dcv/emails`)).status, 204);
      await session.app.idle();
      assert.equal(mail.sent.length, count);
    }
  });
});

describe('certificates of an order', () => {
  test('are counted and listed when they are issued, not while they wait and not when they are refused', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    const skip = { skip_approval: true };
    const { order = '' } = await issueOrder(session, { body: orderBody(skip) });
    const again = async (kind: 'reissue' | 'duplicate', body: object) => {
      const { body: reply, status, text } = await session.call('POST', `/order/certificate/${order}/${kind}`, body);
      assert.equal(status, 201, text);
      await session.app.idle();
      return reply.requests?.[0].id;
    };
    const counts = async () => {
      const { reissues_count: reissues, has_reissues } = await info(session, order);
      const { body: list } = await session.call('GET', `/order/certificate/${order}/reissue`);
      assert.equal(has_reissues, reissues > 0);
      for (const { serial_number } of list.certificates) assert.match(serial_number, /^[0-9A-F]{32}$/);
      return [reissues, list.certificates.length];
    };
    assert.deepEqual(await counts(), [0, 1]);
    const request = await again('reissue', orderBody());
    assert.deepEqual(await counts(), [0, 1]);
    await done(session.call('PUT', `/request/${request}/status`, { status: 'rejected' }));
    assert.deepEqual(await counts(), [0, 1]);
    await again('reissue', orderBody(skip, { dns_names: ['new.example.net'] }));
    assert.deepEqual(await counts(), [0, 1]);
    await done(session.call('PUT', `/order/certificate/${order}/status`, { status: 'canceled', note: 'no' }));
    assert.deepEqual(await counts(), [0, 1]);
    await again('reissue', orderBody(skip));
    assert.deepEqual(await counts(), [1, 2]);
    await again('duplicate', orderBody(skip));
    assert.deepEqual(await counts(), [1, 2]);
  });

  test('that were archived are shown only where that is asked for', async () => {
    const session = await createSession();
    const { order = '', certificate = '' } = await issueOrder(session);
    await done(session.call('POST', `/order/certificate/${order}/reissue`, orderBody()));
    await done(session.call('PUT', `/certificate/${certificate}/archive`));
    const count = async (query: string) =>
      (await session.call('GET', `/order/certificate/${order}/reissue${query}`)).body.certificates.length;
    assert.deepEqual([await count(''), await count('?show_archived=true')], [1, 2]);
    await done(session.call('PUT', `/certificate/${certificate}/unarchive`));
    assert.equal(await count(''), 2);
  });

  for (const [field, text, expected] of [
    ['revocation_reason', 'key_compromise', 'keyCompromise'],
    ['revocation_reason', 'CESSATION_OF_OPERATION', 'cessationOfOperation'],
    ['reason', 'affiliation_change', 'affiliationChanged'],
    ['reason', 4, 'superseded'],
    ['revocation_reason', 'CRLReason.privilegeWithdrawn', 'privilegeWithdrawn'],
    ['revocation_reason', '', 'unspecified'],
  ] as const) {
    test(`are revoked for ${field} ${JSON.stringify(text)} by either call`, async () => {
      const session = await createSession();
      const { order = '', certificate = '' } = await issueOrder(session);
      const second = await issueOrder(session);
      const body = { skip_approval: true, [field]: text };
      await done(session.call('PUT', `/certificate/${certificate}/revoke`, body));
      await done(session.call('PUT', `/order/certificate/${second.order}/revoke`, body));
      const reasons = (await session.orders()).map((view) => view.certificate?.revocationReason);
      assert.deepEqual(reasons, [expected, expected], order);
    });
  }

  test('are not revoked while a reissue is under way', async () => {
    const session = await createSession();
    const { order = '', certificate = '' } = await issueOrder(session);
    const body = orderBody({}, { dns_names: ['new.example.net'] });
    await done(session.call('POST', `/order/certificate/${order}/reissue`, body));
    for (const path of [`/certificate/${certificate}/revoke`, `/order/certificate/${order}/revoke`]) {
      const { body: refused } = await session.call('PUT', path, { skip_approval: true });
      assert.equal(refused.errors[0].code, 'invalid_status', path);
    }
  });

  test('are reissued by the platform inside the years of the order', async () => {
    const session = await createSession();
    const { order = '' } = await issueOrder(session, { body: orderBody({ validity_years: 2 }) });
    const before = await info(session, order);
    assert.equal(before.order_valid_till.slice(0, 4), '2028');
    await session.stayAway(375 * 86_400);
    const { app } = session;
    const after = await app.ports.orders.get(app.operator, { number: Number(order) });
    assert.deepEqual([after.order.state, after.issuance.kind, after.issuance.state], ['active', 'reissue', 'issued']);
    assert.notEqual(after.issuance.number, before.certificate.id);
    // As any proof of this front door, so that its own calls tell what to place where it is not there any more.
    assert.match(after.issuance.proofReference, /^s[0-9a-z]{9}[0-9a-z]+$/);
  });
});
