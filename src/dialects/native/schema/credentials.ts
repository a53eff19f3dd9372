/** People who sign in, and the keys that software uses. */
import { z } from 'zod';
import { objectActions } from '../../../domain/seen-object.ts';
import type { OperationFieldNames } from '../../kit/field-names.ts';
import { actionsOf } from './actions.ts';
import { actor } from './actors.ts';
import {
  accountChoice,
  actsOn,
  countedPageRequest,
  endpoint,
  moment,
  pageOf,
  person,
  personPart,
  reference,
  roles,
  searchText,
  time,
  userReference,
  version,
  versioned,
} from './shapes.ts';

const rolesChoice = z.array(roles).min(1).optional().meta({
  description:
    'Default: `requester`, or `operator` where there is no account. Whoever makes the user must hold each of them.',
});

export const user = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string().nullable().meta({ description: 'Null for an operator.' }),
    kind: z
      .enum(['person', 'service'])
      .meta({ description: '`service`: a program; it holds keys and never signs in.' }),
    username: z.string(),
    person,
    containerId: z.string().nullable(),
    roles: z.array(roles),
    state: z.enum(['active', 'disabled', 'removed']),
    lastSignInAt: time.nullable(),
    createdBy: actor.nullable().meta({ description: 'Null: not known, as of the first user.' }),
    createdAt: time,
  })
  .meta({ id: 'User' });

export const userPage = user.extend({ version, actions: actionsOf(objectActions.user) }).meta({ id: 'UserPage' });

export const invitation = z
  .object({
    user,
    address: z.string().nullable().meta({ description: 'The mailbox that the mail goes to; null: no mail is sent.' }),
    link: z.string().exactOptional().meta({ description: 'In this answer and nowhere else, where `showLink` is set.' }),
    expiresAt: time.meta({ description: 'The link is good once, until then, or until a newer one is made.' }),
  })
  .meta({ id: 'Invitation' });

export const credential = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string().nullable().meta({ description: 'Null for an operator.' }),
    userId: z.string().nullable(),
    holder: actor.nullable().meta({ description: 'The user of `userId`; null: nobody holds it.' }),
    dialect: z.string().meta({ description: 'The API it opens.' }),
    publicId: z.string().meta({ description: 'The half that is no secret.' }),
    label: z.string(),
    roles: z.array(roles),
    allowedAddresses: z.array(z.string()).nullable().meta({ description: 'CIDR; null: from anywhere.' }),
    createdBy: actor.nullable().meta({ description: 'Null: not known, as of the first key.' }),
    createdAt: time,
    lastUsedAt: time.nullable(),
    lastUsedAddress: z.string().nullable().meta({ description: 'From where it was used then.' }),
    expiresAt: time.exactOptional().meta({ description: 'From then on it is refused. Absent: it has no end.' }),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'Credential' });

export const credentialPage = credential
  .extend({ version, actions: actionsOf(objectActions.credential) })
  .meta({ id: 'CredentialPage' });

/** People's data stand in `person` here. */
const fieldNames = {
  firstName: 'person.firstName',
  lastName: 'person.lastName',
  jobTitle: 'person.jobTitle',
  phone: 'person.phone',
  email: 'person.email',
} as const satisfies OperationFieldNames;

export const usersApi = {
  list: endpoint({
    id: 'users.list',
    method: 'GET',
    path: '/api/v1/users',
    summary: { en: 'List users, newest first', zh: '用户列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      account: reference('account').optional(),
      text: searchText
        .optional()
        .meta({ description: 'Part of the user name, of the name or of the address; or the number.' }),
      state: user.shape.state.optional(),
      role: roles.optional(),
    }),
    response: pageOf(user),
  }),
  create: endpoint({
    id: 'users.create',
    fieldNames,
    method: 'POST',
    path: '/api/v1/users',
    summary: { en: 'Create a user, or a service user that only holds keys', zh: '创建用户，或仅持有凭证的服务用户' },
    status: 201,
    request: z.strictObject({
      account: accountChoice,
      username: z.string().trim().min(1).max(254),
      password: z.string().min(10).max(1000).nullable().default(null).meta({ description: 'Null: cannot sign in.' }),
      roles: rolesChoice,
      kind: z.enum(['person', 'service']).default('person'),
      person: personPart.exactOptional(),
      container: reference('container').exactOptional(),
      invite: z.boolean().default(false).meta({
        description:
          'Mail them a link to choose a password, which must be null. No user is made where the mail cannot be sent.',
      }),
    }),
    response: user,
  }),
  show: endpoint({
    id: 'users.show',
    ...versioned,
    method: 'GET',
    path: '/api/v1/users/:user',
    summary: { en: 'Show a user', zh: '用户详情' },
    request: z.strictObject({ user: userReference }),
    response: userPage,
  }),
  change: endpoint({
    id: 'users.change',
    ...actsOn('user', ['user']),
    fieldNames,
    method: 'PATCH',
    path: '/api/v1/users/:user',
    summary: { en: 'Change the roles, the person or the container of a user', zh: '修改用户的角色、个人信息或部门' },
    request: z.strictObject({
      user: userReference,
      roles: z.array(roles).min(1).exactOptional().meta({
        description:
          'What they lose, their keys lose. Whoever changes them must hold the ones before and the new ones.',
      }),
      person: personPart.exactOptional().meta({ description: 'What is named replaces what is known.' }),
      container: reference('container').nullable().exactOptional(),
    }),
    response: user,
  }),
  invite: endpoint({
    id: 'users.invite',
    method: 'POST',
    path: '/api/v1/users/:user/invitation',
    summary: {
      en: 'Invite a user without a password to choose one, by mail or by a link shown this once',
      zh: '邀请尚未设置密码的用户设置密码（发送邮件，或生成仅显示一次的链接）',
    },
    status: 201,
    request: z.strictObject({
      user: userReference,
      showLink: z.boolean().default(false).meta({
        description:
          'No mail is sent: the link is in the answer, for you to hand over. Whoever has it can choose the password.',
      }),
    }),
    response: invitation,
  }),
  disable: endpoint({
    id: 'users.disable',
    ...actsOn('user', ['user']),
    method: 'POST',
    path: '/api/v1/users/:user/disable',
    summary: { en: 'Disable a user and revoke all of their keys', zh: '停用用户并吊销其全部凭证' },
    request: z.strictObject({ user: userReference }),
    response: user,
  }),
  enable: endpoint({
    id: 'users.enable',
    ...actsOn('user', ['user']),
    method: 'POST',
    path: '/api/v1/users/:user/enable',
    summary: { en: 'Let a disabled user sign in again', zh: '恢复已停用的用户' },
    request: z.strictObject({ user: userReference }),
    response: user,
  }),
  remove: endpoint({
    id: 'users.remove',
    ...actsOn('user', ['user']),
    method: 'DELETE',
    path: '/api/v1/users/:user',
    summary: {
      en: 'Remove a user for good and revoke all of their keys; their name is free again',
      zh: '永久删除用户并吊销其全部凭证，用户名可重新使用',
    },
    request: z.strictObject({ user: userReference }),
    response: user,
  }),
} as const;

