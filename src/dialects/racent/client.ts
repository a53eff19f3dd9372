/**
 * The client half: any server of this API as typed calls. Replies are read tolerantly, refusals become our own errors by
 * reading the error table backwards.
 */
import type { z } from 'zod';
import { withDefined } from '../../domain/with-defined.ts';
import { parseReply } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import type { OperationDescription } from '../kit/operation.ts';
import { type CallOptions, createCalls, wordsOf } from './calls.ts';
import { codeOfReply } from './errors.ts';
import {
  certIdByReference,
  collectCertificate,
  reissueCertificate,
  replaceCertificate,
  revokeCertificate,
} from './operations/certificates.ts';
import { cancelOrder, placeOrder, renewOrder, validateOrder } from './operations/orders.ts';
import { listProducts } from './operations/products.ts';
import { removeName, updateMethod, updateMethods } from './operations/validation.ts';
import type { MethodName } from './proofs.ts';
import type { Collected, DcvFields, PlacedData, WireProduct } from './schema.ts';

export type RacentClientOptions = CallOptions;

export interface WantedName {
  readonly name: string;
  readonly method: MethodName;
  /** Address for `EMAIL`. */
  readonly address?: string;
}

export interface NewOrder {
  readonly productCode: string;
  readonly years: number;
  /** Absent: the server makes the key. */
  readonly csrPem?: string;
  readonly names: readonly WantedName[];
  readonly reference?: string;
  readonly uniqueValue?: string;
  /** `Administrator`, and where they differ `tech`, `finance`; in the vendor's names. */
  readonly contacts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly organization?: Readonly<Record<string, string>>;
}

/** Every call may be aborted. @throws {CertError} what the server refused, or `unavailable` */
export interface RacentClient {
  products(vendor: string | undefined, signal?: AbortSignal): Promise<readonly WireProduct[]>;
  placeOrder(order: NewOrder, signal?: AbortSignal): Promise<PlacedData>;
  /** Refuses what `placeOrder` would. */
  validateOrder(order: NewOrder, signal?: AbortSignal): Promise<void>;
  collect(certId: string, signal?: AbortSignal): Promise<Collected>;
  certIdByReference(reference: string, signal?: AbortSignal): Promise<string>;
  replace(
    certId: string,
    request: { readonly csrPem: string; readonly names: readonly WantedName[] },
    signal?: AbortSignal,
  ): Promise<PlacedData>;
  reissue(certId: string, reason: string, signal?: AbortSignal): Promise<PlacedData>;
  renew(certId: string, years: number, signal?: AbortSignal): Promise<PlacedData>;
  cancel(certId: string, reason: string, signal?: AbortSignal): Promise<void>;
  revoke(certId: string, reason: string, signal?: AbortSignal): Promise<void>;
  updateMethod(certId: string, wanted: WantedName, signal?: AbortSignal): Promise<DcvFields>;
  /** Looks for the proofs of all names now. */
  recheck(certId: string, signal?: AbortSignal): Promise<void>;
  /** Undefined: every name that is not proved. */
  removeName(certId: string, name: string | undefined, signal?: AbortSignal): Promise<void>;
}

export function createRacentClient(options: RacentClientOptions): RacentClient {
  const calls = createCalls(options);
  const { sender } = calls;

  async function call<Response extends z.ZodType>(
    operation: OperationDescription & { readonly response: Response },
    body: Readonly<Record<string, unknown>>,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Response>> {
    const reply = await calls.call(operation.path, body, signal);
    if (reply.code !== 1) {
      const { upstream } = sender;
      throw upstreamError(codeOfReply(reply.code, reply.messages), { upstream, detail: wordsOf(reply) });
    }
    return parseReply(sender, { call: operation.path, schema: operation.response }, reply.body);
  }

  return {
    products: async (vendor, signal) => (await call(listProducts, vendor === undefined ? {} : { vendor }, signal)).data,
    placeOrder: async (order, signal) => (await call(placeOrder, orderBody(order), signal)).data,
    async validateOrder(order, signal) {
      await call(validateOrder, orderBody(order), signal);
    },
    collect: (certId, signal) => call(collectCertificate, { certId }, signal),
    certIdByReference: async (refId, signal) => (await call(certIdByReference, { refId }, signal)).data.certId,
    replace: async (certId, { csrPem, names }, signal) => {
      const params = JSON.stringify({ csr: csrPem, domainInfo: names.map(domainOf) });
      return (await call(replaceCertificate, { certId, params }, signal)).data;
    },
    reissue: async (certId, reason, signal) => (await call(reissueCertificate, { certId, reason }, signal)).data,
    renew: async (renewId, years, signal) => (await call(renewOrder, { renewId, years }, signal)).data,
    async cancel(certId, reason, signal) {
      await call(cancelOrder, { certId, reason }, signal);
    },
    async revoke(certId, reason, signal) {
      await call(revokeCertificate, { certId, reason }, signal);
    },
    updateMethod: async (certId, wanted, signal) =>
      (await call(updateMethod, { certId, ...domainOf(wanted) }, signal)).data,
    async recheck(certId, signal) {
      await call(updateMethods, { certId }, signal);
    },
    async removeName(certId, name, signal) {
      await call(removeName, name === undefined ? { certId } : { certId, domainName: name }, signal);
    },
  };
}

/** `params` as text, as the document wants it. */
function orderBody({ productCode, years, reference, ...order }: NewOrder): Readonly<Record<string, unknown>> {
  const { csrPem, names, uniqueValue, contacts, organization } = order;
  const params = {
    server: 'other',
    ...withDefined({ csr: csrPem, uniqueValue }),
    domainInfo: names.map(domainOf),
    ...withDefined({ organizationInfo: organization }),
    ...contacts,
  };
  return {
    productCode,
    years,
    ...withDefined({ refId: reference }),
    params: JSON.stringify(params),
  };
}

function domainOf({ name, method, address = '' }: WantedName) {
  return { domainName: name, dcvMethod: method, dcvEmail: address };
}
