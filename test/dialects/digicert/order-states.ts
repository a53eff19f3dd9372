/** The states that the exchanges of orders, certificates and requests start from. */
import { encodePem } from '../../../src/pki/pem.ts';
import { anyCsr } from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { added, addOrganization, done, type State, type Variables, verify } from './directory-states.ts';
import type { Session, SessionOptions } from './harness.ts';

/** One CSR for every order that is not about CSRs, as PEM. */
export const csrPem = encodePem('CERTIFICATE REQUEST', await anyCsr());
/** As it stands in a JSON text. */
const csrJson = JSON.stringify(csrPem).slice(1, -1);

type Fields = Readonly<Record<string, unknown>>;

/** A DV order of one name, as lemur would write it. */
export function orderBody(change: Fields = {}, certificate: Fields = {}): Fields {
  return {
    certificate: { common_name: 'example.com', csr: csrPem, signature_hash: 'sha256', ...certificate },
    validity_years: 1,
    ...change,
  };
}

/** Places an order whose names nobody has proved. */
export async function placeOrder(
  session: Session,
  { product = 'ssl_dv_geotrust_flex', body = orderBody() }: { readonly product?: string; readonly body?: Fields } = {},
): Promise<Variables> {
  const { body: reply, status, text } = await session.call('POST', `/order/certificate/${product}`, body);
  if (status !== 201) throw new Error(text);
  const { id, certificate_id, requests } = reply;
  const request = requests?.[0]?.id;
  return {
    order: String(id),
    ...(certificate_id === undefined ? {} : { certificate: String(certificate_id) }),
    ...(request === undefined ? {} : { request: String(request) }),
  };
}

/** The same, with its proof in place; the certificate is there. */
export async function issueOrder(
  session: Session,
  options: { readonly product?: string; readonly body?: Fields } = {},
): Promise<Variables> {
  session.app.checks.place('example.com');
  const variables = await placeOrder(session, options);
  await session.app.idle();
  return variables;
}

export async function duplicateOf(session: Session, { order }: Variables, body: Fields = orderBody()) {
  const reply = await session.call('POST', `/order/certificate/${order}/duplicate`, body);
  if (reply.status !== 201) throw new Error(reply.text);
  await session.app.idle();
  return { duplicate: String(reply.body.certificate_id) };
}

/** An organization that the operator has verified, and its domain, which is proved. */
export async function addValidated(session: Session): Promise<Variables> {
  const organization = await addOrganization(session, {
    registration_number: 'C4711',
    validations: [{ type: 'ov' }, { type: 'ev' }],
  });
  await verify(session, organization);
  await verify(session, organization, 'ev');
  session.app.checks.place('example.com', 'dnsTxt');
  const domain = await added(
    session.call('POST', '/domain', {
      name: 'example.com',
      organization: { id: Number(organization) },
      validations: [{ type: 'ov' }],
      dcv_method: 'dns-txt-token',
    }),
  );
  await done(session.call('PUT', `/domain/${domain}/dcv/validate-token`));
  return { organization, domain };
}

type Prepare = (session: Session) => Promise<Variables>;

function state(prepare: Prepare = async () => ({}), options: SessionOptions = {}): State {
  return async (begin) => {
    const session = await begin(options);
    return { session, variables: { csr: csrJson, ...(await prepare(session)) } };
  };
}

const manual: SessionOptions = { account: { approval: 'manual' } };
const twoStep: SessionOptions = { account: { approval: 'twoStep' } };

