/** What the operating system refuses a command, in words: a path, a port, the disk. Its own words name a system call. */
import { type CertError, refuse } from '../domain/errors.ts';

/** Undefined for anything else. */
export function systemRefusal(thrown: unknown): CertError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, syscall, path, address, port } = thrown as SystemError;
  if (syscall === 'listen' || syscall === 'bind') {
    const where = { address: address === undefined ? String(port) : `${address}:${port}` };
    if (code === 'EADDRINUSE') return refuse('portTaken', where, { cause: thrown });
    if (code === 'EACCES') return refuse('portForbidden', where, { cause: thrown });
    if (code === 'EADDRNOTAVAIL') return refuse('addressNotHere', where, { cause: thrown });
  }
  const at = { path: path ?? '?' };
  switch (code) {
    case 'ENOENT':
      return refuse('pathMissing', at, { cause: thrown });
    case 'EACCES':
    case 'EPERM':
      return refuse('pathForbidden', at, { cause: thrown });
    case 'EROFS':
      return refuse('pathReadOnly', at, { cause: thrown });
    case 'ENOTDIR':
    case 'EEXIST':
      return refuse('pathNoFolder', at, { cause: thrown });
    case 'EISDIR':
      return refuse('pathIsFolder', at, { cause: thrown });
    case 'ENOSPC':
    case 'EDQUOT':
      return refuse('diskFullAt', at, { cause: thrown });
    default:
      return undefined;
  }
}

interface SystemError extends Error {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
}
