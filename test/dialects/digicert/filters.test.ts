/**
 * Filters one by one against the replies' own fields: whatever a list is filtered by, the rows are those that show the value, no more
 * and no fewer; whatever it is sorted by, they stand in the order of what they show.
 */

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createMailFake } from '../../support/mail-fake.ts';
import { added, addOrganization, addVerifiedOrganization, done, jill } from './directory-states.ts';
import { createSession, type Reply, type Session } from './harness.ts';
import { csrPem, orderBody } from './order-states.ts';

type Row = Reply;
type Fits = (row: Row) => boolean;

async function listed(session: Session, path: string, member: string, query: string): Promise<readonly Row[]> {
  const { status, body, text } = await session.call('GET', `${path}?${query}`);
  assert.equal(status, 200, `${path}?${query}: ${text}`);
  assert.equal(body.page.total, body[member].length, query);
  return body[member];
}

const ids = (rows: readonly Row[]): readonly number[] => rows.map(({ id }) => id);

/** Each filter leaves some of the rows, and not all: else it would show nothing. */
async function checkFilters(
  all: readonly Row[],
  rows: readonly (readonly [query: string, fits: Fits, isEmpty?: 'none' | 'all'])[],
  list: (query: string) => Promise<readonly Row[]>,
): Promise<void> {
  assert.ok(all.length > 2);
  for (const [query, fits, bound] of rows) {
    const expected = ids(all.filter(fits)).toSorted();
    const kind = expected.length === 0 ? 'none' : expected.length === all.length ? 'all' : undefined;
    assert.equal(kind, bound, `${query} leaves ${expected.length} of ${all.length}`);
    assert.deepEqual(ids(await list(query)).toSorted(), expected, query);
  }
}

/** Values that are not there stand last, whichever way it is sorted. */
async function checkSorts(
  sorts: Readonly<Record<string, (row: Row) => string | number | undefined>>,
  list: (query: string) => Promise<readonly Row[]>,
): Promise<void> {
  for (const [key, shownBy] of Object.entries(sorts)) {
    for (const sign of ['', '-', '%2B']) {
      const values = (await list(`sort=${sign}${key}`)).map(shownBy);
      const known = values.filter((value) => value !== undefined);
      const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
      const sorted = known.toSorted((a, b) => (sign === '-' ? compare(b, a) : compare(a, b)));
      assert.deepEqual(known, sorted, `${sign}${key}`);
      assert.ok(new Set(known).size > 1, `${key} differs`);
      assert.ok(
        values.slice(0, known.length).every((value) => value !== undefined),
        `${key}: missing values are last`,
      );
    }
  }
}

interface Setting {
  readonly session: Session;
  readonly root: number;
  readonly container: number;
  readonly organization: number;
  readonly ann: number;
  readonly field: number;
}

