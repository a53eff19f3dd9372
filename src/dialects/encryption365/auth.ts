/** Device credentials, as two ordinary keys of the body; and new ones in the vendor's format. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { Incoming, Input } from '../kit/input.ts';
import { dialectName } from './name.ts';

/** @throws {CertError} unauthenticated, forbidden */
export function createAuthentication(signIn: SignIn): (input: Input, incoming: Incoming) => Promise<Caller> {
  return (input, { peer }) =>
    signIn.authenticate(
      {
        dialect: dialectName,
        publicId: textOf(input, 'client_id'),
        secret: textOf(input, 'access_token'),
      },
      peer,
    );
}

/** A `client_id` like a UUID and an `access_token` of 128 random bits in hex, as in the vendor's sample. */
export function newKey(random: Randomness): { readonly publicId: string; readonly secret: string } {
  const id = Buffer.from(random.bytes(16));
  // RFC 9562 §5.4: version 4, variant 10.
  id.writeUInt8((id.readUInt8(6) & 0x0f) | 0x40, 6);
  id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = id.toString('hex');
  const publicId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { publicId, secret: Buffer.from(random.bytes(16)).toString('hex') };
}

/** Before they signed in, clients of the Baota plugin send null. */
function textOf(input: Input, field: string): string {
  const value = input[field];
  if (typeof value !== 'string' || value === '') throw refuse('credentialsMissing', { field });
  return value;
}
