/**
 * The files in what `nginx -T` prints, and which of them an `include` means. A stranger writes both, so patterns are matched by
 * comparing texts, never as regular expressions, and all work together has a limit.
 */
import { refuse } from '../../domain/errors.ts';
import { type Directive, parseDirectives } from './nginx-syntax.ts';

const fileMark = '# configuration file ';
/** PATH_MAX of Linux. */
const longestPath = 4096;
/** Far more than a server has; a stranger's text must not cost more than reading it. */
const maxFiles = 5000;
const maxIncludes = 2000;
const maxIncludedCharacters = 4 << 20;
/** Files that are included by included files: more than anybody keeps apart. */
const maxIncludeDepth = 16;
/** Characters of patterns and paths that are compared. */
const maxCompared = 8 << 20;

type Files = ReadonlyMap<string, string>;

/** The files of an `nginx -T`, the main one first; none where the text is no such print. */
export function filesOf(text: string): Files {
  const marks: { readonly name: string; readonly start: number; readonly bodyStart: number }[] = [];
  for (let at = text.indexOf(fileMark); at >= 0 && marks.length < maxFiles; at = text.indexOf(fileMark, at + 1)) {
    if (at > 0 && text.charAt(at - 1) !== '\n') continue;
    const found = text.indexOf('\n', at);
    const lineEnd = found < 0 ? text.length : found;
    const line = text.slice(at + fileMark.length, Math.min(lineEnd, at + fileMark.length + longestPath + 2)).trimEnd();
    if (line.length > 1 && line.endsWith(':')) marks.push({ name: line.slice(0, -1), start: at, bodyStart: lineEnd });
  }
  return new Map(marks.map(({ name, bodyStart }, index) => [name, text.slice(bodyStart, marks[index + 1]?.start)]));
}

/**
 * The main file with the included files in the place of their directive, each in no other place than outside of itself.
 * @throws {CertError} nginxTooLarge
 */
export function expandIncludes(files: Files): readonly Directive[] {
  const [main] = files;
  if (main === undefined) return [];
  const [mainName, mainText] = main;
  const folder = mainName.slice(0, mainName.lastIndexOf('/') + 1);
  const left = { includes: maxIncludes, characters: maxIncludedCharacters, compared: maxCompared };

  function spend(what: keyof typeof left, amount: number): void {
    left[what] -= amount;
    if (left[what] < 0) throw refuse('nginxTooLarge', limits[what]);
  }

  /** Relative patterns are relative to the folder of the main file, as nginx means them. */
  function included(pattern: string): readonly string[] {
    const path = pattern.startsWith('/') ? pattern : folder + pattern;
    if (path.length > longestPath) return [];
    if (!path.includes('*')) return files.has(path) ? [path] : [];
    const matches = pathMatcher(path);
    return [...files.keys()].filter((name) => {
      spend('compared', path.length + name.length);
      return matches(name);
    });
  }

  function expand(directives: readonly Directive[], within: readonly string[]): readonly Directive[] {
    return directives.flatMap((directive): readonly Directive[] => {
      const [first, pattern] = directive.words;
      if (first !== 'include' || pattern === undefined) {
        return directive.block === undefined ? [directive] : [{ ...directive, block: expand(directive.block, within) }];
      }
      if (within.length > maxIncludeDepth) return [];
      return included(pattern).flatMap((name) => {
        if (within.includes(name)) return [];
        const content = files.get(name) ?? '';
        spend('includes', 1);
        spend('characters', content.length);
        return expand(parseDirectives(content), [...within, name]);
      });
    });
  }

  return expand(parseDirectives(mainText), [mainName]);
}

const limits = {
  includes: { limit: maxIncludes, what: { en: 'included files', zh: '个被包含的文件' } },
  characters: { limit: maxIncludedCharacters, what: { en: 'characters in included files', zh: '个被包含的字符' } },
  compared: {
    limit: maxCompared,
    what: { en: 'characters to compare for patterns of include', zh: '个 include 通配符比较字符' },
  },
} as const;

/**
 * True if a path is one that the pattern means, in which `*` is anything but a slash. Folder by folder, and within one the first
 * place where a part fits is as good as any: so no place is checked twice.
 */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const folders = pattern.split('/').map((folder) => folder.split('*'));
  return (path) => {
    const names = path.split('/');
    return names.length === folders.length && folders.every((parts, index) => fits(parts, names[index] ?? ''));
  };
}

function fits([first = '', ...others]: readonly string[], name: string): boolean {
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
