import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { dismissJob, useJobs, type Job } from '../../../adding/jobs-state.ts';

/** Problems of one job that are listed; more are counted and shown under Files. */
const LISTED = 5;

/** What is being added and indexed, at the foot of Knowledge; failures in words, file by file. */
export function JobQueue({
  onShowProblems,
}: {
  readonly onShowProblems: (collection: string) => void;
}): ReactNode {
  const jobs = useJobs((state) => state.jobs);
  if (jobs.length === 0) return null;
  return (
    <section className="queue" aria-label="Indexing">
      {jobs.map((job) => (
        <div key={job.id} className="queue-job">
          <JobRow job={job} />
          {job.troubled.slice(0, LISTED).map(({ path, error, state }) => (
            <p key={path} className="queue-file">
              <Icon
                name={state === 'failed' ? 'fail' : 'warn'}
                className={state === 'failed' ? 'fail' : 'warn'}
              />
              <span className="cut" title={path}>
                {path}
              </span>
              <span className="ink-2">{error?.message ?? 'Left out'}</span>
            </p>
          ))}
          {job.problems > LISTED && (
            <p className="queue-file">
              <span />
              <Button size="tiny" kind="quiet" onClick={() => onShowProblems(job.collection)}>
                All {job.problems} with problems
              </Button>
            </p>
          )}
        </div>
      ))}
    </section>
  );
}

function JobRow({ job }: { readonly job: Job }): ReactNode {
  switch (job.phase) {
    case 'running':
      return (
        <ProgressRow
          what={job.path === '' ? job.what : `${job.what}: ${job.path}`}
          done={job.done}
          total={job.total}
          onCancel={job.cancel}
        />
      );
    case 'failed':
      return job.error && <ErrorBanner error={job.error} onDismiss={() => dismissJob(job.id)} />;
    case 'done':
    case 'cancelled':
      return (
        <p className="queue-done" role="status">
          <Icon
            name={job.problems > 0 || job.phase === 'cancelled' ? 'warn' : 'ok'}
            className={job.problems > 0 || job.phase === 'cancelled' ? 'warn' : 'ok'}
          />
          <span>{job.collection}</span>
          <span className="ink-2 grow">{job.says}</span>
          <IconButton
            icon="close"
            name={`Dismiss ${job.collection}`}
            onClick={() => dismissJob(job.id)}
          />
        </p>
      );
  }
}
