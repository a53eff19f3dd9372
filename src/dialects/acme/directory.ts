/** Where a client begins: the directory and its nonces (RFC 8555 §7.1.1, §7.2). */
import { z } from 'zod';
import { quoted, refuse } from '../../domain/errors.ts';
import { type Operation, publicOperation } from '../kit/operation.ts';
import type { Directory } from './config.ts';
import { directoryParams } from './params.ts';
import type { Services } from './services.ts';
import { basePath, urlsOf } from './urls.ts';

const directorySchema = z.object({
  newNonce: z.string(),
  newAccount: z.string(),
  newOrder: z.string(),
  revokeCert: z.string(),
  keyChange: z.string(),
  renewalInfo: z.string(),
  meta: z.object({
    termsOfService: z.string().optional(),
    website: z.string().optional(),
    caaIdentities: z.array(z.string()).optional(),
    externalAccountRequired: z.boolean(),
  }),
});

/** @throws {CertError} notFound */
export function directoryOf({ config }: Pick<Services, 'config'>, name: string): Directory {
  const found = Object.hasOwn(config.directories, name) ? config.directories[name] : undefined;
  if (found === undefined) throw refuse('directoryUnknown', { directory: quoted(name) });
  return found;
}

function showDirectory(id: string, path: string) {
  return publicOperation<Services, typeof directoryParams, typeof directorySchema>({
    id,
    method: 'GET',
    path,
    summary: { en: 'The URLs of a directory', zh: '目录中的各接口地址' },
    request: directoryParams,
    response: directorySchema,
    async handle({ directory: name }, { services, reply }) {
      const { termsOfService, website, caaIdentities } = directoryOf(services, name);
      const { newNonce, newAccount, newOrder, revokeCert, keyChange, renewalInfo } = urlsOf(services.publicUrl, name);
      reply.headers.set('cache-control', 'public, max-age=0, no-cache');
      return {
        newNonce,
        newAccount,
        newOrder,
        revokeCert,
        keyChange,
        renewalInfo,
        meta: {
          ...(termsOfService === undefined ? {} : { termsOfService }),
          ...(website === undefined ? {} : { website }),
          ...(caaIdentities.length === 0 ? {} : { caaIdentities }),
          externalAccountRequired: true,
        },
      };
    },
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

export const directoryOperations: readonly Operation<Services>[] = [
  showDirectory('directory.show', `${basePath}:directory/directory`),
  // Some clients are given the URL without its last part.
  showDirectory('directory.showBase', `${basePath}:directory`),
  newNonce,
];
