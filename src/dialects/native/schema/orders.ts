/** Orders: what was bought, what proves the names, and how far it is. */
import { z } from 'zod';
import { hints } from '../../../domain/check-advice.ts';
import { dnsHosts } from '../../../domain/dns-host.ts';
import type { OrderStanding } from '../../../domain/order.ts';
import type { OrderTurn } from '../../../domain/ports/list-filters.ts';
import { actor } from './actors.ts';
import { decisionVersion } from './approvals.ts';
import { revocation } from './certificates.ts';
import { listFilters, listText, namePart, severalOf } from './list-filters.ts';
import { newOrganizationDetails, organizationDetails } from './organizations.ts';
import { coverage } from './products.ts';
import { actsOn, countedPageRequest, endpoint, firstNames, money, pageOf, reference, time } from './shapes.ts';

/** Methods with something to place; e-mail is chosen name by name, with an address. */
export const placedMethods = z.enum(['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt']);
export const methods = z.enum([...placedMethods.options, 'email']);
/** Of what asks for a certificate. */
export const wantedProofs = {
  method: methods.optional().meta({
    description: 'The proof you mean to place; any offered one is accepted. `email` sends a mail to each address.',
  }),
  address: z.string().max(320).optional().meta({
    description:
      'With `email`: where the mails go, one of the `addresses` of every name. Default: for each name the first of them, `admin@` its registrable domain. `…/method` chooses another for one name.',
  }),
};
const choice = z
  .strictObject({
    name: z.string().min(1).max(1000),
    method: methods,
    address: z.string().max(320).optional().meta({ description: 'With `email`: where the mail goes.' }),
  })
  .meta({ id: 'MethodChoice' });
/** Of what asks for a certificate, besides `wantedProofs`. */
export const wishes = {
  methods: z
    .array(choice)
    .max(1000)
    .optional()
    .meta({ description: 'Names that you mean to prove otherwise than by `method`.' }),
  comments: z.string().max(1000).optional().meta({ description: 'For whoever approves it.' }),
};
/** Methods of proofs that are shown: an ACME client proves by TLS-ALPN, and by a record that stays, too. */
export const shownMethods = z.enum([...methods.options, 'tlsAlpn', 'dnsPersist']);
export const orderStates = z.enum(['open', 'active', 'ended', 'revoked', 'rejected', 'cancelled', 'failed']);

export const check = z
  .object({
    proved: z.boolean(),
    checkedAt: time,
    durationMs: z.number().nullable().meta({ description: 'Null where the answer is not shown.' }),
    asked: z.string().meta({ description: 'A URL, or a DNS question.' }),
    answeredBy: z
      .array(z.string())
      .meta({ description: 'The public addresses connected to; for operators, every address and resolver.' }),
    answer: z.string().meta({
      description:
        'What came back, cut to a readable length. Unless the name itself answered, at a public address, only operators read it; everybody else is told status and size.',
    }),
    problem: z.string().nullable().meta({ description: 'Why it proved nothing; null when it did.' }),
    found: z.string().nullable().meta({ description: 'What was found there, where the caller may read it.' }),
    wanted: z.string().nullable().meta({ description: 'What had to be found; null for mails.' }),
    do: z.string().nullable().meta({ description: 'What to do about it; null when it proved the name.' }),
    hints: z
      .array(z.object({ code: z.enum(hints), text: z.string() }))
      .meta({ description: 'Mistakes that it looks like.' }),
  })
  .meta({ id: 'Check', description: 'What the newest check of a proof found.' });

const fileProof = z
  .object({
    method: z.enum(['httpFile', 'httpsFile']),
    url: z.string().meta({ description: 'Where the file must be.' }),
    path: z.string(),
    content: z.string().meta({ description: 'What it must hold; line ends do not matter.' }),
    lastCheck: check.nullable(),
  })
  .meta({ id: 'FileProof' });

/** Where a record is kept; only on an order's own page. */
const placed = {
  zone: z.string().exactOptional().meta({ description: 'The zone of the record, as far as that is known.' }),
  relativeHost: z
    .string()
    .exactOptional()
    .meta({ description: '`host` within the zone, as the pages of DNS hosts want it.' }),
  dnsHost: z
    .enum(dnsHosts)
    .nullable()
    .exactOptional()
    .meta({ description: 'Who hosts the zone, by its name servers; null: unknown, or not looked up yet.' }),
};

const cnameProof = z
  .object({
    method: z.literal('dnsCname'),
    host: z.string().meta({ description: 'The name that must be a CNAME.' }),
    alternativeHosts: z.array(z.string()).meta({ description: 'Accepted as well: the same label at the parents.' }),
    target: z.string(),
    ...placed,
    lastCheck: check.nullable(),
  })
  .meta({ id: 'CnameProof' });

