/**
 * A double of httpsok's OpenAPI, from its document (contract httpsok 1A): an envelope with HTTP 200, hosts relative to the registrable domain,
 * one record for a name and its wildcard, ids as texts here and as numbers there, and a key in SEC1. Failed applications and
 * errors are in no document: those are made up.
 */
import { hash } from 'node:crypto';
import type { Clock } from '../../../src/domain/ports/system.ts';
import { generateKey, type PrivateKeyFormat, privateKeyPem } from '../../../src/pki/key.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { type Booked, type Books, createBooks, type Double, type Mishap, strangeState } from './books.ts';

export type HttpsokOperation = 'dv' | 'apply' | 'show';

type Fields = Readonly<Record<string, unknown>>;

export interface HttpsokOrder extends Booked {
  readonly privateKeyPkcs8: Uint8Array;
}

export interface HttpsokDouble extends Double<HttpsokOperation, HttpsokOrder> {
  /** Names whose CNAME stands; with `isProved` all do. */
  readonly delegated: Set<string>;
  keyFormat: PrivateKeyFormat;
  /** What a call is refused with, from now on: its HTTP status, code and text. */
  refusal: { readonly status?: number; readonly code?: unknown; readonly msg?: string } | undefined;
  /** What is changed in every `data` of an application. */
  change: (data: Fields) => Fields;
}

export const httpsokKey = '0123456789abcdef00112233445566778899aabbccddeeff';

const suffixes = createPublicSuffixes();
const firstId = 236417;

class Refusal extends Error {
  readonly code: unknown;
  constructor(code: unknown, message: string) {
    super(message);
    this.code = code;
  }
}

export function createHttpsokDouble(clock: () => Pick<Clock, 'now'>): HttpsokDouble {
  const books: Books<HttpsokOperation, HttpsokOrder> = createBooks(clock, async (request) => {
    const { pathname } = new URL(request.url);
    const operation = operationOf(request.method, pathname);
    const fields = request.method === 'POST' ? ((await request.json()) as Fields) : { id: pathname.split('/').at(-1) };
    const isKnown = request.headers.get('OpenApiKey') === httpsokKey;
    return { operation, act: (mishap) => answer(operation, isKnown ? fields : undefined, mishap) };
  });
  const double: HttpsokDouble = Object.assign(books, {
    delegated: new Set<string>(),
    keyFormat: 'sec1' as const,
    refusal: undefined,
    change: (data: Fields) => data,
  });

  async function answer(
    operation: HttpsokOperation,
    fields: Fields | undefined,
    mishap: Mishap | undefined,
  ): Promise<Response> {
    const traceId = Buffer.from(books.randomness.bytes(16)).toString('hex');
    const { refusal } = double;
    if (refusal !== undefined) {
      return Response.json(
        { code: refusal.code, msg: refusal.msg, data: null, traceId },
        { status: refusal.status ?? 200 },
      );
    }
    try {
      if (fields === undefined) throw new Refusal(401, 'OpenApiKey错误');
      return Response.json({ code: 0, msg: 'success', data: await acts[operation](fields, mishap), traceId });
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return Response.json({ code: thrown.code, msg: thrown.message, data: null, traceId });
    }
  }

  const isValid = (base: string) => books.isProved || double.delegated.has(base);

  const acts = {
    dv({ domainList }, mishap) {
      const names = namesOf(domainList);
      const firstOf = new Map(names.toReversed().map((name) => [baseOf(name), name]));
      const bases = [...new Set(names.map(baseOf))];
      const configs = bases.map((base) => {
        const top = suffixes.registrableDomain(base) ?? base;
        const sub = base === top ? '' : `.${base.slice(0, -top.length - 1)}`;
        const hostValue = `${hash('sha256', base, 'hex').slice(0, 16)}.httpsok.com`;
        return { domain: firstOf.get(base), host: `_acme-challenge${sub}`, hostValue, valid: isValid(base) };
      });
      return { configs: mishap === 'bare' ? configs.slice(1) : configs, valid: bases.every(isValid) };
    },
    async apply(fields) {
      const names = namesOf(fields.domainList);
      if (!names.map(baseOf).every(isValid)) throw new Refusal(1001, '域名验证未通过');
      const key = await generateKey(
        fields.algorithm === 'RSA' ? { type: 'rsa', bits: 2048 } : { type: 'ec', curve: 'P-256' },
      );
      const order: HttpsokOrder = {
        reference: String(firstId + books.taken),
        clientReference: null,
        kind: 'new',
        product: String(fields.ca),
        names,
        placedAt: books.now(),
        csr: null,
        spkiDer: key.spkiDer,
        privateKeyPkcs8: key.privateKeyPkcs8,
        methods: new Map(),
        wire: fields,
        state: 'pending',
        certificate: undefined,
        isRevoked: false,
      };
      return (await books.add(order)).reference;
    },
    show({ id }, mishap) {
      const order = books.known(String(id));
      if (order === undefined) throw new Refusal(1, '申请记录不存在');
      return double.change(mishap === 'garbage' ? { ...shown(order), status: strangeState } : shown(order));
    },
  } as const satisfies Record<HttpsokOperation, (fields: Fields, mishap: Mishap | undefined) => unknown>;

  function shown({ reference, names, state, certificate, privateKeyPkcs8, product, wire }: HttpsokOrder): Fields {
    const id = Number(reference);
    const domains = names.join(',');
    if (state === 'refused') return { id, status: 3, domains, certificate: '', privateKey: '', progress: 0 };
    if (certificate === undefined) return { id, status: 2, domains, progress: 75 };
    return {
      id,
      status: 1,
      algorithm: wire.algorithm,
      ca: product,
      name: names[0],
      domains,
      notBefore: '2024-12-10 23:26:04',
      notAfter: '2025-03-10 23:26:03',
      certificate: [certificate.der, ...certificate.chain].map((der) => encodePem('CERTIFICATE', der)).join(''),
      privateKey: privateKeyPem(privateKeyPkcs8, wire.algorithm === 'RSA' ? 'pkcs1' : double.keyFormat),
      fingerprints: hash('sha256', certificate.der, 'hex'),
      progress: 100,
    };
  }

  return double;
}

function operationOf(method: string, path: string): HttpsokOperation {
  if (method === 'POST' && path === '/v1/cert/dv') return 'dv';
  if (method === 'POST' && path === '/v1/cert/apply') return 'apply';
  if (method === 'GET' && /^\/v1\/cert\/apply\/[^/]+$/.test(path)) return 'show';
  throw new Error(`the vendor has no call ${method} ${path}`);
}

function namesOf(domainList: unknown): string[] {
  return Array.isArray(domainList) ? domainList.map(String) : [];
}

function baseOf(name: string): string {
  return name.replace(/^\*\./, '');
}
