/** The master key under which secrets are sealed, and the change of it. For operators. */
import { z } from 'zod';
import { endpoint, nothing, time } from './shapes.ts';

const rotation = z
  .object({
    number: z.int(),
    toKey: z.string().meta({ description: 'The id of the master key that everything is sealed under in the end.' }),
    startedAt: time,
    endedAt: time
      .nullable()
      .meta({ description: 'Null while it is under way: until then the former key opens as well.' }),
    resealed: z.int().meta({ description: 'Values that were sealed again so far.' }),
    examined: z.int().meta({ description: 'Rows and files looked at so far. The last pass finds nothing more to do.' }),
    unreadable: z
      .int()
      .meta({ description: 'Values that open under no master key and were left as they are; see the log.' }),
    at: z.string().meta({ description: 'The kind of value that is looked at.' }),
  })
  .meta({ id: 'KeyRotation' });

export const keyEncryption = z
  .object({
    masterKeyId: z.string().meta({ description: 'Id of the key that seals; it reveals nothing of the key.' }),
    keptIn: z
      .string()
      .nullable()
      .meta({ description: 'The setting in which the operator keeps the key; null: a file of the data directory.' }),
    rotation: rotation.nullable().meta({ description: 'The newest; null when there was none.' }),
  })
  .meta({ id: 'KeyEncryption' });

export const keyEncryptionApi = {
  show: endpoint({
    id: 'keyEncryption.show',
    method: 'GET',
    path: '/api/v1/key-encryption',
    summary: { en: 'The master key and its newest rotation', zh: '主密钥及最近一次轮换' },
    request: nothing,
    response: keyEncryption,
  }),
  rotate: endpoint({
    id: 'keyEncryption.rotate',
    method: 'POST',
    path: '/api/v1/key-encryption/rotate',
    summary: { en: 'Seal everything again under a new master key', zh: '轮换主密钥并重新加密所有数据' },
    request: nothing,
    response: keyEncryption,
  }),
} as const;
