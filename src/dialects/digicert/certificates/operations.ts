/** Certificates: files, chains, revocation, and what is kept of them. `certificate_id` is the number of the issuance. */

import { createHash } from 'node:crypto';
import { quoted, refuse } from '../../../domain/errors.ts';
import { isMailbox } from '../../../domain/mailbox.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { parseCertificate, thumbprint } from '../../../pki/certificate.ts';
import { commonNameOf } from '../../../pki/name.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { findItem, pagesOfIssuances } from '../../kit/pages.ts';
import { fileHeaders } from '../../kit/reply.ts';
import { attemptOf, dialectDataOf, duplicateNumber } from '../dialect-data.ts';
import { basePath } from '../name.ts';
import { naming } from '../naming.ts';
import { certificateItemToWire } from '../orders/order-to-wire.ts';
import { findPrimary, fullSerial, primaryOf } from '../orders/read-order.ts';
import { takesPkcs7 } from '../products/platforms.ts';
import { renderFile } from '../reply.ts';
import type { Client, Services } from '../services.ts';
import { contactOf, createActors } from '../users/people.ts';
import { nothing } from '../wire/shapes.ts';
import { chainToWire, issuerFacts } from './chain.ts';
import { type DownloadFormat, download, downloadFormat } from './downloads.ts';
import { requireNoReissue, revoke } from './revocation.ts';
import {
  certificateInfo,
  certificateRequest,
  chain,
  file,
  formatRequest,
  intermediates,
  orderDownloadRequest,
  platformRequest,
  revocationRequest,
  revokeCertificateRequest,
  revokeOrderRequest,
  sendRequest,
} from './schema.ts';

const certificates = `${basePath}/certificate`;
const ofCertificate = `${certificates}/:certificate_id`;

/** Documentation of every download. */
const fileReply = {
  response: file,
  render: renderFile,
  mediaTypes: ['application/x-pem-file', 'application/x-pkcs7-certificates', 'application/zip'],
  replyHeaders: fileHeaders,
} as const;

/** @throws {CertError} notFound, also for a number that an order has but none of its issuances */
async function viewOf(number: number, { services, caller }: Client): Promise<OrderView> {
  return services.orders.get(caller, { issuanceNumber: number });
}

export const byFormat = callerOperation({
  id: 'certificate.download',
  method: 'GET',
  path: `${ofCertificate}/download/format/:format`,
  summary: { en: 'A certificate as a file of this format', zh: '按格式下载证书' },
  request: formatRequest,
  ...fileReply,
  async handle({ certificate_id, format }, session: Client) {
    const wanted = downloadFormat(format, 'format');
    return download(await viewOf(certificate_id, session), wanted);
  },
});

const byPlatform = callerOperation({
  id: 'certificate.downloadPlatform',
  method: 'GET',
  path: `${ofCertificate}/download/platform/:platform_id`,
  summary: { en: 'A certificate as a server platform takes it', zh: '按服务器平台下载证书' },
  request: platformRequest,
  ...fileReply,
  async handle({ certificate_id, platform_id }, session: Client) {
    const view = await viewOf(certificate_id, session);
    return download(view, formatOfPlatform(platform_id));
  },
});

const forOwnPlatform = callerOperation({
  id: 'certificate.downloadDefault',
  method: 'GET',
  path: `${ofCertificate}/download/platform`,
  summary: { en: 'A certificate as the platform of its order takes it', zh: '按订单的服务器平台下载证书' },
  request: certificateRequest,
  ...fileReply,
  async handle({ certificate_id }, session: Client) {
    const view = await viewOf(certificate_id, session);
    const { platform } = attemptOf(dialectDataOf(view.order), view.issuance.proofReference);
    return download(view, takesPkcs7(platform) ? 'p7b' : 'default');
  },
});

/** lemur asks for platform 29 and reads the body as PEM; those of Windows take PKCS#7; all else is the archive. */
function formatOfPlatform(id: number | undefined): DownloadFormat {
  const pemPlatform = 29;
  if (id === pemPlatform) return 'pem_all';
  return takesPkcs7(id) ? 'p7b' : 'default';
}

const ofOrder = callerOperation({
  id: 'certificate.downloadOfOrder',
  method: 'GET',
  path: `${certificates}/download/order/:order_id`,
  summary: { en: 'The certificate of an order as a file', zh: '按订单下载证书' },
  request: orderDownloadRequest,
  ...fileReply,
  handle: (input, session: Client) =>
    downloadOfOrder(input.order_id, session, {
      format: input.format_type ?? input.formatType,
      field: input.format_type === undefined ? 'formatType' : 'format_type',
      subId: input.sub_id ?? input.subId,
    }),
});

