/** What may be written to the log: secrets taken out by the name of their field, errors unfolded, depth limited. */

const removed = '[secret]';
const maxDepth = 8;
const maxItems = 100;

/** Compared without case, `-` and `_`: `access_token`, `accessToken` and `Access-Token` are the same field. */
const secretNames: ReadonlySet<string> = new Set([
  'accesstoken', // Encryption365
  'authtoken', // WoSign
  'openapikey', // httpsok
  'httpsoktoken',
  'xdcdevkey', // DigiCert
  'devkey',
  'apitoken', // Racent
  'apikey',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'token',
  'secret',
  'clientsecret',
  'password',
  'passwd',
  'passphrase',
  'pin',
  'privatekey',
  'privatekeypem',
  'keypem',
  'masterkey',
  'certmuxmasterkey',
  'hmackey', // EAB
  'eabkey',
]);

/** The fields of a log line as plain JSON values. */
export function loggable(fields: object): Record<string, unknown> {
  if (fields instanceof Error) return { err: plain(fields, 0, new Set()) };
  return members(fields, 0, new Set());
}

function plain(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= maxDepth) return '[too deep]';
  const within = new Set(above).add(value);
  if (value instanceof Error) return errorMembers(value, depth, within);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return withoutPassword(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map || value instanceof Headers) return members(Object.fromEntries(value), depth, within);
  if (value instanceof Set) return items([...value], depth, within);
  if (Array.isArray(value)) return items(value, depth, within);
  // A class that decides its own JSON decides it here too: this is how Secret stays secret.
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(), depth + 1, within);
  return members(value, depth, within);
}

function items(values: readonly unknown[], depth: number, above: ReadonlySet<object>): unknown[] {
  const shown = values.slice(0, maxItems).map((value) => plain(value, depth + 1, above));
  return values.length > maxItems ? [...shown, `… ${values.length - maxItems} more`] : shown;
}

function members(value: object, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isSecret(name) ? removed : plain(member, depth + 1, above)]),
  );
}

function errorMembers(error: Error, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...members(error, depth, above),
    stack,
    ...(cause === undefined ? {} : { cause: plain(cause, depth + 1, above) }),
    ...(error instanceof AggregateError ? { errors: items(error.errors, depth, above) } : {}),
  };
}

function isSecret(name: string): boolean {
  return secretNames.has(name.toLowerCase().replace(/[-_]/g, ''));
}

function withoutPassword(url: URL): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = removed;
  return shown.href;
}
