/** The way of an order from being placed to its certificate, and where on it the order is. */
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './head.module.css';
import type { Order } from './order-query.ts';

type Progress = 'done' | 'now' | 'later' | 'failed';

/** How far an attempt is; one that is over is at none of them. */
const places = {
  awaitingApproval: 0,
  awaitingValidation: 1,
  ready: 2,
  issuing: 3,
  issued: 4,
  failed: null,
  cancelled: null,
} as const satisfies Record<Order['issuance']['state'], number | null>;

export function OrderSteps({ order }: { readonly order: Order }) {
  const { order: words } = useTexts();
  const { issuance, names, approval } = order;
  const proved = names.filter(({ state }) => state === 'valid').length;
  const place = places[issuance.state];
  const isOver = place === null;
  // Of one that failed or was cancelled nobody sees any more how far it had come, but by its names.
  const at = place ?? (proved === names.length ? 2 : 1);
  const progress = (from: number, until: number): Progress => {
    if (at > until) return 'done';
    if (at < from) return 'later';
    return isOver ? 'failed' : 'now';
  };
  const approvedText = () => {
    if (approval?.decidedBy) return visible(approval.decidedBy.name);
    return progress(0, 0) === 'done' ? words.steps.automatically : '';
  };
  const isIssued = issuance.state === 'issued';
  const steps = [
    {
      key: 'placed',
      title: words.steps.placed(words.kinds[issuance.kind]),
      text: <Relative at={issuance.createdAt} />,
      progress: 'done' as Progress,
    },
    {
      key: 'approved',
      title: words.steps.approved,
      text: approvedText(),
      progress: progress(0, 0),
    },
    {
      key: 'names',
      title: words.steps.names,
      text: `${proved} / ${names.length}`,
      progress: progress(1, 1),
    },
    {
      key: 'issued',
      title: words.steps.issued,
      text: issuance.failure === null ? '' : visible(issuance.failure),
      progress: isIssued ? ('done' as Progress) : progress(2, 4),
    },
  ];
  return (
    <ol className={styles.steps} aria-label={words.steps.label}>
      {steps.map(({ key, title, text, progress: how }) => (
        <li key={key} data-progress={how} aria-current={how === 'now' ? 'step' : undefined}>
          <span className={styles.bullet}>
            {how === 'done' && <Icon name="check" size={13} />}
            {how === 'failed' && <Icon name="close" size={13} />}
          </span>
          <span className={styles.step}>
            <span>
              {title}
              <span className="hidden"> {words.progress[how]}</span>
            </span>
            <span className="dim small">{text}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
