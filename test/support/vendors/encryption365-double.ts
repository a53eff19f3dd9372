/**
 * A double of Encryption365, from its documents' samples and from what its clients read (contract encryption365 2 to 4): HTTP 200 always,
 * texts in place of codes, `dcv_info` sorted by name and made of CSR and `unique_id`, links of wildcards with their star, and a reissue
 * under the number of its order.
 */
import { hash } from 'node:crypto';
import { identifierOf, isIp } from '../../../src/domain/identifier.ts';
import { constructedAddresses } from '../../../src/domain/mailbox.ts';
import type { Clock } from '../../../src/domain/ports/system.ts';
import { csrDerOf } from '../../../src/pki/csr.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { type Booked, type Books, createBooks, type Double, type Mishap, strangeState } from './books.ts';

const paths = {
  products: '/account/products',
  account: '/account/details',
  create: '/cert/create',
  details: '/cert/details',
  challenge: '/cert/challenge',
  reissue: '/cert/reissue',
  revoke: '/cert/revoke',
  changeMethod: '/cert/change_dcv',
} as const;

export type Encryption365Operation = keyof typeof paths;

type Fields = Readonly<Record<string, unknown>>;

export interface Encryption365Order extends Booked {
  csr: Uint8Array;
  uniqueId: string;
  /** The certificate before the reissue that is under way. */
  before: Booked['certificate'];
  /** Each time that it was paid for: the request as it came. */
  readonly purchases: Fields[];
  /** Names that it has accepted. */
  readonly verified: Set<string>;
}

export interface Encryption365Double extends Double<Encryption365Operation, Encryption365Order> {
  /** The key that marks an error: documents and clients disagree. */
  errorsIn: 'result' | 'status';
  /** No challenges yet: PHP's empty object. */
  isEntering: boolean;
  /** While a reissue is under way some of its answers are those of before. */
  isStale: boolean;
  /** What a call is refused with, from now on. */
  refusal: string | undefined;
  /** What is changed in every reply to details. */
  change: (reply: Fields) => Fields;
}

export const encryption365Keys = {
  client_id: 'efcbbdff-e4e0-4ac0-a5af-1f3b',
  access_token: '032b12f8abcba61c02e0572f476b300',
};

const suffixes = createPublicSuffixes();
const firstNumber = 52295091;
const samplePrices = { '100': { fqdn: 0, wildcard: 0 }, '108': { fqdn: 256, wildcard: 750 } } as const;

const isOperation = (text: string | undefined): text is Encryption365Operation =>
  text !== undefined && Object.hasOwn(paths, text);

class Refusal extends Error {}