export const orderStates: Readonly<Record<string, State>> = {
  'an account that orders': state(),
  'an account that approves by hand': state(undefined, manual),
  'an account that approves in two steps': state(undefined, twoStep),
  'an account whose domain and organization are validated': state(addValidated),
  'an account with an unverified organization': state(async (session) => ({
    organization: await addOrganization(session),
  })),
  'an order': state((session) => placeOrder(session)),
  'an order by TXT record': state((session) =>
    placeOrder(session, { body: orderBody({ dcv_method: 'dns-txt-token' }) }),
  ),
  'an order whose proof is there': state(async (session) => {
    const variables = await placeOrder(session, { body: orderBody({ dcv_method: 'dns-txt-token' }) });
    session.app.checks.place('example.com');
    return variables;
  }),
  'an order of two names of which one is proved': state(async (session) => {
    const body = orderBody({ dcv_method: 'dns-txt-token' }, { dns_names: ['*.example.net'] });
    const variables = await placeOrder(session, { body });
    session.app.checks.place('example.net', 'dnsTxt');
    return variables;
  }),
  'an order without a CSR': state(async (session) => {
    const { organization = '' } = await addValidated(session);
    const body = orderBody({ organization: { id: Number(organization) } }, { csr: undefined });
    return placeOrder(session, { product: 'ssl_basic', body });
  }),
  'an order and a mail server': async (begin) => {
    const mail = createMailFake();
    const session = await begin({ mail });
    const variables = await placeOrder(session, { body: orderBody({ dcv_method: 'email' }) });
    await session.app.idle();
    return { session, variables: { csr: csrJson, ...variables } };
  },
  'an issued order': state((session) => issueOrder(session)),
  'an issued order and a mail server': state((session) => issueOrder(session), {
    mail: createMailFake(),
  }),
  'an issued order in a container': state(async (session) => {
    const { body } = await session.call('GET', '/container');
    return { ...(await issueOrder(session)), container: String(body.containers[0].id) };
  }),
  'an issued order with its own id': state((session) =>
    issueOrder(session, { body: orderBody({ alternative_order_id: 'ticket-4711' }) }),
  ),
  'an issued OV order': state(async (session) => {
    const { organization = '' } = await addValidated(session);
    const body = orderBody({
      organization: { id: Number(organization) },
      container: { id: 0 },
      additional_emails: ['team@example.com'],
      custom_renewal_message: 'Keep this renewed.',
      comments: 'Certificate for app server.',
    });
    const variables = await issueOrder(session, { product: 'ssl_plus', body });
    return { organization, ...variables };
  }),
  'an order with a note': state(async (session) => {
    const variables = await issueOrder(session);
    await added(session.call('POST', `/order/certificate/${variables.order}/note`, { text: 'for the shop' }));
    return variables;
  }),
  'an issued order and a custom field': state(async (session) => {
    await done(session.call('POST', '/account/metadata', { label: 'cost centre', data_type: 'int' }));
    const { body } = await session.call('GET', '/account/metadata');
    return { ...(await issueOrder(session)), metadata: String(body.metadata[0].id) };
  }),
  'a duplicate': state(async (session) => {
    const variables = await issueOrder(session);
    return { ...variables, ...(await duplicateOf(session, variables)) };
  }),
  'a reissued order': state(async (session) => {
    const variables = await issueOrder(session);
    await done(session.call('POST', `/order/certificate/${variables.order}/reissue`, orderBody()));
    await session.app.idle();
    return variables;
  }),
  'a reissue under way': state(async (session) => {
    const variables = await issueOrder(session);
    const body = orderBody({}, { dns_names: ['new.example.net'] });
    await done(session.call('POST', `/order/certificate/${variables.order}/reissue`, body));
    return variables;
  }),
  'an issued order of an account that approves by hand': state(async (session) => {
    const variables = await issueOrder(session, { body: orderBody({ skip_approval: true }) });
    return variables;
  }, manual),
  'a request that waits': state(
    (session) => placeOrder(session, { body: orderBody({ comments: 'Certificate for app server.' }) }),
    manual,
  ),
  'a request in two steps': state((session) => placeOrder(session), twoStep),
  'a request of the only administrator': state((session) => placeOrder(session), {
    account: { approval: 'manual', separatesDuties: true },
  }),
  'an approved request': state(async (session) => {
    const variables = await placeOrder(session);
    await done(
      session.call('PUT', `/request/${variables.request}/status`, { status: 'approved', processor_comment: 'fine' }),
    );
    return variables;
  }, manual),
  'a request for a duplicate': state(async (session) => {
    const variables = await issueOrder(session, { body: orderBody({ skip_approval: true }) });
    const reply = await session.call('POST', `/order/certificate/${variables.order}/duplicate`, orderBody());
    return { ...variables, request: String(reply.body.requests[0].id) };
  }, manual),
};
