/** What is typed for each ACME client, or stands in its configuration. */

export interface AcmeAccess {
  readonly directoryUrl: string;
  readonly keyId: string;
  readonly hmacKey: string;
}

interface Client {
  readonly name: string;
  linesOf(access: AcmeAccess): readonly string[];
}

export const clients: readonly Client[] = [
  {
    name: 'certbot',
    linesOf: ({ directoryUrl, keyId, hmacKey }) => [
      `certbot certonly --server ${directoryUrl} \\`,
      `  --eab-kid ${keyId} --eab-hmac-key ${hmacKey} \\`,
      '  --webroot -w /var/www/html -d example.com',
    ],
  },
  {
    name: 'acme.sh',
    linesOf: ({ directoryUrl, keyId, hmacKey }) => [
      `acme.sh --register-account --server ${directoryUrl} \\`,
      `  --eab-kid ${keyId} --eab-hmac-key ${hmacKey}`,
      `acme.sh --issue --server ${directoryUrl} -d example.com --webroot /var/www/html`,
    ],
  },
  {
    name: 'lego',
    linesOf: ({ directoryUrl, keyId, hmacKey }) => [
      `lego --accept-tos --server ${directoryUrl} \\`,
      `  --eab --kid ${keyId} --hmac ${hmacKey} \\`,
      '  --email you@example.com --domains example.com --http run',
    ],
  },
  {
    name: 'Caddy',
    linesOf: ({ directoryUrl, keyId, hmacKey }) => [
      '{',
      `    acme_ca ${directoryUrl}`,
      '    acme_eab {',
      `        key_id ${keyId}`,
      `        mac_key ${hmacKey}`,
      '    }',
      '}',
    ],
  },
  {
    name: 'Traefik',
    linesOf: ({ directoryUrl, keyId, hmacKey }) => [
      'certificatesResolvers:',
      '  certmux:',
      '    acme:',
      `      caServer: ${directoryUrl}`,
      '      eab:',
      `        kid: ${keyId}`,
      `        hmacEncoded: ${hmacKey}`,
    ],
  },
];
