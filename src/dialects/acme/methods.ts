/** The methods by which a path may be called, for who asks with OPTIONS. */
import type { OperationDescription } from '../kit/operation.ts';

/** Those that the path has, HEAD beside GET; none where no operation has it. */
export function methodsOf(
  operations: readonly Pick<OperationDescription, 'method' | 'path'>[],
  path: string,
): readonly string[] {
  const found = operations.filter((operation) => fits(operation.path, path)).map(({ method }) => method);
  return [...new Set(found.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}

/** A pattern's `:name` stands for one segment. */
function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const found = path.split('/');
  if (wanted.length !== found.length) return false;
  return wanted.every((part, index) => (part.startsWith(':') ? found[index] !== '' : part === found[index]));
}