const txtProof = z
  .object({
    method: z.literal('dnsTxt'),
    host: z.string().meta({ description: 'The name that must have the TXT record.' }),
    alternativeHosts: z.array(z.string()).meta({ description: 'Accepted as well: the same label at the parents.' }),
    value: z.string().meta({ description: 'What the record must hold; other TXT records may stand beside it.' }),
    ...placed,
    lastCheck: check.nullable(),
  })
  .meta({ id: 'TxtProof' });

const alpnProof = z
  .object({
    method: z.literal('tlsAlpn'),
    identifierHash: z.string().meta({ description: 'What the acmeIdentifier extension must hold (RFC 8737), in hex.' }),
    lastCheck: check.nullable(),
  })
  .meta({ id: 'TlsAlpnProof', description: 'Offered to ACME clients only.' });

const persistProof = z
  .object({
    method: z.literal('dnsPersist'),
    host: z.string().meta({ description: 'The name that must have the TXT record.' }),
    alternativeHosts: z
      .array(z.string())
      .meta({ description: 'Accepted as well, where the record has policy=wildcard: the same label at the parents.' }),
    issuers: z.array(z.string()).meta({ description: 'The record begins with one of these.' }),
    accountUri: z.string().meta({ description: 'What its accounturi must be; a hash of it is accepted too.' }),
    needsWildcardPolicy: z.boolean().meta({ description: 'True: it must have policy=wildcard.' }),
    lastCheck: check.nullable(),
  })
  .meta({ id: 'DnsPersistProof', description: 'Offered to ACME clients only.' });

const emailProof = z
  .object({
    method: z.literal('email'),
    addresses: z.array(z.string()).meta({ description: 'Any of these may confirm; choose one and a mail is sent.' }),
    chosen: z.string().nullable().meta({ description: 'Where the newest mail goes; null when none was asked for.' }),
    lastCheck: check.nullable().meta({ description: 'What became of the mail.' }),
  })
  .meta({ id: 'EmailProof', description: 'Offered only where the server sends mail.' });

export const proof = z
  .discriminatedUnion('method', [fileProof, cnameProof, txtProof, emailProof, alpnProof, persistProof])
  .meta({ id: 'Proof' });

/** A name and how far its proof is. */
export const nameFields = {
  name: z.string(),
  kind: z.enum(['dns', 'wildcard', 'ipv4', 'ipv6']),
  state: z.enum(['pending', 'valid', 'invalid', 'expired', 'deactivated']),
  preferredMethod: shownMethods,
  provedBy: shownMethods.nullable(),
  provedAt: time.nullable(),
  validUntil: time.nullable().meta({ description: 'Until then the proof serves later orders of the account too.' }),
  proofs: z.array(proof).meta({ description: 'Any one of them is enough.' }),
};

const orderName = z.object(nameFields).meta({ id: 'OrderName' });

export const contact = z
  .object({
    name: z.string().exactOptional(),
    title: z.string().exactOptional(),
    phone: z.string().exactOptional(),
    email: z.string().exactOptional(),
  })
  .meta({ id: 'Contact' });

const issuanceStates = z.enum([
  'awaitingApproval',
  'awaitingValidation',
  'ready',
  'issuing',
  'issued',
  'failed',
  'cancelled',
]);

const leftOut = z
  .object({
    kind: z.enum(['dNSName', 'commonName', 'otherName', 'keyUsage', 'extendedKeyUsage', 'extension']),
    value: z.string(),
    text: z.string().meta({ description: 'For people.' }),
  })
  .meta({ id: 'LeftOut' });

const orderCertificate = z
  .object({
    id: z.string(),
    number: z.int(),
    serial: z.string(),
    notBefore: time,
    notAfter: time,
    state: z.enum(['valid', 'revoked', 'expired']),
  })
  .meta({ id: 'OrderCertificate' });

const customValue = z
  .object({ number: z.int(), label: z.string(), value: z.string() })
  .meta({ id: 'CustomValue', description: 'The value of a custom field.' });

export const customValues = z
  .array(
    z.strictObject({
      field: z.string().min(1).max(200).meta({ description: 'Id, number or label of the custom field.' }),
      value: z.string().max(10_000).meta({ description: 'Empty: none.' }),
    }),
  )
  .max(100)
  .meta({
    description: 'Values of fields that the account adds to its orders. What is required and left out has its default.',
  });

