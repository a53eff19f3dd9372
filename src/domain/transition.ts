/** State machines as tables: a state's row lists the events it accepts and where they lead. */

export type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** The state that follows, or undefined where the table has no such step. */
export function transition<State extends string, Event extends string>(
  table: Transitions<State, Event>,
  state: State,
  event: Event,
): State | undefined {
  return table[state][event];
}

/** The states from which the event is possible, for a compare-and-set and for telling the caller what is needed. */
export function statesAccepting<State extends string, Event extends string>(
  table: Transitions<State, Event>,
  event: Event,
): readonly State[] {
  return (Object.keys(table) as State[]).filter((state) => table[state][event] !== undefined);
}