/** An account with orders that differ in all that they can be filtered by. */
async function setUp(): Promise<Setting> {
  const session = await createSession({ account: { approval: 'manual' }, mail: createMailFake() });
  const post = async (path: string, body: unknown, key?: string) => {
    const reply = await session.call('POST', path, body, key);
    assert.equal(reply.status, 201, reply.text);
    return reply.body;
  };
  const { body: account } = await session.call('GET', '/account');
  const root = account.root_container_id;
  const container = Number(await added(session.call('POST', `/container/${root}/children`, { name: 'Sales' })));
  const organization = Number(await addVerifiedOrganization(session));
  await done(session.call('POST', '/account/metadata', { label: 'Ticket' }));
  await done(session.call('POST', '/account/metadata', { label: 'Cost centre' }));
  const fields = (await session.call('GET', '/account/metadata')).body.metadata;
  const [ticket, centre] = fields.map(({ id }: Reply) => id);
  const ann = Number(
    await added(
      session.call('POST', '/user', { username: 'ann@example.com', email: 'ann@example.com', ...person('Ann') }),
    ),
  );
  const { api_key: annsKey } = await post(`/key/user/${ann}`, { name: 'hers' });
  for (const name of ['example.com', 'example.net', 'example.org']) session.app.checks.place(name);
  const place = (body: object, product = 'ssl_dv_geotrust_flex', key?: string) =>
    post(`/order/certificate/${product}`, body, key);
  const skip = { skip_approval: true };

  const first = await place(orderBody({ ...skip, custom_fields: [{ metadata_id: ticket, value: 'T-1' }] }));
  await session.app.idle();
  await session.app.advance(3 * 86_400);
  await place(
    orderBody(
      {
        ...skip,
        container: { id: container },
        disable_renewal_notifications: true,
        additional_emails: ['ops@example.com'],
      },
      {
        common_name: 'example.net',
        dns_names: ['www.example.net'],
      },
    ),
  );
  await session.app.idle();
  await place(orderBody({ ...skip, renewal_of_order_id: first.id, container: { id: root } }));
  await session.app.idle();
  await place(
    orderBody(
      { validity_years: 2, custom_fields: [{ metadata_id: centre, value: 'C-1' }] },
      { common_name: 'zoo.example.org' },
    ),
    undefined,
    annsKey,
  );
  const unproved = { common_name: 'later.example', csr: csrPem };
  await place({ certificate: unproved, order_validity: { years: 3 }, ...skip, alternative_order_id: 'PO-7' });
  await place(
    orderBody(
      {
        ...skip,
        organization: {
          id: organization,
          contacts: [{ contact_type: 'technical_contact', ...person('Tom'), email: 'tom@example.org' }],
        },
      },
      { common_name: 'ov.example.com', dns_names: ['www.example.net'] },
    ),
    'ssl_basic',
  );
  const canceled = await place(orderBody({ ...skip }, { common_name: 'never.example' }));
  await done(session.call('PUT', `/order/certificate/${canceled.id}/status`, { status: 'canceled', note: 'no' }));
  // A reissue with other names that is under way: what the order shows is still its certificate.
  const reissued = await place(orderBody(skip, { common_name: 'example.org' }));
  await session.app.idle();
  await post(`/order/certificate/${reissued.id}/reissue`, {
    ...skip,
    certificate: { csr: csrPem, common_name: 'later.example', dns_names: [] },
  });
  await session.app.idle();
  return { session, root, container, organization, ann, field: ticket };
}

const person = (name: string) => ({ first_name: name, last_name: 'Lee', telephone: '1', job_title: 'SRE' });

const emailsOf = (row: Row): readonly string[] =>
  [row.user, row.organization_contact, row.technical_contact]
    .flatMap((one) => one?.email ?? [])
    .concat(row.additional_emails ?? []);