export function createEncryption365Double(clock: () => Pick<Clock, 'now'>): Encryption365Double {
  const acts: Readonly<
    Record<Encryption365Operation, (fields: Fields, mishap: Mishap | undefined) => Promise<Fields> | Fields>
  > = {
    products: () => ({
      result: 'success',
      products: {
        '100': productOf(
          { title: '免费版 SSL 证书', term: '90天', isFree: true, period: 'quarterly' },
          samplePrices['100'],
        ),
        '108': productOf(
          { title: '正式版 SSL 证书', term: '1年', isFree: false, period: 'annually' },
          samplePrices['108'],
        ),
      },
    }),
    account: () => ({ result: 'success', credit: '1006.50' }),
    async create(fields) {
      const { pid, renew, old_vendor_id: before } = fields;
      const product = String(pid);
      if (!Object.hasOwn(samplePrices, product)) throw new Refusal('产品不存在');
      const isRenewal = renew === true;
      if (isRenewal && books.known(String(before)) === undefined) throw new Refusal('old_vendor_id 错误');
      if (books.isBroke) throw new Refusal('账户余额不足');
      const order: Encryption365Order = {
        reference: String(firstNumber + books.taken),
        clientReference: null,
        kind: isRenewal ? 'renewal' : 'new',
        product,
        names: namesOf(fields),
        placedAt: books.now(),
        csr: csrDerOf(String(fields.csr_code)),
        uniqueId: newUniqueId(),
        before: undefined,
        methods: new Map(),
        wire: fields,
        purchases: [fields],
        verified: new Set(),
        state: 'unproved',
        certificate: undefined,
        isRevoked: false,
      };
      return placed(await books.add(order));
    },
    details({ trustocean_id: number }, mishap) {
      const order = known(number);
      const shown = double.isStale && order.before !== undefined ? order.before : order.certificate;
      const cert_status =
        mishap === 'garbage' ? strangeState : double.isStale && order.before ? 'issued_active' : statusOf(order);
      const certificate = {
        cert_code: shown === undefined ? null : crlf(encodePem('CERTIFICATE', shown.der)),
        // The root first.
        ca_code:
          shown === undefined
            ? null
            : shown.chain
                .toReversed()
                .map((der) => crlf(encodePem('CERTIFICATE', der)))
                .join(''),
      };
      if (mishap === 'bare') return { cert_status, ...certificate, dcv_info: dcvInfoOf(order) };
      return double.change({
        result: 'success',
        cert_status,
        trustocean_id: Number(order.reference),
        product_name: '正式版 SSL 证书',
        domain_count: order.names.length,
        ...certificate,
        created_at: beijing(order.placedAt),
        expire_at: shown === undefined ? null : '2027-06-01 07:59:59',
        domains: order.names,
        dcv_info: dcvInfoOf(order),
      });
    },
    async challenge({ trustocean_id: number }) {
      const order = known(number);
      if (order.state !== 'unproved') throw new Refusal('Order not in enroll status');
      if (books.isProved) await double.prove(order.reference);
      return { result: 'success', status: 'success' };
    },
    reissue(fields) {
      const order = known(fields.trustocean_id);
      if (statusOf(order) !== 'issued_active') {
        throw new Refusal('Cannot reissue this order now, your order not in Issued_Active status');
      }
      order.csr = csrDerOf(String(fields.csr_code));
      order.names = namesOf(fields);
      order.uniqueId = newUniqueId();
      order.before = order.certificate;
      order.certificate = undefined;
      order.state = 'unproved';
      order.verified.clear();
      order.purchases.push(fields);
      return placed(order);
    },
    revoke({ trustocean_id: number }) {
      const order = known(number);
      if (statusOf(order) !== 'issued_active') {
        throw new Refusal('This order cnanot be revoked, because this order is not in Issued_Active status.');
      }
      books.revoke(order);
      return { result: 'success', status: 'success' };
    },
    changeMethod({ trustocean_id: number, domain, method }) {
      const order = known(number);
      const name = String(domain);
      const addresses = constructedAddresses(identifierOf(name), suffixes);
      const isKnown = ['http', 'https', 'dns'].includes(String(method)) || addresses.includes(String(method));
      if (!order.names.includes(name) || !isKnown) throw new Refusal('验证方式错误');
      order.methods.set(name, String(method));
      return { status: 'success' };
    },
  };

  const books: Books<Encryption365Operation, Encryption365Order> = createBooks(clock, async (request) => {
    const { pathname } = new URL(request.url);
    const operation = Object.keys(paths).find((name) => isOperation(name) && paths[name] === pathname);
    if (request.method !== 'POST' || !isOperation(operation)) throw new Error(`the vendor has no call ${request.url}`);
    const { client_id, access_token, ...fields } = (await request.json()) as Fields;
    const isKnown = client_id === encryption365Keys.client_id && access_token === encryption365Keys.access_token;
    return {
      operation,
      act: async (mishap) => Response.json(await answer(operation, isKnown ? fields : undefined, mishap)),
    };
  });
  const double: Encryption365Double = Object.assign(books, {
    errorsIn: 'result' as const,
    isEntering: false,
    isStale: false,
    refusal: undefined,
    change: (reply: Fields) => reply,
  });
  const accept = books.accept;
  books.accept = async (order) => {
    for (const name of order.names) order.verified.add(name);
    await accept(order);
  };
  const issue = books.issue;
  books.issue = async (order) => {
    await issue(order);
    order.before = undefined;
  };

  async function answer(
    operation: Encryption365Operation,
    fields: Fields | undefined,
    mishap: Mishap | undefined,
  ): Promise<Fields> {
    try {
      if (fields === undefined) throw new Refusal('access_token 无效');
      if (double.refusal !== undefined) throw new Refusal(double.refusal);
      return await acts[operation](fields, mishap);
    } catch (thrown) {
      if (thrown instanceof Refusal) return { [double.errorsIn]: 'error', message: thrown.message };
      throw thrown;
    }
  }

  function known(number: unknown): Encryption365Order {
    const order = books.known(String(number));
    if (order === undefined) throw new Refusal('订单不存在');
    return order;
  }

  function newUniqueId(): string {
    return `cab${Buffer.from(books.randomness.bytes(4)).toString('hex')}`;
  }

  function placed(order: Encryption365Order): Fields {
    const { fqdn, wildcard } = samplePrices[order.product as keyof typeof samplePrices];
    return {
      result: 'success',
      cert_status: 'enroll_caprocessing',
      dcv_info: dcvInfoOf(order),
      unique_id: order.uniqueId,
      created_at: beijing(books.now()),
      trustocean_id: Number(order.reference),
      csr_code: crlf(encodePem('CERTIFICATE REQUEST', order.csr)),
      contact_email: 'enc365@qiaokr.com',
      domains: order.names,
      total_fees: order.names.reduce((sum, name) => sum + (name.startsWith('*.') ? wildcard : fqdn), 0),
    };
  }

  function dcvInfoOf(order: Encryption365Order): unknown {
    if (double.isEntering) return [];
    return Object.fromEntries(order.names.toSorted().map((name) => [name, entryOf(order, name)]));
  }

  return double;
}

