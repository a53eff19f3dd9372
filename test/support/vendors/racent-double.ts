/**
 * A double of Racent's live service, from its documents, its WHMCS modules' samples and what authors of clients have recorded (contract
 * racent 2.2 to 2.4): errors by field with HTTP 200, an order number of digits and letters, times of Beijing, and challenges that are
 * hashes of the CSR, or for products of DigiCert's family a random token.
 */
import type { Clock } from '../../../src/domain/ports/system.ts';
import { csrDerOf, csrHashes } from '../../../src/pki/csr.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { type Booked, type Books, createBooks, type Double, type Mishap, strangeState } from './books.ts';

export type RacentOperation =
  | 'place'
  | 'renew'
  | 'replace'
  | 'collect'
  | 'certIdByrefId'
  | 'batchUpdateDCV'
  | 'updateDCV'
  | 'removeMdcDomain'
  | 'cancel'
  | 'revoke'
  | 'productList'
  | 'list';

type Fields = Readonly<Record<string, unknown>>;

export interface RacentOrder extends Booked {
  /** Of DigiCert's family: one random value. Null: hashes of the CSR. */
  readonly token: string | null;
  readonly params: Fields;
  readonly addresses: Map<string, string>;
  /** Another one has taken its place. */
  isSuperseded: boolean;
}

export interface RacentDouble extends Double<RacentOperation, RacentOrder> {
  /** It wants a vendor named in `productList`, as its document says. */
  wantsVendor: boolean;
  /** Orders are not entered at the CA yet: their challenges are hidden. */
  isEntering: boolean;
  /** What each line of `productList` says besides. */
  productFields: Fields;
}

export const racentToken = 'b7c1f0d2e94a4f0f8a7d';

export const racentProducts = [
  { code: 'positivessl', productName: 'PositiveSSL DV', validationType: 'dv', vendor: 'Sectigo', amount: 39.5 },
  { code: 'positivessl-ov', productName: 'PositiveSSL OV', validationType: 'ov', vendor: 'Sectigo', amount: 199 },
  { code: 'geotrust-flex', productName: 'GeoTrust Flex', validationType: 'dv', vendor: 'Digicert', amount: 88.01 },
] as const;

const methods = ['EMAIL', 'HTTP_CSR_HASH', 'HTTPS_CSR_HASH', 'CNAME_CSR_HASH'];
const sixFields = ['Name', 'Address', 'City', 'Country', 'PostCode', 'Mobile'].map((field) => `organization${field}`);
const contactFields = ['organation', 'address', 'city', 'state', 'postCode', 'country'];

/** A refusal of the live service: lists of texts by field. */
class Refusal extends Error {
  readonly reply: Fields;
  constructor(code: number, errors: Readonly<Record<string, readonly string[]>>) {
    super();
    this.reply = { code, errors };
  }
}

