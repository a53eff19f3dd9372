/** Certificates as an account finds and downloads them. */
import type { Platform } from '../domain/platform.ts';
import { pageOf } from './accounts.ts';
import type { AppContext } from './context.ts';
import { chainOf } from './order-view.ts';
import { findCertificate } from './scope.ts';

export function createCertificates(context: AppContext): Pick<Platform, 'certificates' | 'certificate'> {
  const { read } = context.database;

  return {
    async certificates(caller, query) {
      const found = await read.certificates.list({ ...query, limit: query.limit + 1, accountId: caller.accountId });
      return pageOf(found, query.limit, (certificate) => certificate.number);
    },

    async certificate(caller, idOrNumber) {
      const certificate = await findCertificate(read, caller, idOrNumber);
      return { certificate, chain: await chainOf(context.database, certificate) };
    },
  };
}
