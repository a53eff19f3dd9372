/** Zip archives, as vendors deliver certificates in for several kinds of server. */
import { zipSync } from 'fflate';

export interface ZipFile {
  /** Path inside the archive, with forward slashes: `nginx/www.example.com.pem`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/**
 * An archive of these files, in their order; text is UTF-8. A zip has no time zone: `modifiedAt` is written in UTC, to two seconds,
 * and the same files at the same time are the same bytes.
 */
export function createZip(files: readonly ZipFile[], modifiedAt: Date): Uint8Array {
  const contents: Record<string, Uint8Array> = {};
  for (const { name, content } of files) {
    checkName(name, contents);
    contents[name] = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  }
  return zipSync(contents, { mtime: utcAsLocal(modifiedAt) });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const unwelcome = /[\\:*?"<>|\x00-\x1f]/;

/** No path that unpacks outside of its folder or over another file, and none that Windows cannot create, as with `*` of a wildcard. */
function checkName(name: string, taken: Readonly<Record<string, unknown>>): void {
  const isSafe = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !unwelcome.test(name);
  if (!isSafe) throw new Error(`${JSON.stringify(name)} is not a name for a file in a zip`);
  if (Object.hasOwn(taken, name)) throw new Error(`${JSON.stringify(name)} is in the zip twice`);
  // An object lists keys that look like array indexes first, whatever order they came in.
  if (/^\d+$/.test(name)) throw new Error(`"${name}" cannot keep its place in the zip: give it an extension`);
}

/** The library writes the local time of the process; this is the date whose local time reads as the UTC time of the other. */
function utcAsLocal(at: Date): Date {
  return new Date(
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  );
}
