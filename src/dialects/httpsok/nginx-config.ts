/**
 * Finds the certificates in nginx configuration text: what `nginx -T` prints, or one file with its includes written in
 * between. Only reads as far as certificates need; what nginx itself would refuse is passed over.
 */
import { CertError } from '../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../domain/identifier.ts';
import { maxNames } from './catalogue.ts';

export interface NginxCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Of every server that uses it, each once. */
  readonly names: readonly Identifier[];
}

interface Directive {
  readonly words: readonly string[];
  /** Undefined where it ends with a semicolon. */
  readonly block?: readonly Directive[];
}

/** Deeper nesting than nginx has. */
const maxDepth = 12;
/** Far more than a server has; a stranger's text must not cost more than reading it. */
const maxFiles = 5000;
const maxIncludes = 2000;
const maxIncludedCharacters = 4 << 20;
const maxStars = 3;
/** Comments of `nginx -T` that begin a file. */
const fileMark = /^# configuration file (.+):$/gm;

/** Those with a key, absolute paths and at least one name that a certificate can carry. */
export function certificatesOf(text: string): readonly NginxCertificate[] {
  const files = filesOf(text);
  const directives = files.size === 0 ? parse(text) : parse([...files.values()][0] ?? '');
  const found = new Map<string, { keyFile: string; names: Map<string, Identifier> }>();
  for (const server of serversOf(
    expand(directives, files, {
      includesLeft: maxIncludes,
      charactersLeft: maxIncludedCharacters,
      within: [...files.keys()].slice(0, 1),
    }),
  )) {
    const certificateFile = lastValue(server, 'ssl_certificate');
    const keyFile = lastValue(server, 'ssl_certificate_key');
    if (certificateFile === undefined || keyFile === undefined) continue;
    const entry = found.get(certificateFile) ?? { keyFile, names: new Map() };
    for (const name of namesOf(server)) if (entry.names.size < maxNames) entry.names.set(name.value, name);
    found.set(certificateFile, entry);
  }
  return [...found].flatMap(([certificateFile, { keyFile, names }]) =>
    names.size === 0 ? [] : [{ certificateFile, keyFile, names: [...names.values()] }],
  );
}

/** The files of an `nginx -T`, the main one first; none where the text is no such print. */
function filesOf(text: string): ReadonlyMap<string, string> {
  const marks = [...text.matchAll(fileMark)].slice(0, maxFiles);
  return new Map(
    marks.map((mark, index) => [mark[1] ?? '', text.slice(mark.index + mark[0].length, marks[index + 1]?.index)]),
  );
}

/** A paths' pattern as nginx means it, relative to the directory of the main file. */
function included(pattern: string, files: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  if (pattern.split('*').length > maxStars + 1) return [];
  const [main = ''] = files.keys();
  const absolute = pattern.startsWith('/') ? pattern : main.slice(0, main.lastIndexOf('/') + 1) + pattern;
  const parts = absolute.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('[^/]*')}$`);
  return [...files].filter(([name]) => expression.test(name));
}

/** With the included files in the place of their directive, each in no other place than outside of itself. */
function expand(
  directives: readonly Directive[],
  files: ReadonlyMap<string, string>,
  state: { includesLeft: number; charactersLeft: number; readonly within: readonly string[] },
): readonly Directive[] {
  return directives.flatMap((directive): readonly Directive[] => {
    const [word, pattern] = directive.words;
    if (word !== 'include' || pattern === undefined) {
      return directive.block === undefined
        ? [directive]
        : [{ ...directive, block: expand(directive.block, files, state) }];
    }
    if (state.includesLeft-- <= 0) return [];
    return included(pattern, files).flatMap(([name, content]) => {
      if (state.within.includes(name) || content.length > state.charactersLeft) return [];
      const inner = {
        ...state,
        charactersLeft: state.charactersLeft - content.length,
        within: [...state.within, name],
      };
      const expanded = expand(parse(content), files, inner);
      state.includesLeft = inner.includesLeft;
      state.charactersLeft = inner.charactersLeft;
      return expanded;
    });
  });
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

function namesOf(server: readonly Directive[]): readonly Identifier[] {
  const texts = server.flatMap(({ words }) => (words[0] === 'server_name' ? words.slice(1) : []));
  // `.example.com` is example.com and everything below it.
  return texts
    .flatMap((text) => (text.startsWith('.') ? [text.slice(1), `*${text}`] : [text]))
    .flatMap((text) => identifierOf(text) ?? []);
}

/** Undefined for `_`, regular expressions, single labels and addresses: no certificate of this API carries them. */
function identifierOf(text: string): Identifier | undefined {
  try {
    const identifier = parseIdentifier(text, 'server_name');
    return isIp(identifier) ? undefined : identifier;
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

const token = /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[{};]|[^\s{};]+/g;

/** Unbalanced braces end where the text does. */
function parse(text: string): readonly Directive[] {
  const root: Directive[] = [];
  const stack: Directive[][] = [root];
  let words: string[] = [];
  for (const [whole, double, single] of text.matchAll(token)) {
    if (whole.startsWith('#')) continue;
    const top = stack.at(-1) ?? root;
    if (whole === ';') {
      if (words.length > 0) top.push({ words });
      words = [];
    } else if (whole === '{') {
      const block: Directive[] = [];
      if (stack.length <= maxDepth) top.push({ words, block });
      stack.push(block);
      words = [];
    } else if (whole === '}') {
      if (stack.length > 1) stack.pop();
      words = [];
    } else words.push(double ?? single ?? whole);
  }
  return root;
}
