/** Every operation of the native API, in the order of its documentation. */
import { z } from 'zod';
import { openApiDocument } from '../../kit/openapi.ts';
import { type Operation, publicOperation } from '../../kit/operation.ts';
import { docs } from '../docs.ts';
import { accountOperations } from './accounts.ts';
import { approvalOperations } from './approvals.ts';
import { certificateOperations } from './certificates.ts';
import { containerOperations, customFieldOperations } from './containers.ts';
import { credentialOperations, userOperations } from './credentials.ts';
import { keyEncryptionOperations } from './key-encryption.ts';
import { keyOperations } from './keys.ts';
import { mailOperations } from './mail.ts';
import { orderOperations } from './orders.ts';
import { organizationOperations } from './organizations.ts';
import { productOperations } from './products.ts';
import { roleGrantOperations } from './role-grants.ts';
import { serverOperations } from './server.ts';
import type { Native } from './session.ts';
import { webhookOperations } from './webhooks.ts';

const described: readonly Operation<Native>[] = [
  ...accountOperations,
  ...userOperations,
  ...credentialOperations,
  ...roleGrantOperations,
  ...organizationOperations,
  ...containerOperations,
  ...customFieldOperations,
  ...productOperations,
  ...orderOperations,
  ...approvalOperations,
  ...webhookOperations,
  ...certificateOperations,
  ...keyOperations,
  ...mailOperations,
  ...serverOperations,
  ...keyEncryptionOperations,
];

/** The description of all of them; public, so that tools and people can read it before they have a token. */
const openApi = publicOperation<Native, z.ZodType, z.ZodType>({
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

export const operations: readonly Operation<Native>[] = [...described, openApi];
