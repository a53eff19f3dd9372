/** The log: one JSON object per line, through pino. */

import { type DestinationStream, destination as openDestination, pino, stdTimeFunctions } from 'pino';
import type { Log } from '../domain/ports/system.ts';
import { loggable } from './loggable.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions {
  readonly level: LogLevel;
  /** Default: standard output. A file is appended to; its directory must exist. */
  readonly destination?: 'stdout' | 'stderr' | { readonly file: string } | LogSink;
}

/** Takes one line, its newline included. */
export interface LogSink {
  write(line: string): void;
}

/**
 * Fields that look like secrets are replaced wherever they stand, errors are written with their stack and chain of
 * causes. Lines are written before the call returns, so that none is lost when the process ends.
 */
export function createLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      // Errors come unfolded already; pino's own serializer would take the plain object apart once more.
      serializers: { err: (unfolded: unknown) => unfolded },
    },
    openSink(options.destination ?? 'stdout'),
  );
  return adapt(logger);
}

const keptBytes = 1 << 20;

type Line = (fields: object, message: string) => void;
type Level = 'debug' | 'info' | 'warn' | 'error';
interface Logger extends Readonly<Record<Level, Line>> {
  isLevelEnabled(level: Level): boolean;
  child(fields: Record<string, unknown>): Logger;
}

function adapt(logger: Logger): Log {
  // Lines below the level cost nothing: their fields are not even looked at.
  const at = (level: Level): Line =>
    logger.isLevelEnabled(level) ? (fields, message) => logger[level](loggable(fields), message) : () => undefined;
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => adapt(logger.child(loggable(fields))),
  };
}

function openSink(destination: NonNullable<LogOptions['destination']>): DestinationStream {
  if (typeof destination === 'object' && !('file' in destination)) return destination;
  const dest = destination === 'stdout' ? 1 : destination === 'stderr' ? 2 : destination.file;
  const stream = openDestination({ dest, sync: true, append: true, maxLength: keptBytes });
  // Where the disk is full the stream throws, unless somebody listens: whoever logs must not fail with it. It keeps the lines
  // and writes them when there is space; beyond `keptBytes` they are lost.
  stream.on('error', () => undefined);
  return stream;
}
