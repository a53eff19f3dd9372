/** Reads TypeScript as text, well enough to ask what a file imports and what it uses. */
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

export interface SourceFile {
  /** Path from the root of the sources: `system/clock.ts`. */
  readonly path: string;
  /** Comments and the insides of strings and regular expressions are blank; code in template literals stays. */
  readonly code: string;
  readonly imports: readonly Import[];
  /** The regular expressions, as they are written. */
  readonly patterns: readonly string[];
}

export interface Import {
  /** `node:net`, `hono`, or a path from the root of the sources such as `domain/errors.ts`. */
  readonly target: string;
  /** Nothing of it is there at run time. */
  readonly isTypeOnly: boolean;
}

/** Every TypeScript file below the directory. */
export async function readSources(root: string): Promise<SourceFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name));
  return Promise.all(
    files.map(async (file) => {
      const full = join(file.parentPath, file.name);
      const path = full.slice(root.length + 1).replaceAll('\\', '/');
      return readSource(path, await readFile(full, 'utf8'));
    }),
  );
}

export function readSource(path: string, text: string): SourceFile {
  const { code, strings, patterns } = blank(text);
  return { path, code: code.replaceAll(/§\d+§/g, ''), imports: importsIn(path, code, strings), patterns };
}

function importsIn(path: string, code: string, strings: readonly string[]): Import[] {
  const statements = code.matchAll(
    /\b(?:(import|export)\s+(type\s)?([^;'"()]*?)\bfrom\s*|import\s*|(?:import|require)\s*\(\s*)['"]§(\d+)§['"]/g,
  );
  return [...statements].map(([, , type, names = '', index]) => {
    const target = strings[Number(index)] ?? '';
    const inner =
      /^\s*\{([^}]*)\}\s*$/
        .exec(names)?.[1]
        ?.split(',')
        .filter((name) => name.trim() !== '') ?? [];
    const isTypeOnly = type !== undefined || (inner.length > 0 && inner.every((name) => /^\s*type\s/.test(name)));
    return { target: target.startsWith('.') ? posix.join(posix.dirname(path), target) : target, isTypeOnly };
  });
}

/** Characters after which a `/` begins a regular expression rather than a division. */
const beforeRegExp = /(^|[(,=:[!&|?{};+\-*%~^<>]|\b(return|typeof|case|of|in))\s*$/;

/** Makes one pass over the text. Quoted strings become `'§n§'`, so that imports can still be recognized. */
function blank(text: string): {
  readonly code: string;
  readonly strings: readonly string[];
  readonly patterns: readonly string[];
} {
  const strings: string[] = [];
  const patterns: string[] = [];
  /** The number of open braces in the current `${…}` of each template literal that we are inside of. */
  const templates: number[] = [];
  let code = '';
  let at = 0;
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? text.charAt(at);
    at += found.length;
    return found;
  };
  /** The rest of a template literal, up to its end or the next `${`. */
  const skipTemplate = () => {
    if (skip(/(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/y).endsWith('${')) templates.push(0);
    code += '`';
  };
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const character = text.charAt(at);
    if (rest === '//') skip(/\/\/[^\n]*/y);
    else if (rest === '/*') skip(/\/\*[\s\S]*?\*\//y);
    else if (character === "'" || character === '"') {
      const literal = skip(character === "'" ? /'(?:[^'\\\n]|\\[\s\S])*'/y : /"(?:[^"\\\n]|\\[\s\S])*"/y);
      code += `'§${strings.push(literal.slice(1, -1)) - 1}§'`;
    } else if (character === '`') {
      at++;
      skipTemplate();
    } else if (character === '/' && beforeRegExp.test(code.slice(-20))) {
      patterns.push(skip(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y));
      code += '/ /';
    } else {
      const open = templates.at(-1);
      at++;
      if (open !== undefined && character === '}' && open === 0) {
        templates.pop();
        skipTemplate();
      } else {
        if (open !== undefined && character === '{') templates[templates.length - 1] = open + 1;
        if (open !== undefined && character === '}') templates[templates.length - 1] = open - 1;
        code += character;
      }
    }
  }
  return { code, strings, patterns };
}
