/** Authorities that hang under a CA outside: requests, their certificates and lists, and the root's key. */
import { z } from 'zod';
import { authority } from './server.ts';
import { endpoint, pageOf, reference, time, wholeRequest } from './shapes.ts';

const mebibyte = 1_048_576;
const oneAuthority = { authority: reference('authority') };

export const authorityRequest = z
  .object({
    id: z.string().meta({ description: 'Of the authority that is to be, or that is to have another certificate.' }),
    issuerId: z.string(),
    keyKind: z.string(),
    subject: z.string(),
    followsId: z.string().nullable().meta({ description: 'The authority that it is to follow.' }),
    createdAt: time,
    csr: z.string().meta({ description: 'PKCS#10, PEM.' }),
  })
  .meta({ id: 'AuthorityRequest' });

const changed = z
  .object({
    change: z.enum(['made', 'renewed', 'retired', 'kept']).meta({
      description:
        '`made`: new here; `renewed`: another certificate for its key; `retired`: another one signs from now on; `kept`: it was installed before.',
    }),
    id: z.string(),
    role: z.enum(['root', 'intermediate']),
    keyPlace: z.enum(['here', 'outside']),
    subject: z.string(),
    notAfter: time,
  })
  .meta({ id: 'InstalledAuthority' });

const warning = z.object({ key: z.string(), message: z.string() }).meta({ id: 'InstallWarning' });

export const outsideAuthoritiesApi = {
  requests: endpoint({
    id: 'authorities.requests',
    method: 'GET',
    path: '/api/v1/authorities/requests',
    summary: { en: 'Requests that wait for a certificate of another CA', zh: '等待其他 CA 签发的 CA 证书请求' },
    request: wholeRequest,
    response: pageOf(authorityRequest),
  }),
  request: endpoint({
    id: 'authorities.request',
    method: 'POST',
    path: '/api/v1/authorities/requests',
    summary: { en: 'Make a key and a request for another CA', zh: '生成密钥和交给其他 CA 的请求' },
    request: z.strictObject({
      renews: reference('authority')
        .optional()
        .meta({ description: 'The authority that is to be followed or renewed.' }),
      sameKey: z.boolean().default(false).meta({ description: 'With the key of `renews`.' }),
      keyKind: z
        .enum(['P-256', 'P-384', 'rsa'])
        .optional()
        .meta({ description: '`rsa`: 3072 bits. Default: P-256, or that of `renews`.' }),
      commonName: z.string().min(1).max(64).optional(),
      organization: z.string().min(1).max(64).optional().meta({ description: 'Default: `authority.organization`.' }),
      country: z.string().length(2).optional(),
      pathLength: z.int().min(0).max(5).default(0).meta({ description: 'How many CAs may be below.' }),
    }),
    response: authorityRequest,
    status: 201,
  }),
  withdraw: endpoint({
    id: 'authorities.withdraw',
    method: 'POST',
    path: '/api/v1/authorities/requests/:request/withdraw',
    summary: { en: 'Withdraw a request and remove its key', zh: '撤回请求并删除其密钥' },
    request: z.strictObject({ request: reference('request') }),
    response: z.object({}),
  }),
  install: endpoint({
    id: 'authorities.install',
    method: 'POST',
    path: '/api/v1/authorities/install',
    summary: {
      en: 'Install the certificate that another CA has made, with all above it',
      zh: '安装其他 CA 签发的证书及其上级证书',
    },
    request: z.strictObject({
      files: z
        .array(z.strictObject({ name: z.string().min(1).max(200), pem: z.string().min(1).max(200_000) }))
        .min(1)
        .max(20)
        .meta({ description: 'In any order; each with one or several certificates as PEM. The name is for messages.' }),
      dryRun: z.boolean().default(false).meta({ description: 'Checks all and changes nothing.' }),
      shorter: z
        .boolean()
        .default(false)
        .meta({ description: 'The CA may end before the longest certificate of a profile would.' }),
    }),
    response: z
      .object({ authorities: z.array(changed), warnings: z.array(warning), isDryRun: z.boolean() })
      .meta({ id: 'Installed' }),
    bodyLimitBytes: mebibyte,
  }),
  uploadList: endpoint({
    id: 'authorities.uploadList',
    method: 'POST',
    path: '/api/v1/authorities/:authority/list',
    summary: {
      en: 'Serve a list of an authority whose key is outside',
      zh: '发布密钥不在本服务器的签发机构的吊销列表',
    },
    request: z.strictObject({
      ...oneAuthority,
      list: z.string().min(1).meta({ description: 'PEM, or DER in base64.' }),
    }),
    response: z
      .object({
        authority,
        revoked: z.array(z.string()).meta({ description: 'Subjects of authorities of this server that it revokes.' }),
      })
      .meta({ id: 'UploadedList' }),
    bodyLimitBytes: 32 * mebibyte,
  }),
  exportKey: endpoint({
    id: 'authorities.exportKey',
    method: 'POST',
    path: '/api/v1/authorities/:authority/key-export',
    summary: { en: 'Get the key of a root, encrypted', zh: '导出根的密钥（加密）' },
    request: z.strictObject({
      ...oneAuthority,
      passphrase: z.string().min(1).max(1024).meta({ description: 'At least 12 characters.' }),
    }),
    response: z
      .object({
        key: z.string().meta({ description: 'PKCS#8, PEM, encrypted with AES-256 (PBES2).' }),
        toSign: z.string().meta({ description: 'What the key signs before it is removed here.' }),
      })
      .meta({ id: 'ExportedKey' }),
  }),
  removeKey: endpoint({
    id: 'authorities.removeKey',
    method: 'POST',
    path: '/api/v1/authorities/:authority/key-removal',
    summary: { en: 'Remove the key of a root that was exported', zh: '删除已导出的根密钥' },
    request: z.strictObject({
      ...oneAuthority,
      signature: z
        .string()
        .min(1)
        .max(2000)
        .meta({ description: 'Of `toSign` by the exported key, with SHA-256 or what goes with its curve, in base64.' }),
    }),
    response: changed.omit({ change: true }).meta({ id: 'RemovedKey' }),
  }),
} as const;
