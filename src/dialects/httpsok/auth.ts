/** One key in a header; and new ones in that form. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { Incoming } from '../kit/input.ts';
import { dialectName } from './name.ts';

const field = 'OpenApiKey';
/** 16 digits that find the key's row, then 32 that prove it. */
const publicIdLength = 16;
const keyForm = /^[0-9a-f]{48}$/;

/** @throws {CertError} unauthenticated, forbidden */
export function createAuthentication(signIn: SignIn): (incoming: Incoming) => Promise<Caller> {
  return async ({ request, peer }) => {
    // Scripts of the vendor's earlier draft send the second name.
    const key = (request.headers.get('openapikey') ?? request.headers.get('httpsok-token') ?? '').trim();
    if (key === '') throw refuse('credentialsMissing', { field });
    // A key of another form is refused as a wrong one, without a look at the database.
    if (!keyForm.test(key)) throw refuse('credentialsWrong', { field });
    const [publicId, secret] = [key.slice(0, publicIdLength), key.slice(publicIdLength)];
    return signIn.authenticate({ dialect: dialectName, publicId, secret }, peer);
  };
}

/** 64 random bits that may be shown and 128 that may not, in hex. */
export function newKey(random: Randomness): { readonly publicId: string; readonly secret: string } {
  const hex = (size: number) => Buffer.from(random.bytes(size)).toString('hex');
  return { publicId: hex(publicIdLength / 2), secret: hex(16) };
}
