/** Where a client begins: the directory and its nonces (RFC 8555 §7.1.1, §7.2). */
import { z } from 'zod';
import { quoted, refuse } from '../../domain/errors.ts';
import { callerOperation, type Operation, publicOperation } from '../kit/operation.ts';
import type { Directory } from './config.ts';
import { actionInUrl, queryOfAction } from './orders/action.ts';
import { actionQuery } from './orders/schema.ts';
import { directoryParams } from './params.ts';
import type { Anybody, Services } from './services.ts';
import { basePath, urlsOf } from './urls.ts';

const directorySchema = z.object({
  newNonce: z.string(),
  newAccount: z.string(),
  newAuthz: z.string().optional(),
  newOrder: z.string(),
  revokeCert: z.string(),
  keyChange: z.string(),
  renewalInfo: z.string(),
  meta: z.object({
    termsOfService: z.string().optional(),
    website: z.string().optional(),
    caaIdentities: z.array(z.string()).optional(),
    externalAccountRequired: z.boolean(),
    profiles: z.record(z.string(), z.string()).optional(),
    subdomainAuthAllowed: z.literal(true),
    issuerDomainNames: z.array(z.string()).optional(),
    accountHashPrefix: z.string().optional(),
  }),
});

/** @throws {CertError} notFound */
export function directoryOf({ config }: Pick<Services, 'config'>, name: string): Directory {
  const found = Object.hasOwn(config.directories, name) ? config.directories[name] : undefined;
  if (found === undefined) throw refuse('directoryUnknown', { directory: quoted(name) });
  return found;
}

const directoryRequest = directoryParams.extend(actionQuery);

const shown = {
  summary: { en: 'The URLs of a directory', zh: '目录中的各接口地址' },
  request: directoryRequest,
  response: directorySchema,
};

function urlsOfDirectory({ directory: name }: { readonly directory: string }, session: Anybody) {
  const { services, request, reply } = session;
  const { termsOfService, open, caaIdentities, dnsPersist, profiles, preAuthorization, ...directory } = directoryOf(
    services,
    name,
  );
  const urls = urlsOf(services.publicUrl, name);
  const { newNonce, newAccount, newAuthz, newOrder, revokeCert, keyChange, renewalInfo } = urls;
  const website = directory.website ?? (open === undefined ? undefined : urls.about);
  const offered = Object.entries(profiles).map(([profile, { description }]) => [profile, description] as const);
  reply.headers.set('cache-control', 'public, max-age=0, no-cache');
  return {
    newNonce,
    newAccount,
    ...(preAuthorization ? { newAuthz } : {}),
    newOrder: newOrder + queryOfAction(actionInUrl(request.url)),
    revokeCert,
    keyChange,
    renewalInfo,
    meta: {
      ...(termsOfService === undefined ? {} : { termsOfService }),
      ...(website === undefined ? {} : { website }),
      ...(caaIdentities.length === 0 ? {} : { caaIdentities }),
      externalAccountRequired: open === undefined,
      ...(offered.length === 0 ? {} : { profiles: Object.fromEntries(offered) }),
      // RFC 9444 §4.4: whatever the directory, a parent's proof by DNS serves.
      subdomainAuthAllowed: true as const,
      ...(dnsPersist ? { issuerDomainNames: caaIdentities, accountHashPrefix: urls.accountHash } : {}),
    },
  };
}

function showDirectory(id: string, path: string) {
  return publicOperation<Services, typeof directoryRequest, typeof directorySchema>({
    ...shown,
    id,
    method: 'GET',
    path,
    handle: async (input, session) => urlsOfDirectory(input, session),
  });
}

/** RFC 8555 §6.3: the directory and its nonces are to be had by a POST-as-GET as well. */
function readDirectory(id: string, path: string) {
  return callerOperation<Services, typeof directoryRequest, typeof directorySchema>({
    ...shown,
    id,
    method: 'POST',
    path,
    handle: async (input, session) => urlsOfDirectory(input, session),
  });
}

const newNonce = publicOperation<Services, typeof directoryParams, z.ZodVoid>({
  id: 'nonce.new',
  method: 'GET',
  path: `${basePath}:directory/new-nonce`,
  summary: { en: 'A fresh nonce', zh: '获取新的 nonce' },
  request: directoryParams,
  response: z.void(),
  status: 204,
  otherStatuses: [200],
  async handle({ directory }, { services, reply }) {
    directoryOf(services, directory);
    reply.headers.set('replay-nonce', services.nonces.issue());
    reply.headers.set('cache-control', 'no-store');
  },
});

/** Its answer has the nonce that every answer to a POST has. */
const readNonce = callerOperation<Services, typeof directoryParams, z.ZodVoid>({
  id: 'nonce.read',
  method: 'POST',
  path: `${basePath}:directory/new-nonce`,
  summary: { en: 'A fresh nonce', zh: '获取新的 nonce' },
  request: directoryParams,
  response: z.void(),
  status: 204,
  async handle({ directory }, { services }) {
    directoryOf(services, directory);
  },
});

export const directoryOperations: readonly Operation<Services>[] = [
  showDirectory('directory.show', `${basePath}:directory/directory`),
  // Some clients are given the URL without its last part.
  showDirectory('directory.showBase', `${basePath}:directory`),
  newNonce,
  readDirectory('directory.read', `${basePath}:directory/directory`),
  readDirectory('directory.readBase', `${basePath}:directory`),
  readNonce,
];
