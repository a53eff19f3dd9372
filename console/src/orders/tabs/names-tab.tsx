/** The names of an order: those that fail first, together where they fail for the same reason; what is proved at the end, without anything to place. */
import { type Me, may } from '../../api/me.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CopyText } from '../../shared/copy-text.tsx';
import { visible } from '../../shared/visible.ts';
import { CheckHistory } from '../cockpit/check-history.tsx';
import styles from '../cockpit/cockpit.module.css';
import { groupedNames, meantProof } from '../cockpit/groups.ts';
import { NameCard, ProvedName } from '../cockpit/name-card.tsx';
import { NameProofs } from '../cockpit/name-proofs.tsx';
import { recordOf, zoneLine } from '../cockpit/record-forms.ts';
import page from '../order.module.css';
import type { Order, OrderName } from '../order-query.ts';

/** So many are looked at open; of more only the first. */
const mostOpen = 2;

export function NamesTab({ order, me }: { readonly order: Order; readonly me: Me }) {
  const { order: words, orders } = useTexts();
  const { groups, proved } = groupedNames(order.names);
  const isWaiting = order.state === 'open' || order.turn?.who === 'customer';
  const canChoose = may(me, 'orders.chooseMethod') && order.actions.chooseMethod.allowed;
  const open = groups.flatMap(({ names }) => names);
  const openFirst = new Set(open.slice(0, open.length > mostOpen ? 1 : mostOpen).map(({ name }) => name));
  const records = zoneLinesOf(open);

  return (
    <section className={`card ${page.section}`} aria-labelledby="names">
      <div className={`${page.sectionHead} ${page.namesHead}`}>
        <h2 id="names">{orders.names}</h2>
        <span className="dim">{orders.provedCount(proved.length, order.names.length)}</span>
        {records.length > 1 && isWaiting && (
          <span className={page.headTool}>
            <CopyText text={records.join('\n')}>{words.copyZone(records.length)}</CopyText>
          </span>
        )}
      </div>
      {groups.length > 0 && (
        // One list: a name that comes to stand under another reason stays the same card, with what was chosen and typed in it.
        <ul>
          {groups.flatMap(({ reason, names }) => [
            groups.length > 1 && (
              <li key={`because ${reason}`} className={styles.groupHead}>
                <strong>{words.namesCount(names.length)}</strong>
                <span>{reason === null ? words.notChecked : visible(reason)}</span>
              </li>
            ),
            ...names.map((name) =>
              isWaiting ? (
                <NameCard key={name.name} name={name} isOpenFirst={openFirst.has(name.name)}>
                  <NameProofs
                    name={name}
                    owner={{ kind: 'order', reference: String(order.number) }}
                    canChoose={canChoose}
                    history={<CheckHistory of={{ kind: 'order', order: String(order.number), name: name.name }} />}
                  />
                </NameCard>
              ) : (
                <ProvedName key={name.name} name={name} />
              ),
            ),
          ])}
        </ul>
      )}
      {proved.length > 0 && (
        <ul className={groups.length > 0 ? styles.provedList : undefined}>
          {proved.map((name) => (
            <ProvedName key={name.name} name={name} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Every record that is still to be placed, for whoever keeps the zone as a file. One record may serve several names. */
function zoneLinesOf(names: readonly OrderName[]): readonly string[] {
  const lines = names.flatMap((name) => {
    const proof = meantProof(name);
    const record = proof === undefined ? null : recordOf(proof);
    return record === null ? [] : [zoneLine(record)];
  });
  return [...new Set(lines)];
}
