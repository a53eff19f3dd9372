/**
 * The wire shapes, in the vendor's own names. Requests are read as real clients send them; each leniency names its evidence:
 * the vendor's document, or the client that needs it (PHP SDK, WHMCS modules, resellers, node clients).
 */

import { z } from 'zod';
import { refuse } from '../../domain/errors.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { expecting } from '../kit/schema-errors.ts';

const someYears = expecting(expectedOf.integerBetween(1, 6));

/** Numbers arrive as numbers or as text: forms know nothing else. */
const yearsNumber = z
  .union(
    [
      z.number(),
      z
        .string()
        .trim()
        .regex(/^\d{1,3}$/)
        .transform(Number),
    ],
    { error: someYears },
  )
  .refine((years) => Number.isInteger(years) && years >= 1 && years <= 6, someYears)
  .meta({
    sent: {
      anyOf: [
        { type: 'integer', minimum: 1, maximum: 6 },
        { type: 'string', pattern: '^ *0{0,2}[1-6] *$' },
      ],
    },
  });

const maxTextLength = 1000;

/** A phone number or a post code may be a JSON number. */
const text = z
  .union([z.string(), z.number().transform(String)], { error: expecting(expected.string) })
  .transform((value) => value.trim())
  .refine((value) => value.length <= maxTextLength, expecting(expectedOf.charactersAtMost(maxTextLength)))
  .meta({ sent: { type: ['string', 'number'], maxLength: maxTextLength } });

/** Left out, null and empty mean the same. */
const optionalText = z
  .union([text, z.null()], { error: expecting(expected.string) })
  .optional()
  .transform((value) => value || undefined)
  .meta({ sent: { type: ['string', 'number', 'null'], maxLength: maxTextLength } });

const neededText = text
  .refine((value) => value !== '', expecting(expected.string))
  .meta({ sent: { anyOf: [{ type: 'string', pattern: '\\S', maxLength: maxTextLength }, { type: 'number' }] } });

