/** The key of the header `X-DC-DEVKEY`: one text, whose first 16 characters find it and whose rest proves it. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { base32 } from '../../domain/ids.ts';
import type { RequestWindow, SignIn } from '../../domain/ports/sign-in.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { Incoming } from '../kit/input.ts';
import type { DigicertConfig } from './config.ts';
import { dialectName } from './name.ts';

export const keyHeader = 'X-DC-DEVKEY';

const publicLength = 16;
const keyForm = /^[0-9A-Z]{42,80}$/;

/** 80 random bits that may be shown, and 256 that may not: 68 characters, upper case. */
export function newKey(random: Randomness): { readonly publicId: string; readonly secret: string } {
  return { publicId: base32(random.bytes(10)).toUpperCase(), secret: base32(random.bytes(32)).toUpperCase() };
}

/** The key as it stands in the header. */
export function formatKey({ publicId, secret }: { readonly publicId: string; readonly secret: string }): string {
  return publicId + secret;
}

/** @throws {CertError} unauthenticated, forbidden, rateLimited */
export function createAuthentication(
  signIn: SignIn,
  { requestLimits }: Pick<DigicertConfig, 'requestLimits'>,
): (incoming: Incoming) => Promise<Caller> {
  const windows = windowsOf(requestLimits);
  return async ({ request, peer }) => {
    const key = request.headers.get(keyHeader)?.trim() ?? '';
    if (key === '') throw refuse('credentialsMissing', { field: keyHeader });
    // A key of another form is refused as a wrong one, without a look at the database.
    if (!keyForm.test(key)) throw refuse('credentialsWrong', { field: keyHeader });
    return signIn.authenticate(
      {
        dialect: dialectName,
        publicId: key.slice(0, publicLength),
        secret: key.slice(publicLength),
        windows,
      },
      peer,
    );
  };
}

function windowsOf(limits: DigicertConfig['requestLimits']): readonly RequestWindow[] {
  if (limits === 'off') return [];
  return [
    { seconds: 5, limit: limits.per5Seconds },
    { seconds: 300, limit: limits.per5Minutes },
  ];
}
