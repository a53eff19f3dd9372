/**
 * What somebody in a session does only a short while after they typed their password: a browser that was left open, or taken over, must
 * not end a service, move money or open another door. Keys are not asked: they are no browser's.
 */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { confirmationMs } from '../../domain/user-session.ts';

/** True: always; else for these arguments, of which the first is the caller. */
type Rule<Method> = Method extends (...args: infer Args) => unknown ? true | ((args: Partial<Args>) => boolean) : never;

type Rules = {
  readonly [Name in keyof Ports]?: { readonly [Method in keyof Ports[Name]]?: Rule<Ports[Name][Method]> };
};

/** The table. What takes something away for good, moves money, or gives anybody a role, a key or a secret. */
export const confirmedMethods: Rules = {
  accounts: {
    credit: true,
    change: ([, , change]) =>
      change?.state === 'suspended' ||
      // Nobody looks at what is ordered any more, or the one who ordered it does.
      change?.approval === 'automatic' ||
      change?.separatesDuties === false,
  },
  catalogue: { change: ([, , , change]) => change?.prices !== undefined },
  prices: { set: true, remove: true },
  refunds: { refund: true },
  users: {
    create: true,
    change: ([, , change]) => change?.roles !== undefined,
    // Their keys are revoked; or all their roles are given back.
    setState: true,
    remove: true,
    // Whoever hands over the link, or sets the password, can be that user.
    invite: true,
    resetPassword: true,
    setPassword: true,
  },
  roleGrants: { propose: true, confirm: true },
  credentials: {
    create: true,
    change: ([, , change]) => change?.roles !== undefined || change?.allowedAddresses !== undefined,
    revoke: true,
  },
  externalAccountKeys: { add: true, change: true, revoke: true },
  issuances: { privateKey: true },
  revocations: { revokeOrder: true, request: true, revokeCertificate: true },
  keyRegister: { revokeCertificates: true },
  // Whoever knows what signs the deliveries can forge them.
  webhooks: {
    secretOf: true,
    add: ([, request]) => request?.secret != null,
    change: ([, , change]) => change?.secret !== undefined,
  },
  upstreams: { changeKey: true },
  // Another CA signs from then on; and a revocation stays.
  authorityImport: { take: true, revokeSerial: true },
  server: { revokeAuthority: true },
  // Whoever has the key of a root is the CA; and what was removed is gone.
  authorities: {
    withdraw: true,
    install: ([, installation]) => installation?.isDryRun !== true,
    exportKey: true,
    removeKey: true,
  },
  // An order that waits for it fails.
  jobs: { discard: true, discardAll: true },
  operation: { rotateMasterKey: true },
};

/** Reports whether the call needs a confirmation of a caller in a session. */
export function needsConfirmation(port: string, method: string, args: readonly unknown[]): boolean {
  const table: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = confirmedMethods;
  const rule = table[port]?.[method];
  return typeof rule === 'function' ? rule(args) === true : rule === true;
}

/** @throws {CertError} forbidden (`confirmationNeeded`) */
export function requireConfirmed({ sessionId, isConfirmed = false }: Caller): void {
  if (sessionId === undefined || isConfirmed) return;
  throw refuse('confirmationNeeded', { minutes: confirmationMs / 60_000 });
}
