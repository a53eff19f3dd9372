/** The master key and the change of it. */
import type { KeyEncryption } from '../../../domain/ports/master-keys.ts';
import { keyEncryptionApi } from '../schema/key-encryption.ts';
import type { WireKeyEncryption } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';

function keyEncryptionToWire({ masterKeyId, keptIn, rotation }: KeyEncryption): WireKeyEncryption {
  if (rotation === null) return { masterKeyId, keptIn, rotation };
  const { number, toKey, resealed, examined, unreadable, kind } = rotation;
  const [startedAt, endedAt] = [timeToWire(rotation.startedAt), optionalTimeToWire(rotation.endedAt)];
  return {
    masterKeyId,
    keptIn,
    rotation: { number, toKey, startedAt, endedAt, resealed, examined, unreadable, at: kind },
  };
}

export const keyEncryptionOperations = [
  handled(keyEncryptionApi.show, async (_, { caller, services }) =>
    keyEncryptionToWire(await services.operation.keyEncryption(caller)),
  ),

  handled(keyEncryptionApi.rotate, async (_, { caller, services }) =>
    keyEncryptionToWire(await services.operation.rotateMasterKey(caller)),
  ),
];
