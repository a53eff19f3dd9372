/**
 * In the package only: a stack trace names the lines of the TypeScript (`src/main.ts:120:3`). A map is read when an error of its file is
 * first shown, which is seldom: Node's own `--enable-source-maps` reads all of them at the start, and takes 0.2 s of CPU and 30 MB for it.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const maps = new Map<string, SourceMap | undefined>();

Error.prepareStackTrace = (error, frames) =>
  [headline(error), ...frames.map((frame) => `    at ${textOf(frame)}`)].join('\n');

function headline(error: Error): string {
  try {
    return String(error);
  } catch {
    // Its `toString` throws, and a trace is better than another error.
    return 'Error';
  }
}

function textOf(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const file = frame.getFileName();
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (!file?.startsWith('file:') || line === null || column === null) return text;
  const origin = mapOf(file)?.findOrigin(line, column);
  if (origin === undefined || !('lineNumber' in origin)) return text;
  return text.replace(`${file}:${line}:${column}`, `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`);
}

/** Undefined where there is none, or none that can be read: the place in the bundle is better than nothing. */
function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file));
  return maps.get(file);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}
