/** The account: what it is, what its key may do, and the fields it adds to orders. */
import type { CustomField, CustomFieldKind } from '../../../domain/custom-field.ts';
import { refuse } from '../../../domain/errors.ts';
import type { NewCustomField } from '../../../domain/ports/custom-fields.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { readContainers } from '../containers/container-to-wire.ts';
import { emptyRequest } from '../domains/schema.ts';
import { basePath } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { permissionsOf } from '../users/roles.ts';
import { nothing } from '../wire/shapes.ts';
import {
  account,
  authorizations,
  type dataTypes,
  fieldChangeRequest,
  metadata,
  type NewFieldRequest,
  newFieldRequest,
  newFieldsRequest,
  type WireMetadatum,
} from './schema.ts';

const showAccount = callerOperation({
  id: 'account.show',
  method: 'GET',
  path: `${basePath}/account`,
  summary: { en: 'The account', zh: '查看账户' },
  request: emptyRequest,
  response: account,
  async handle(_input, session: Client) {
    const { services, caller } = session;
    const [found, containers, oldest] = await Promise.all([
      services.accounts.get(caller),
      readContainers(session),
      services.organizations.list(caller, { limit: 1, offset: 0, sort: [{ by: 'number', descending: false }] }),
    ]);
    const [organization] = oldest.items;
    const country = organization?.details.country.toLowerCase() ?? 'us';
    return {
      id: found.number,
      primary_organization_id: organization?.number ?? 0,
      primary_organization_name: organization?.details.name ?? found.name,
      primary_organization_country: country,
      make_renewal_calls: false,
      express_install_enabled: false,
      display_rep: false,
      rep_photo_id: 0,
      balance_negative_limit: 0,
      root_container_id: containers.of(null)?.number ?? 0,
      cert_transparency: 'embed',
      cert_central_type: 'retail',
      billing_account_id: found.number,
      billing_account_name: found.name,
      language_id: 1,
      migrated: true,
      has_auth_key: false,
      client_mgr_photo_id: 0,
      ent_support_plan: '0',
      default_country: country,
    };
  },
});

const listAuthorizations = callerOperation({
  id: 'authorization.list',
  method: 'GET',
  path: `${basePath}/authorization`,
  summary: { en: 'What this key may do', zh: '当前密钥的权限' },
  request: emptyRequest,
  response: authorizations,
  async handle(_input, { caller }: Client) {
    return { authorizations: permissionsOf(caller.roles) };
  },
});

const listFields = callerOperation({
  id: 'metadata.list',
  method: 'GET',
  path: `${basePath}/account/metadata`,
  summary: { en: 'Custom fields of orders', zh: '自定义字段列表' },
  request: emptyRequest,
  response: metadata,
  async handle(_input, { services, caller }: Client) {
    const fields = await services.customFields.list(caller);
    return fields.length === 0 ? {} : { metadata: fields.map(fieldToWire) };
  },
});

const addField = callerOperation({
  id: 'metadata.add',
  method: 'POST',
  path: `${basePath}/account/metadata`,
  summary: { en: 'Add a custom field', zh: '添加自定义字段' },
  request: newFieldRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    await services.customFields.add(caller, [fieldFromWire(input)]);
    return undefined;
  },
});

const addFields = callerOperation({
  id: 'metadata.addSeveral',
  method: 'POST',
  path: `${basePath}/account/metadata/bulk`,
  summary: { en: 'Add several custom fields', zh: '批量添加自定义字段' },
  request: newFieldsRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    await services.customFields.add(caller, input.metadata.map(fieldFromWire));
    return undefined;
  },
});

const changeField = callerOperation({
  id: 'metadata.change',
  method: 'PUT',
  path: `${basePath}/account/metadata/:id`,
  summary: { en: 'Change a custom field', zh: '修改自定义字段' },
  request: fieldChangeRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    await services.customFields.change(
      caller,
      { number: input.id },
      {
        ...withDefined({
          label: input.label,
          description: input.description,
          isRequired: input.is_required,
          isActive: input.is_active,
        }),
        ...(input.data_type === undefined ? {} : { kind: kinds[input.data_type] }),
      },
    );
    return undefined;
  },
});

/** Certificates that rivals have issued for a domain, a help for the vendor's sellers. */
const findCompetitors = callerOperation({
  id: 'competitiveReplacement.find',
  method: 'POST',
  path: `${basePath}/competitive-replacement/certificates`,
  summary: { en: 'Certificates of other vendors (not offered)', zh: '查询其他厂商的证书（未提供）' },
  request: emptyRequest,
  response: nothing,
  async handle(_input, { language, request }: Client) {
    const hint = { en: 'look at a Certificate Transparency log instead', zh: '请改查证书透明度日志' };
    throw refuse('operationClosed', { operation: new URL(request.url).pathname, hint: hint[language] });
  },
});

export const accountOperations: readonly Operation<Services>[] = [
  showAccount,
  listAuthorizations,
  listFields,
  addField,
  addFields,
  changeField,
  findCompetitors,
];

const kinds = {
  anything: 'anything',
  text: 'text',
  int: 'integer',
  email_address: 'email',
  email_list: 'emailList',
} as const satisfies Record<(typeof dataTypes)[number], CustomFieldKind>;

/** The vendor leaves it out where a field takes anything. */
const dataTypeOf = {
  anything: undefined,
  text: 'text',
  integer: 'int',
  email: 'email_address',
  emailList: 'email_list',
} as const satisfies Record<CustomFieldKind, string | undefined>;

function fieldFromWire(field: NewFieldRequest): NewCustomField {
  return {
    label: field.label,
    description: field.description ?? '',
    isRequired: field.is_required ?? false,
    isActive: field.is_active ?? true,
    kind: kinds[field.data_type ?? 'anything'],
  };
}

function fieldToWire(field: CustomField): WireMetadatum {
  const dataType = dataTypeOf[field.kind];
  return {
    id: field.number,
    label: field.label,
    ...(field.description === '' ? {} : { description: field.description }),
    is_required: field.isRequired,
    is_active: field.isActive,
    ...withDefined({ data_type: dataType }),
  };
}
