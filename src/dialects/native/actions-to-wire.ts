/** What may be done with an object, on the wire. */
import { renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { Actions } from '../../domain/ports/order-pages.ts';
import type { WireAction } from './schema.ts';

/** In the order of the names, which is that of the schema. */
export function actionsToWire<Action extends string>(
  names: readonly Action[],
  actions: Actions<Action>,
  language: Language,
): Record<Action, WireAction> {
  const shown = names.map((name) => {
    const reason = actions[name];
    return [name, { allowed: reason === null, reason: reason === null ? null : renderReason(reason, language) }];
  });
  // One for each name.
  return Object.fromEntries(shown) as Record<Action, WireAction>;
}