export function createRacentDouble(clock: () => Pick<Clock, 'now'>): RacentDouble {
  type Act = (fields: Fields, mishap: Mishap | undefined) => Fields | Promise<Fields>;

  const acts: Readonly<Record<RacentOperation, Act>> = {
    async place(fields) {
      const product = racentProducts.find(({ code }) => code === fields.productCode);
      if (product === undefined) throw new Refusal(-3, { productCode: ['product or product price wrong'] });
      return placed(await take(fields, 'new', { product: product.code, params: paramsOf(fields) }));
    },
    async renew(fields) {
      const { product } = known(fields.renewId, 'renewId');
      return placed(await take(fields, 'renewal', { product, params: paramsOf(fields) }));
    },
    async replace(fields) {
      const before = known(fields.certId);
      if (before.state !== 'issued' || before.isRevoked)
        throw new Refusal(-7, { certId: ['certificate status error'] });
      const params = { ...before.params, ...paramsOf(fields) };
      const names = domainsOf(params).map(({ domainName }) => domainName);
      if (names.toSorted().join() !== before.names.toSorted().join()) {
        throw new Refusal(-1, { csr: ['the domain names must be the same as those of the original CSR'] });
      }
      const order = await take(fields, 'reissue', { product: before.product, params });
      before.isSuperseded = true;
      return placed(order);
    },
    collect: ({ certId }, mishap) => collected(known(certId), mishap),
    certIdByrefId({ refId }, mishap) {
      const order = books.orders.findLast(({ clientReference }) => clientReference === refId);
      if (order === undefined || mishap === 'notYet') throw new Refusal(-1, { refId: ['refId not found'] });
      return { code: 1, data: { certId: order.reference } };
    },
    async batchUpdateDCV({ certId }) {
      const order = known(certId);
      requireUnproved(order);
      if (books.isProved) await books.accept(order);
      return { code: 1 };
    },
    async updateDCV({ certId, domainName, dcvMethod, dcvEmail }) {
      const order = known(certId);
      requireUnproved(order);
      if (!order.names.includes(String(domainName))) throw new Refusal(-1, { domainName: ['domainName invalid'] });
      setMethod(order, { domainName: String(domainName), dcvMethod, dcvEmail });
      return { code: 1, data: dcvFieldsOf(order) };
    },
    removeMdcDomain({ certId, domainName }) {
      const order = known(certId);
      requireUnproved(order);
      const left = order.names.filter((name) => name !== domainName);
      if (left.length === order.names.length) throw new Refusal(-1, { domainName: ['domainName invalid'] });
      if (left.length === 0) throw new Refusal(-1, { domainName: ['the last domain cannot be removed'] });
      order.names = left;
      return { code: 1 };
    },
    cancel({ certId, reason }) {
      const order = known(certId);
      if (typeof reason !== 'string' || reason === '') throw new Refusal(-1, { reason: ['reason is required'] });
      if (order.state === 'cancelled') throw new Refusal(-8, { certId: ['order cancelled'] });
      if (books.isStubborn) throw new Refusal(-6, { ca: ['cancel failed'] });
      if (order.state === 'issued') books.revoke(order);
      order.state = 'cancelled';
      return { code: 1 };
    },
    revoke({ certId, reason }) {
      const order = known(certId);
      if (typeof reason !== 'string' || reason === '') throw new Refusal(-1, { reason: ['reason is required'] });
      if (order.state !== 'issued' || order.isRevoked) throw new Refusal(-7, { certId: ['certificate status error'] });
      books.revoke(order);
      return { code: 1 };
    },
    productList({ vendor }) {
      if (vendor === undefined && double.wantsVendor) throw new Refusal(-1, { vendor: ['vendor is required'] });
      const found = racentProducts.filter((product) => vendor === undefined || product.vendor === vendor);
      if (found.length === 0) throw new Refusal(-1, { vendor: ['vendor invalid'] });
      const lines = found.map(({ code, productName }) => ({ code, productName, supportWildcard: 'Y' }));
      return { code: 1, data: lines.map((line) => ({ ...line, ...double.productFields })) };
    },
    list: () => ({ code: 1, data: books.orders.toReversed().map(listed) }),
  };

  const books: Books<RacentOperation, RacentOrder> = createBooks(clock, async (request) => {
    const name = new URL(request.url).pathname.replace('/ssl/', '');
    const isKnown = (text: string): text is RacentOperation => Object.hasOwn(acts, text);
    if (request.method !== 'POST' || !isKnown(name)) throw new Error(`the vendor has no call ${request.url}`);
    const fields = (await request.json()) as Fields;
    return { operation: name, act: async (mishap) => Response.json(await answer(name, fields, mishap)) };
  });
  const double: RacentDouble = Object.assign(books, { wantsVendor: false, isEntering: false, productFields: {} });

  async function answer(name: RacentOperation, fields: Fields, mishap: Mishap | undefined): Promise<Fields> {
    try {
      if (fields.api_token !== racentToken) throw new Refusal(400, { api_token: ['api_token invalid'] });
      return await acts[name](fields, mishap);
    } catch (thrown) {
      if (thrown instanceof Refusal) return thrown.reply;
      throw thrown;
    }
  }

  function known(certId: unknown, field = 'certId'): RacentOrder {
    const order = books.known(String(certId));
    if (order === undefined) throw new Refusal(-1, { [field]: [`${field} not found`] });
    return order;
  }

  async function take(
    fields: Fields,
    kind: RacentOrder['kind'],
    { product, params }: { readonly product: string; readonly params: Fields },
  ): Promise<RacentOrder> {
    if (kind !== 'reissue' && !(Number.isInteger(fields.years) && Number(fields.years) >= 1)) {
      throw new Refusal(-1, { years: ['years is required'] });
    }
    checkPeople(product, params);
    if (books.isBroke) throw new Refusal(-4, { balance: ['insufficient balance'] });
    const domains = domainsOf(params);
    const order: RacentOrder = {
      reference: numberOf(books.taken + 1),
      clientReference: typeof fields.refId === 'string' ? fields.refId : null,
      kind,
      product,
      names: domains.map(({ domainName }) => domainName),
      placedAt: books.now(),
      csr: csrDerOf(String(params.csr)),
      methods: new Map(),
      addresses: new Map(),
      wire: fields,
      params,
      token: product.endsWith('-flex') ? `_${Buffer.from(books.randomness.bytes(16)).toString('hex')}` : null,
      state: 'unproved',
      certificate: undefined,
      isRevoked: false,
      isSuperseded: false,
    };
    for (const domain of domains) setMethod(order, domain);
    return books.add(order);
  }

  /** `260113vghhracpaw`: the day in Beijing and ten letters and digits. */
  function numberOf(index: number): string {
    return `${beijing(books.now()).slice(2, 10).replaceAll('-', '')}vghhr${String(index).padStart(5, '0')}`;
  }

  function placed(order: RacentOrder): Fields {
    const fields = double.isEntering ? empty : dcvFieldsOf(order);
    return { code: 1, data: { certId: order.reference, vendorId: '', vendorCertId: '', ...fields } };
  }

  function collected(order: RacentOrder, mishap: Mishap | undefined): Fields {
    const { certificate } = order;
    const pem = (der: Uint8Array) => encodePem('CERTIFICATE', der).replaceAll('\n', '\r\n');
    const status = mishap === 'garbage' ? strangeState : statusOf(order);
    const shown = certificate !== undefined && order.state !== 'pending';
    const bare = {
      certificate: shown ? pem(certificate.der) : '',
      // The root first, and the certificate once more.
      caCertificate: shown ? [...certificate.chain.toReversed(), certificate.der].map(pem).join('') : '',
    };
    if (mishap === 'bare') return { code: 1, status, data: { ...bare, ...dcvFieldsOf(order) } };
    const isProved = !['unproved', 'held'].includes(order.state);
    return {
      code: 1,
      status,
      certStatus: status,
      data: {
        beginDate: '2026-06-01 08:00:00',
        endDate: '2026-12-17 07:59:59',
        dueDate: '2027-06-01 07:59:59',
        ...bare,
        privateKey: '',
        rsaPrivateKey: '',
        jks: '',
        pkcs12: '',
        jksPass: '',
        pkcsPass: '',
        vendorId: '1592148431',
        vendorCertId: '1592148431',
        certPath: '',
        ...(double.isEntering ? empty : dcvFieldsOf(order)),
        application: { status: double.isEntering ? 'ongoing' : 'done' },
        dcv: { status: isProved ? 'done' : 'notdone' },
        issued: { status: order.state === 'issued' ? 'done' : 'notdone' },
        dcvList: order.names.map((name) => ({
          domainName: name,
          dcvMethod: order.methods.get(name),
          dcvEmail: order.addresses.get(name) ?? '',
          is_verify: isProved ? 'verified' : '',
        })),
        applyParams: JSON.stringify(order.params),
      },
    };
  }

  return double;
}

