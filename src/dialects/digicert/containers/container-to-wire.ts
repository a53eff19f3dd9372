/** Containers as they stand beside other things, and by themselves. */
import type { Container } from '../../../domain/account.ts';
import { refuse } from '../../../domain/errors.ts';
import type { ContainerId } from '../../../domain/ids.ts';
import type { Organization } from '../../../domain/organization.ts';
import type { Client } from '../services.ts';
import type { WireContainer } from './schema.ts';

/** The vendor's templates: 5 for the root, 6 for whatever is below. */
export const templates = [
  { id: 5, name: 'Account' },
  { id: 6, name: 'Division' },
] as const;

/** The containers of the caller's account; what is in none is in the root. */
export interface Containers {
  readonly all: readonly Container[];
  of(id: ContainerId | null): Container | undefined;
  /** 0 of the root, as the vendor has it. */
  parentNumber(container: Container): number;
}

export async function readContainers({ services, caller }: Client): Promise<Containers> {
  const all = await services.containers.list(caller);
  const byId = new Map(all.map((container) => [container.id, container]));
  const root = all.find(({ parentId }) => parentId === null);
  return {
    all,
    of: (id) => (id === null ? root : byId.get(id)),
    parentNumber: ({ parentId }) => (parentId === null ? 0 : (byId.get(parentId)?.number ?? 0)),
  };
}

export function containerRefToWire(containers: Containers, id: ContainerId | null) {
  const container = containers.of(id);
  if (container === undefined) return undefined;
  return {
    id: container.number,
    parent_id: containers.parentNumber(container),
    name: container.name,
    is_active: container.state === 'active',
  };
}

/** Where things may be used from: all of them from the root, from another container what is in it. @throws {CertError} notFound for a container that is not the account's */
export function insideContainer(
  containers: Containers,
  number: number | undefined,
): { readonly containerNumbers?: readonly number[] } {
  if (number === undefined) return {};
  const container = containers.all.find((one) => one.number === number);
  if (container === undefined) throw refuse('notFound', { what: 'container', value: String(number) });
  return container.parentId === null ? {} : { containerNumbers: [number] };
}

/** @throws {CertError} notFound for one that is not the account's */
export function requireContainers({ all }: Containers, numbers: readonly number[] = []): void {
  const unknown = numbers.find((number) => !all.some((one) => one.number === number));
  if (unknown !== undefined) throw refuse('notFound', { what: 'container', value: String(unknown) });
}

/** The container as shown beside a user. */
export function containerBesideUser(containers: Containers, id: ContainerId | null) {
  const container = containers.of(id);
  if (container === undefined) return undefined;
  return {
    id: container.number,
    public_id: container.id,
    name: container.name,
    parent_id: containers.parentNumber(container),
    ...look(container),
    is_active: container.state === 'active',
  };
}

/** @param assigned its users and domains, where the request wants them */
export function containerToWire(
  container: Container,
  containers: Containers,
  assigned?: { readonly userNumbers: readonly number[] | undefined; readonly organizations: readonly Organization[] },
): WireContainer {
  return {
    id: container.number,
    public_id: container.id,
    name: container.name,
    ...(container.description === '' ? {} : { description: container.description }),
    parent_id: containers.parentNumber(container),
    ...look(container),
    is_active: container.state === 'active',
    ...(assigned?.userNumbers === undefined ? {} : { user_id_assignments: assigned.userNumbers.map(String) }),
    allowed_domain_names: [...(container.allowedNames ?? [])],
    ...(assigned === undefined
      ? {}
      : {
          organization_assignments: assigned.organizations.map(({ number, state, details }) => ({
            id: number,
            status: state,
            name: details.name,
            display_name: displayName(details),
            is_active: state === 'active' ? '1' : '0',
          })),
        }),
  };
}

/** There is no branding: no logo, and a key for it that is always empty. */
function look({ parentId }: Container) {
  return { template_id: templates[parentId === null ? 0 : 1].id, ekey: '', has_logo: false };
}

/** The legal name with the one it trades under. */
export function displayName({ name, assumedName = '' }: Organization['details']): string {
  return assumedName === '' ? name : `${name} (${assumedName})`;
}
