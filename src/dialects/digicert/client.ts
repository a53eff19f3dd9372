/**
 * The client half: any server of this API as typed calls, for the life of an order. Replies are read tolerantly, refusals become
 * our own errors by reading the error table backwards.
 */
import type { z } from 'zod';
import { withDefined } from '../../domain/with-defined.ts';
import { parseReply } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import { replyJson } from '../kit/json.ts';
import type { OperationDescription } from '../kit/operation.ts';
import { type CallOptions, createCalls, isRefusal } from './calls.ts';
import { byFormat, revokeCertificate, revokeOrder, showChain } from './certificates/operations.ts';
import { changeStatus, list, place, show, statusChanges } from './orders/operations.ts';
import type { ChainLink, Placed } from './orders/place-schema.ts';
import { check, chooseMethod, validation } from './orders/proof-operations.ts';
import type { OrderValidation } from './orders/proof-schema.ts';
import { duplicate, listDuplicates, listReissues, reissue } from './orders/reissues.ts';
import type { CertificateItem, OrderInfo, OrderItem } from './orders/schema.ts';
import type { DcvMethod } from './proofs.ts';
import { decide, show as showRequest } from './requests/operations.ts';

export type DigicertClientOptions = CallOptions;

export interface CertificateWish {
  readonly commonName: string;
  readonly names?: readonly string[];
  readonly csrPem: string;
  /** `sha256` by default. */
  readonly signatureHash?: string;
}

export interface NewOrder extends CertificateWish {
  readonly product: string;
  readonly years: number;
  readonly organization?: number;
  readonly container?: number;
  readonly method?: DcvMethod;
  readonly skipsApproval?: boolean;
  readonly renewalOf?: number;
  readonly alternativeId?: string;
  readonly comments?: string;
}

export interface NewAttempt extends CertificateWish {
  readonly method?: DcvMethod;
  readonly skipsApproval?: boolean;
}

export interface Revocation {
  readonly reason?: string;
  readonly comments?: string;
  readonly skipsApproval?: boolean;
}

/** Every call may be aborted. @throws {CertError} what the server refused, or `unavailable` */
export interface DigicertClient {
  placeOrder(order: NewOrder, signal?: AbortSignal): Promise<Placed>;
  order(number: number, signal?: AbortSignal): Promise<OrderInfo>;
  orders(
    query: { readonly limit: number; readonly offset: number; readonly status?: string },
    signal?: AbortSignal,
  ): Promise<{ readonly orders: readonly OrderItem[]; readonly total: number }>;
  changes(minutes: number, signal?: AbortSignal): Promise<readonly { order_id: number; status: string }[]>;
  cancel(number: number, note: string, signal?: AbortSignal): Promise<void>;
  /** What each name of the order waits for, and what proves it where an upstream says so. */
  validation(number: number, signal?: AbortSignal): Promise<OrderValidation>;
  checkDcv(number: number, signal?: AbortSignal): Promise<{ readonly order_status: string }>;
  /** @returns the random value to place; undefined where mails are sent */
  chooseMethod(number: number, method: DcvMethod, signal?: AbortSignal): Promise<string | undefined>;
  reissue(number: number, wish: NewAttempt, signal?: AbortSignal): Promise<Placed>;
  duplicate(number: number, wish: NewAttempt, signal?: AbortSignal): Promise<Placed>;
  reissues(number: number, signal?: AbortSignal): Promise<readonly CertificateItem[]>;
  duplicates(number: number, signal?: AbortSignal): Promise<readonly CertificateItem[]>;
  /** Leaf first. */
  chain(certificateId: number, signal?: AbortSignal): Promise<readonly ChainLink[]>;
  /** The file as text: `pem_all` and its kin. */
  download(certificateId: number, format: string, signal?: AbortSignal): Promise<string>;
  /** @returns the number of the request, which may be approved already; undefined when it was skipped and all is done */
  revokeCertificate(id: number | string, revocation: Revocation, signal?: AbortSignal): Promise<number | undefined>;
  revokeOrder(number: number, revocation: Revocation, signal?: AbortSignal): Promise<number | undefined>;
  request(number: number, signal?: AbortSignal): Promise<{ readonly status: string; readonly order: OrderInfo }>;
  decide(number: number, status: 'approved' | 'rejected', comment: string, signal?: AbortSignal): Promise<void>;
}

interface Input {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
}

