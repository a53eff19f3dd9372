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

/** Sites that are left out and named: more than a person reads. */
const maxLeftOut = 1000;

/** What a configuration yields. */
export interface NginxFindings {
  readonly certificates: readonly NginxCertificate[];
  /** Why sites get no certificate, each reason once. Without certificates there is at least one. */
  readonly leftOut: readonly Reason[];
}

interface FoundCertificate {
  readonly keyFile: string;
  readonly names: Map<string, Identifier>;
  /** Name for which there was no room any more. */
  firstLeftOut: string | undefined;
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
  const found = new Map<string, FoundCertificate>();
  const leftOut = createReasons();
  for (const server of servers) {
    const usable = usableFiles(server, home, leftOut.add);
    if (usable === undefined) continue;
    const { certificateFile, keyFile } = usable;
    const entry = found.get(certificateFile) ?? { keyFile, names: new Map(), firstLeftOut: undefined };
    found.set(certificateFile, entry);
    addNames(entry, server, identifierOf);
  }
  // Each list once: thousands of servers may inherit one of thousands of certificates.
  for (const certificates of new Set(
    servers.filter(({ key }) => key !== undefined).map((server) => server.certificates),
  )) {
    const replaced = quoted(joined(home, certificates.at(-1) ?? ''));
    for (const other of certificates.slice(0, -1)) {
      leftOut.add(reason('nginxOtherCertificate', { path: quoted(joined(home, other)), replaced }));
    }
  }
  for (const [certificateFile, { names, firstLeftOut }] of found) {
    const path = quoted(certificateFile);
    if (names.size === 0) leftOut.add(reason('nginxNoName', { path }));
    if (firstLeftOut === undefined) continue;
    leftOut.add(reason('nginxNamesLeftOut', { path, limit: maxNames, name: quoted(firstLeftOut) }));
  }
  const certificates = [...found].flatMap(([certificateFile, { keyFile, names }]) =>
    names.size === 0 ? [] : [{ certificateFile, keyFile, names: [...names.values()] }],
  );
  if (certificates.length === 0 && leftOut.size() === 0) leftOut.add(whyNothing(text, servers.length));
  return { certificates, leftOut: leftOut.list() };
}

function addNames(
  entry: FoundCertificate,
  server: NginxServer,
  identifierOf: (text: string) => Identifier | undefined,
): void {
  for (const text of textsOf(server)) {
    // Nothing more is read: thousands of servers may share a certificate.
    if (entry.firstLeftOut !== undefined) return;
    const identifier = identifierOf(text);
    if (identifier === undefined || entry.names.has(identifier.value)) continue;
    if (entry.names.size < maxNames) entry.names.set(identifier.value, identifier);
    else entry.firstLeftOut = text;
  }
}

/** Undefined where the server has no certificate, or one that is left out. */
function usableFiles(
  server: NginxServer,
  home: string,
  leaveOut: (why: Reason) => void,
): { readonly certificateFile: string; readonly keyFile: string } | undefined {
  const { certificates, key, names } = server;
  const certificate = certificates.at(-1);
  if (certificate === undefined || key === undefined) {
    if (certificate === undefined && key === undefined) return undefined;
    const [has, lacks] = ['ssl_certificate', 'ssl_certificate_key'];
    const [present, missing] = key === undefined ? [has, lacks] : [lacks, has];
    leaveOut(reason('nginxHalfCertificate', { server: quoted(names[0] ?? ''), present, missing }));
    return undefined;
  }
  const [certificateFile, keyFile] = [joined(home, certificate), joined(home, key)];
  const unusable = [
    { directive: 'ssl_certificate', path: certificateFile },
    { directive: 'ssl_certificate_key', path: keyFile },
  ].find(({ path }) => !isUsable(path));
  if (unusable === undefined) return { certificateFile, keyFile };
  leaveOut(reason('nginxPathUnusable', { ...unusable, path: quoted(unusable.path) }));
  return undefined;
}

function whyNothing(text: string, servers: number): Reason {
  if (servers > 0) return reason('nginxNoCertificate', { servers });
  return reason(isLineByLine(text) ? 'nginxLineByLine' : 'nginxNoServer', {});
}

/** A list in which each reason stands once. */
function createReasons() {
  const reasons = new Map<string, Reason>();
  return {
    add(why: Reason): void {
      if (reasons.size < maxLeftOut) reasons.set(JSON.stringify(why), why);
    },
    size: () => reasons.size,
    list: (): readonly Reason[] => [...reasons.values()],
  };
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
