/**
 * A text as it was before editors, JSON, shells, forms and web pages wrote some of its characters in their own way. Everything here is
 * linear in the input. What is no escape of a character that PEM has stays as it is, for the message that quotes it.
 */

/** The text with plain characters, line breaks and blanks in it, and without those that no editor shows. */
export function unescapedText(text: string): string {
  const visible = text.replace(invisible, '').replace(dataUrl, '');
  return withoutMarkup(unescaped(visible)).replaceAll('\u00a0', ' ').replaceAll('\u0085', '\n');
}

/** Reports whether what PEM has was written with percent signs, so that no + that is left stands for one. */
export function hasFormEscapes(text: string): boolean {
  return formEscape.test(text);
}

/** What no editor shows: byte order marks, zero-width characters, soft hyphens, and the zeros of UTF-16 that was read byte by byte. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the zeros are meant
const invisible = /^[\ufffd\u00fe\u00ff]{1,2}(?=[\0-])|[\0\u001a\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+/g;

/** What a browser makes of a file that is read as a URL (RFC 2397). */
const dataUrl = /^\s{0,100}data:[^,\s]{0,200};base64,/i;

const formEscape = /%(?:2[Bb0FfDd]|3[Dd]|0[AaDd])/;

/** Escapes of JSON, shells and forms. A % that was escaped again is %25. */
const escapes = /%(?:25)*([0-9A-Fa-f]{2})|\\+(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([rnt/])|((?=[\r\n]))|)/g;
const escapable = new Set('+/=- _<>\t\r\n\u0085\u00a0\u2013\u2014');
const letterEscapes: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '/': '/' };

type Captured = string | undefined;

function unescaped(text: string): string {
  if (!text.includes('%') && !text.includes('\\')) return text;
  return text.replace(
    escapes,
    (whole: string, percent: Captured, unicode: Captured, hex: Captured, letter: Captured, lineEnd: Captured) => {
      // A backslash at the end of a line continues it.
      if (lineEnd !== undefined) return '';
      if (letter !== undefined) return letterEscapes[letter] ?? whole;
      return characterOr(whole, Number.parseInt(percent ?? unicode ?? hex ?? '0', 16));
    },
  );
}

function characterOr(whole: string, code: number): string {
  if (code > 0xffff) return whole;
  const character = String.fromCharCode(code);
  return escapable.has(character) ? character : whole;
}

/** The characters of PEM in HTML and XML. An & that was escaped again is &amp;. */
const references = /&(?:amp;)*(?:#([0-9]{1,7})|#[Xx]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,12}));/g;
const namedReferences: ReadonlyMap<string, string> = new Map([
  ['plus', '+'],
  ['sol', '/'],
  ['equals', '='],
  ['lowbar', '_'],
  ['hyphen', '-'],
  ['dash', '-'],
  ['ndash', '–'],
  ['mdash', '—'],
  ['gt', '>'],
  ['lt', '<'],
  ['nbsp', ' '],
  ['Tab', '\t'],
  ['NewLine', '\n'],
]);
/** `<br>`, `</p>`: they stand where a line ends. */
const tags = /<\/?[A-Za-z][^<>]{0,200}>/g;

function withoutMarkup(text: string): string {
  const plain = text.includes('&')
    ? text.replace(references, (whole: string, decimal: Captured, hex: Captured, name: Captured) => {
        if (name !== undefined) return namedReferences.get(name) ?? whole;
        return characterOr(whole, decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal));
      })
    : text;
  return plain.includes('<') ? plain.replace(tags, '\n') : plain;
}