/** References of an order, wherever it is shown. */
const identity = {
  id: z.string(),
  number: z.int(),
  accountId: z.string(),
  accountName: z.string(),
  dialect: z.string().meta({ description: 'The API it was placed through.' }),
  productCode: z.string(),
  productName: z.string(),
  state: orderStates,
};

export const order = z
  .object({
    ...identity,
    summary: z.string().meta({ description: 'Where it stands and whose turn it is, for people.' }),
    reference: z.string().nullable().meta({ description: "The caller's own word for it." }),
    coverage,
    coverageFrom: time.nullable(),
    coverageUntil: time.nullable(),
    total: money,
    renewalOf: z.string().nullable(),
    renewedBy: z.string().nullable(),
    isAutoRenewed: z.boolean().meta({ description: 'Renewed by the server before its coverage ends.' }),
    organization: organizationDetails.nullable(),
    containerId: z.string().exactOptional().meta({ description: 'Absent: it is in none.' }),
    customFields: z
      .array(customValue)
      .exactOptional()
      .meta({ description: 'The values of fields that the account adds to its orders; absent where there are none.' }),
    contact: contact.nullable(),
    approval: z
      .object({
        id: z.string(),
        number: z.int(),
        asks: z.enum(['new', 'reissue', 'duplicate', 'revoke']),
        state: z.enum(['submitted', 'pending', 'approved', 'rejected']),
        version: z.int(),
        note: z.string(),
        decidedBy: actor.nullable(),
        decidedAt: time.nullable(),
      })
      .meta({ id: 'Approval' })
      .nullable(),
    issuance: z
      .object({
        id: z.string(),
        number: z.int(),
        kind: z.enum(['new', 'reissue', 'duplicate']),
        state: issuanceStates,
        charged: money,
        failure: z.string().nullable(),
        leftOut: z.array(leftOut).exactOptional().meta({
          description:
            'What the CSR asks for and the certificate will not have, at most 100; absent where there is nothing.',
        }),
        needsCsr: z.literal(true).exactOptional().meta({ description: 'Its CSR is still to come; else absent.' }),
        createdAt: time,
      })
      .meta({ id: 'Issuance', description: 'The newest attempt to get a certificate for the order.' }),
    names: z.array(orderName),
    certificate: orderCertificate.nullable(),
    orderedBy: actor.nullable().meta({ description: 'Who placed it; the server where it is a renewal of its own.' }),
    closedBy: actor
      .exactOptional()
      .meta({ description: 'Who cancelled, rejected or revoked it; absent where nobody did.' }),
    createdAt: time,
  })
  .meta({ id: 'Order' });

const failing = z
  .object({
    name: z.string().meta({ description: 'The first name that the last check could not prove.' }),
    method: shownMethods.nullable().meta({ description: 'Null where it was found before it was kept, like `since`.' }),
    code: z.string().meta({ description: 'What was found, for programs: `httpStatus`, `dnsNoRecord`.' }),
    text: z.string().meta({ description: 'The same for people, in the language of Accept-Language.' }),
    since: time.nullable().meta({ description: 'The first check that found it.' }),
  })
  .meta({ id: 'FailingValidation' });

export const orderSummary = z
  .object({
    ...identity,
    turn: z
      .enum(['approver', 'customer', 'operator', 'server', 'nobody'])
      .meta({ description: 'In whose hands it is; `nobody` where there is nothing to do.' }),
    summary: z.string().meta({ description: 'Where it stands, for people.' }),
    issuanceState: issuanceStates.meta({
      description:
        'Of the newest attempt to get a certificate for it. In a list by end the attempt is that of the certificate that counts, in one of failing validation that which fails.',
    }),
    issuerId: z.string().meta({ description: 'Who signs the certificate of this attempt.' }),
    failing: failing
      .nullable()
      .meta({ description: 'Why the validation of this attempt fails; null where it does not.' }),
    reference: z.string().nullable().meta({ description: "The caller's own word for it." }),
    names: firstNames,
    nameCount: z.int().meta({ description: 'How many names there are.' }),
    organizationName: z.string().nullable(),
    coverageFrom: time.nullable(),
    coverageUntil: time.nullable(),
    total: money,
    renewalOf: z.string().nullable(),
    renewedBy: z.string().nullable(),
    certificate: orderCertificate.nullable(),
    orderedBy: actor.nullable().meta({ description: 'Who placed it; the server where it is a renewal of its own.' }),
    createdAt: time,
  })
  .meta({ id: 'OrderSummary', description: 'An order in a list; its own page has what proves its names.' });

