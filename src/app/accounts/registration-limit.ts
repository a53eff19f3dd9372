/**
 * Slows down who registers: guesses of the operator's code, for each network; and accounts, for each network and in total, since
 * a code may have got around. Kept in memory: a restart forgives.
 */
import { refuse } from '../../domain/errors.ts';
import type { Registration } from '../../domain/ports/accounts.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { createAllowance } from '../orders/allowance.ts';

const hourMs = 3_600_000;
const maxNetworks = 50_000;

export interface RegistrationLimit {
  /** @throws {CertError} rateLimited after too many wrong codes */
  checkCode(network: string): void;
  codeWasWrong(network: string): void;
  /**
   * Counts one registration, until `failed`.
   * @throws {CertError} rateLimited, with the seconds after which there is room
   */
  begin(network: string, limits: Registration['limits']): { failed(): void };
}

export function createRegistrationLimit(clock: Clock): RegistrationLimit {
  const codes = createAllowance({ clock, burst: 10, everyMs: 90_000, maxKeys: maxNetworks });
  /** Those of the last hour, oldest first: never more than the total that is allowed. */
  let lately: readonly { readonly network: string; readonly at: number }[] = [];

  return {
    checkCode(network) {
      const waitMs = codes.waitMs(network);
      if (waitMs > 0) throw refuse('loginRateLimited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
    },
    codeWasWrong: (network) => codes.take(network),
    begin(network, { perHour, perHourAndNetwork }) {
      const now = clock.monotonicMs();
      lately = lately.filter(({ at }) => now - at < hourMs);
      const own = lately.filter((one) => one.network === network);
      const full = own.length >= perHourAndNetwork ? own : lately.length >= perHour ? lately : undefined;
      if (full !== undefined) {
        const retryAfterSeconds = Math.ceil(((full[0]?.at ?? now) + hourMs - now) / 1000);
        throw refuse('registrationRateLimited', { retryAfterSeconds });
      }
      const one = { network, at: now };
      lately = [...lately, one];
      return {
        failed() {
          lately = lately.filter((other) => other !== one);
        },
      };
    },
  };
}
