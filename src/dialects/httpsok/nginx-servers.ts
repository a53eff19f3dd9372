/** The servers of an nginx configuration, each with the certificate that it inherits from the blocks around it. */
import type { Directive } from './nginx-syntax.ts';

export interface NginxServer {
  /**
   * As they are written; none where neither the server nor a block around it has one. Several are for clients of several kinds of
   * keys. Servers that inherit them share the list.
   */
  readonly certificates: readonly string[];
  readonly key: string | undefined;
  /** Texts of `server_name`. */
  readonly names: readonly string[];
}

/** Values that nginx hands down from block to block. */
interface Level {
  readonly certificates: readonly string[];
  readonly key: string | undefined;
  /** `ssl on`, as before nginx 1.25. */
  readonly isTls: boolean;
}

interface FoundServer extends Level {
  readonly own: readonly Directive[];
  readonly isCertificateOwn: boolean;
}

const topLevel: Level = { certificates: [], key: undefined, isTls: false };

export function serversOf(directives: readonly Directive[]): readonly NginxServer[] {
  const found = [...serversBelow(directives, topLevel)];
  const tlsAddresses = new Set(found.flatMap(({ own }) => listens(own).filter(isTlsListen).map(addressOf)));
  const usesTls = ({ own, isTls, isCertificateOwn }: FoundServer) =>
    isCertificateOwn || isTls || listens(own).some((listen) => tlsAddresses.has(addressOf(listen)));
  return found.map((server) => {
    const names = server.own.filter(({ words }) => words[0] === 'server_name').flatMap(({ words }) => words.slice(1));
    // A server of port 80 inherits the certificate too, but never shows it: its names are none of the certificate's.
    if (!usesTls(server)) return { certificates: [], key: undefined, names };
    const { certificates, key } = server;
    return { certificates, key, names };
  });
}

function* serversBelow(directives: readonly Directive[], around: Level): Generator<FoundServer> {
  const level = levelOf(directives, around);
  for (const { words, block } of directives) {
    if (block === undefined) continue;
    if (words[0] !== 'server') yield* serversBelow(block, level);
    else {
      const isCertificateOwn = valuesOf(block, 'ssl_certificate').length > 0;
      yield { ...levelOf(block, level), own: block, isCertificateOwn };
    }
  }
}

function levelOf(directives: readonly Directive[], around: Level): Level {
  const ssl = valuesOf(directives, 'ssl').at(-1);
  const certificates = valuesOf(directives, 'ssl_certificate');
  return {
    certificates: certificates.length > 0 ? certificates : around.certificates,
    key: valuesOf(directives, 'ssl_certificate_key').at(-1) ?? around.key,
    isTls: ssl === undefined ? around.isTls : ssl === 'on',
  };
}

function valuesOf(directives: readonly Directive[], word: string): readonly string[] {
  return directives.flatMap(({ words, block }) => {
    const [first, value] = words;
    return block === undefined && first === word && value !== undefined ? [value] : [];
  });
}

function listens(server: readonly Directive[]): readonly Directive[] {
  return server.filter(({ words }) => words[0] === 'listen');
}

function isTlsListen({ words }: Directive): boolean {
  return words.includes('ssl', 2) || words.includes('quic', 2);
}

/** One server's `ssl` holds for every server of the same address. */
function addressOf({ words }: Directive): string {
  const text = words[1] ?? '';
  return /^\d+$/.test(text) ? `*:${text}` : text.replace(/^0\.0\.0\.0:/, '*:');
}
