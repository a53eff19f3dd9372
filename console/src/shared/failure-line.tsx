/** What failed, in a dialog or beside the button that does it again: what the API said, and the id by which the operator finds the request. */
import { Problem } from '../api/problem.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { wordsOf } from './failure.tsx';
import styles from './failure-line.module.css';
import { Icon } from './icons.tsx';

export function FailureLine({ error }: { readonly error: Error }) {
  const texts = useTexts();
  const requestId = error instanceof Problem ? error.requestId : null;
  return (
    <div className={styles.line}>
      <Icon name="alert" size={16} />
      <div>
        <p>{wordsOf(error, texts)}</p>
        {requestId !== null && (
          <p className="small">
            {texts.shared.requestId} <code>{requestId}</code>
          </p>
        )}
      </div>
    </div>
  );
}