export function createDigicertClient(options: DigicertClientOptions): DigicertClient {
  const calls = createCalls(options);
  const { sender } = calls;

  async function call<Response extends z.ZodType>(
    operation: OperationDescription & { readonly response: Response },
    input: Input,
  ): Promise<z.output<Response>> {
    const text = await send(operation, input);
    const reply = replyJson(text);
    if (reply === undefined && text !== '') {
      throw upstreamError('unavailable', { upstream: sender.upstream, detail: 'a reply that is not JSON' });
    }
    return parseReply(sender, { call: operation.id, schema: operation.response }, reply);
  }

  async function send(
    { method, path: pattern }: OperationDescription,
    { params = {}, ...rest }: Input,
  ): Promise<string> {
    const path = pattern.replaceAll(/:(\w+)(\{[^}]*\})?/g, (_, name: string) =>
      encodeURIComponent(String(params[name] ?? '')),
    );
    const reply = await calls.call({ method, path, ...rest });
    if (isRefusal(reply)) throw calls.refusalOf(reply);
    return reply.text;
  }

  const ofOrder = (number: number) => ({ order_id: number });

  return {
    placeOrder: (order, signal) =>
      call(place, { params: { product_name_id: order.product }, body: orderToSend(order), signal }),
    order: (number, signal) => call(show, { params: ofOrder(number), signal }),
    async orders({ status, ...page }, signal) {
      const query = { ...page, ...(status === undefined ? {} : { 'filters[status]': status }) };
      const { orders, page: received } = await call(list, { query, signal });
      return { orders, total: received.total };
    },
    changes: async (minutes, signal) => (await call(statusChanges, { query: { minutes }, signal })).orders,
    async cancel(number, note, signal) {
      await call(changeStatus, { params: ofOrder(number), body: { status: 'canceled', note }, signal });
    },
    validation: (number, signal) => call(validation, { params: ofOrder(number), signal }),
    checkDcv: (number, signal) => call(check, { params: ofOrder(number), signal }),
    async chooseMethod(number, method, signal) {
      const reply = await call(chooseMethod, { params: ofOrder(number), body: { dcv_method: method }, signal });
      return reply?.dcv_random_value;
    },
    reissue: (number, wish, signal) => call(reissue, { params: ofOrder(number), body: attemptToSend(wish), signal }),
    duplicate: (number, wish, signal) =>
      call(duplicate, { params: ofOrder(number), body: attemptToSend(wish), signal }),
    reissues: async (number, signal) => (await call(listReissues, { params: ofOrder(number), signal })).certificates,
    duplicates: async (number, signal) =>
      (await call(listDuplicates, { params: ofOrder(number), signal })).certificates,
    chain: async (id, signal) => (await call(showChain, { params: { certificate_id: id }, signal })).intermediates,
    download: (id, format, signal) => send(byFormat, { params: { certificate_id: id, format }, signal }),
    revokeCertificate: async (id, revocation, signal) =>
      (await call(revokeCertificate, { params: { certificate_id: id }, body: revocationToSend(revocation), signal }))
        ?.id,
    revokeOrder: async (number, revocation, signal) =>
      (await call(revokeOrder, { params: ofOrder(number), body: revocationToSend(revocation), signal }))?.id,
    request: (number, signal) => call(showRequest, { params: { request_id: number }, signal }),
    async decide(number, status, comment, signal) {
      await call(decide, { params: { request_id: number }, body: { status, processor_comment: comment }, signal });
    },
  };
}

function orderToSend(order: NewOrder) {
  return {
    ...attemptToSend(order),
    order_validity: { years: order.years },
    ...withDefined({
      organization: order.organization === undefined ? undefined : { id: order.organization },
      container: order.container === undefined ? undefined : { id: order.container },
      renewal_of_order_id: order.renewalOf,
      alternative_order_id: order.alternativeId,
      comments: order.comments,
    }),
  };
}

function attemptToSend({ commonName, names = [], csrPem, signatureHash, method, skipsApproval }: NewAttempt) {
  return {
    certificate: {
      common_name: commonName,
      dns_names: names,
      csr: csrPem,
      signature_hash: signatureHash ?? 'sha256',
    },
    ...withDefined({ dcv_method: method, skip_approval: skipsApproval }),
  };
}

function revocationToSend({ reason, comments, skipsApproval }: Revocation) {
  return {
    ...withDefined({ revocation_reason: reason, comments, skip_approval: skipsApproval }),
  };
}