describe('orders', () => {
  let setting: Setting;
  /** As the list shows them, with what only the information shows. */
  let all: readonly Row[];
  const list = (query: string) => listed(setting.session, '/order/certificate', 'orders', query);
  before(async () => {
    setting = await setUp();
    const rows = await list('');
    all = await Promise.all(
      rows.map(async (row) => {
        const { body } = await setting.session.call('GET', `/order/certificate/${row.id}`);
        return { ...body, ...row, certificate: { ...body.certificate, ...row.certificate } };
      }),
    );
  });

  it('are filtered by what they show', async () => {
    const { root, container, organization, ann, field } = setting;
    const [newest] = all;
    const issued = all.find(({ certificate }) => certificate.serial_number !== undefined);
    const me = all.find(({ user }) => user.id !== ann)?.user;
    assert.ok(newest && issued && me);
    const { id, serial_number: serial, valid_till: until } = issued.certificate;
    const days = [...new Set(all.map(({ date_created }) => String(date_created).slice(0, 10)))].toSorted();
    const [firstDay = ''] = days;
    assert.ok(days.length > 1);
    const created = (row: Row) => row.date_created.slice(0, 10);
    await checkFilters(
      all,
      [
        [`filters[id]=${newest.id}`, (row) => row.id === newest.id],
        [`filters[id][0]=${newest.id}&filters[id][1]=${issued.id}`, (row) => [newest.id, issued.id].includes(row.id)],
        ['filters[status]=pending', ({ status }) => status === 'pending'],
        ['filters[status]=issued', ({ status }) => status === 'issued'],
        ['filters[status]=canceled', ({ status }) => status === 'canceled'],
        ['filters[status]=needs_approval', ({ status }) => status === 'needs_approval'],
        ['filters[status]=reissue_pending', ({ status }) => status === 'reissue_pending'],
        ['filters[status]=renewed', ({ status }) => status === 'renewed', 'none'],
        [
          'filters[status][]=pending&filters[status][]=canceled',
          ({ status }) => ['pending', 'canceled'].includes(status),
        ],
        [`filters[organization_id]=${organization}`, (row) => row.organization?.id === organization],
        ['filters[product_name_id]=ssl_basic', (row) => row.product.name_id === 'ssl_basic'],
        ['filters[product_type]=ssl_certificate', (row) => row.product.type === 'ssl_certificate', 'all'],
        ['filters[product_type]=client_certificate', (row) => row.product.type === 'client_certificate', 'none'],
        [`filters[valid_till]=${until}`, (row) => row.certificate.valid_till === until],
        [`filters[valid_till]=>${until}`, (row) => row.certificate.valid_till >= until],
        [`filters[user_id]=${ann}`, (row) => row.user.id === ann],
        [`filters[user_id]=${me.id}`, (row) => row.user.id === me.id],
        ['filters[user_id]=77', (row) => row.user.id === 77, 'none'],
        ['filters[common_name]=example.com', (row) => row.certificate.common_name === 'example.com'],
        ['filters[common_name]=EXAMPLE.ORG', (row) => row.certificate.common_name === 'example.org'],
        ['filters[common_name]=later.example', (row) => row.certificate.common_name === 'later.example'],
        [
          'filters[common_name][]=example.com&filters[common_name][]=example.net',
          (row) => ['example.com', 'example.net'].includes(row.certificate.common_name),
        ],
        ['filters[domain_name]=www.example.net', (row) => row.certificate.dns_names.includes('www.example.net')],
        ['filters[domain_name]=later.example', (row) => row.certificate.dns_names.includes('later.example')],
        [`filters[date_created]=${firstDay}`, (row) => created(row) === firstDay],
        [`filters[date_created]=${firstDay}...${firstDay}`, (row) => created(row) === firstDay],
        [`filters[container_id]=${container}`, (row) => row.container.id === container],
        [`filters[container_id]=${root}`, (row) => row.container.id === root],
        [`container_id=${root}`, (row) => row.container.id === root],
        [`filters[container_id][]=${root}&filters[container_id][]=${container}`, () => true, 'all'],
        [`filters[metadata_id]=${field}`, (row) => row.custom_fields?.some((one: Row) => one.metadata_id === field)],
        ['filters[is_renewed]=1', (row) => row.is_renewed],
        ['filters[is_renewed]=0', (row) => !row.is_renewed],
        ['filters[is_renewal]=1', (row) => row.is_renewal],
        ['filters[is_renewal]=false', (row) => !row.is_renewal],
        ['filters[is_renewal][]=1&filters[is_renewal][]=0', () => true, 'all'],
        ['filters[disable_renewal_notifications]=1', (row) => row.disable_renewal_notifications],
        ['filters[disable_renewal_notifications]=0', (row) => !row.disable_renewal_notifications],
        ['filters[email]=ann@example.com', (row) => emailsOf(row).includes('ann@example.com')],
        ['filters[email]=OPS@example.com', (row) => emailsOf(row).includes('ops@example.com')],
        ['filters[email]=tom@example.org', (row) => emailsOf(row).includes('tom@example.org')],
        [`filters[email]=${me.email}`, (row) => emailsOf(row).includes(me.email)],
        ['filters[email]=om@example.org', () => false, 'none'],
        [`filters[certificate_id]=${id}`, (row) => row.certificate.id === id],
        [`filters[serial_number]=${serial}`, (row) => row.certificate.serial_number === serial],
        [`filters[serial_number]=${serial.toLowerCase()}`, (row) => row.certificate.serial_number === serial],
        ['filters[origin]=certcentral', () => true, 'all'],
        ['filters[origin]=migrated', () => false, 'none'],
        ['filters[alternative_order_id]=PO-7', (row) => row.alternative_order_id === 'PO-7'],
        ['filters[search]=zoo.example.org', (row) => row.certificate.common_name === 'zoo.example.org'],
        ['filters[search]=%25zoo', (row) => row.certificate.common_name.includes('zoo')],
        ['filters[search]=%25ops@', (row) => emailsOf(row).some((email) => email.includes('ops@'))],
        ['filters[search]=tom@example.org', (row) => emailsOf(row).includes('tom@example.org')],
        ['filters[unheard_of]=1', () => true, 'all'],
        [
          `filters[is_renewed]=0&filters[container_id]=${root}&filters[status]=issued`,
          (row) => !row.is_renewed && row.container.id === root && row.status === 'issued',
        ],
      ],
      list,
    );
  });

  it('are sorted by what they show', async () => {
    await checkSorts(
      {
        order_id: ({ id }) => id,
        date_created: (row) => row.date_created,
        common_name: (row) => row.certificate.common_name,
        status: ({ status }) => status,
        validity_years: (row) => row.validity_years,
        product_name: (row) => row.product.name,
        valid_till: (row) => row.certificate.valid_till,
      },
      list,
    );
  });

  it('of a container are the ones that its report counts', async () => {
    const { session, root, container } = setting;
    for (const number of [root, container]) {
      const { body } = await session.call('GET', `/report/order/${number}/expiring`);
      const within = all.filter((row) => row.container.id === number && row.certificate.days_remaining < 90);
      const running = within.filter(({ status }) => ['issued', 'reissue_pending'].includes(status));
      assert.equal(body.expiring_orders[0].order_count, running.length);
    }
  });

  it('are refused where a value is none', async () => {
    for (const query of [
      'filters[is_renewal]=maybe',
      'filters[disable_renewal_notifications]=2',
      'filters[user_id]=ann',
      'filters[container_id]=x',
      'filters[valid_till]=soon',
      'filters[status]=sleepy',
      'filters[search][0]=a&filters[search][1]=b',
      'filters[date_created][0]=2018-01-01&filters[date_created][1]=2018-02-01',
    ]) {
      const { status, body } = await setting.session.call('GET', `/order/certificate?${query}`);
      const field = /^filters\[\w+\]/.exec(query)?.[0];
      assert.deepEqual([status, body.errors[0].code.split(':')[0]], [400, 'invalid_value'], query);
      assert.ok(body.errors[0].message.startsWith(field), body.errors[0].message);
    }
    const many = Array.from({ length: 6 }, (_, n) => `filters[email][]=a${n}@example.com`).join('&');
    assert.equal((await setting.session.call('GET', `/order/certificate?${many}`)).status, 400);
    const large = await setting.session.call('GET', '/order/certificate?filters[container_id]=99999999999');
    assert.match(large.body.errors[0].message, /^no container \D?99999999999\D/);
    const unknown = await setting.session.call('GET', '/order/certificate?filters[container_id]=77');
    assert.deepEqual([unknown.status, unknown.body.errors[0].code], [404, 'not_found|container']);
  });

  it('have requests, which are filtered and sorted alike', async () => {
    const { session, root, container, field } = setting;
    const requestsOf = (query: string) => listed(session, '/request', 'requests', query);
    const rows = await requestsOf('');
    const orderOf = new Map(all.map((row) => [row.id, row]));
    const fieldOf = (row: Row, id: number) =>
      orderOf.get(row.order.id)?.custom_fields?.find((one: Row) => one.metadata_id === id)?.value;
    await checkFilters(
      rows,
      [
        ['filters[status]=pending', ({ status }) => status === 'pending'],
        ['filters[status]=approved', ({ status }) => status === 'approved'],
        ['filters[type]=reissue', ({ type }) => type === 'reissue'],
        [`filters[container_id]=${root}`, (row) => row.order.container.id === root],
        [`filters[container_id]=${container}`, (row) => row.order.container.id === container],
        [`container_id=${root}`, (row) => row.order.container.id === root],
        [`filters[order_id]=${rows[0]?.order.id}`, (row) => row.order.id === rows[0]?.order.id],
        [
          `filters[order_id][0]=${rows[1]?.order.id}&filters[order_id][1]=${rows[3]?.order.id}`,
          (row) => [rows[1]?.order.id, rows[3]?.order.id].includes(row.order.id),
        ],
        ['filters[order_id]=0', () => true, 'all'],
        ['filters[order_id]=-1', () => false, 'none'],
        ['filters[order_id]=99999999999999999999', () => false, 'none'],
        [`filters[metadata_id]=${field}`, (row) => fieldOf(row, field) !== undefined],
        ['filters[metadata_value]=T-1', (row) => fieldOf(row, field) === 'T-1'],
        [`filters[metadata_id]=${field}&filters[metadata_value]=C-1`, () => false, 'none'],
        ['filters[search]=example.com', (row) => row.order.certificate.common_name === 'example.com'],
        ['filters[search]=%25zoo', (row) => row.order.certificate.common_name.includes('zoo')],
        ['filters[search]=%25www', () => false, 'none'],
        ['filters[unheard_of]=1', () => true, 'all'],
        ['filters=1', () => true, 'all'],
      ],
      requestsOf,
    );
    await checkSorts(
      {
        id: ({ id }) => id,
        date: ({ date }) => date,
        type: ({ type }) => type,
        status: ({ status }) => status,
        order_id: (row) => row.order.id,
        common_name: (row) => row.order.certificate.common_name,
      },
      requestsOf,
    );
  });
});

