/** The APIs that a key opens, and how each is called with one. */

/** By their own names. ACME clients have keys of another kind. */
export const dialects: Readonly<Record<string, string>> = {
  native: 'certmux',
  digicert: 'DigiCert',
  encryption365: 'Encryption365',
  httpsok: 'httpsok',
  racent: 'Racent',
  wosign: 'WoSign',
};

export function nameOfDialect(dialect: string): string {
  return dialect === 'acme' ? 'ACME' : (dialects[dialect] ?? dialect);
}

/** What a client is given, by its own names. */
export type ClientSettings = Readonly<Record<string, string>>;

interface Way {
  /** A key of which only the public half is known. */
  settingsOf(publicId: string, secret: string): ClientSettings;
  /** A call that changes nothing and needs the key: the arguments of curl. */
  call(settings: ClientSettings, origin: string): readonly string[];
}

const header = (name: string, value = '') => `-H '${name}: ${value}'`;
const json = (body: object) => `-d '${JSON.stringify(body)}'`;

const ways: Readonly<Record<string, Way>> = {
  native: {
    settingsOf: (publicId, secret) => ({ token: `cmx_${publicId}_${secret}` }),
    call: ({ token }, origin) => [header('Authorization', `Bearer ${token}`), `${origin}/api/v1/me`],
  },
  digicert: {
    settingsOf: (publicId, secret) => ({ 'X-DC-DEVKEY': `${publicId}${secret}` }),
    call: (settings, origin) => [header('X-DC-DEVKEY', settings['X-DC-DEVKEY']), `${origin}/services/v2/account`],
  },
  encryption365: {
    settingsOf: (publicId, secret) => ({ client_id: publicId, access_token: secret }),
    call: ({ client_id, access_token }, origin) => [json({ client_id, access_token }), `${origin}/account/details`],
  },
  httpsok: {
    settingsOf: (publicId, secret) => ({ OpenApiKey: `${publicId}${secret}` }),
    call: ({ OpenApiKey }, origin) => [header('OpenApiKey', OpenApiKey), `${origin}/v1/nginx/status`],
  },
  racent: {
    settingsOf: (publicId, secret) => ({ api_token: `${publicId}${secret}` }),
    call: ({ api_token }, origin) => [`-F api_token=${api_token}`, `${origin}/ssl/productList`],
  },
  // It has one call, that orders: without names it says that they are missing.
  wosign: {
    settingsOf: (publicId, secret) => ({ customer_id: publicId, auth_token: secret }),
    call: ({ customer_id, auth_token }, origin) => [json({ customer_id, auth_token }), `${origin}/`],
  },
};

/** The line of curl that tries a key; undefined: of an API that has none. */
export function commandOf(dialect: string, settings: ClientSettings, origin: string): string | undefined {
  const way = Object.hasOwn(ways, dialect) ? ways[dialect] : undefined;
  return way && ['curl', '-sS', ...way.call(settings, origin)].join(' ');
}

/** The same of a key whose secret is known to its program alone. */
export function commandWith(
  dialect: string,
  { publicId, secret, origin }: { readonly publicId: string; readonly secret: string; readonly origin: string },
): string | undefined {
  const way = Object.hasOwn(ways, dialect) ? ways[dialect] : undefined;
  return way && commandOf(dialect, way.settingsOf(publicId, secret), origin);
}
