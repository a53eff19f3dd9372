/** The order that the vendor's document shows, as the golden exchange holds it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExchange } from '../../support/exchange.ts';

const text = readFileSync(join(import.meta.dirname, 'exchanges', 'cert.create.http'), 'utf8');
const golden = parseExchange('cert.create', text);

export const seedReply = JSON.parse(golden.response.body) as {
  readonly csr_code: string;
  readonly unique_id: string;
  readonly domains: readonly string[];
  readonly dcv_info: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

export const seedCsr = seedReply.csr_code;

/** A CSR with an elliptic curve key, as the PHP CLI makes it. */
export const ecCsr = `-----BEGIN CERTIFICATE REQUEST-----
MIHPMHgCAQAwFjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAAR2DOeYgnz4pX+VXyu9p6b9KYUfPLqqXgRrZke8i9INgHLN7mYd
ttaJ/vSXj//2B2xsuP+g3H3QhGSV3W0xnJyDoAAwCgYIKoZIzj0EAwIDRwAwRAIg
MXNUd/OJ/UBE1f70lGcv84ej6uHHxDa6Y93vcG3i2DwCIHPlBe25txDoqstD9Ocd
kRB1i6Jt0SfGLtPEKWk2eUoU
-----END CERTIFICATE REQUEST-----
`;
