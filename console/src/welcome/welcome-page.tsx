/** The first steps of a new server: each says what it is for, and leads to where it is done. */
import { useQuery } from '@tanstack/react-query';
import { type Me, meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Icon } from '../shared/icons.tsx';
import { Copied, Facts, Head, Page } from '../shared/object.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { Moment } from '../shared/time.tsx';
import { doneOf, type Setup, type Step, useSetup } from './setup.ts';
import { StepActs } from './step-acts.tsx';
import styles from './welcome.module.css';

export function WelcomePage() {
  const { welcome } = useTexts();
  const { data: me } = useQuery(meQuery);
  usePageTitle(welcome.title);
  if (me === undefined) return null;
  return (
    <Needs operation="setup.show">
      <Checklist me={me} />
    </Needs>
  );
}

function Checklist({ me }: { readonly me: Me }) {
  const { welcome } = useTexts();
  const query = useSetup(true);
  return (
    <Page>
      <Head isPage title={welcome.title} summary={welcome.text} />
      <Detail query={query} unknown={welcome.title}>
        {(setup) => (
          <section className={`card ${styles.card}`} aria-labelledby="first-steps">
            <Progress setup={setup} />
            <ol>
              {setup.steps.map((step) => (
                <StepLine key={step.step} step={step} me={me} />
              ))}
            </ol>
          </section>
        )}
      </Detail>
    </Page>
  );
}

function Progress({ setup }: { readonly setup: Setup }) {
  const { welcome } = useTexts();
  const [done, all] = [doneOf(setup), setup.steps.length];
  return (
    <div className={styles.progress}>
      <h2 id="first-steps">{setup.isDone ? welcome.done : welcome.progress(done, all)}</h2>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${(done / all) * 100}%` }} />
      </span>
    </div>
  );
}

function textOf({ step, value }: Step, texts: Texts['welcome']['texts']): string {
  if (value !== null) return texts[step];
  if (step === 'mail') return texts.noMail;
  return step === 'root' ? texts.noRoot : texts[step];
}

function StepLine({ step: state, me }: { readonly step: Step; readonly me: Me }) {
  const { welcome } = useTexts();
  const { step, isDone, doneAt, value } = state;
  const label = Object.entries(welcome.values).find(([name]) => name === step)?.[1];
  return (
    <li className={styles.step} data-done={isDone}>
      <span className={styles.mark}>
        <Icon name={isDone ? 'check' : 'dot'} />
        <span className="hidden">{isDone ? welcome.ticked : welcome.open}</span>
      </span>
      <div className={styles.what}>
        <h3>{welcome.names[step]}</h3>
        <p className="dim">{textOf(state, welcome.texts)}</p>
        {label !== undefined && value !== null && (
          <Facts rows={[[label, <Copied key={step} value={value} what={label} />]]} />
        )}
        {doneAt !== null && (
          <p className="dim small">
            {welcome.since} <Moment at={doneAt} />
          </p>
        )}
        <StepActs step={state} me={me} />
      </div>
    </li>
  );
}
