/** Warns of a CA that was made without a public address for its lists. It goes on working. */
import type { Authority } from '../../domain/authority.ts';
import { objectionToPkiUrl } from '../../domain/pki-url.ts';
import type { Log } from '../../domain/ports/system.ts';
import { parseCertificate } from '../../pki/certificate.ts';

/** @param pkiUrl what is written into certificates from now on; those of the authorities say what was right when they were made */
export function warnOfPkiUrls(log: Log, pkiUrl: string, authorities: readonly Authority[]): void {
  const objection = objectionToPkiUrl(pkiUrl);
  if (objection !== undefined) {
    log.warn(
      { pkiUrl },
      `certificates say that revocation lists are at ${pkiUrl}, which ${objection}: set authority.pkiUrl`,
    );
  }
  for (const { id, subject, certificate } of authorities) {
    const { crlUrls, caIssuersUrls } = parseCertificate(certificate);
    const url = [...crlUrls, ...caIssuersUrls].find((one) => URL.canParse(one) && objectionToPkiUrl(one) !== undefined);
    if (url === undefined) continue;
    const fault = objectionToPkiUrl(url);
    log.warn(
      { authority: id, url },
      `the CA certificate ${subject} says that revocation lists are at ${url}, which ${fault}; it cannot be changed, only a new CA says it better`,
    );
  }
}