const ofOrderByFormat = callerOperation({
  id: 'certificate.downloadOfOrderByFormat',
  method: 'GET',
  path: `${certificates}/download/order/:order_id/format/:format`,
  summary: { en: 'The certificate of an order as a file of this format', zh: '按订单和格式下载证书' },
  request: orderDownloadRequest,
  ...fileReply,
  handle: (input, session: Client) =>
    downloadOfOrder(input.order_id, session, {
      format: input.format,
      field: 'format',
      subId: input.sub_id ?? input.subId,
    }),
});

async function downloadOfOrder(
  number: number,
  session: Client,
  wanted: { readonly format: string | undefined; readonly field: string; readonly subId: string | undefined },
) {
  const format = downloadFormat(wanted.format ?? 'default', wanted.field);
  const { orders, issuances } = session.services;
  const duplicate = Number(wanted.subId ?? 0);
  if (duplicate === 0) return download(await primaryOf(await orders.get(session.caller, { number }), session), format);
  const found = await findItem(
    pagesOfIssuances({ number }, issuances, session.caller),
    ({ order, issuance }) => duplicateNumber(dialectDataOf(order), issuance.proofReference) === duplicate,
  );
  if (found !== undefined) return download(found, format);
  throw refuse('notFound', { what: 'certificate', value: quoted(`${number}-${wanted.subId}`) });
}

const showCertificate = callerOperation({
  id: 'certificate.show',
  method: 'GET',
  path: ofCertificate,
  summary: { en: 'A certificate', zh: '查看证书' },
  request: certificateRequest,
  response: certificateInfo,
  async handle({ certificate_id }, session: Client) {
    const view = await viewOf(certificate_id, session);
    const { order, product, organization, account } = view;
    const user = await createActors(session).of(order.credentialId, account);
    return {
      ...certificateItemToWire(view, user),
      order_id: order.number,
      ...withDefined({
        organization: organization === null ? undefined : { id: organization.number, name: organization.details.name },
      }),
      product: { name_id: product.code, name: product.name, type: 'ssl_certificate' },
    };
  },
});

export const showChain = callerOperation({
  id: 'certificate.chain',
  method: 'GET',
  path: `${ofCertificate}/chain`,
  summary: { en: 'A certificate and those above it', zh: '证书链' },
  request: certificateRequest,
  response: chain,
  async handle({ certificate_id }, session: Client) {
    const links = chainToWire(await viewOf(certificate_id, session));
    if (links === undefined) throw refuse('certificateNotIssued', { value: String(certificate_id) });
    // Called so by the vendor, although the certificate itself is the first.
    return { intermediates: links };
  },
});

/** The number of the account's newest certificates that are searched for their issuers. */
const looked = 200;

const listIntermediates = callerOperation({
  id: 'certificate.intermediates',
  method: 'GET',
  path: `${certificates}/intermediates`,
  summary: { en: 'CA certificates above the certificates of the account', zh: '中间证书列表' },
  request: certificateRequest.pick({}),
  response: intermediates,
  async handle(_, { services, caller }: Client) {
    const { items } = await services.certificates.list(caller, { limit: looked });
    const byAuthority = new Map(items.map((item) => [item.authorityId ?? item.id, item]));
    const views = await Promise.all([...byAuthority.values()].map(({ id }) => services.certificates.get(caller, id)));
    const ders = new Map(views.flatMap(({ chain: above }) => above).map((der) => [thumbprint(der, 'sha256'), der]));
    return { intermediates: [...ders.values()].filter(isIntermediate).map(intermediateToWire) };
  },
});

function isIntermediate(der: Uint8Array): boolean {
  const { issuer, subject } = parseCertificate(der);
  return !issuer.der.equals(subject.der);
}

function intermediateToWire(der: Uint8Array) {
  const { subject, issuer, notBefore, notAfter, serialHex, signatureAlgorithmName } = parseCertificate(der);
  const moment = (date: Date) => date.toISOString().slice(0, 19).replace('T', ' ');
  return {
    // A number that stays the same for the same certificate.
    id: createHash('sha256').update(der).digest().readUInt32BE(0) >>> 1,
    subject_common_name: commonNameOf(subject) ?? '',
    subject_org_name: subject.attributes.find(({ type }) => type === 'O')?.value ?? '',
    issuer_common_name: commonNameOf(issuer) ?? '',
    valid_from: moment(notBefore),
    valid_to: moment(notAfter),
    serial_number: serialHex.toUpperCase(),
    thumbprint: thumbprint(der, 'sha1').toUpperCase(),
    signature_hash: /SHA-?(\d+)/i.exec(signatureAlgorithmName)?.[0].replace('-', '').toUpperCase() ?? 'SHA256',
    is_private: '1',
    pem: issuerFacts(der).pem,
  };
}

