/** Every operation of the native API, in the order of its documentation. */
import { z } from 'zod';
import { openApiDocument } from '../kit/openapi.ts';
import { type Operation, publicOperation, withRoles } from '../kit/operation.ts';
import { withChartCsv } from './csv-charts.ts';
import { withCsv } from './csv-lists.ts';
import { docs } from './docs.ts';
import { withIdempotency } from './idempotency.ts';
import { rolesOfOperations } from './operation-roles.ts';
import { accountOperations } from './operations/accounts.ts';
import { acmeKeyOperations } from './operations/acme-keys.ts';
import { alarmOperations } from './operations/alarms.ts';
import { approvalOperations } from './operations/approvals.ts';
import { authorityImportOperations } from './operations/authority-import.ts';
import { authorizationOperations } from './operations/authorizations.ts';
import { bulkOperations } from './operations/bulk.ts';
import { certificateOperations } from './operations/certificates.ts';
import { checkOperations } from './operations/checks.ts';
import { containerOperations, customFieldOperations } from './operations/containers.ts';
import { credentialOperations, userOperations } from './operations/credentials.ts';
import { delegationOperations } from './operations/delegations.ts';
import { domainOperations } from './operations/domains.ts';
import { factOperations } from './operations/facts.ts';
import { jobOperations } from './operations/jobs.ts';
import { keyEncryptionOperations } from './operations/key-encryption.ts';
import { keyOperations } from './operations/keys.ts';
import { mailOperations } from './operations/mail.ts';
import { meOperations } from './operations/me.ts';
import { noteOperations } from './operations/notes.ts';
import { orderChangeOperations } from './operations/order-changes.ts';
import { orderPageOperations } from './operations/order-page.ts';
import { orderOperations } from './operations/orders.ts';
import { organizationOperations } from './operations/organizations.ts';
import { outsideAuthorityOperations } from './operations/outside-authorities.ts';
import { passwordOperations } from './operations/passwords.ts';
import { priceOperations } from './operations/prices.ts';
import { productOperations } from './operations/products.ts';
import { refundOperations } from './operations/refunds.ts';
import { reportOperations } from './operations/reports.ts';
import { roleGrantOperations } from './operations/role-grants.ts';
import { searchOperations } from './operations/search.ts';
import { serverOperations } from './operations/server.ts';
import { sessionOperations } from './operations/sessions.ts';
import { setupOperations } from './operations/setup.ts';
import { statisticsOperations } from './operations/statistics.ts';
import { streamOperations } from './operations/stream.ts';
import { upstreamOperations } from './operations/upstreams.ts';
import { webhookOperations } from './operations/webhooks.ts';
import type { Services } from './services.ts';
import { withTotals } from './whole-lists.ts';

const described: readonly Operation<Services>[] = [
  ...meOperations,
  ...sessionOperations,
  ...accountOperations,
  ...userOperations,
  ...passwordOperations,
  ...credentialOperations,
  ...acmeKeyOperations,
  ...roleGrantOperations,
  ...organizationOperations,
  ...containerOperations,
  ...customFieldOperations,
  ...productOperations,
  ...priceOperations,
  ...orderOperations,
  ...orderPageOperations,
  ...refundOperations,
  ...orderChangeOperations,
  ...noteOperations,
  ...checkOperations,
  ...searchOperations,
  ...domainOperations,
  ...delegationOperations,
  ...approvalOperations,
  ...authorizationOperations,
  ...webhookOperations,
  ...certificateOperations,
  ...keyOperations,
  ...mailOperations,
  ...upstreamOperations,
  ...reportOperations,
  ...statisticsOperations,
  ...streamOperations,
  ...factOperations,
  ...serverOperations,
  ...outsideAuthorityOperations,
  ...jobOperations,
  ...setupOperations,
  ...alarmOperations,
  ...authorityImportOperations,
  ...keyEncryptionOperations,
];

const all: readonly Operation<Services>[] = [...described, ...bulkOperations(described)];

/** The description of all of them; public, so that tools and people can read it before they have a token. */
const openApi = publicOperation<Services, z.ZodType, z.ZodType>({
  id: 'openapi.show',
  method: 'GET',
  path: '/api/openapi.json',
  summary: { en: 'This description', zh: '接口描述文档' },
  request: z.looseObject({}),
  response: z.record(z.string(), z.unknown()).meta({ description: 'An OpenAPI 3.1 document.' }),
  handle: async (_, { services, language }) => {
    const { version, publicUrl: serverUrl } = services;
    return { ...openApiDocument({ title: 'certmux', operations, docs }, { version, serverUrl, language }) };
  },
});

export const operations: readonly Operation<Services>[] = withRoles(
  withIdempotency([...withChartCsv(withCsv(withTotals(all))), openApi]),
  rolesOfOperations,
);
