import { useLayoutEffect, useRef } from 'react';
import { ContentHead } from '../../../frame/screen.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Empty } from '../../../ui/parts.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { useReading } from '../../../watch.ts';
import { readLogs, setLevel, useLogs, type Level } from '../health-logs-state.ts';

const LEVELS: readonly { readonly value: Level; readonly label: string }[] = [
  { value: 'debug', label: 'All' },
  { value: 'info', label: 'Info' },
  { value: 'warn', label: 'Warnings' },
  { value: 'error', label: 'Errors' },
];

/** The end of the log, newest line last; secrets were redacted when it was written. */
export function Logs() {
  const { level, lines, reading, error } = useLogs();
  const end = useRef<HTMLDivElement>(null);
  useReading(() => void readLogs(), 'health');
  useLayoutEffect(() => {
    if (lines) end.current?.scrollIntoView({ block: 'end' });
  }, [lines]);
  return (
    <>
      <ContentHead
        title="Logs"
        end={
          <>
            <Segment name="Level" value={level} options={LEVELS} onChange={setLevel} />
            <Button size="small" icon="retry" busy={reading} onClick={() => void readLogs()}>
              Read again
            </Button>
          </>
        }
      />
      {error && (
        <div className="p-4">
          <ErrorBanner error={error} on={{ retry: () => void readLogs() }} />
        </div>
      )}
      {lines?.length === 0 && (
        <Empty
          icon="logs"
          title="No line of this level"
          action={
            level !== 'debug' && (
              <Button size="small" onClick={() => setLevel('debug')}>
                Clear the filter
              </Button>
            )
          }
        >
          Nothing was written at this level since the log began.
        </Empty>
      )}
      {lines && lines.length > 0 && (
        // Scrollable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="log code" role="log" aria-label="Log" aria-live="off" tabIndex={0}>
          {lines.map((line, index) => (
            // Lines have no id, and the list is replaced as a whole.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className="log-line">
              <time dateTime={new Date(line.at).toISOString()}>{clockOf(line.at)}</time>
              <span className={toneOf(line.level)}>{line.level}</span>
              <span className="ink-2">{line.scope}</span>
              <span>{line.message}</span>
            </div>
          ))}
          <div ref={end} />
        </div>
      )}
    </>
  );
}

function toneOf(level: Level): string {
  if (level === 'error') return 'fail';
  return level === 'warn' ? 'warn' : 'ink-3';
}

function clockOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
