/** The parts of an account, and the fields that it adds to its orders. */
import { z } from 'zod';
import { accountChoice, endpoint, pageOf, reference, time, wholeRequest } from './shapes.ts';

export const container = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    parentId: z.string().nullable().meta({ description: 'Null: the root, which every account has.' }),
    name: z.string(),
    description: z.string(),
    state: z.enum(['active', 'inactive']),
    allowedNames: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Names for which orders may be placed in it, sub-domains included; null: any.' }),
    createdAt: time,
  })
  .meta({ id: 'Container' });

/** The account in a query: by default the caller's own; only an operator can name another. */
const ofAccount = z.strictObject({ account: reference('account').optional() });

export const containersApi = {
  list: endpoint({
    id: 'containers.list',
    method: 'GET',
    path: '/api/v1/containers',
    summary: { en: 'List the containers of an account, the root first', zh: '部门列表（根部门在前）' },
    request: wholeRequest.extend(ofAccount.shape),
    response: pageOf(container),
  }),
  add: endpoint({
    id: 'containers.add',
    method: 'POST',
    path: '/api/v1/containers',
    summary: { en: 'Add a container', zh: '添加部门' },
    status: 201,
    request: z.strictObject({
      account: accountChoice,
      parent: reference('container').exactOptional().meta({ description: "The account's root by default." }),
      name: z.string().trim().min(1).max(255),
      description: z.string().max(1000).default(''),
      allowedNames: z.array(z.string().min(1)).min(1).nullable().default(null),
    }),
    response: container,
  }),
  change: endpoint({
    id: 'containers.change',
    method: 'PATCH',
    path: '/api/v1/containers/:container',
    summary: {
      en: 'Change a container, or stop and resume its use with all below it',
      zh: '修改部门，或停用、恢复部门（包括其下级部门）',
    },
    request: z.strictObject({
      container: reference('container'),
      name: z.string().trim().min(1).max(255).exactOptional(),
      description: z.string().max(1000).exactOptional(),
      allowedNames: z
        .array(z.string().min(1))
        .min(1)
        .nullable()
        .exactOptional()
        .meta({ description: 'Of orders from now on; null: any.' }),
      state: container.shape.state.exactOptional().meta({
        description: 'In one that is not in use nothing is ordered or reissued. The root stays in use.',
      }),
    }),
    response: container,
  }),
} as const;

const kind = z.enum(['anything', 'text', 'integer', 'email', 'emailList']);

export const fieldValue = z.string().min(1).max(10_000);

export const customField = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    label: z.string(),
    description: z.string(),
    kind,
    isRequired: z.boolean().meta({
      description:
        'Every order must have a value of it. One that comes through an API without such fields has the default, or is refused.',
    }),
    isActive: z.boolean(),
    defaultValue: z
      .string()
      .nullable()
      .meta({ description: 'What orders have that are placed without a value; null: nothing.' }),
    keyDefaults: z
      .array(z.object({ key: z.string(), value: z.string() }))
      .meta({ description: 'The same for the orders of one key: a credential, or the key of an ACME client.' }),
    createdAt: time,
  })
  .meta({ id: 'CustomField' });

export const customFieldsApi = {
  list: endpoint({
    id: 'customFields.list',
    method: 'GET',
    path: '/api/v1/custom-fields',
    summary: { en: 'List the fields that an account adds to its orders', zh: '自定义字段列表' },
    request: wholeRequest.extend(ofAccount.shape),
    response: pageOf(customField),
  }),
  add: endpoint({
    id: 'customFields.add',
    method: 'POST',
    path: '/api/v1/custom-fields',
    summary: { en: 'Add a custom field', zh: '添加自定义字段' },
    status: 201,
    request: z.strictObject({
      account: accountChoice,
      label: z.string().trim().min(1).max(100),
      description: z.string().max(1000).default(''),
      kind: kind.default('anything'),
      isRequired: z.boolean().default(false),
      isActive: z.boolean().default(true),
      defaultValue: fieldValue.nullable().default(null),
    }),
    response: customField,
  }),
  change: endpoint({
    id: 'customFields.change',
    method: 'PATCH',
    path: '/api/v1/custom-fields/:field',
    summary: {
      en: 'Change a custom field; orders keep the values they have',
      zh: '修改自定义字段（已有订单的值不变）',
    },
    request: z.strictObject({
      field: reference('custom field'),
      label: z.string().trim().min(1).max(100).exactOptional(),
      description: z.string().max(1000).exactOptional(),
      kind: kind.exactOptional(),
      isRequired: z.boolean().exactOptional(),
      isActive: z.boolean().exactOptional(),
      defaultValue: fieldValue.nullable().exactOptional().meta({ description: 'Null takes it away.' }),
      keyDefaults: z
        .array(
          z.strictObject({
            key: z
              .string()
              .min(1)
              .max(200)
              .meta({ description: 'Id of a credential, or of the key of an ACME client.' }),
            value: fieldValue.nullable().meta({ description: 'Null takes it away.' }),
          }),
        )
        .min(1)
        .max(100)
        .exactOptional()
        .meta({ description: 'Defaults of other keys stay as they are.' }),
    }),
    response: customField,
  }),
} as const;
