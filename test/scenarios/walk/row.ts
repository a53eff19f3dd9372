/** What the walk knows of each operation of a dialect: who may call it, and a request that names another tenant's objects. */
import type { ErrorCode } from '../../../src/domain/error-codes.ts';
import type { KeySettings } from '../../../src/domain/ports/dialect.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { Role } from '../../../src/domain/role.ts';
import type { TestApp } from '../../support/app.ts';
import type { Input } from '../../support/front-doors.ts';

/** Names for the tenant's objects, and the ids, numbers and references by which this dialect knows them. */
export type Objects = Readonly<Record<string, string>>;

export interface Row {
  /** The roles of an account that may call it; each of the others is refused as forbidden. */
  readonly may: readonly Role[];
  send(objects: Objects): Input;
  /** What another tenant is answered: `own` where the request names nothing of anybody, and shows or makes what is theirs. */
  readonly stranger: 'own' | ErrorCode;
  /** It names what only its own dialect shows: another door of the same tenant answers `notFound`. */
  readonly isOfDoor: boolean;
  /** What whoever may call it is answered, where the state of things here does not allow it. */
  readonly answers?: ErrorCode;
}

/** Operations that anybody may call without a key, each with the reason why it tells nothing of a tenant. */
export type PublicOperations = Readonly<Record<string, string>>;

export interface Door {
  readonly app: TestApp;
  readonly csrPem: string;
  /** The administrator's, as clients of the dialect enter it. */
  readonly key: KeySettings;
  /** As the tenant's administrator. Fails unless it succeeds. */
  // biome-ignore lint/suspicious/noExplicitAny: replies of every shape
  ask(operation: string, input: Input): Promise<any>;
  /** The names are proved at the first look. */
  prove(...names: readonly string[]): void;
  /** Approves what waits, and lets what follows end. */
  goOn(): Promise<void>;
}

export interface DialectWalk {
  readonly name: string;
  readonly public: PublicOperations;
  /** Puts things of every kind into the tenant's account. */
  prepare(door: Door): Promise<Objects>;
  /** Then, what waits for an approver. */
  prepareWaiting?(door: Door): Promise<Objects>;
  /** The same names for what another door of the same tenant made. */
  readonly foreign?: (native: Objects, view: OrderView) => Objects;
  readonly rows: Readonly<Record<string, Row>>;
}

export const anyone = ['administrator', 'approver', 'requester', 'registrar', 'userManager', 'viewer'] as const;
export const ordering = ['administrator', 'approver', 'requester'] as const;
export const approving = ['administrator', 'approver'] as const;
export const registering = ['administrator', 'registrar'] as const;
export const proving = ['administrator', 'approver', 'requester', 'registrar'] as const;
export const managing = ['administrator', 'userManager'] as const;
export const administrators = ['administrator'] as const;
/** Only an operator. */
export const nobody = [] as const;

type Roles = readonly Role[];
type More = Partial<Pick<Row, 'answers' | 'stranger' | 'isOfDoor'>>;

/** A call that names an object of the account. */
export function named(may: Roles, send: Row['send'], more: More = {}): Row {
  return { may, send, stranger: 'notFound', isOfDoor: false, ...more };
}

/** A call that names an object of the account which only this dialect shows. */
export function ofDoor(may: Roles, send: Row['send'], more: More = {}): Row {
  return { may, send, stranger: 'notFound', isOfDoor: true, ...more };
}

/** A call that names nothing: lists what is the caller's, or makes something. */
export function own(may: Roles, send: Row['send'] = () => ({}), more: More = {}): Row {
  return { may, send, stranger: 'own', isOfDoor: false, ...more };
}

/** A call of the operator's alone. */
export function operators(send: Row['send'] = () => ({}), more: More = {}): Row {
  return { may: nobody, send, stranger: 'forbidden', isOfDoor: false, ...more };
}

let made = 0;

/** A word that no other call of the walk has used. */
export function unique(): string {
  made++;
  return `made${made}`;
}
