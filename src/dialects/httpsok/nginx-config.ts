/**
 * Finds the certificates in nginx configuration text: what `nginx -T` prints, or one file with its includes written in
 * between. Only reads as far as certificates need; what nginx itself would refuse is passed over.
 */
import { CertError, quoted, type Reason, reason, refuse } from '../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../domain/identifier.ts';
import { maxNames } from './catalogue.ts';
import { expandIncludes, filesOf } from './nginx-includes.ts';
import { type NginxServer, serversOf } from './nginx-servers.ts';
import { parseDirectives } from './nginx-syntax.ts';

export interface NginxCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Names of every server that uses it, each once. */
  readonly names: readonly Identifier[];
}

/** Texts of `server_name` that are looked at, each once: a configuration of more is not one of a server. */
const maxNameTexts = 10_000;

/** What a configuration yields. */
export interface NginxFindings {
  readonly certificates: readonly NginxCertificate[];
  /** Undefined where there are certificates. */
  readonly whyNothing: Reason | undefined;
}

/**
 * The certificates with a key, paths that the reply can carry and at least one name that a certificate can carry.
 * @param home folder of the main file, to which nginx joins relative paths; empty where it is not known
 * @throws {CertError} nginxTooLarge
 */
export function certificatesOf(text: string, home = ''): NginxFindings {
  const files = filesOf(text);
  const directives = files.size === 0 ? parseDirectives(text) : expandIncludes(files);
  const identifierOf = createNameReader();
  const servers = serversOf(directives);
  const found = new Map<string, { keyFile: string; names: Map<string, Identifier> }>();
  let firstUnusable: Reason | undefined;
  for (const server of servers) {
    if (server.certificate === undefined || server.key === undefined) continue;
    const [certificateFile, keyFile] = [joined(home, server.certificate), joined(home, server.key)];
    const isCertificateUsable = isUsable(certificateFile);
    if (!isCertificateUsable || !isUsable(keyFile)) {
      firstUnusable ??= isCertificateUsable
        ? reason('nginxPathUnusable', { directive: 'ssl_certificate_key', path: quoted(keyFile) })
        : reason('nginxPathUnusable', { directive: 'ssl_certificate', path: quoted(certificateFile) });
      continue;
    }
    const entry = found.get(certificateFile) ?? { keyFile, names: new Map() };
    for (const name of textsOf(server)) {
      if (entry.names.size >= maxNames) break;
      const identifier = identifierOf(name);
      if (identifier !== undefined) entry.names.set(identifier.value, identifier);
    }
    found.set(certificateFile, entry);
  }
  const certificates = [...found].flatMap(([certificateFile, { keyFile, names }]) =>
    names.size === 0 ? [] : [{ certificateFile, keyFile, names: [...names.values()] }],
  );
  if (certificates.length > 0) return { certificates, whyNothing: undefined };
  const [nameless] = found.keys();
  if (nameless !== undefined) return { certificates, whyNothing: reason('nginxNoName', { path: quoted(nameless) }) };
  if (firstUnusable !== undefined) return { certificates, whyNothing: firstUnusable };
  if (servers.length > 0) {
    return { certificates, whyNothing: reason('nginxNoCertificate', { servers: servers.length }) };
  }
  return { certificates, whyNothing: reason(isLineByLine(text) ? 'nginxLineByLine' : 'nginxNoServer', {}) };
}

/** Absolute ones stand as they are, also those of Windows, and what is no file: `data:`, `engine:`, `store:`. */
function joined(home: string, path: string): string {
  if (home === '' || /^(?:[/\\]|[A-Za-z]+:)/.test(path)) return path;
  return /[/\\]$/.test(home) ? home + path : `${home}/${path}`;
}

/** The reply is CSV that a shell script splits at commas and blanks, and the script reads and writes the files. */
function isUsable(path: string): boolean {
  return /^[^\s,$"'`]+$/.test(path) && !/^(?:data|engine|store):/.test(path);
}

/** Lines as `grep -r` prints them, each behind the name of its file: what the script sent before 1.8. No block can be seen in them. */
function isLineByLine(text: string): boolean {
  return /^\/[^\s:]+:.*\bserver/m.test(text);
}

function* textsOf({ names }: NginxServer): Generator<string> {
  for (const text of names) {
    // `.example.com` is example.com and everything below it.
    if (text.startsWith('.')) yield text.slice(1);
    yield text.startsWith('.') ? `*${text}` : text;
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