function entryOf({ csr, uniqueId, methods, verified }: Encryption365Order, name: string): Fields {
  const [md5, sha256] = [hash('md5', csr, 'hex'), hash('sha256', csr, 'hex')];
  const identifier = identifierOf(name);
  const isAddress = isIp(identifier);
  const base = name.replace(/^\*\./, '');
  const topdomain = isAddress ? base : (suffixes.registrableDomain(base) ?? base);
  const subdomain = base === topdomain ? null : base.slice(0, -topdomain.length - 1);
  const fileName = `${md5.toUpperCase()}.txt`;
  const content = `${sha256}\r\ncomodoca.com\r\n${uniqueId}`;
  const link = `://${name}/.well-known/pki-validation/${fileName}`;
  const method = methods.get(name) ?? 'http';
  const isMail = method.includes('@');
  return {
    domain: name,
    emails: constructedAddresses(identifier, suffixes),
    method: isMail ? 'email' : method,
    status: verified.has(name) ? 'verified' : 'needverification',
    domainmd5hash: hash('md5', name, 'hex'),
    isip: isAddress,
    subdomain,
    topdomain,
    dns_host: subdomain === null ? `_${md5}` : `_${md5}.${subdomain}`,
    dns_type: 'CNAME',
    dns_value: `${sha256.slice(0, 32)}.${sha256.slice(32)}.${uniqueId}.comodoca.com`,
    http_verifylink: `http${link}`,
    http_filename: fileName,
    http_filecontent: content,
    https_verifylink: `https${link}`,
    https_filename: fileName,
    https_filecontent: content,
    email: isMail ? method : null,
  };
}

function productOf(own: Fields, price: Fields): Fields {
  return {
    ...own,
    useage: '试用',
    class: 'DV',
    brand: '环智中诚',
    support: false,
    level: 'dv',
    price,
    normal_price: price,
  };
}

function namesOf({ domains }: Fields): string[] {
  return String(domains).split(',');
}

function statusOf({ state, isRevoked }: Booked): string {
  if (isRevoked) return 'revoked';
  if (state === 'issued') return 'issued_active';
  if (state === 'refused') return 'rejected';
  return state === 'cancelled' ? 'cancelled' : 'enroll_caprocessing';
}

function crlf(pem: string): string {
  return pem.replaceAll('\n', '\r\n');
}

function beijing(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
