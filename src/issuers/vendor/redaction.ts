/**
 * Takes what is secret out of exchanges with a vendor before they are kept: our credentials, in whatever encoding a vendor repeats them, and
 * private keys. A text is read several times over, each time with one more layer of JSON, URL and HTML escapes taken off.
 */
import { decoded, plainly, type ReadText } from './decoded-text.ts';

const mark = '…';
/** Shorter ones are in every text by accident, and protect nothing. */
const shortestSecret = 4;
/** Of escapes: JSON inside of JSON inside of a URL. */
const layers = 4;

/** Fields that hold a private key, its container or its password, at any vendor. */
const keyField =
  /^(private_?key|key_?(pem|der|pass|password|content|file)|key|pkcs_?12|pfx|p12|jks|key_?store|(jks|pkcs|pkcs_?12|pfx|p12|key_?store)_?pass(word)?|password|passphrase|passwd)$/i;
const jsonOpening = /(?<!\\)"([^"\\]{1,100})"\s{0,20}:\s{0,20}"/g;
const formOpening = /(?:^|[?&;\s])([\w.[\]-]{1,100})=/g;
const formEnd = /[&;\s"<]|$/g;

export type Redaction = (text: string) => string;

/** @param options.secrets by the names under which the vendor knows them */
export function createRedaction({ secrets }: { readonly secrets: Readonly<Record<string, string>> }): Redaction {
  const names = new Set(Object.keys(secrets).map((name) => name.toLowerCase()));
  const isSecretField = (name: string) => keyField.test(name) || names.has(name.toLowerCase());
  const wanted = Object.values(secrets)
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [secret, Buffer.from(secret).toString('base64').replaceAll('=', '')].map(plainly));

  return (text) => {
    const spans: Span[] = [];
    let read: ReadText | undefined = decoded(text);
    for (let layer = 0; layer < layers && read !== undefined; layer++) {
      const { characters, places } = read;
      const plain = plainly(characters);
      const found = [
        ...wanted.flatMap((secret) => occurrences(plain, secret)),
        ...keyBlocks(plain),
        ...fieldValues(characters, jsonOpening, isSecretField, closingQuote),
        ...fieldValues(characters, formOpening, isSecretField, endOfFormValue),
      ];
      for (const [from, to] of found) spans.push([places[from] ?? text.length, places[to] ?? text.length]);
      read = decoded(read);
    }
    return without(text, spans);
  };
}

type Span = readonly [from: number, to: number];

function occurrences(text: string, secret: string): readonly Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
    found.push([at, at + secret.length]);
  }
  return found;
}

/** PEM (RFC 7468); one whose end is missing goes to the end of the text. */
function keyBlocks(text: string): readonly Span[] {
  const [begin, end, dashes] = ['-----begin ', '-----end ', '-----'];
  const found: Span[] = [];
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + begin.length)) {
    const labelEnd = text.indexOf(dashes, at + begin.length);
    const label = text.slice(at + begin.length, labelEnd < 0 ? undefined : labelEnd);
    if (!label.slice(0, 100).includes('private key')) continue;
    const last = text.indexOf(end, at);
    const over = last < 0 ? -1 : text.indexOf(dashes, last + end.length);
    found.push([at, over < 0 ? text.length : over + dashes.length]);
    if (over < 0) break;
    at = over;
  }
  return found;
}

/** Only what begins a field is matched, and never a value that stays: it might hide where the next one begins. */
function fieldValues(
  text: string,
  opening: RegExp,
  isSecretField: (name: string) => boolean,
  endOf: (text: string, from: number) => number,
): readonly Span[] {
  return [...text.matchAll(opening)].flatMap((found): readonly Span[] => {
    if (!isSecretField(found[1] ?? '')) return [];
    const from = found.index + found[0].length;
    return [[from, endOf(text, from)]];
  });
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function endOfFormValue(text: string, from: number): number {
  formEnd.lastIndex = from;
  return formEnd.exec(text)?.index ?? text.length;
}

function without(text: string, spans: readonly Span[]): string {
  let shown = '';
  let at = 0;
  for (const [from, to] of spans.toSorted(([one], [other]) => one - other)) {
    if (to <= at) continue;
    if (from > at || at === 0) shown += text.slice(at, from);
    if (!shown.endsWith(mark) || from > at) shown += mark;
    at = to;
  }
  return shown + text.slice(at);
}