/** What a client sends of a field that nobody filled in: null, an empty text, and PHP's empty array for an object without fields. */
function orNone(value: unknown): unknown {
  const isEmpty = value === null || (typeof value === 'string' && value.trim() === '');
  return isEmpty || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

/** A PEM text, which has its own limit. */
const pem = z.preprocess(orNone, z.string({ error: expecting(expected.pem) }).optional());

const contact = z
  .object(
    {
      job: optionalText,
      city: optionalText,
      email: optionalText,
      state: optionalText,
      mobile: optionalText,
      address: optionalText,
      country: optionalText,
      lastName: optionalText,
      postCode: optionalText,
      firstName: optionalText,
      // The document's word, what every client sends instead, and a slip of the document (`finance`).
      organization: optionalText,
      organation: optionalText,
      origination: optionalText,
    },
    { error: expecting(expected.object) },
  )
  .transform(({ organization, organation, origination, ...rest }) => ({
    ...rest,
    organization: organation ?? organization ?? origination,
  }));

export type WireContact = z.output<typeof contact>;

const organizationInfo = z.object(
  {
    organizationName: optionalText,
    organizationAddress: optionalText,
    organizationCity: optionalText,
    organizationCountry: optionalText,
    organizationPostCode: optionalText,
    organizationMobile: optionalText,
    // Sent by the WHMCS modules. The state otherwise comes from the administrator.
    organizationState: optionalText,
    organizationRegNumber: optionalText,
    organizationDivision: optionalText,
  },
  { error: expecting(expected.object) },
);

export type WireOrganization = z.output<typeof organizationInfo>;

const domainEntry = z.object(
  { domainName: neededText, dcvMethod: optionalText, dcvEmail: optionalText },
  { error: expecting(expected.domainAndMethod) },
);

export type DomainEntry = z.output<typeof domainEntry>;

const optionalForm = { type: ['string', 'number', 'null'], maxLength: maxTextLength };

/** How the document shows one. */
const entryForm = {
  type: 'object',
  properties: {
    domainName: { type: 'string', pattern: '\\S', maxLength: maxTextLength },
    dcvMethod: optionalForm,
    dcvEmail: optionalForm,
  },
  required: ['domainName'],
};

/** More than any product covers: what is longer is not looked at name by name. */
const maxEntries = 250;

/** A single one may stand without its list. */
const domainInfo = z
  .unknown()
  .transform((value) => (typeof value === 'object' && value !== null && 'domainName' in value ? [value] : value))
  .transform((value) => {
    if (Array.isArray(value) && value.length > maxEntries) {
      throw refuse('tooManyNames', { count: value.length, limit: maxEntries });
    }
    return value;
  })
  .pipe(z.array(domainEntry, { error: expecting(expected.domains) }))
  .meta({ sent: { anyOf: [entryForm, { type: 'array', items: entryForm, maxItems: maxEntries }] } });

/** Value in the document for requests that mean no server in particular. */
export const anyServer = 'other';

const servers = [
  ...['apachessl', 'citrix', 'domino', 'ensim', 'hsphere', 'iis4', 'iis6', 'iis7', 'iplanet', 'javawebserv'],
  ...[
    'netscape',
    'ibmhttp',
    'novel',
    'oracle',
    'plesk',
    'tomcat',
    'webstar',
    'whmcpane',
    anyServer,
    'apache2',
    'c2net',
  ],
  // A node client sends the last one and it was accepted.
  ...['cisco', 'cobaltseries', 'nginx', 'apacheraven', 'redhatsap', 'website', 'zeusv3', 'cpanel'],
];

/** Required by the document and left out by most clients. */
const server = optionalText
  .transform((value) => (value ?? anyServer).toLowerCase())
  .refine((value) => servers.includes(value), expecting(expectedOf.oneOf(servers)))
  .meta({ sent: { anyOf: [{ enum: servers }, { type: 'string', maxLength: 0 }, { type: 'null' }] } });

const uniqueValue = optionalText
  .refine(
    (value) => value === undefined || /^[A-Za-z0-9]{1,20}$/.test(value),
    expecting(expectedOf.lettersAndDigits(1, 20)),
  )
  .meta({ sent: { anyOf: [{ type: 'string', pattern: '^[A-Za-z0-9]{0,20}$' }, { type: 'null' }] } });

/** Fields of `params`. */
const params = {
  csr: pem.meta({ description: 'PEM. Left out, the server makes key and CSR.' }),
  privateKey: pem.meta({ description: 'PEM. Makes the CSR where none is sent, and is not kept.' }),
  server,
  uniqueValue,
  dcvMethod: optionalText.meta({ description: 'For every name that says none.' }),
  domainInfo: z
    .preprocess(orNone, domainInfo.optional())
    .meta({ description: 'A list of names, each with dcvMethod, and dcvEmail for EMAIL.' }),
  organizationInfo: z.preprocess(orNone, organizationInfo.optional()),
  Administrator: z.preprocess(orNone, contact.optional()),
  tech: z.preprocess(orNone, contact.optional()),
  finance: z.preprocess(orNone, contact.optional()),
};

const paramsObject = z.object(params);
export type Params = z.output<typeof paramsObject>;

/** Fields of an order's own data. */
export const storedParamsSchema = paramsObject.partial();

const certId = neededText;

export const emptyRequest = z.object({});

/** The PHP SDK sends its reissue here: `certId` and `reason`, without a product. */
export const placeRequest = z.object({
  productCode: optionalText.meta({ description: 'Of /ssl/productList. Required.' }),
  years: z
    .preprocess(orNone, yearsNumber.optional())
    .meta({ description: 'How long the order is served: 1 to 6. Required.' }),
  refId: optionalText.meta({ description: "The client's own number: the same one is the same order." }),
  ...params,
  certId: optionalText.meta({ description: 'Without productCode: a reissue of this certificate.' }),
  reason: optionalText.meta({ description: 'Of such a reissue.' }),
});

export type PlaceRequest = z.output<typeof placeRequest>;

export const certRequest = z.object({ certId });

export const productListRequest = z.object({ vendor: optionalText });

export const replaceRequest = z.object({ certId, refId: optionalText, reason: optionalText, ...params });

export type ReplaceRequest = z.output<typeof replaceRequest>;

/** A WHMCS module sends the order's `certId` instead of `renewId`, and nothing else. */
export const renewRequest = z.object({
  renewId: optionalText,
  certId: optionalText,
  years: z.preprocess(orNone, yearsNumber.default(1)),
  refId: optionalText,
  ...params,
});

export const endRequest = z.object({ certId, reason: optionalText });

export const updateDcvRequest = z.object({
  certId,
  domainName: optionalText,
  dcvMethod: optionalText,
  dcvEmail: optionalText,
  domainInfo: z.preprocess(orNone, domainInfo.optional()),
});

export const batchUpdateDcvRequest = z.object({
  certId,
  dcvMethod: optionalText,
  dcvEmail: optionalText,
  domainInfo: z.preprocess(orNone, domainInfo.optional()),
});

export const removeRequest = z.object({ certId, domainName: optionalText });

export const referenceRequest = z.object({ refId: neededText });

/** Clients say `domain` where the document says `domainName`. */
export const nameRequest = z.object({
  domainName: optionalText,
  domain: optionalText,
  certId: optionalText,
  dcvEmail: optionalText,
});

/** The PHP SDK calls the certId an `orderId` here. */
export const proofRequest = z.object({
  orderId: optionalText,
  certId: optionalText,
  domain: optionalText,
  domainName: optionalText,
});

export const listRequest = z.object({
  page: z.preprocess(orNone, z.coerce.number().int().min(1).max(1_000_000).default(1)),
});

/** 1 is a success; every other number is a refusal. */
const code = z.int();

export const done = z.object({ code });

const dcvFields = {
  DCVfileName: z.string().default(''),
  DCVfileContent: z.string().default(''),
  DCVfilePath: z.string().default(''),
  DCVdnsHost: z.string().default(''),
  DCVdnsValue: z.string().default(''),
  DCVdnsType: z.string().default(''),
};

const dcvObject = z.object(dcvFields);
export type DcvFields = z.output<typeof dcvObject>;

const placedData = z.object({
  certId: z.string(),
  vendorId: z.string().default(''),
  vendorCertId: z.string().default(''),
  ...dcvFields,
  /** By name, where there are several. */
  dcvInfo: z.record(z.string(), dcvObject).optional(),
  orderNum: z.string().default(''),
});

export type PlacedData = z.output<typeof placedData>;

export const placed = z.object({ code, data: placedData });

/** The vendor answers nothing but the code. */
const checkedData = z.object({ ...dcvFields, dcvInfo: z.record(z.string(), dcvObject).optional() });

export type CheckedData = z.output<typeof checkedData>;

export const checkedOrder = z.object({ code, data: checkedData.prefault({}) });

const step = z.object({ status: z.string() });
/** `message`: why there is no certificate. No client reads more of a step than its status. */
const lastStep = z.object({ status: z.string(), message: z.string().optional() });
/** A server may leave out what is not begun. */
const stepOrNone = step.default({ status: 'notdone' });

const dcvListEntry = z.object({
  domainName: z.string(),
  dcvMethod: z.string(),
  dcvEmail: z.string().default(''),
  /** `verified` or empty: a client takes any word for a yes. */
  is_verify: z.string().default(''),
});

export type DcvListEntry = z.output<typeof dcvListEntry>;

/** Fields in the order of the reply that a client's author recorded. */
const collectedData = z.object({
  status: z.string().default(''),
  beginDate: z.string().default(''),
  endDate: z.string().default(''),
  dueDate: z.string().default(''),
  certificate: z.string().default(''),
  caCertificate: z.string().default(''),
  privateKey: z.string().default(''),
  rsaPrivateKey: z.string().default(''),
  jks: z.string().default(''),
  pkcs12: z.string().default(''),
  jksPass: z.string().default(''),
  pkcsPass: z.string().default(''),
  vendorId: z.string().default(''),
  vendorCertId: z.string().default(''),
  certPath: z.string().default(''),
  ...dcvFields,
  /** Where the names have values of their own. */
  dcvInfo: z.record(z.string(), dcvObject).optional(),
  application: stepOrNone,
  dcv: stepOrNone,
  issued: lastStep.default({ status: 'notdone' }),
  ov: step.optional(),
  dcvList: z.array(dcvListEntry).default([]),
  // An object, or the JSON text of one.
  applyParams: z.unknown().default({}),
});

export type CollectedData = z.output<typeof collectedData>;

export const collected = z.object({
  code,
  status: z.string(),
  certStatus: z.string().default(''),
  data: collectedData,
});

export type Collected = z.output<typeof collected>;

const price = z.record(z.string(), z.number());
export type WirePrice = z.output<typeof price>;

const product = z.object({
  code: z.string(),
  productName: z.string(),
  supportWildcard: z.string(),
  supportStandard: z.string(),
  supportIp: z.string(),
  supportSan: z.string(),
  validationType: z.string(),
  maxDomain: z.int(),
  maxYear: z.int(),
  defaultProtectDomain: z.int(),
  price: z.object({
    basePrice: price,
    sanPrice: z.object({ wildPrice: price.optional(), normalPrice: price }).optional(),
  }),
  vendor: z.string().default(''),
});

export type WireProduct = z.output<typeof product>;

export const productList = z.object({ code, data: z.array(product) });

export const certIdReply = z.object({ code, data: z.object({ certId: z.string() }) });

export const dcvReply = z.object({ code, data: dcvObject });

export const caaReply = z.object({
  code,
  data: z.array(z.object({ domain: z.string(), flags: z.int(), tag: z.string(), value: z.string() })),
});

export const emailsReply = z.object({ code, data: z.object({ emails: z.array(z.string()) }) });

const fileFields = z.object({
  DCVfileName: z.string(),
  DCVfileContent: z.string(),
  DCVfilePath: z.string(),
});

export const fileReply = z.object({ code, data: fileFields });

const dnsFields = z.object({ DCVdnsHost: z.string(), DCVdnsValue: z.string(), DCVdnsType: z.string() });

export const dnsReply = z.object({ code, data: dnsFields });

const listed = z.object({
  certId: z.string(),
  status: z.string(),
  commonName: z.string(),
  domains: z.array(z.string()),
  period: z.string(),
  beginDate: z.string(),
  endDate: z.string(),
  productName: z.string(),
  productCode: z.string(),
  brand: z.string(),
  amount: z.number(),
  orderNum: z.string(),
  created: z.string(),
});

export type Listed = z.output<typeof listed>;

export const listReply = z.object({ code, data: z.array(listed) });

export const countryReply = z.object({
  code,
  data: z.object({ countries: z.array(z.object({ code: z.string(), name: z.string() })) }),
});