/** How an order stands, more precisely than its state. */
export const orderStandings = [
  'awaitingApproval',
  'awaitingCsr',
  'awaitingValidation',
  'issuing',
  'active',
  'reissuing',
  'ended',
  'revoked',
  'rejected',
  'cancelled',
  'failed',
] as const satisfies readonly OrderStanding[];

export const orderTurns = ['approver', 'customer', 'operator', 'server'] as const satisfies readonly OrderTurn[];

const newContact = z.strictObject(contact.shape).meta({ id: 'NewContact' });

export const names = z.array(z.string().max(1000)).min(1).max(1000);
export const csr = z
  .string()
  .min(1)
  .max(200_000)
  .meta({ description: 'PKCS#10: PEM with any text around it, base64 or base64url.' });
export const validityDays = z.int().meta({
  description: 'Shorter certificates than the profile would make, one after the other. Default: the longest.',
});
/** 1,000 names of 253 characters are 256 KB, a CSR with as many names is up to 200 KB of text. */
export const namesAndCsrBytes = 512 << 10;
const oneOrder = z.strictObject({ order: reference('order') });
const path = '/api/v1/orders/:order';

const decision = z.strictObject({
  order: reference('order'),
  note: z.string().max(1000).default(''),
  version: decisionVersion,
});

const placeRequest = z.strictObject({
  productCode: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'From the list of products: `tls-dv`, `encryption365:100`.' }),
  csr: csr.optional().meta({
    description:
      'PKCS#10: PEM with any text around it, base64 or base64url. May come later, where the product lets it (`csrMayFollow`): see `PUT …/csr`.',
  }),
  names: names.optional().meta({
    description:
      'Default: the names in the CSR, each once: its subjectAltName, and its common name where that is a name.',
  }),
  ...wantedProofs,
  ...wishes,
  periods: z.int().optional().meta({
    description: "How many of the product's coverage periods; 1 by default, at most its `maxPeriods`. All are charged.",
  }),
  validityDays: validityDays.optional(),
  isAutoRenewed: z
    .boolean()
    .optional()
    .meta({ description: 'An order like it is placed, and charged, 30 days before the coverage ends.' }),
  reference: z.string().max(200).optional(),
  renewalOf: reference('order').optional(),
  organization: z
    .union([reference('organization'), newOrganizationDetails])
    .optional()
    .meta({
      description: 'Id or number of one, or its details. Required for OV and EV, which wait until it is verified.',
    }),
  container: reference('container').optional(),
  contact: newContact.optional(),
  customFields: customValues.optional(),
  account: reference('account').optional().meta({ description: 'Operators only, who order for an account.' }),
});

const reissueRequest = z.strictObject({
  order: reference('order'),
  csr,
  names: names.optional().meta({ description: 'Default: the names the order has now. Added names are charged.' }),
  ...wantedProofs,
  ...wishes,
  validityDays: validityDays.optional(),
});

const dryRun = z
  .object({
    price: money,
    balanceAfter: money.meta({ description: 'What would be left in the account.' }),
    needsApproval: z.boolean().meta({ description: 'Somebody would have to approve it first.' }),
    names: z.array(
      z.object({
        name: z.string(),
        isProved: z.boolean().meta({ description: 'An earlier proof would serve.' }),
        validUntil: time.nullable().meta({ description: 'Until when that proof serves; null: it is to be proved.' }),
      }),
    ),
  })
  .meta({ id: 'DryRun', description: 'What an order would cost and wait for. Nothing is stored, charged or sent.' });