export const credentialsApi = {
  list: endpoint({
    id: 'credentials.list',
    method: 'GET',
    path: '/api/v1/credentials',
    summary: {
      en: 'List credentials, newest first; a requester sees their own',
      zh: '凭证列表（新的在前；申请人只能查看自己的凭证）',
    },
    request: z.strictObject({
      ...countedPageRequest.shape,
      account: reference('account').optional(),
      user: userReference.optional().meta({ description: 'Held by this user: id, number or user name.' }),
      acmeKey: reference('key').optional().meta({ description: 'ACME accounts that this ACME key has bound.' }),
      dialect: z.string().min(1).max(100).optional().meta({ description: 'The API it opens.' }),
      text: searchText.optional().meta({ description: 'Part of the label or of the public half, or the number.' }),
      unusedSince: moment.optional().meta({
        description: 'Not used since then (UTC); one that was never used counts from when it was made.',
      }),
      revoked: z.enum(['true', 'false']).optional(),
    }),
    response: pageOf(credential),
  }),
  show: endpoint({
    id: 'credentials.show',
    ...versioned,
    method: 'GET',
    path: '/api/v1/credentials/:credential',
    summary: { en: 'Show a credential; a requester sees their own', zh: '凭证详情（申请人只能查看自己的凭证）' },
    request: z.strictObject({ credential: reference('credential') }),
    response: credentialPage,
  }),
  create: endpoint({
    id: 'credentials.create',
    method: 'POST',
    path: '/api/v1/credentials',
    summary: { en: 'Create a key to one API; its secret is shown this once', zh: '创建接口凭证（密钥仅显示一次）' },
    status: 201,
    request: z.strictObject({
      account: accountChoice,
      dialect: z
        .string()
        .min(1)
        .max(50)
        .default('native')
        .meta({ description: 'The API it opens: `native`, `encryption365`, …' }),
      label: z.string().max(200).default(''),
      user: userReference.exactOptional().meta({
        description: 'Who holds it. Its roles are no more than theirs. A requester holds theirs themselves.',
      }),
      roles: rolesChoice.meta({
        description: [
          'Default: `viewer` for a native key, `requester` for one to another API, `operator` where there is no account.',
          'Whoever makes it must hold each of them.',
        ].join(' '),
      }),
      allowedAddresses: z.array(z.string().min(1)).min(1).nullable().default(null),
      expiresAt: time.exactOptional().meta({ description: 'In the future, UTC, ISO 8601. Default: it has no end.' }),
    }),
    response: z
      .object({
        credential,
        clientSettings: z
          .record(z.string(), z.string())
          .meta({ description: 'What to enter in the client, by its own names. Kept nowhere: note it now.' }),
      })
      .meta({ id: 'CreatedCredential' }),
  }),
  change: endpoint({
    id: 'credentials.change',
    ...actsOn('credential', ['credential']),
    method: 'PATCH',
    path: '/api/v1/credentials/:credential',
    summary: {
      en: 'Change the label, the roles, the end or the addresses of a credential',
      zh: '修改凭证的备注、角色、有效期或允许的地址',
    },
    request: z.strictObject({
      credential: reference('credential'),
      label: z.string().max(200).exactOptional(),
      roles: z.array(roles).min(1).exactOptional(),
      expiresAt: time
        .nullable()
        .exactOptional()
        .meta({ description: 'In the future, UTC, ISO 8601; null: it has no end.' }),
      allowedAddresses: z
        .array(z.string().min(1))
        .min(1)
        .nullable()
        .exactOptional()
        .meta({ description: 'CIDR; null: from anywhere.' }),
    }),
    response: credential,
  }),
  revoke: endpoint({
    id: 'credentials.revoke',
    ...actsOn('credential', ['credential']),
    method: 'POST',
    path: '/api/v1/credentials/:credential/revoke',
    summary: { en: 'Revoke a credential, at once and for good', zh: '吊销凭证' },
    request: z.strictObject({ credential: reference('credential') }),
    response: credential,
  }),
} as const;
