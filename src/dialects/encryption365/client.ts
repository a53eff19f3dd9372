/**
 * The client half: any server of this API as typed calls. Replies are read tolerantly, refusals become our own errors by
 * reading the error table backwards.
 */
import type { z } from 'zod';
import { withDefined } from '../../domain/with-defined.ts';
import { parseReply, replyObject, sendForText } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import { textFromWire } from '../kit/lenient.ts';
import type { OperationDescription } from '../kit/operation.ts';
import type { Secret } from '../kit/secret.ts';
import { codeOfMessage } from './errors.ts';
import { showAccount } from './operations/accounts.ts';
import {
  changeMethod,
  createCertificate,
  recheck,
  reissueCertificate,
  revokeCertificate,
  showCertificate,
} from './operations/certificates.ts';
import { createDevice, showClientVersion } from './operations/devices.ts';
import { listProducts } from './operations/products.ts';
import { saysError } from './outcome.ts';
import {
  accountReply,
  type DetailsReply,
  detailsReply,
  doneReply,
  type PlacedReply,
  type ProductReply,
  placedReply,
  productsReply,
} from './replies.ts';
import { clientVersion, type Device, device } from './schema.ts';

export interface Encryption365ClientOptions {
  /** `https://host`, where `/cert/create` hangs under. */
  readonly baseUrl: string;
  /** Carries proxies, trust and time-outs. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Absent before the first sign-in. */
  readonly credentials?: { readonly clientId: string; readonly accessToken: Secret };
}

export interface NewOrder {
  readonly pid: string;
  /** Of the product, as every client of the vendor sends it; in no document. */
  readonly period?: string;
  readonly csrPem: string;
  readonly names: readonly string[];
  /** The order that this one renews. */
  readonly renewalOf?: number;
  /** OrganizationDetails and contact, in the vendor's names. */
  readonly organization?: Readonly<Record<string, string>>;
}

/** Every call may be aborted. @throws {CertError} what the server refused, or `unavailable` */
export interface Encryption365Client {
  signIn(login: { username: string; password: Secret; serverName: string }, signal?: AbortSignal): Promise<Device>;
  latestVersion(signal?: AbortSignal): Promise<string>;
  /** By `pid`. */
  products(signal?: AbortSignal): Promise<Readonly<Record<string, ProductReply>>>;
  /** Amount in major units of the account's currency. */
  balance(signal?: AbortSignal): Promise<number>;
  account(signal?: AbortSignal): Promise<{ readonly credit: number; readonly currency: string | null }>;
  placeOrder(order: NewOrder, signal?: AbortSignal): Promise<PlacedReply>;
  order(number: number, signal?: AbortSignal): Promise<DetailsReply>;
  recheck(number: number, signal?: AbortSignal): Promise<void>;
  reissue(
    number: number,
    request: { readonly csrPem: string; readonly names: readonly string[] },
    signal?: AbortSignal,
  ): Promise<PlacedReply>;
  revoke(number: number, reason: string, signal?: AbortSignal): Promise<void>;
  /** @param method `http`, `https`, `dns`, or one of the name's `emails` */
  changeMethod(number: number, name: string, method: string, signal?: AbortSignal): Promise<void>;
}

/** Details of 250 names with all their values are about 400 KiB. */
const replyLimitBytes = 4 << 20;

export function createEncryption365Client(options: Encryption365ClientOptions): Encryption365Client {
  const { baseUrl, credentials } = options;
  const upstream = new URL(baseUrl).host;
  const sender = { fetch: options.fetch, upstream, replyLimitBytes };

  async function call<Reply extends z.ZodType>(
    operation: OperationDescription,
    { schema, body = {}, signal }: Call<Reply>,
  ): Promise<z.output<Reply>> {
    const authentication =
      operation.access === 'public' || credentials === undefined
        ? {}
        : { client_id: credentials.clientId, access_token: credentials.accessToken.reveal() };
    const request = new Request(baseUrl + operation.path, {
      method: operation.method,
      headers: { 'content-type': 'application/json', 'user-agent': 'certmux' },
      body: JSON.stringify({ ...body, ...authentication }),
      ...withDefined({ signal }),
    });
    return readReply(operation.path, schema, await sendForText(sender, request));
  }

  function readReply<Reply extends z.ZodType>(path: string, schema: Reply, text: string): z.output<Reply> {
    const reply = replyObject(sender, text);
    if (saysError(reply)) {
      const detail = messageOf(reply.message) || 'no message';
      throw upstreamError(codeOfMessage(detail), { upstream, detail });
    }
    return parseReply(sender, { call: path, schema }, reply);
  }

  const namesAndCsr = (request: { readonly csrPem: string; readonly names: readonly string[] }) => ({
    csr_code: request.csrPem,
    domains: request.names.join(','),
  });

  const accountOf = (signal: AbortSignal | undefined) => call(showAccount, { schema: accountReply, signal });

  return {
    signIn: ({ username, password, serverName }, signal) =>
      call(createDevice, {
        schema: device,
        body: { username, password: password.reveal(), servername: serverName },
        signal,
      }),
    latestVersion: async (signal) => (await call(showClientVersion, { schema: clientVersion, signal })).latest_version,
    products: async (signal) => (await call(listProducts, { schema: productsReply, signal })).products,
    balance: async (signal) => (await accountOf(signal)).credit,
    account: accountOf,
    placeOrder: ({ pid, period, renewalOf, organization, ...request }, signal) =>
      call(createCertificate, {
        schema: placedReply,
        body: {
          // A JSON number from some clients, as the vendor's samples have it.
          pid: /^\d+$/.test(pid) ? Number(pid) : pid,
          ...withDefined({ period }),
          ...namesAndCsr(request),
          renew: renewalOf !== undefined,
          old_vendor_id: renewalOf ?? -1,
          ...organization,
        },
        signal,
      }),
    async order(number, signal) {
      const reply = await call(showCertificate, { schema: detailsReply, body: { trustocean_id: number }, signal });
      return { ...reply, trustocean_id: reply.trustocean_id ?? number };
    },
    async recheck(number, signal) {
      await call(recheck, { schema: doneReply, body: { trustocean_id: number }, signal });
    },
    reissue: (number, request, signal) =>
      call(reissueCertificate, {
        schema: placedReply,
        body: { trustocean_id: number, ...namesAndCsr(request) },
        signal,
      }),
    async revoke(number, reason, signal) {
      const body = { trustocean_id: number, revocationReason: reason };
      await call(revokeCertificate, { schema: doneReply, body, signal });
    },
    async changeMethod(number, name, method, signal) {
      const body = { trustocean_id: number, domain: name, method };
      await call(changeMethod, { schema: doneReply, body, signal });
    },
  };
}

/** One sentence by the documents; a list, or one for each field, by the framework that such servers are made with. */
function messageOf(message: unknown): string {
  const isList = typeof message === 'object' && message !== null;
  return isList ? Object.values(message).map(messageOf).join('; ') : textFromWire(message).trim();
}

interface Call<Reply extends z.ZodType> {
  readonly schema: Reply;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
}