describe('domains, organizations and users', () => {
  let session: Session;
  let root: number;
  let container: number;
  before(async () => {
    session = await createSession({ mail: createMailFake() });
    const { body: account } = await session.call('GET', '/account');
    root = account.root_container_id;
    container = Number(await added(session.call('POST', `/container/${root}/children`, { name: 'Sales' })));
    const organization = Number(await addVerifiedOrganization(session));
    await addOrganization(session, {
      name: 'Zoo Limited',
      container: { id: container },
      validations: [{ type: 'ov' }],
    });
    const unused = await addOrganization(session, { name: 'Aardvark', assumed_name: '' });
    await done(session.call('PUT', `/organization/${unused}/deactivate`));
    const add = (name: string, change: object) => added(session.call('POST', '/domain', { name, ...change }));
    const validations = [{ type: 'ov' }];
    const proved = await add('example.com', {
      dcv_method: 'dns-txt-token',
      organization: { id: organization },
      validations,
    });
    session.app.checks.place('example.com', 'dnsTxt');
    await done(session.call('PUT', `/domain/${proved}/dcv/validate-token`));
    await add('bravo.example.net', { dcv_method: 'http-token', container: { id: container } });
    const sleeping = await add('alpha.example.net', { dcv_method: 'email', validations });
    await done(session.call('PUT', `/domain/${sleeping}/deactivate`));
    const addUser = (name: string, change: object = {}) =>
      added(
        session.call('POST', '/user', {
          ...jill,
          username: `${name}@example.com`,
          email: `${name}@example.com`,
          first_name: name,
          ...change,
        }),
      );
    await addUser('zoe', { access_roles: [{ id: 1 }] });
    await addUser('ann', { container: { id: container }, last_name: 'Zander' });
    const gone = await addUser('max');
    await session.app.ports.users.setState(session.app.operator, gone, 'disabled');
    for (const name of ['robot', 'android']) {
      await added(session.call('POST', '/user', { is_api_only: true, api_name: name, email: `${name}@example.com` }));
    }
  });

  it('domains are filtered and sorted by what they show', async () => {
    const list = (query: string) => listed(session, '/domain', 'domains', `include_dcv=true&${query}`);
    const all = await list('');
    const isPending = (row: Row) =>
      row.validations.length === 0
        ? row.is_pending_validation
        : row.validations.some((one: Row) => one.status === 'pending');
    await checkFilters(
      all,
      [
        ['filters[name]=%25example&filters[search]=%25alpha', ({ name }) => name.includes('alpha')],
        ['filters[name]=example.com&filters[search]=%25alpha', () => false, 'none'],
        ['filters[status]=active', (row) => row.is_active],
        ['filters[status]=inactive', (row) => !row.is_active],
        ['filters[status]=approved', ({ status }) => status === 'approved'],
        ['filters[status]=pending', ({ status }) => status === 'pending'],
        ['filters[status][]=active&filters[status][]=inactive', () => true, 'all'],
        ['filters[validation]=pending', isPending],
        ['filters[validation]=not_pending', (row) => !isPending(row)],
        ['filters[validation]=ov_expiring_within_7_days', () => false, 'none'],
        ['filters[validation]=shortened_by_industry_changes', () => false, 'none'],
        ['filters[dcv_method]=http-token', (row) => row.dcv_method === 'http-token'],
        ['filters[dcv_method]=http-token-static', (row) => row.dcv_method === 'http-token'],
        ['filters[dcv_method]=email', (row) => row.dcv_method === 'email'],
        ['filters[search]=%25alpha', ({ name }) => name.includes('alpha')],
        ['filters[search]=example.com', ({ name }) => name === 'example.com'],
        [`filters[container_id]=${container}`, (row) => row.container.id === container],
        [`filters[container_id]=${root}`, (row) => row.container.id === root],
        [`container_id=${root}`, (row) => row.container.id === root],
        ['filters[unheard_of]=1', () => true, 'all'],
      ],
      list,
    );
    await checkSorts(
      { id: ({ id }) => id, name: ({ name }) => name, is_active: (row) => Number(row.is_active) * -1 },
      list,
    );
    const { body } = await session.call('GET', '/domain?filters[validation]=pending&limit=1&offset=1');
    assert.deepEqual(body.page, { total: all.filter(isPending).length, limit: 1, offset: 1 });
    assert.equal(body.domains.length, 1);
    for (const query of ['filters[validation]=soon', 'filters[dcv_method]=fax', 'filters[status]=asleep']) {
      const field = /^filters\[\w+\]/.exec(query)?.[0];
      const refused = await session.call('GET', `/domain?${query}`);
      assert.deepEqual([refused.status, refused.body.errors[0].code], [400, `invalid_value:${field}`]);
    }
  });

  it('domains are found by the time that their proof still lasts', async () => {
    const { body } = await session.call('GET', '/domain?filters[status]=approved');
    const until = new Date(body.domains[0].dcv_expiration_datetime).getTime();
    const days = Math.floor((until - session.app.clock.now().getTime()) / 86_400_000);
    const count = async (word: string) =>
      (await listed(session, '/domain', 'domains', `filters[validation]=${word}`)).length;
    const found: string[] = [];
    // As the days pass: each of the windows, and then nothing that could be found.
    for (const left of [75, 45, 20, 5, -3]) {
      const now = Math.floor((until - session.app.clock.now().getTime()) / 86_400_000);
      await session.stayAway((Math.min(now, days) - left) * 86_400);
      for (const word of [
        'expiring_from_61_to_90_days',
        'expiring_from_31_to_60_days',
        'expiring_within_30_days',
        'expiring_within_7_days',
        'expired_in_last_7_days',
      ]) {
        if ((await count(`ov_${word}`)) > 0) found.push(`${left}: ${word}`);
      }
    }
    assert.deepEqual(found, [
      '75: expiring_from_61_to_90_days',
      '45: expiring_from_31_to_60_days',
      '20: expiring_within_30_days',
      '5: expiring_within_30_days',
      '5: expiring_within_7_days',
      '-3: expired_in_last_7_days',
    ]);
  });

  it('organizations are filtered and sorted by what they show', async () => {
    const list = (query: string) =>
      listed(session, '/organization', 'organizations', `include_validation=true&${query}`);
    const all = await list('');
    const waits = (row: Row) => row.validations.some((one: Row) => one.status === 'pending');
    const some = all[0]?.id;
    await checkFilters(
      all,
      [
        ['filters[status]=active', ({ status }) => status === 'active'],
        ['filters[status]=inactive', ({ status }) => status === 'inactive'],
        ['filters[validation]=pending', waits],
        ['filters[validation]=not_pending', (row) => !waits(row)],
        [`filters[search]=${some}`, ({ id }) => id === some],
        ['filters[search]=%25zoo', ({ name }) => name.toLowerCase().includes('zoo')],
        [`filters[search]=${some}&filters[name]=${all[0]?.name}`, ({ id }) => id === some],
        [`filters[search]=${some}&filters[name]=${all[1]?.name}`, () => false, 'none'],
        [`filters[container_id_for_organization]=${container}`, (row) => row.container.id === container],
        [`filters[container_id_for_organization]=${root}`, () => true, 'all'],
        [`container_id=${container}`, (row) => row.container.id === container],
        [`filters[container_id]=${root}`, (row) => row.container.id === root],
        ['filters[unheard_of]=1', () => true, 'all'],
      ],
      list,
    );
    await checkSorts({ id: ({ id }) => id, name: ({ name }) => name, status: ({ status }) => status }, list);
  });

  it('users are filtered and sorted by what they show', async () => {
    const list = (query: string) => listed(session, '/user', 'users', query);
    const all = await list('');
    const [some] = all;
    await checkFilters(
      all,
      [
        ['filters[status]=active', ({ status }) => status === 'active'],
        ['filters[status]=inactive', ({ status }) => status === 'inactive'],
        ['filters[search]=%25zand', (row) => row.last_name.toLowerCase().includes('zand')],
        [`filters[search]=${some?.username}`, ({ username }) => username === some?.username],
        [`filters[username]=${some?.username}`, ({ username }) => username === some?.username],
        [`filters[username]=${some?.first_name}`, () => false, 'none'],
        [`filters[email]=${some?.email}`, ({ email }) => email === some?.email],
        [`filters[first_name]=${some?.first_name}`, (row) => row.first_name === some?.first_name],
        [`filters[last_name]=%25zand`, (row) => row.last_name.toLowerCase().includes('zand')],
        [`filters[username]=${some?.username}&filters[search]=%25nobody`, () => false, 'none'],
        [`container_id=${container}`, (row) => row.container.id === container],
        [`container_id=${root}`, (row) => row.container.id === root],
        ['access_role_id=1', (row) => row.access_roles.some(({ id }: Row) => id === 1)],
        ['access_role_id=2', () => false, 'none'],
        ['filters[unheard_of]=1', () => true, 'all'],
      ],
      list,
    );
    assert.ok((await list('without_container=true')).every((row) => row.container === undefined));
    const lower = (key: string) => (row: Row) => row[key]?.toLowerCase();
    const people = {
      id: ({ id }: Row) => id,
      username: lower('username'),
      first_name: lower('first_name'),
      email: lower('email'),
    };
    await checkSorts({ ...people, last_name: lower('last_name'), status: ({ status }) => status }, list);
    await checkSorts({ first_name: lower('first_name') }, (query) => listed(session, '/user/api-only', 'users', query));
    // A page of the sorted list is cut from all of it.
    const { body } = await session.call('GET', '/user?sort=-username&limit=1&offset=1');
    const sorted = (await list('sort=-username')).map(({ username }) => username);
    assert.deepEqual([body.users[0].username, body.page.total], [sorted[1], all.length]);
  });
});
