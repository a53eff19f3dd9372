/**
 * A double of CertCentral, from its documents, recorded traffic and what its clients depend on (contract digicert 1 to 6): statuses and
 * `errors` lists, members left out where they are unknown, CRLF in chains, one random value for all names of an order.
 */
import type { Clock } from '../../../src/domain/ports/system.ts';
import { csrDerOf } from '../../../src/pki/csr.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { type Booked, type Books, createBooks, type Double, type Mishap, strangeState } from './books.ts';

export type DigicertOperation =
  | 'place'
  | 'alternate'
  | 'show'
  | 'reissue'
  | 'duplicate'
  | 'reissues'
  | 'duplicates'
  | 'validation'
  | 'randomValue'
  | 'checkDcv'
  | 'dcvMethod'
  | 'cancel'
  | 'revoke'
  | 'approve'
  | 'download'
  | 'products'
  | 'list'
  | 'domains'
  | 'organization';

type Fields = Readonly<Record<string, unknown>>;

/** A certificate of an order: `reference` is its own id, and those of one order have its `number`. */
export interface DigicertOrder extends Booked {
  readonly number: number;
  readonly certificateId: number;
  value: string;
  valueUntil: Date;
  /** A request of our key that another administrator has to decide. */
  request: 'submitted' | 'approved' | undefined;
}

export interface DigicertDouble extends Double<DigicertOperation, DigicertOrder> {
  /** It ignores `skip_approval`. */
  wantsApproval: boolean;
  /** Our key may not approve its own requests. */
  forbidsOwnApproval: boolean;
  /** Its lists and orders do not show the CSR. */
  hidesCsr: boolean;
  /** How long a random value holds. */
  valueDays: number;
  /** Pages of its lists. */
  pageSize: number;
  domains: readonly Fields[];
  organizations: Readonly<Record<string, Fields>>;
}

export const digicertKey = 'ABCDEF0123456789';

export const digicertProducts = [
  {
    name_id: 'ssl_dv_geotrust_flex',
    name: 'GeoTrust DV SSL',
    type: 'ssl_certificate',
    validation_type: 'dv',
    price: 149.5,
  },
  {
    name_id: 'ssl_securesite_flex',
    name: 'Secure Site OV',
    type: 'ssl_certificate',
    validation_type: 'ov',
    price: 399,
  },
  {
    name_id: 'ssl_ev_securesite_flex',
    name: 'Secure Site EV',
    type: 'ssl_certificate',
    validation_type: 'ev',
    price: 995,
  },
] as const;

class Refusal extends Error {
  readonly reply: Response;
  constructor(status: number, code: string, message = code) {
    super();
    this.reply = json(status, { errors: [{ code, message }] });
  }
}

const done = () => new Response(null, { status: 204 });

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

interface Input {
  readonly at: string;
  readonly body: Fields;
  readonly query: URLSearchParams;
  readonly mishap: Mishap | undefined;
}

type Act = (input: Input) => Response | Promise<Response>;

