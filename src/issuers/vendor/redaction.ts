/**
 * Takes what is secret out of exchanges with a vendor before they are kept: our credentials, in whatever encoding a vendor repeats them, and
 * private keys.
 */

const mark = '…';
/** Shorter ones are in every text by accident, and protect nothing. */
const shortestSecret = 4;

/** Fields that hold a private key, its container or its password, at any vendor. */
const keyField =
  /^(private_?key|key_?(pem|der|pass|password|content|file)|key|pkcs_?12|pfx|p12|jks|key_?store|(\w*_)?pass(word|phrase|wd)?|(jks|pkcs|pkcs_?12|pfx|p12|key_?store)_?pass(word)?)$/i;

const pemBlock =
  /-----BEGIN((?:[ +]|%20)[A-Z0-9]+)*(?:[ +]|%20)PRIVATE(?:[ +]|%20)KEY-----[\s\S]*?(?:-----END[^-]*-----|$)/g;
/** A quote of JSON, and of JSON that is a text inside of JSON, twice at most. */
const quotes = ['"', '\\"', '\\\\\\"'];
const formMember = /(^|[?&;\s])([\w.%[\]-]+)=([^&;\s"<]*)/g;

export interface RedactionOptions {
  /** By the names under which the vendor knows them. */
  readonly secrets: Readonly<Record<string, string>>;
}

export type Redaction = (text: string) => string;

export function createRedaction({ secrets }: RedactionOptions): Redaction {
  const names = new Set(Object.keys(secrets).map((name) => name.toLowerCase()));
  const isSecretField = (name: string) => keyField.test(name) || names.has(name.toLowerCase());
  const patterns = Object.values(secrets)
    .filter((secret) => secret.length >= shortestSecret)
    // One that is part of another must not leave the rest of it behind.
    .toSorted((one, other) => other.length - one.length)
    .flatMap((secret) => [patternOf(secret), patternOf(base64Of(secret))]);

  return (text) => {
    const withoutBlocks = text.replaceAll(pemBlock, mark);
    const withoutKeys = quotes
      .reduce((left, quote) => withoutMembers(left, quote, isSecretField), withoutBlocks)
      .replaceAll(formMember, (whole, before, name) =>
        isSecretField(unescaped(name)) ? `${before}${name}=${mark}` : whole,
      );
    return patterns.reduce((left, pattern) => left.replaceAll(pattern, mark), withoutKeys);
  };
}

/**
 * The values of `"name": "value"` taken out, also where the end is missing. Only what begins a member is read, and never a value that stays: it
 * might hide where the next one begins.
 */
function withoutMembers(text: string, quote: string, isSecretField: (name: string) => boolean): string {
  const border = `(?<!\\\\)${RegExp.escape(quote)}`;
  const opening = new RegExp(`${border}([^"]*?)${border}\\s*:\\s*${border}`, 'g');
  const closing = new RegExp(border, 'g');
  let shown = '';
  let at = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    if (!isSecretField(unescaped(found[1] ?? ''))) continue;
    const from = opening.lastIndex;
    closing.lastIndex = from;
    const to = closing.exec(text)?.index ?? text.length;
    shown += text.slice(at, from) + mark;
    at = to;
    opening.lastIndex = to;
  }
  return shown + text.slice(at);
}

/** Each character as itself, or as JSON, a URL, a form or HTML write it, in any mixture and in either case. */
function patternOf(secret: string): RegExp {
  return new RegExp([...secret].map(characterPattern).join(''), 'giu');
}

const named: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

function characterPattern(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const escapes = units.map((unit) => `\\\\+u${unit.toString(16).padStart(4, '0')}`).join('');
  const percent = [...new TextEncoder().encode(character)].map(
    (byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`,
  );
  const entity = `&(?:amp;)*(?:#0*${point}|#x0*${hex}${character in named ? `|${named[character]}` : ''});`;
  // A quote, a slash or a backslash may have backslashes before it: one for each time that it was made JSON.
  const itself = `${/["'/\\]/.test(character) ? '\\\\*' : ''}${RegExp.escape(character)}`;
  return `(?:${[itself, escapes, percent.join(''), entity, ...(character === ' ' ? ['\\+'] : [])].join('|')})`;
}

function base64Of(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '');
}

/** A name as it is read, however it is written. */
function unescaped(name: string): string {
  const plain = name
    .replaceAll(/\\+u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return plain.replaceAll('\\', '');
}