function requireUnproved({ state }: RacentOrder): void {
  if (state === 'pending') throw new Refusal(-6, { ca: ['CA request failed'] });
  if (state !== 'unproved') throw new Refusal(-5, { certId: ['order status error'] });
}

function paramsOf({ params }: Fields): Fields {
  if (typeof params !== 'string') throw new Refusal(-1, { params: ['params must be a JSON string'] });
  return JSON.parse(params) as Fields;
}

interface Domain {
  readonly domainName: string;
  readonly dcvMethod?: unknown;
  readonly dcvEmail?: unknown;
}

function domainsOf({ domainInfo }: Fields): readonly Domain[] {
  if (!Array.isArray(domainInfo) || domainInfo.length === 0) {
    throw new Refusal(-1, { domainInfo: ['domainInfo is required'] });
  }
  return domainInfo as readonly Domain[];
}

function checkPeople(product: string, { csr, Administrator, tech, finance, organizationInfo }: Fields): void {
  if (typeof csr !== 'string' || !csr.startsWith('-----BEGIN')) throw new Refusal(-1, { csr: ['csr invalid'] });
  if (Administrator === undefined) throw new Refusal(-1, { Administrator: ['Administrator is required'] });
  if (!product.endsWith('-ov')) return;
  // An object without members is none, as the live service has it.
  const organization = (organizationInfo ?? {}) as Fields;
  const missing = sixFields.find((field) => !organization[field]);
  if (missing !== undefined) throw new Refusal(-1, { organizationInfo: [`${missing} is required`] });
  for (const [role, contact] of Object.entries({ Administrator, tech, finance })) {
    const wanting = contactFields.find((field) => !(contact as Fields | undefined)?.[field]);
    if (wanting !== undefined) throw new Refusal(-1, { [`${role}.${wanting}`]: [`${role}.${wanting} is required`] });
  }
}

