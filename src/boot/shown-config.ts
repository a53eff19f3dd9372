/** The configuration as operators may read it while the server runs: every setting that is in force, without secrets. */

/** Names of settings that hold a secret themselves. Those of files that hold one end with `File`. */
const secretName = /(password|secret|hmacKey|token|passphrase|authcode)$/i;
/** Its members are what somebody else knows us by. */
const secretsOf = 'credentials';
/** In place of a secret. */
const hidden = '…';

/** Undefined is left out, as in JSON. */
export function shownConfig(config: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, shownValue(name, value)]),
  );
}

function shownValue(name: string, value: unknown): unknown {
  if (name === secretsOf && typeof value === 'object' && value !== null) return hiddenMembers(value);
  if (typeof value === 'string') return secretName.test(name) ? hidden : withoutPassword(value);
  if (Array.isArray(value)) return value.map((item) => shownValue(name, item));
  if (typeof value !== 'object' || value === null) return value;
  return shownConfig(value);
}

/** Which there are is no secret, nor is where a file is. */
function hiddenMembers(credentials: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => [name, name.endsWith('File') ? value : hidden]),
  );
}

/** `postgres://certmux:…@db.example.com/certmux`, also of a proxy. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/@\s]*?):[^/\s]*@/, `$1:${hidden}@`).replace(/([?&]password=)[^&]*/gi, `$1${hidden}`);
}
