/** The log: one JSON object per line, through pino. */
import { type DestinationStream, destination as openDestination, pino, stdTimeFunctions } from 'pino';
import type { Log } from '../domain/system.ts';
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

type Line = (fields: object, message: string) => void;
interface Logger extends Readonly<Record<'debug' | 'info' | 'warn' | 'error', Line>> {
  child(fields: Record<string, unknown>): Logger;
}

function adapt(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(loggable(fields), message),
    info: (fields, message) => logger.info(loggable(fields), message),
    warn: (fields, message) => logger.warn(loggable(fields), message),
    error: (fields, message) => logger.error(loggable(fields), message),
    child: (fields) => adapt(logger.child(loggable(fields))),
  };
}

function openSink(destination: NonNullable<LogOptions['destination']>): DestinationStream {
  if (destination === 'stdout') return openDestination({ dest: 1, sync: true });
  if (destination === 'stderr') return openDestination({ dest: 2, sync: true });
  if ('file' in destination) return openDestination({ dest: destination.file, sync: true, append: true });
  return destination;
}