function setMethod(order: RacentOrder, { domainName, dcvMethod, dcvEmail }: Domain): void {
  const isWildcardFile = domainName.startsWith('*.') && String(dcvMethod).startsWith('HTTP');
  if (!methods.includes(String(dcvMethod)) || isWildcardFile)
    throw new Refusal(-1, { dcvMethod: ['dcvMethod invalid'] });
  if (dcvMethod === 'EMAIL' && !dcvEmail) throw new Refusal(-1, { dcvEmail: ['dcvEmail is required'] });
  order.methods.set(domainName, String(dcvMethod));
  if (dcvMethod === 'EMAIL') order.addresses.set(domainName, String(dcvEmail));
}

const empty = {
  DCVfileName: '',
  DCVfileContent: '',
  DCVfilePath: '',
  DCVdnsHost: '',
  DCVdnsValue: '',
  DCVdnsType: '',
};

function dcvFieldsOf({ token, csr, names }: RacentOrder): Fields {
  const [first = ''] = names;
  const folder = `http://${first.replace('*.', '')}/.well-known/pki-validation/`;
  if (token !== null) {
    return {
      DCVfileName: 'fileauth.txt',
      DCVfileContent: token,
      DCVfilePath: `${folder}fileauth.txt`,
      DCVdnsHost: '_dnsauth',
      DCVdnsValue: token,
      DCVdnsType: 'TXT',
    };
  }
  const { md5, sha256 } = csrHashes(csr ?? new Uint8Array());
  const fileName = `${md5.toUpperCase()}.txt`;
  return {
    DCVfileName: fileName,
    DCVfileContent: `${sha256}\nsectigo.com`,
    DCVfilePath: folder + fileName,
    DCVdnsHost: `_${md5}`,
    DCVdnsValue: `${sha256.slice(0, 32)}.${sha256.slice(32)}.sectigo.com`,
    DCVdnsType: 'CNAME',
  };
}

function statusOf({ state, isRevoked, isSuperseded }: RacentOrder): string {
  if (isRevoked || state === 'cancelled') return 'CANCELLED';
  if (state === 'refused') return 'FAILED';
  if (state !== 'issued') return 'PENDING';
  return isSuperseded ? 'REISSUED' : 'COMPLETE';
}

function listed(order: RacentOrder): Fields {
  const product = racentProducts.find(({ code }) => code === order.product);
  return {
    certId: order.reference,
    status: statusOf(order),
    commonName: order.names[0],
    domains: order.names,
    period: '1year',
    beginDate: '',
    endDate: '',
    productName: product?.productName,
    productCode: order.product,
    brand: product?.vendor,
    amount: product?.amount,
    orderNum: `N${order.reference}`,
    created: beijing(order.placedAt),
  };
}

function beijing(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
