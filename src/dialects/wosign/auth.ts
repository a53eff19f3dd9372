/** The customer's key, as two ordinary fields of the body; and new ones in the vendor's format. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { base32 } from '../../domain/ids.ts';
import type { Key, KeySettings } from '../../domain/ports/dialect.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { Incoming, Input } from '../kit/input.ts';
import { dialectName } from './name.ts';
import { signfileOf } from './proofs.ts';

/** First the customer, then the token, then the address: 101, 102, 110. @throws {CertError} unauthenticated, forbidden */
export function createAuthentication(signIn: SignIn): (input: Input, incoming: Incoming) => Promise<Caller> {
  return async (input, { peer }) => {
    const publicId = textOf(input, 'customer_id');
    if (publicId === '') throw refuse('credentialsMissing', { field: 'customer_id' });
    // A token that is missing is a wrong one, for a customer who is known.
    const secret = textOf(input, 'auth_token');
    return signIn.authenticate({ dialect: dialectName, publicId, secret }, peer);
  };
}

/** Prefixes as in the document's samples; an `auth_token` of 128 random bits. */
export function newKey(random: Randomness): Key {
  return { publicId: `customer_${base32(random.bytes(10))}`, secret: `authority_${base32(random.bytes(16))}` };
}

/** Credentials that the vendor gave a customer after review: UID, token and the file to place (the document, 3.1). */
export function keySettings({ publicId, secret }: Key): KeySettings {
  return {
    customer_id: publicId,
    auth_token: secret,
    signfile: signfileOf({ customerId: publicId, authToken: secret }),
  };
}

function textOf(input: Input, field: string): string {
  const value = input[field];
  return typeof value === 'string' ? value : '';
}