export const ordersApi = {
  list: endpoint({
    id: 'orders.list',
    method: 'GET',
    path: '/api/v1/orders',
    summary: {
      en: 'List orders, newest first; by end, soonest first',
      zh: '订单列表（新的在前；按到期时间筛选时先到期的在前）',
    },
    request: z.strictObject({
      ...countedPageRequest.shape,
      ...listFilters,
      state: severalOf(orderStates.options),
      name: z.string().min(1).optional().meta({ description: 'Only orders that requested exactly this name.' }),
      namePart: namePart.optional().meta({
        description: 'Only orders with a name that contains this, such as `shop.example`; at least three letters.',
      }),
      failing: z.literal('true').optional().meta({
        description:
          '`true`: only orders whose validation fails now. Each is shown with the attempt that fails, and `failing` says why. Not to be sorted.',
      }),
      failingCode: z.string().min(1).max(100).optional().meta({
        description: 'With `failing=true`: only those with this `code`, such as `dnsNoRecord`.',
      }),
      standing: severalOf(orderStandings),
      turn: severalOf(orderTurns),
      text: listText.optional().meta({
        description:
          'Part of a name of the order or of its reference, at least three letters; or the number of the order.',
      }),
      container: reference('container').optional().meta({
        description: 'Id or number; of the first container of the account also orders that are in none.',
      }),
      organization: reference('organization').optional(),
      reference: z.string().min(1).max(200).optional().meta({
        description: 'Exactly, or one of several that the order has. For operators with `account`.',
      }),
      serial: z.string().min(1).max(100).optional().meta({
        description: 'Of any certificate of the order; hex, with or without colons.',
      }),
      isRenewed: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: '`true`: only orders that another one renews, or that are marked as renewed.' }),
    }),
    response: pageOf(orderSummary),
  }),
  place: endpoint({
    id: 'orders.place',
    fieldNames: { validity: 'validityDays', customValues: 'customFields', alternativeReference: 'reference' },
    method: 'POST',
    path: '/api/v1/orders',
    summary: { en: 'Order a certificate', zh: '提交订单' },
    bodyLimitBytes: namesAndCsrBytes,
    status: 201,
    request: placeRequest,
    response: order,
  }),
  dryRun: endpoint({
    id: 'orders.dryRun',
    fieldNames: { validity: 'validityDays', customValues: 'customFields', alternativeReference: 'reference' },
    method: 'POST',
    path: '/api/v1/orders/dry-run',
    summary: {
      en: 'What an order would cost and wait for; refused as the order would be',
      zh: '试算订单（不提交、不扣费）',
    },
    bodyLimitBytes: namesAndCsrBytes,
    request: placeRequest,
    response: dryRun,
  }),
  approve: endpoint({
    id: 'orders.approve',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/approve`,
    summary: { en: 'Approve what the order waits for', zh: '批准订单' },
    request: decision,
    response: order,
  }),
  reject: endpoint({
    id: 'orders.reject',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/reject`,
    summary: { en: 'Reject what the order waits for', zh: '拒绝订单' },
    request: decision,
    response: order,
  }),
  cancel: endpoint({
    id: 'orders.cancel',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/cancel`,
    summary: { en: 'Give up an order that has no certificate yet; it is refunded', zh: '取消未签发的订单并退款' },
    request: oneOrder,
    response: order,
  }),
  reissue: endpoint({
    id: 'orders.reissue',
    ...actsOn('order', ['order']),
    fieldNames: { validity: 'validityDays' },
    method: 'POST',
    path: `${path}/reissue`,
    summary: { en: 'Get a new certificate for the order, with a new key or other names', zh: '重签证书' },
    bodyLimitBytes: namesAndCsrBytes,
    request: reissueRequest,
    response: order,
  }),
  dryRunReissue: endpoint({
    id: 'orders.dryRunReissue',
    fieldNames: { validity: 'validityDays' },
    method: 'POST',
    path: `${path}/reissue/dry-run`,
    summary: { en: 'What a reissue would cost and wait for', zh: '试算重签（不提交、不扣费）' },
    bodyLimitBytes: namesAndCsrBytes,
    request: reissueRequest,
    response: dryRun,
  }),
  revoke: endpoint({
    id: 'orders.revoke',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/revoke`,
    summary: { en: 'Revoke every certificate of the order and end it', zh: '吊销订单的全部证书' },
    request: z.strictObject({ order: reference('order'), reason: revocation }),
    response: order,
  }),
  check: endpoint({
    id: 'orders.check',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/check`,
    summary: { en: 'Look for the proofs now instead of at the next planned time', zh: '立即检查验证' },
    request: oneOrder,
    response: order,
  }),
  chooseMethod: endpoint({
    id: 'orders.chooseMethod',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/method`,
    summary: {
      en: 'Say how a name will be proved; e-mail sends a mail',
      zh: '选择域名的验证方式（邮箱方式会发送邮件）',
    },
    request: z.strictObject({
      order: reference('order'),
      name: z.string().min(1),
      method: methods,
      address: z
        .string()
        .max(320)
        .optional()
        .meta({ description: 'With `email`: one of the addresses of the proof. Again: another mail.' }),
    }),
    response: order,
  }),
  removeNames: endpoint({
    id: 'orders.removeNames',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/remove-names`,
    summary: {
      en: 'Take names out of an order that is not issued yet; they are refunded',
      zh: '移除未签发订单中的域名并退款',
    },
    bodyLimitBytes: namesAndCsrBytes,
    request: z.strictObject({
      order: reference('order'),
      names: z
        .union([names, z.literal('unproved')])
        .meta({ description: 'The names, or `unproved` for all that are not proved now. At least one name stays.' }),
    }),
    response: order,
  }),
} as const;
