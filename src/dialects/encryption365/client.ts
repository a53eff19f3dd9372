/**
 * The client half: any server of this API as typed calls. Replies are read tolerantly, refusals become our own errors by
 * reading the error table backwards.
 */
import type { z } from 'zod';
import { withDefined } from '../../domain/with-defined.ts';
import { parseReply, replyObject, sendForText } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
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
import type { Device, OrderDetails, PlacedOrder, WireProduct } from './schema.ts';

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
  products(signal?: AbortSignal): Promise<Readonly<Record<string, WireProduct>>>;
  /** Amount in major units of the account's currency. */
  balance(signal?: AbortSignal): Promise<number>;
  placeOrder(order: NewOrder, signal?: AbortSignal): Promise<PlacedOrder>;
  order(number: number, signal?: AbortSignal): Promise<OrderDetails>;
  recheck(number: number, signal?: AbortSignal): Promise<void>;
  reissue(
    number: number,
    request: { readonly csrPem: string; readonly names: readonly string[] },
    signal?: AbortSignal,
  ): Promise<PlacedOrder>;
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

  async function call<Response extends z.ZodType>(
    operation: OperationDescription & { readonly response: Response },
    body: Readonly<Record<string, unknown>>,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Response>> {
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
    return readReply(operation, await sendForText(sender, request));
  }

  function readReply<Response extends z.ZodType>(
    operation: OperationDescription & { readonly response: Response },
    text: string,
  ): z.output<Response> {
    const reply = replyObject(sender, text);
    // Documents and clients disagree on which of the two marks an error; after a sign-in `status` is the device's.
    if (reply.result === 'error' || reply.status === 'error') {
      const detail = typeof reply.message === 'string' ? reply.message : 'no message';
      throw upstreamError(codeOfMessage(detail), { upstream, detail });
    }
    return parseReply(sender, { call: operation.path, schema: operation.response }, reply);
  }

  const namesAndCsr = (request: { readonly csrPem: string; readonly names: readonly string[] }) => ({
    csr_code: request.csrPem,
    domains: request.names.join(','),
  });

  return {
    signIn: ({ username, password, serverName }, signal) =>
      call(createDevice, { username, password: password.reveal(), servername: serverName }, signal),
    latestVersion: async (signal) => (await call(showClientVersion, {}, signal)).latest_version,
    products: async (signal) => (await call(listProducts, {}, signal)).products,
    balance: async (signal) => (await call(showAccount, {}, signal)).credit,
    placeOrder: ({ pid, renewalOf, organization, ...request }, signal) =>
      call(
        createCertificate,
        {
          pid: Number(pid),
          ...namesAndCsr(request),
          renew: renewalOf !== undefined,
          old_vendor_id: renewalOf ?? -1,
          ...organization,
        },
        signal,
      ),
    order: (number, signal) => call(showCertificate, { trustocean_id: number }, signal),
    async recheck(number, signal) {
      await call(recheck, { trustocean_id: number }, signal);
    },
    reissue: (number, request, signal) =>
      call(reissueCertificate, { trustocean_id: number, ...namesAndCsr(request) }, signal),
    async revoke(number, reason, signal) {
      await call(revokeCertificate, { trustocean_id: number, revocationReason: reason }, signal);
    },
    async changeMethod(number, name, method, signal) {
      await call(changeMethod, { trustocean_id: number, domain: name, method }, signal);
    },
  };
}
