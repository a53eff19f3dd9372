/** Who signs at this moment, who follows and when; and what an operator has to do about it. */
import { Link } from '@tanstack/react-router';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { Card } from '../shared/object.tsx';
import { DaysLeft, useNow } from '../shared/time.tsx';
import styles from './authorities.module.css';
import { type AuthorityRequest, keyText, type Line, linesOf, nameOf, type Outlook } from './authority-facts.ts';

export interface SuccessionProps {
  readonly plan: readonly Outlook[];
  /** Of successors that a CA outside is to certify. */
  readonly requests: readonly AuthorityRequest[];
}

export function Succession({ plan, requests }: SuccessionProps) {
  const { succession } = useTexts().authorities;
  const lines = linesOf(plan);
  if (lines.length === 0) return null;
  return (
    <Card title={succession.title} isFlush>
      <ul>
        {lines.map((line) => (
          <LineRow key={`${line.role} ${line.keyKind}`} line={line} requests={requests} />
        ))}
      </ul>
    </Card>
  );
}

interface LineRowProps extends Pick<SuccessionProps, 'requests'> {
  readonly line: Line;
}

function LineRow({ line: { role, keyKind, now, next }, requests }: LineRowProps) {
  const texts = useTexts().authorities;
  const { succession } = texts;
  const requested = requests.find(({ followsId }) => now.some(({ id }) => id !== null && id === followsId));
  return (
    <li className={styles.lineRow}>
      <h3>{succession.line(texts.roles[role], keyText(keyKind))}</h3>
      <div>
        <span className="dim small">{succession.now}</span>
        {now.length === 0 && <p>{succession.nobody}</p>}
        {now.map((one) => (
          <p key={one.id}>
            <strong>{one.subject === null ? succession.byItself : nameOf({ subject: one.subject })}</strong>
            {one.retiresAt !== null && (
              <span className={styles.when}>
                {succession.until} <DaysLeft until={one.retiresAt} />
              </span>
            )}
          </p>
        ))}
      </div>
      <div>
        <span className="dim small">{succession.next}</span>
        {next !== undefined && <Next next={next} />}
        {next === undefined && requested === undefined && <p>{succession.byHand}</p>}
        {next === undefined && requested !== undefined && (
          <p>
            <strong>{nameOf(requested)}</strong>
            <span className={styles.when}>{succession.requested}</span>
          </p>
        )}
      </div>
    </li>
  );
}

function Next({ next: { subject, stage, madeAt, signsFrom } }: { readonly next: Outlook }) {
  const { succession } = useTexts().authorities;
  return (
    <p>
      <strong>{subject === null ? succession.byItself : nameOf({ subject })}</strong>
      {stage === 'coming' && (
        <span className={styles.when}>
          {succession.madeOn} <DaysLeft until={madeAt} />
        </span>
      )}
      <span className={styles.when}>
        {succession.signsFrom} <DaysLeft until={signsFrom} />
      </span>
    </p>
  );
}

const hourMs = 3_600_000;
/** As the server counts them on Home. */
const aheadMs = 180 * 24 * hourMs;

type Task = Outlook & { readonly task: NonNullable<Outlook['task']> };

export interface TasksProps {
  readonly plan: readonly Outlook[];
  /** Only those of the next half year were asked for. */
  readonly isDueOnly: boolean;
}

/** What does not happen by itself, the next first. A root that is not made yet is nothing that anybody can do something about. */
export function Tasks({ plan, isDueOnly }: TasksProps) {
  const { tasks } = useTexts().authorities;
  const now = useNow(hourMs);
  const all = plan
    .filter((one): one is Task => one.task !== null && one.id !== null)
    .toSorted((a, b) => a.task.until.localeCompare(b.task.until));
  const isDue = all.some(({ task }) => Date.parse(task.until) - now.getTime() < aheadMs);
  if (all.length === 0) return null;
  return (
    <section className={`card ${styles.tasks}`} data-due={isDue} aria-labelledby="tasks">
      <h3 id="tasks">
        {tasks.title}
        {isDueOnly && (
          <span className="small">
            {' '}
            <span className="dim">{tasks.due}</span>{' '}
            <Link to="/issuers" search={{}}>
              {tasks.all}
            </Link>
          </span>
        )}
      </h3>
      <ul>
        {all.map((one) => (
          <TaskLine key={one.id} one={one} />
        ))}
      </ul>
    </section>
  );
}

function TaskLine({ one: { subject, issuerId, role, task } }: { readonly one: Task }) {
  const { tasks } = useTexts().authorities;
  const name = nameOf({ subject: subject ?? issuerId });
  const isTrust = task.what === 'trustRoot';
  const madeText = role === 'root' ? tasks.makeRootText : tasks.makeSuccessorText;
  const text = isTrust ? tasks.trustRootText : madeText;
  return (
    <li className={styles.task}>
      <Icon name={isTrust ? 'shield' : 'refresh'} />
      <div>
        <p>
          <strong>{isTrust ? tasks.trustRoot(name) : tasks.makeSuccessor(name)}</strong>
          <span className={styles.when}>
            {tasks.until} <DaysLeft until={task.until} />
          </span>
        </p>
        <p className="dim small">{text}</p>
      </div>
    </li>
  );
}
