/** One token in the body; and new ones in that form. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { Incoming, Input } from '../kit/input.ts';
import { dialectName } from './name.ts';

const field = 'api_token';
/** 16 digits that find the token's row, then 32 that prove it. */
const publicIdLength = 16;
const tokenForm = /^[0-9a-f]{48}$/;

/** @throws {CertError} unauthenticated, forbidden */
export function createAuthentication(signIn: SignIn): (input: Input, incoming: Incoming) => Promise<Caller> {
  return async (input, { peer }) => {
    const token = input[field];
    if (typeof token !== 'string' || token.trim() === '') throw refuse('credentialsMissing', { field });
    const text = token.trim();
    // A token of another form is refused as a wrong one, without a look at the database.
    if (!tokenForm.test(text)) throw refuse('credentialsWrong', { field });
    const [publicId, secret] = [text.slice(0, publicIdLength), text.slice(publicIdLength)];
    return signIn.authenticate({ dialect: dialectName, publicId, secret }, peer);
  };
}

/** 64 random bits that may be shown and 128 that may not, in hex. */
export function newKey(random: Randomness): { readonly publicId: string; readonly secret: string } {
  const hex = (size: number) => Buffer.from(random.bytes(size)).toString('hex');
  return { publicId: hex(publicIdLength / 2), secret: hex(16) };
}