export function createDigicertDouble(clock: () => Pick<Clock, 'now'>): DigicertDouble {
  const routes: readonly (readonly [method: string, path: RegExp, operation: DigicertOperation, act: Act])[] = [
    ['POST', /^\/order\/certificate\/([a-z_]+)$/, 'place', ({ at, body }) => place(at, body)],
    ['GET', /^\/order\/alternate\/(.+)$/, 'alternate', ({ at, mishap }) => alternate(at, mishap)],
    ['GET', /^\/order\/certificate\/(\d+)$/, 'show', ({ at, mishap }) => json(200, shown(primaryOf(at), mishap))],
    ['POST', /^\/order\/certificate\/(\d+)\/reissue$/, 'reissue', ({ at, body }) => further(at, body, 'reissue')],
    ['POST', /^\/order\/certificate\/(\d+)\/duplicate$/, 'duplicate', ({ at, body }) => further(at, body, 'duplicate')],
    ['GET', /^\/order\/certificate\/(\d+)\/reissue$/, 'reissues', ({ at }) => listOf(at, 'reissue')],
    ['GET', /^\/order\/certificate\/(\d+)\/duplicate$/, 'duplicates', ({ at }) => listOf(at, 'duplicate')],
    ['GET', /^\/order\/certificate\/(\d+)\/validation$/, 'validation', ({ at }) => json(200, validationOf(newest(at)))],
    ['PUT', /^\/order\/certificate\/(\d+)\/dcv-random-value$/, 'randomValue', ({ at }) => randomValue(newest(at))],
    ['PUT', /^\/order\/certificate\/(\d+)\/check-dcv$/, 'checkDcv', ({ at }) => checkDcv(newest(at))],
    ['PUT', /^\/order\/certificate\/(\d+)\/dcv-method$/, 'dcvMethod', ({ at, body }) => dcvMethod(newest(at), body)],
    ['PUT', /^\/order\/certificate\/(\d+)\/status$/, 'cancel', ({ at, body }) => cancel(newest(at), body)],
    ['PUT', /^\/certificate\/([0-9a-fA-F]+)\/revoke$/, 'revoke', ({ at }) => revoke(at)],
    ['PUT', /^\/request\/(\d+)\/status$/, 'approve', ({ at }) => approve(at)],
    ['GET', /^\/certificate\/(\d+)\/download\/format\/pem_all$/, 'download', ({ at }) => download(at)],
    ['GET', /^\/product$/, 'products', () => json(200, { products: [...digicertProducts, mailProduct] })],
    ['GET', /^\/order\/certificate$/, 'list', ({ query }) => list(query)],
    ['GET', /^\/domain$/, 'domains', ({ query }) => paged('domains', double.domains, query)],
    ['GET', /^\/organization\/(\d+)\/validation$/, 'organization', ({ at }) => organization(at)],
  ];

  const books: Books<DigicertOperation, DigicertOrder> = createBooks(clock, async (request) => {
    const { pathname, searchParams: query } = new URL(request.url);
    const path = pathname.replace(/^\/services\/v2/, '');
    const route = routes.find(([method, pattern]) => method === request.method && pattern.test(path));
    if (route === undefined) throw new Error(`the vendor has no call ${request.method} ${request.url}`);
    const [method, pattern, operation, act] = route;
    const at = decodeURIComponent(pattern.exec(path)?.[1] ?? '');
    const body = method === 'GET' ? {} : ((await request.json()) as Fields);
    const isKnown = request.headers.get('x-dc-devkey') === digicertKey;
    return {
      operation,
      async act(mishap) {
        try {
          const code = 'access_denied|access_denied_invalid_key';
          if (!isKnown) throw new Refusal(403, code, 'Access denied due to access_denied_invalid_key.');
          return await act({ at, body, query, mishap });
        } catch (thrown) {
          if (thrown instanceof Refusal) return thrown.reply;
          throw thrown;
        }
      },
    };
  });
  const double: DigicertDouble = Object.assign(books, {
    wantsApproval: false,
    forbidsOwnApproval: false,
    hidesCsr: false,
    valueDays: 30,
    pageSize: 1000,
    domains: [],
    organizations: {},
  });

  const linesOf = (number: string) => books.orders.filter((line) => line.number === Number(number));

  function newest(number: string): DigicertOrder {
    const line = linesOf(number).findLast(({ kind }) => kind !== 'duplicate');
    if (line === undefined) throw new Refusal(404, 'not_found|order', 'The specified order was not found.');
    return line;
  }

  /** The one that the order shows: the newest that is issued, once there is one. */
  function primaryOf(number: string): DigicertOrder {
    const issued = linesOf(number).findLast(({ kind, state }) => kind !== 'duplicate' && state === 'issued');
    return issued ?? newest(number);
  }

  async function place(product: string, body: Fields): Promise<Response> {
    if (!digicertProducts.some(({ name_id }) => name_id === product)) throw new Refusal(404, 'not_found|product');
    if (typeof body.order_validity !== 'object') throw new Refusal(400, 'required_param:validity_years');
    const isDv = product.startsWith('ssl_dv');
    const { id, name } = (body.organization ?? {}) as { readonly id?: unknown; readonly name?: unknown };
    if (!isDv && !Number.isInteger(id) && typeof name !== 'string')
      throw new Refusal(400, 'required_param:organization');
    const kind = body.renewal_of_order_id === undefined ? 'new' : 'renewal';
    return take({ number: 1000 + books.taken, product, kind, body });
  }

  async function further(number: string, body: Fields, kind: 'reissue' | 'duplicate'): Promise<Response> {
    const before = newest(number);
    if (before.state !== 'issued') throw new Refusal(400, 'invalid_status', 'The order is not issued.');
    return take({ number: Number(number), product: before.product, kind, body });
  }

  async function take(of: {
    readonly number: number;
    readonly product: string;
    readonly kind: DigicertOrder['kind'];
    readonly body: Fields;
  }): Promise<Response> {
    const { number, product, kind, body } = of;
    const { common_name, dns_names, csr, signature_hash } = body.certificate as Fields;
    if (typeof csr !== 'string' || !csr.startsWith('-----BEGIN')) throw new Refusal(400, 'csr_invalid_cannot_parse');
    if (signature_hash !== 'sha256') throw new Refusal(400, 'required_param:signature_hash');
    if (books.isBroke) throw new Refusal(400, 'insufficient_funds', 'Insufficient funds.');
    const names = [...new Set([String(common_name), ...(dns_names as readonly string[])])];
    const isRelayed = body.dcv_method !== undefined;
    const isHeld = double.wantsApproval || body.skip_approval !== true;
    const certificateId = 50_000 + books.taken;
    const order: DigicertOrder = {
      reference: String(certificateId),
      number,
      certificateId,
      clientReference: typeof body.alternative_order_id === 'string' ? body.alternative_order_id : null,
      kind,
      product,
      names,
      placedAt: books.now(),
      csr: csrDerOf(csr),
      methods: new Map(names.map((name) => [name, String(body.dcv_method)])),
      wire: body,
      state: isHeld ? 'held' : isRelayed && !books.isProved ? 'unproved' : 'pending',
      certificate: undefined,
      isRevoked: false,
      ...newValue(),
      request: isHeld ? 'submitted' : undefined,
    };
    await books.add(order);
    if (isHeld) return json(201, { id: number, requests: [{ id: certificateId, status: 'pending' }] });
    return json(201, {
      id: number,
      certificate_id: certificateId,
      ...(isRelayed && body.dcv_method !== 'email' ? { dcv_random_value: order.value } : {}),
      ...(order.certificate === undefined ? {} : { certificate_chain: chainOf(order) }),
    });
  }

  function alternate(reference: string, mishap: Mishap | undefined): Response {
    const found = books.orders.filter(({ clientReference }) => clientReference === reference);
    if (found.length === 0 || mishap === 'notYet') throw new Refusal(404, 'not_found|order');
    const orders = found.map((order) => ({
      order_id: order.number,
      certificate_id: order.certificateId,
      status: statusOf(order),
    }));
    return json(200, { orders, page: { total: orders.length, limit: 1000, offset: 0 } });
  }

  function shown(line: DigicertOrder, mishap: Mishap | undefined): Fields {
    const further = newest(String(line.number));
    const isReissuing = further !== line && ['unproved', 'pending', 'held'].includes(further.state);
    const status = isReissuing ? 'reissue_pending' : statusOf(line);
    const base = {
      id: line.number,
      certificate: itemOf(line),
      status: mishap === 'garbage' ? strangeState : status,
    };
    if (mishap === 'bare') return base;
    return {
      ...base,
      is_renewal: false,
      date_created: timestamp(line.placedAt),
      organization: [],
      validity_years: 1,
      order_valid_till: '2027-06-01',
      container: { id: 5, name: 'Main', is_active: true },
      product: { name_id: line.product, name: line.product, type: 'ssl_certificate' },
      requests: linesOf(String(line.number)).flatMap((one) =>
        one.request === undefined
          ? []
          : [{ id: one.certificateId, date: timestamp(one.placedAt), type: typeOf(one), status: requestStatusOf(one) }],
      ),
      dcv_method: further.methods.get(further.names[0] ?? ''),
      alternative_order_id: line.clientReference,
    };
  }

  function itemOf(line: DigicertOrder): Fields {
    const { certificate, certificateId, names, csr } = line;
    return {
      id: certificateId,
      ...(certificate === undefined ? {} : { serial_number: certificate.serial.toUpperCase() }),
      common_name: names[0],
      dns_names: names,
      date_created: timestamp(line.placedAt),
      // Without its line breaks, as some clients send it.
      ...(double.hidesCsr || csr === null ? {} : { csr: encodePem('CERTIFICATE REQUEST', csr).replaceAll('\n', '') }),
      ...(line.isRevoked ? { status: 'revoked' } : {}),
    };
  }

  function listOf(number: string, kind: 'reissue' | 'duplicate'): Response {
    newest(number);
    const lines = linesOf(number).filter((line) => (kind === 'duplicate') === (line.kind === 'duplicate'));
    // Newest first; the list of reissues has the first certificate as well.
    const certificates = lines.toReversed().map((line) => ({ status: statusOf(line), ...itemOf(line) }));
    return json(200, { certificates });
  }

  function validationOf(line: DigicertOrder): Fields {
    const status = line.state === 'unproved' ? 'pending' : 'approved';
    const isStanding = line.wire.dcv_method === undefined;
    return {
      order_id: String(line.number),
      order_status: statusOf(line),
      ...(isStanding
        ? { organization_name: 'Example Ltd', organization_validations: [{ type: 'ov', status: 'active' }] }
        : {}),
      dns_name_validations: [
        { domain_id: '7', status: isStanding && books.isSlow ? 'pending' : status, dns_names: line.names },
      ],
    };
  }

  function newValue(): Pick<DigicertOrder, 'value' | 'valueUntil'> {
    const valueUntil = new Date(books.now().getTime() + double.valueDays * 86_400_000);
    return { value: Buffer.from(books.randomness.bytes(16)).toString('hex'), valueUntil };
  }

  function randomValue(line: DigicertOrder): Response {
    if (line.state !== 'unproved') throw new Refusal(400, 'invalid_status');
    // One that still holds is the same again (contract 3.1).
    if (books.now() >= line.valueUntil) Object.assign(line, newValue());
    return json(200, { dcv_random_value: line.value, expiration_date: timestamp(line.valueUntil) });
  }

  async function checkDcv(line: DigicertOrder): Promise<Response> {
    if (line.methods.get(line.names[0] ?? '') === 'email') throw new Refusal(400, 'invalid_dns_method');
    if (!books.isProved) {
      throw new Refusal(400, 'invalid_dns_txt', 'Could not find a valid TXT record for one or more domains.');
    }
    if (line.state === 'unproved') await books.accept(line);
    return json(200, { order_status: statusOf(line), dcv_status: 'valid', dns_name_validations: [] });
  }

  function dcvMethod(line: DigicertOrder, { dcv_method }: Fields): Response {
    if (line.state !== 'unproved') throw new Refusal(400, 'invalid_status');
    for (const name of line.names) line.methods.set(name, String(dcv_method));
    return dcv_method === 'email' ? done() : randomValue(line);
  }

  function cancel(line: DigicertOrder, { status, note }: Fields): Response {
    if (status !== 'canceled' || typeof note !== 'string') throw new Refusal(400, 'required_param:note');
    if (books.isStubborn || !['unproved', 'held'].includes(line.state)) throw new Refusal(400, 'invalid_status');
    line.state = 'cancelled';
    return done();
  }

  function revoke(at: string): Response {
    const serial = at.toLowerCase();
    const line = books.orders.find((one) => String(one.certificateId) === at || one.certificate?.serial === serial);
    if (line === undefined) throw new Refusal(404, 'not_found');
    if (line.state !== 'issued' || line.isRevoked) throw new Refusal(400, 'invalid_status');
    if (double.wantsApproval) return json(201, { id: line.certificateId, type: 'revoke', status: 'submitted' });
    books.revoke(line);
    return done();
  }

  function approve(at: string): Response {
    if (double.forbidsOwnApproval) throw new Refusal(403, 'access_denied|invalid_approver', 'You cannot approve it.');
    const line = books.orders.find((one) => String(one.certificateId) === at);
    if (line === undefined) throw new Refusal(404, 'not_found|request');
    books.revoke(line);
    return done();
  }

  function download(at: string): Response {
    const line = books.known(at);
    if (line === undefined) throw new Refusal(404, 'not_found');
    if (line.certificate === undefined) throw new Refusal(404, 'cert_unavailable_processing');
    const file = [line.certificate.der, ...line.certificate.chain].map((der) => encodePem('CERTIFICATE', der)).join('');
    return new Response(file, { headers: { 'content-type': 'application/x-pem-file' } });
  }

  function list(query: URLSearchParams): Response {
    const isLatestFirst = query.get('sort') === '-date_created';
    const orders = books.orders.filter(({ kind }) => kind === 'new' || kind === 'renewal');
    const items = (isLatestFirst ? orders.toReversed() : orders).map((line) => {
      const price = digicertProducts.find(({ name_id }) => name_id === line.product)?.price;
      return { ...shown(line, undefined), price };
    });
    return paged('orders', items, query);
  }

  function paged(member: string, items: readonly Fields[], query: URLSearchParams): Response {
    const offset = Number(query.get('offset') ?? 0);
    const limit = Math.min(Number(query.get('limit') ?? 1000), double.pageSize);
    return json(200, {
      [member]: items.slice(offset, offset + limit),
      page: { total: items.length, limit, offset },
    });
  }

  function organization(id: string): Response {
    const found = double.organizations[id];
    if (found === undefined) throw new Refusal(404, 'not_found|organization');
    return json(200, found);
  }

  return double;
}

const mailProduct = { name_id: 'client_premium', name: 'Premium', type: 'client_certificate' };

function statusOf({ state }: DigicertOrder): string {
  const words = { unproved: 'pending', held: 'needs_approval', pending: 'processing', refused: 'rejected' };
  if (state === 'cancelled') return 'canceled';
  return state === 'issued' ? 'issued' : words[state];
}

function typeOf({ kind }: DigicertOrder): string {
  return kind === 'reissue' || kind === 'duplicate' ? kind : 'new_request';
}

function requestStatusOf({ state }: DigicertOrder): string {
  if (state === 'held') return 'pending';
  return state === 'refused' || state === 'cancelled' ? 'rejected' : 'approved';
}

function chainOf({ certificate }: DigicertOrder): readonly Fields[] {
  const ders = certificate === undefined ? [] : [certificate.der, ...certificate.chain];
  return ders.map((der, index) => ({
    subject_common_name: `certificate ${index}`,
    pem: encodePem('CERTIFICATE', der).replaceAll('\n', '\r\n'),
  }));
}

function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+00:00`;
}
