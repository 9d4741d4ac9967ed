import { Icon } from '../ui/icon.tsx';
import { counted, cutMiddle } from '../ui/format.ts';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { ProgressRow } from '../ui/progress-row.tsx';
import { StateIcon } from '../ui/state.tsx';
import type { AddedFile, Job } from './jobs-state.ts';

/** How an addition goes: its progress, the newest files, and every file that was left out with its reason. */
export function AddingRows({ job, onRetry }: { readonly job: Job; readonly onRetry: () => void }) {
  const running = job.phase === 'running';
  return (
    <div className="grid gap-2">
      <ProgressRow
        what={words(job)}
        done={job.done}
        total={job.total}
        finished={job.phase === 'done'}
        {...(running ? { onCancel: job.cancel } : { detail: counted(job.indexed, 'file') })}
      />
      {job.error && <ErrorBanner error={job.error} on={{ retry: onRetry }} stacked />}
      {running && <FileRows files={job.recent} label="Newest files" />}
      {!running && job.problems > 0 && (
        <>
          <p className="ink-2">{`${counted(job.problems, 'file')} left out:`}</p>
          <FileRows files={job.troubled} label="Files left out" />
        </>
      )}
    </div>
  );
}

function words({ phase, collection }: Job): string {
  switch (phase) {
    case 'running':
      return `Indexing “${collection}”`;
    case 'done':
      return `“${collection}” is indexed`;
    case 'cancelled':
      return `Stopped. What was indexed of “${collection}” is kept.`;
    case 'failed':
      return `“${collection}” is not complete`;
  }
}

function FileRows({
  files,
  label,
}: {
  readonly files: readonly AddedFile[];
  readonly label: string;
}) {
  return (
    <ul className="adding-files" aria-label={label}>
      {files.map((file) => (
        <li key={file.path}>
          <Icon name="text" size={14} className="ink-3" />
          <span className="cut" title={file.path}>
            {cutMiddle(file.path, 56)}
          </span>
          <span className="cut ml-auto ink-3 small" title={file.error?.message}>
            {file.error?.message}
          </span>
          <FileState state={file.state} />
        </li>
      ))}
    </ul>
  );
}

function FileState({ state }: { readonly state: AddedFile['state'] }) {
  switch (state) {
    case 'indexed':
      return (
        <StateIcon small tone="ok">
          Indexed
        </StateIcon>
      );
    case 'unchanged':
      return (
        <StateIcon small tone="ok">
          Unchanged
        </StateIcon>
      );
    case 'skipped':
      return (
        <StateIcon small tone="plain" icon="info">
          Left out
        </StateIcon>
      );
    case 'failed':
      return (
        <StateIcon small tone="fail">
          Failed
        </StateIcon>
      );
  }
}
