/** What is typed for each ACME client, or stands in its configuration. */

interface Settings {
  readonly directoryUrl: string;
  readonly keyId: string;
  readonly hmacKey: string;
}

const clients: readonly (readonly [name: string, lines: (settings: Settings) => readonly string[]])[] = [
  [
    'certbot',
    ({ directoryUrl, keyId, hmacKey }) => [
      `certbot certonly --server ${directoryUrl} --eab-kid ${keyId} --eab-hmac-key ${hmacKey} -d NAME`,
    ],
  ],
  [
    'acme.sh',
    ({ directoryUrl, keyId, hmacKey }) => [
      `acme.sh --register-account --server ${directoryUrl} --eab-kid ${keyId} --eab-hmac-key ${hmacKey}`,
      `acme.sh --issue --server ${directoryUrl} -d NAME --webroot DIRECTORY`,
    ],
  ],
  [
    'lego',
    ({ directoryUrl, keyId, hmacKey }) => [
      `lego --accept-tos --server ${directoryUrl} --eab --kid ${keyId} --hmac ${hmacKey} --email MAIL --domains NAME --http run`,
    ],
  ],
  [
    'Caddy',
    ({ directoryUrl, keyId, hmacKey }) => [
      '{',
      `    acme_ca ${directoryUrl}`,
      '    acme_eab {',
      `        key_id ${keyId}`,
      `        mac_key ${hmacKey}`,
      '    }',
      '}',
    ],
  ],
  [
    'Traefik',
    ({ directoryUrl, keyId, hmacKey }) => [
      'certificatesResolvers:',
      '  certmux:',
      '    acme:',
      `      caServer: ${directoryUrl}`,
      '      eab:',
      `        kid: ${keyId}`,
      `        hmacEncoded: ${hmacKey}`,
    ],
  ],
  [
    'cert-manager',
    ({ directoryUrl, keyId, hmacKey }) => [
      `# kubectl create secret generic certmux-eab --from-literal=secret=${hmacKey}`,
      'spec:',
      '  acme:',
      `    server: ${directoryUrl}`,
      '    externalAccountBinding:',
      `      keyID: ${keyId}`,
      '      keySecretRef: { name: certmux-eab, key: secret }',
    ],
  ],
  [
    'win-acme',
    ({ directoryUrl, keyId, hmacKey }) => [
      `wacs.exe --baseuri ${directoryUrl} --eab-key-identifier ${keyId} --eab-key ${hmacKey} --host NAME`,
    ],
  ],
];

/** The lines for all of them, with a title each. */
export function clientLines(settings: Settings): readonly string[] {
  return clients.flatMap(([title, lines]) => ['', `${title}:`, ...lines(settings).map((line) => `  ${line}`)]);
}
