/** The numbers of users, credentials and contacts: one sequence, so that a number identifies one of them. */
import { insertStatement } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { actorNumbers } from '../rows/users.ts';
import type { Session } from '../session.ts';

export const actorNumberStatements = {
  insert: insertStatement(actorNumbers),
  get: statement((db, p: { number: number }) =>
    db.selectFrom('actor_numbers').select('id').where('number', '=', p.number),
  ),
};

/** @param id of the user, the credential, or the organization whose contact it is */
export async function takeActorNumber(session: Session, id: string): Promise<number> {
  const number = await session.nextNumber('actor_numbers');
  session.write(actorNumberStatements.insert, { number, id });
  return number;
}
