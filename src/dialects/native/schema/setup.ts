/** The first steps of a new installation. */
import { z } from 'zod';
import { confirmedSteps, setupSteps } from '../../../domain/setup.ts';
import { endpoint, nothing, time } from './shapes.ts';

const setup = z
  .object({
    isDone: z.boolean().meta({ description: 'Every step is.' }),
    steps: z
      .array(
        z.object({
          step: z.enum(setupSteps),
          isDone: z.boolean(),
          doneAt: time
            .nullable()
            .meta({ description: 'When somebody said so; null for what the server sees by itself.' }),
          isByHand: z.boolean().meta({ description: 'The server cannot see it: an operator says that it is done.' }),
          value: z.string().nullable().meta({
            description:
              'What is to be looked at: the address of the server, the id of the master key, the ids of the roots, the mail server; null: there is none.',
          }),
        }),
      )
      .meta({ description: 'In the order in which they are done.' }),
  })
  .meta({ id: 'Setup' });

const path = '/api/v1/setup';

export const setupApi = {
  show: endpoint({
    id: 'setup.show',
    method: 'GET',
    path,
    summary: { en: 'What a new installation still needs', zh: '初始化清单' },
    request: nothing,
    response: setup,
  }),
  confirm: endpoint({
    id: 'setup.confirm',
    method: 'POST',
    path: `${path}/:step/confirm`,
    summary: {
      en: 'Note that a step is done which the server cannot see; it holds for the present address, key, roots or mail server',
      zh: '确认一个服务器无法自行判断的步骤（仅对当前的地址、密钥、根证书或邮件服务器有效）',
    },
    request: z.strictObject({ step: z.enum(confirmedSteps) }),
    response: setup,
  }),
} as const;
