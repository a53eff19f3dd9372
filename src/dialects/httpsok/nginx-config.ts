/**
 * Finds the certificates in nginx configuration text: what `nginx -T` prints, or one file with its includes written in
 * between. Only reads as far as certificates need; what nginx itself would refuse is passed over.
 */
import { CertError, refuse } from '../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../domain/identifier.ts';
import { maxNames } from './catalogue.ts';
import { expandIncludes, filesOf } from './nginx-includes.ts';
import { type Directive, parseDirectives } from './nginx-syntax.ts';

export interface NginxCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Names of every server that uses it, each once. */
  readonly names: readonly Identifier[];
}

/** Texts of `server_name` that are looked at, each once: a configuration of more is not one of a server. */
const maxNameTexts = 10_000;

/**
 * Those with a key, absolute paths and at least one name that a certificate can carry.
 * @throws {CertError} nginxTooLarge
 */
export function certificatesOf(text: string): readonly NginxCertificate[] {
  const files = filesOf(text);
  const directives = files.size === 0 ? parseDirectives(text) : expandIncludes(files);
  const identifierOf = createNameReader();
  const found = new Map<string, { keyFile: string; names: Map<string, Identifier> }>();
  for (const server of serversOf(directives)) {
    const certificateFile = lastValue(server, 'ssl_certificate');
    const keyFile = lastValue(server, 'ssl_certificate_key');
    if (certificateFile === undefined || keyFile === undefined) continue;
    const entry = found.get(certificateFile) ?? { keyFile, names: new Map() };
    for (const name of textsOf(server)) {
      if (entry.names.size >= maxNames) break;
      const identifier = identifierOf(name);
      if (identifier !== undefined) entry.names.set(identifier.value, identifier);
    }
    found.set(certificateFile, entry);
  }
  return [...found].flatMap(([certificateFile, { keyFile, names }]) =>
    names.size === 0 ? [] : [{ certificateFile, keyFile, names: [...names.values()] }],
  );
}

function serversOf(directives: readonly Directive[]): readonly (readonly Directive[])[] {
  return directives.flatMap(({ words, block }) => {
    if (block === undefined) return [];
    return words[0] === 'server' ? [block] : serversOf(block);
  });
}

function lastValue(server: readonly Directive[], word: string): string | undefined {
  const value = server.findLast(({ words }) => words[0] === word)?.words[1];
  // The reply is CSV that a shell script splits at commas and blanks.
  return value !== undefined && /^\/[^\s,$]+$/.test(value) ? value : undefined;
}

function* textsOf(server: readonly Directive[]): Generator<string> {
  for (const { words } of server) {
    if (words[0] !== 'server_name') continue;
    for (const text of words.slice(1)) {
      // `.example.com` is example.com and everything below it.
      if (text.startsWith('.')) yield text.slice(1);
      yield text.startsWith('.') ? `*${text}` : text;
    }
  }
}

/** Reads each text once, however many servers have it. */
function createNameReader(): (text: string) => Identifier | undefined {
  const known = new Map<string, Identifier | undefined>();
  return (text) => {
    if (known.has(text)) return known.get(text);
    if (known.size === maxNameTexts) {
      throw refuse('nginxTooLarge', { limit: maxNameTexts, what: { en: 'server names', zh: '个 server_name' } });
    }
    const identifier = identifierOf(text);
    known.set(text, identifier);
    return identifier;
  };
}

/** Undefined for `_`, regular expressions, single labels and addresses: no certificate of this API carries them. */
function identifierOf(text: string): Identifier | undefined {
  if (!text.includes('.') || text.startsWith('~')) return undefined;
  try {
    const identifier = parseIdentifier(text, 'server_name');
    return isIp(identifier) ? undefined : identifier;
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}
