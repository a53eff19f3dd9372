/** The page of a directory that everybody may order from. */
import { z } from 'zod';
import { quoted, refuse } from '../../domain/errors.ts';
import { type Operation, publicOperation } from '../kit/operation.ts';
import { directoryOf } from './directory.ts';
import { directoryParams } from './params.ts';
import type { Services } from './services.ts';
import { basePath, urlsOf } from './urls.ts';

const mediaType = 'text/plain; charset=utf-8';

export const about: Operation<Services> = publicOperation<Services, typeof directoryParams, z.ZodString>({
  id: 'directory.about',
  method: 'GET',
  path: `${basePath}:directory/about`,
  summary: { en: 'What an open directory is for', zh: '开放目录的用途说明' },
  request: directoryParams,
  response: z.string(),
  mediaTypes: ['text/plain'],
  async handle({ directory }, { services, reply }) {
    if (directoryOf(services, directory).open === undefined) {
      throw refuse('pathUnknown', { method: 'GET', path: quoted(`${basePath}${directory}/about`) });
    }
    reply.headers.set('content-type', mediaType);
    const { directory: url } = urlsOf(services.publicUrl, directory);
    return [
      `The ACME directory ${url} is for a private network.`,
      'It asks for no external account key: whoever reaches this server gets certificates for the names that they prove control of.',
      '',
      `ACME 目录 ${url} 仅供内部网络使用。`,
      '该目录不要求外部账户密钥：任何能访问本服务器的人，只要证明对域名的控制权，即可获得证书。',
      '',
    ].join('\n');
  },
});