export const revokeOrder = callerOperation({
  id: 'order.revoke',
  method: 'PUT',
  path: `${basePath}/order/certificate/:order_id/revoke`,
  summary: { en: 'Revoke every certificate of an order', zh: '吊销订单的全部证书' },
  status: 201,
  request: revokeOrderRequest,
  response: revocationRequest,
  async handle({ order_id, ...request }, session: Client) {
    const view = await session.services.orders.get(session.caller, { number: order_id });
    requireNoReissue(view);
    return revoke({ order: { id: view.order.id } }, request, session);
  },
});

const numberForm = /^\d{1,10}$/;
const serialForm = /^[0-9a-f]{11,40}$/;

export const revokeCertificate = callerOperation({
  id: 'certificate.revoke',
  method: 'PUT',
  path: `${ofCertificate}/revoke`,
  summary: { en: 'Revoke one certificate', zh: '吊销证书' },
  status: 201,
  request: revokeCertificateRequest,
  response: revocationRequest,
  async handle({ certificate_id, ...request }, session: Client) {
    const certificate = numberForm.test(certificate_id)
      ? await certificateOf(Number(certificate_id), session)
      : serialOf(certificate_id);
    return naming('certificate', certificate_id, () => revoke({ certificate }, request, session));
  },
});

async function certificateOf(number: number, session: Client): Promise<string> {
  const { certificate, order } = await viewOf(number, session);
  if (certificate === null) throw refuse('certificateNotIssued', { value: String(number) });
  requireNoReissue(await session.services.orders.get(session.caller, { id: order.id }));
  return certificate.id;
}

function serialOf(text: string): string {
  const hex = text.replaceAll(':', '').toLowerCase();
  if (!serialForm.test(hex)) throw refuse('notFound', { what: 'certificate', value: quoted(text) });
  return fullSerial(hex);
}

const archive = callerOperation({
  id: 'certificate.archive',
  method: 'PUT',
  path: `${ofCertificate}/archive`,
  summary: { en: 'Leave a certificate out of lists', zh: '归档证书' },
  request: certificateRequest,
  response: nothing,
  async handle({ certificate_id }, session: Client) {
    const view = await viewOf(certificate_id, session);
    const primary = await findPrimary(view.order, session);
    if ((primary ?? view).issuance.id === view.issuance.id) {
      throw refuse('primaryCertificate', { value: String(certificate_id) });
    }
    await changeArchived(view, session, { [certificate_id]: true });
  },
});

const unarchive = callerOperation({
  id: 'certificate.unarchive',
  method: 'PUT',
  path: `${ofCertificate}/unarchive`,
  summary: { en: 'Show a certificate in lists again', zh: '取消归档证书' },
  request: certificateRequest,
  response: nothing,
  async handle({ certificate_id }, session: Client) {
    const view = await viewOf(certificate_id, session);
    await changeArchived(view, session, { [certificate_id]: null });
  },
});

async function changeArchived(
  { order }: OrderView,
  { services, caller }: Client,
  archived: Readonly<Record<number, true | null>>,
): Promise<void> {
  await services.orders.change(caller, { id: order.id }, { dialectData: { archived } });
}

const send = callerOperation({
  id: 'certificate.send',
  method: 'POST',
  path: `${ofCertificate}/sendemail`,
  summary: { en: 'Send a certificate by mail', zh: '邮件发送证书' },
  request: sendRequest,
  response: nothing,
  async handle({ certificate_id, emails }, session: Client) {
    const requested = emails ?? [];
    const addresses = requested.length > 0 ? requested : addressesOf(await viewOf(certificate_id, session));
    await session.services.certificates.send(session.caller, { issuanceNumber: certificate_id }, addresses);
  },
});

/** Recipients of mails about an order: its contacts, the addresses it names, and the account's. */
function addressesOf({ order, account, organization }: OrderView): readonly string[] {
  const data = dialectDataOf(order);
  const contacts = (['organization_contact', 'technical_contact'] as const).map((type) =>
    contactOf(type, data, organization),
  );
  const all = [...contacts.map((person) => person?.email ?? ''), ...order.reminders.addresses, account.contactEmail];
  return all.map((text) => text.trim()).filter(isMailbox);
}

export const certificateOperations: readonly Operation<Services>[] = [
  listIntermediates,
  ofOrder,
  ofOrderByFormat,
  showCertificate,
  byFormat,
  byPlatform,
  forOwnPlatform,
  showChain,
  revokeOrder,
  revokeCertificate,
  archive,
  unarchive,
  send,
];
