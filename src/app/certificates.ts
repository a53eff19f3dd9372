/** Certificates as an account finds, downloads and revokes them. */
import type { Certificate } from '../domain/certificate.ts';
import { quoted, refuse } from '../domain/errors.ts';
import { isId } from '../domain/ids.ts';
import type { Caller, Platform } from '../domain/platform.ts';
import { pageOf } from './accounts.ts';
import type { AppContext } from './context.ts';
import { chainOf } from './order-view.ts';
import { revokeOne } from './revocation.ts';
import { isOperator } from './scope.ts';

export function createCertificates(
  context: AppContext,
): Pick<Platform, 'certificates' | 'certificate' | 'revokeCertificate'> {
  const { read } = context.database;

  async function find(caller: Caller, idOrNumber: string): Promise<Certificate> {
    const certificate = /^[0-9]{1,10}$/.test(idOrNumber)
      ? await read.certificates.getByNumber(Number(idOrNumber))
      : isId('certificate', idOrNumber)
        ? await read.certificates.get(idOrNumber)
        : undefined;
    if (certificate === undefined || !(isOperator(caller) || certificate.accountId === caller.accountId)) {
      throw refuse('notFound', { what: 'certificate', value: quoted(idOrNumber) });
    }
    return certificate;
  }

  return {
    async certificates(caller, query) {
      const found = await read.certificates.list({ ...query, limit: query.limit + 1, accountId: caller.accountId });
      return pageOf(found, query.limit, (certificate) => certificate.number);
    },

    async certificate(caller, idOrNumber) {
      const certificate = await find(caller, idOrNumber);
      return { certificate, chain: await chainOf(context.database, certificate) };
    },

    async revokeCertificate(caller, idOrNumber, reason) {
      const found = await find(caller, idOrNumber);
      await revokeOne(context, caller, found, reason);
      const certificate = await find(caller, found.id);
      return { certificate, chain: await chainOf(context.database, certificate) };
    },
  };
}
